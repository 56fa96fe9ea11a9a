"""How invoices are paid: by a payment intent, as every other payment, so that fees, transfers and
the books are the same. What becomes of the intent is told to the invoice, whoever confirmed it.
"""

from __future__ import annotations

from typing import Final

from emulator.contract.previous import differences
from emulator.kernel.currency import rounded
from emulator.kernel.errors import Refusal, instruments
from emulator.kernel.errors import billing as refusals
from emulator.kit import Doc, Params, Tx
from emulator.resources.accounts.state import country_of
from emulator.resources.charges.charges import CHARGES
from emulator.resources.customers import clocks
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices import invoice_payments
from emulator.resources.invoices.invoices import INVOICES, note, notes, subscription_of
from emulator.resources.payment_methods import customer_sources, payment_methods
from emulator.resources.payments import confirming, payment_intents, releasing
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS
from emulator.rules import automatic_methods
from emulator.rules.billing import dunning

_DESCRIPTIONS: Final = {
    "subscription_create": "Subscription creation",
    "subscription_cycle": "Subscription update",
    "subscription_update": "Subscription update",
}
# How much of an invoice's id its intent refers to (observed).
_REFERENCE_LENGTH: Final = 25
# Observed: in March 2021 cards alone, not set up for later; in November 2022 more, without Cash
# App, which is there since April 2025. The days are assumed.
_MORE_THAN_CARDS_SINCE: Final = 1_640_995_200
_CASH_APP_SINCE: Final = 1_704_067_200


def prepare(tx: Tx, invoice: Doc) -> Doc:
    """The payment intent that is to pay an invoice; its split is that of the invoice."""
    world, params = tx.outside(), _ordered(tx, invoice)
    intent = payment_intents.new_intent(world, params)
    intent["payment_details"] = {
        "customer_reference": None,
        "order_reference": invoice["id"][:_REFERENCE_LENGTH],
    }
    _dress(intent["payment_method_options"])
    tx.hide(f"{intent['id']}/invoice", {"invoice": invoice["id"]})
    intent = world.save(PAYMENT_INTENTS, intent, event="payment_intent.created")
    note(tx, invoice["id"], payment_intent=intent["id"])
    invoice_payments.open_(tx, invoice, intent["id"])
    return intent


def check(tx: Tx, invoice: Doc) -> None:
    """Refuse an invoice that no payment could pay: too much, or split as it cannot be."""
    payment_intents.check(tx.outside(), _ordered(tx, invoice))


def _ordered(tx: Tx, invoice: Doc) -> Doc:
    """What an invoice asks of its payment intent."""
    params: Doc = {
        "amount": invoice["amount_due"],
        "capture_method": "automatic",
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "description": _DESCRIPTIONS.get(invoice["billing_reason"], "Payment for Invoice"),
        "on_behalf_of": invoice["on_behalf_of"],
        "payment_method_types": _types(tx, invoice),
        "statement_descriptor": invoice["statement_descriptor"],
        **_split(tx, invoice),
    }
    if subscription_of(invoice) and tx.now >= _MORE_THAN_CARDS_SINCE:
        params["setup_future_usage"] = "off_session"
    return params


def attempt(
    tx: Tx, invoice: Doc, given: str | None = None, *, off_session: bool = True
) -> tuple[Doc, Refusal | None]:
    """Try to pay an open invoice: with the method given, or with the customer's. The invoice as it
    is afterwards, and what the issuer said against it.
    """
    method = given or payer(tx, invoice)
    intent = tx.get(PAYMENT_INTENTS, notes(tx, invoice["id"])["payment_intent"])
    world = tx.outside()
    if method is None:
        _failed(tx, invoice)
        return tx.get(INVOICES, invoice["id"]), None
    try:
        _choose(world, intent, method)
        confirming.attempt(world, intent, {"off_session": off_session}, ask_customer=True)
    except Refusal as refusal:
        if not refusal.keep:
            raise
        return tx.get(INVOICES, invoice["id"]), refusal
    return tx.get(INVOICES, invoice["id"]), None


