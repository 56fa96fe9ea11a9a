"""The code keeps the rules of the house, and each rule barks when it is broken."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from itertools import islice

import pytest

from tests.house import rules
from tests.house.rules import ROOT, Module, modules

PACKAGE = modules("emulator")
EVERYTHING = [*PACKAGE, *modules("tests")]

Rule = Callable[[Module], Iterator[str]]

_REFUSED = "from emulator.kernel.errors import money\n"

# Who reads what the package itself does not name.
_READ_ELSEWHERE = {
    "CHANGES": "the chain of versions, of each of its modules",
    "add": "the command line, of each command",
    "cards": "tests of the table",
    "makes_nothing": "a test of fuzzing",
    "pytest_addoption": "pytest",
    "pytest_configure": "pytest",
}


def _layers(contract: str = "Layers") -> list[frozenset[str]]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = {each["name"]: each for each in config["tool"]["importlinter"]["contracts"]}
    layers = contracts[contract]["layers"]
    return [frozenset(layer.replace(" ", "").split("|")) for layer in layers]


def _well_layered(module: Module) -> Iterator[str]:
    return rules.misplaced_imports(module, _layers())


@pytest.mark.parametrize("rule", [rules.long_functions, rules.long_modules, rules.long_lines])
def test_package_and_tests_keep_to_the_measures(rule: Rule):
    assert [broken for module in EVERYTHING for broken in rule(module)] == []


@pytest.mark.parametrize(
    "rule",
    [
        rules.time_and_chance,
        rules.tinydb,
        rules.homemade_refusals,
        rules.worded_refusals,
        rules.thrown_away,
        rules.silent_updates,
        rules.empty_names,
        _well_layered,
    ],
)
def test_the_package_keeps_the_rule(rule: Rule):
    assert [broken for module in PACKAGE for broken in rule(module)] == []


@pytest.mark.parametrize(
    ("rule", "path", "planted"),
    [
        (rules.long_functions, "emulator/kit/a.py", "def f():\n" + "    x = 1\n" * 40),
        (rules.long_modules, "emulator/kit/a.py", "x = 1\n" * 401),
        (rules.long_lines, "tests/a.py", "#" * 101),
        (rules.time_and_chance, "emulator/kit/a.py", "import random"),
        (rules.time_and_chance, "emulator/kit/a.py", "from time import sleep"),
        (rules.time_and_chance, "emulator/rules/a.py", "x = datetime.now(UTC)"),
        (rules.time_and_chance, "emulator/rules/a.py", "x = datetime.datetime.utcnow()"),
        (rules.tinydb, "emulator/kit/a.py", "from tinydb.table import Table"),
        (rules.homemade_refusals, "emulator/web/a.py", "raise Refusal(400, 'x', 'y')"),
        (rules.homemade_refusals, "emulator/web/a.py", "raise errors.invalid('y')"),
        (rules.worded_refusals, "emulator/web/a.py", _REFUSED + "raise money.no('Not so.')"),
        (rules.worded_refusals, "emulator/web/a.py", _REFUSED + "raise money.no(f'Not {x} now.')"),
        (rules.thrown_away, "emulator/kit/a.py", "def f(tx, doc):\n    del tx\n    return doc"),
        (rules.silent_updates, "emulator/resources/a.py", "tx.emit('plan.updated', plan)"),
        (rules.empty_names, "emulator/web/a.py", "class WorldManager: ..."),
        (rules.empty_names, "emulator/web/a.py", "class BaseResource: ..."),
        (_well_layered, "emulator/kit/a.py", "from emulator.resources import RESOURCES"),
        (_well_layered, "emulator/rules/a.py", "from emulator.ledger import Move"),
        (_well_layered, "emulator/store/a.py", "from emulator import kit"),
        (_well_layered, "emulator/world.py", "import emulator.web.app"),
    ],
)
def test_a_rule_barks(rule: Rule, path: str, planted: str):
    assert list(rule(Module(path, planted))) != []


@pytest.mark.parametrize(
    ("rule", "path", "allowed"),
    [
        (rules.long_functions, "emulator/kit/a.py", "def f():\n" + "    x = 1\n" * 39),
        (rules.long_modules, "emulator/kit/a.py", "x = 1\n" * 400),
        (rules.long_lines, "tests/a.py", "#" * 100),
        (rules.time_and_chance, "emulator/kernel/clock.py", "import time"),
        (rules.time_and_chance, "emulator/rules/a.py", "x = tx.now + clock.now()"),
        (rules.tinydb, "emulator/store/documents.py", "import tinydb"),
        (rules.homemade_refusals, "emulator/kernel/errors/a.py", "x = invalid('y')"),
        (rules.worded_refusals, "emulator/web/a.py", _REFUSED + "raise money.no('a whole number')"),
        (rules.thrown_away, "emulator/kit/a.py", "def f(_tx, doc):\n    del doc['id']"),
        (rules.silent_updates, "emulator/resources/a.py", "tx.emit('a.updated', a, previous=b)"),
        (rules.silent_updates, "emulator/resources/a.py", "tx.emit('plan.created', plan)"),
        (rules.empty_names, "emulator/web/a.py", "class Database: ..."),
        (_well_layered, "emulator/kit/a.py", "from emulator.store import Store"),
    ],
)
def test_a_rule_lets_pass_what_is_allowed(rule: Rule, path: str, allowed: str):
    assert list(rule(Module(path, allowed))) == []


def test_every_part_of_the_package_has_its_layer():
    known = {name for names in _layers() for name in names} | {"devtools"}
    parts = {module.path.split("/")[1].removesuffix(".py") for module in PACKAGE} - {"__init__"}
    assert parts - known == set()


def test_nothing_in_the_package_is_there_for_nobody():
    found = {broken.rpartition(" ")[2]: broken for broken in rules.unused(PACKAGE)}
    assert [broken for name, broken in found.items() if name not in _READ_ELSEWHERE] == []
    assert _READ_ELSEWHERE.keys() - found.keys() == set()


def test_the_table_of_contents_of_resources_goes_down_their_layers():
    (contents,) = (each for each in PACKAGE if each.path == "emulator/resources/__init__.py")
    told = iter(re.findall(r"^- `(\w+)`", contents.text, re.MULTILINE))
    layers = _layers("Subjects of resources")
    assert [frozenset(islice(told, len(layer))) for layer in layers] == layers
    assert list(told) == []


def test_what_nobody_uses_is_found():
    code = "LIMIT = 1\n\n\ndef used():\n    return 1\n\n\ndef alone():\n    return used()\n"
    other = "from emulator import a\n\nalone = a.used()\nprint(alone)\n"
    package = [Module("emulator/a.py", code), Module("emulator/b.py", other)]
    assert [broken.rpartition(" ")[2] for broken in rules.unused(package)] == ["LIMIT", "alone"]
