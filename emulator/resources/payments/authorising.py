"""Authorising: how one attempt to charge is carried out, whoever asks for it.

`authorise` asks the card and makes the charge; `settling.py` moves the money. Payment intents,
legacy charges and invoices all come through here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from emulator.contract.blanks import blank
from emulator.contract.order import in_order
from emulator.kernel.errors.refusal import Refusal
from emulator.kit import Doc, Tx
from emulator.resources.accounts.standing import press
from emulator.resources.accounts.state import account_seen
from emulator.resources.charges.charges import CHARGES, receipt_url
from emulator.resources.payment_methods import payment_methods, presented
from emulator.resources.payment_methods.details import of_charge
from emulator.resources.payments import clearing, reviews
from emulator.resources.payments.async_capture import hold_back
from emulator.resources.payments.settling import settle
from emulator.rules import cards, descriptors, methods, outcomes

# 2025-06-15. Observed: null up to 2025-05-01, six digits from 2025-08-01 on.
_CODES_SINCE: Final = 1_749_945_600
# What a merchant may ask of a card (`request_<feature>`), and how a charge says that it has it.
_FEATURES: Final = {
    "extended_authorization": "enabled",
    "incremental_authorization": "available",
    "multicapture": "available",
    "overcapture": "available",
}


@dataclass(slots=True)
class Order:
    """What a charge is to be: its amount, its payer, and how the money is to be split.

    amount: minor units of `currency`. method: the payment method (or the source as one).
    beginning: the id whose body the charge's ids share. carry: fields that the charge takes over as
    they are (description, metadata, …). three_d_secure: how the customer was authenticated, if at
    all. options: the intent's payment_method_options of a card. unhurried: whether its capture may
    be told of later.
    """

    amount: int
    currency: str
    method: Doc
    beginning: str | None = None
    capture: bool = True
    off_session: bool = False
    customer: str | None = None
    source: Doc | None = None
    application_fee_amount: int | None = None
    on_behalf_of: str | None = None
    transfer_data: Doc | None = None
    carry: Doc = field(default_factory=dict)
    three_d_secure: Doc | None = None
    challenged: bool = False
    mandate: str | None = None
    options: Doc = field(default_factory=dict)
    unhurried: bool = False


def authorise(tx: Tx, order: Order) -> tuple[Doc, Refusal | None]:
    """Ask the card. The charge is saved either way; a decline comes back beside it."""
    card = payment_methods.card_of(tx, order.method)
    no = _answer(tx, order, card) if card else _blocked(tx, order)
    if no is not None:
        return decline(tx, order, no)
    order.method = payment_methods.checked(tx, order.method)
    charge = _new_charge(tx, order, card, None)
    if methods.is_slow(order.method["type"]):
        return clearing.begin(tx, charge, order.method), None
    if order.capture:
        settle(tx, charge, charge["amount"], order.application_fee_amount)
        if order.unhurried:
            hold_back(tx, charge)
    tx.save(CHARGES, charge, event="charge.succeeded")
    if card is not None and card.risk_level == "elevated":
        reviews.open_review(tx, charge, "rule")
    if order.capture:
        foresee(tx, charge)
    else:
        tx.later(tx.now + _holds(order), CHARGES, "expire", charge["id"])
    if card is not None and card.trigger:
        press(tx, charge["on_behalf_of"] or tx.account, card.trigger)
    return charge, None


def _holds(order: Order) -> int:
    """For how many seconds this authorisation can be captured."""
    brand = (order.method.get("card") or {}).get("brand")
    extended = order.options.get("request_extended_authorization") == "if_available"
    return methods.holds_seconds(
        order.method["type"], brand, off_session=order.off_session, extended=extended
    )


def foresee(tx: Tx, charge: Doc) -> None:
    """What is to come of a charge that was captured: some cards are disputed or reported."""
    card = payment_methods.card_of_id(tx, charge["payment_method"])
    if card is not None and (card.dispute or card.fraud_warning):
        tx.later(tx.now, CHARGES, "turn_sour", charge["id"])


def decline(tx: Tx, order: Order, no: cards.Decline) -> tuple[Doc, Refusal]:
    """A charge that failed, and the refusal to answer with."""
    order.method = payment_methods.checked(tx, order.method)
    charge = _new_charge(tx, order, payment_methods.card_of(tx, order.method), no)
    refusal = cards.refusal(no)
    charge |= {"failure_code": refusal.code, "failure_message": refusal.message}
    refusal.extra["charge"] = charge["id"]
    return tx.save(CHARGES, charge, event="charge.failed"), refusal


def _blocked(tx: Tx, order: Order) -> cards.Decline | None:
    """Radar stops the debit of an account that it thinks too risky."""
    account = payment_methods.debit_of(tx, order.method)
    stopped = account is not None and account.outcome == "blocked"
    return cards.decline("radar_block") if stopped else None


def _answer(tx: Tx, order: Order, card: cards.Card) -> cards.Decline | None:
    notes = payment_methods.notes_of(tx, order.method)
    usual = cards.answer(
        card,
        "charge",
        cvc=bool(notes.get("cvc")) and not notes.get("used"),
        postal_code=bool(order.method["billing_details"]["address"]["postal_code"]),
        off_session=order.off_session,
    )
    if usual is None and order.challenged:
        usual = cards.after_challenge(card)
    said = tx.ask("card.charge", usual.name if usual else "approved", lambda: _about(order, card))
    return None if said == "approved" else cards.decline(said)


def _about(order: Order, card: cards.Card) -> Doc:
    return {
        "amount": order.amount,
        "brand": card.brand,
        "currency": order.currency,
        "customer": order.customer,
        "last4": card.last4,
        "payment_intent": order.beginning,
        "payment_method": order.method["id"],
    }


def _new_charge(
    tx: Tx, order: Order, card: cards.Card | None, decline: cards.Decline | None
) -> Doc:
    prefix = "ch" if card else "py"
    id_ = tx.kin_id(prefix, order.beginning) if order.beginning else tx.first_id(prefix)
    transfer = order.transfer_data or {}
    charge = tx.new(
        CHARGES,
        id_,
        amount=order.amount,
        application=tx.setup.application if not tx.is_platform else None,
        application_fee_amount=order.application_fee_amount,
        billing_details=order.method["billing_details"],
        captured=order.capture and decline is None,
        currency=order.currency,
        customer=order.customer,
        destination=transfer.get("destination"),
        on_behalf_of=order.on_behalf_of,
        outcome=_outcome(tx, id_, card, decline, order.method["type"]),
        paid=decline is None,
        payment_method=order.method["id"],
        source=order.source,
        status="succeeded" if decline is None else "failed",
        transfer_data=(
            {"amount": transfer.get("amount"), "destination": transfer["destination"]}
            if transfer
            else None
        ),
    )
    charge.update(order.carry)
    if transfer and decline is None and charge["transfer_group"] is None:
        charge["transfer_group"] = f"group_{charge['payment_intent'] or id_}"
    charge["calculated_statement_descriptor"] = _descriptor(tx, charge) if card else None
    charge["payment_method_details"] = _details(tx, charge, order, decline)
    if decline is None:
        charge["receipt_url"] = receipt_url(tx, id_)
    if not order.beginning:
        charge.pop("radar_options", None)
    return charge


def _outcome(
    tx: Tx, id_: str, card: cards.Card | None, decline: cards.Decline | None, method: str
) -> Doc:
    score = int(tx.chance(f"risk/{id_}") * 64)
    if card is None:
        return outcomes.of_method(method, tx.now, score, blocked=decline is not None)
    held = decline is None and card.risk_level == "elevated"
    return outcomes.outcome(
        card, approved=decline is None, risk_score=score, no=decline, review=held
    )


def _descriptor(tx: Tx, charge: Doc) -> str:
    merchant = account_seen(tx.on(charge["on_behalf_of"] or tx.account))
    settings = merchant["settings"]
    return descriptors.calculated(
        settings["payments"]["statement_descriptor"] or "STRIPE",
        settings["card_payments"].get("statement_descriptor_prefix"),
        suffix=charge["statement_descriptor_suffix"],
        given=charge["statement_descriptor"],
    )


def _details(tx: Tx, charge: Doc, order: Order, decline: cards.Decline | None) -> Doc:
    """charge.payment_method_details: what was used to pay, as it was at that moment."""
    method = order.method
    kind = method["type"]
    if kind in methods.IN_PERSON:
        shown = presented.of_charge(tx, charge, method, approved=decline is None)
        return {kind: shown, "type": kind}
    if kind != "card":
        return {kind: of_charge(method, order.mandate), "type": kind}
    known = method["card"]
    details = blank("charge.payment_method_details.card")
    details |= {name: value for name, value in known.items() if name in details}
    details |= {
        "amount_authorized": charge["amount"] if decline is None else None,
        "authorization_code": _authorization_code(tx, charge) if decline is None else None,
        "checks": payment_methods.checks_now(method),
        "mandate": order.mandate,
        "network": known["brand"],
        "network_transaction_id": tx.secret(f"network/{charge['id']}", 15).lower(),
        "three_d_secure": order.three_d_secure,
    }
    details["overcapture"]["maximum_amount_capturable"] = charge["amount"]
    if not order.capture and decline is None:
        details["capture_before"] = tx.now + _holds(order)
        _grant(details, order)
    return {"card": in_order(details), "type": "card"}


def _authorization_code(tx: Tx, charge: Doc) -> str | None:
    if tx.now < _CODES_SINCE:
        return None
    chance = tx.chance(f"authorization/{charge['id']}")
    return f"{int(chance * 1_000_000):06d}"


def _grant(details: Doc, order: Order) -> None:
    """Every test card allows what the merchant asks for (assumed)."""
    for feature, status in _FEATURES.items():
        if order.options.get(f"request_{feature}") == "if_available":
            details[feature] = details[feature] | {"status": status}
    if details["overcapture"]["status"] == "available":
        most = methods.most_capturable(order.amount)
        details["overcapture"]["maximum_amount_capturable"] = most
