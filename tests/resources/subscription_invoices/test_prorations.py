"""Prorations: what is given back and charged when a subscription changes within a period."""

from __future__ import annotations

from typing import Any, Final

import jsonschema
import pytest

from emulator.contract import json_schema
from tests.resources.billing.changes import (
    NEWEST_VERSION,
    THIRD_OF_MARCH,
    billing,
    change,
    discount,
    invoiced,
    item_of,
    latest,
    pending,
    sold,
    waiting,
)
from tests.resources.subscribers import amounts, price
from tests.talking import NOW, Talk, error

_DAY: Final = 86_400
_MARCH: Final = 31 * _DAY  # seconds of the period that begins at NOW
_APRIL: Final = NOW + _MARCH
_MODES: Final = ("classic", "flexible")


# -- what each says -------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", _MODES)
def test_each_thing_that_goes_and_comes_has_an_item_of_its_own(talk: Talk, mode: str):
    made = sold(talk, (price(talk, 3_000), 2), (price(talk, 500), 1), billing_mode=billing(mode))
    talk.advance(f"{THIRD_OF_MARCH}s")
    added = {"price": price(talk, 900), "quantity": 3}
    change(talk, made, item_of(made, quantity=1), item_of(made, 1, deleted="true"), added)
    assert pending(talk) == [
        (-4_000, "Unused time on 2 × Tea after 11 Mar 2026"),
        (2_000, "Remaining time on Tea after 11 Mar 2026"),
        (-333, "Unused time on Tea after 11 Mar 2026"),
        (1_800, "Remaining time on 3 × Tea after 11 Mar 2026"),
    ]
    credit, debit = waiting(talk)[:2]
    assert credit["period"] == debit["period"] == {"start": NOW + THIRD_OF_MARCH, "end": _APRIL}
    assert (credit["proration"], credit["discountable"], credit["quantity"]) == (True, False, 2)
    assert credit["net_amount"] == -4_000
    invoice = made["latest_invoice"]
    lines = talk.got(f"/v1/invoices/{invoice}/lines")["data"]
    assert credit["proration_details"] == {
        "credited_items": {
            "invoice_line_item_details": {
                "invoice": invoice,
                "invoice_line_items": [lines[0]["id"]],
            },
            "type": "invoice_line_items",
        },
        "discount_amounts": [],
    }
    assert debit["proration_details"]["credited_items"] is None


def test_a_credit_names_the_charge_that_it_takes_back(talk: Talk):
    made = sold(talk, (price(talk, 3_000), 1))
    talk.advance("10d")
    change(talk, made, item_of(made, quantity=2))
    talk.advance("10d")
    change(talk, made, item_of(made, quantity=3))
    first, charge, second, _ = waiting(talk)
    assert second["proration_details"]["credited_items"] == {
        "invoice_item": charge["id"],
        "type": "invoice_item",
    }
    assert (charge["amount"], second["amount"]) == (4_065, -2_129)  # 21 and 11 days of 31
    talk.advance("11d")
    (renewal,) = talk.got("/v1/invoices", {"limit": 1})["data"]
    shown = {line["amount"]: line for line in renewal["lines"]["data"]}
    parent = shown[-2_129]["parent"]["subscription_item_details"]
    assert parent["proration"] is True
    assert parent["proration_details"]["credited_items"] == {
        "invoice": renewal["id"],
        "invoice_line_items": [shown[4_065]["id"]],
    }
    assert first["amount"] == -2_032


def test_old_versions_tell_it_in_their_words(talk: Talk):
    old = {"stripe_version": "2020-08-27"}
    made = sold(talk, (price(talk, 3_000), 1))
    talk.advance(f"{THIRD_OF_MARCH}s")
    change(talk, made, item_of(made, quantity=2), proration_behavior="always_invoice")
    credit, debit = talk.got("/v1/invoiceitems", **old)["data"][::-1]
    assert (credit["unit_amount"], debit["unit_amount"], debit["quantity"]) == (-2_000, 2_000, 2)
    assert credit["subscription"] == made["id"]
    assert "proration_details" not in credit
    (invoice, _) = talk.got("/v1/invoices", **old)["data"]
    line = invoice["lines"]["data"][0]
    assert (line["type"], line["proration"], line["invoice_item"]) == (
        "invoiceitem",
        True,
        credit["id"],
    )
    assert line["subscription_item"] == made["items"]["data"][0]["id"]


