"""Taking what was authorised: whole, in part, in several parts, or more than was asked at first.

What is authorised and not taken goes back to the payer with the last capture. Several captures,
more than the amount, and raising the amount are features that a payment has to ask for when it is
confirmed (`payment_method_options[card][request_…]`).
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import captures as refusals
from emulator.kernel.errors import payments as payment_refusals
from emulator.kit import Doc, Params, Tx
from emulator.kit.editing import edit
from emulator.resources.charges import portions
from emulator.resources.charges.charges import CHARGES
from emulator.resources.payments import authorising, limits, releasing
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS
from emulator.resources.payments.settling import settle
from emulator.rules import cards

_MOST_INCREMENTS: Final = 10
_FIRST: Final = ("application_fee", "balance_transaction", "transfer")


@PAYMENT_INTENTS.on("POST /v1/payment_intents/{intent}/capture")
def capture(tx: Tx, params: Params, id_: str) -> Doc:
    intent = tx.get(PAYMENT_INTENTS, id_)
    if intent["status"] != "requires_capture":
        raise payment_refusals.cannot_capture(intent)
    charge = tx.get(CHARGES, intent["latest_charge"])
    rest = intent["amount_capturable"]
    amount = params.get("amount_to_capture") or rest
    most = max(rest, _most(charge) - charge["amount_captured"])
    if amount > most:
        raise payment_refusals.capture_above(most, intent["currency"])
    edit(intent, params, ("metadata", "statement_descriptor", "statement_descriptor_suffix"))
    edit(charge, params, ("statement_descriptor", "statement_descriptor_suffix"))
    if params.get("final_capture", True) is False:
        return _capture_part(tx, intent, charge, amount, params)
    capture_charge(tx, charge, amount, params)
    intent |= {
        "amount_capturable": 0,
        "amount_received": charge["amount_captured"],
        "application_fee_amount": charge["application_fee_amount"],
    }
    return tx.step(PAYMENT_INTENTS, intent, "succeeded")


@PAYMENT_INTENTS.on("POST /v1/payment_intents/{intent}/increment_authorization")
def increment_authorization(tx: Tx, params: Params, id_: str) -> Doc:
    intent = tx.get(PAYMENT_INTENTS, id_)
    if intent["status"] != "requires_capture":
        raise payment_refusals.cannot_increment(intent)
    amount, charge = params["amount"], tx.get(CHARGES, intent["latest_charge"])
    card = charge["payment_method_details"].get("card")
    if card is None or card["incremental_authorization"]["status"] != "available":
        raise refusals.not_incrementable(intent)
    if amount <= intent["amount"]:
        raise payment_refusals.increment_too_small(intent["amount"], intent["currency"])
    limits.check_split(tx, _as_raised(intent, amount, params))
    notes = tx.hidden(id_)
    if notes.get("increments", 0) >= _MOST_INCREMENTS:
        raise refusals.too_many_increments(_MOST_INCREMENTS)
    tx.hide(id_, notes | {"increments": notes.get("increments", 0) + 1})
    _ask_for_more(tx, intent, charge, amount)
    _raise_to(intent, charge, amount, params)
    tx.save(CHARGES, charge)
    return tx.save(PAYMENT_INTENTS, intent, event="payment_intent.amount_capturable_updated")


def capture_charge(tx: Tx, made: Doc, amount: int, params: Params) -> Doc:
    """Take what was authorised, or a part of it; the rest is given back to the payer."""
    _check_fee(tx, made, params)
    if made["amount_captured"]:
        _take_portion(tx, made, amount, params)
        fee, part = portions.sums(tx, made)
        made["application_fee_amount"] = fee
        if made["transfer_data"]:
            made["transfer_data"]["amount"] = part
    else:
        _take_whole(tx, made, amount, params)
    if made["amount_captured"] < made["amount"]:
        releasing.give_back_rest(tx, made, made["amount"] - made["amount_captured"])
    authorising.foresee(tx, made)
    return tx.save(CHARGES, made, event="charge.captured")


# -- inside ---------------------------------------------------------------------------------------


def _most(charge: Doc) -> int:
    """How much can be taken of a charge in all."""
    over = (charge["payment_method_details"].get("card") or {}).get("overcapture") or {}
    available = over.get("status") == "available"
    return int(over["maximum_amount_capturable"] if available else charge["amount"])


def _check_fee(tx: Tx, charge: Doc, params: Params) -> None:
    if params.get("application_fee_amount") and tx.is_platform and not charge["transfer_data"]:
        raise payment_refusals.fee_needs_connect()


def _take_whole(tx: Tx, made: Doc, amount: int, params: Params) -> None:
    """The only capture there is."""
    fee = params.get("application_fee_amount", made["application_fee_amount"])
    part = (params.get("transfer_data") or {}).get("amount")
    if part is not None and made["transfer_data"]:
        made["transfer_data"]["amount"] = part
    given = (made["transfer_data"] or {}).get("amount")
    if given is not None and given > amount:
        raise payment_refusals.capture_below_transfer()
    made["application_fee_amount"] = min(fee, amount) if fee else fee
    settle(tx, made, amount, made["application_fee_amount"])


def _take_portion(tx: Tx, charge: Doc, amount: int, params: Params) -> None:
    """One of several captures. What came with earlier ones stays counted; the first entry, fee and
    transfer stay named (assumed).
    """
    fee, part = portions.portion(tx, charge, amount, params)
    before, split = charge["amount_captured"], charge["transfer_data"]
    first = {name: charge[name] for name in _FIRST if charge.get(name)}
    if split:
        charge["transfer_data"] = {**split, "amount": part}
    settle(tx, charge, amount, fee)
    charge |= {**first, "amount_captured": before + amount, "transfer_data": split}


def _capture_part(tx: Tx, intent: Doc, charge: Doc, amount: int, params: Params) -> Doc:
    """One of several captures: the rest stays authorised."""
    card = charge["payment_method_details"].get("card") or {}
    if (card.get("multicapture") or {}).get("status") != "available":
        raise refusals.no_multicapture(intent["id"])
    if amount >= intent["amount_capturable"]:
        raise refusals.part_is_all()
    _check_fee(tx, charge, params)
    _take_portion(tx, charge, amount, params)
    charge["captured"] = False
    tx.save(CHARGES, charge, event="charge.updated")
    intent["amount_capturable"] -= amount
    intent["amount_received"] += amount
    return tx.save(PAYMENT_INTENTS, intent, event="payment_intent.amount_capturable_updated")


def _ask_for_more(tx: Tx, intent: Doc, charge: Doc, amount: int) -> None:
    """The issuer may refuse the higher amount; the lower one stays authorised."""
    about = {name: intent[name] for name in ("amount", "currency", "customer", "payment_method")}
    card = charge["payment_method_details"]["card"]
    about |= {"amount": amount, "payment_intent": intent["id"]}
    about |= {"brand": card["brand"], "last4": card["last4"]}
    said = tx.ask("card.charge", "approved", lambda: about)
    if said != "approved":
        refusal = cards.refusal(cards.decline(said))
        refusal.extra |= {"charge": charge["id"], "payment_intent": intent}
        raise refusal


def _as_raised(intent: Doc, amount: int, params: Params) -> Doc:
    """The intent as it will be: a fee and a part must fit into the higher amount."""
    part = (params.get("transfer_data") or {}).get("amount")
    split = intent["transfer_data"]
    if split and part is not None:
        split = {**split, "amount": part}
    fee = params.get("application_fee_amount", intent["application_fee_amount"])
    return {**intent, "amount": amount, "application_fee_amount": fee, "transfer_data": split}


def _raise_to(intent: Doc, charge: Doc, amount: int, params: Params) -> None:
    edit(intent, params, ("application_fee_amount", "description", "metadata"))
    edit(intent, params, ("statement_descriptor",))
    edit(charge, params, ("application_fee_amount", "description", "statement_descriptor"))
    part = (params.get("transfer_data") or {}).get("amount")
    if part is not None and charge["transfer_data"]:
        charge["transfer_data"]["amount"] = part
        intent["transfer_data"]["amount"] = part
    intent |= {"amount": amount, "amount_capturable": amount}
    charge["amount"] = amount
    charge["payment_method_details"]["card"]["amount_authorized"] = amount
