"""Every operation of the contract answers, and what stored ones answer has its object's shape."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from emulator.contract import Operation, json_schema, object_names, operations
from emulator.fuzzing.making import makes_nothing
from emulator.resources import OPERATIONS
from emulator.resources.stored.plans import plan
from emulator.web.app import build
from emulator.world import Profile, Worlds
from tests.resources.stored.making import Made
from tests.talking import NOW, Talk, error

STORED: Final = [key for key in operations() if key not in OPERATIONS]
# Nothing that a client can send brings these about.
UNREACHABLE: Final = {"clear", "through", "find"}


@pytest.fixture(scope="module")
def maker() -> Made:
    """One world for all: operations only add to it."""
    app = build(Worlds(Profile(seed="stored", start=NOW, frozen=True)))
    return Made(Talk(TestClient(app)))


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json_schema(name))


def _conforms(operation: Operation, body: Any) -> None:
    if operation.kind == "object" and operation.returns in object_names():
        assert [each.message for each in _validator(operation.returns).iter_errors(body)] == []
    if operation.kind in {"list", "search"} and operation.returns in object_names():
        for item in body["data"]:
            assert [e.message for e in _validator(operation.returns).iter_errors(item)] == []


@pytest.mark.parametrize("key", STORED)
def test_a_stored_operation_answers_with_its_shape(key: str, maker: Made):
    operation = operations()[key]
    maker.perform(operation)
    answer = maker.spoken.last
    assert answer is not None
    assert answer.headers["emulator-fidelity"] == "stored"
    if makes_nothing(operation) or plan(operation).deed in UNREACHABLE:
        assert answer.status_code in {200, 404}, answer.text
        return
    assert answer.status_code == 200, answer.text
    if operation.kind == "bytes":
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
    else:
        _conforms(operation, answer.json())


@pytest.mark.parametrize("key", [key for key in STORED if "{" in key])
def test_an_unknown_id_is_refused_in_stripes_words(key: str, maker: Made):
    operation = operations()[key]
    path = operation.path
    for place in path.split("/"):
        path = path.replace(place, "nope") if place.startswith("{") else path
    refused = error(maker.answer(operation.method, path, maker.least(operation)), 404)
    assert refused["message"].startswith("No such ")
    assert refused["message"].endswith(": 'nope'")


LISTS: Final = [key for key in STORED if operations()[key].kind == "list"]


@pytest.mark.parametrize("key", LISTS)
def test_a_list_pages_both_ways(key: str, maker: Made):
    operation = operations()[key]
    made = _three(operation, maker)
    if made is None:
        return
    path, ids, asked = made
    newest_first = [*reversed(ids)]
    if path.startswith("/v2/"):
        first = maker.talk.got(path, {**asked, "limit": 2})
        second = maker.talk.got(first["next_page_url"])
        assert [each["id"] for each in first["data"]] == newest_first[:2]
        assert second["data"][0]["id"] == newest_first[2]
        back = maker.talk.got(second["previous_page_url"])
        assert [each["id"] for each in back["data"]] == newest_first[:2]
        return
    first = maker.talk.got(path, {**asked, "limit": 2})
    assert [each["id"] for each in first["data"]] == newest_first[:2]
    after = maker.talk.got(path, {**asked, "limit": 1, "starting_after": newest_first[1]})
    assert [each["id"] for each in after["data"]] == newest_first[2:]
    before = maker.talk.got(path, {**asked, "limit": 1, "ending_before": newest_first[1]})
    assert [each["id"] for each in before["data"]] == newest_first[:1]


def _three(operation: Operation, maker: Made) -> tuple[str, list[str], Any] | None:
    """Three fresh objects of a list, where it is, and what it must be asked with; None when clients
    make none.
    """
    path = maker.path(operation)
    create = operations().get(f"POST {operation.path}")
    if create is None or create.returns != operation.returns or create.key in OPERATIONS:
        return None
    ids, sent = [], maker.least(create)
    for _ in range(3):
        answer = maker.answer("POST", path, sent)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        ids.append(body["id"])
    known = {**body, **sent}
    asked = {name: known.get(name, value) for name, value in maker.least(operation).items()}
    return path, ids, asked
