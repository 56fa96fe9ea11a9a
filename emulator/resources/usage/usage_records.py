"""Usage records: how much of a metered price was used, told item by item. Meters took their place;
versions before basil still tell so. How the records of a period come to one number, their sum
unless it was said otherwise, is the `aggregate_usage` of the price.
"""

from __future__ import annotations

from typing import Final

from emulator.contract.blanks import blank
from emulator.kernel.errors import metering as refusals
from emulator.kit import Doc, Page, Params, Resource, Tx, cut
from emulator.resources.products import prices
from emulator.resources.subscriptions.subscriptions import ITEMS, is_metered

USAGE_RECORDS: Final = Resource(
    "usage_record", prefix="mbur", param="usage_record", filters=("subscription_item",)
)
SUMMARIES: Final = Resource("usage_record_summary", prefix="sis")

_AHEAD: Final = 300  # seconds that a client's clock may run ahead (documented)


@USAGE_RECORDS.on("POST /v1/subscription_items/{subscription_item}/usage_records")
def create(tx: Tx, params: Params, id_: str) -> Doc:
    """Add to what was used at an instant, or `set` it."""
    item = tx.get(ITEMS, id_)
    if not is_metered(item["price"]) or item["price"]["recurring"]["meter"]:
        raise refusals.item_without_records(id_)
    at = tx.now if params.get("timestamp") in {None, "now"} else params["timestamp"]
    if at < item["current_period_start"]:
        raise refusals.record_too_early()
    if at > tx.now + _AHEAD:
        raise refusals.record_in_future()

    records = tx.all(USAGE_RECORDS, subscription_item=id_)
    known = next((each for each in records if each["timestamp"] == at), None)
    record = known or tx.new(USAGE_RECORDS, subscription_item=id_, timestamp=at)
    before = 0 if params.get("action") == "set" else record["quantity"]
    saved = tx.save(USAGE_RECORDS, record | {"quantity": before + params["quantity"]})
    USAGE_RECORDS.tell(tx, "recorded", saved)
    return saved


@SUMMARIES.on("GET /v1/subscription_items/{subscription_item}/usage_record_summaries")
def summaries(tx: Tx, params: Params, id_: str) -> Page:
    """What was used in each period, the current one first."""
    item = tx.get(ITEMS, id_)
    used = total(tx, item, (item["current_period_start"], tx.now + _AHEAD + 1))
    periods: list[Doc] = [{"total_usage": used}, *reversed(_billed(tx, id_))]
    found = [
        {
            **blank(SUMMARIES.name),
            "id": f"{SUMMARIES.prefix}_{tx.secret(f'{id_}/{len(periods) - at}', 24)}",
            "subscription_item": id_,
            **period,
        }
        for at, period in enumerate(periods)
    ]
    return cut(found, params, SUMMARIES.name, refusals.no_such_summary)


# -- what billing asks ----------------------------------------------------------------------------


def total(tx: Tx, item: Doc, span: tuple[int, int]) -> int:
    """What the records of an item come to, from one instant up to another."""
    how, (begin, end) = prices.aggregate_usage(tx, item["price"]), span
    known = [
        (record["timestamp"], record["quantity"])
        for record in tx.all(USAGE_RECORDS, subscription_item=item["id"])
        if record["timestamp"] < end and (begin <= record["timestamp"] or how == "last_ever")
    ]
    if how.startswith("last"):
        return int(max(known, default=(0, 0))[1])
    quantities = [quantity for _, quantity in known]
    return max(quantities, default=0) if how == "max" else sum(quantities)


def note_billed(tx: Tx, item: Doc, invoice: str, span: tuple[int, int]) -> None:
    """A period is over: note what was used in it, and which invoice it stands on."""
    used, id_ = total(tx, item, span), item["id"]
    period = {"start": span[0], "end": span[1]}
    billed = [*_billed(tx, id_), {"invoice": invoice, "period": period, "total_usage": used}]
    tx.hide(f"{id_}/usage", {"billed": billed})


def _billed(tx: Tx, item: str) -> list[Doc]:
    billed: list[Doc] = tx.hidden(f"{item}/usage").get("billed", [])
    return billed
