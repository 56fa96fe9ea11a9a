"""Quotes: what something would cost, and for whom; accepted, it is bought.

States: draft → open → accepted or canceled. Accepting makes a subscription when a price recurs (a
schedule, when it is to begin later), and an invoice otherwise. A quote may be made from another,
also as its revision: the first one is canceled when the revision is finalised (documented).
"""

from __future__ import annotations

from typing import Any, Final

from emulator.kernel.currency import display
from emulator.kernel.errors import billing as refusals
from emulator.kernel.errors import objects, taxing
from emulator.kernel.instants import DAY
from emulator.kit import (
    Doc,
    Lifecycle,
    Params,
    Resource,
    Tx,
    envelope,
    lists,
    lists_within,
    retrieves,
)
from emulator.kit.editing import edit
from emulator.resources.billing import creating, schedules
from emulator.resources.checkout import items
from emulator.resources.checkout.items import ITEMS
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.files.papers import Content, pdf
from emulator.resources.invoices import finalizing, invoice_items, invoices
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.products import discounts
from emulator.resources.subscriptions import billing_modes
from emulator.resources.tax import assessing, tax_rates

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
_EXPIRES_SECONDS: Final = 30 * DAY
_HANDED_ON: Final = (
    "application_fee_percent",
    "automatic_tax",
    "collection_method",
    "default_tax_rates",
    "on_behalf_of",
)
_COPIED: Final = (
    *(name for name in QUOTES.editable if name != "expires_at"),
    "automatic_tax",
    "default_tax_rates",
    "discounts",
    "test_clock",
    "transfer_data",
)

retrieves(QUOTES, "GET /v1/quotes/{quote}")
lists(QUOTES, "GET /v1/quotes")


@QUOTES.on("POST /v1/quotes")
def create(tx: Tx, params: Params) -> Doc:
    quote = tx.new(QUOTES, expires_at=tx.now + _EXPIRES_SECONDS)
    quote["application"] = tx.setup.application if not tx.is_platform else None
    usual = billing_modes.asked(billing_modes.of(tx, None))
    quote["subscription_data"]["billing_mode"] = usual
    if params.get("from_quote"):
        _begin_from(tx, quote, params["from_quote"])
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
    if quote["automatic_tax"]["status"] == "requires_location_inputs":
        raise taxing.location_unknown()
    quote["number"] = _number(tx, quote)
    quote["status_transitions"]["finalized_at"] = tx.now
    return tx.step(QUOTES, quote, "open")


def _number(tx: Tx, quote: Doc) -> str:
    """The customer's next number; a revision takes over that of the quote it revises, which is
    canceled.
    """
    origin = quote["from_quote"] or {}
    if origin.get("is_revision"):
        revised = _in(tx, origin["quote"], "revise", "open")
        cancel(tx, {}, revised["id"])
        stem, _, turn = str(revised["number"]).rpartition("-")
        return f"{stem}-{int(turn) + 1}"

    found = [each for each in tx.all(QUOTES, customer=quote["customer"]) if each["number"]]
    count = sum(1 for each in found if not (each["from_quote"] or {}).get("is_revision"))
    owner = tx.get(CUSTOMERS, quote["customer"])
    return f"QT-{owner['invoice_prefix']}-{count + 1:04d}-1"


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


lists_within(ITEMS, "GET /v1/quotes/{quote}/line_items", QUOTES)
lists_within(ITEMS, "GET /v1/quotes/{quote}/computed_upfront_line_items", QUOTES)


@QUOTES.on("GET /v1/quotes/{quote}/pdf")
def paper(tx: Tx, _params: Params, id_: str) -> Content:
    """The quote as a customer gets it; there is none of a draft (documented)."""
    quote = _in(tx, id_, "download", "open", "accepted", "canceled")
    owner = tx.find(CUSTOMERS, quote["customer"] or "") or {}
    code = quote["currency"]
    lines = [
        f"{line['quantity']} x {line['description']}: {display(line['amount_total'], code)}"
        for line in reversed(list(tx.all(ITEMS, session=id_)))
    ]
    whose = owner.get("name") or owner.get("email") or quote["customer"]
    head = [f"Quote {quote['number'] or quote['id']}", *([f"For {whose}"] if whose else [])]
    total = [f"Total {display(quote['amount_total'], code)}"] if code else []
    words = [quote[name] for name in ("header", "description", "footer") if quote[name]]
    shown = [*head, *words, *lines, *total, f"It is {quote['status']}"]
    return Content(b"application/pdf", pdf(shown))


# -- inside ---------------------------------------------------------------------------------------


def _in(tx: Tx, id_: str, deed: str, *statuses: str) -> Doc:
    quote = tx.get(QUOTES, id_)
    if quote["status"] not in statuses:
        raise objects.wrong_status(QUOTES.kind, deed, quote["status"], statuses)
    return quote


def _begin_from(tx: Tx, quote: Doc, origin: Doc) -> None:
    """A draft that says what another quote says; one that revises it has to follow an open one."""
    revises = bool(origin.get("is_revision"))
    first = tx.get(QUOTES, origin["quote"], param="from_quote[quote]")
    if revises and first["status"] != "open":
        raise objects.wrong_status(QUOTES.kind, "revise", first["status"], ("open",))
    quote |= {name: first[name] for name in _COPIED}
    quote["from_quote"] = {"is_revision": revises, "quote": first["id"]}
    notes = tx.hidden(first["id"])
    tx.hide(quote["id"], notes)
    if notes.get("items"):
        _reckon(tx, quote, notes)


