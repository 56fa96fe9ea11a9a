"""What customers have sent by bank transfer, and what payments have taken of it.

The money lies in a pocket of its own, outside the account's balance, until a payment is paid in
full. What is left for each customer and currency is read off the newest transaction.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.kit import Doc, Resource, Tx, post
from emulator.ledger import BANK, Move, cash_of

CASH_TRANSACTIONS: Final = Resource(
    "customer_cash_balance_transaction",
    prefix="ccsbtxn",
    kind="customer cash balance transaction",
    param="transaction",
    filters=("customer",),
)
TRANSFER_KINDS: Final = {
    "eur": "eu_bank_transfer",
    "gbp": "gb_bank_transfer",
    "jpy": "jp_bank_transfer",
    "mxn": "mx_bank_transfer",
}


def left(tx: Tx, customer: str) -> dict[str, int]:
    """What a customer still has here: currency -> minor units."""
    found: dict[str, int] = {}
    for doc in tx.all(CASH_TRANSACTIONS, customer=customer):
        found.setdefault(doc["currency"], doc["ending_balance"])
    return {currency: amount for currency, amount in found.items() if amount}


def fund(tx: Tx, customer: str, amount: int, currency: str, reference: str | None) -> Doc:
    """Money arrives by bank transfer."""
    kind = TRANSFER_KINDS.get(currency, "us_bank_transfer")
    transfer: Doc = {"reference": reference, "type": kind}
    if kind == "us_bank_transfer":
        transfer[kind] = {"network": "ach", "sender_name": "Jenny Rosen"}
    made = _record(tx, customer, currency, amount, "funded", bank_transfer=transfer)
    move = Move("cash_in", BANK, cash_of(tx.account), amount, currency)
    post(tx, made["id"], [move], {})
    return made


def take(tx: Tx, intent: Doc, amount: int) -> None:
    """A payment uses a part of what its customer sent; `taken` says how much it has in all."""
    told = {"payment_intent": intent["id"]}
    _record(tx, intent["customer"], intent["currency"], -amount, "applied_to_payment", **told)
    notes = tx.hidden(intent["id"])
    tx.hide(intent["id"], notes | {"cash": notes.get("cash", 0) + amount})


def taken(tx: Tx, intent: Doc) -> int:
    """What a payment has of its customer's cash, in minor units."""
    return int(tx.hidden(intent["id"]).get("cash", 0))


def give_back(tx: Tx, intent: Doc) -> None:
    """A payment that is canceled leaves what it had to its customer."""
    amount = taken(tx, intent)
    if amount:
        told = {"payment_intent": intent["id"]}
        kind = "unapplied_from_payment"
        _record(tx, intent["customer"], intent["currency"], amount, kind, **told)
        tx.hide(intent["id"], tx.hidden(intent["id"]) | {"cash": 0})


def _record(tx: Tx, customer: str, currency: str, amount: int, type_: str, **told: Any) -> Doc:
    made = tx.new(
        CASH_TRANSACTIONS,
        currency=currency,
        customer=customer,
        ending_balance=left(tx, customer).get(currency, 0) + amount,
        net_amount=amount,
        type=type_,
    )
    made[type_] = told
    return tx.save(CASH_TRANSACTIONS, made, event="customer_cash_balance_transaction.created")
