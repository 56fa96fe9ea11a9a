"""`schemas/stripe` is what the installed SDK says, corrected with a reason."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

import orjson
import pytest

from emulator.devtools.contract.corrections import EVIDENCE, merge
from emulator.devtools.contract.generate import generated
from emulator.kernel import files


def installed():
    try:
        return version("stripe")
    except PackageNotFoundError:
        return None


@pytest.mark.skipif(installed() != "16.1.0", reason="the facts are those of stripe 16.1.0")
def test_generating_again_gives_the_same_bytes():
    folder = files.schemas() / "stripe"
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.json")
    }
    assert generated() == found


def test_every_correction_says_why():
    for path in (files.schemas() / "corrections").glob("*.json"):
        for patch in orjson.loads(path.read_bytes())["patches"]:
            assert patch["reason"].endswith("."), path.name
            assert patch["evidence"] in EVIDENCE, path.name


def test_a_correction_is_merged_into_what_is_there():
    fields: dict[str, Any] = {
        "items": {
            "type": "array",
            "items": {"type": "object", "fields": {"price": {"type": "string", "required": True}}},
        }
    }
    merge(fields, "items[][price]", {"most": 5, "required": None})
    merge(fields, "items[][plan]", {"type": "string"})
    assert fields["items"]["items"]["fields"] == {
        "price": {"type": "string", "most": 5},
        "plan": {"type": "string"},
    }
    merge(fields, "items", None)
    assert fields == {}
