"""What clients do with invoices: create, change, finalise, pay, send, void, give up, delete."""

from __future__ import annotations

from typing import Any, Final

from emulator.kernel.errors import billing as refusals
from emulator.kernel.errors import invoicing as invoice_refusals
from emulator.kernel.errors import params as param_refusals
from emulator.kernel.errors.refusal import Refusal
from emulator.kernel.errors.requests import parameters_exclusive
from emulator.kernel.instants import DAY
from emulator.kit import Doc, Page, Params, Tx, page, retrieves
from emulator.kit.editing import edit
from emulator.resources.accounts import state
from emulator.resources.charges.charges import CHARGES
from emulator.resources.customers import clocks, customer_balance
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices import finalizing, invoice_items, invoices, lines, paying
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.payment_methods import payment_methods
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS
from emulator.resources.products import discounts
from emulator.resources.subscriptions.subscriptions import SUBSCRIPTIONS
from emulator.resources.tax import assessing, tax_rates

_ALWAYS: Final = ("auto_advance", "default_payment_method", "default_source", "metadata")
_RENDERING: Final[Doc] = {
    "amount_tax_display": None,
    "pdf": {"page_size": "auto"},
    "template": None,
    "template_version": None,
}

retrieves(INVOICES, "GET /v1/invoices/{invoice}")


@INVOICES.on("GET /v1/invoices")
def list_(tx: Tx, params: Params) -> Page:
    if params.get("customer"):
        tx.get(CUSTOMERS, params["customer"], param="customer")
    subscription = params.get("subscription")
    if not subscription:
        return page(tx, INVOICES, params)
    of = invoices.subscription_of
    return page(tx, INVOICES, params, where=lambda invoice: of(invoice) == subscription)


@INVOICES.on("POST /v1/invoices")
def create(tx: Tx, params: Params) -> Doc:
    if not params.get("customer"):
        raise param_refusals.parameter_missing("customer")
    customer = tx.get(CUSTOMERS, params["customer"], param="customer")
    tx = clocks.of_customer(tx, customer["id"])
    _check_way(tx, customer, params)
    currency = _currency(tx, customer, params)
    invoice = invoices.begin(tx, customer, "manual", currency, rendering=dict(_RENDERING))
    _fill(tx, invoice, params)
    taken = _waiting(tx, invoice, params)
    tx.save(INVOICES, invoice)
    invoice_items.take_all(tx, invoice, taken)
    finalizing.schedule(tx, invoice)
    return tx.save(INVOICES, invoices.reckon(tx, invoice), event="invoice.created")


