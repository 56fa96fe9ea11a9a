"""Credit notes and their lines, newest change first."""

from __future__ import annotations

from emulator.contract.order import put
from emulator.contract.versions.change import Change, Doc, Fetch, Params, drop
from emulator.contract.versions.changes.invoices import old_taxes

_CREATE = (
    "POST /v1/credit_notes",
    "GET /v1/credit_notes/preview",
    "GET /v1/credit_notes/preview/lines",
)


def _one_refund(note: Doc, _fetch: Fetch) -> None:
    refunds = note.pop("refunds", None) or [{}]
    taxes = old_taxes(note.pop("total_taxes", None))
    drop(note, "post_payment_amount", "pre_payment_amount")
    put(note, refund=refunds[0].get("refund"), tax_amounts=taxes)


def _line_taxes(line: Doc, _fetch: Fetch) -> None:
    taxes = old_taxes(line.pop("taxes", None))
    inclusive = sum(tax["amount"] for tax in taxes if tax["inclusive"])
    put(
        line,
        amount_excluding_tax=line["amount"] - inclusive,
        tax_amounts=taxes,
        unit_amount_excluding_tax=line.get("unit_amount_decimal"),
    )


def _refunds_param(params: Params) -> None:
    if "refund" in params:
        params.setdefault("refunds", [{"refund": params.pop("refund")}])


CHANGES = (
    Change(
        "2025-03-31",
        "A credit note may be given back in several refunds.",
        objects=("credit_note",),
        response=_one_refund,
        operations=_CREATE,
        request=_refunds_param,
    ),
    Change(
        "2025-03-31",
        "Taxes of its lines have other names.",
        objects=("credit_note_line_item",),
        response=_line_taxes,
    ),
)
