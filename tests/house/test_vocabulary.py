"""What the resources declare and announce exists in Stripe's API."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from inspect import signature

import jsonschema

from emulator import resources
from emulator.contract import event_types, operations
from emulator.control.faults import KINDS
from emulator.kernel import files
from emulator.kit import Resource
from emulator.kit.questions import questions
from emulator.kit.resource import Job
from tests.house import rules
from tests.house.rules import Module, modules

# Sent by the real service, and missing from the SDKs' list of types.
LEGACY_EVENTS = frozenset({"payment.created"})
KNOWN_EVENTS = event_types() | LEGACY_EVENTS


def test_every_declared_operation_is_in_the_contract():
    assert [key for key in resources.OPERATIONS if key not in operations()] == []


def test_every_declared_operation_is_found_by_its_name():
    code = "".join(module.text for module in modules("emulator/resources"))
    assert [key for key in resources.OPERATIONS if f'"{key}"' not in code] == []


def test_every_declared_resource_is_in_the_table_of_contents():
    found = set()
    for part in pkgutil.walk_packages(resources.__path__, "emulator.resources."):
        values = vars(importlib.import_module(part.name)).values()
        found |= {value.name for value in values if isinstance(value, Resource)}
    assert found - set(resources.RESOURCES) == set()


def test_every_announced_event_type_is_known():
    found = modules("emulator/resources", "emulator/kit")
    assert [b for module in found for b in rules.unknown_events(module, KNOWN_EVENTS)] == []


def test_an_unknown_event_type_is_noticed():
    for planted in (
        'tx.save(X, doc, event="customer.born")',
        'tx.save(X, doc, event="customer.created" if new else "customer.born")',
        'tx.emit("customer.born", doc)',
        'Lifecycle("a", steps={("a", "b"): "customer.born"})',
    ):
        module = Module("emulator/resources/a.py", planted)
        assert list(rules.unknown_events(module, KNOWN_EVENTS)) != [], planted


def _put_off() -> Iterator[tuple[str, set[str]]]:
    """Each job that is put on an agenda by its name, with what it is told."""
    for module in modules("emulator"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "later":
                names = [each.value for each in node.args if isinstance(each, ast.Constant)]
                yield from ((str(job), {str(k.arg) for k in node.keywords}) for job in names)


def _takes(run: Job, more: set[str]) -> bool:
    known = [*signature(run).parameters.values()][2:]
    return {p.name for p in known if p.default is p.empty} <= more <= {p.name for p in known}


def test_every_job_takes_what_it_is_told():
    jobs = [job for resource in resources.RESOURCES.values() for job in resource.jobs.items()]
    told = [*_put_off()]
    assert len({job for job, _ in told}) > 20
    for job, more in told:
        assert any(_takes(run, more) for name, run in jobs if name == job), (job, more)


def test_the_schema_of_scenarios_knows_every_answer_and_fault():
    schema = files.load("emulator/scenario.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    definitions = schema["$defs"]
    assert set(definitions["answer"]["properties"]["question"]["enum"]) == set(questions())
    assert set(definitions["fault"]["properties"]["fault"]["enum"]) == set(KINDS)