def test_a_day_may_be_named_from_which_it_counts(talk: Talk):
    made = sold(talk, (price(talk, 3_100), 1))
    talk.advance("20d")
    change(talk, made, item_of(made, quantity=2), proration_date=NOW + 10 * _DAY)
    assert pending(talk) == [
        (-2_100, "Unused time on Tea after 11 Mar 2026"),
        (4_200, "Remaining time on 2 × Tea after 11 Mar 2026"),
    ]
    path = f"/v1/subscriptions/{made['id']}"
    for day in (NOW - 1, _APRIL + 1):
        sent = {"items": [item_of(made, quantity=1)], "proration_date": day}
        assert error(talk.post(path, sent), 400)["param"] == "proration_date"
    for day in (NOW, _APRIL):
        change(talk, made, item_of(made, quantity=1 + day % 2), proration_date=day)


def test_nothing_is_charged_for_none_of_it(talk: Talk):
    made = sold(talk, (price(talk, 3_000), 1))
    talk.advance(f"{THIRD_OF_MARCH}s")
    change(talk, made, item_of(made, quantity=0))
    change(talk, made, item_of(made, quantity=2))
    assert [amount for amount, _ in pending(talk)] == [-2_000, 4_000]
    begun = sold(talk, (price(talk, 3_000), 0))
    assert (begun["items"]["data"][0]["quantity"], latest(talk, begun)["total"]) == (0, 0)


def test_tiers_are_prorated_together(talk: Talk):
    tiers = [{"up_to": 2, "unit_amount": 900}, {"up_to": "inf", "unit_amount": 300}]
    cost = price(talk, tiers=tiers, tiers_mode="graduated", billing_scheme="tiered")
    made = sold(talk, (cost, 4))
    talk.advance(f"{THIRD_OF_MARCH}s")
    change(talk, made, item_of(made, quantity=1))
    assert [amount for amount, _ in pending(talk)] == [-1_600, 600]
    credited = waiting(talk)[0]["proration_details"]["credited_items"]
    assert len(credited["invoice_line_item_details"]["invoice_line_items"]) == 2


def test_a_first_period_that_is_shorter_is_prorated_by_the_whole(talk: Talk):
    anchor = NOW + 10 * _DAY
    made = sold(talk, (price(talk, 2_800), 1), billing_cycle_anchor=anchor)
    assert latest(talk, made)["total"] == 1_000  # 10 of the 28 days before the anchor
    talk.advance("5d")
    for mode in ("create_prorations", "none"):
        change(talk, made, item_of(made, quantity=2), proration_behavior=mode)
    assert [amount for amount, _ in pending(talk)] == [-500, 1_000]


# -- what flexible billing does otherwise ---------------------------------------------------------


@pytest.mark.parametrize(("mode", "credit"), [("classic", -4_000), ("flexible", -2_000)])
def test_what_was_never_charged_is_given_back_in_classic_billing_alone(
    talk: Talk, mode: str, credit: int
):
    made = sold(talk, (price(talk, 3_000), 1), billing_mode=billing(mode))
    change(talk, made, item_of(made, quantity=2), proration_behavior="none")
    talk.advance(f"{THIRD_OF_MARCH}s")
    change(talk, made, item_of(made, quantity=3))
    assert [amount for amount, _ in pending(talk)] == [credit, 6_000]


@pytest.mark.parametrize(("mode", "credits_"), [("classic", [-2_000]), ("flexible", [])])
def test_a_void_invoice_has_charged_nothing(talk: Talk, mode: str, credits_: list[int]):
    params = {"billing_mode": billing(mode), "collection_method": "send_invoice"}
    made = sold(talk, (price(talk, 3_000), 1), days_until_due=9, **params)
    invoice = made["latest_invoice"]
    talk.made(f"/v1/invoices/{invoice}/finalize")
    talk.made(f"/v1/invoices/{invoice}/void")
    talk.advance(f"{THIRD_OF_MARCH}s")
    change(talk, made, item_of(made, quantity=2))
    assert [amount for amount, _ in pending(talk)] == [*credits_, 4_000]


