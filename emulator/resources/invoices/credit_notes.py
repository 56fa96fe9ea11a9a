"""Credit notes: less is owed on an open invoice, or some of a paid one is given back: to the card,
to the customer's balance, or outside of Stripe.

States: issued → void (of open invoices alone).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from emulator.contract.blanks import blank
from emulator.kernel.currency import rounded, share
from emulator.kernel.errors import invoicing as refusals
from emulator.kit import (
    Doc,
    Lifecycle,
    Page,
    Params,
    Resource,
    Tx,
    lists,
    lists_within,
    page,
    retrieves,
)
from emulator.kit.editing import edit, merged_metadata
from emulator.resources.charges.charges import CHARGES, REFUNDS
from emulator.resources.customers import clocks, customer_balance
from emulator.resources.invoices import invoices, lines, paying
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS
from emulator.resources.refunds import refunds
from emulator.resources.tax import tax_rates

_PAGING: Final = ("limit", "starting_after", "ending_before")

CREDIT_NOTES: Final = Resource(
    "credit_note",
    prefix="cn",
    kind="credit note",
    param="id",
    filters=("customer", "invoice"),
    editable=("memo", "metadata"),
    lifecycle=Lifecycle(start="issued", steps={("issued", "void"): "credit_note.voided"}),
)


CREDIT_LINES: Final = Resource(
    "credit_note_line_item",
    prefix="cnli",
    kind="credit note line item",
    within="credit_note",
)
_CREDITABLE: Final = ("open", "paid", "uncollectible")

retrieves(CREDIT_NOTES, "GET /v1/credit_notes/{id}")
lists(CREDIT_NOTES, "GET /v1/credit_notes")


@CREDIT_NOTES.on("POST /v1/credit_notes")
def create(tx: Tx, params: Params) -> Doc:
    invoice = tx.get(INVOICES, params["invoice"], param="invoice")
    tx = clocks.at(tx, invoice["test_clock"])
    note = _drafted(tx, invoice, params)
    if note["type"] == "pre_payment":
        note = tx.save(CREDIT_NOTES, note, event="credit_note.created")
        _owe_less(tx, invoice, note["amount"])
        return note
    _give_back(tx, invoice, note, params)
    note = tx.save(CREDIT_NOTES, note, event="credit_note.created")
    invoice = tx.get(INVOICES, invoice["id"])
    invoice["post_payment_credit_notes_amount"] += note["amount"]
    tx.save(INVOICES, invoice, event="invoice.updated")
    return note


@CREDIT_NOTES.on("GET /v1/credit_notes/preview")
def preview(tx: Tx, params: Params) -> Doc:
    invoice = tx.get(INVOICES, params["invoice"], param="invoice")
    with tx.rehearsal():
        note = create(tx, params)
        return {**note, "invoice": invoice["id"]}


@CREDIT_NOTES.on("GET /v1/credit_notes/preview/lines")
def preview_lines(tx: Tx, params: Params) -> Page:
    paging: Params = {name: params[name] for name in _PAGING if name in params}
    with tx.rehearsal():
        note = create(tx, {name: params[name] for name in params.keys() - paging.keys()})
        return page(tx, CREDIT_LINES, paging, credit_note=note["id"])


@CREDIT_NOTES.on("POST /v1/credit_notes/{id}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    note = edit(tx.get(CREDIT_NOTES, id_), params, CREDIT_NOTES.editable)
    return tx.save(CREDIT_NOTES, note, event="credit_note.updated")


@CREDIT_NOTES.on("POST /v1/credit_notes/{id}/void")
def void(tx: Tx, _params: Params, id_: str) -> Doc:
    note = tx.get(CREDIT_NOTES, id_)
    invoice = tx.get(INVOICES, note["invoice"])
    tx = clocks.at(tx, invoice["test_clock"])
    if not CREDIT_NOTES.allows(note, "void") or invoice["status"] != "open":
        raise refusals.credit_note_not_voidable()
    note["voided_at"] = tx.now
    note = tx.step(CREDIT_NOTES, note, "void")
    _owe_less(tx, invoice, -note["amount"])
    return note


lists_within(CREDIT_LINES, "GET /v1/credit_notes/{credit_note}/lines", CREDIT_NOTES)


# -- what it comes to -----------------------------------------------------------------------------


def _drafted(tx: Tx, invoice: Doc, params: Params) -> Doc:
    """A credit note with its lines and sums; not saved."""
    if invoice["status"] not in _CREDITABLE:
        raise refusals.credit_note_invoice(invoice["status"])
    paid = invoice["status"] == "paid"
    note = tx.new(
        CREDIT_NOTES,
        currency=invoice["currency"],
        customer=invoice["customer"],
        effective_at=params.get("effective_at") or tx.now,
        invoice=invoice["id"],
        memo=params.get("memo"),
        metadata=merged_metadata(None, params.get("metadata") or {}),
        number=_number(tx, invoice),
        reason=params.get("reason"),
        type="post_payment" if paid else "pre_payment",
    )
    note["pdf"] = f"{invoice['hosted_invoice_url']}/pdf"
    _add_lines(tx, invoice, note, params)
    left = invoice["amount_paid"] if paid else invoice["amount_remaining"]
    if paid:
        left -= invoice["post_payment_credit_notes_amount"]
    if note["total"] > left:
        raise refusals.credit_too_large(left, invoice["currency"])
    note["amount"] = note["total"]
    note["post_payment_amount" if paid else "pre_payment_amount"] = note["total"]
    return note


def _number(tx: Tx, invoice: Doc) -> str:
    before = sum(1 for _ in tx.all(CREDIT_NOTES, invoice=invoice["id"]))
    return f"{invoice['number']}-CN-{before + 1:02d}"


def _add_lines(tx: Tx, invoice: Doc, note: Doc, params: Params) -> None:
    given = params.get("lines") or []
    if not given and params.get("amount") is None:
        raise refusals.credit_amount_missing()
    if not given:
        text = f"Credit for {invoice['number']}"
        given = [{"type": "custom_line_item", "description": text, "unit_amount": params["amount"]}]
    made = [_line(tx, invoice, note, each, at) for at, each in enumerate(given)]
    for line in made:
        tx.save(CREDIT_LINES, line)
    exclusive = _sum_taxes(made, "exclusive")
    note["lines"] = {
        "object": "list",
        "data": [{k: v for k, v in line.items() if k != "credit_note"} for line in made][:10],
        "has_more": len(made) > 10,
        "url": f"/v1/credit_notes/{note['id']}/lines",
    }
    subtotal = sum(line["amount"] for line in made)
    off = sum(line["discount_amount"] for line in made)
    taxed = subtotal - off - _sum_taxes(made, "inclusive")
    note |= {
        "discount_amount": off,
        "discount_amounts": [each for line in made for each in line["discount_amounts"]],
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal - _sum_taxes(made, "inclusive"),
        "total": subtotal - off + exclusive,
        "total_excluding_tax": taxed,
        "total_taxes": [tax for line in made for tax in line["taxes"]],
    }


def _sum_taxes(made: list[Doc], behaviour: str) -> int:
    taxes = [tax for line in made for tax in line["taxes"]]
    return sum(tax["amount"] for tax in taxes if tax["tax_behavior"] == behaviour)


def _line(tx: Tx, invoice: Doc, note: Doc, given: Doc, at: int) -> Doc:
    """One line: a part of one of the invoice's, or something else."""
    line = blank("credit_note_line_item")
    line |= {"id": tx.new_id("cnli"), "credit_note": note["id"], "type": given["type"]}
    line["metadata"] = given.get("metadata") or {}
    quantity = given.get("quantity") or 1
    if given["type"] == "custom_line_item":
        unit = Decimal(str(given.get("unit_amount_decimal") or given.get("unit_amount") or 0))
        line.pop("invoice_line_item")
        rates = tax_rates.named(tx, given.get("tax_rates"), f"lines[{at}][tax_rates]")
        amount = given["amount"] if given.get("amount") is not None else rounded(unit * quantity)
        line |= {
            "amount": amount,
            "description": given.get("description"),
            "quantity": quantity,
            "tax_rates": rates,
            "unit_amount": int(unit) if unit == int(unit) else None,
            "unit_amount_decimal": f"{unit.normalize():f}",
        }
        return line
    source = tx.find(lines.LINES, given.get("invoice_line_item") or "")
    if source is None or source["invoice"] != invoice["id"]:
        param = f"lines[{at}][invoice_line_item]"
        raise refusals.no_such_line(str(given.get("invoice_line_item")), param)
    return _of_line(line, source, given)


