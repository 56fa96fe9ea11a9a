"""The lines of an invoice that is still to come, page by page."""

from __future__ import annotations

from typing import Any

from tests.resources.subscribers import amounts, customer, price, subscribe
from tests.talking import Talk, error

_PATH = "/v1/invoices/upcoming/lines"
_VERSION = "2023-10-16"


def test_lines_of_a_preview_are_paged_both_ways(talk: Talk) -> None:
    payer = talk.customer()["id"]
    for amount in (100, 200, 300):
        params = {"customer": payer, "currency": "usd", "amount": amount}
        talk.made("/v1/invoiceitems", params)

    def listed(**params: Any) -> tuple[list[str], bool]:
        found = talk.got(_PATH, {"customer": payer, **params}, stripe_version=_VERSION)
        return [line["id"] for line in found["data"]], found["has_more"]

    (first, second, third), more = listed()
    assert not more
    assert listed(limit=2) == ([first, second], True)
    assert listed(limit=2, starting_after=second) == ([third], False)
    assert listed(limit=1, ending_before=third) == ([second], True)
    assert listed(ending_before=first) == ([], False)
    params = {"customer": payer, "starting_after": "il_none"}
    refused = error(talk.get(_PATH, params, stripe_version=_VERSION), 400)
    assert (refused["code"], refused["param"]) == ("resource_missing", "starting_after")


def test_items_of_a_subscription_are_changed_in_a_preview(talk: Talk) -> None:
    made = subscribe(talk, price(talk), customer(talk))
    item = {"id": made["items"]["data"][0]["id"], "quantity": 4}
    asked = {"subscription": made["id"], "subscription_proration_behavior": "always_invoice"}
    asked |= {"subscription_items": [item]}
    shown = talk.got("/v1/invoices/upcoming", asked, stripe_version="2020-08-27")
    assert amounts(shown) == [-2_000, 8_000]
