"""The terms of a subscription, as it begins and as it is changed: how its payments are divided,
what is taken off and added, how it is collected.
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import billing as refusals
from emulator.kernel.errors import invoicing as invoice_refusals
from emulator.kernel.errors import taxing
from emulator.kernel.errors.requests import parameters_exclusive
from emulator.kernel.instants import DAY
from emulator.kit import Doc, Params, Tx
from emulator.resources.accounts.availability import check_flow
from emulator.resources.accounts.state import account_seen
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices import invoice_items
from emulator.resources.payment_methods import customer_sources
from emulator.resources.products import discounts
from emulator.resources.subscriptions import picking
from emulator.resources.tax import assessing, tax_rates
from emulator.resources.transfers import transfers

TAKEN_AS_SENT: Final = (
    "application_fee_percent",
    "billing_thresholds",
    "collection_method",
    "days_until_due",
    "default_payment_method",
    "default_source",
    "description",
    "invoice_settings",
    "on_behalf_of",
    "payment_settings",
    "pending_invoice_item_interval",
    "trial_settings",
)


def complete_interval(subscription: Doc) -> None:
    """An interval of which no count was sent counts once."""
    interval = subscription["pending_invoice_item_interval"]
    if interval:
        interval["interval_count"] = interval["interval_count"] or 1


def set_connect(tx: Tx, subscription: Doc, params: Params) -> None:
    """How the payments of a subscription are divided."""
    percent = params.get("application_fee_percent")
    transfer = params.get("transfer_data") or {}
    if percent is not None and not 0 <= percent <= 100:
        raise refusals.percent_out_of_range("application_fee_percent")
    if percent is not None and transfer.get("amount_percent") is not None:
        raise refusals.percent_and_fee()
    destination = transfer.get("destination") or (subscription["transfer_data"] or {}).get(
        "destination"
    )
    if percent and tx.is_platform and not destination:
        raise invoice_refusals.fee_needs_connect("application_fee_percent")
    if percent:
        payee = account_seen(tx.on(destination) if destination else tx)
        check_flow(tx, payee, "application_fee", "application_fee_percent")
    if transfer:
        name = "transfer_data[destination]"
        behalf = params.get("on_behalf_of") or subscription["on_behalf_of"]
        flow = "on_behalf_of" if behalf == transfer["destination"] else "destination"
        transfers.check_destination(tx, transfer["destination"], name, flow=flow)
        subscription["transfer_data"] = {
            "amount_percent": transfer.get("amount_percent"),
            "destination": transfer["destination"],
        }


def set_reductions(tx: Tx, subscription: Doc, params: Params) -> None:
    """Discounts and tax rates of the whole subscription."""
    if "discounts" in params:
        for id_ in subscription["discounts"]:
            tx.emit("customer.discount.deleted", tx.get(discounts.DISCOUNTS, id_))
        subscription["discounts"] = discounts.make_all(
            tx,
            params["discounts"],
            customer=subscription["customer"],
            subscription=subscription["id"],
        )
        for id_ in subscription["discounts"]:
            tx.emit("customer.discount.created", tx.get(discounts.DISCOUNTS, id_))
    if params.get("tax_percent"):
        subscription["default_tax_rates"] = [tax_rates.of_percent(tx, params["tax_percent"])]
    if "default_tax_rates" in params:
        given = params["default_tax_rates"]
        subscription["default_tax_rates"] = tax_rates.named(tx, given, "default_tax_rates")


def set_automatic_tax(tx: Tx, subscription: Doc, params: Params) -> None:
    """Whether tax is worked out; for that it has to be known where the customer is."""
    if not params.keys() & {"automatic_tax", "default_tax_rates"}:
        return
    if "automatic_tax" in params:
        started = assessing.start(params["automatic_tax"])
        subscription["automatic_tax"] = {"disabled_reason": None, **started}
    if not subscription["automatic_tax"]["enabled"]:
        return

    if subscription["default_tax_rates"]:
        raise parameters_exclusive("automatic_tax[enabled]", "default_tax_rates")
    assessing.check(tx, subscription["automatic_tax"])
    if assessing.buyer_of(tx, tx.get(CUSTOMERS, subscription["customer"])) is None:
        raise taxing.location_unknown()


def check_collection(customer: Doc, subscription: Doc) -> None:
    """Invoices that are sent need an address and a day to be paid by."""
    if subscription["collection_method"] != "send_invoice":
        if subscription["days_until_due"] is not None:
            raise invoice_refusals.due_date_with_automatic("days_until_due")
        return
    if not customer["email"]:
        raise invoice_refusals.missing_email()
    if subscription["days_until_due"] is None:
        raise invoice_refusals.days_until_due_missing()


def take_source(tx: Tx, customer: Doc, params: Params) -> None:
    """A card that came with the subscription is the customer's from now on."""
    given = params.get("source") or params.get("card")
    if given:
        customer_sources.replace_default(tx, customer, given)
        tx.save(CUSTOMERS, customer, event="customer.updated")


def wait_extra(tx: Tx, subscription: Doc, extra: Doc, param: str) -> Doc:
    """A one-off charge for the next invoice of a subscription."""
    customer = tx.get(CUSTOMERS, subscription["customer"])
    sent: Doc = {k: v for k, v in extra.items() if k not in {"period", "price"}}
    if extra.get("price"):
        sent["pricing"] = {"price": picking.one_time(tx, extra["price"], f"{param}[price]")["id"]}
    made = invoice_items.make(tx, customer, {"currency": subscription["currency"], **sent})
    made["parent"] = invoice_items.of_subscription(subscription["id"], None)
    return tx.save(invoice_items.INVOICE_ITEMS, made, event="invoiceitem.created")


def trial_of_prices(tx: Tx, subscription: Doc) -> int | None:
    """The end of the longest trial that prices came with, beginning now."""
    rhythms = [item["price"]["recurring"] for item in subscription["items"]["data"]]
    days = max((rhythm["trial_period_days"] or 0 for rhythm in rhythms), default=0)
    return tx.now + days * DAY if days else None
