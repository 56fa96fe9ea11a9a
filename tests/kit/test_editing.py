"""How an update changes an object, and what it tells of the change."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.contract.previous import differences
from emulator.kit.editing import merged_metadata
from tests.talking import Talk, error

PATH = "/v1/customers"


def test_what_is_not_sent_stays(talk: Talk):
    customer = talk.customer(name="Ada", email="ada@example.com")
    found = talk.made(f"{PATH}/{customer['id']}", {"name": "Eve"})
    assert found == {**customer, "name": "Eve"}
    assert talk.got(f"{PATH}/{customer['id']}") == found


def test_an_empty_value_clears_a_field(talk: Talk):
    customer = talk.customer(name="Ada")
    assert talk.made(f"{PATH}/{customer['id']}", {"name": ""})["name"] is None


def test_a_hash_has_all_its_keys(talk: Talk):
    address = talk.customer(address={"line1": "1 Main St", "country": "US"})["address"]
    assert address["line1"] == "1 Main St"
    assert address["city"] is None
    assert list(address) == sorted(address)


def test_a_hash_is_merged(talk: Talk):
    customer = talk.customer(address={"line1": "1 Main St", "city": "Rome"})
    changed = talk.made(f"{PATH}/{customer['id']}", {"address": {"city": "Oslo"}})["address"]
    assert (changed["line1"], changed["city"]) == ("1 Main St", "Oslo")


def test_metadata_is_added_replaced_and_removed_by_key(talk: Talk):
    customer = talk.customer(metadata={"a": 1, "b": 2})
    assert customer["metadata"] == {"a": "1", "b": "2"}
    path = f"{PATH}/{customer['id']}"
    assert talk.made(path, {"metadata": {"b": "3", "c": "4"}})["metadata"] == {
        "a": "1",
        "b": "3",
        "c": "4",
    }
    assert talk.made(path, {"metadata": {"a": ""}})["metadata"] == {"b": "3", "c": "4"}
    assert talk.made(path, {"metadata": ""})["metadata"] == {}


@pytest.mark.parametrize(
    ("old", "new", "joined"),
    [
        (None, {"a": "1"}, {"a": "1"}),
        ({"a": "1"}, {}, {"a": "1"}),
        ({"a": "1"}, {"a": ""}, {}),
        ({"a": "1"}, {"b": ""}, {"a": "1"}),
        ({"a": "1"}, None, {}),
    ],
)
def test_metadata_is_joined(old: Any, new: Any, joined: Any):
    assert merged_metadata(old, new) == joined


@pytest.mark.parametrize(
    ("metadata", "status"),
    [
        ({"k" * 40: "v"}, 200),
        ({"k" * 41: "v"}, 400),
        ({"k": "v" * 500}, 200),
        ({"k": "v" * 501}, 400),
        ({f"k{n}": "v" for n in range(50)}, 200),
        ({f"k{n}": "v" for n in range(51)}, 400),
    ],
)
def test_metadata_has_its_limits(talk: Talk, metadata: Any, status: int):
    assert talk.post(PATH, {"metadata": metadata}).status_code == status


def test_an_update_announces_what_it_changed(talk: Talk):
    customer = talk.customer(name="Ada", address={"city": "Rome", "country": "IT"})
    talk.made(f"{PATH}/{customer['id']}", {"name": "Eve", "address": {"city": "Bari"}})
    (event,) = talk.got("/v1/events", {"type": "customer.updated"})["data"]
    assert event["data"]["previous_attributes"] == {"address": {"city": "Rome"}, "name": "Ada"}
    assert event["data"]["object"]["name"] == "Eve"


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ({"a": 1}, {"a": 1}, None),
        ({"a": 1}, {"a": 2}, {"a": 1}),
        ({"a": None}, {"a": 2}, {"a": None}),
        ({}, {"a": 2}, {"a": None}),
        ({"a": [1, 2]}, {"a": [1]}, {"a": [1, 2]}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, {"a": {"c": 2}}),
        ({"a": {"b": 1}}, {"a": None}, {"a": {"b": 1}}),
        ({"b": 1, "a": 1}, {"b": 2, "a": 2}, {"a": 1, "b": 1}),
    ],
)
def test_only_what_differs_is_told(before: Any, after: Any, changed: Any):
    assert differences(before, after) == changed


def test_a_deleted_object_is_shown_as_deleted_and_no_longer_changed(talk: Talk):
    customer = talk.customer()["id"]
    gone = {"id": customer, "object": "customer", "deleted": True}
    assert talk.delete(f"{PATH}/{customer}").json() == gone
    assert talk.got(f"{PATH}/{customer}") == gone
    refused = error(talk.post(f"{PATH}/{customer}", {"name": "Ada"}), 404)
    assert (refused["code"], refused["param"]) == ("resource_missing", "id")
    assert error(talk.delete(f"{PATH}/{customer}"), 404)["code"] == "resource_missing"
    assert talk.got(PATH)["data"] == []
