"""Invoices: what a customer owes, line by line.

States: draft → open → paid, void or uncollectible; uncollectible → paid or void. Here: what an
invoice is, how it begins and what it comes to. Finalising stands in `finalizing.py`, paying in
`paying.py`, what clients do in `invoicing.py`.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.kernel.errors import invoicing as refusals
from emulator.kit import Doc, Lifecycle, Resource, Tx, searches
from emulator.resources.accounts.state import account_seen
from emulator.resources.customers import clocks
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices import lines
from emulator.resources.tax import assessing

INVOICES: Final = Resource(
    "invoice",
    prefix="in",
    param="invoice",
    filters=("customer", "status", "collection_method"),
    ranges=("due_date",),
    editable=(
        "account_tax_ids",
        "auto_advance",
        "automatically_finalizes_at",
        "collection_method",
        "custom_fields",
        "default_payment_method",
        "default_source",
        "description",
        "due_date",
        "effective_at",
        "footer",
        "issuer",
        "metadata",
        "number",
        "on_behalf_of",
        "payment_settings",
        "rendering",
        "shipping_details",
        "statement_descriptor",
    ),
    lifecycle=Lifecycle(
        start="draft",
        steps={
            ("draft", "open"): "invoice.finalized",
            ("open", "paid"): "invoice.paid",
            ("uncollectible", "paid"): "invoice.paid",
            ("open", "void"): "invoice.voided",
            ("uncollectible", "void"): "invoice.voided",
            ("open", "uncollectible"): "invoice.marked_uncollectible",
        },
    ),
)
searches(INVOICES, "GET /v1/invoices/search")

FINALIZE_AFTER_SECONDS: Final = 3600
_FROM_CUSTOMER: Final = ("address", "email", "name", "phone", "shipping", "tax_exempt")


def begin(tx: Tx, customer: Doc, reason: str, currency: str, **fields: Any) -> Doc:
    """A new draft without lines; not saved. reason: its `billing_reason`."""
    account = account_seen(tx)
    invoice = tx.new(
        INVOICES,
        account_country=account["country"],
        account_name=_name(account),
        application=tx.setup.application if not tx.is_platform and tx.caller.connect else None,
        billing_reason=reason,
        currency=currency,
        customer=customer["id"],
        period_end=tx.now,
        period_start=tx.now,
        starting_balance=_balance(customer, currency),
        test_clock=customer.get("test_clock"),
        webhooks_delivered_at=tx.now,
    )
    invoice |= _seen(tx, customer)
    invoice["lines"]["url"] = f"/v1/invoices/{invoice['id']}/lines"
    return invoice | fields


def notes(tx: Tx, invoice: str) -> Doc:
    """What is kept beside an invoice: how its payment is split (`application_fee_amount`,
    `application_fee_percent`, `transfer_data`), `payment_intent`, `failures`, `out_of_band`.
    """
    return tx.hidden(f"{invoice}/notes")


def note(tx: Tx, invoice: str, **what: Any) -> None:
    tx.hide(f"{invoice}/notes", {**notes(tx, invoice), **what})


def subscription_of(invoice: Doc) -> str | None:
    """The subscription an invoice bills."""
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    found: str | None = details.get("subscription")
    return found


def for_subscription(subscription: Doc) -> Doc:
    """`parent` of the invoices of a subscription."""
    details = {"metadata": subscription["metadata"], "subscription": subscription["id"]}
    return {
        "quote_details": None,
        "subscription_details": details,
        "type": "subscription_details",
    }


def automatic_tax(given: Doc | None) -> Doc:
    """`automatic_tax` of an invoice: asked for by a request, or by what the invoice is of."""
    started = assessing.start(given)
    provider = "stripe" if started["enabled"] else None
    return {"disabled_reason": None, **started, "provider": provider, "status": None}


def reckon(tx: Tx, invoice: Doc) -> Doc:
    """Work out what an invoice (left unsaved) comes to from the lines it has now."""
    _look_again(tx, invoice)
    total = lines.reckon(tx, invoice)
    invoice["lines"] = lines.inline(tx, invoice["id"])
    return due(tx, invoice, total)


def due(tx: Tx, invoice: Doc, total: int) -> Doc:
    """What is to be paid of a total: the customer's balance goes in, for or against them."""
    if invoice["status"] == "draft":
        customer = tx.find(CUSTOMERS, invoice["customer"])
        if customer and not customer.get("deleted"):
            invoice["starting_balance"] = _balance(customer, invoice["currency"])
    amount = max(0, total + invoice["starting_balance"]) if total >= 0 else 0
    paid = invoice["amount_paid"]
    invoice |= {"amount_due": amount, "amount_remaining": max(0, amount - paid)}
    return invoice


def draft(tx: Tx, id_: str) -> tuple[Tx, Doc]:
    """A draft and the time it lives in; refused when it is finalised."""
    invoice = tx.get(INVOICES, id_)
    if invoice["status"] != "draft":
        raise refusals.invoice_not_editable()
    return clocks.at(tx, invoice["test_clock"]), invoice


def as_preview(invoice: Doc) -> Doc:
    """An invoice that will come, or would: under names that nothing has."""
    shown = {**invoice, "id": f"upcoming_{invoice['id']}", "billing_reason": "upcoming"}
    shown["webhooks_delivered_at"] = None
    shown["total_pretax_credit_amounts"] = _unspent(shown["total_pretax_credit_amounts"])
    shown["lines"] = {**shown["lines"], "url": f"/v1/invoices/{shown['id']}/lines"}
    shown["lines"]["data"] = [
        {
            **line,
            "id": line["id"].replace("il_", "il_tmp_", 1),
            "invoice": shown["id"],
            "pretax_credit_amounts": _unspent(line["pretax_credit_amounts"]),
        }
        for line in shown["lines"]["data"]
    ]
    return shown


def _unspent(amounts: list[Doc]) -> list[Doc]:
    """Credits that would be used: no transaction has taken them yet."""
    name = "credit_balance_transaction"
    return [{**each, name: None} if name in each else each for each in amounts]


def _look_again(tx: Tx, invoice: Doc) -> None:
    """Until it is finalised, a draft says of its customer what holds now (documented)."""
    customer = tx.find(CUSTOMERS, invoice["customer"]) if invoice["customer"] else None
    if invoice["status"] == "draft" and customer and not customer.get("deleted"):
        invoice.update(_seen(tx, customer))


def _seen(tx: Tx, customer: Doc) -> Doc:
    """What an invoice says of its customer."""
    shown = {f"customer_{name}": customer[name] for name in _FROM_CUSTOMER}
    return shown | {"customer_tax_ids": assessing.tax_ids_of(tx, customer)}


def _name(account: Doc) -> str | None:
    dashboard = (account["settings"] or {}).get("dashboard") or {}
    profile = account.get("business_profile") or {}
    name: str | None = profile.get("name") or dashboard.get("display_name")
    return name


def _balance(customer: Doc, currency: str) -> int:
    """The customer's balance, in the only currency it can be in."""
    own = customer["currency"]
    balance: int = customer["balance"]
    return balance if own in {None, currency} else 0
