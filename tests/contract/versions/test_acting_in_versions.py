"""What an old version does otherwise, not only shows otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.versions.support import before
from tests.resources.checkout.selling import paying, submit
from tests.talking import Talk, error


def _session(talk: Talk, version: str) -> Any:
    sent = paying(1500) | {"success_url": "https://example.com"}
    return talk.made("/v1/checkout/sessions", sent, stripe_version=version)


def test_a_session_had_its_payment_from_the_start(talk: Talk) -> None:
    old, new = _session(talk, "2020-08-27"), _session(talk, "2022-08-01")

    assert new["payment_intent"] is None
    waiting = talk.got(f"/v1/payment_intents/{old['payment_intent']}")
    assert (waiting["status"], waiting["amount"]) == ("requires_payment_method", 1500)
    done = submit(talk, old["id"])["session"]
    assert (done["payment_status"], done["payment_intent"]) == ("paid", waiting["id"])


def test_the_payment_of_a_session_that_expires_is_canceled(talk: Talk) -> None:
    old = _session(talk, "2020-08-27")

    talk.made(f"/v1/checkout/sessions/{old['id']}/expire")

    assert talk.got(f"/v1/payment_intents/{old['payment_intent']}")["status"] == "canceled"


def test_a_session_may_come_to_nothing_since_august_2023(talk: Talk) -> None:
    coupon = talk.made("/v1/coupons", {"percent_off": 100, "duration": "once"})["id"]
    line = paying(1500)["line_items"]
    sent = {
        "mode": "payment",
        "success_url": "https://example.com",
        "line_items": line,
        "discounts": [{"coupon": coupon}],
    }

    made = talk.made("/v1/checkout/sessions", sent, stripe_version="2023-08-16")
    assert made["amount_total"] == 0
    refused = talk.post("/v1/checkout/sessions", sent, stripe_version="2022-11-15")
    assert error(refused, 400)["code"] == "amount_too_small"


def test_drafts_of_invoices_had_the_number_that_they_were_to_have(talk: Talk) -> None:
    customer = talk.customer()
    draft = talk.made("/v1/invoices", {"customer": customer["id"]})
    path = f"/v1/invoices/{draft['id']}"

    assert talk.got(path, None, stripe_version="2020-03-02")["number"] is None
    expected = talk.got(path, None, stripe_version="2019-12-03")["number"]
    assert expected == f"{customer['invoice_prefix']}-0001"
    assert talk.made(f"{path}/finalize")["number"] == expected


@pytest.mark.parametrize(
    ("version", "prefix"), [("2022-11-15", None), ("2023-10-16", "TEA.EXAMPL")]
)
def test_descriptors_bring_a_prefix_along_since_october_2023(
    talk: Talk, version: str, prefix: str | None
) -> None:
    sent = {
        "type": "custom",
        "country": "US",
        "business_profile": {"url": "https://tea.example.com"},
        "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
    }

    settings = talk.made("/v1/accounts", sent, stripe_version=version)["settings"]

    assert settings["payments"]["statement_descriptor"] == "TEA.EXAMPLE.COM"
    assert settings["card_payments"]["statement_descriptor_prefix"] == prefix


def test_prorations_of_items_had_another_word(talk: Talk) -> None:
    product = {"name": "Gold"}
    price = talk.made(
        "/v1/prices",
        {
            "currency": "usd",
            "unit_amount": 1000,
            "recurring": {"interval": "month"},
            "product_data": product,
        },
    )
    customer = talk.customer(source="tok_visa")
    items = [{"price": price["id"]}]
    subscription = talk.made("/v1/subscriptions", {"customer": customer["id"], "items": items})
    item = subscription["items"]["data"][0]["id"]

    talk.made(
        f"/v1/subscription_items/{item}",
        {"quantity": 2, "prorate": "false"},
        stripe_version="2020-03-02",
    )

    assert talk.got("/v1/invoiceitems", {"customer": customer["id"]})["data"] == []
    refused = talk.post(
        f"/v1/subscription_items/{item}", {"prorate": "false"}, stripe_version="2020-08-27"
    )
    assert refused.json()["error"]["code"] == "parameter_unknown"


@pytest.mark.parametrize("legacy", [True, False])
def test_accounts_without_capabilities_were_asked_who_they_are(talk: Talk, legacy: bool) -> None:
    """Observed from 2016 to 2020: names, birthday and the acceptance of the terms."""
    talk.control("clock", {"now": 1_586_359_530})  # 8 April 2020
    sent: dict[str, Any] = {"type": "custom", "country": "CH", "business_type": "individual"}
    if not legacy:
        wanted = {"requested": True}
        sent["capabilities"] = {"card_payments": wanted, "transfers": wanted}

    made = talk.made("/v1/accounts", sent, stripe_version="2019-08-14")

    due = set(made["requirements"]["currently_due"])
    assert ("legacy_payments" in made["capabilities"]) is legacy
    assert {"individual.first_name", "individual.dob.day", "tos_acceptance.date"} <= due
    assert ("individual.address.city" in due) is not legacy


def test_an_empty_descriptor_was_null_in_the_first_shape(talk: Talk) -> None:
    account = talk.account()
    path = f"/v1/accounts/{account}"

    new = talk.got(path, None, stripe_version="2019-02-19")["settings"]["payments"]
    assert new["statement_descriptor"] == ""
    assert talk.got(path, None, stripe_version="2018-05-21")["statement_descriptor"] is None


def test_a_draft_is_shown_beside_its_customer(talk: Talk) -> None:
    """The number that it was to have is its customer's, who may stand whole in it."""
    customer = talk.customer()["id"]
    made = talk.made("/v1/invoices", {"customer": customer})["id"]
    old = before("2020-03-02")
    shown = talk.got(f"/v1/invoices/{made}", {"expand": ["customer"]}, stripe_version=old)
    assert shown["customer"]["id"] == customer
    assert shown["number"] == talk.got(f"/v1/invoices/{made}", stripe_version=old)["number"]
    assert shown["number"].endswith("-0001")


