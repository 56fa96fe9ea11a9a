"""Lists can be asked for a value of a field, or for bounds of it, as they can of `created`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.talking import Talk


def _amounts(talk: Talk, **asked: Any) -> list[int]:
    return [each["amount"] for each in talk.got("/v1/topups", asked)["data"]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (300, [300]),
        ({"gt": 300}, [400]),
        ({"gte": 200, "lt": 400}, [300, 200]),
        ({"lte": 99}, []),
    ],
)
def test_a_value_or_bounds(talk: Talk, asked: Any, found: list[int]) -> None:
    for amount in (200, 300, 400):
        talk.made("/v1/topups", {"amount": amount, "currency": "usd"})

    assert _amounts(talk, amount=asked) == found
    assert _amounts(talk, amount=asked, status="failed") == []


def test_what_has_no_value_lies_within_no_bounds(talk: Talk) -> None:
    customer = talk.made("/v1/customers", {"email": "jenny@example.com"})["id"]
    at_once = {"customer": customer, "collection_method": "charge_automatically"}
    sent = {"customer": customer, "collection_method": "send_invoice", "days_until_due": 3}
    talk.made("/v1/invoices", at_once)
    due = talk.made("/v1/invoices", sent)

    found = talk.got("/v1/invoices", {"due_date": {"gte": 0}})["data"]
    assert [each["id"] for each in found] == [due["id"]]
    assert talk.got("/v1/invoices", {"due_date": {"gt": due["due_date"]}})["data"] == []
