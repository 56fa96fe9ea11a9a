"""What the beginning of a subscription costs: its first invoice, and how that is collected."""

from __future__ import annotations

from emulator.kernel.errors import Refusal
from emulator.kernel.errors import billing as refusals
from emulator.kit import Doc, Params, Tx
from emulator.resources.billing import pending_setups, renewing, terms
from emulator.resources.customers import clocks
from emulator.resources.invoices import finalizing, invoice_items, lines, paying
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.subscription_invoices import charging_periods
from emulator.resources.subscriptions import subscriptions
from emulator.resources.subscriptions.subscriptions import SUBSCRIPTIONS, keep
from emulator.rules.billing import dunning, periods


def first_invoice(tx: Tx, subscription: Doc, params: Params, *, patient: bool) -> Doc | None:
    """The draft of what is billed at the beginning. In flexible billing there is none where it
    would be empty: all is metered (documented). patient: whether it stays one for an hour.
    """
    span = (tx.now, tx.now)
    invoice = charging_periods.begin(tx, subscription, "subscription_create", span)
    trial = subscription["status"] == "trialing"
    prorate = params.get("proration_behavior") != "none"
    for at, extra in enumerate(params.get("add_invoice_items") or []):
        _add_extra(tx, invoice, subscription, extra, f"add_invoice_items[{at}]")
    charging_periods.take_waiting(tx, invoice, subscription)
    for item in subscription["items"]["data"]:
        _bill_first(tx, invoice, subscription, item, trial=trial, prorate=prorate)
    if subscriptions.is_flexible(subscription) and not lines.of_invoice(tx, invoice["id"]):
        tx.delete(INVOICES, invoice)
        return None
    if patient:
        finalizing.schedule(tx, invoice)
    return charging_periods.announce(tx, subscription, invoice)


def collect(tx: Tx, id_: str, invoice: Doc, params: Params) -> Doc:
    """Ask for the first payment, or let it wait; then the creation is told."""
    behaviour = params.get("payment_behavior") or "allow_incomplete"
    subscription = tx.get(SUBSCRIPTIONS, id_)
    if invoice["amount_due"] and behaviour == "default_incomplete":
        _announce(tx, subscription)
    elif invoice["amount_due"] and not charging_periods.has_payer(tx, subscription):
        raise refusals.no_payment_source()
    invoice = finalizing.finalize(tx, invoice)
    if invoice["status"] == "open" and behaviour != "default_incomplete":
        off_session = bool(params.get("off_session"))
        _, refusal = paying.attempt(tx, invoice, off_session=off_session)
        _check_paid(tx, invoice["id"], behaviour, refusal)
    return _announce(tx, tx.get(SUBSCRIPTIONS, id_))


def begin_unpaid(tx: Tx, id_: str, invoice: Doc) -> Doc:
    """It is active, or tried, before its first invoice is paid."""
    subscription = tx.get(SUBSCRIPTIONS, id_)
    if subscription["collection_method"] == "send_invoice" and not invoice["amount_due"]:
        finalizing.finalize(tx, invoice)
    return begin_unbilled(tx, id_)


def begin_unbilled(tx: Tx, id_: str) -> Doc:
    """Nothing is collected at the beginning: it is active, or tried, at once."""
    subscription = tx.get(SUBSCRIPTIONS, id_)
    if subscription["status"] != "trialing":
        subscription["status"] = "active"
    return _announce(tx, subscription)


# -- inside ---------------------------------------------------------------------------------------


def _bill_first(
    tx: Tx, invoice: Doc, subscription: Doc, item: Doc, *, trial: bool, prorate: bool
) -> None:
    """The first line of an item: a whole period, the part up to the anchor, or a free trial."""
    begin, end = item["current_period_start"], item["current_period_end"]
    rhythm = item["price"]["recurring"]
    whole = end - periods.add(end, rhythm["interval"], -rhythm["interval_count"])
    if trial or (subscription["billing_cycle_anchor"] in {begin, subscription["start_date"]}):
        charging_periods.add_period(tx, invoice, subscription, item, trial=trial)
    elif prorate:
        part = (subscription["start_date"] if begin < tx.now else begin, end)
        charging_periods.add_part(tx, invoice, subscription, item, part, whole)


def _add_extra(tx: Tx, invoice: Doc, subscription: Doc, extra: Doc, param: str) -> None:
    """A one-off charge that goes with a subscription's invoice."""
    invoice_items.take(tx, invoice, terms.wait_extra(tx, subscription, extra, param))


def _check_paid(tx: Tx, invoice: str, behaviour: str, refusal: Refusal | None) -> None:
    """`error_if_incomplete` wants it paid, or nothing made at all."""
    paid = tx.get(INVOICES, invoice)["status"] == "paid"
    if behaviour != "error_if_incomplete" or paid:
        return
    failed = refusal or refusals.payment_incomplete()
    failed.keep = False
    raise failed


def _announce(tx: Tx, subscription: Doc) -> Doc:
    """Tell that it exists, once, and see to what is due to happen to it."""
    if subscriptions.notes(tx, subscription["id"]).get("announced"):
        return subscription
    subscriptions.note(tx, subscription["id"], announced=True)
    pending_setups.begin(tx, subscription)
    subscription = keep(tx, subscription, event="customer.subscription.created")
    if subscription["status"] == "incomplete":
        when = tx.now + dunning.incomplete_seconds()
        clocks.later(tx, subscription, when, SUBSCRIPTIONS, "expire_incomplete")
    renewing.plan(tx, subscription)
    return subscription