@pytest.mark.parametrize("mode", _MODES)
def test_another_trial_is_counted_from_now_in_flexible_billing(talk: Talk, mode: str):
    made = sold(talk, (price(talk), 1), trial_period_days=5, billing_mode=billing(mode))
    change(talk, made, trial_end="now")
    talk.advance("1d")
    tried = change(talk, made, trial_end=NOW + 9 * _DAY)
    assert tried["trial_start"] == (NOW + _DAY if mode == "flexible" else NOW)


@pytest.mark.parametrize("mode", _MODES)
def test_from_free_to_paid_a_cycle_begins_in_classic_billing(talk: Talk, mode: str):
    made = sold(talk, (price(talk, 0), 1), billing_mode=billing(mode))
    talk.advance(f"{THIRD_OF_MARCH}s")
    changed = change(talk, made, item_of(made, price=price(talk, 3_000)))
    if mode == "flexible":
        assert changed["billing_cycle_anchor"] == NOW
        assert [amount for amount, _ in pending(talk)] == [0, 2_000]
        return
    assert changed["billing_cycle_anchor"] == NOW + THIRD_OF_MARCH
    assert [amount for amount, _ in invoiced(talk, changed)] == [0, 3_000]


@pytest.mark.parametrize(("mode", "invoices"), [("classic", 2), ("flexible", 1)])
def test_what_comes_along_alone_is_invoiced_at_once_in_classic_billing(
    talk: Talk, mode: str, invoices: int
):
    made = sold(talk, (price(talk), 1), billing_mode=billing(mode))
    extra = [{"price": price(talk, 250, None)}]
    change(talk, made, add_invoice_items=extra, proration_behavior="always_invoice")
    assert len(talk.got("/v1/invoices")["data"]) == invoices
    assert len(waiting(talk)) == 2 - invoices


def test_what_comes_along_with_a_change_is_on_its_invoice(talk: Talk):
    made = sold(talk, (price(talk, 3_000), 1))
    talk.advance(f"{THIRD_OF_MARCH}s")
    extra = [{"price": price(talk, 250, None)}]
    how = {"add_invoice_items": extra, "proration_behavior": "always_invoice"}
    changed = change(talk, made, item_of(made, quantity=2), **how)
    assert [amount for amount, _ in invoiced(talk, changed)] == [-2_000, 4_000, 250]


# -- metered --------------------------------------------------------------------------------------


def _metered(talk: Talk, amount: int = 30, interval: str = "month") -> str:
    meters = talk.got("/v1/billing/meters")["data"]
    if not meters:
        how = {"default_aggregation": {"formula": "sum"}}
        params = {"display_name": "Cups", "event_name": "cup", **how}
        meters = [talk.made("/v1/billing/meters", params)]
    recurring = {"interval": interval, "usage_type": "metered", "meter": meters[0]["id"]}
    return price(talk, amount, recurring=recurring)


def _use(talk: Talk, made: Any, value: int) -> None:
    payload = {"stripe_customer_id": made["customer"], "value": str(value)}
    talk.made("/v1/billing/meter_events", {"event_name": "cup", "payload": payload})


@pytest.mark.parametrize(("mode", "told"), [("classic", []), ("flexible", [(210, 7)])])
def test_usage_of_an_item_that_goes_is_charged_in_flexible_billing(
    talk: Talk, mode: str, told: Any
):
    made = sold(talk, (price(talk), 1), billing_mode=billing(mode))
    added = {"subscription": made["id"], "price": _metered(talk)}
    item = talk.made("/v1/subscription_items", added)
    talk.advance("3d")
    _use(talk, made, 7)
    talk.advance("60s")
    talk.delete(f"/v1/subscription_items/{item['id']}")
    assert [(each["amount"], each["quantity"]) for each in waiting(talk)] == told


@pytest.mark.parametrize(("mode", "lines"), [("classic", [600]), ("flexible", [210, 250])])
def test_usage_is_priced_as_it_was_when_it_was_told(talk: Talk, mode: str, lines: list[int]):
    made = sold(talk, (_metered(talk), 1), billing_mode=billing(mode))
    _use(talk, made, 7)
    talk.advance("3d")
    change(talk, made, item_of(made, price=_metered(talk, 50)))
    _use(talk, made, 5)
    talk.advance("28d")
    (renewal, *_) = talk.got("/v1/invoices")["data"]
    assert amounts(renewal) == lines