def _of_line(line: Doc, source: Doc, given: Doc) -> Doc:
    """A part of an invoice's line, with its part of the discounts and taxes."""
    whole, many = source["amount"], source["quantity"] or 1
    quantity = given.get("quantity")
    amount = given["amount"] if given.get("amount") is not None else whole
    if quantity:
        amount = share(whole, quantity, many)
    parts = [
        {**each, "amount": share(each["amount"], amount, whole)}
        for each in source["discount_amounts"]
    ]
    taxes = [
        {
            **each,
            "amount": share(each["amount"], amount, whole),
            "taxable_amount": share(each["taxable_amount"] or 0, amount, whole),
        }
        for each in source["taxes"]
    ]
    unit = (source["pricing"] or {}).get("unit_amount_decimal")
    return line | {
        "amount": amount,
        "description": source["description"],
        "discount_amount": sum(each["amount"] for each in parts),
        "discount_amounts": parts,
        "invoice_line_item": source["id"],
        "quantity": quantity,
        "taxes": taxes,
        "unit_amount": int(unit) if unit and unit.isdigit() else None,
        "unit_amount_decimal": unit,
    }


# -- where the money goes -------------------------------------------------------------------------


def _owe_less(tx: Tx, invoice: Doc, amount: int) -> None:
    """An open invoice asks for less (or, when a note is voided, for more again)."""
    invoice["pre_payment_credit_notes_amount"] += amount
    invoice["amount_remaining"] -= amount
    invoice["amount_due"] -= amount
    intent = tx.find(PAYMENT_INTENTS, invoices.notes(tx, invoice["id"]).get("payment_intent") or "")
    if intent is not None and invoice["amount_remaining"] > 0:
        tx.save(PAYMENT_INTENTS, intent | {"amount": invoice["amount_remaining"]})
    invoice = tx.save(INVOICES, invoice, event="invoice.updated")
    if invoice["amount_remaining"] == 0:
        paying.close(tx, invoice)
        paying.paid(tx, invoice)


