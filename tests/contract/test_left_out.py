"""No key is null that Stripe would leave out, and none is left out that Stripe would show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient

from emulator.contract import object_names, shape
from emulator.control.triggers import recipes
from emulator.web.app import build
from emulator.world import Profile, Worlds
from tests.talking import NOW, Talk

Spec = dict[str, Any]


@pytest.fixture(scope="module")
def documents() -> list[Any]:
    """Every object of a world in which all that can be triggered has happened."""
    app = build(Worlds(Profile(seed="left out", start=NOW, frozen=True)))
    with TestClient(app, raise_server_exceptions=False) as client:
        talk = Talk(client)
        for name in recipes.event_types():
            talk.control("trigger", {"event": name})
    store = app.worlds.get("main").setup.store
    names = [name for name in object_names() if not name.startswith("v2.")]
    tables = [store.table(name) for name in names if name != "event"]
    return [orjson.loads(table[id_]) for table in tables for id_ in table]


def _wrong(doc: Any) -> Iterator[tuple[str, str]]:
    name = doc.get("object")
    if name in object_names() and not doc.get("deleted"):
        yield from _in_hash(doc, shape(name)["fields"], name)


def _in_hash(doc: Any, fields: Spec, path: str) -> Iterator[tuple[str, str]]:
    for name, spec in fields.items():
        here = f"{path}.{name}"
        if name in doc:
            yield from _in_value(doc[name], spec, here)
        elif not spec.get("optional") and not spec.get("on_request"):
            yield here, "is missing"


def _in_value(value: Any, spec: Spec, path: str) -> Iterator[tuple[str, str]]:
    kind = spec["type"]
    if value is None:
        if not spec.get("nullable"):
            yield path, "is null"
    elif kind == "array":
        for each in value:
            yield from _in_value(each, spec["items"], path)
    elif kind in {"list", "search"}:
        for each in value["data"]:
            yield from _wrong(each)
    elif kind == "object":
        yield from _in_hash(value, spec["fields"], path)
    elif kind == "ref" and isinstance(value, dict):
        yield from _wrong({"object": spec["object"], **value})


def test_what_stripe_leaves_out_is_left_out_and_the_rest_is_there(documents: list[Any]) -> None:
    assert len(documents) > 500
    assert {each for doc in documents for each in _wrong(doc)} == set()


@pytest.mark.parametrize(
    ("spec", "wrong"),
    [
        ({"type": "string", "nullable": True}, []),
        ({"type": "string", "optional": True}, [("x", "is null")]),
        ({"type": "string", "optional": True, "nullable": True}, []),
        ({"type": "string", "required": True}, [("x", "is null")]),
    ],
)
def test_null_is_only_where_the_contract_allows_it(spec: Spec, wrong: list[Any]) -> None:
    assert list(_in_value(None, spec, "x")) == wrong


def test_a_secret_of_an_account_names_no_user(talk: Talk) -> None:
    sent = {"name": "key", "payload": "x", "scope": {"type": "account"}}
    assert talk.made("/v1/apps/secrets", sent)["scope"] == {"type": "account"}
    sent["scope"] = {"type": "user", "user": "usr_1"}
    assert talk.made("/v1/apps/secrets", sent)["scope"] == {"type": "user", "user": "usr_1"}


def test_a_source_says_how_it_may_be_shown_again(talk: Talk) -> None:
    sent = {"type": "card", "token": "tok_visa"}
    assert talk.made("/v1/sources", sent)["allow_redisplay"] is None


def test_what_is_not_there_is_not_there_expanded(talk: Talk) -> None:
    quote = talk.made("/v1/quotes", {"expand": ["computed.upfront.line_items"]})
    assert "line_items" not in quote["computed"]["upfront"]
    charge = {"amount": 900, "currency": "usd", "source": "tok_visa", "expand": ["outcome.rule"]}
    assert "rule" not in talk.made("/v1/charges", charge)["outcome"]
    coupon = {"percent_off": 10, "duration": "once", "expand": ["applies_to"]}
    assert "applies_to" not in talk.made("/v1/coupons", coupon)


def test_a_quote_for_classic_billing_says_no_more_of_it(talk: Talk) -> None:
    quote = talk.made("/v1/quotes", stripe_version="2022-11-15")
    assert talk.got(f"/v1/quotes/{quote['id']}")["subscription_data"]["billing_mode"] == {
        "type": "classic"
    }


def test_what_a_company_takes_back_is_left_out(talk: Talk) -> None:
    account, reason = talk.account(), "ownership_exemption_reason"
    at = f"/v1/accounts/{account}"
    sent = {
        "business_type": "company",
        "company": {reason: "qualified_entity_exceeds_ownership_threshold"},
    }
    assert reason in talk.made(at, sent)["company"]
    assert reason not in talk.made(at, {"company": {reason: ""}})["company"]
