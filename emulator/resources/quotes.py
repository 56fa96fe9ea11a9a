"""Quotes: what something would cost, and for whom; accepted, it is bought.

States: draft → open → accepted or canceled. Accepting makes a subscription when a price recurs, and
an invoice otherwise. In outline: revisions and effective dates are kept and change nothing.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.kernel.errors import billing as refusals
from emulator.kernel.errors import objects
from emulator.kit import Doc, Lifecycle, Page, Params, Resource, Tx, envelope, page, retrieves
from emulator.kit.editing import edit
from emulator.resources.billing import discounts, finalizing, invoice_items, invoices, subscribing
from emulator.resources.billing.invoices import INVOICES
from emulator.resources.checkout import items
from emulator.resources.checkout.items import ITEMS
from emulator.resources.customers import CUSTOMERS

QUOTES: Final = Resource(
    "quote",
    prefix="qt",
    param="quote",
    filters=("customer", "status"),
    editable=(
        "application_fee_amount",
        "application_fee_percent",
        "collection_method",
        "customer",
        "description",
        "expires_at",
        "footer",
        "header",
        "invoice_settings",
        "metadata",
        "on_behalf_of",
        "subscription_data",
    ),
    lifecycle=Lifecycle(
        start="draft",
        steps={
            ("draft", "open"): "quote.finalized",
            ("open", "accepted"): "quote.accepted",
            ("draft", "canceled"): "quote.canceled",
            ("open", "canceled"): "quote.canceled",
        },
    ),
)
_EXPIRES_SECONDS: Final = 30 * 86_400
_HANDED_ON: Final = ("application_fee_percent", "collection_method", "on_behalf_of")

retrieves(QUOTES, "GET /v1/quotes/{quote}")


@QUOTES.on("GET /v1/quotes")
def list_(tx: Tx, params: Params) -> Page:
    return page(tx, QUOTES, params, "/v1/quotes")


@QUOTES.on("POST /v1/quotes")
def create(tx: Tx, params: Params) -> Doc:
    quote = tx.new(QUOTES, expires_at=tx.now + _EXPIRES_SECONDS)
    quote["application"] = tx.setup.application if not tx.is_platform else None
    _fill(tx, quote, params)
    return tx.save(QUOTES, quote, event="quote.created")


@QUOTES.on("POST /v1/quotes/{quote}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    quote = _in(tx, id_, "update", "draft")
    _fill(tx, quote, params)
    return tx.save(QUOTES, quote)


@QUOTES.on("POST /v1/quotes/{quote}/finalize")
def finalize(tx: Tx, params: Params, id_: str) -> Doc:
    quote = _in(tx, id_, "finalize", "draft")
    if not quote["customer"] or not tx.hidden(id_).get("items"):
        raise refusals.quote_empty()
    quote["expires_at"] = params.get("expires_at") or quote["expires_at"]
    count = sum(1 for each in tx.all(QUOTES, customer=quote["customer"]) if each["number"])
    owner = tx.get(CUSTOMERS, quote["customer"])
    quote["number"] = f"QT-{owner['invoice_prefix']}-{count + 1:04d}-1"
    quote["status_transitions"]["finalized_at"] = tx.now
    return tx.step(QUOTES, quote, "open")


@QUOTES.on("POST /v1/quotes/{quote}/cancel")
def cancel(tx: Tx, _params: Params, id_: str) -> Doc:
    quote = _in(tx, id_, "cancel", "draft", "open")
    quote["status_transitions"]["canceled_at"] = tx.now
    return tx.step(QUOTES, quote, "canceled")


@QUOTES.on("POST /v1/quotes/{quote}/accept")
def accept(tx: Tx, _params: Params, id_: str) -> Doc:
    quote = _in(tx, id_, "accept", "open")
    sold = tx.hidden(id_)["items"]
    recurring = [each for each in sold if each["price"]["recurring"]]
    if recurring:
        quote |= _subscribe(tx, quote, sold, recurring)
    else:
        quote["invoice"] = _bill(tx, quote, sold)
    quote["status_transitions"]["accepted_at"] = tx.now
    return tx.step(QUOTES, quote, "accepted")


@QUOTES.on("GET /v1/quotes/{quote}/line_items")
def list_items(tx: Tx, params: Params, id_: str) -> Page:
    tx.get(QUOTES, id_)
    return page(tx, ITEMS, params, f"/v1/quotes/{id_}/line_items", session=id_)


@QUOTES.on("GET /v1/quotes/{quote}/computed_upfront_line_items")
def list_upfront(tx: Tx, params: Params, id_: str) -> Page:
    tx.get(QUOTES, id_)
    url = f"/v1/quotes/{id_}/computed_upfront_line_items"
    return page(tx, ITEMS, params, url, session=id_)


# -- inside ---------------------------------------------------------------------------------------


def _in(tx: Tx, id_: str, deed: str, *statuses: str) -> Doc:
    quote = tx.get(QUOTES, id_)
    if quote["status"] not in statuses:
        raise objects.wrong_status(QUOTES.kind, deed, quote["status"], statuses)
    return quote


def _fill(tx: Tx, quote: Doc, params: Params) -> None:
    """Put what a request sets onto a quote, and work out what it comes to."""
    if params.get("customer"):
        owner = tx.get(CUSTOMERS, params["customer"], param="customer")
        quote["test_clock"] = owner.get("test_clock")
    edit(quote, params, QUOTES.editable)
    data = quote["subscription_data"]
    data["metadata"] = data["metadata"] or {}
    if not isinstance(data["effective_date"], int):  # the end of a period that has not begun
        data["effective_date"] = None
    if "transfer_data" in params:
        given = params["transfer_data"]
        names = ("amount", "amount_percent", "destination")
        quote["transfer_data"] = {n: given.get(n) for n in names} if given else None
    notes = tx.hidden(quote["id"])
    if params.get("line_items"):
        notes["items"] = items.priced(tx, params["line_items"])
    if "discounts" in params:
        notes["discounts"] = params["discounts"]
        quote["discounts"] = discounts.make_all(tx, params["discounts"], customer=quote["customer"])
    tx.hide(quote["id"], notes)
    if notes.get("items"):
        _reckon(tx, quote, notes)


def _reckon(tx: Tx, quote: Doc, notes: Doc) -> None:
    currency = items.currency_of(notes["items"], None, tx)
    with tx.rehearsal():  # a quote redeems nothing yet
        found = items.reckon(tx, notes, currency)
    items.write(tx, quote["id"], found["lines"])
    sums = {n: found[n] for n in ("amount_subtotal", "amount_total", "total_details")}
    quote |= {"currency": currency, **sums}
    quote["computed"] = {"recurring": _recurring(tx, notes, currency), "upfront": dict(sums)}


def _recurring(tx: Tx, notes: Doc, currency: str) -> Doc | None:
    """What will be paid again and again."""
    again = [each for each in notes["items"] if each["price"]["recurring"]]
    if not again:
        return None
    with tx.rehearsal():
        sums = items.reckon(tx, {**notes, "items": again}, currency)
    rhythm = again[0]["price"]["recurring"]
    return {
        **{n: sums[n] for n in ("amount_subtotal", "amount_total", "total_details")},
        **{n: rhythm[n] for n in ("interval", "interval_count")},
    }


def _subscribe(tx: Tx, quote: Doc, sold: list[Doc], recurring: list[Doc]) -> Doc:
    chosen = [{"price": each["price"]["id"], "quantity": each["quantity"]} for each in recurring]
    extra = [
        {"price": each["price"]["id"], "quantity": each["quantity"]}
        for each in sold
        if not each["price"]["recurring"]
    ]
    sent: dict[str, Any] = {n: quote[n] for n in _HANDED_ON if quote[n] is not None}
    sent |= {
        "add_invoice_items": extra,
        "customer": quote["customer"],
        "discounts": [{"discount": id_} for id_ in quote["discounts"]],
        "items": chosen,
        "metadata": quote["subscription_data"]["metadata"],
        "trial_period_days": quote["subscription_data"]["trial_period_days"],
    }
    if quote["collection_method"] == "send_invoice":
        sent["days_until_due"] = quote["invoice_settings"]["days_until_due"] or 30
    if quote["transfer_data"]:
        kept = {k: v for k, v in quote["transfer_data"].items() if v is not None}
        sent["transfer_data"] = kept
    made = subscribing.begin(tx, sent)
    return {"invoice": made["latest_invoice"], "subscription": made["id"]}


def _bill(tx: Tx, quote: Doc, sold: list[Doc]) -> str:
    """An invoice of what is bought once, left for its owner to send or collect."""
    owner = tx.get(CUSTOMERS, quote["customer"])
    invoice = invoices.begin(tx, owner, "quote_accept", quote["currency"])
    invoice["parent"] = {
        "quote_details": {"quote": quote["id"]},
        "subscription_details": None,
        "type": "quote_details",
    }
    invoice["discounts"] = quote["discounts"]
    tx.save(INVOICES, invoice)
    split = {n: quote[n] for n in ("application_fee_amount", "transfer_data") if quote[n]}
    invoices.note(tx, invoice["id"], **split)
    for each in sold:
        given = {"pricing": {"price": each["price"]["id"]}, "quantity": each["quantity"]}
        made = invoice_items.make(tx, owner, given)
        item = tx.save(invoice_items.INVOICE_ITEMS, made, event="invoiceitem.created")
        invoice_items.take(tx, invoice, item)
    finalizing.schedule(tx, invoice)
    saved = tx.save(INVOICES, invoices.reckon(tx, invoice), event="invoice.created")
    return str(saved["id"])


QUOTES.includes["line_items"] = lambda tx, quote: envelope(
    tx, ITEMS, f"/v1/quotes/{quote['id']}/line_items", total=False, session=quote["id"]
)


def _breakdown(tx: Tx, quote: Doc) -> Doc:
    return items.breakdown(tx, quote["id"])


QUOTES.includes |= {
    "total_details.breakdown": _breakdown,
    "computed.upfront.total_details.breakdown": _breakdown,
    "computed.recurring.total_details.breakdown": lambda tx, quote: items.breakdown(
        tx, quote["id"], recurring=True
    ),
}
