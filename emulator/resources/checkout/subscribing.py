"""Submitting a session that sells a subscription: it begins when its first payment succeeds.

A card that is declined leaves nothing behind: no customer, no subscription. Where the customer's
bank has a question first, the subscription waits for the answer, incomplete.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.kit import Doc, Tx
from emulator.resources.billing import creating
from emulator.resources.checkout import customers
from emulator.resources.checkout.sessions import SESSIONS, finish
from emulator.resources.invoices import invoices
from emulator.resources.payment_methods import attaching

_BEGUN: Final = ("active", "trialing")


def subscribe(tx: Tx, session: Doc, payer: Doc) -> None:
    """Make what the session sells. payer: `patient` when an incomplete subscription may be left."""
    customers.settle(tx, session, needed=True)
    method = attaching.attach(tx, {"customer": session["customer"]}, payer["payment_method"])
    order = _order(tx, session, str(method["id"]))
    patient = payer.get("patient", False)
    order["payment_behavior"] = "allow_incomplete" if patient else "error_if_incomplete"
    subscription = creating.begin(tx, order)
    session |= {
        "invoice": subscription["latest_invoice"],
        "subscription": subscription["id"],
    }
    tx.save(SESSIONS, session)
    if subscription["status"] in _BEGUN:
        finish(tx, session, "paid" if session["amount_total"] else "no_payment_required")


def intent_of(tx: Tx, session: Doc) -> str | None:
    """The payment intent of the first invoice."""
    if not session["invoice"]:
        return None
    found: str | None = invoices.notes(tx, session["invoice"]).get("payment_intent")
    return found


def _order(tx: Tx, session: Doc, method: str) -> dict[str, Any]:
    """The parameters of the subscription."""
    notes = tx.hidden(session["id"])
    data: Doc = {k: v for k, v in (notes.get("subscription_data") or {}).items() if v is not None}
    order: dict[str, Any] = {
        "customer": session["customer"],
        "default_payment_method": method,
        "discounts": notes.get("discounts") or None,
        "items": [
            {**_item(each), "agreed": True}
            for each in notes["items"]
            if each["price"]["type"] == "recurring"
        ],
        "add_invoice_items": [
            _item(each) for each in notes["items"] if each["price"]["type"] == "one_time"
        ],
        "off_session": False,
        "automatic_tax": _automatic_tax(session),
        **data,
    }
    return {name: value for name, value in order.items() if value not in (None, [])}


def _automatic_tax(session: Doc) -> Doc | None:
    automatic = session["automatic_tax"]
    if not automatic["enabled"]:
        return None
    return {"enabled": True, "liability": automatic["liability"]}


def _item(line: Doc) -> Doc:
    item = {"price": line["price"]["id"], "quantity": line["quantity"]}
    if line.get("tax_rates"):
        item["tax_rates"] = line["tax_rates"]
    return item
