"""Notifying: who holds an Indian card hears of a charge before it is made.

A charge that relies on the mandate of such a card waits for that: its intent is `processing`, and
nothing is charged yet. Only then the card is asked, as it is by every other charge.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Doc, Tx
from emulator.resources.payment_methods import mandates
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS
from emulator.rules import cards, exchange

# Documented: about 15 minutes in tests, 26 hours in life.
_SECONDS: Final = 15 * 60
# Documented: from here on, or beyond what the mandate says, the holder approves each charge. Paise.
_MOST_UNASKED: Final = 1_500_000


def is_due(card: cards.Card | None, *, off_session: bool) -> bool:
    """Whether the holder of this card is to hear of a charge first that relies on a mandate."""
    return off_session and card is not None and card.country == "IN"


def begin(tx: Tx, intent: Doc, mandate: str) -> Doc:
    """Tell the holder, and charge later; the card is taken to be approved by then (documented of
    test cards).
    """
    completes_at = tx.now + _SECONDS
    told = {"approval_requested": _asks(tx, intent, mandate), "completes_at": completes_at}
    intent |= {
        "last_payment_error": None,
        "next_action": None,
        "processing": {"card": {"customer_notification": told}, "type": "card"},
    }
    tx.later(completes_at, PAYMENT_INTENTS, "charge_notified", intent["id"], mandate=mandate)
    return tx.step(PAYMENT_INTENTS, intent, "processing")


def _asks(tx: Tx, intent: Doc, mandate: str) -> bool:
    most = mandates.most(tx, mandate)
    if most is not None and intent["amount"] > most:
        return True
    rate = exchange.mid(intent["currency"], "inr", tx.setup.settings.get("rates"))
    return exchange.convert(intent["amount"], rate) > _MOST_UNASKED
