"""Billing credits: granted, applied to metered lines, expired, voided, and given back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.resources.subscribers import customer, events, price
from tests.talking import NOW, Talk, error

_DAY = 86_400
_METERED = {"scope": {"price_type": "metered"}}
_BOTH = {"scope": {"price_type": "metered", "prices": [{"id": "price_any"}]}}
_NOTHING = {"monetary": {"currency": "usd", "value": 0}}


def _usage(talk: Talk, cents: int = 100) -> tuple[str, str]:
    """The id of a metered price, and the name of the events it counts."""
    name = f"calls_{cents}"
    sent = {
        "default_aggregation": {"formula": "sum"},
        "display_name": "Calls",
        "event_name": name,
    }
    meter = talk.made("/v1/billing/meters", sent)["id"]
    recurring = {"interval": "month", "usage_type": "metered", "meter": meter}
    return price(talk, cents, None, recurring=recurring), name


def _grant(talk: Talk, whose: str, value: int, **params: Any) -> Any:
    money = {"type": "monetary", "monetary": {"currency": "usd", "value": value}}
    sent = {"customer": whose, "amount": money, "applicability_config": _METERED, **params}
    return talk.made("/v1/billing/credit_grants", sent)


def _use(talk: Talk, name: str, whose: str, value: int) -> None:
    sent = {"event_name": name, "payload": {"stripe_customer_id": whose, "value": value}}
    talk.made("/v1/billing/meter_events", sent)


def _billed(talk: Talk, whose: str, price_: str, name: str, used: int, **params: Any) -> Any:
    """The invoice over a month in which so much was used."""
    sent = {"customer": whose, "items": [{"price": price_}], **params}
    talk.made("/v1/subscriptions", sent)
    talk.advance("1d")
    _use(talk, name, whose, used)
    talk.advance("31d")
    return talk.got("/v1/invoices", {"customer": whose})["data"][0]


def _left(talk: Talk, whose: str, **scope: Any) -> list[tuple[int, int]]:
    asked = {
        "type": "applicability_scope",
        "applicability_scope": scope or {"price_type": "metered"},
    }
    found = talk.got("/v1/billing/credit_balance_summary", {"customer": whose, "filter": asked})
    return [
        tuple(each[name]["monetary"]["value"] for name in ("available_balance", "ledger_balance"))
        for each in found["balances"]
    ]


def _moves(talk: Talk, grant: str) -> list[tuple[str, int]]:
    found = talk.got("/v1/billing/credit_balance_transactions", {"credit_grant": grant})["data"]
    sides = [each["credit"] or each["debit"] for each in reversed(found)]
    return [(side["type"], side["amount"]["monetary"]["value"]) for side in sides]


def test_a_grant_is_there_at_once(talk: Talk) -> None:
    whose = customer(talk)
    made = _grant(talk, whose, 1_000, name="Welcome", category="promotional")
    assert (made["priority"], made["effective_at"], made["category"]) == (50, NOW, "promotional")
    assert _left(talk, whose) == [(1_000, 1_000)]
    assert _moves(talk, made["id"]) == [("credits_granted", 1_000)]
    assert events(talk)[-2:] == [
        "billing.credit_grant.created",
        "billing.credit_balance_transaction.created",
    ]
    assert talk.got("/v1/billing/credit_grants", {"customer": whose})["data"] == [made]


def test_credits_pay_for_usage_before_tax(talk: Talk) -> None:
    whose, (metered, name) = customer(talk), _usage(talk)
    rate = talk.made("/v1/tax_rates", {"display_name": "T", "inclusive": False, "percentage": 10})
    grant = _grant(talk, whose, 600)
    invoice = _billed(talk, whose, metered, name, 10, default_tax_rates=[rate["id"]])

    assert (invoice["subtotal"], invoice["total_excluding_tax"], invoice["total"]) == (
        1_000,
        400,
        440,
    )
    (used,) = invoice["total_pretax_credit_amounts"]
    assert (used["amount"], used["type"]) == (600, "credit_balance_transaction")
    assert invoice["lines"]["data"][0]["pretax_credit_amounts"] == [used]
    assert invoice["amount_paid"] == 440

    move = talk.got(f"/v1/billing/credit_balance_transactions/{used['credit_balance_transaction']}")
    applied = {"invoice": invoice["id"], "invoice_line_item": invoice["lines"]["data"][0]["id"]}
    assert move["debit"]["credits_applied"] == applied
    assert (move["credit_grant"], _left(talk, whose)) == (grant["id"], [(0, 0)])


def test_what_is_paid_by_credits_alone_is_paid(talk: Talk) -> None:
    whose, (metered, name) = customer(talk), _usage(talk)
    _grant(talk, whose, 5_000)
    invoice = _billed(talk, whose, metered, name, 10)
    assert (invoice["status"], invoice["total"], invoice["amount_paid"]) == ("paid", 0, 0)
    assert _left(talk, whose) == [(4_000, 4_000)]


def test_discounts_come_before_credits(talk: Talk) -> None:
    whose, (metered, name) = customer(talk), _usage(talk)
    coupon = talk.made("/v1/coupons", {"percent_off": 50, "duration": "forever"})["id"]
    _grant(talk, whose, 300)
    invoice = _billed(talk, whose, metered, name, 10, discounts=[{"coupon": coupon}])
    assert [each["amount"] for each in invoice["total_pretax_credit_amounts"]] == [500, 300]
    assert invoice["total"] == 200


def test_credits_pay_for_metered_prices_alone(talk: Talk) -> None:
    whose = customer(talk)
    _grant(talk, whose, 5_000)
    sent = {"customer": whose, "items": [{"price": price(talk)}], "expand": ["latest_invoice"]}
    assert talk.made("/v1/subscriptions", sent)["latest_invoice"]["amount_paid"] == 2_000


def test_a_grant_may_be_for_certain_prices(talk: Talk) -> None:
    whose, (metered, name), (other, _) = customer(talk), _usage(talk), _usage(talk, 200)
    scope = {"scope": {"prices": [{"id": other}]}}
    _grant(talk, whose, 500, applicability_config=scope)
    assert _billed(talk, whose, metered, name, 10)["total"] == 1_000
    assert _left(talk, whose, prices=[{"id": other}]) == [(500, 500)]
    assert _left(talk, whose, prices=[{"id": metered}]) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"priority": 10}, {"priority": 20}),
        ({"expires_at": NOW + 90 * _DAY}, {"expires_at": NOW + 99 * _DAY}),
        ({"expires_at": NOW + 90 * _DAY}, {}),
        ({"category": "promotional"}, {"category": "paid"}),
    ],
)
def test_which_credits_are_used_first(talk: Talk, first: Any, second: Any) -> None:
    whose, (metered, name) = customer(talk), _usage(talk)
    later, sooner = _grant(talk, whose, 700, **second), _grant(talk, whose, 700, **first)
    _billed(talk, whose, metered, name, 10)
    assert _moves(talk, sooner["id"])[1:] == [("credits_applied", 700)]
    assert _moves(talk, later["id"])[1:] == [("credits_applied", 300)]


def test_a_void_invoice_gives_its_credits_back(talk: Talk) -> None:
    whose, (metered, name) = customer(talk, "pm_card_chargeCustomerFail"), _usage(talk)
    grant = _grant(talk, whose, 300)
    invoice = _billed(talk, whose, metered, name, 10)
    talk.made(f"/v1/invoices/{invoice['id']}/void")
    assert _moves(talk, grant["id"]) == [
        ("credits_granted", 300),
        ("credits_applied", 300),
        ("credits_application_invoice_voided", 300),
    ]
    assert _left(talk, whose) == [(300, 300)]


def test_credits_expire_when_their_time_comes(talk: Talk) -> None:
    whose = customer(talk)
    made = _grant(talk, whose, 300, expires_at=NOW + 10 * _DAY)
    place = f"/v1/billing/credit_grants/{made['id']}"
    talk.made(place, {"expires_at": NOW + 20 * _DAY})
    talk.advance("11d")
    assert _left(talk, whose) == [(300, 300)]
    talk.advance("10d")
    assert _left(talk, whose) == [(0, 0)]
    assert _moves(talk, made["id"])[1:] == [("credits_expired", 300)]
    error(talk.post(f"{place}/expire"), 400)


def test_credits_of_later_are_in_the_ledger_and_not_usable(talk: Talk) -> None:
    whose = customer(talk)
    _grant(talk, whose, 300, effective_at=NOW + _DAY)
    assert _left(talk, whose) == [(0, 300)]
    talk.advance("1d")
    assert _left(talk, whose) == [(300, 300)]


@pytest.mark.parametrize(
    ("deed", "move", "stamp"),
    [("expire", "credits_expired", "expires_at"), ("void", "credits_voided", "voided_at")],
)
def test_a_grant_may_be_ended_by_hand(talk: Talk, deed: str, move: str, stamp: str) -> None:
    whose = customer(talk)
    made = _grant(talk, whose, 300)
    place = f"/v1/billing/credit_grants/{made['id']}/{deed}"
    assert talk.made(place)[stamp] == NOW
    assert _moves(talk, made["id"])[1:] == [(move, 300)]
    assert "billing.credit_grant.updated" in events(talk)
    error(talk.post(place), 400)


def test_used_credits_are_not_voided(talk: Talk) -> None:
    whose, (metered, name) = customer(talk), _usage(talk)
    grant = _grant(talk, whose, 300)
    _billed(talk, whose, metered, name, 1)
    error(talk.post(f"/v1/billing/credit_grants/{grant['id']}/void"), 400)


def test_grants_live_on_the_clock_of_their_customer(talk: Talk) -> None:
    clock = talk.made("/v1/test_helpers/test_clocks", {"frozen_time": NOW})["id"]
    whose = customer(talk, test_clock=clock)
    made = _grant(talk, whose, 300, expires_at=NOW + _DAY)
    assert made["test_clock"] == clock
    place = f"/v1/test_helpers/test_clocks/{clock}/advance"
    talk.made(place, {"frozen_time": NOW + 2 * _DAY})
    talk.advance("1m")
    assert _left(talk, whose) == [(0, 0)]


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"amount": {"type": "monetary", **_NOTHING}}, "amount[monetary][value]"),
        ({"applicability_config": _BOTH}, "applicability_config[scope]"),
        ({"expires_at": NOW}, "expires_at"),
    ],
)
def test_what_cannot_be_granted(talk: Talk, params: Any, param: str) -> None:
    money = {"currency": "usd", "value": 100}
    sent = {
        "customer": customer(talk),
        "amount": {"type": "monetary", "monetary": money},
        "applicability_config": _METERED,
        **params,
    }
    assert error(talk.post("/v1/billing/credit_grants", sent), 400)["param"] == param


def test_events_of_meters_are_told_apart_by_their_identifier(talk: Talk) -> None:
    _, name = _usage(talk)
    payload = {"stripe_customer_id": customer(talk), "value": 1}
    sent = {"event_name": name, "identifier": "once", "payload": payload}
    talk.made("/v1/billing/meter_events", sent)
    assert error(talk.post("/v1/billing/meter_events", sent), 400)["param"] == "identifier"
    talk.advance("25h")
    talk.made("/v1/billing/meter_events", sent)


def test_a_preview_shows_the_credits_that_would_be_used(talk: Talk) -> None:
    whose, (metered, name) = customer(talk), _usage(talk)
    grant = _grant(talk, whose, 300)
    made = talk.made("/v1/subscriptions", {"customer": whose, "items": [{"price": metered}]})
    _use(talk, name, whose, 10)
    shown = talk.made("/v1/invoices/create_preview", {"subscription": made["id"]})
    assert (shown["subtotal"], shown["total"]) == (1_000, 700)
    (used,) = shown["total_pretax_credit_amounts"]
    assert (used["amount"], used["credit_balance_transaction"]) == (300, None)
    assert _moves(talk, grant["id"]) == [("credits_granted", 300)]
