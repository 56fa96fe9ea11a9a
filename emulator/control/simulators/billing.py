"""What becomes of invoices, subscriptions and tax ids."""

from __future__ import annotations

from typing import Any

from emulator.control.simulators.simulator import (
    befalls,
    id_of,
    one_of,
    perform,
    simulates,
)
from emulator.kernel.errors import simulating as refusals
from emulator.kit import Doc, Tx, answers
from emulator.resources.customers import clocks
from emulator.resources.invoices import paying
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.subscriptions.subscriptions import SUBSCRIPTIONS
from emulator.resources.tax.tax_ids import TAX_IDS
from emulator.rules import cards


@befalls(
    INVOICES,
    ("open",),
    "be collected",
    "Stripe tries to collect an invoice, and the customer's card is declined.",
    besides=", and its customer has a way to pay",
    example={"decline_code": "insufficient_funds"},
    decline_code=one_of(*cards.declines(), usual="insufficient_funds"),
)
def invoice_payment_failed(tx: Tx, doc: Doc, decline_code: str = "insufficient_funds") -> Doc:
    where = {"customer": doc["customer"], "account": tx.account}
    held = answers.put(tx, {"question": "card.charge", "answer": decline_code, "where": where})
    doc, refusal = paying.attempt(clocks.of_customer(tx, doc["customer"]), doc)
    answers.forget(tx.setup.store, held["id"])
    if refusal is None:
        raise refusals.not_collected_from_a_card(doc["id"], doc["status"])
    return doc


@befalls(
    INVOICES,
    ("open",),
    "be collected",
    "Stripe tries to collect an invoice, and the customer's bank lets it through.",
    besides=", and its customer has a way to pay",
)
def invoice_paid(tx: Tx, doc: Doc) -> Doc:
    return perform(tx, "POST", f"/v1/invoices/{doc['id']}/pay", {})


@befalls(
    SUBSCRIPTIONS,
    ("trialing",),
    "end its trial",
    "The trial of a subscription ends now, and its first invoice is collected.",
)
def trial_ended(tx: Tx, doc: Doc) -> Doc:
    path = f"/v1/subscriptions/{doc['id']}"
    return perform(tx, "POST", path, {"trial_end": "now"})


@simulates(
    "The tax office answers about a tax id.",
    when="verification of the tax id is pending",
    example={"tax_id": "txi_…", "status": "unverified"},
    needs=("tax_id",),
    tax_id=id_of("tax id", "txi"),
    status=one_of("verified", "unverified", "unavailable", usual="verified"),
)
def tax_id_checked(tx: Tx, tax_id: str, status: str = "verified") -> Doc:
    mine, doc = tx.locate(TAX_IDS, tax_id)
    found: dict[str, Any] = doc["verification"] or {}
    if found.get("status") != "pending":
        raise refusals.tax_id_settled(tax_id, found.get("status"))
    doc["verification"]["status"] = status
    return mine.save(TAX_IDS, doc, event="customer.tax_id.updated")
