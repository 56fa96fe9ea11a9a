"""`charge.outcome`."""

import pytest

from emulator.rules import cards, outcomes
from emulator.rules.cards import Card

PLAIN = {"advice_code": None, "network_advice_code": None, "network_decline_code": None}


def card_of(name: str) -> Card:
    card = cards.by_name(name)
    assert card is not None
    return card


def test_an_approved_charge_reads_as_recorded():
    got = outcomes.outcome(card_of("visa"), approved=True, risk_score=23)
    assert got == {
        **PLAIN,
        "network_status": "approved_by_network",
        "reason": None,
        "risk_level": "normal",
        "risk_score": 23,
        "seller_message": "Payment complete.",
        "type": "authorized",
    }
    assert list(got) == sorted(got)


def test_a_decline_for_want_of_a_challenge_reads_as_recorded():
    card = card_of("threeDSecureRequired")
    no = cards.unasked(card)
    assert outcomes.outcome(card, approved=False, risk_score=8, no=no) == {
        **PLAIN,
        "network_status": "declined_by_network",
        "reason": "generic_decline",
        "risk_level": "normal",
        "risk_score": 8,
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }


@pytest.mark.parametrize(
    ("name", "no", "shown"),
    [
        (
            "chargeDeclinedExpiredCard",
            None,
            ("issuer_declined", "declined_by_network", "expired_card", "normal"),
        ),
        ("radarBlock", None, ("blocked", "not_sent_to_network", "highest_risk_level", "highest")),
        ("cvcCheckFail", "incorrect_cvc", ("blocked", "reversed_after_approval", "rule", "normal")),
        (
            "visa",
            "stolen_card",
            ("issuer_declined", "declined_by_network", "stolen_card", "normal"),
        ),
    ],
)
def test_declined_charges(name, no, shown):
    decline = cards.decline(no) if no else None
    got = outcomes.outcome(card_of(name), approved=False, no=decline)
    keys = ("type", "network_status", "reason", "risk_level")
    assert tuple(got[key] for key in keys) == shown
    assert "risk_score" not in got


def test_network_codes_stand_in_the_outcome_too():
    got = outcomes.outcome(card_of("visa_chargeDeclinedLostCard"), approved=False)
    assert (got["network_decline_code"], got["advice_code"]) == ("41", "do_not_try_again")


def test_a_charge_held_for_review_is_approved():
    got = outcomes.outcome(card_of("riskLevelElevated"), approved=True, review=True)
    assert (got["type"], got["reason"], got["risk_level"]) == (
        "manual_review",
        "elevated_risk_level",
        "elevated",
    )
    assert got["network_status"] == "approved_by_network"


_DECEMBER_2024, _JANUARY_2026 = 1_733_800_000, 1_768_900_000


@pytest.mark.parametrize(
    ("method", "created", "level"),
    [
        ("ideal", _JANUARY_2026, "not_assessed"),
        ("sepa_debit", _DECEMBER_2024, "not_assessed"),
        ("sepa_debit", _JANUARY_2026, "normal"),
        ("us_bank_account", _JANUARY_2026, "normal"),
    ],
)
def test_radar_looks_at_bank_debits_since_2025(method, created, level):
    got = outcomes.of_method(method, created, 12)
    assert got["risk_level"] == level
    assert got.get("risk_score") == (12 if level == "normal" else None)


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        (None, "Payment complete."),
        ("generic_decline", "The bank did not return any further details with this decline."),
        ("highest_risk_level", "Stripe blocked this payment as too risky."),
        (
            "elevated_risk_level",
            (
                "Stripe evaluated this payment as having elevated risk, and placed it in your "
                "manual review queue."
            ),
        ),
        ("rule", "Stripe blocked this payment based on a rule you set."),
        ("stolen_card", "The bank returned the decline code `stolen_card`."),
    ],
)
def test_every_reason_has_a_sentence_for_the_seller(reason: str | None, message: str) -> None:
    assert outcomes.seller_message(reason) == message
