"""A customer's balance: what they have to their credit (below zero) or owe (above) with the next
invoice. Each change of it is a transaction.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.kernel.errors import invoicing as refusals
from emulator.kit import Doc, Page, Params, Resource, Tx, get_within, page
from emulator.kit.editing import edit
from emulator.resources.customers.customers import CUSTOMERS, above

BALANCE_CHANGES: Final = Resource(
    "customer_balance_transaction",
    prefix="cbtxn",
    kind="customer balance transaction",
    param="transaction",
    filters=("customer", "invoice"),
    editable=("description", "metadata"),
)


@BALANCE_CHANGES.on("POST /v1/customers/{customer}/balance_transactions")
def create(tx: Tx, params: Params, customer: str) -> Doc:
    owner = above(tx, customer)
    if owner["currency"] not in {None, params["currency"]}:
        raise refusals.wrong_currency(owner["currency"])
    change = move(tx, customer, params["amount"], params["currency"], "adjustment")
    return tx.save(BALANCE_CHANGES, edit(change, params, BALANCE_CHANGES.editable))


@BALANCE_CHANGES.on("GET /v1/customers/{customer}/balance_transactions")
def list_(tx: Tx, params: Params, customer: str) -> Page:
    above(tx, customer)
    return page(tx, BALANCE_CHANGES, params, customer=customer)


@BALANCE_CHANGES.on("GET /v1/customers/{customer}/balance_transactions/{transaction}")
def retrieve(tx: Tx, _params: Params, customer: str, id_: str) -> Doc:
    return _theirs(tx, customer, id_)


@BALANCE_CHANGES.on("POST /v1/customers/{customer}/balance_transactions/{transaction}")
def update(tx: Tx, params: Params, customer: str, id_: str) -> Doc:
    change = _theirs(tx, customer, id_)
    return tx.save(BALANCE_CHANGES, edit(change, params, BALANCE_CHANGES.editable))


def move(
    tx: Tx,
    customer: str,
    amount: int,
    currency: str,
    type_: str,
    invoice: str | None = None,
    **fields: Any,
) -> Doc:
    """Change a customer's balance by an amount in minor units; below zero is to their credit."""
    owner = tx.get(CUSTOMERS, customer)
    owner["balance"] += amount
    owner["currency"] = owner["currency"] or currency
    tx.save(CUSTOMERS, owner, event="customer.updated")
    return record(tx, owner, amount, type_, invoice, **fields)


def record(
    tx: Tx, customer: Doc, amount: int, type_: str, invoice: str | None = None, **fields: Any
) -> Doc:
    """The transaction of a change that the customer already shows."""
    change = tx.new(
        BALANCE_CHANGES,
        amount=amount,
        currency=customer["currency"],
        customer=customer["id"],
        ending_balance=customer["balance"],
        invoice=invoice,
        type=type_,
        **fields,
    )
    return tx.save(BALANCE_CHANGES, change)


def _theirs(tx: Tx, customer: str, id_: str) -> Doc:
    above(tx, customer)
    return get_within(tx, BALANCE_CHANGES, id_, customer=customer)
