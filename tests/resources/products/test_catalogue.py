"""What is sold and for less: products, prices, plans, coupons, promotion codes, tax rates."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.resources.subscribers import price
from tests.talking import NOW, Talk, error


def _events(talk: Talk) -> list[str]:
    return [event["type"] for event in reversed(talk.got("/v1/events", {"limit": 100})["data"])]


def _product(talk: Talk, **params: object) -> str:
    return str(talk.made("/v1/products", {"name": "Chair", **params})["id"])


# -- products -------------------------------------------------------------------------------------


@pytest.mark.parametrize("world", ["", "/w/other"])
@pytest.mark.parametrize("sign", ["a/b", "a%2Fb", "a b?c#d", "é%"])
def test_a_product_is_found_whatever_its_id_holds(talk: Talk, sign: str, world: str):
    talk.made(f"{world}/v1/products", {"name": "Chair", "id": sign})
    at = f"{world}/v1/products/{quote(sign, safe='')}"
    assert talk.got(at)["id"] == sign
    assert talk.got(f"{at}/features")["url"] == at.removeprefix(world) + "/features"


def test_a_product_is_kept_and_changed(talk: Talk):
    made = talk.made("/v1/products", {"name": "Chair", "images": ["https://a.example/c.png"]})
    assert made["id"].startswith("prod_")
    assert made["type"] == "service"
    assert made["updated"] == made["created"] == NOW
    talk.made(f"/v1/products/{made['id']}", {"active": "false", "metadata": {"a": "b"}})
    assert talk.got("/v1/products", {"active": "true"})["data"] == []
    (found,) = talk.got("/v1/products", {"active": "false"})["data"]
    assert found["metadata"] == {"a": "b"}
    assert _events(talk) == ["product.created", "product.updated"]


def test_a_product_may_bring_its_default_price(talk: Talk):
    data = {"currency": "usd", "unit_amount": 900, "recurring": {"interval": "month"}}
    made = talk.made("/v1/products", {"name": "Seat", "default_price_data": data})
    price = talk.got(f"/v1/prices/{made['default_price']}")
    assert (price["unit_amount"], price["product"]) == (900, made["id"])
    assert _events(talk) == ["product.created", "plan.created", "price.created", "product.updated"]
    refusal = error(talk.post(f"/v1/prices/{price['id']}", {"active": "false"}), 400)
    assert "default price" in refusal["message"]


def test_two_accounts_may_choose_the_same_id(talk: Talk):
    account = talk.account()
    for headers in ({}, {"stripe_account": account}):
        made = talk.made("/v1/products", {"name": "Gold", "id": "gold"}, **headers)
        assert made["id"] == "gold"
        assert talk.got("/v1/products/gold", **headers)["id"] == "gold"
    refusal = error(talk.post("/v1/products", {"name": "Gold", "id": "gold"}), 400)
    assert refusal["code"] == "resource_already_exists"
    talk.delete("/v1/products/gold")
    assert talk.got("/v1/products/gold", stripe_account=account)["name"] == "Gold"
    assert error(talk.get("/v1/products/gold"), 404)["message"] == "No such product: 'gold'"


def test_a_product_with_prices_stays(talk: Talk):
    product = _product(talk)
    talk.made("/v1/prices", {"product": product, "currency": "usd", "unit_amount": 1})
    refusal = error(talk.delete(f"/v1/products/{product}"), 400)
    assert refusal == {
        "message": "This product cannot be deleted because it has one or more user-created prices.",
        "request_log_url": refusal["request_log_url"],
        "type": "invalid_request_error",
    }


# -- prices and plans -----------------------------------------------------------------------------


def test_a_recurring_price_is_a_plan_too(talk: Talk):
    params = {
        "product": _product(talk),
        "currency": "eur",
        "unit_amount_decimal": "12.5",
        "recurring": {"interval": "week", "interval_count": 2, "trial_period_days": 3},
    }
    price = talk.made("/v1/prices", params)
    assert (price["unit_amount"], price["unit_amount_decimal"]) == (None, "12.5")
    plan = talk.got(f"/v1/plans/{price['id']}")
    assert (plan["amount"], plan["amount_decimal"]) == (None, "12.5")
    assert (plan["interval"], plan["interval_count"], plan["trial_period_days"]) == ("week", 2, 3)
    assert _events(talk)[1:] == ["plan.created", "price.created"]


def test_a_plan_is_a_price_too(talk: Talk):
    params = {
        "id": "gold",
        "currency": "usd",
        "amount": 2500,
        "interval": "month",
        "product": {"name": "Gold"},
    }
    plan = talk.made("/v1/plans", params)
    price = talk.got("/v1/prices/gold")
    assert (price["unit_amount"], price["recurring"]["interval"]) == (2500, "month")
    talk.made("/v1/plans/gold", {"nickname": "Golden"})
    assert talk.got("/v1/prices/gold")["nickname"] == "Golden"
    assert [each["id"] for each in talk.got("/v1/plans")["data"]] == [plan["id"]]
    assert error(talk.post("/v1/plans", params), 400)["message"] == "Plan already exists."
    assert talk.delete("/v1/plans/gold").json() == {
        "id": "gold",
        "object": "plan",
        "deleted": True,
    }
    assert error(talk.get("/v1/plans/gold"), 404)["message"] == "No such plan: 'gold'"


def test_tiers_and_currencies_are_shown_when_expanded(talk: Talk):
    params = {
        "product": _product(talk),
        "currency": "usd",
        "billing_scheme": "tiered",
        "tiers_mode": "graduated",
        "recurring": {"interval": "month"},
        "tiers": [{"up_to": 5, "unit_amount": 700}, {"up_to": "inf", "flat_amount": 100}],
    }
    price = talk.made("/v1/prices", params)
    assert "tiers" not in price
    shown = talk.got(f"/v1/prices/{price['id']}", {"expand": ["tiers"]})["tiers"]
    assert [(tier["up_to"], tier["unit_amount"], tier["flat_amount"]) for tier in shown] == [
        (5, 700, None),
        (None, None, 100),
    ]
    several = {
        "product": params["product"],
        "currency": "usd",
        "unit_amount": 1000,
        "currency_options": {"eur": {"unit_amount": 900}},
    }
    price = talk.made("/v1/prices", several | {"expand": ["currency_options"]})
    amounts = {name: each["unit_amount"] for name, each in price["currency_options"].items()}
    assert amounts == {"eur": 900, "usd": 1000}


def test_a_lookup_key_names_one_price(talk: Talk):
    params = {"product": _product(talk), "currency": "usd", "unit_amount": 5, "lookup_key": "std"}
    first = talk.made("/v1/prices", params)
    assert error(talk.post("/v1/prices", params), 400)["param"] == "lookup_key"
    second = talk.made("/v1/prices", params | {"transfer_lookup_key": "true"})
    assert talk.got(f"/v1/prices/{first['id']}")["lookup_key"] is None
    (found,) = talk.got("/v1/prices", {"lookup_keys": ["std"]})["data"]
    assert found["id"] == second["id"]


def test_prices_are_narrowed(talk: Talk):
    product = _product(talk)
    once = {"product": product, "currency": "usd", "unit_amount": 5}
    talk.made("/v1/prices", once)
    yearly = talk.made("/v1/prices", once | {"recurring": {"interval": "year"}})
    for wanted in ({"type": "recurring"}, {"recurring": {"interval": "year"}}):
        (found,) = talk.got("/v1/prices", {"product": product, **wanted})["data"]
        assert found["id"] == yearly["id"]
    refusal = error(talk.get("/v1/prices", {"product": "prod_none"}), 400)
    assert (refusal["param"], refusal["code"]) == ("product", "resource_missing")


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"unit_amount": 5}, "product"),
        ({"unit_amount": -5, "product_data": {"name": "X"}}, "unit_amount"),
        ({"unit_amount": 5, "product": "prod_none"}, "product"),
        ({"billing_scheme": "tiered", "product_data": {"name": "X"}}, "tiers"),
        ({"product_data": {"name": "X"}}, None),
    ],
)
def test_what_is_no_price_is_refused(talk: Talk, params: dict[str, object], param: str | None):
    refusal = error(talk.post("/v1/prices", {"currency": "usd", **params}), 400)
    assert refusal.get("param") == param
    assert talk.got("/v1/products")["data"] == []


# -- coupons and codes ----------------------------------------------------------------------------


def test_a_coupon_ends(talk: Talk):
    params = {"percent_off": 25.5, "redeem_by": NOW + 100, "id": "SPRING"}
    assert talk.made("/v1/coupons", params)["valid"] is True
    talk.advance("100s")
    assert talk.got("/v1/coupons/SPRING")["valid"] is False
    talk.made("/v1/coupons/SPRING", {"name": "Spring"})
    assert talk.delete("/v1/coupons/SPRING").json()["deleted"] is True
    assert _events(talk) == ["coupon.created", "coupon.updated", "coupon.deleted"]


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({}, None),
        ({"percent_off": 5, "amount_off": 5, "currency": "usd"}, None),
        ({"percent_off": 101}, "percent_off"),
        ({"amount_off": 100}, "currency"),
        ({"percent_off": 5, "duration": "repeating"}, "duration_in_months"),
        ({"percent_off": 5, "redeem_by": NOW}, "redeem_by"),
    ],
)
def test_what_is_no_coupon_is_refused(talk: Talk, params: dict[str, object], param: str | None):
    refusal = error(talk.post("/v1/coupons", {"duration": "once", **params}), 400)
    assert refusal.get("param") == param


def test_how_long_a_coupon_lasts_had_to_be_said(talk: Talk):
    """Observed in 2016."""
    talk.control("clock", {"now": 1_470_000_000, "mode": "frozen"})
    refusal = error(talk.post("/v1/coupons", {"id": "X"}, stripe_version="2016-07-06"), 400)
    assert refusal["param"] == "duration"
    assert refusal["message"] == "Missing required param: duration."
    talk.control("clock", {"now": 1_700_000_000, "mode": "frozen"})
    assert talk.made("/v1/coupons", {"percent_off": 5})["duration"] == "once"


def test_a_promotion_code_gives_a_coupon_once(talk: Talk):
    coupon = talk.made("/v1/coupons", {"amount_off": 300, "currency": "usd", "duration": "once"})
    params = {"promotion": {"type": "coupon", "coupon": coupon["id"]}, "code": "Hello"}
    code = talk.made("/v1/promotion_codes", params)
    again = error(talk.post("/v1/promotion_codes", params | {"code": "HELLO"}), 400)
    assert again["param"] == "code"
    (found,) = talk.got("/v1/promotion_codes", {"code": "hello"})["data"]
    assert found["promotion"] == {"coupon": coupon["id"], "type": "coupon"}
    old = talk.got(f"/v1/promotion_codes/{code['id']}", stripe_version="2023-10-16")
    assert old["coupon"]["amount_off"] == 300


def test_customers_had_a_coupon_of_their_own(talk: Talk):
    talk.made("/v1/coupons", {"percent_off": 10, "duration": "forever", "id": "TEN"})
    old = {"stripe_version": "2023-10-16"}
    customer = talk.made("/v1/customers", {"coupon": "TEN"}, **old)
    assert customer["discount"]["coupon"]["id"] == "TEN"
    assert talk.got("/v1/coupons/TEN")["times_redeemed"] == 1
    gone = talk.delete(f"/v1/customers/{customer['id']}/discount").json()
    assert gone["deleted"] is True
    assert talk.got(f"/v1/customers/{customer['id']}")["discount"] is None
    refusal = error(talk.post("/v1/customers", {"coupon": "NONE"}, **old), 400)
    assert (refusal["message"], refusal["param"]) == ("No such coupon: 'NONE'", "coupon")


def test_a_tax_rate_keeps_its_percentage(talk: Talk):
    params = {"display_name": "VAT", "percentage": 19.5, "inclusive": "true"}
    rate = talk.made("/v1/tax_rates", params)
    talk.made(f"/v1/tax_rates/{rate['id']}", {"active": "false"})
    assert talk.got("/v1/tax_rates", {"active": "true"})["data"] == []
    (found,) = talk.got("/v1/tax_rates", {"inclusive": "true"})["data"]
    assert found["percentage"] == 19.5
    assert error(talk.post("/v1/tax_rates", params | {"percentage": 101}), 400)["param"]


@pytest.mark.parametrize(
    ("path", "params", "param"),
    [
        ("products", {"name": "T", "statement_descriptor": "A<B"}, "statement_descriptor"),
        (
            "prices",
            {
                "currency": "usd",
                "custom_unit_amount": {"enabled": True},
                "product_data": {"name": "T"},
                "recurring": {"interval": "month"},
            },
            "custom_unit_amount",
        ),
    ],
)
def test_what_cannot_be_sold(talk: Talk, path: str, params: Any, param: str):
    assert error(talk.post(f"/v1/{path}", params), 400)["param"] == param


@pytest.mark.parametrize(("version", "status"), [("2022-11-15", 200), ("2023-08-16", 400)])
def test_trials_of_prices_could_be_changed(talk: Talk, version: str, status: int):
    id_ = price(talk, 900)
    sent = {"recurring": {"trial_period_days": 9}}
    answer = talk.post(f"/v1/prices/{id_}", sent, stripe_version=version)
    assert answer.status_code == status, answer.text
    days = talk.got(f"/v1/plans/{id_}")["trial_period_days"]
    assert days == (9 if status == 200 else None)