def _give_back(tx: Tx, invoice: Doc, note: Doc, params: Params) -> None:
    """A paid invoice gives back: by refund, onto the balance, or elsewhere."""
    refund, credit = params.get("refund_amount") or 0, params.get("credit_amount") or 0
    outside = params.get("out_of_band_amount") or 0
    refunded = _named_refunds(tx, params)
    given = refund + credit + outside + sum(amount for _, amount in refunded)
    if given != note["total"]:
        raise refusals.credit_split(note["total"], given, invoice["currency"])

    if refund:
        refunded.append((_refund(tx, invoice, refund), refund))
    note["refunds"] = [
        {
            "amount_refunded": amount,
            "payment_record_refund": None,
            "refund": id_,
            "type": "refund",
        }
        for id_, amount in refunded
    ]
    note["out_of_band_amount"] = outside or None
    if credit:
        note["customer_balance_transaction"] = _credit(tx, invoice, note, credit)


def _named_refunds(tx: Tx, params: Params) -> list[tuple[str, int]]:
    """Refunds that are there already, and how much of each counts: all of it unless said."""
    found = []
    for at, named in enumerate(params.get("refunds") or []):
        refund = tx.get(REFUNDS, named.get("refund") or "", f"refunds[{at}][refund]")
        found.append((str(refund["id"]), int(named.get("amount_refunded") or refund["amount"])))
    return found


def _credit(tx: Tx, invoice: Doc, note: Doc, amount: int) -> str:
    change = customer_balance.move(
        tx,
        invoice["customer"],
        -amount,
        invoice["currency"],
        "credit_note",
        invoice["id"],
        credit_note=note["id"],
    )
    return str(change["id"])


def _refund(tx: Tx, invoice: Doc, amount: int) -> str:
    intent = tx.find(PAYMENT_INTENTS, invoices.notes(tx, invoice["id"]).get("payment_intent") or "")
    charge = tx.find(CHARGES, (intent or {}).get("latest_charge") or "")
    if charge is None:
        raise refusals.credit_without_payment()
    made = refunds.refund(tx.outside(), charge, {"amount": amount})
    return str(made["id"])
