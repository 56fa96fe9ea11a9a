"""Which entries of the book are an object's: its own, and those of what came of it.

What an object came from is not its own: a transfer leads to its reversals, not to its charge. Every
cause is the id that an entry was posted under.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from emulator.kit import Doc, Resource, Tx
from emulator.resources import RESOURCES
from emulator.resources.balances.payouts import PAYOUTS
from emulator.resources.charges.charges import CHARGES, REFUNDS
from emulator.resources.disputes.disputes import DISPUTES
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS
from emulator.resources.transfers.application_fees import (
    APPLICATION_FEES,
    FEE_REFUNDS,
    because_note,
)
from emulator.resources.transfers.transfers import REVERSALS, TRANSFERS

Causes = Iterator[str]


def find(tx: Tx, id_: str) -> tuple[Resource, Doc] | None:
    """An object of any account of this world, and what it is."""
    for resource in RESOURCES.values():
        found = tx.peek(resource, id_)
        if found is not None:
            return resource, found
    return None


def causes(tx: Tx, resource: Resource, doc: Doc) -> set[str]:
    """Under which ids the entries of an object and of its consequences stand in the book."""
    led = _LED.get(resource.name)
    return set(led(tx.on(tx.owner(doc["id"]) or tx.account), doc)) if led else {str(doc["id"])}


def _of_intent(tx: Tx, doc: Doc) -> Causes:
    for charge in tx.all(CHARGES, payment_intent=doc["id"]):
        yield from _of_charge(tx, charge)


def _of_charge(tx: Tx, doc: Doc) -> Causes:
    if doc["source_transfer"]:
        yield from _of(tx, TRANSFERS, doc["source_transfer"], _of_transfer)
        return
    yield doc["id"]
    yield from _fee_refunds(tx, _fee_of(tx, doc))
    for refund in tx.all(REFUNDS, charge=doc["id"]):
        yield from _of_refund(tx, refund)
    for dispute in tx.all(DISPUTES, charge=doc["id"]):
        yield dispute["id"]
    for transfer in tx.all(TRANSFERS, source_transaction=doc["id"]):
        yield from _of_transfer(tx, transfer)


def _of_transfer(tx: Tx, doc: Doc) -> Causes:
    yield doc["id"]
    for reversal in tx.all(REVERSALS, transfer=doc["id"]):
        yield reversal["id"]
    payment = tx.peek(CHARGES, doc["destination_payment"])
    if payment is not None:
        yield from _fee_refunds(tx, _fee_of(tx, payment))


def _of_refund(tx: Tx, doc: Doc) -> Causes:
    yield doc["id"]
    if doc["transfer_reversal"]:
        yield from _of(tx, REVERSALS, doc["transfer_reversal"], _of_reversal)
    charge = tx.peek(CHARGES, doc["charge"] or "")
    if charge is not None:
        yield from _fee_refunds(tx, _fee_of(tx, charge), because=doc["id"])


def _of_reversal(tx: Tx, doc: Doc) -> Causes:
    yield doc["id"]
    transfer = tx.peek(TRANSFERS, doc["transfer"])
    payment = tx.peek(CHARGES, transfer["destination_payment"]) if transfer else None
    if payment is not None:
        yield from _fee_refunds(tx, _fee_of(tx, payment), because=doc["id"])


def _of_fee(tx: Tx, doc: Doc) -> Causes:
    """Taken in the entry of a direct charge, of a transfer, or of an Instant Payout."""
    payment = tx.peek(CHARGES, doc["charge"] or "")
    if payment is not None:
        yield payment["source_transfer"] or payment["id"]
    if doc["fee_source"]["type"] == "payout":
        yield doc["fee_source"]["payout"]
    yield from _fee_refunds(tx, doc["id"])


def _of_payout(tx: Tx, doc: Doc) -> Causes:
    yield doc["id"]
    yield from _fee_refunds(tx, doc["application_fee"])
    if doc["reversed_by"]:
        yield from _of(tx, PAYOUTS, doc["reversed_by"], _of_payout)


def _fee_of(tx: Tx, charge: Doc) -> str | None:
    """The application fee of a charge, also where the charge does not show it yet."""
    taken = tx.on(tx.platform).all(APPLICATION_FEES, charge=charge["id"])
    return charge["application_fee"] or next((str(fee["id"]) for fee in taken), None)


def _fee_refunds(tx: Tx, fee: str | None, because: str | None = None) -> Causes:
    """What was given back of a fee; because: only what one refund or reversal gave back."""
    if fee is None:
        return
    for given in tx.on(tx.owner(fee) or tx.platform).all(FEE_REFUNDS, fee=fee):
        if because is None or tx.hidden(because_note(given["id"])).get("because") == because:
            yield given["id"]


def _of(tx: Tx, resource: Resource, id_: str, led: Callable[[Tx, Doc], Causes]) -> Causes:
    """The causes of another object, looked at from its own account."""
    found = tx.peek(resource, id_)
    if found is not None:
        yield from led(tx.on(tx.owner(id_) or tx.account), found)


_LED: Final[dict[str, Callable[[Tx, Doc], Causes]]] = {
    APPLICATION_FEES.name: _of_fee,
    CHARGES.name: _of_charge,
    PAYOUTS.name: _of_payout,
    PAYMENT_INTENTS.name: _of_intent,
    REFUNDS.name: _of_refund,
    REVERSALS.name: _of_reversal,
    TRANSFERS.name: _of_transfer,
}
