"""Whatever a file holds, one sentence says what is wrong with it, and where."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator import cli
from emulator.scenario import Mistake, of_bytes
from emulator.web import staging
from tests.scenario.malformed import MALFORMED, Malformed, write


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str]]:
    with pytest.raises(SystemExit) as end:
        cli.main(["run", *words])
    seen = capsys.readouterr()
    assert seen.err == ""
    return int(str(end.value.code)), seen.out.splitlines()


def test_there_are_at_least_fifty():
    assert len(MALFORMED) >= 50
    assert len({file.name for file in MALFORMED}) == len(MALFORMED)


@pytest.mark.parametrize("file", MALFORMED, ids=lambda file: file.name)
def test_a_malformed_file_gets_one_clear_message(
    file: Malformed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = write(tmp_path, file)
    code, lines = _run(capsys, str(path))
    assert code == 2
    assert len(lines) == 1
    assert lines[0].startswith(f"{path}:{file.line}: ")
    assert file.says in lines[0]
    assert len(lines[0]) < 700


def test_files_that_are_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "empty").mkdir()
    for name, says in (
        ("nowhere.yaml", "nowhere.yaml cannot be read"),
        ("empty", "There is no .yaml, .yml or .json in this folder"),
        ("nothing*.yaml", "No file fits this pattern"),
    ):
        code, lines = _run(capsys, str(tmp_path / name))
        assert code == 2
        assert len(lines) == 1
        assert says in lines[0]


def test_a_circle_of_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "a.yaml").write_text("about: a\ninclude: [b.yaml]\n")
    (tmp_path / "b.yaml").write_text("about: b\n\ninclude: [a.yaml]\n")
    code, (line,) = _run(capsys, str(tmp_path / "a.yaml"))
    assert code == 2
    assert "b.yaml:3: include[0]: This file includes itself: a.yaml → b.yaml → a.yaml." in line


def test_good_files_are_played_beside_a_malformed_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "bad.yaml").write_text("abuot: x\n")
    (tmp_path / "good.yaml").write_text("about: x\nwhen: [{get: /v1/balance}]\n")
    code, lines = _run(capsys, str(tmp_path))
    assert code == 2
    assert len(lines) == 3
    assert lines[1].startswith("passed  good")


_WORDS = st.sampled_from(
    [
        "about",
        "given",
        "when",
        "then",
        "chapters",
        "answers",
        "faults",
        "platform",
        "include",
        "get",
        "post",
        "is",
        "with",
        "on",
        "as",
        "each",
        "name",
        "refused",
        "until",
        "advance",
        "events",
        "balance",
        "usd",
        "available",
        "$any",
        "$regex",
        "$above",
        "$unordered",
        "x",
        "3d",
        "/v1/balance",
        "/v1/customers",
        "${a.id}",
        "${row.n}",
        "${",
        "next",
        "payout.paid",
    ]
)
_VALUES = st.recursive(
    _WORDS | st.integers(-9, 9) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=4),
    max_leaves=12,
)
_STEPS = st.lists(
    st.fixed_dictionaries({"get": st.just("/v1/balance")}, optional={"name": st.just("a")})
    | st.fixed_dictionaries(
        {"post": st.just("/v1/customers")},
        optional={
            "with": st.dictionaries(_WORDS, _VALUES, max_size=3),
            "is": _VALUES,
            "on": _WORDS,
            "as": _WORDS,
            "each": _VALUES,
            "refused": _VALUES,
        },
    )
    | st.dictionaries(_WORDS, _VALUES, max_size=3),
    max_size=4,
)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8")))
@settings(max_examples=200)
def test_no_bytes_make_a_failure(raw: bytes):
    with suppress(Mistake):
        of_bytes(raw)


@given(_VALUES)
@settings(max_examples=200)
def test_no_values_make_a_failure(value: object):
    with suppress(Mistake):
        of_bytes(json.dumps(value).encode(), "any.json")


@given(_STEPS, _STEPS)
@settings(max_examples=100)
def test_no_steps_make_a_failure(when: object, then: object):
    story = {"about": "Anything.", "when": when, "then": then}
    with suppress(Mistake):
        scenario = of_bytes(json.dumps(story).encode(), "any.json")
        asyncio.run(staging.play(scenario))
