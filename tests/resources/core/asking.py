"""How tests of /v2 talk: JSON both ways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from tests.talking import Answer, Talk

PERSON: Final[dict[str, Any]] = {
    "given_name": "Jenny",
    "surname": "Rosen",
    "email": "jenny@example.com",
    "phone": "0000000000",
    "date_of_birth": {"day": 1, "month": 1, "year": 1901},
    "address": {
        "country": "us",
        "line1": "address_full_match",
        "city": "San Francisco",
        "state": "CA",
        "postal_code": "94111",
    },
    "id_numbers": [{"type": "us_ssn", "value": "000000000"}],
}
TERMS: Final = {"account": {"date": "2026-01-01T00:00:00.000Z", "ip": "8.8.8.8"}}
EVERYTHING: Final = [
    "configuration.customer",
    "configuration.merchant",
    "configuration.recipient",
    "defaults",
    "future_requirements",
    "identity",
    "requirements",
]


def seller(**more: Any) -> dict[str, Any]:
    """The parameters of an account that the platform answers for and that gives all it must."""
    return {
        "contact_email": "seller@example.com",
        "dashboard": "none",
        "identity": {
            "country": "us",
            "entity_type": "individual",
            "individual": PERSON,
            "attestations": {"terms_of_service": TERMS},
        },
        "configuration": {
            "merchant": {"mcc": "5734", "capabilities": {"card_payments": {"requested": True}}},
            "recipient": {
                "capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}
            },
        },
        "defaults": {
            "profile": {"business_url": "https://accessible.stripe.com"},
            "responsibilities": {
                "fees_collector": "application",
                "losses_collector": "application",
            },
        },
        **more,
    }


def ask(talk: Talk, path: str, body: Mapping[str, Any] | None = None) -> Answer:
    """POST a JSON body to /v2/core/…"""
    raw = orjson.dumps(body or {})
    return talk.send("POST", f"/v2/core/{path}", raw, content_type="application/json")


def made(talk: Talk, path: str, body: Mapping[str, Any] | None = None) -> Any:
    answer = ask(talk, path, body)
    assert answer.status_code == 200, answer.text
    return answer.json()
