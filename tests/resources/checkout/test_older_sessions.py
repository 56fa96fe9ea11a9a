"""Checkout Sessions as older versions showed them."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.resources.subscribers import price
from tests.talking import Talk

_THEN: Final = 1_590_000_000  # May 2020
_LATER: Final = 1_628_000_000  # August 2021
_URLS: Final = {"success_url": "https://shop.test/done", "cancel_url": "https://shop.test"}


@pytest.mark.parametrize(
    ("instant", "version", "shown"),
    [
        (_THEN, "2020-03-02", True),
        (_LATER, "2020-03-02", False),
        (_LATER, "2014-12-08", False),
        (_LATER, "2020-08-27", False),
    ],
)
def test_what_was_sold_was_displayed(talk: Talk, instant: int, version: str, shown: bool):
    """Observed: no longer in any version in August 2021."""
    assert talk.control("clock", {"now": instant}).status_code == 200
    line = {"name": "Tea", "description": "Green", "amount": 450, "currency": "usd", "quantity": 2}
    sent = {"line_items": [line], "payment_method_types": ["card"], **_URLS}
    sent["mode"] = "payment"
    session = talk.made("/v1/checkout/sessions", sent, stripe_version=version)
    assert ("display_items" in session) == shown
    if shown:
        assert session["display_items"] == [
            {
                "amount": 450,
                "currency": "usd",
                "custom": {"description": "Green", "images": None, "name": "Tea"},
                "quantity": 2,
                "type": "custom",
            }
        ]


def test_what_was_subscribed_to_was_displayed_as_its_plan(talk: Talk):
    assert talk.control("clock", {"now": _THEN}).status_code == 200
    plan = price(talk, 900)
    sent: dict[str, Any] = {"payment_method_types": ["card"], **_URLS}
    sent["subscription_data"] = {"items": [{"plan": plan, "quantity": 3}]}
    session = talk.made("/v1/checkout/sessions", sent, stripe_version="2019-12-03")
    (item,) = session["display_items"]
    assert (item["amount"], item["quantity"], item["type"]) == (900, 3, "plan")
    assert (item["plan"]["id"], item["plan"]["amount"]) == (plan, 900)
