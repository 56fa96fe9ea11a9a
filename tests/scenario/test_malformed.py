"""Whatever a file holds, one sentence says what is wrong with it, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from emulator import cli
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
