"""Coupons: so much less, once, for some months, or for ever."""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import catalogue as refusals
from emulator.kernel.errors.params import parameter_missing
from emulator.kit import Doc, Params, Resource, Tx, deletes, lists, retrieves
from emulator.kit.editing import edit
from emulator.resources.products.products import PRODUCTS


def _as_of_now(tx: Tx, coupon: Doc) -> Doc:
    """Whether it can still be redeemed is a question about time."""
    coupon["valid"] = is_valid(tx, coupon)
    return coupon


COUPONS: Final = Resource(
    "coupon",
    prefix="",
    named=True,
    param="coupon",
    editable=("metadata", "name"),
    view=_as_of_now,
)
# 1 January 2021: asked for in 2016 (observed) and by the SDKs of March 2020; the day is assumed.
_ONCE_UNLESS_TOLD_SINCE: Final = 1_609_459_200
_TAKEN_AS_SENT: Final = (
    "amount_off",
    "currency",
    "duration",
    "duration_in_months",
    "max_redemptions",
    "metadata",
    "name",
    "percent_off",
    "redeem_by",
)

retrieves(COUPONS, "GET /v1/coupons/{coupon}")
lists(COUPONS, "GET /v1/coupons")
deletes(COUPONS, "DELETE /v1/coupons/{coupon}", event="coupon.deleted")


@COUPONS.on("POST /v1/coupons")
def create(tx: Tx, params: Params) -> Doc:
    _check(tx, params)
    id_ = params.get("id") or tx.secret(f"coupon/{tx.setup.store.count('id/coupon')}", 8)
    if tx.find(COUPONS, id_):
        raise refusals.id_taken("Coupon")
    coupon = tx.new(COUPONS, id_)
    edit(coupon, {k: v for k, v in params.items() if v is not None}, _TAKEN_AS_SENT)
    products = (params.get("applies_to") or {}).get("products")
    for at, product in enumerate(products or []):
        tx.get(PRODUCTS, product, param=f"applies_to[products][{at}]")
    _keep(tx, id_, products=products, currency_options=params.get("currency_options"))
    return tx.save(COUPONS, coupon, event="coupon.created")


@COUPONS.on("POST /v1/coupons/{coupon}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    coupon = tx.get(COUPONS, id_)
    edit(coupon, params, COUPONS.editable)
    if params.get("currency_options"):
        _keep(tx, id_, currency_options=params["currency_options"])
    return tx.save(COUPONS, coupon, event="coupon.updated")


def is_valid(tx: Tx, coupon: Doc) -> bool:
    """Whether it can be redeemed now."""
    late = coupon["redeem_by"] is not None and coupon["redeem_by"] <= tx.now
    most = coupon["max_redemptions"]
    return not late and (most is None or coupon["times_redeemed"] < most)


def usable(tx: Tx, id_: str, param: str) -> Doc:
    """A coupon that can be redeemed now; refused as Stripe does otherwise."""
    coupon = tx.get(COUPONS, id_, param=param)
    if coupon["redeem_by"] is not None and coupon["redeem_by"] <= tx.now:
        raise refusals.coupon_expired(id_, param)
    if not is_valid(tx, coupon):
        raise refusals.coupon_used_up(id_, param)
    return coupon


def redeemed(tx: Tx, coupon: Doc) -> None:
    """One more use."""
    coupon["times_redeemed"] += 1
    coupon["valid"] = is_valid(tx, coupon)
    tx.save(COUPONS, coupon, event="coupon.updated")


def products_of(tx: Tx, coupon: Doc) -> list[str] | None:
    """The products a coupon is limited to; None when it is for all."""
    found: list[str] | None = tx.hidden(COUPONS.place(tx.account, coupon["id"])).get("products")
    return found or None


def amount_in(tx: Tx, coupon: Doc, currency: str) -> int | None:
    """What an amount coupon takes off in a currency, None when it does not speak it."""
    if coupon["currency"] == currency:
        return int(coupon["amount_off"])
    notes = tx.hidden(COUPONS.place(tx.account, coupon["id"]))
    option = (notes.get("currency_options") or {}).get(currency)
    return int(option["amount_off"]) if option else None


def _keep(tx: Tx, id_: str, **notes: object) -> None:
    place = COUPONS.place(tx.account, id_)
    found = {name: value for name, value in notes.items() if value}
    if found:
        tx.hide(place, {**tx.hidden(place), **found})


def _check(tx: Tx, params: Params) -> None:
    if params.get("duration") is None and tx.now < _ONCE_UNLESS_TOLD_SINCE:
        raise parameter_missing("duration")
    percent, amount = params.get("percent_off"), params.get("amount_off")
    if percent is None and amount is None:
        raise refusals.coupon_without_value()
    if percent is not None and amount is not None:
        raise refusals.coupon_with_both()
    if percent is not None and not 0 < percent <= 100:
        raise refusals.percent_out_of_range()
    if amount is not None and not params.get("currency"):
        raise refusals.coupon_currency_missing()
    repeating = params.get("duration") == "repeating"
    if repeating != bool(params.get("duration_in_months")):
        raise refusals.coupon_months(wanted=repeating)
    if params.get("redeem_by") is not None and params["redeem_by"] <= tx.now:
        raise refusals.redeem_by_past()


def _applies_to(tx: Tx, coupon: Doc) -> Doc | None:
    products = products_of(tx, coupon)
    return {"products": products} if products else None


COUPONS.includes["applies_to"] = _applies_to
COUPONS.includes["currency_options"] = lambda tx, coupon: tx.hidden(
    COUPONS.place(tx.account, coupon["id"])
).get("currency_options")