@INVOICES.on("POST /v1/invoices/{invoice}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    invoice = tx.get(INVOICES, id_)
    tx = clocks.at(tx, invoice["test_clock"])
    if invoice["status"] != "draft" and params.keys() - {*_ALWAYS}:
        raise invoice_refusals.invoice_not_editable()
    if "collection_method" in params or "days_until_due" in params:
        merged = {"collection_method": invoice["collection_method"], **params}
        _check_way(tx, tx.get(CUSTOMERS, invoice["customer"]), merged)
    _fill(tx, invoice, params)
    if invoice["status"] == "draft":
        if "auto_advance" in params:
            finalizing.schedule(tx, invoice)
        invoices.reckon(tx, invoice)
    return tx.save(INVOICES, invoice, event="invoice.updated")


@INVOICES.on("DELETE /v1/invoices/{invoice}")
def delete(tx: Tx, _params: Params, id_: str) -> Doc:
    invoice = tx.get(INVOICES, id_)
    if invoice["status"] != "draft":
        raise invoice_refusals.only_drafts_deleted()
    if invoices.subscription_of(invoice) and invoice["billing_reason"] != "manual":
        raise invoice_refusals.subscription_invoices_stay()
    for item in list(tx.all(invoice_items.INVOICE_ITEMS, invoice=id_)):
        tx.save(invoice_items.INVOICE_ITEMS, item | {"invoice": None})
    for line in lines.of_invoice(tx, id_):
        tx.delete(lines.LINES, line)
    return tx.delete(INVOICES, invoice, event="invoice.deleted")


@INVOICES.on("POST /v1/invoices/{invoice}/finalize")
def finalize(tx: Tx, params: Params, id_: str) -> Doc:
    invoice = tx.get(INVOICES, id_)
    tx = clocks.at(tx, invoice["test_clock"])
    if params.get("auto_advance") is not None:
        invoice["auto_advance"] = params["auto_advance"]
    invoice = finalizing.finalize(tx, invoice)
    if invoice["auto_advance"] and invoice["status"] == "open":
        clocks.later(
            tx, invoice, tx.now + invoices.FINALIZE_AFTER_SECONDS, INVOICES, "collect_open"
        )
    return invoice


@INVOICES.job
def collect_open(tx: Tx, invoice: Doc) -> None:
    """An hour after it was finalised by hand, an invoice that advances is collected."""
    if invoice["status"] == "open" and invoice["auto_advance"] and not invoice["attempted"]:
        finalizing.collect(tx, invoice)


@INVOICES.on("POST /v1/invoices/{invoice}/pay")
def pay(tx: Tx, params: Params, id_: str) -> Doc:
    invoice = tx.get(INVOICES, id_)
    tx = clocks.at(tx, invoice["test_clock"])
    if invoice["status"] == "paid":
        raise invoice_refusals.invoice_already_paid()
    if invoice["status"] == "void":
        raise invoice_refusals.invoice_not_payable("void")
    given = _given(tx, invoice, params)
    if invoice["status"] == "draft":
        invoice = finalizing.finalize(tx, invoice)
        if invoice["status"] == "paid":
            return invoice
    if params.get("paid_out_of_band"):
        return _paid_elsewhere(tx, invoice)
    if given is None and paying.payer(tx, invoice) is None:
        raise refusals.no_payment_source()

    off_session = params.get("off_session", True)
    invoice, refusal = paying.attempt(tx, invoice, given, off_session=off_session)
    if refusal is not None:
        raise _kept(refusal)
    return invoice


@INVOICES.on("POST /v1/invoices/{invoice}/attach_payment")
def attach_payment(tx: Tx, params: Params, id_: str) -> Doc:
    """Another payment intent pays an open invoice, at once if it has succeeded."""
    invoice = tx.get(INVOICES, id_)
    tx = clocks.at(tx, invoice["test_clock"])
    if invoice["status"] != "open":
        raise invoice_refusals.invoice_not_open("attach a payment to", invoice["status"])
    intent = tx.get(PAYMENT_INTENTS, params.get("payment_intent") or "", "payment_intent")
    paying.attach(tx, invoice, intent)
    return tx.get(INVOICES, id_)


@INVOICES.on("POST /v1/invoices/{invoice}/send")
def send(tx: Tx, _params: Params, id_: str) -> Doc:
    invoice = tx.get(INVOICES, id_)
    tx = clocks.at(tx, invoice["test_clock"])
    if not invoice["customer_email"]:
        raise invoice_refusals.missing_email()
    if invoice["status"] == "draft":
        invoice = finalizing.finalize(tx, invoice)
    if invoice["status"] not in {"open", "paid"}:
        raise invoice_refusals.invoice_not_open("send", invoice["status"])
    tx.emit("invoice.sent", invoice)
    return invoice


@INVOICES.on("POST /v1/invoices/{invoice}/void")
def void(tx: Tx, _params: Params, id_: str) -> Doc:
    invoice = tx.get(INVOICES, id_)
    if not INVOICES.allows(invoice, "void"):
        raise invoice_refusals.invoice_not_open("void", invoice["status"])
    return nullify(clocks.at(tx, invoice["test_clock"]), invoice)


def nullify(tx: Tx, invoice: Doc) -> Doc:
    """An open invoice is void: its payment is canceled, the balance it used is given back."""
    invoice |= {"auto_advance": False, "next_payment_attempt": None}
    invoice["status_transitions"]["voided_at"] = tx.now
    back = invoice["starting_balance"] - (invoice["ending_balance"] or 0)
    if back:
        kind, currency = "unapplied_from_invoice", invoice["currency"]
        customer_balance.move(tx, invoice["customer"], back, currency, kind, invoice["id"])
    paying.close(tx, invoice)
    return tx.step(INVOICES, invoice, "void")


@INVOICES.on("POST /v1/invoices/{invoice}/mark_uncollectible")
def mark_uncollectible(tx: Tx, _params: Params, id_: str) -> Doc:
    invoice = tx.get(INVOICES, id_)
    tx = clocks.at(tx, invoice["test_clock"])
    if invoice["status"] == "draft":
        invoice = finalizing.finalize(tx, invoice)
    if not INVOICES.allows(invoice, "uncollectible"):
        raise invoice_refusals.invoice_not_open("mark as uncollectible", invoice["status"])
    return give_up(tx, invoice)


def give_up(tx: Tx, invoice: Doc) -> Doc:
    """Nobody expects an open invoice to be paid any more."""
    invoice |= {"auto_advance": False, "next_payment_attempt": None}
    invoice["status_transitions"]["marked_uncollectible_at"] = tx.now
    return tx.step(INVOICES, invoice, "uncollectible")


# -- inside ---------------------------------------------------------------------------------------


def _fill(tx: Tx, invoice: Doc, params: Params) -> None:
    """Put what a request sets onto an invoice."""
    edit(invoice, params, INVOICES.editable)
    paying.check_own(tx, params, invoice["customer"])
    if params.get("days_until_due") is not None:
        invoice["due_date"] = tx.now + params["days_until_due"] * DAY
    _set_taxes(tx, invoice, params)
    if "discounts" in params:
        invoice["discounts"] = discounts.make_all(
            tx, params["discounts"], customer=invoice["customer"], invoice=invoice["id"]
        )
    if params.get("subscription"):
        invoice["parent"] = _of_subscription(tx, params["subscription"])
    split = {n: params[n] for n in ("application_fee_amount", "transfer_data") if n in params}
    if split:
        destination = (params.get("transfer_data") or {}).get("destination")
        if params.get("application_fee_amount") and tx.is_platform and not destination:
            known = invoices.notes(tx, invoice["id"]).get("transfer_data")
            if not known:
                raise invoice_refusals.fee_needs_connect("application_fee_amount")
        invoices.note(tx, invoice["id"], **split)


def _set_taxes(tx: Tx, invoice: Doc, params: Params) -> None:
    """Rates that are named, or tax that is worked out: not both."""
    if params.get("tax_percent"):
        invoice["default_tax_rates"] = [tax_rates.of_percent(tx, params["tax_percent"])]
    if "default_tax_rates" in params:
        given = params["default_tax_rates"]
        invoice["default_tax_rates"] = tax_rates.named(tx, given, "default_tax_rates")
    if params.get("automatic_tax"):
        invoice["automatic_tax"] = invoices.automatic_tax(params["automatic_tax"])
        assessing.check(tx, invoice["automatic_tax"])
    if invoice["automatic_tax"]["enabled"] and invoice["default_tax_rates"]:
        raise parameters_exclusive("automatic_tax[enabled]", "default_tax_rates")


def _of_subscription(tx: Tx, id_: str) -> Doc:
    return invoices.for_subscription(tx.get(SUBSCRIPTIONS, id_, param="subscription"))


def _check_way(tx: Tx, customer: Doc, params: Params) -> None:
    """How it is collected, and by when."""
    if params.get("collection_method") != "send_invoice":
        for name in ("days_until_due", "due_date"):
            if params.get(name) is not None:
                raise invoice_refusals.due_date_with_automatic(name)
        return
    if not customer["email"]:
        raise invoice_refusals.missing_email()
    if params.get("days_until_due") is None and params.get("due_date") is None:
        raise invoice_refusals.days_until_due_missing()
    if params.get("due_date") is not None and params["due_date"] <= tx.now:
        raise invoice_refusals.due_date_past()


def _currency(tx: Tx, customer: Doc, params: Params) -> str:
    theirs: str | None = customer["currency"]
    wanted: str | None = params.get("currency")
    if wanted and theirs and wanted != theirs:
        raise invoice_refusals.wrong_currency(theirs)
    return wanted or theirs or str(state.account_seen(tx)["default_currency"])


def _waiting(tx: Tx, invoice: Doc, params: Params) -> list[Doc]:
    """The items an invoice takes at its birth."""
    subscription = params.get("subscription")
    behaviour = params.get("pending_invoice_items_behavior")
    if behaviour == "exclude" or (behaviour is None and not subscription):
        return []
    found = invoice_items.pending(tx, invoice["customer"], invoice["currency"], subscription)
    if not found and (subscription or tx.version.before("2022-08-01")):
        raise invoice_refusals.nothing_to_invoice()
    return found


def _given(tx: Tx, invoice: Doc, params: Params) -> str | None:
    """The method a request pays with; it has to be the customer's."""
    name: str | None = params.get("payment_method") or params.get("source")
    if name:
        param = "payment_method" if params.get("payment_method") else "source"
        method = payment_methods.use(tx, name, param)
        payment_methods.check_usable(tx, method, invoice["customer"])
        return str(method["id"])
    return None


def _paid_elsewhere(tx: Tx, invoice: Doc) -> Doc:
    """The customer paid in another way: no money moves here."""
    invoices.note(tx, invoice["id"], out_of_band=True)
    paying.close(tx, invoice)
    return paying.paid(tx, invoice)


def _kept(refusal: Refusal) -> Refusal:
    """A declined attempt leaves its traces."""
    refusal.keep = True
    return refusal


def attributes(tx: Tx, invoice: Doc) -> Any:
    """What invoices of older versions say of themselves, and newer ones elsewhere."""
    kept = invoices.notes(tx, invoice["id"])
    intent = INVOICES.includes["payment_intent"](tx, invoice)
    return {
        "application_fee_amount": (intent or kept).get("application_fee_amount"),
        "charge": intent["latest_charge"] if intent else None,
        "discount": _discount(tx, invoice),
        "out_of_band": bool(kept.get("out_of_band")),
        "payment_intent": intent["id"] if intent else None,
        "transfer_data": (intent or kept).get("transfer_data"),
    }


def _discount(tx: Tx, invoice: Doc) -> Doc | None:
    first = next((id_ for id_ in invoice["discounts"] if isinstance(id_, str)), "")
    return tx.find(discounts.DISCOUNTS, first)


def _charge(tx: Tx, invoice: Doc) -> Doc | None:
    return tx.find(CHARGES, attributes(tx, invoice)["charge"] or "")


INVOICES.includes["attributes"] = attributes
INVOICES.includes["charge"] = _charge
INVOICES.includes["discount"] = _discount
INVOICES.includes["subscription"] = lambda tx, invoice: tx.find(
    SUBSCRIPTIONS, invoices.subscription_of(invoice) or ""
)