def payer(tx: Tx, invoice: Doc) -> str | None:
    """What an invoice is paid with when nobody says: its own method, its subscription's, the
    customer's.
    """
    subscription = notes(tx, invoice["id"]).get("subscription_methods") or {}
    customer = tx.get(CUSTOMERS, invoice["customer"])
    found: str | None = (
        invoice["default_payment_method"]
        or invoice["default_source"]
        or subscription.get("default_payment_method")
        or subscription.get("default_source")
        or customer_method(customer)
    )
    return found


def customer_method(customer: Doc) -> str | None:
    """What a customer pays invoices with."""
    chosen: str | None = customer["invoice_settings"]["default_payment_method"]
    return chosen or customer["default_source"]


def check_own(tx: Tx, params: Params, customer: str) -> None:
    """Refuse a default method or source in a request that is not the customer's."""
    name, source = params.get("default_payment_method"), params.get("default_source")
    if name:
        method = payment_methods.use(tx, name, "default_payment_method")
        payment_methods.check_usable(tx, method, customer)
        if method["customer"] != customer:
            raise refusals.method_not_of_customer(name)
    if source and customer_sources.find(tx, customer, source) is None:
        raise instruments.no_such_source(source, "default_source")


def paid(tx: Tx, invoice: Doc) -> Doc:
    """All that was due is paid: nothing is left to do."""
    invoice |= {
        "amount_paid": invoice["amount_due"],
        "amount_remaining": 0,
        "attempted": True,
        "auto_advance": False,
        "next_payment_attempt": None,
    }
    invoice["status_transitions"]["paid_at"] = tx.now
    return tx.step(INVOICES, invoice, "paid")


def attach(tx: Tx, invoice: Doc, intent: Doc) -> None:
    """An intent that a client made is to pay an invoice."""
    invoice_payments.open_(tx, invoice, intent["id"], is_default=False)
    if intent["status"] == "succeeded":
        _succeeded(tx, intent)


def close(tx: Tx, invoice: Doc) -> None:
    """It will not be paid: its intent is canceled."""
    for payment in list(tx.all(invoice_payments.INVOICE_PAYMENTS, invoice=invoice["id"])):
        if payment["status"] == "open":
            invoice_payments.cancel(tx, payment)
    intent = tx.find(PAYMENT_INTENTS, notes(tx, invoice["id"]).get("payment_intent") or "")
    if intent is not None and PAYMENT_INTENTS.allows(intent, "canceled"):
        releasing.close(tx.outside(), intent, "void_invoice")


# -- what follows from the intent -----------------------------------------------------------------


@PAYMENT_INTENTS.when("succeeded")
def _succeeded(tx: Tx, intent: Doc) -> None:
    found = _paid_by(tx, intent)
    if found is None or found[1]["status"] not in {"open", "uncollectible"}:
        return
    tx, invoice = found
    invoice |= {"attempt_count": invoice["attempt_count"] + 1, "attempted": True}
    invoice = tx.save(INVOICES, invoice, event="invoice.updated")
    payment = invoice_payments.of_intent(tx, invoice["id"], intent["id"])
    paid(tx, invoice)
    if payment is not None:
        invoice_payments.paid(tx, payment, intent["amount_received"])


@INVOICES.when("paid")
def _told(tx: Tx, invoice: Doc) -> None:
    tx.emit("invoice.payment_succeeded", invoice)


@PAYMENT_INTENTS.when("requires_payment_method")
def _declined(tx: Tx, intent: Doc) -> None:
    found = _paid_by(tx, intent)
    if found is not None and found[1]["status"] == "open":
        error = intent["last_payment_error"] or {}
        hard = dunning.is_hard(error.get("decline_code"))
        declined = (error.get("payment_method") or {}).get("id") if hard else None
        note(found[0], found[1]["id"], declined_for_good=declined)
        _failed(*found)


