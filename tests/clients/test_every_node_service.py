"""Every create, retrieve, update, list and delete of the SDK for Node, called through its own
services with the least that each takes.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from emulator.contract import Operation
from emulator.fuzzing.line import Line, NotMade
from emulator.fuzzing.making import Maker
from emulator.fuzzing.recipes import funded
from emulator.web import asking
from tests.clients.process import running
from tests.clients.services import ids_in, may_be_refused, operation_at
from tests.clients.test_node_story import project

__all__ = ["project"]

_SECONDS: Final = 120


def test_the_ordinary_methods_of_the_sdk_for_node_work(project: Path, tmp_path: Path):
    surveyed = [each for each in _node(project, "", "survey") if each["path"][:2] == "/v"]
    assert len(surveyed) > 350
    with running() as base, asyncio.Runner() as runner:
        plan = list(_plan(surveyed, base, runner.get_loop()))
        assert len(plan) > 0.98 * len(surveyed)
        file = tmp_path / "plan.json"
        file.write_text(json.dumps(plan))
        wrong = _node(project, base, "call", str(file))
    assert wrong == [], "\n".join(wrong)


def _plan(
    surveyed: list[Any], base: str, loop: asyncio.AbstractEventLoop
) -> Iterator[dict[str, Any]]:
    """What to call each method with, on objects made for it."""
    opened = asking.remotely(base, "services")
    maker = Maker(Line(loop.run_until_complete(opened.__aenter__()), loop))
    funded(maker.line)
    for each in surveyed:
        operation = operation_at(each["verb"], each["path"].partition("?")[0])
        try:
            yield {"name": each["name"], **_called(maker, operation)}
        except NotMade as missing:
            assert "multipart" in str(missing)  # noqa: PT017 - lines do not speak that
    loop.run_until_complete(opened.__aexit__(None, None, None))


def _called(maker: Maker, operation: Operation) -> dict[str, Any]:
    path = maker.path(operation)
    maker.prepare(operation, path)
    return {
        "ids": ids_in(operation, path),
        "params": maker.least(operation),
        "kind": operation.kind,
        "object": operation.returns,
        "refusable": may_be_refused(operation),
    }


def _node(project: Path, base: str, *arguments: str) -> Any:
    told = subprocess.run(
        ["node", "services.js", *arguments],
        cwd=project,
        env={**os.environ, **({"EMULATOR_URL": base} if base else {})},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    if told.returncode:
        pytest.fail(told.stderr[-4_000:])
    return json.loads(told.stdout)
