"""Phases of subscription schedules: what each says, and what it asks of the subscription."""

from __future__ import annotations

from typing import Any, Final

from emulator.contract.blanks import blank
from emulator.kernel.errors import billing as refusals
from emulator.kit import Doc, Tx
from emulator.kit.editing import merged_metadata
from emulator.resources.products import prices
from emulator.resources.subscriptions import picking, subscriptions
from emulator.resources.tax import assessing, tax_rates
from emulator.rules.billing import periods

_TAKEN_AS_SENT: Final = (
    "application_fee_percent",
    "billing_cycle_anchor",
    "collection_method",
    "default_payment_method",
    "description",
    "on_behalf_of",
    "proration_behavior",
    "transfer_data",
    "trial_end",
)
_ASKED: Final = (
    "application_fee_percent",
    "automatic_tax",
    "collection_method",
    "default_payment_method",
    "description",
    "invoice_settings",
    "metadata",
    "on_behalf_of",
    "transfer_data",
    "trial_end",
)
_OF_DISCOUNT: Final = ("coupon", "discount", "promotion_code")


def given(tx: Tx, sent: list[Doc], begin: int) -> list[Doc]:
    """The phases a request gives, one after the other from an instant on."""
    found = []
    for at, each in enumerate(sent):
        made = _phase(tx, each, begin, f"phases[{at}]")
        found.append(made)
        begin = made["end_date"]
    return found


def asked(schedule: Doc, phase: Doc) -> dict[str, Any]:
    """What a phase asks of the subscription besides its items: what it says, else what the
    schedule says for all.
    """
    usual = blank("subscription_schedule")["default_settings"]
    defaults = {n: v for n, v in schedule["default_settings"].items() if v != usual[n]}
    said = {name: phase.get(name) or defaults.get(name) for name in _ASKED}
    found = {name: value for name, value in said.items() if value}
    due = (found.get("invoice_settings") or {}).get("days_until_due")
    if found.get("collection_method") == "send_invoice" and due is not None:
        found["days_until_due"] = due
    found["invoice_settings"] = _of_subscription(found.pop("invoice_settings", None))
    if phase["default_tax_rates"]:
        found["default_tax_rates"] = [rate["id"] for rate in phase["default_tax_rates"]]
    if phase["discounts"]:
        found["discounts"] = [_kept(each) for each in phase["discounts"]]
    if phase["add_invoice_items"]:
        found["add_invoice_items"] = [_extra(each) for each in phase["add_invoice_items"]]
    return {name: value for name, value in found.items() if value}


def items(phase: Doc) -> list[Doc]:
    """The items of a phase as a subscription takes them."""
    return [{**_item(each), "agreed": True} for each in phase["items"]]


def dates(phase: Doc) -> Doc:
    return {"end_date": phase["end_date"], "start_date": phase["start_date"]}


# -- inside ---------------------------------------------------------------------------------------


def _phase(tx: Tx, sent: Doc, begin: int, param: str) -> Doc:
    phase = blank("subscription_schedule.phase")
    phase |= {name: sent[name] for name in _TAKEN_AS_SENT if sent.get(name) is not None}
    if phase["trial_end"] == "now":
        phase["trial_end"] = None
    phase["metadata"] = merged_metadata(None, sent.get("metadata") or {})
    if sent.get("automatic_tax"):
        phase["automatic_tax"] = {
            "disabled_reason": None,
            **assessing.start(sent["automatic_tax"]),
        }
        assessing.check(tx, phase["automatic_tax"])
    if sent.get("invoice_settings"):
        phase["invoice_settings"] = _settings(sent["invoice_settings"])
    rates = f"{param}[default_tax_rates]"
    phase["default_tax_rates"] = tax_rates.named(tx, sent.get("default_tax_rates"), rates)
    phase["discounts"] = [_discount(each) for each in sent.get("discounts") or []]
    phase["add_invoice_items"] = [
        _added(tx, each, f"{param}[add_invoice_items][{at}]")
        for at, each in enumerate(sent.get("add_invoice_items") or [])
    ]
    taken = [
        _take(tx, phase, each, f"{param}[items][{at}]") for at, each in enumerate(sent["items"])
    ]
    end = _end(sent, begin, taken[0]["recurring"])
    if end <= begin:
        raise refusals.phase_ends_too_early(f"{param}[end_date]")
    phase |= {"currency": taken[0]["currency"], "end_date": end, "start_date": begin}
    if sent.get("trial"):
        phase["trial_end"] = end
    return phase


def _take(tx: Tx, phase: Doc, sent: Doc, param: str) -> Doc:
    """Put an item onto a phase. Returns its price."""
    price = picking.price_of(tx, sent, param)
    count = 1 if sent.get("quantity") is None else sent["quantity"]
    quantity = None if subscriptions.is_metered(price) else count
    phase["items"].append(
        blank("subscription_schedule.phase.item")
        | {
            "discounts": [_discount(each) for each in sent.get("discounts") or []],
            "metadata": sent.get("metadata") or {},
            "plan": price["id"],
            "price": price["id"],
            "quantity": quantity,
            "tax_rates": tax_rates.named(tx, sent.get("tax_rates"), f"{param}[tax_rates]"),
        }
    )
    return price


def _added(tx: Tx, sent: Doc, param: str) -> Doc:
    """A one-off charge that goes with the phase's first invoice."""
    data = sent.get("price_data")
    name = prices.inline(tx, data)["id"] if data else sent.get("price") or ""
    picking.one_time(tx, name, f"{param}[price]")
    return {
        "discounts": [_discount(each) for each in sent.get("discounts") or []],
        "metadata": sent.get("metadata") or {},
        "period": sent.get("period")
        or {"end": {"type": "phase_end"}, "start": {"type": "phase_start"}},
        "price": name,
        "quantity": sent.get("quantity") or 1,
        "tax_rates": tax_rates.named(tx, sent.get("tax_rates"), f"{param}[tax_rates]"),
    }


def _discount(sent: Doc) -> Doc:
    return {name: sent.get(name) for name in _OF_DISCOUNT}


def _kept(discount: Doc) -> Doc:
    return {name: value for name, value in discount.items() if value}


def _item(each: Doc) -> Doc:
    names = ("metadata", "price", "quantity")
    found = {name: each[name] for name in names if each.get(name) is not None}
    if each["discounts"]:
        found["discounts"] = [_kept(discount) for discount in each["discounts"]]
    if each["tax_rates"]:
        found["tax_rates"] = [rate["id"] for rate in each["tax_rates"]]
    return found


def _extra(each: Doc) -> Doc:
    found = _item(each)
    found.pop("metadata", None)
    return found


def _settings(sent: Doc) -> Doc:
    issuer = sent.get("issuer") or {"type": "self"}
    return {
        "account_tax_ids": sent.get("account_tax_ids"),
        "days_until_due": sent.get("days_until_due"),
        "issuer": issuer,
    }


def _of_subscription(settings: Doc | None) -> Doc | None:
    """Settings of invoices as a subscription takes them: when they are due it says itself."""
    if not settings:
        return None
    return {n: v for n, v in settings.items() if n != "days_until_due" and v is not None}


def _end(sent: Doc, begin: int, rhythm: Doc) -> int:
    if sent.get("end_date") not in {None, "now"}:
        return int(sent["end_date"])
    duration = sent.get("duration")
    if duration:
        return periods.add(begin, duration["interval"], duration.get("interval_count") or 1)
    count = rhythm["interval_count"] * (sent.get("iterations") or 1)
    return periods.add(begin, rhythm["interval"], count)
