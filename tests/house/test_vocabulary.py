"""What the resources declare and announce exists in Stripe's API."""

from __future__ import annotations

import importlib
import pkgutil

import jsonschema

from emulator import resources
from emulator.contract import event_types, operations
from emulator.control.faults import KINDS
from emulator.kernel import files
from emulator.kit import Resource
from emulator.kit.questions import questions
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


def test_the_schema_of_scenarios_knows_every_answer_and_fault():
    schema = files.load("emulator/scenario.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    definitions = schema["$defs"]
    assert set(definitions["answer"]["properties"]["question"]["enum"]) == set(questions())
    assert set(definitions["fault"]["properties"]["fault"]["enum"]) == set(KINDS)