@PAYMENT_INTENTS.when("requires_action")
def _wants_action(tx: Tx, intent: Doc) -> None:
    found = _paid_by(tx, intent)
    if found is None or found[1]["status"] != "open":
        return
    tx, invoice = found
    invoice = tx.save(INVOICES, invoice | {"attempted": True}, event="invoice.updated")
    tx.emit("invoice.payment_action_required", invoice)
    tx.emit("invoice.payment_failed", invoice)
    INVOICES.tell(tx, "payment_action_required", invoice)


@PAYMENT_INTENTS.when("processing")
def _processing(tx: Tx, intent: Doc) -> None:
    found = _paid_by(tx, intent)
    if found is not None:
        tx, invoice = found
        note(tx, invoice["id"], processing=True)
        tx.save(INVOICES, invoice | {"attempted": True}, event="invoice.updated")
        INVOICES.tell(tx, "payment_processing", invoice)


@INVOICES.job
def retry(tx: Tx, invoice: Doc) -> None:
    """The day has come to try again."""
    when = invoice["next_payment_attempt"]
    if invoice["status"] != "open" or when is None or when > tx.now:
        return
    final = notes(tx, invoice["id"]).get("declined_for_good")
    if final is not None and payer(tx, invoice) == final:
        _postpone(tx, invoice)
    else:
        attempt(tx, invoice)


@INVOICES.job
def fall_due(tx: Tx, invoice: Doc) -> None:
    """It was to be paid by now."""
    if invoice["status"] == "open" and invoice["collection_method"] == "send_invoice":
        tx.emit("invoice.overdue", invoice)
        INVOICES.tell(tx, "overdue", invoice)


# -- inside ---------------------------------------------------------------------------------------


def _failed(tx: Tx, invoice: Doc) -> None:
    """An attempt failed; it is made again unless it was the first payment of a subscription."""
    kept = notes(tx, invoice["id"])
    invoice |= {"attempt_count": invoice["attempt_count"] + 1, "attempted": True}
    first = invoice["billing_reason"] == "subscription_create" and not kept.get("processing")
    retries = invoice["auto_advance"] and not first
    again = _next_attempt(tx, invoice["id"]) if retries else None
    invoice["next_payment_attempt"] = again
    before = tx.get(INVOICES, invoice["id"])
    invoice = tx.save(INVOICES, invoice, event="invoice.payment_failed")
    tx.emit("invoice.updated", invoice, previous=differences(before, invoice))
    if again is not None:
        clocks.later(tx, invoice, again, INVOICES, "retry")
    INVOICES.tell(tx, "payment_failed", invoice)
    if retries and again is None:
        INVOICES.tell(tx, "given_up", invoice)


def _next_attempt(tx: Tx, invoice: str) -> int | None:
    """When it is tried again after one more failure; None: never."""
    kept = notes(tx, invoice)
    failures, first = kept.get("failures", 0) + 1, kept.get("first_failure", tx.now)
    note(tx, invoice, failures=failures, first_failure=first)
    chance = tx.chance(f"{invoice}/retry/{failures}")
    return dunning.next_attempt(failures, tx.now, tx.setup.settings, first=first, chance=chance)


def _postpone(tx: Tx, invoice: Doc) -> None:
    """What declined for good is not asked again: the day passes, until something else is there to
    pay with, or the last one is over (documented; that nothing is counted or told is assumed).
    """
    again = _next_attempt(tx, invoice["id"])
    invoice = tx.save(INVOICES, invoice | {"next_payment_attempt": again}, "invoice.updated")
    if again is not None:
        clocks.later(tx, invoice, again, INVOICES, "retry")
    else:
        INVOICES.tell(tx, "given_up", invoice)


def _paid_by(tx: Tx, intent: Doc) -> tuple[Tx, Doc] | None:
    """The invoice that an intent pays, and the time it lives in."""
    id_ = invoice_payments.invoice_of(tx, intent["id"])
    invoice = tx.find(INVOICES, id_) if id_ else None
    return None if invoice is None else (clocks.at(tx, invoice["test_clock"]), invoice)


