"""What is done about invoices that nobody pays."""

from __future__ import annotations

from typing import Any, Final

import pytest

from emulator.rules.billing import dunning
from tests.resources.subscribers import customer, price, subscribe
from tests.talking import NOW, Talk

_DAY: Final = 86_400


def _unpaid(talk: Talk, card: str) -> Any:
    """A subscription whose renewal was declined, with its customer."""
    payer = customer(talk)
    made = subscribe(talk, price(talk), payer)
    bad = talk.made(f"/v1/payment_methods/{card}/attach", {"customer": payer})["id"]
    talk.made(f"/v1/subscriptions/{made['id']}", {"default_payment_method": bad})
    talk.advance("31d")
    talk.advance("1h")
    return talk.got(f"/v1/subscriptions/{made['id']}")


def _invoice(talk: Talk, made: Any) -> Any:
    return talk.got(f"/v1/invoices/{made['latest_invoice']}")


@pytest.mark.parametrize("days", dunning.WINDOWS)
def test_smart_retries_lie_within_their_window(talk: Talk, days: int):
    talk.control("settings", {"dunning": {"smart_days": days, "after_retries": "unpaid"}})
    made = _unpaid(talk, "pm_card_chargeCustomerFail")
    failed = NOW + 31 * _DAY + 3_600
    tries = []
    while (when := _invoice(talk, made)["next_payment_attempt"]) is not None:
        assert made["status"] == "past_due"
        tries.append(when)
        talk.control("clock", {"now": when})
    assert len(tries) == 8
    assert failed < tries[0] < tries[-1] <= failed + days * _DAY
    assert tries == sorted(set(tries))
    assert _invoice(talk, made)["attempt_count"] == 9
    assert talk.got(f"/v1/subscriptions/{made['id']}")["status"] == "unpaid"


def test_what_declined_for_good_is_not_asked_again(talk: Talk):
    talk.control("answers", {"question": "card.charge", "answer": "lost_card", "after": 1})
    made = _unpaid(talk, "pm_card_mastercard")
    first = _invoice(talk, made)
    assert (first["attempt_count"], made["status"]) == (1, "past_due")
    talk.advance("3d")
    again = _invoice(talk, made)
    assert again["attempt_count"] == 1
    assert again["next_payment_attempt"] > first["next_payment_attempt"]
    good = talk.got("/v1/payment_methods", {"customer": made["customer"]})["data"][-1]["id"]
    talk.made(f"/v1/invoices/{first['id']}", {"default_payment_method": good})
    talk.advance("5d")
    assert _invoice(talk, made)["status"] == "paid"
    assert talk.got(f"/v1/subscriptions/{made['id']}")["status"] == "active"


def test_it_is_given_up_all_the_same(talk: Talk):
    talk.control("answers", {"question": "card.charge", "answer": "stolen_card", "after": 1})
    made = _unpaid(talk, "pm_card_mastercard")
    talk.advance("16d")
    assert talk.got(f"/v1/subscriptions/{made['id']}")["status"] == "canceled"
    assert _invoice(talk, made)["attempt_count"] == 1


@pytest.mark.parametrize("days", [0, 8, "14", None])
def test_other_windows_are_refused(talk: Talk, days: Any):
    assert talk.control("settings", {"dunning": {"smart_days": days}}).status_code == 400
