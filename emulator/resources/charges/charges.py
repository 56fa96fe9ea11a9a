"""Charges: one attempt to take money from a payer. Declared here; carried out in `payments/`.

A `ch_` is paid with a card, a `py_` with anything else, a transfer from the platform included.
States: succeeded, pending (a bank has not answered yet), failed. What was authorised but not
captured is `succeeded` with `captured: false`.
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import payments as refusals
from emulator.kit import (
    BALANCE_TRANSACTIONS,
    Doc,
    Lifecycle,
    Page,
    Params,
    Resource,
    Tx,
    page,
    retrieves,
    searches,
    updates,
)
from emulator.ledger import balance_of
from emulator.rules import methods

MOST_OF_A_GROUP: Final = 100

CHARGES: Final = Resource(
    "charge",
    prefix="ch",
    filters=("customer", "payment_intent", "transfer_group"),
    editable=(
        "customer",
        "description",
        "fraud_details",
        "metadata",
        "receipt_email",
        "shipping",
        "transfer_group",
    ),
)

# Declared here because a refund has no life of its own; `refunds/` says what it does.
REFUNDS: Final = Resource(
    "refund",
    prefix="re",
    filters=("charge", "payment_intent"),
    editable=("metadata",),
    lifecycle=Lifecycle(
        start="succeeded",
        steps={
            ("pending", "succeeded"): "refund.updated",
            ("pending", "failed"): "refund.failed",
            ("succeeded", "failed"): "refund.failed",
            ("requires_action", "canceled"): "refund.updated",
            ("requires_action", "succeeded"): "refund.updated",
            ("requires_action", "failed"): "refund.failed",
        },
    ),
)


def _may_change(_tx: Tx, charge: Doc, params: Params) -> None:
    """A customer and a transfer group can be set where there is none, and never changed."""
    for name in ("customer", "transfer_group"):
        if params.get(name) and charge[name] and charge[name] != params[name]:
            raise refusals.charge_field_is_set(name)


retrieves(CHARGES, "GET /v1/charges/{charge}")
searches(CHARGES, "GET /v1/charges/search")
updates(CHARGES, "POST /v1/charges/{charge}", event="charge.updated", guard=_may_change)


@CHARGES.on("GET /v1/charges")
def list_(tx: Tx, params: Params) -> Page:
    group = params.get("transfer_group")
    if group:
        members = tx.setup.store.ids(tx.key(CHARGES, {"transfer_group": group}))
        if len(members) > MOST_OF_A_GROUP:
            raise refusals.too_many_in_group(group)
    return page(tx, CHARGES, params)


def refundable(charge: Doc) -> int:
    """What is left to give back, in minor units; what was not captured counts as given back."""
    return whole(charge) - int(charge["amount_refunded"])


def receipt_url(tx: Tx, id_: str) -> str:
    """The page on which a charge's receipt can be seen."""
    here = tx.setup.settings.get("base_url", "http://localhost:12111")
    return f"{here}/_emulator/receipts/{tx.setup.name}/{id_}"


def brought(tx: Tx, charge: Doc) -> Doc | None:
    """The balance transaction that brought a charge's money, also where the charge does not show it
    yet; None while there is none.
    """
    if charge["balance_transaction"] or not charge["captured"]:
        return tx.find(BALANCE_TRANSACTIONS, charge["balance_transaction"] or "")
    type_ = "charge" if charge["id"].startswith("ch_") else "payment"
    found = tx.all(BALANCE_TRANSACTIONS, source=charge["id"])
    return next((each for each in found if each["type"] == type_), None)


def is_passed_on(charge: Doc) -> bool:
    """Whether a charge's money was passed on, also where it does not show the transfer yet."""
    return bool(charge.get("transfer") or (charge["captured"] and charge["transfer_data"]))


def has_fee(charge: Doc) -> bool:
    """Whether an application fee was taken, also where the charge does not show it yet."""
    asked = charge["captured"] and charge["application_fee_amount"]
    return bool(charge["application_fee"] or asked)


def purse(tx: Tx, charge: Doc) -> str:
    """The pocket of this account's balance that a charge's money is in."""
    type_ = charge["payment_method_details"]["type"]
    return balance_of(tx.account, methods.source_type(type_))


def whole(charge: Doc) -> int:
    """All that there is of a charge: its amount, or more where more was captured; what was captured
    so far, while the rest waits.
    """
    if is_captured_in_part(charge):
        return int(charge["amount_captured"])
    return max(int(charge["amount"]), int(charge["amount_captured"]))


def is_captured_in_part(charge: Doc) -> bool:
    """Whether there was a capture, and another may follow."""
    return bool(charge["amount_captured"]) and not charge["captured"]
