"""What the chain of changes makes of shapes: any document that facts allow can be shown in any
version, and the schema of a version tells what it shows.
"""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from emulator.contract import json_schema, object_names
from emulator.contract.versions import (
    CHANGES,
    NEWEST,
    Doc,
    json_schema_in,
    nothing,
    parse,
    renderer,
    shape_in,
)
from emulator.contract.versions.change import copied, day
from emulator.contract.versions.examples import examples
from tests.contract.versions.support import before
from tests.talking import NOW, Talk

_TURNS = sorted({before(change.version) for change in CHANGES if change.version})


@pytest.mark.parametrize("version", _TURNS)
def test_whatever_facts_allow_can_be_shown_in_every_version(version: str) -> None:
    render = renderer(parse(version), NOW)
    assert render is not None
    for name in object_names():
        if render.turns(name):
            for example in examples(name):
                render(copied(example), nothing)


def test_examples_are_of_their_shape_from_the_barest_to_the_fullest() -> None:
    validator = Draft202012Validator(json_schema("transfer"))
    bare, full, *_ = examples("transfer")
    assert validator.is_valid({**bare, "reversals": bare["reversals"]})
    assert (bare["description"], full["description"]) == (None, "text")
    assert bare["reversals"]["data"] == []
    assert [each["object"] for each in full["reversals"]["data"]] == ["transfer_reversal"]


def test_the_newest_schema_is_that_of_the_newest_version() -> None:
    assert json_schema_in("invoice", NEWEST) == json_schema("invoice")


def _field(name: str, field: str, version: str, since: int = NOW) -> dict[str, Any]:
    found: dict[str, Any] = shape_in(name, parse(version), since)["fields"].get(field, {})
    return found


def test_what_a_change_takes_away_is_absent_and_what_it_adds_is_required() -> None:
    old = before("2024-04-10")
    assert _field("product", "marketing_features", old) == {"type": "absent"}
    assert _field("product", "features", old)["required"]
    assert _field("payment_intent", "charges", before("2022-11-15"))["of"] == ["charge"]
    assert not _field("payment_intent", "charges", "2022-11-15")
    assert _field("event", "request", before("2017-05-25"))["type"] == "any"


def test_what_only_some_documents_lose_may_be_missing() -> None:
    """Previews of invoices had no id."""
    assert not _field("invoice", "id", before("2025-03-31")).get("required")
    assert _field("invoice", "id", "2025-03-31.basil")["required"]


def test_a_field_that_came_to_everybody_on_a_day_may_be_missing_before_it() -> None:
    assert not _field("charge", "disputed", "2019-08-14", day("2019-10-13"))["required"]
    assert _field("charge", "disputed", "2019-08-14", day("2019-10-14"))["required"]
    details = _field("dispute", "evidence_details", "2024-06-20", day("2026-10-27"))
    assert not details["fields"]["submission_method"]["required"]


def test_a_document_of_the_newest_shape_does_not_fit_an_older_version(talk: Talk) -> None:
    made = talk.made("/v1/products", {"name": "Tea"}, stripe_version=NEWEST.text)
    old = Draft202012Validator(json_schema_in("product", parse("2022-11-15"), NOW))
    assert not old.is_valid(made)
    assert old.is_valid(talk.got(f"/v1/products/{made['id']}", stripe_version="2022-11-15"))


def test_an_account_that_says_nothing_of_requirements_needs_nothing() -> None:
    render = renderer(parse(before("2019-02-19")), NOW)
    account: Doc = {
        "object": "account",
        "settings": {},
        "business_profile": None,
        "requirements": None,
    }
    assert render is not None
    assert render(account, nothing)["verification"]["fields_needed"] == []