def test_an_empty_coupon_takes_the_discount_away(talk: Talk) -> None:
    price = {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Tea"}}
    monthly = talk.made("/v1/prices", {**price, "recurring": {"interval": "month"}})["id"]
    customer = talk.made("/v1/customers", {"source": "tok_visa"})["id"]
    coupon = talk.made("/v1/coupons", {"percent_off": 10, "duration": "forever"})["id"]
    params = {"customer": customer, "items": [{"price": monthly}], "coupon": coupon}
    old = before("2025-03-31")
    made = talk.made("/v1/subscriptions", params, stripe_version=old)
    assert made["discount"]["coupon"]["id"] == coupon
    path = f"/v1/subscriptions/{made['id']}"
    assert talk.made(path, {"coupon": ""}, stripe_version=old)["discount"] is None


def test_the_old_way_to_preview_takes_an_anchor_as_its_version_writes_it(talk: Talk) -> None:
    price = {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Tea"}}
    monthly = talk.made("/v1/prices", {**price, "recurring": {"interval": "month"}})["id"]
    customer = talk.made("/v1/customers", {"source": "tok_visa"})["id"]
    params = {"customer": customer, "items": [{"price": monthly}]}
    made = talk.made("/v1/subscriptions", params)["id"]
    asked = {"subscription": made, "subscription_details": {"billing_cycle_anchor": "now"}}
    old = before("2025-03-31")
    shown = talk.got("/v1/invoices/upcoming", asked, stripe_version=old)
    assert shown["subscription"] == made


def test_a_subscription_in_the_path_of_its_customer_takes_old_words(talk: Talk) -> None:
    price = {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Tea"}}
    monthly = talk.made("/v1/prices", {**price, "recurring": {"interval": "month"}})["id"]
    customer = talk.made("/v1/customers", {"source": "tok_visa"})["id"]
    params = {"customer": customer, "items": [{"price": monthly}]}
    made = talk.made("/v1/subscriptions", params)["id"]
    path = f"/v1/customers/{customer}/subscriptions/{made}"
    asked = {"billing_cycle_anchor": "now", "prorate": "false"}
    changed = talk.made(path, asked, stripe_version=before("2020-08-27"))
    assert changed["id"] == made


def test_refusals_name_what_an_old_version_sent(talk: Talk) -> None:
    """A plan changed on top of a subscription is blamed so: observed in July 2016."""
    payer = talk.customer(source="tok_visa")["id"]
    plan = {"amount": 100, "currency": "usd", "interval": "month", "product": {"name": "x"}}
    talk.made("/v1/plans", {"id": "p1", **plan})
    made = talk.made("/v1/subscriptions", {"customer": payer, "items": [{"plan": "p1"}]})
    for path, sent in (
        (f"/v1/subscriptions/{made['id']}", {"plan": "gone"}),
        ("/v1/invoiceitems", {"customer": payer, "price": "gone"}),
        ("/v1/subscriptions", {"customer": payer, "items": [{"plan": "p1"}], "coupon": "gone"}),
    ):
        refusal = error(talk.post(path, sent, stripe_version="2024-06-20"), 400)
        assert refusal["param"] == list(sent)[-1]
        assert refusal["message"].endswith(": 'gone'")