def _fill(tx: Tx, quote: Doc, params: Params) -> None:
    """Put what a request sets onto a quote, and work out what it comes to."""
    if params.get("customer"):
        owner = tx.get(CUSTOMERS, params["customer"], param="customer")
        quote["test_clock"] = owner.get("test_clock")
    edit(quote, params, QUOTES.editable)
    data = quote["subscription_data"]
    asked = (params.get("subscription_data") or {}).get("billing_mode")
    if asked:
        data["billing_mode"] = billing_modes.asked(billing_modes.of(tx, asked))
    data["metadata"] = data["metadata"] or {}
    if not isinstance(data["effective_date"], int):  # the end of a period that has not begun
        data["effective_date"] = None
    if "automatic_tax" in params:
        started = assessing.start(params["automatic_tax"])
        provider = "stripe" if started["enabled"] else None
        quote["automatic_tax"] = {**started, "provider": provider, "status": None}
        assessing.check(tx, started)
    if "default_tax_rates" in params:
        tax_rates.named(tx, params["default_tax_rates"], "default_tax_rates")
        quote["default_tax_rates"] = params["default_tax_rates"] or []
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
    notes = {**notes, "items": [_taxed(quote, each) for each in notes["items"]]}
    found = _worked_out(tx, quote, notes, currency)
    items.write(tx, quote["id"], found["lines"])
    sums = {n: found[n] for n in ("amount_subtotal", "amount_total", "total_details")}
    quote |= {"currency": currency, **sums}
    recurring = _recurring(tx, quote, notes, currency)
    quote["computed"] = {"recurring": recurring, "upfront": dict(sums)}


def _taxed(quote: Doc, item: Doc) -> Doc:
    """A line with the rates of the quote, where it has none of its own."""
    rates = item.get("tax_rates") or quote["default_tax_rates"]
    return {**item, "tax_rates": rates} if rates else item


def _worked_out(tx: Tx, quote: Doc, notes: Doc, currency: str) -> Doc:
    """What lines come to."""
    automatic, assessor = quote["automatic_tax"], None
    customer = tx.find(CUSTOMERS, quote["customer"] or "")
    if automatic["enabled"]:
        assessor = assessing.assessor(tx, automatic, assessing.buyer_of(tx, customer))
        automatic["status"] = "complete" if assessor else "requires_location_inputs"
    exempt = (customer or {}).get("tax_exempt") in {"exempt", "reverse"}
    return items.reckon(tx, notes, currency, exempt=exempt, assessor=assessor)


def _recurring(tx: Tx, quote: Doc, notes: Doc, currency: str) -> Doc | None:
    """What will be paid again and again."""
    again = [each for each in notes["items"] if each["price"]["recurring"]]
    if not again:
        return None
    sums = _worked_out(tx, quote, {**notes, "items": again}, currency)
    rhythm = again[0]["price"]["recurring"]
    return {
        **{n: sums[n] for n in ("amount_subtotal", "amount_total", "total_details")},
        **{n: rhythm[n] for n in ("interval", "interval_count")},
    }


def _subscribe(tx: Tx, quote: Doc, sold: list[Doc], recurring: list[Doc]) -> Doc:
    chosen = [{**_ordered(each), "agreed": True} for each in recurring]
    extra = [_ordered(each) for each in sold if not each["price"]["recurring"]]
    begins = quote["subscription_data"]["effective_date"]
    if begins is not None and begins > tx.now:
        return _schedule(tx, quote, chosen, extra)
    sent: dict[str, Any] = {n: quote[n] for n in _HANDED_ON if quote[n] not in (None, [])}
    sent |= {
        "add_invoice_items": extra,
        "billing_mode": quote["subscription_data"]["billing_mode"],
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
    made = creating.begin(tx, sent)
    return {"invoice": made["latest_invoice"], "subscription": made["id"]}


def _ordered(item: Doc) -> Doc:
    """A line of a quote as a subscription takes it."""
    found = {"price": item["price"]["id"], "quantity": item["quantity"]}
    return {**found, "tax_rates": item["tax_rates"]} if item.get("tax_rates") else found


def _schedule(tx: Tx, quote: Doc, chosen: list[Doc], extra: list[Doc]) -> Doc:
    """What is to begin later waits as a schedule of one phase."""
    phase: Doc = {"items": chosen, "metadata": quote["subscription_data"]["metadata"]}
    if extra:
        phase["add_invoice_items"] = extra
    if quote["discounts"]:
        phase["discounts"] = [{"discount": id_} for id_ in quote["discounts"]]
    phase |= {n: quote[n] for n in _HANDED_ON if quote[n] not in (None, [])}
    sent = {
        "customer": quote["customer"],
        "phases": [phase],
        "billing_mode": quote["subscription_data"]["billing_mode"],
        "start_date": quote["subscription_data"]["effective_date"],
    }
    return {"subscription_schedule": schedules.create(tx, sent)["id"]}


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
    invoice["automatic_tax"] = invoices.automatic_tax(quote["automatic_tax"])
    rates = tax_rates.named(tx, quote["default_tax_rates"], "default_tax_rates")
    invoice["default_tax_rates"] = rates
    tx.save(INVOICES, invoice)
    split = {n: quote[n] for n in ("application_fee_amount", "transfer_data") if quote[n]}
    invoices.note(tx, invoice["id"], **split)
    for each in sold:
        given = {"pricing": {"price": each["price"]["id"]}, "quantity": each["quantity"]}
        given["tax_rates"] = each.get("tax_rates") or []
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
