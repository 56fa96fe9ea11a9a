"""Prorations with discounts and taxes."""

from __future__ import annotations

from typing import Final

import pytest

from tests.resources.billing.changes import (
    NEWEST_VERSION,
    THIRD_OF_MARCH,
    billing,
    change,
    discount,
    item_of,
    latest,
    pending,
    sold,
)
from tests.resources.subscribers import price
from tests.talking import NOW, Talk

_MODES: Final = ("classic", "flexible")


def test_a_discount_is_within_a_proration_or_beside_it(talk: Talk):
    """The example of the changelog that brought it: 10% of the item, 2 USD of the whole."""
    for shown, amount, total, off in (
        ("included", 700, 700, [0, 0]),
        ("itemized", 1_000, 700, [100, 200]),
    ):
        other = talk.as_key(f"sk_test_{shown}")
        other.control("clock", {"now": NOW, "mode": "frozen"})
        params = {
            "billing_mode": billing("flexible", proration_discounts=shown),
            "discounts": discount(other, amount_off=200, currency="usd"),
        }
        made = sold(other, (price(other, 0), 1), **params)
        item = item_of(made, price=price(other, 1_000))
        item["discounts"] = discount(other, percent_off=10)
        changed = change(other, made, item, proration_behavior="always_invoice")
        debit = other.got("/v1/invoiceitems", **NEWEST_VERSION)["data"][0]
        told = debit["proration_details"]["discount_amounts"]
        assert (debit["amount"], debit["net_amount"]) == (amount, 700), shown
        assert [each["amount"] for each in told] == off, shown
        invoice = latest(other, changed)
        assert (invoice["total"], invoice["amount_due"]) == (total, 700), shown
        assert invoice["subtotal"] == (700 if shown == "included" else 900)
        line = invoice["lines"]["data"][-1]
        beside = [each["amount"] for each in line["discount_amounts"]]
        assert beside == ([0] if shown == "included" else [100, 200])
        all_off = [each["amount"] for each in invoice["total_discount_amounts"]]
        assert all_off == ([] if shown == "included" else [100, 200])


@pytest.mark.parametrize("mode", _MODES)
def test_a_credit_is_of_what_was_paid_after_the_discount(talk: Talk, mode: str):
    params = {"discounts": discount(talk, percent_off=50, duration="once")}
    made = sold(talk, (price(talk, 3_000), 1), billing_mode=billing(mode), **params)
    talk.advance(f"{THIRD_OF_MARCH}s")
    change(talk, made, item_of(made, quantity=2))
    assert [amount for amount, _ in pending(talk)] == [-1_000, 4_000]


@pytest.mark.parametrize(
    ("mode", "told"), [("classic", [-1_700, 700]), ("flexible", [-1_800, 700, -600, 583])]
)
def test_a_discount_of_so_much_is_alike_or_by_its_share(talk: Talk, mode: str, told: list[int]):
    params = {"discounts": discount(talk, amount_off=900, currency="usd")}
    prices = (price(talk, 3_000), 1), (price(talk, 1_000), 1)
    made = sold(talk, *prices, billing_mode=billing(mode), **params)
    talk.advance(f"{THIRD_OF_MARCH}s")
    cheaper = item_of(made, price=price(talk, 1_500))
    change(talk, made, cheaper)
    found = [amount for amount, _ in pending(talk)]
    if mode == "classic":
        assert found == told
        return
    assert found == [-1_550, 640, -517, 427]


def test_taxes_go_back_as_they_were_charged(talk: Talk):
    rates = [
        talk.made("/v1/tax_rates", {"display_name": "VAT", "inclusive": "false", "percentage": p})
        for p in (10, 20)
    ]
    first, second = (rate["id"] for rate in rates)
    made = sold(talk, (price(talk, 3_000), 1), default_tax_rates=[first])
    talk.advance(f"{THIRD_OF_MARCH}s")
    how = {"default_tax_rates": [second], "proration_behavior": "always_invoice"}
    changed = change(talk, made, item_of(made, quantity=2), **how)
    invoice = latest(talk, changed)
    assert [line["taxes"][0]["amount"] for line in invoice["lines"]["data"]] == [-200, 800]
    assert (invoice["subtotal"], invoice["total"]) == (2_000, 2_600)
