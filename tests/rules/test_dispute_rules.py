"""Disputes."""

import pytest

from emulator.rules import cards, disputes
from tests.rules.dates import at


@pytest.mark.parametrize(
    ("case_type", "status", "withdraws"),
    [
        ("chargeback", "needs_response", True),
        ("compliance", "needs_response", True),
        ("inquiry", "warning_needs_response", False),
        ("block", "prevented", False),
    ],
)
def test_how_disputes_begin(case_type, status, withdraws):
    assert disputes.first_status(case_type) == status
    assert disputes.withdraws(case_type) is withdraws


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        ({"uncategorized_text": "winning_evidence"}, "won"),
        ({"uncategorized_text": " losing_evidence\n"}, "lost"),
        ({"uncategorized_text": "escalate_inquiry_evidence"}, "escalated"),
        ({"uncategorized_text": "I have winning_evidence"}, None),
        ({"uncategorized_text": None}, None),
        ({"product_description": "winning_evidence"}, None),
        ({}, None),
    ],
)
def test_which_words_decide(evidence, verdict):
    assert disputes.verdict(evidence) == verdict


@pytest.mark.parametrize(
    ("status", "verdict", "after"),
    [
        ("under_review", "won", "won"),
        ("under_review", "lost", "lost"),
        ("under_review", "escalated", "under_review"),
        ("warning_under_review", "won", "warning_closed"),
        ("warning_under_review", "lost", "warning_closed"),
        ("warning_under_review", "escalated", "needs_response"),
    ],
)
def test_where_verdicts_lead(status, verdict, after):
    assert disputes.status_after(status, verdict) == after


@pytest.mark.parametrize(
    ("status", "submitted", "closed"),
    [
        ("needs_response", "under_review", "lost"),
        ("warning_needs_response", "warning_under_review", "warning_closed"),
    ],
)
def test_submitting_and_giving_up(status, submitted, closed):
    assert disputes.submitted_status(status) == submitted
    assert disputes.closed_status(status) == closed


@pytest.mark.parametrize(
    ("status", "refundable", "open_", "closed"),
    [
        ("needs_response", False, True, False),
        ("under_review", False, False, False),
        ("won", True, False, True),
        ("lost", False, False, True),
        ("warning_needs_response", True, True, False),
        ("warning_closed", True, False, True),
    ],
)
def test_what_a_status_means(status, refundable, open_, closed):
    assert disputes.is_charge_refundable(status) is refundable
    assert disputes.accepts_evidence(status) is open_
    assert disputes.is_closed(status) is closed


def test_network_reason_codes():
    assert disputes.network_reason_code("visa", "fraudulent") == "83"
    assert disputes.network_reason_code("visa", "check_returned") is None
    assert disputes.network_reason_code("jcb", "fraudulent") is None


def test_every_reason_of_a_card_is_a_reason():
    reasons = {card.dispute.reason for card in cards.cards() if card.dispute}
    assert reasons <= set(disputes.reasons())


@pytest.mark.parametrize(
    "created", ["2023-10-30T00:00:00", "2023-10-30T16:39:15", "2023-10-30T23:59:59"]
)
def test_disputes_are_due_at_the_end_of_the_ninth_day(created):
    assert disputes.due_by(at(created)) == at("2023-11-08T23:59:59")
