"""What becomes of invoices, subscriptions and tax ids."""

from __future__ import annotations

from typing import Any

from emulator.control.simulators.simulator import (
    befalls,
    expect,
    id_of,
    locate,
    one_of,
    perform,
    simulates,
)
from emulator.kernel.errors import simulating as refusals
from emulator.kit import Doc, Tx, answers
from emulator.resources.billing import clocks, paying
from emulator.resources.billing.invoices import INVOICES
from emulator.resources.billing.subscriptions import SUBSCRIPTIONS
from emulator.resources.billing.tax_ids import TAX_IDS
from emulator.rules import cards

_INVOICE = id_of("invoice", "in")


@simulates(
    "Stripe tries to collect an invoice, and the customer's card is declined.",
    when="the invoice is open and its customer has a way to pay",
    example={"invoice": "in_…", "decline_code": "insufficient_funds"},
    needs=("invoice",),
    invoice=_INVOICE,
    decline_code=one_of(*cards.declines(), usual="insufficient_funds"),
)
def invoice_payment_failed(tx: Tx, invoice: str, decline_code: str = "insufficient_funds") -> Doc:
    mine, doc = _open(tx, invoice)
    where = {"customer": doc["customer"], "account": mine.account}
    held = answers.put(tx, {"question": "card.charge", "answer": decline_code, "where": where})
    doc, refusal = paying.attempt(clocks.of_customer(mine, doc["customer"]), doc)
    answers.forget(tx.setup.store, held["id"])
    if refusal is None:
        reason = f"Invoice {invoice} was not collected from a card: it is {doc['status']}."
        raise refusals.not_possible("invoice", reason)
    return doc


@simulates(
    "Stripe tries to collect an invoice, and the customer's bank lets it through.",
    when="the invoice is open and its customer has a way to pay",
    example={"invoice": "in_…"},
    needs=("invoice",),
    invoice=_INVOICE,
)
def invoice_paid(tx: Tx, invoice: str) -> Doc:
    mine, _ = _open(tx, invoice)
    paid: Doc = perform(mine, "POST", f"/v1/invoices/{invoice}/pay", {})
    return paid


@befalls(
    SUBSCRIPTIONS,
    ("trialing",),
    "end its trial",
    "The trial of a subscription ends now, and its first invoice is collected.",
)
def trial_ended(tx: Tx, doc: Doc) -> Doc:
    path = f"/v1/subscriptions/{doc['id']}"
    ended: Doc = perform(tx, "POST", path, {"trial_end": "now"})
    return ended


@simulates(
    "The tax office answers about a tax id.",
    when="verification of the tax id is pending",
    example={"tax_id": "txi_…", "status": "unverified"},
    needs=("tax_id",),
    tax_id=id_of("tax id", "txi"),
    status=one_of("verified", "unverified", "unavailable", usual="verified"),
)
def tax_id_checked(tx: Tx, tax_id: str, status: str = "verified") -> Doc:
    mine, doc = locate(tx, TAX_IDS, tax_id)
    found: dict[str, Any] = doc["verification"] or {}
    if found.get("status") != "pending":
        reason = f"Tax id {tax_id} is {found.get('status')}: nobody is asked about it any more."
        raise refusals.not_possible("tax_id", reason)
    doc["verification"]["status"] = status
    return mine.save(TAX_IDS, doc, event="customer.tax_id.updated")


def _open(tx: Tx, id_: str) -> tuple[Tx, Doc]:
    mine, doc = locate(tx, INVOICES, id_)
    expect(doc, ("open",), "be collected")
    return mine, doc
