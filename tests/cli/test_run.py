"""`connect-emulator run`: which files, what is written, how it ends."""

from __future__ import annotations

import argparse
import io
import json
import os
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from emulator import cli
from emulator.cli import run
from emulator.cli.progress import Progress
from tests.scenario.playing import played

GOOD = "about: A good one.\nwhen: [{get: /v1/balance}]\n"
BAD = "about: A bad one.\nthen: [{get: /v1/balance, is: {object: goat}}]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a_bad.yaml").write_text(BAD)
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "part.yaml").write_text(GOOD)
    return tmp_path


def _run(*words: object) -> int:
    with pytest.raises(SystemExit) as end:
        cli.main(["run", *map(str, words)])
    return int(str(end.value.code))


def test_the_exit_code_says_how_it_went(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert _run(folder / "good.yaml") == 0
    assert _run(folder) == 1
    assert _run(folder, "-k", "good") == 0
    seen = capsys.readouterr().out
    assert "1 of 2 scenarios passed, 1 failed" in seen
    assert '- expected "goat"' in seen


def test_folders_and_patterns(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch):
    monkeypatch.chdir(folder)
    assert _run("g*.yaml", "parts") == 0
    assert "2 of 2 scenarios passed" in capsys.readouterr().out
    assert _run(".", "--fail-fast") == 1
    assert "0 of 1 scenarios passed" in capsys.readouterr().out


def test_results_are_written(folder: Path):
    junit, report = folder / "junit.xml", folder / "report.json"
    (folder / "worse.yaml").write_text("abuot: x\n")
    assert _run(folder, "--junit", junit, "--json", report) == 2
    suites = ET.fromstring(junit.read_bytes())
    assert [each.get("name", "")[-8:] for each in suites] == ["a_bad", "good", "rse.yaml"]
    found = json.loads(report.read_bytes())
    assert not found["passed"]
    assert [each["passed"] for each in found["scenarios"]] == [False, True]
    assert found["scenarios"][0]["steps"][0]["differences"][0]["expected"] == '"goat"'
    assert found["mistakes"][0]["line"] == 1


def test_a_report_that_cannot_be_written(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert _run(folder / "good.yaml", "--json", folder) == 2
    assert "cannot write" in capsys.readouterr().out


def test_twice_and_another_seed(folder: Path):
    report = folder / "report.json"
    digests = []
    for more in ((), ("--twice",), ("--seed", "7")):
        assert _run(folder / "good.yaml", "--json", report, *more) == 0
        digests.append(json.loads(report.read_bytes())["scenarios"][0]["digest"])
    assert digests[0] == digests[1] != digests[2]


def test_no_server(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert _run(folder / "good.yaml", "--url", "http://127.0.0.1:9") == 2
    assert "No server answers at http://127.0.0.1:9" in capsys.readouterr().out


def test_a_bar_on_a_terminal():
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    progress = Progress(out)
    report = played(GOOD)
    progress.begin(1)
    progress.step(report.results[0])
    progress.played(report)
    progress.end([report])
    assert "0/1 get /v1/balance" in out.getvalue()
    assert "█" not in out.getvalue().rpartition("\r")[2]


def test_watching_ends_its_wait_when_a_file_changes(folder: Path, monkeypatch):
    """`--watch` plays, waits for a change, and plays again."""
    path = folder / "good.yaml"
    plays: list[int] = []

    async def soon(_seconds: float) -> None:
        later = path.stat().st_mtime + 10
        os.utime(path, (later, later))
        if len(plays) == 2:
            raise KeyboardInterrupt

    once = run._once

    def counted(options: argparse.Namespace) -> object:
        plays.append(1)
        return once(options)

    monkeypatch.setattr(run, "_once", counted)
    monkeypatch.setattr(run, "_rest", soon)
    assert _run(path, "--watch") == 130
    assert len(plays) == 2
