"""Objects at birth have every key of their shape, in Stripe's order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from emulator.contract.blanks import blank
from emulator.kernel import files

NAMES = sorted(
    path.stem for path in (files.schemas() / "shapes").glob("*.json") if path.stem != "conditional"
)


def _dicts(place: Any) -> Iterator[dict[str, Any]]:
    if isinstance(place, dict):
        yield place
        for value in place.values():
            yield from _dicts(value)


@pytest.mark.parametrize("name", NAMES)
def test_keys_stand_in_stripes_order(name: str) -> None:
    for place in _dicts(blank(name)):
        keys = list(place)
        head = [key for key in ("id", "object") if key in place]
        assert keys == head + sorted(set(keys) - set(head))


@pytest.mark.parametrize("name", NAMES)
def test_an_object_carries_its_name(name: str) -> None:
    if "." not in name and "object" in blank(name):
        assert blank(name)["object"] == name


def test_each_blank_is_a_document_of_its_own() -> None:
    first = blank("account")
    first["settings"]["payouts"]["schedule"]["interval"] = "manual"

    assert blank("account")["settings"]["payouts"]["schedule"]["interval"] == "daily"


def test_conditional_keys_say_when() -> None:
    for name, keys in files.table("shapes/conditional.json").items():
        assert name in NAMES
        assert all(keys.values())
