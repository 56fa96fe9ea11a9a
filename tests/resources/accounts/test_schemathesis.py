"""Schemathesis asks what the contract allows, and what it does not: every answer is one of Stripe's
kind. A failure is printed with the request that led to it, as a command for curl.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.python.asgi import get_client
from starlette.testclient import TestClient

from emulator.contract.openapi import Known, document
from emulator.resources import OPERATIONS
from emulator.web.app import build
from emulator.world import Profile, Worlds
from tests.resources.accounts.applicants import COMPANY, INDIVIDUAL, OWNER
from tests.talking import NOW, Talk, form

World = tuple[Any, Known]  # the application, and what it holds
_KEY: Final = "sk_test_fuzz"
_FORM: Final = "application/x-www-form-urlencoded"
_ABOUT: Final = ("/v1/account", "/v1/country_specs", "/v1/tokens")
_TYPES: Final = {"api_error", "card_error", "idempotency_error", "invalid_request_error"}
# What takes away comes last, so that the others find something.
_SORTED: Final = sorted(OPERATIONS, key=lambda key: (key.startswith("DELETE"), key))
_OF_ACCOUNTS: Final = [key for key in _SORTED if key.partition(" ")[2].startswith(_ABOUT)]
_OTHERS: Final = [key for key in _SORTED if key not in _OF_ACCOUNTS]
_BOUNDED: Final = settings(
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
    derandomize=True,
    deadline=None,
    print_blob=True,
)


@schemathesis.serializer(_FORM)
def as_the_sdks_do(_: schemathesis.SerializationContext, value: Any) -> bytes:
    """a[b][0]=x; what is no object at all goes out as it is."""
    return form(value) if isinstance(value, Mapping) else str(value).encode()


@schemathesis.check
def answers_as_stripe_does(
    _: schemathesis.CheckContext, answer: schemathesis.Response, case: schemathesis.Case[Any]
) -> None:
    content = answer.headers.get("content-type", [""])[0]
    assert content.partition(";")[0] == "application/json", content
    body = answer.json()
    assert isinstance(body, dict), body
    assert answer.status_code < 500, body
    assert ("error" in body) == (answer.status_code >= 400), (answer.status_code, body)
    if "error" in body:
        assert body["error"]["type"] in _TYPES, body
        assert body["error"]["message"], body


def furnish(talk: Talk) -> Known:
    """Make what paths and parameters may name: accounts of every type and what belongs to them."""
    made: Any = [
        talk.made("/v1/accounts", params)
        for params in (INDIVIDUAL, COMPANY, {"type": "express"}, {"type": "standard"}, {})
    ]
    person = talk.made(f"/v1/accounts/{made[1]['id']}/persons", OWNER)
    customer = talk.customer(source="tok_visa")
    banks = [bank["id"] for one in made[:2] for bank in one["external_accounts"]["data"]]
    intent = {"amount": 2_000, "currency": "usd", "payment_method_types": ["card"]}
    confirmed = {"payment_method": "pm_card_visa", "confirm": True}
    paid = talk.made("/v1/payment_intents", {**intent, **confirmed})
    return {
        "account": [*(one["id"] for one in made), talk.got("/v1/account")["id"]],
        "destination": [made[0]["id"]],
        "person": [person["id"]],
        "capability": ["card_payments", "transfers", "legacy_payments"],
        "country": ["US", "GB", "MX"],
        "email": ["jenny@example.com"],
        "url": ["https://shop.example.com", "http://["],
        "expand": ["data", "requirements", "nope"],
        "id_number": ["000000000", "222222222"],
        "phone": ["0000000000", "+14155550123"],
        "postal_code": ["94107", "!"],
        "state": ["CA", "XX"],
        "mcc": ["5734", "1"],
        "ip": ["203.0.113.7", "1"],
        "account_number": ["000123456789", "000999999992"],
        "routing_number": ["110000000", "1"],
        "external_account": ["btok_us_verified", "tok_visa_debit"],
        "customer": [customer["id"]],
        "intent": [paid["id"]],
        "payment_intent": [paid["id"]],
        "charge": [paid["latest_charge"]],
        "payment_method": ["pm_card_visa"],
        "source": ["tok_visa", customer["default_source"]],
        "id": [*banks, customer["default_source"]],
    }


def furnished() -> World:
    app = build(Worlds(Profile(seed="fuzz", start=NOW, frozen=True)))
    return app, furnish(Talk(TestClient(app), _KEY))


@pytest.fixture(scope="module")
def shared() -> World:
    """One world for every operation that is asked too little to be worth a world of its own."""
    return furnished()


def ask(key: str, world: World, **tries: int) -> None:
    """Send an operation what its parameters allow (positive) and what they do not (negative)."""
    app, known = world
    schema = schemathesis.openapi.from_dict(document([key], known, headers=False))
    schema.app = app
    method, _, path = key.partition(" ")
    with get_client(app) as session:
        for mode, most in tries.items():
            cases = schema[path][method].as_strategy(schemathesis.GenerationMode(mode))

            @settings(_BOUNDED, max_examples=most)
            @given(case=cases)
            def asks(case: schemathesis.Case[Any]) -> None:
                case.call_and_validate(
                    session=session,
                    headers={"Authorization": f"Bearer {_KEY}"},
                    checks=[answers_as_stripe_does],
                )

            asks()


@pytest.mark.parametrize("key", _OF_ACCOUNTS)
def test_operations_of_accounts_answer_as_stripe_does(key: str):
    ask(key, furnished(), positive=12, negative=6)


@pytest.mark.parametrize("key", _OTHERS)
def test_other_operations_answer_as_stripe_does(key: str, shared: World):
    ask(key, shared, positive=2, negative=1)
