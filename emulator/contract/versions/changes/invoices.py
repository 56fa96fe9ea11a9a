"""How invoices, their lines and invoice items looked before; `billing` dates it."""

from __future__ import annotations

from typing import Any, Final

from emulator.contract.order import put
from emulator.contract.versions.change import Doc, Fetch, Params, drop, rename

_LINE_PARENTS: Final = ("subscription_item_details", "invoice_item_details")
_BASIL: Final = ("parent", "total_taxes", "amount_overpaid", "confirmation_secret", "payments")


def _first(fetch: Fetch, kind: str, doc: Doc) -> Any:
    found = fetch(kind, doc)
    return found[0] if found else None


def old_taxes(taxes: list[Doc] | None) -> list[Doc]:
    """Taxes under the names they had."""
    return [
        {
            "amount": each["amount"],
            "inclusive": each["tax_behavior"] == "inclusive",
            "tax_rate": (each["tax_rate_details"] or {}).get("tax_rate"),
            "taxability_reason": each["taxability_reason"],
            "taxable_amount": each["taxable_amount"],
        }
        for each in taxes or ()
    ]


def before_parents(invoice: Doc, fetch: Fetch) -> None:
    """`parent` said apart, and the payment named by the invoice itself. What was expanded stays."""
    known = _first(fetch, "invoice.attributes", invoice) or {}
    details = (invoice.get("parent") or {}).get("subscription_details") or {}
    whole = {name: value for name, value in invoice.items() if isinstance(value, dict)}
    taxes = invoice.get("total_taxes") or []
    intent = known.get("payment_intent")
    drop(invoice, *_BASIL)
    put(
        invoice,
        application_fee_amount=known.get("application_fee_amount"),
        charge=whole.get("charge", known.get("charge")),
        discount=known.get("discount"),
        paid=invoice.get("status") == "paid",
        paid_out_of_band=bool(known.get("out_of_band")),
        payment_intent=whole.get("payment_intent", intent),
        quote=None,
        subscription=whole.get("subscription", details.get("subscription")),
        subscription_details={"metadata": details.get("metadata")},
        tax=sum(tax["amount"] for tax in taxes) if taxes else None,
        total_tax_amounts=old_taxes(taxes),
        transfer_data=known.get("transfer_data"),
    )
    if str(invoice.get("id")).startswith("upcoming_"):
        drop(invoice, "id")
        invoice["lines"]["url"] = f"/v1/invoices/upcoming/lines?customer={invoice['customer']}"


def line_before_parents(line: Doc, fetch: Fetch) -> None:
    """`parent`, `pricing` and `taxes` of a line said apart, price and plan fetched."""
    parent = line.get("parent") or {}
    details: Doc = next((parent[key] for key in _LINE_PARENTS if parent.get(key)), {})
    price = _first(fetch, "line_item.price", line)
    plan = _first(fetch, "line_item.plan", line)
    rates = [*fetch("line_item.tax_rates", line)]
    unit = (line.get("pricing") or {}).get("unit_amount_decimal")
    if unit is None and line.get("amount") is not None:
        unit = f"{line['amount'] / (line.get('quantity') or 1):g}"
    inclusive = sum(
        t["amount"] for t in line.get("taxes") or () if t["tax_behavior"] == "inclusive"
    )
    taxes = old_taxes(line.get("taxes"))
    drop(line, "parent", "pricing", "taxes", "subtotal", "quantity_decimal")
    put(
        line,
        amount_excluding_tax=(line.get("amount") or 0) - inclusive,
        plan=plan,
        price=price,
        proration=details.get("proration", False),
        proration_details=details.get("proration_details") or {"credited_items": None},
        subscription=details.get("subscription"),
        tax_amounts=taxes,
        tax_rates=rates,
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
    if unit is None and item.get("amount") is not None:
        unit = f"{item['amount'] / (item.get('quantity') or 1):g}"
    price = _first(fetch, "invoiceitem.price", item)
    plan = _first(fetch, "invoiceitem.plan", item)
    drop(item, "parent", "pricing", "net_amount", "proration_details", "quantity_decimal")
    put(
        item,
        plan=plan,
        price=price,
        subscription=parent.get("subscription"),
        unit_amount=int(unit) if isinstance(unit, str) and unit.lstrip("-").isdigit() else None,
        unit_amount_decimal=unit,
    )
    if parent.get("subscription_item"):
        put(item, subscription_item=parent["subscription_item"])


def before_late_numbers(invoice: Doc, fetch: Fetch) -> None:
    """A draft had the number that it was to have."""
    if invoice.get("status") == "draft" and not invoice.get("number"):
        found = _first(fetch, "invoice.number", invoice) or {}
        put(invoice, number=found.get("number"))


def before_rendering(invoice: Doc, _fetch: Fetch) -> None:
    """What `rendering` says of taxes had a name of its own, beside it in the end."""
    rendering = invoice.get("rendering")
    shown = None
    if isinstance(rendering, dict):
        shown = {"amount_tax_display": rendering.get("amount_tax_display")}
    put(invoice, rendering_options=shown)


def adapt_rendering(params: Params) -> None:
    """`rendering_options` says what `rendering` says."""
    if "rendering_options" in params:
        params.setdefault("rendering", params.pop("rendering_options"))


def include_waiting(params: Params) -> None:
    """Invoices took what waited, unless told not to."""
    params.setdefault("pending_invoice_items_behavior", "include")


def before_line_ids(line: Doc, _fetch: Fetch) -> None:
    """A line had the id of its invoice item or of its subscription, and said nothing of the latter
    besides (observed in 2016).
    """
    if line.get("invoice_item"):
        line["id"] = line["invoice_item"]
    elif line.get("subscription"):
        line |= {"description": None, "id": line["subscription"], "subscription": None}
    drop(line, "invoice_item", "subscription_item")


def before_created(invoice: Doc, _fetch: Fetch) -> None:
    """`date` and `application_fee`, and no account of its transitions."""
    rename(invoice, "created", "date")
    rename(invoice, "application_fee_amount", "application_fee")
    drop(invoice, "status_transitions")


def adapt_fee(params: Params) -> None:
    """`application_fee` of an invoice under its new name."""
    if "application_fee" in params:
        params["application_fee_amount"] = params.pop("application_fee")


def before_status(invoice: Doc, _fetch: Fetch) -> None:
    """Closed and forgiven instead of a status; a draft was to be paid within the hour."""
    status = invoice.get("status")
    if status == "draft" and invoice.get("auto_advance"):
        invoice["next_payment_attempt"] = invoice.get("automatically_finalizes_at")
    stopped = status in ("draft", "open") and not invoice.get("auto_advance")
    put(
        invoice,
        closed=status in ("paid", "void", "uncollectible") or stopped,
        forgiven=status == "uncollectible",
    )
    drop(invoice, "status", "auto_advance")


def adapt_closed(params: Params) -> None:
    """`closed` of an invoice: whether it still advances by itself; all did."""
    if "closed" in params:
        params["auto_advance"] = str(params.pop("closed")).lower() != "true"


def advance_by_itself(params: Params) -> None:
    """Every invoice advanced by itself."""
    params.setdefault("auto_advance", True)
    adapt_closed(params)
