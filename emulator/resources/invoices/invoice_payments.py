"""Invoice payments: which payment intent pays an invoice, and how far it has come."""

from __future__ import annotations

from typing import Final

from emulator.kit import Doc, Page, Params, Resource, Tx, page, retrieves

INVOICE_PAYMENTS: Final = Resource(
    "invoice_payment",
    prefix="inpay",
    kind="invoice payment",
    param="invoice_payment",
    filters=("invoice", "status"),
)

retrieves(INVOICE_PAYMENTS, "GET /v1/invoice_payments/{invoice_payment}")


@INVOICE_PAYMENTS.on("GET /v1/invoice_payments")
def list_(tx: Tx, params: Params) -> Page:
    """Those of an intent, among others; one that nobody knows has none (observed)."""
    wanted = params.get("payment") or {}
    fixed: Doc = {}
    if wanted.get("payment_intent"):
        fixed["invoice"] = invoice_of(tx, wanted["payment_intent"]) or ""

    def where(payment: Doc) -> bool:
        return all(payment["payment"].get(name) == value for name, value in wanted.items())

    return page(tx, INVOICE_PAYMENTS, params, where=where if wanted else None, **fixed)


def open_(tx: Tx, invoice: Doc, intent: str, *, is_default: bool = True) -> Doc:
    """A payment intent is to pay an invoice."""
    tx.hide(f"{intent}/invoice", {"invoice": invoice["id"]})
    payment = tx.new(
        INVOICE_PAYMENTS,
        amount_requested=invoice["amount_remaining"],
        currency=invoice["currency"],
        invoice=invoice["id"],
        is_default=is_default,
    )
    payment["payment"]["payment_intent"] = intent
    return tx.save(INVOICE_PAYMENTS, payment)


def invoice_of(tx: Tx, intent: str) -> str | None:
    """The invoice that a payment intent pays."""
    found: str | None = tx.hidden(f"{intent}/invoice").get("invoice")
    return found


def of_intent(tx: Tx, invoice: str, intent: str) -> Doc | None:
    """The payment of an invoice that goes by an intent."""
    payments = tx.all(INVOICE_PAYMENTS, invoice=invoice)
    return next((p for p in payments if p["payment"].get("payment_intent") == intent), None)


def paid(tx: Tx, payment: Doc, amount: int) -> Doc:
    """It has paid so much (minor units)."""
    payment |= {"amount_paid": amount, "status": "paid"}
    payment["status_transitions"]["paid_at"] = tx.now
    return tx.save(INVOICE_PAYMENTS, payment, event="invoice_payment.paid")


def cancel(tx: Tx, payment: Doc) -> Doc:
    """It will not pay any more."""
    payment["status"] = "canceled"
    payment["status_transitions"]["canceled_at"] = tx.now
    return tx.save(INVOICE_PAYMENTS, payment)


def inline(tx: Tx, invoice: Doc) -> Doc:
    """`payments` of an invoice, shown on request."""
    found = list(tx.all(INVOICE_PAYMENTS, invoice=invoice["id"]))
    return {"object": "list", "data": found, "has_more": False, "url": "/v1/invoices/payments"}
