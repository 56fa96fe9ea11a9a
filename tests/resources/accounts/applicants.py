"""Who opens accounts in these tests: parameters that pass verification, and ways to ask
for them.
"""

from __future__ import annotations

from typing import Any, Final

from tests.talking import NOW, Talk

BOTH: Final[dict[str, Any]] = {
    "card_payments": {"requested": True},
    "transfers": {"requested": True},
}
PERSON: Final[dict[str, Any]] = {
    "first_name": "Jenny",
    "last_name": "Rosen",
    "email": "jenny@example.com",
    "phone": "0000000000",
    "dob": {"day": 1, "month": 1, "year": 1901},
    "address": {
        "line1": "address_full_match",
        "city": "San Francisco",
        "state": "CA",
        "postal_code": "94107",
    },
    "id_number": "000000000",
}
PROFILE: Final[dict[str, Any]] = {"mcc": "5734", "url": "https://rockets.example.com"}
SIGNED: Final[dict[str, Any]] = {"date": NOW - 60, "ip": "203.0.113.7"}
INDIVIDUAL: Final[dict[str, Any]] = {
    "type": "custom",
    "country": "US",
    "capabilities": BOTH,
    "business_type": "individual",
    "business_profile": PROFILE,
    "individual": PERSON,
    "tos_acceptance": SIGNED,
    "external_account": "btok_us_verified",
}
COMPANY: Final[dict[str, Any]] = {
    "type": "custom",
    "country": "US",
    "capabilities": BOTH,
    "business_type": "company",
    "business_profile": PROFILE,
    "company": {
        "name": "Rocket Rides",
        "tax_id": "000000000",
        "phone": "0000000000",
        "address": PERSON["address"],
        "directors_provided": True,
        "executives_provided": True,
    },
    "tos_acceptance": SIGNED,
    "external_account": "btok_us_verified",
}
OWNER: Final[dict[str, Any]] = {
    **PERSON,
    "relationship": {
        "representative": True,
        "owner": True,
        "percent_ownership": 100,
        "title": "CEO",
        "executive": True,
    },
}


def opened(talk: Talk, start: dict[str, Any] | None = None, **more: Any) -> Any:
    """A fresh account: an individual in the US with everything given, unless told otherwise."""
    params = {**(start or INDIVIDUAL), **more}
    given = {name: value for name, value in params.items() if value is not None}
    return talk.made("/v1/accounts", given)


def active(talk: Talk, start: dict[str, Any] | None = None, **more: Any) -> Any:
    """An account, a minute after it was opened."""
    account = opened(talk, start, **more)
    talk.advance("1m")
    return talk.got(f"/v1/accounts/{account['id']}")


def told(talk: Talk, account: str, type_: str | None = None) -> list[Any]:
    """The events of an account, oldest first."""
    params: dict[str, Any] = {"limit": 100}
    if type_ is not None:
        params["type"] = type_
    found = talk.got("/v1/events", params, stripe_account=account)
    return list(reversed(found["data"]))
