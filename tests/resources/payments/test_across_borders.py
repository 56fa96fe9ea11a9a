"""What charges cannot do across borders."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.rules.accounts import questions
from tests.talking import Talk, error

_CHARGE = {"amount": 10_000, "currency": "usd", "source": "tok_visa"}


def _seller(talk: Talk, country: str) -> str:
    made = talk.made("/v1/accounts", {"type": "standard", "country": country})
    talk.control("onboard", {"account": made["id"]})
    return str(made["id"])


@pytest.mark.parametrize("rules", ["overview", "current"])
@pytest.mark.parametrize(
    ("country", "fee"), [("BR", False), ("MY", False), ("FR", True), ("SG", True)]
)
def test_some_countries_do_not_pay_fees_to_platforms_abroad(
    talk: Talk, country: str, fee: bool, rules: str
) -> None:
    talk.control("settings", {"availability": rules})
    seller = _seller(talk, country)
    talk.made("/v1/charges", _CHARGE | {"application_fee_amount": 0}, stripe_account=seller)

    answer = talk.post(
        "/v1/charges", _CHARGE | {"application_fee_amount": 100}, stripe_account=seller
    )
    if fee:
        assert answer.json()["application_fee"]
        return

    refused = error(answer, 400)
    assert refused["code"] == "charge_invalid_parameter"
    assert refused["message"] == (
        "Stripe doesn't currently support application fees for platforms in US with connected "
        f"accounts in {country}."
    )


def test_a_platform_of_the_same_country_takes_its_fee(talk: Talk) -> None:
    talk.control("settings", {"country": "BR"})
    sent = _CHARGE | {"currency": "brl", "application_fee_amount": 100}
    assert talk.made("/v1/charges", sent, stripe_account=_seller(talk, "BR"))["application_fee"]


def test_subscriptions_take_none_either(talk: Talk) -> None:
    seller = {"stripe_account": _seller(talk, "TH")}
    customer = talk.made("/v1/customers", {"source": "tok_visa"}, **seller)["id"]
    price: dict[str, Any] = {"unit_amount": 900, "currency": "usd"}
    price |= {"recurring": {"interval": "month"}, "product_data": {"name": "Tea"}}
    items = [{"price": talk.made("/v1/prices", price, **seller)["id"]}]
    sent = {"customer": customer, "items": items, "application_fee_percent": 10}

    refused = error(talk.post("/v1/subscriptions", sent, **seller), 400)
    assert refused["param"] == "application_fee_percent"
    assert talk.made("/v1/subscriptions", sent | {"application_fee_percent": 0}, **seller)["id"]


def test_check_says_so_beforehand() -> None:
    asked = {"platform": "US", "country": "BR", "type": "standard", "flow": "application_fee"}
    said = questions.ask(asked)
    assert not said["allowed"]
    assert said["rule"] == "overview-fee-country"
    assert questions.ask({**asked, "country": "CA"})["allowed"]


def test_a_destination_charge_stays_in_its_region_unless_it_settles_abroad(talk: Talk) -> None:
    talk.control("settings", {"country": "DE"})
    wanted = {"requested": True}
    sent: dict[str, Any] = {"type": "custom", "country": "US"}
    sent["capabilities"] = {"card_payments": wanted, "transfers": wanted}
    seller = talk.made("/v1/accounts", sent)["id"]
    talk.control("onboard", {"account": seller})
    charge = _CHARGE | {"transfer_data": {"destination": seller}}

    refused = error(talk.post("/v1/charges", charge), 400)
    assert refused["message"].startswith("Funds can't be sent to accounts located in US because")
    made = talk.made("/v1/charges", charge | {"on_behalf_of": seller})
    assert made["transfer"]
