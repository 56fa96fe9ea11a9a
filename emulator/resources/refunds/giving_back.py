"""How the money of a refund goes back: out of the balance to the payer, with it what a destination
gives back of its transfer, and the platform of its fee.
"""

from __future__ import annotations

from emulator.kernel.currency import share
from emulator.kernel.errors.money import transfer_fully_reversed
from emulator.kit import BALANCE_TRANSACTIONS, Doc, Note, Params, Tx, post
from emulator.ledger import BANK, CARD_NETWORK, Move
from emulator.resources.charges import portions
from emulator.resources.charges.charges import brought, purse
from emulator.resources.transfers import application_fees, transfers
from emulator.rules import exchange


def give_back(tx: Tx, charge: Doc, doc: Doc) -> str | None:
    """Out of the balance to the payer; the balance transaction's id. Nothing moves for what was
    never captured.
    """
    taken = brought(tx, charge)
    if taken is None:
        return None
    type_ = "refund" if charge["id"].startswith("ch_") else "payment_refund"
    settled, rate = costs(tx, charge, taken, doc["amount"])
    outside = CARD_NETWORK if type_ == "refund" else BANK
    moves = [Move(type_, purse(tx, charge), outside, settled, taken["currency"])]
    notes = {type_: Note(doc["id"], describe(charge), rate)}
    return post(tx, doc["id"], moves, notes, taken["available_on"])[type_]


def costs(tx: Tx, charge: Doc, taken: Doc, amount: int) -> tuple[int, float | None]:
    """What a refund of `amount` takes of the balance, and the rate where it is converted: without
    the spread that the money came in with.
    """
    if taken["exchange_rate"] is None:
        return amount, None
    country = "US" if taken["currency"] == "usd" else ""
    rates = tx.setup.settings.get("rates")
    rate = exchange.rate(charge["currency"], taken["currency"], country, refund=True, rates=rates)
    return exchange.convert_some(amount, rate), rate


def describe(charge: Doc) -> str:
    """The fixed text on the balance transaction of a refund."""
    if not charge["id"].startswith("ch_"):
        return "REFUND FOR PAYMENT"
    about = charge["description"]
    return f"REFUND FOR CHARGE ({about})" if about else "REFUND FOR CHARGE"


def reverse_transfer(tx: Tx, charge: Doc, amount: int, doc: Doc, params: Params) -> str | None:
    """The reversal's id, the first of several; none where the share of the refund is less than half
    a minor unit.
    """
    made = _transfers(tx, charge)
    rest = sum(each["amount"] - each["amount_reversed"] for each in made)
    if rest <= 0:
        raise transfer_fully_reversed(made[0]["id"])
    whole_ = sum(each["amount"] for each in made)
    left, first = min(share(whole_, amount, charge["amount_captured"]), rest), None
    with_fee = bool(params.get("refund_application_fee"))
    for each in made:
        part = min(left, each["amount"] - each["amount_reversed"])
        if part:
            back = transfers.reverse(
                tx.behind(charge["id"]), each, part, refund=doc, refund_application_fee=with_fee
            )
            left, first = left - part, first or str(back["id"])
    return first


def _transfers(tx: Tx, charge: Doc) -> list[Doc]:
    """What a destination charge passed on, in the order in which it did: once for each capture."""
    if charge.get("transfer") and not portions.are_several(tx, charge):
        return [tx.get(transfers.TRANSFERS, charge["transfer"])]
    return [*tx.all(transfers.TRANSFERS, source_transaction=charge["id"])][::-1]


def refund_fee(tx: Tx, charge: Doc, amount: int, because: str) -> None:
    """The platform's fee on a direct charge, in proportion to what is refunded."""
    platform = tx.on(tx.platform).behind(charge["id"])
    taken = [*platform.all(application_fees.APPLICATION_FEES, charge=charge["id"])][::-1]
    whole_ = sum(fee["amount"] for fee in taken)
    left = share(whole_, amount, charge["amount_captured"])
    for fee in taken:
        part = min(left, fee["amount"] - fee["amount_refunded"])
        if part:
            application_fees.refund(platform, fee, part, because=because)
            left -= part


def take_in_again(tx: Tx, charge: Doc, doc: Doc) -> str | None:
    """What did not reach the payer is back on the balance; the balance transaction's id."""
    given = tx.find(BALANCE_TRANSACTIONS, doc["balance_transaction"] or "")
    if given is None:
        return None
    kind, back = "refund_failure", -given["amount"]
    moves = [Move(kind, CARD_NETWORK, purse(tx, charge), back, given["currency"])]
    notes = {kind: Note(doc["id"], "REFUND FAILURE", given["exchange_rate"])}
    return post(tx, doc["id"], moves, notes, given["available_on"])[kind]
