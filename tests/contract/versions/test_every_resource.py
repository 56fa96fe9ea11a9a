"""Everything that is modelled can be made, read and heard of in old versions as in the newest."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from emulator.contract import Operation, json_schema, object_names, operations
from emulator.contract.versions import Render, Teller, parse, renderer
from emulator.control.triggers import recipes
from emulator.resources import OPERATIONS, RESOURCES
from emulator.web.app import Application, build
from emulator.world import Profile, Worlds, neighbours
from tests.talking import NOW, Talk

VERSIONS = (
    "2019-08-14",
    "2020-08-27",
    "2022-11-15",
    "2023-10-16",
    "2024-06-20",
    "2025-03-31.basil",
    "2026-10-28.endive",
)
NEWEST = VERSIONS[-1]
_MOST = 2  # documents of one kind that are read
# What older versions are not told of.
_UNHEARD = {"invoice_payment.paid", "refund.created", "refund.failed", "refund.updated"}
_EVENTS = [name for name in recipes.event_types() if not name.startswith("v2.")]


@pytest.fixture(scope="module", params=VERSIONS)
def story(request: pytest.FixtureRequest) -> Iterator[tuple[str, Talk, list[Any]]]:
    """A world of that version in which all that can be triggered has happened: the version, a
    conversation, and what each trigger answered.
    """
    version = str(request.param)
    profile = Profile(seed="versions", start=NOW, frozen=True, settings={"version": version})
    with TestClient(build(Worlds(profile)), raise_server_exceptions=False) as client:
        talk = Talk(client)
        yield version, talk, [talk.control("trigger", {"event": name}) for name in _EVENTS]


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json_schema(name))


@cache
def _retrievals() -> dict[str, Operation]:
    """The operation that reads one object of a name by its id alone."""
    return {
        each.returns: each
        for each in operations().values()
        if each.key in OPERATIONS
        and each.method == "GET"
        and each.kind == "object"
        and each.path.startswith("/v1/")
        and each.path.endswith("}")
        and each.path.count("{") == 1
        and each.returns in RESOURCES
    }


def _ordered(doc: dict[str, Any]) -> bool:
    keys = [key for key in doc if key not in ("id", "object")]
    return keys == sorted(keys)


def test_all_that_happens_happens_in_every_version(story: tuple[str, Talk, list[Any]]) -> None:
    version, _, answers = story
    silent = {
        name
        for name, answer in zip(_EVENTS, answers, strict=True)
        if answer.status_code != 200 and "did not happen" in answer.text
    }
    failed = [a.text for a in answers if a.status_code != 200 and "did not happen" not in a.text]

    assert failed == []
    assert silent == (_UNHEARD if version < "2024-10-28" else set())


def test_every_resource_is_read_in_every_version(story: tuple[str, Talk, list[Any]]) -> None:
    version, talk, _ = story
    assert isinstance(talk.client.app, Application)
    store = talk.client.app.worlds.get("main").setup.store
    read = set()
    for name, operation in _retrievals().items():
        for id_ in list(store.table(name))[-_MOST:]:
            entry = store.entry(id_)
            assert entry is not None
            path = operation.path.partition("{")[0] + id_.rpartition("/")[2]
            on = {} if name == "account" else {"stripe_account": entry[2]}
            shown = talk.got(path, None, **on)
            assert shown.get("object", name) == name
            assert _ordered(shown), (name, list(shown))
            if version == NEWEST and "deleted" not in shown and name in object_names():
                _validator(name).validate(shown)
            read.add(name)

    assert len(read) >= 37


def test_every_event_is_read_in_its_version(story: tuple[str, Talk, list[Any]]) -> None:
    version, talk, _ = story
    events = talk.got("/v1/events", {"limit": 100}, stripe_version=NEWEST)["data"]

    assert len(events) == 100
    for event in events:
        assert event["api_version"] == version
        previous = event["data"].get("previous_attributes") or {}
        assert previous.keys() <= event["data"]["object"].keys() | {"default_source"}


def test_what_bears_no_trace_of_a_change_is_shown_as_it_is_stored(
    story: tuple[str, Talk, list[Any]],
) -> None:
    version, talk, _ = story
    assert isinstance(talk.client.app, Application)
    world = talk.client.app.worlds.get("main")
    render, compared = renderer(parse(version), NOW), set()
    with world.transaction(world.caller()) as tx:
        fetch = neighbours(tx)
        for name in RESOURCES:
            shows = Teller(NOW) if name == "event" else render
            for raw in world.setup.store.table(name).values():
                if shows is not None and not shows.touches(raw):
                    assert orjson.dumps(shows(orjson.loads(raw), fetch)) == raw
                    compared.add(name)
                elif isinstance(shows, Render):
                    traces = shows.traces(name, RESOURCES[name].includes)
                    assert traces is None or any(trace in raw for trace in traces), name

    assert "card" in compared or version == NEWEST
