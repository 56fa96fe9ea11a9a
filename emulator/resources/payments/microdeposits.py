"""Microdeposits: two small payments whose amounts, or whose code, prove that a bank account is the
payer's. Both kinds of intents wait for them.
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import Refusal
from emulator.kernel.errors import instruments as refusals
from emulator.kernel.errors import payments as payment_refusals
from emulator.kit import Doc, Params, Tx
from emulator.kit.access import check_client_secret, seen
from emulator.resources.payment_methods import payment_methods
from emulator.resources.payments import confirming
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS, SEEN
from emulator.rules import debits

_MOST_TRIES: Final = 10


@PAYMENT_INTENTS.on("POST /v1/payment_intents/{intent}/verify_microdeposits", publishable=True)
def verify_microdeposits(tx: Tx, params: Params, id_: str) -> Doc:
    intent = tx.get(PAYMENT_INTENTS, id_)
    check_client_secret(tx, intent, params)
    if not awaited(intent):
        raise payment_refusals.no_microdeposits_awaited(intent)
    method = payment_methods.use(tx, intent["payment_method"])
    final = prove(tx, method, params)
    if final is None:
        return seen(tx, confirming.approved(tx, intent), SEEN)
    confirming.ended(tx, intent, final)
    final.keep = True
    raise final


@PAYMENT_INTENTS.job
def give_up_deposits(tx: Tx, intent: Doc, of: str, code: str) -> None:
    """The deposits did not arrive, or nobody verified them in time."""
    refusal = given_up(intent, of, code)
    if refusal is not None:
        confirming.ended(tx, intent, refusal)


def given_up(intent: Doc, of: str, code: str) -> Refusal | None:
    """Why an intent is not proved any more; None when it went on since. of: the payment method that
    was to be proved. code: `failed` or `verification_timeout`.
    """
    if not awaited(intent) or intent["payment_method"] != of:
        return None
    return refusals.microdeposits_not_sent() if code == "failed" else refusals.microdeposits_late()


def awaited(intent: Doc) -> bool:
    """Whether an intent waits for the amounts."""
    action = intent["next_action"] or {}
    return bool(action.get("type") == "verify_with_microdeposits")


def prove(tx: Tx, method: Doc, params: Params) -> Refusal | None:
    """Compare what was typed with what was sent. None: the account is proved. A refusal comes back
    when it cannot be proved any more, and is raised when another try is free.
    """
    amounts, code = params.get("amounts"), params.get("descriptor_code")
    outcome = debits.verification(amounts, code)
    notes = payment_methods.notes_of(tx, method)
    notes["tries"] = notes.get("tries", 0) + 1
    tx.hide(method["id"], notes | {"verified": outcome == "verified"})
    if outcome == "verified":
        return None
    if outcome == "attempts_exceeded" or notes["tries"] >= _MOST_TRIES:
        return refusals.microdeposits_exhausted()
    if outcome == "timeout":
        return refusals.microdeposits_late()
    refusal = refusals.microdeposits_mismatch("amounts" if amounts else "descriptor_code")
    refusal.keep = True
    raise refusal
