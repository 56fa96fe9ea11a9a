"""The control API is what its document says, and no mistake breaks it."""

from __future__ import annotations

from itertools import count
from typing import Any, Final

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.python.asgi import get_client

from emulator.control import requests, webhooks
from emulator.control.calls import Call
from emulator.control.openapi import document, paths
from emulator.control.table import calls
from emulator.web.app import build
from emulator.world import Profile, Worlds
from tests.talking import NOW, Talk
from tests.webhooks.mailing import told

_KEY: Final = "sk_test_main"
_APP: Final[Any] = build(Worlds(Profile(seed="fuzz", start=NOW, frozen=True)))
_CALLS: Final[dict[str, Call]] = {
    f"{call.method} {path}": call for call in calls(_APP.control) for path in paths(call)
}
_BOUNDED: Final = settings(
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
    derandomize=True,
    deadline=None,
)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits has waited long enough when they look at the clock again."""
    ticks = count(step=1000)
    for module in (webhooks, requests):
        monkeypatch.setattr(module, "stopwatch", lambda: next(ticks))


def test_the_document_describes_every_call(talk: Talk):
    found = talk.client.get("/_emulator/openapi.json").json()
    assert found["openapi"] == "3.1.0"
    told_of = {
        f"{method.upper()} {path.removeprefix('/_emulator')}"
        for path, methods in found["paths"].items()
        for method in methods
    }
    assert told_of == set(_CALLS)
    names = [each["operationId"] for path in found["paths"].values() for each in path.values()]
    assert len(names) == len(set(names))


def test_every_schema_is_one():
    for call in _CALLS.values():
        jsonschema.Draft202012Validator.check_schema(call.schema())
        assert set(call.needs) <= {*call.body, *call.query, call.whole, call.raw}
        assert not {*call.holders} & {*call.body, *call.query}, call.name


@schemathesis.check
def answers_or_says_what_is_wrong(
    _: schemathesis.CheckContext, answer: schemathesis.Response, case: schemathesis.Case[Any]
) -> None:
    kind = answer.headers.get("content-type", [""])[0].partition(";")[0]
    assert answer.status_code < 500, answer.text
    assert kind == "application/json" or answer.status_code == 200, kind
    if answer.status_code >= 400:
        error = answer.json()["error"]
        assert error["type"]
        assert error["message"]


_KEPT: Final = [key for key in _CALLS if not key.startswith("DELETE")]
_IN_ORDER: Final = [*_KEPT, *(key for key in _CALLS if key not in _KEPT)]


@pytest.mark.parametrize("key", _IN_ORDER)
def test_no_mistake_breaks_a_call(key: str):
    method, _, path = key.partition(" ")
    call = _CALLS[key]
    schema: Any = schemathesis.openapi.from_dict(document([call]))
    schema.app = _APP
    can_be_wrong = call.query or call.body or call.method == "POST"
    with get_client(_APP) as session:
        for mode in ("positive", "negative") if can_be_wrong else ("positive",):
            strategy = schema[f"/_emulator{path}"][method].as_strategy(
                schemathesis.GenerationMode(mode)
            )

            @settings(_BOUNDED, max_examples=1 if "{world}" in path else 5)
            @given(case=strategy)
            def asks(case: schemathesis.Case[Any]) -> None:
                if "{world}" in path:
                    case.path_parameters = {**(case.path_parameters or {}), "world": "main"}
                case.call_and_validate(
                    session=session,
                    headers={"Authorization": f"Bearer {_KEY}"},
                    checks=[answers_or_says_what_is_wrong],
                )

            asks()


def test_a_path_of_another_method_is_refused_plainly(talk: Talk):
    answer = talk.send("DELETE", "/_emulator/clock")
    assert (answer.status_code, "error" in answer.json()) == (404, True)


@pytest.mark.parametrize("raw", [b"{", b"[1]", b'"x"', b"\xff\xfe", b"null", b"{}trailing"])
def test_a_body_that_is_no_object_is_refused(talk: Talk, raw: bytes):
    for key, call in _CALLS.items():
        method, _, path = key.partition(" ")
        if method == "POST" and "{" not in path and not (call.raw or call.listed):
            answer = talk.send("POST", f"/_emulator{path}", raw)
            assert answer.status_code == 400, (key, answer.text)


def test_the_server_still_answers(talk: Talk):
    assert told(talk, "audit")["holds"]
