"""What a preview shows of a change is what the same change then brings, whatever it is."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties.quick import Quick
from tests.resources.billing.changes import billing, discount, item_of, sold
from tests.resources.subscribers import price
from tests.talking import NOW, error

_DAY: Final = 86_400
_MARCH: Final = 31 * _DAY
_PRICES: Final = 5  # all monthly
_YEARLY: Final = 5  # and one that is not
_BEHAVIOURS: Final = ("always_invoice", "create_prorations", "none")
_DISCOUNTS: Final = (
    None,
    {"percent_off": 33.3},
    {"amount_off": 777, "currency": "usd"},
    {"percent_off": 50, "duration": "once"},
)
_BILLING: Final = st.sampled_from(
    [
        billing("classic"),
        billing("flexible"),
        billing("flexible", proration_discounts="itemized"),
    ]
)
_CHANGE: Final = st.one_of(
    st.tuples(st.just("quantity"), st.integers(0, 40)),
    st.tuples(st.just("price"), st.integers(0, _YEARLY)),
    st.tuples(st.just("add"), st.integers(0, _YEARLY)),
    st.tuples(st.just("delete"), st.just(0)),
    st.tuples(st.just("anchor"), st.just(0)),
    st.tuples(st.just("trial"), st.integers(1, 40)),
)
_STEP: Final = st.tuples(_CHANGE, st.sampled_from(_BEHAVIOURS), st.integers(1, _MARCH // 3))


def _catalogue(talk: Quick) -> list[str]:
    tiers = [{"up_to": 3, "unit_amount": 333}, {"up_to": "inf", "unit_amount": 111}]
    meter = talk.made(
        "/v1/billing/meters",
        {"display_name": "M", "event_name": "m", "default_aggregation": {"formula": "sum"}},
    )
    metered = {"interval": "month", "usage_type": "metered", "meter": meter["id"]}
    return [
        price(talk, 1_999),
        price(talk, 701),
        price(talk, 0),
        price(talk, tiers=tiers, tiers_mode="graduated", billing_scheme="tiered"),
        price(talk, 17, recurring=metered),
        price(talk, 12_345, "year"),
    ]


def _asked(made: Any, change: tuple[str, int], prices: list[str]) -> dict[str, Any] | None:
    """A change as a request has it; None when it cannot be."""
    what, value = change
    if what == "anchor":
        return {"billing_cycle_anchor": "now"}
    if what == "trial":
        return {"trial_end": NOW + 60 * _DAY + value * _DAY}
    sold_ = [each["price"]["id"] for each in made["items"]["data"]]
    if what == "quantity":
        metered = made["items"]["data"][-1]["price"]["recurring"]["usage_type"] == "metered"
        return None if metered else {"items": [item_of(made, -1, quantity=value)]}
    if what == "delete":
        return {"items": [item_of(made, 0, deleted="true")]} if len(sold_) > 1 else None
    if prices[value] in sold_:
        return None
    classic = made["billing_mode"]["type"] == "classic"
    if value == _YEARLY and classic and (what == "add" or len(sold_) > 1):
        return None
    if what == "price":
        return {"items": [item_of(made, 0, price=prices[value])]}
    return {"items": [{"price": prices[value]}]}


def _no_sooner(made: Any, instant: int) -> int:
    """An instant, or the beginning of the period."""
    begins = [each["current_period_start"] for each in made["items"]["data"]]
    return int(max(*begins, instant))


def _said(invoice: Any) -> Any:
    lines = [
        (
            line["amount"],
            line["description"],
            line["period"],
            line["quantity"],
            line["discountable"],
            [each["amount"] for each in line["discount_amounts"]],
        )
        for line in invoice["lines"]["data"]
    ]
    off = [each["amount"] for each in invoice["total_discount_amounts"]]
    return lines, invoice["subtotal"], invoice["total"], off


def _compare(talk: Quick, made: Any, asked: dict[str, Any]) -> None:
    """Preview a change, make it, and hold what it brings against the preview."""
    preview = talk.made(
        "/v1/invoices/create_preview",
        {"subscription": made["id"], "subscription_details": asked},
        stripe_version="2026-08-26.dahlia",
    )
    changed = talk.made(
        f"/v1/subscriptions/{made['id']}", asked, stripe_version="2026-08-26.dahlia"
    )
    if changed["latest_invoice"] == made["latest_invoice"]:
        ends = [each["current_period_end"] for each in changed["items"]["data"]]
        talk.world.advance_to(min(ends))
        changed = talk.read(f"/v1/subscriptions/{made['id']}")
    assert changed["latest_invoice"] != made["latest_invoice"]
    brought = talk.read(f"/v1/invoices/{changed['latest_invoice']}")
    assert _said(preview) == _said(brought)


@settings(max_examples=40)
@given(_BILLING, st.sampled_from(_DISCOUNTS), _STEP, _STEP, st.integers(0, _MARCH // 3))
def test_a_preview_comes_true(mode: Any, off: Any, first: Any, second: Any, backwards: int) -> None:
    talk = Quick()
    prices = _catalogue(talk)
    params = {"discounts": discount(talk, **off)} if off else {}
    made = sold(talk, (prices[0], 3), (prices[1], 1), billing_mode=mode, **params)
    for change, behaviour, seconds in (first, second):
        talk.advance(f"{seconds}s")
        made = talk.read(f"/v1/subscriptions/{made['id']}")
        asked = _asked(made, change, prices)
        if asked is None:
            continue
        asked["proration_behavior"] = behaviour
        asked["proration_date"] = _no_sooner(made, talk.now - backwards)
        _compare(talk, made, asked)
        made = talk.read(f"/v1/subscriptions/{made['id']}")
        assert talk.control("audit").json()["holds"] is True


def test_nothing_to_come_is_refused() -> None:
    talk = Quick()
    made = sold(talk, (price(talk), 1))
    sent = {"subscription": made["id"], "subscription_details": {"cancel_at_period_end": "true"}}
    refused = error(talk.post("/v1/invoices/create_preview", sent), 404)
    assert refused["code"] == "invoice_upcoming_none"
