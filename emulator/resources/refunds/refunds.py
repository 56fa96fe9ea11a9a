"""Refunds: money given back to the payer of a charge, and what goes back with it.

States: succeeded at once for cards, pending until a bank has answered or there is money for it,
failed, canceled, requires_action; how they go on is in `pending_refunds.py`. With
`reverse_transfer` the destination gives its part back, with `refund_application_fee` the platform
its fee, both in proportion.
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import methods as method_refusals
from emulator.kernel.errors import refunds as refusals
from emulator.kernel.instants import DAY
from emulator.kit import Doc, Page, Params, Tx, envelope, get_within, lists_within, page, retrieves
from emulator.kit.editing import edit, merged_metadata
from emulator.resources.charges.charges import (
    CHARGES,
    REFUNDS,
    has_fee,
    is_captured_in_part,
    is_passed_on,
    refundable,
    whole,
)
from emulator.resources.disputes import disputes
from emulator.resources.payment_methods import payment_methods
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS
from emulator.resources.refunds import giving_back, pending_refunds
from emulator.resources.transfers import transfers
from emulator.rules import methods

# What a test card says of refunds, as the answer to `refund.arrive`.
_FATES: Final = {
    "succeeds": "succeeded",
    "pending_succeeds": "pending",
    "fails_later": "expired_or_canceled_card",
}
# Assumed: how long a customer takes to answer the mail, and how long they may.
_ANSWER_SECONDS: Final = 180
_MAIL_LASTS_SECONDS: Final = 45 * DAY


@REFUNDS.on("POST /v1/refunds")
def create(tx: Tx, params: Params) -> Doc:
    return refund(tx, target(tx, params), params)


@REFUNDS.on("POST /v1/charges/{charge}/refunds")
def create_nested(tx: Tx, params: Params, charge: str) -> Doc:
    return refund(tx, tx.get(CHARGES, charge), params)


@REFUNDS.on("POST /v1/charges/{charge}/refund")
def create_on_charge(tx: Tx, params: Params, charge: str) -> Doc:
    """The oldest form, which answers with the charge."""
    refund(tx, tx.get(CHARGES, charge), params)
    return tx.get(CHARGES, charge)


retrieves(REFUNDS, "GET /v1/refunds/{refund}")


@REFUNDS.on("POST /v1/refunds/{refund}")
def update(tx: Tx, params: Params, refund_id: str) -> Doc:
    return pending_refunds.change(tx, edit(tx.get(REFUNDS, refund_id), params, REFUNDS.editable))


@REFUNDS.on("GET /v1/refunds")
def list_(tx: Tx, params: Params) -> Page:
    if params.get("charge"):
        tx.get(CHARGES, params["charge"], param="charge")
    return page(tx, REFUNDS, params)._replace(counted=True)  # observed in 2025


lists_within(REFUNDS, "GET /v1/charges/{charge}/refunds", CHARGES, "charge")


@REFUNDS.on("GET /v1/charges/{charge}/refunds/{refund}")
def retrieve_nested(tx: Tx, _params: Params, charge: str, refund_id: str) -> Doc:
    tx.get(CHARGES, charge)
    return get_within(tx, REFUNDS, refund_id, charge=charge)


@REFUNDS.on("POST /v1/refunds/{refund}/cancel")
def cancel(tx: Tx, _params: Params, refund_id: str) -> Doc:
    doc = tx.get(REFUNDS, refund_id)
    if not REFUNDS.allows(doc, "canceled"):
        raise refusals.refund_not_cancelable(doc["status"])
    doc.pop("next_action", None)
    return pending_refunds.undo(tx, doc, "canceled")


CHARGES.includes["refunds"] = lambda tx, charge: envelope(
    tx, REFUNDS, f"/v1/charges/{charge['id']}/refunds", charge=charge["id"]
)


# -- doing it -------------------------------------------------------------------------------------


def refund(tx: Tx, charge: Doc, params: Params) -> Doc:
    """Give back the whole rest of a charge, or `amount` of it."""
    amount = params.get("amount")
    _check(tx, charge, amount, params)
    amount = amount or refundable(charge)
    if charge["source_transfer"]:
        return _return_transfer(tx, charge, amount, params)
    doc = _new_refund(tx, charge, amount, params)
    fate = _foretold(tx, doc, charge)
    if fate == "asks":
        _ask_customer(tx, doc, charge, params)
    if params.get("reverse_transfer"):
        doc["transfer_reversal"] = giving_back.reverse_transfer(tx, charge, amount, doc, params)
    elif params.get("refund_application_fee"):
        giving_back.refund_fee(tx, charge, amount, doc["id"])
    _mark(charge, amount, params)
    why = pending_refunds.reason(tx, charge, amount)
    if why is None:
        pending_refunds.carry_out(tx, charge, doc, fate)
    else:
        doc |= {"status": "pending", "pending_reason": why}
    doc = tx.save(REFUNDS, doc, event="refund.created")
    tx.save(CHARGES, charge, event="charge.refunded")
    disputes.refunded(tx, charge)
    if why is not None:
        pending_refunds.wait(tx, charge, doc, fate)
    return doc


def _return_transfer(tx: Tx, charge: Doc, amount: int, params: Params) -> Doc:
    """What another account paid goes back to it: its transfer is reversed."""
    giver = tx.on(charge["source"]["id"])
    transfer = giver.get(transfers.TRANSFERS, charge["source_transfer"])
    fee = bool(params.get("refund_application_fee"))
    reversal = transfers.reverse(giver, transfer, amount, refund_application_fee=fee)
    doc = tx.get(REFUNDS, reversal["destination_payment_refund"])
    doc["metadata"] = merged_metadata(None, params.get("metadata") or {})
    return tx.save(REFUNDS, doc | {"reason": params.get("reason")})


def target(tx: Tx, params: Params) -> Doc:
    if params.get("charge"):
        return tx.get(CHARGES, params["charge"], param="charge")
    intent = params.get("payment_intent")
    if not intent:
        raise refusals.refund_without_target()
    found = tx.get(PAYMENT_INTENTS, intent, param="payment_intent")
    charge = tx.find(CHARGES, found["latest_charge"] or "")
    if charge is None or charge["status"] == "failed":
        raise refusals.intent_without_charge(intent)
    return charge


def _check(tx: Tx, charge: Doc, amount: int | None, params: Params) -> None:
    """Stripe's order: refunded already, disputed, more than there is, a part of what is not
    captured.
    """
    rest = refundable(charge)
    if charge["status"] == "failed":
        raise refusals.charge_failed(charge["id"])
    if charge["refunded"] or rest <= 0:
        raise refusals.charge_already_refunded(charge["id"])
    if disputes.holds(tx, charge):
        raise refusals.charge_disputed(charge["id"])
    if amount is not None and amount > whole(charge) and not charge["amount_refunded"]:
        raise refusals.refund_above_charge(amount, charge)
    if amount is not None and amount > rest:
        raise refusals.refund_above_rest(amount, rest, charge["currency"])
    known = methods.of_type(charge["payment_method_details"]["type"])
    if known is not None and known.refund == "none":
        raise method_refusals.not_refundable(known.type)
    part = amount is not None and amount < rest
    if part and not charge["captured"] and not is_captured_in_part(charge):
        raise refusals.partial_refund_of_uncaptured()
    _check_flags(charge, params)


def _check_flags(charge: Doc, params: Params) -> None:
    """What is to go back with the money must be there, and all of it."""
    for name in ("reverse_transfer", "refund_application_fee"):
        if params.get(name) and is_captured_in_part(charge):
            raise refusals.refund_of_parts(charge["id"], name)
    if params.get("reverse_transfer") and not is_passed_on(charge):
        raise refusals.no_transfer_to_reverse(charge["id"])
    plain = not has_fee(charge) and not is_passed_on(charge)
    if params.get("refund_application_fee") and plain:
        raise refusals.no_fee_to_refund(charge["id"])


def _new_refund(tx: Tx, charge: Doc, amount: int, params: Params) -> Doc:
    prefix = "re" if charge["id"].startswith("ch_") else "pyr"
    doc = tx.new(
        REFUNDS,
        tx.kin_id(prefix, charge["id"]),
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        metadata=merged_metadata(None, params.get("metadata") or {}),
        payment_intent=charge["payment_intent"],
        reason=params.get("reason"),
    )
    if prefix == "pyr":
        del doc["destination_details"]
    return doc


def _foretold(tx: Tx, doc: Doc, charge: Doc) -> str:
    """How the refund will end: the answer to `refund.arrive`, or `asks`."""
    card = payment_methods.card_of_id(tx, charge["payment_method"])
    usual = _FATES[card.refund] if card else _usual(charge)
    return "asks" if usual == "asks" else tx.ask("refund.arrive", usual, lambda: _about(doc))


def _about(doc: Doc) -> Doc:
    names = ("amount", "charge", "currency", "payment_intent", "reason")
    return {"refund": doc["id"], **{name: doc[name] for name in names}}


def _usual(charge: Doc) -> str:
    """How refunds of anything but a card go, by the table of payment methods."""
    known = methods.of_type(charge["payment_method_details"]["type"])
    ways = {"pending": "pending", "by_email": "asks"}
    return ways.get(known.refund, "succeeded") if known else "succeeded"


def _ask_customer(tx: Tx, doc: Doc, charge: Doc, params: Params) -> None:
    """Where the money came without a way back, the customer is asked for a bank account by mail."""
    email = params.get("instructions_email") or charge["billing_details"]["email"]
    if email is None:
        raise method_refusals.needs_email()
    sent = {"email_sent_at": tx.now, "email_sent_to": email}
    details = {"email_sent": sent, "expires_at": tx.now + _MAIL_LASTS_SECONDS}
    doc |= {
        "instructions_email": email,
        "next_action": {"display_details": details, "type": "display_details"},
        "status": "requires_action",
    }
    tx.later(tx.now + _ANSWER_SECONDS, REFUNDS, "settle", doc["id"], fate="pending")


def _mark(charge: Doc, amount: int, params: Params) -> None:
    charge["amount_refunded"] += amount
    whole_ = max(charge["amount"], charge["amount_captured"])
    charge["refunded"] = charge["amount_refunded"] >= whole_
    if params.get("reason") == "fraudulent":
        charge["fraud_details"] = {**charge["fraud_details"], "user_report": "fraudulent"}
