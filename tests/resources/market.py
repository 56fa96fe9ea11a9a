"""A platform with sellers and money, for the tests of what moves between them."""

from __future__ import annotations

from typing import Any, Final

from tests.talking import Talk

Doc = dict[str, Any]

BANK: Final[Doc] = {
    "object": "bank_account",
    "country": "US",
    "currency": "usd",
    "routing_number": "110000000",
    "account_number": "000123456789",
}
_PERSON: Final[Doc] = {
    "first_name": "Jenny",
    "last_name": "Rosen",
    "email": "jenny.rosen@example.com",
    "phone": "+14155550132",
    "dob": {"day": 1, "month": 1, "year": 1901},
    "address": {
        "line1": "address_full_match",
        "city": "San Francisco",
        "state": "CA",
        "postal_code": "94111",
        "country": "US",
    },
    "ssn_last_4": "0000",
    "id_number": "000000000",
}
_TITLE: Final[Doc] = {"relationship": {"title": "Owner"}}
_SHOP: Final[Doc] = {"mcc": "5734", "url": "https://shop.example.com", "name": "Rosen Records"}
_TERMS: Final[Doc] = {"date": 1_700_000_000, "ip": "203.0.113.7"}
# What a seller asks for who takes more than cards.
MORE_THAN_CARDS: Final = {
    name: {"requested": True}
    for name in (
        "card_payments",
        "klarna_payments",
        "transfers",
        "us_bank_account_ach_payments",
    )
}
_MANUAL: Final[Doc] = {"payouts": {"schedule": {"interval": "manual"}}}


def seller(talk: Talk, bank: Doc | None = None, **more: Any) -> str:
    """The id of a US account that may be paid, and paid out: by hand unless `more` says so, where
    None leaves out what is usual.
    """
    params = {
        "type": "custom",
        "country": "US",
        "business_type": "individual",
        "individual": _PERSON,
        "business_profile": _SHOP,
        "tos_acceptance": _TERMS,
        "external_account": bank or BANK,
        "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
        "settings": _MANUAL,
        **more,
    }
    sent = {name: value for name, value in params.items() if value is not None}
    account = str(talk.made("/v1/accounts", sent)["id"])
    talk.advance("1m")
    return account


def at_stripes_risk(talk: Talk) -> str:
    """The id of a US account whose losses Stripe bears; it is paid out by hand, and never
    debited.
    """
    payouts = {"debit_negative_balances": False, "schedule": {"interval": "manual"}}
    params = {
        "country": "US",
        "controller": {
            "fees": {"payer": "account"},
            "losses": {"payments": "stripe"},
            "requirement_collection": "stripe",
            "stripe_dashboard": {"type": "full"},
        },
        "settings": {"payouts": payouts},
    }
    account = str(talk.made("/v1/accounts", params)["id"])
    assert talk.control("onboard", {"account": account}).status_code == 200
    talk.advance("1m")
    return account


def canadian(talk: Talk, **more: Any) -> str:
    """The id of a Canadian seller, who settles in Canadian dollars."""
    address = {
        "line1": "address_full_match",
        "city": "Toronto",
        "state": "ON",
        "postal_code": "M5V 2T6",
        "country": "CA",
    }
    bank = {**BANK, "country": "CA", "currency": "cad", "routing_number": "11000-000"}
    person = {name: value for name, value in _PERSON.items() if name != "ssn_last_4"}
    individual = {**person, **_TITLE, "address": address}
    return seller(talk, bank, country="CA", individual=individual, **more)


def abroad(talk: Talk, country: str, agreement: str = "recipient") -> str:
    """The id of an account elsewhere that may receive transfers from a US platform."""
    params = {
        "type": "custom",
        "country": country,
        "business_type": "individual",
        "individual": {**_PERSON, "address": {**_PERSON["address"], "country": country}},
        "business_profile": _SHOP,
        "tos_acceptance": {**_TERMS, "service_agreement": agreement},
        "capabilities": {"transfers": {"requested": True}},
        "settings": _MANUAL,
    }
    account = str(talk.made("/v1/accounts", params)["id"])
    talk.advance("1m")
    return account


def pay(talk: Talk, amount: int, card: str = "pm_card_visa", **more: Any) -> Doc:
    """A card payment that succeeds: its charge, which tells at once where its money is."""
    params = {
        "amount": amount,
        "capture_method": "automatic",
        "currency": "usd",
        "confirm": True,
        "payment_method": card,
        "payment_method_types": ["card"],
        "expand": ["latest_charge"],
        **more,
    }
    account = params.pop("stripe_account", None)
    headers = {"stripe_account": account} if account else {}
    found: Doc = talk.made("/v1/payment_intents", params, **headers)["latest_charge"]
    return found


def fund(talk: Talk, amount: int, **more: Any) -> Doc:
    """Money that is available at once."""
    return pay(talk, amount, "pm_card_bypassPending", **more)


def held(
    talk: Talk, account: str | None = None, part: str = "available", currency: str = "usd"
) -> int:
    """What a balance holds in a currency; 0 when it never held any."""
    balance = talk.got("/v1/balance", **on(account))
    return sum(each["amount"] for each in balance[part] if each["currency"] == currency)


def lines(talk: Talk, account: str | None = None, **params: Any) -> list[Doc]:
    """Balance transactions, newest first."""
    found: list[Doc] = talk.got("/v1/balance_transactions", params, **on(account))["data"]
    return found


def events(talk: Talk, account: str | None = None) -> list[str]:
    """The types of an account's events, oldest first."""
    data = talk.got("/v1/events", {"limit": 100}, **on(account))["data"]
    return [event["type"] for event in reversed(data)]


def on(account: str | None) -> dict[str, str]:
    """The header that acts on a connected account; none for the platform."""
    return {"stripe_account": account} if account else {}


def books_hold(talk: Talk) -> bool:
    found: Doc = talk.control("audit").json()
    assert found["broken"] == []
    return bool(found["holds"])
