"""What a change of a subscription costs: prorations of what goes and comes, and an invoice where a
new cycle begins, or where one is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

from emulator.kernel.errors import Refusal
from emulator.kernel.errors import billing as refusals
from emulator.kit import Doc, Params, Tx
from emulator.resources.invoices import finalizing, paying
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.subscription_invoices import charging_periods, costing, metering, prorating
from emulator.resources.subscriptions import subscriptions
from emulator.resources.subscriptions.subscriptions import is_metered, quantity


@dataclass(frozen=True, slots=True)
class Change:
    """A subscription before and after it was changed, and the instant from which that counts.
    restarts: whether a new cycle begins with it.
    """

    before: Doc
    after: Doc
    when: int
    restarts: bool


def prorate(tx: Tx, change: Change, params: Params) -> bool:
    """Give back what is unused of the old items and charge the rest of the new, if the request
    wants that; whether there was anything to it. While a trial lasts, or a pause, nothing is.
    """
    before, after = change.before, change.after
    if before["status"] in {"trialing", "paused"}:
        return False
    old = {item["id"]: item for item in before["items"]["data"]}
    new = {item["id"]: item for item in after["items"]["data"]}
    for id_, item in old.items():
        if id_ not in new or new[id_]["price"]["id"] != item["price"]["id"]:
            prorating.settle_usage(tx, before, item)
    if params.get("proration_behavior") == "none":
        return False
    if change.restarts:
        return bool(prorating.credit_all(tx, before, after, change.when))
    made = []
    for id_ in [*old, *(id_ for id_ in new if id_ not in old)]:
        one, other = old.get(id_), new.get(id_)
        if one and other and _costs_same(tx, change, one, other):
            continue
        made += prorating.credit(tx, before, after, one, change.when) if one else []
        made += prorating.debit(tx, after, other, change.when) if other else []
    return bool(made)


def is_billed(change: Change, params: Params, *, prorated: bool) -> bool:
    """Whether a change is invoiced at once. In flexible billing what is added to a change that
    costs nothing itself goes on waiting (documented).
    """
    if change.restarts:
        return True
    wanted = params.get("proration_behavior") == "always_invoice"
    return wanted and (prorated or not subscriptions.is_flexible(change.after))


def invoice(tx: Tx, change: Change) -> Doc | None:
    """An invoice for the change, if it has anything to say."""
    before, after = change.before, change.after
    begin, _ = subscriptions.period(before)
    made = charging_periods.begin(tx, after, "subscription_update", (begin, tx.now))
    charging_periods.take_waiting(tx, made, after)
    if change.restarts:
        _bill_usage(tx, made, change)
        trial = after["status"] == "trialing"
        for item in after["items"]["data"]:
            charging_periods.add_period(tx, made, after, item, trial=trial)
    made = charging_periods.reckoned(tx, made)
    if not made["lines"]["data"]:
        tx.delete(INVOICES, made)
        return None
    return charging_periods.announce(tx, after, made)


def collect(tx: Tx, subscription: Doc, invoice: Doc, params: Params) -> bool:
    """The invoice of a change is collected at once; whether the change may stay: not where it was
    to wait for its payment, which failed.
    """
    behaviour = params.get("payment_behavior") or "allow_incomplete"
    invoice = finalizing.finalize(tx, invoice)
    if subscription["collection_method"] == "send_invoice" or invoice["status"] != "open":
        return True
    refusal: Refusal | None = None
    if behaviour != "default_incomplete":
        if not charging_periods.has_payer(tx, subscription):
            raise refusals.no_payment_source()
        off_session = bool(params.get("off_session", False))
        _, refusal = paying.attempt(tx, invoice, off_session=off_session)
    if tx.get(INVOICES, invoice["id"])["status"] == "paid":
        return True
    if behaviour == "error_if_incomplete":
        failed = refusal or refusals.payment_incomplete()
        failed.keep = False
        raise failed
    return behaviour != "pending_if_incomplete"


# -- inside ---------------------------------------------------------------------------------------


def _bill_usage(tx: Tx, invoice: Doc, change: Change) -> None:
    """The cycle that ends is billed for what was used in it, as far as items go on."""
    if change.before["status"] == "trialing":
        return
    going = {item["id"]: item["price"]["id"] for item in change.after["items"]["data"]}
    for item in change.before["items"]["data"]:
        if is_metered(item["price"]) and going.get(item["id"]) == item["price"]["id"]:
            span = item["current_period_start"], tx.now
            metering.bill(tx, invoice, change.before, item, span)


def _costs_same(tx: Tx, change: Change, one: Doc, other: Doc) -> bool:
    """Whether nothing changes for an item. In flexible billing its part of a discount for all may
    change with the others (documented).
    """
    if one["price"]["id"] != other["price"]["id"] or quantity(one) != quantity(other):
        return False
    if not subscriptions.is_flexible(change.after) or is_metered(one["price"]):
        return True
    before = change.after | {"items": change.before["items"]}
    return costing.cost(tx, before, one).net == costing.cost(tx, change.after, other).net