def _types(tx: Tx, invoice: Doc) -> list[str]:
    """What an invoice may be paid with: what its settings name, or what is usual."""
    named = invoice["payment_settings"]["payment_method_types"]
    if named:
        return list(named)
    if tx.now < _MORE_THAN_CARDS_SINCE:
        return ["card"]
    reuse = subscription_of(invoice) is not None
    currency = invoice["currency"]
    usual = automatic_methods.offered(currency, manual=False, redirects=False, reuse=reuse)
    cash_app = currency == "usd" and country_of(tx) == "US" and tx.now >= _CASH_APP_SINCE
    return sorted([*usual, "cashapp"] if cash_app else usual)


def _dress(options: Doc) -> None:
    """Intents of invoices have other options than those that clients make (observed)."""
    if "acss_debit" in options:
        names = ("interval_description", "payment_schedule", "transaction_type")
        options["acss_debit"] = {**options["acss_debit"], "mandate_options": dict.fromkeys(names)}
    for name in ("financial_connections", "transaction_purpose"):
        options.get("us_bank_account", {}).pop(name, None)


def _choose(tx: Tx, intent: Doc, method: str) -> None:
    """Set the method that pays; one of a kind that nobody ruled out is taken, too. One of the
    customer's sources pays as such, so that the charge shows it (observed of cards).
    """
    found = payment_methods.use(tx, method)
    if found["type"] not in intent["payment_method_types"]:
        intent["payment_method_types"] = sorted([*intent["payment_method_types"], found["type"]])
    owner = intent["customer"]
    is_source = owner is not None and customer_sources.find(tx, owner, found["id"]) is not None
    name = "source" if is_source else "payment_method"
    payment_intents.set_method(tx, intent, {name: found["id"]})
    intent["payment_method_options"] = payment_intents.method_options(intent, {})


def _split(tx: Tx, invoice: Doc) -> Doc:
    """How the payment is divided between platform and account: by amount, or by percent of what is
    due.
    """
    kept, amount = notes(tx, invoice["id"]), invoice["amount_due"]
    found: Doc = {}
    percent = kept.get("application_fee_percent")
    if kept.get("application_fee_amount") is not None:
        found["application_fee_amount"] = kept["application_fee_amount"]
    elif percent:
        found["application_fee_amount"] = rounded(amount * percent / 100)
    transfer = kept.get("transfer_data")
    if transfer:
        part = transfer.get("amount")
        if transfer.get("amount_percent") is not None:
            part = rounded(amount * transfer["amount_percent"] / 100)
        found["transfer_data"] = {"amount": part, "destination": transfer["destination"]}
    return found


def _secret(tx: Tx, invoice: Doc) -> Doc | None:
    """`confirmation_secret`: with it a browser confirms the payment."""
    intent = _intent(tx, invoice)
    if intent is None:
        return None
    return {"client_secret": intent["client_secret"], "type": "payment_intent"}


def _intent(tx: Tx, invoice: Doc) -> Doc | None:
    return tx.find(PAYMENT_INTENTS, notes(tx, invoice["id"]).get("payment_intent") or "")


def _invoice(tx: Tx, intent: Doc) -> Doc | None:
    return tx.find(INVOICES, invoice_payments.invoice_of(tx, intent["id"]) or "")


def _invoice_of_charge(tx: Tx, charge: Doc) -> Doc | None:
    intent = charge.get("payment_intent")
    id_ = intent["id"] if isinstance(intent, dict) else intent
    return tx.find(INVOICES, invoice_payments.invoice_of(tx, id_) or "") if id_ else None


CHARGES.includes["invoice"] = _invoice_of_charge
INVOICES.includes["payments"] = invoice_payments.inline
INVOICES.includes["confirmation_secret"] = _secret
INVOICES.includes["payment_intent"] = _intent
PAYMENT_INTENTS.includes["invoice"] = _invoice
