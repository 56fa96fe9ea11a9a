"""The tables beside the contract say only what exists."""

from __future__ import annotations

from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from emulator.contract import event_types, object_names, operations, shape
from emulator.kernel import files
from emulator.resources.stored.deeds import Deed
from emulator.resources.stored.plans import plan

FILES: Final = ("prefixes", "objects", "operations", "catalogues")
OBJECTS: Final[dict[str, Any]] = files.table("stored/objects.json")
VERBS: Final = [(name, verb) for name, of in OBJECTS.items() for verb in of.get("verbs", ())]


@pytest.mark.parametrize("name", FILES)
def test_a_table_has_its_form(name: str):
    schema = files.load("stored/schema.json")
    asked = {"$ref": f"#/$defs/{name}", "$defs": schema["$defs"]}
    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(asked).iter_errors(files.load(f"stored/{name}.json"))) == []


def test_tables_name_objects_and_operations_of_the_contract():
    prefixes = files.table("stored/prefixes.json")
    named = {*prefixes["documented"], *prefixes["assumed"], *OBJECTS}
    named |= {*files.table("stored/catalogues.json")}
    assert named - object_names() == set()
    exceptions = files.table("stored/operations.json")
    assert exceptions.keys() - operations().keys() == set()
    assert {each["like"] for each in exceptions.values() if "like" in each} <= operations().keys()
    assert not prefixes["documented"].keys() & prefixes["assumed"].keys()


@pytest.mark.parametrize("name", OBJECTS)
def test_what_is_set_has_a_place_in_the_shape(name: str):
    fields = shape(name)["fields"]
    given = [OBJECTS[name].get("start", {})]
    given += [rule.get("set", {}) for rule in OBJECTS[name].get("verbs", {}).values()]
    for values in given:
        assert values.keys() - fields.keys() == set()
        _check_enums(fields, values)


def _check_enums(fields: dict[str, Any], values: dict[str, Any]) -> None:
    for field, value in values.items():
        spec = fields[field]
        if spec["type"] == "enum":
            assert value is None or value in spec["values"], (field, value)
        elif isinstance(value, dict):
            assert value.keys() <= spec["fields"].keys(), field
            _check_enums(spec["fields"], value)


@pytest.mark.parametrize("name", [name for name, of in OBJECTS.items() if "follows" in of])
def test_what_is_taken_over_stands_on_both_sides(name: str):
    for told in OBJECTS[name]["follows"].values():
        assert set(told["fields"]) <= shape(name)["fields"].keys()
        assert set(told["fields"]) <= shape(told["object"])["fields"].keys()


@pytest.mark.parametrize(("name", "verb"), VERBS)
def test_a_verb_is_an_operation_and_tells_what_there_is(name: str, verb: str):
    plans = [plan(each) for each in operations().values() if each.returns == name]
    assert any(how.verb == verb for how in plans)
    rule = OBJECTS[name]["verbs"][verb]
    assert rule.get("event") is None or rule["event"] in event_types()
    statuses = shape(name)["fields"].get("status", {}).get("values", [])
    assert set(rule.get("from", ())) <= set(statuses)
    for path in rule.get("stamp", ()):
        fields = shape(name)["fields"]
        for step in path.split("."):
            assert step in fields, path
            fields = fields[step].get("fields", {})


def test_every_deed_is_one_that_can_be_done():
    assert {plan(each).deed for each in operations().values()} - {*dir(Deed)} == set()