def test_an_empty_line_announces_usage_in_classic_billing(talk: Talk):
    made = sold(talk, (_metered(talk), 1), billing_mode=billing("classic"))
    assert invoiced(talk, made) == [(0, "0 × Tea (at $0.30 / month)")]
    assert sold(talk, (_metered(talk), 1))["latest_invoice"] is None


def test_a_new_cycle_bills_what_was_used_in_the_old(talk: Talk):
    made = sold(talk, (_metered(talk), 1), (price(talk, 3_000), 1))
    _use(talk, made, 4)
    talk.advance(f"{THIRD_OF_MARCH}s")
    changed = change(talk, made, billing_cycle_anchor="now")
    assert [amount for amount, _ in invoiced(talk, changed)] == [-2_000, 120, 3_000]
    _use(talk, made, 2)
    talk.advance("31d")
    assert amounts(talk.got("/v1/invoices")["data"][0]) == [60, 3_000]


# -- when more changes ----------------------------------------------------------------------------


def test_another_currency_is_spoken_where_the_price_has_it(talk: Talk):
    euros = {"eur": {"unit_amount": 3_000}}
    made = sold(talk, (price(talk, 5_000, currency_options=euros), 1), currency="eur")
    talk.advance(f"{THIRD_OF_MARCH}s")
    both = price(talk, 9_000, currency_options={"eur": {"unit_amount": 6_000}})
    change(talk, made, item_of(made, price=both))
    assert [amount for amount, _ in pending(talk)] == [-2_000, 4_000]
    refused = error(
        talk.post(f"/v1/subscriptions/{made['id']}", {"items": [item_of(made, price=price(talk))]}),
        400,
    )
    assert "same currency" in refused["message"]


def test_more_credit_than_charge_stays_with_the_customer(talk: Talk):
    made = sold(talk, (price(talk, 3_000), 4))
    talk.advance(f"{THIRD_OF_MARCH}s")
    how = {"proration_behavior": "always_invoice"}
    changed = change(talk, made, item_of(made, quantity=1), **how)
    invoice = latest(talk, changed)
    assert (invoice["status"], invoice["total"], invoice["amount_due"]) == ("paid", -6_000, 0)
    assert talk.got(f"/v1/customers/{made['customer']}")["balance"] == -6_000


def test_a_trial_gives_back_what_is_unused(talk: Talk):
    made = sold(talk, (price(talk, 3_000), 1))
    talk.advance(f"{THIRD_OF_MARCH}s")
    end = NOW + THIRD_OF_MARCH + 5 * _DAY
    tried = change(talk, made, trial_end=end)
    assert (tried["status"], tried["billing_cycle_anchor"]) == ("trialing", end)
    assert invoiced(talk, tried) == [
        (-2_000, "Unused time on Tea after 11 Mar 2026"),
        (0, "Free trial for 1 × Tea"),
    ]
    talk.advance("1d")
    change(talk, made, item_of(made, quantity=5))
    assert waiting(talk) == []


def test_a_trial_of_the_price_begins_when_asked_for(talk: Talk):
    rhythm = {"interval": "month", "trial_period_days": 6}
    made = sold(talk, (price(talk), 1))
    item = item_of(made, price=price(talk, recurring=rhythm))
    tried = change(talk, made, item, trial_from_plan="true")
    assert (tried["status"], tried["trial_end"]) == ("trialing", NOW + 6 * _DAY)


def test_what_shows_a_proration_conforms_to_the_contract(talk: Talk):
    made = sold(talk, (price(talk, 3_000), 1), discounts=discount(talk, percent_off=10))
    talk.advance("10d")
    changed = change(talk, made, item_of(made, quantity=2), proration_behavior="always_invoice")
    invoice = talk.got(f"/v1/invoices/{changed['latest_invoice']}", **NEWEST_VERSION)
    items = talk.got("/v1/invoiceitems", **NEWEST_VERSION)["data"]
    for each in [invoice, *invoice["lines"]["data"], *items]:
        jsonschema.Draft202012Validator(json_schema(each["object"])).validate(each)
