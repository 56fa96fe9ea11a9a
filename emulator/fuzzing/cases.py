"""Requests that schemathesis makes up: of one operation, or stories along the links of several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from schemathesis.core.errors import NoLinksFound
from schemathesis.core.transport import Response

from emulator.contract import Operation
from emulator.contract.openapi import Known, document
from emulator.fuzzing.line import Line
from emulator.scenario import Answered, Asked

Case = schemathesis.Case[Any]

_NOWHERE: Final = "http://127.0.0.1"
_PLACE: Final = re.compile(r"{(\w+)}")
_LARGEST: Final = 2**63 - 1
_SETTINGS: Final = settings(
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
    deadline=None,
    verbosity=Verbosity.quiet,
)


def of_operation(
    operation: Operation,
    known: Known,
    chance: int,
    tries: Mapping[str, int],
    line: Line,
) -> None:
    """Ask what the operation's parameters allow (positive) and what they do not (negative).
    tries: how many of either. chance: the seed.
    """
    schema = _schema([operation.key], known, line)
    described = schema[operation.path][operation.method]
    for mode, most in tries.items():
        cases = described.as_strategy(schemathesis.GenerationMode(mode))

        @seed(chance)
        @settings(_SETTINGS, max_examples=most)
        @given(case=cases)
        def asks(case: Case) -> None:
            asked = _asked(case)
            if asked is not None:
                line.ask(asked)

        asks()


def stories(
    keys: Iterable[str],
    known: Known,
    chance: int,
    tries: tuple[int, int],
    line: Line,
) -> None:
    """Follow the links between operations: some stories of at most so many steps each."""
    schema = _schema(keys, known, line)
    machine = schema.as_state_machine()

    @seed(chance)
    class Story(machine):  # type: ignore[misc, valid-type]
        """Steps that go through the line, and not through HTTP."""

        def call(self, case: Case, **_: Any) -> Response:
            asked = _asked(case)
            answered = Answered(400, b"{}", {}) if asked is None else line.ask(asked)
            return _response(case, answered)

        def validate_response(self, *_: Any, **__: Any) -> None:
            """The line's listener has looked at it already."""

    most, steps = tries
    bounded = settings(_SETTINGS, max_examples=most, stateful_step_count=steps)
    with suppress(NoLinksFound):  # these operations lead nowhere
        Story.run(settings=bounded)


def _schema(keys: Iterable[str], known: Known, line: Line) -> Any:
    described = document(keys, known, headers=False, version=line.version)
    return schemathesis.openapi.from_dict(described)


def _asked(case: Case) -> Asked | None:
    """The request as a scenario would tell it; None for bodies that are no hash."""
    places = case.path_parameters or {}
    path = _PLACE.sub(lambda found: _segment(places.get(found[1])), case.path)
    with_ = {name.removesuffix("[]"): value for name, value in (case.query or {}).items()}
    if case.method.upper() == "POST":
        if not isinstance(case.body, dict):
            return None
        with_ = _plain(case.body)
    return Asked(case.method.upper(), path, with_)


def _segment(value: Any) -> str:
    return str(value).replace("/", "%2F").replace("?", "%3F").replace("#", "%23")


def _plain(value: Any) -> Any:
    """Only what JSON knows: what files hold becomes text."""
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, int) and not -_LARGEST <= value <= _LARGEST:
        return str(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _response(case: Case, answered: Answered) -> Response:
    request = requests.Request(case.method.upper(), _NOWHERE + "/").prepare()
    headers = {"content-type": ["application/json"]}
    took = timedelta(seconds=1).total_seconds()
    return Response(answered.status, headers, answered.raw or b"{}", request, took, verify=False)
