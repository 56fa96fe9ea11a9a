"""What lies in the repository: commands that are run, paths that mean something elsewhere."""

from __future__ import annotations

import re
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.house.rules import ROOT, modules

_NAMED = re.compile(r"`([a-z_]+(?:\.py)?)/?`")
_LEFT_OUT = {".png", ".pyc"}
# Written in two halves, so that this file does not find itself.
_MACHINE = re.compile(
    "|".join(["/wo" + r"rk/", "/ro" + r"ot\b", "/op" + r"t/\w", "/ho" + r"me/\w"])
)


def _tracked() -> list[str]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        [git, "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def _commands() -> list[str]:
    """The README's first two commands."""
    readme = (ROOT / "README.md").read_text("utf-8")
    return re.findall(r"^    (pip install .*)$", readme, re.MULTILINE)[:2]


def test_no_file_names_a_path_of_one_machine():
    found = []
    for name in _tracked():
        if (ROOT / name).suffix not in _LEFT_OUT:
            text = (ROOT / name).read_text("utf-8")
            found += [f"{name}: {match[0]}" for match in _MACHINE.finditer(text)]
    assert found == []


def test_a_path_of_one_machine_is_noticed():
    assert _MACHINE.search("see /wo" + "rk/main")
    assert _MACHINE.search("/ho" + "me/ada/src")


def test_nothing_lies_at_the_top_but_what_is_meant_to():
    assert {name.partition("/")[0] for name in _tracked()} == {
        ".ci", ".dockerignore", ".gitignore", "CHANGELOG.md", "Dockerfile", "LICENSE", "README.md",
        "emulator", "pyproject.toml", "requirements-dev.txt", "scenarios", "schemas", "tests",
    }  # fmt: skip


def test_the_readme_opens_with_its_two_commands():
    run, test = _commands()
    assert run.endswith("connect-emulator")
    assert test.endswith("pytest")


def test_the_checks_begin_with_the_readmes_test_command():
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert _commands()[1] in script


@pytest.mark.parametrize("name", ["LICENSE", "CHANGELOG.md", "Dockerfile", "requirements-dev.txt"])
def test_the_file_is_there(name: str):
    assert (ROOT / name).read_text("utf-8").strip()


def test_every_locked_package_has_one_version():
    lines = (ROOT / "requirements-dev.txt").read_text("utf-8").splitlines()
    locked = [line for line in lines if line and not line.startswith("#")]
    assert locked
    assert [line for line in locked if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_the_readmes_map_shows_every_part_of_the_package():
    readme = (ROOT / "README.md").read_text("utf-8")
    rows = readme.partition("| place | what is there |")[2].partition("\n\n")[0]
    told = {name for row in rows.splitlines() for name in _NAMED.findall(row[: row.find(" | ")])}
    parts = {
        path.name for path in (ROOT / "emulator").iterdir() if (path / "__init__.py").is_file()
    }
    files = {path.name for path in (ROOT / "emulator").glob("*.py")} - {
        "__init__.py",
        "__main__.py",
    }
    assert told == (parts - {"devtools"}) | files


def test_no_docstring_or_comment_names_a_file_that_is_not_there():
    there = "".join(f"/{name}\n" for name in _tracked())
    told = {
        f"{module.path}: {name}": f"/{name}\n"
        for module in modules("emulator")
        for name in re.findall(r"`([\w/]+\.(?:py|json))`", module.text)
    }
    assert [where for where, line in told.items() if line not in there] == []


_SUBJECTS = [path.parent for path in sorted((ROOT / "emulator/resources").rglob("__init__.py"))]


@pytest.mark.parametrize("folder", _SUBJECTS, ids=lambda folder: folder.name)
def test_the_table_of_contents_names_every_file_of_its_folder(folder: Path):
    about = (folder / "__init__.py").read_text("utf-8").split('"""')[1]
    here = {path.stem for path in folder.iterdir() if not path.name.startswith("__")}
    assert len(here) > 1
    assert here - set(re.findall(r"`(\w+)`", about)) == set()


# Tests of everything at once: of speed, with real SDKs, of how it is written, of laws.
_ACROSS = {"benchmarks", "clients", "house", "properties"}


def _is_lost(name: str) -> bool:
    """Whether the package has nothing where a file below tests/ lies."""
    place, package = Path(name).relative_to("tests"), ROOT / "emulator"
    if len(place.parts) > 1:
        return place.parts[0] not in _ACROSS and not (package / place.parent).is_dir()
    return place.name.startswith("test_") and not (package / place.name[5:]).is_file()


def test_tests_lie_where_the_package_has_what_they_test():
    assert [name for name in _tracked() if fnmatch(name, "tests/*.py") and _is_lost(name)] == []


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("tests/resources/payments/test_fees.py", False),
        ("tests/resources/money/test_fees.py", True),
        ("tests/money/test_fees.py", True),
        ("tests/properties/test_fees.py", False),
        ("tests/test_world.py", False),
        ("tests/test_fees.py", True),
        ("tests/talking.py", False),
    ],
)
def test_a_test_of_nothing_in_the_package_is_noticed(name: str, lost: bool):
    assert _is_lost(name) == lost


@pytest.mark.parametrize("folder", _SUBJECTS, ids=lambda folder: folder.name)
def test_every_subject_has_tests_of_its_own(folder: Path):
    mirrored = ROOT / "tests" / folder.relative_to(ROOT / "emulator")
    assert [*mirrored.glob("test_*.py")] != []
