"""How invoices, their lines and invoice items looked before; `billing` dates it."""

from __future__ import annotations

from typing import Any

from emulator.contract.versions.change import Doc, Fetch, Params, drop, put, rename

_LINE_PARENTS = ("subscription_item_details", "invoice_item_details")


def _first(fetch: Fetch, kind: str, doc: Doc) -> Any:
    found = fetch(kind, doc)
    return found[0] if found else None


def before_parents(invoice: Doc, fetch: Fetch) -> None:
    """`parent` said apart, and the payment named by the invoice itself."""
    intent = _first(fetch, "invoice.payment_intent", invoice) or {}
    details = (invoice.get("parent") or {}).get("subscription_details") or {}
    drop(invoice, "parent", "total_taxes", "amount_overpaid", "confirmation_secret", "payments")
    put(
        invoice,
        application_fee_amount=intent.get("application_fee_amount"),
        charge=intent.get("latest_charge"),
        discount=None,
        paid=invoice.get("status") == "paid",
        paid_out_of_band=False,
        payment_intent=intent.get("id"),
        quote=None,
        subscription=details.get("subscription"),
        subscription_details={"metadata": details.get("metadata")},
        tax=None,
        total_tax_amounts=[],
        transfer_data=intent.get("transfer_data"),
    )


def line_before_parents(line: Doc, fetch: Fetch) -> None:
    """`parent`, `pricing` and `taxes` of a line said apart, price and plan fetched."""
    parent = line.get("parent") or {}
    details: Doc = next((parent[key] for key in _LINE_PARENTS if parent.get(key)), {})
    price = _first(fetch, "line_item.price", line)
    plan = _first(fetch, "line_item.plan", line)
    unit = (line.get("pricing") or {}).get("unit_amount_decimal")
    drop(line, "parent", "pricing", "taxes", "subtotal")
    put(
        line,
        amount_excluding_tax=line.get("amount"),
        plan=plan,
        price=price,
        proration=details.get("proration", False),
        proration_details=details.get("proration_details") or {"credited_items": None},
        subscription=details.get("subscription"),
        tax_amounts=[],
        tax_rates=[],
        type="invoiceitem" if details.get("invoice_item") else "subscription",
        unit_amount_excluding_tax=unit,
    )
    if details.get("subscription_item"):
        put(line, subscription_item=details["subscription_item"])
    if details.get("invoice_item"):
        put(line, invoice_item=details["invoice_item"])


def item_before_parents(item: Doc, fetch: Fetch) -> None:
    """`parent` and `pricing` of an invoice item said apart."""
    parent = (item.get("parent") or {}).get("subscription_details") or {}
    unit = (item.get("pricing") or {}).get("unit_amount_decimal")
    price = _first(fetch, "invoiceitem.price", item)
    plan = _first(fetch, "invoiceitem.plan", item)
    drop(item, "parent", "pricing")
    put(
        item,
        plan=plan,
        price=price,
        subscription=parent.get("subscription"),
        unit_amount=int(unit) if isinstance(unit, str) and unit.isdigit() else None,
        unit_amount_decimal=unit,
    )


def before_rendering(invoice: Doc, fetch: Fetch) -> None:
    """`rendering` had less to say, under another name."""
    del fetch
    rendering = invoice.get("rendering")
    shown = None
    if isinstance(rendering, dict):
        shown = {"amount_tax_display": rendering.get("amount_tax_display")}
    drop(invoice, "rendering")
    put(invoice, rendering_options=shown)


def before_created(invoice: Doc, fetch: Fetch) -> None:
    """`date` and `application_fee`, and no account of its transitions."""
    del fetch
    rename(invoice, "created", "date")
    rename(invoice, "application_fee_amount", "application_fee")
    drop(invoice, "status_transitions")


def adapt_fee(params: Params) -> None:
    """`application_fee` of an invoice under its new name."""
    if "application_fee" in params:
        params["application_fee_amount"] = params.pop("application_fee")


def before_status(invoice: Doc, fetch: Fetch) -> None:
    """Closed and forgiven instead of a status."""
    del fetch
    status = invoice.get("status")
    put(
        invoice,
        closed=status in ("paid", "void", "uncollectible"),
        forgiven=status == "uncollectible",
    )
    drop(invoice, "status", "auto_advance")
