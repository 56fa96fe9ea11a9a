"""Discounts: a coupon applied to a customer, a subscription or an invoice, and until when."""

from __future__ import annotations

from typing import Any, Final

from emulator.contract.previous import differences
from emulator.kit import Doc, Params, Resource, Tx
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.products import coupons, promotion_codes
from emulator.resources.products.coupons import COUPONS
from emulator.rules.billing import periods

DISCOUNTS: Final = Resource("discount", prefix="di", filters=("customer",))


def make(tx: Tx, given: Doc, param: str, *, customer: str | None, **on: Any) -> Doc:
    """Redeem what a request gives as a discount: a coupon or a promotion code, or one that is
    there already. Not announced.

    on: what it is applied to (`subscription`, `invoice`, `invoice_item`, `subscription_item`).
    """
    if given.get("discount"):
        return tx.get(DISCOUNTS, given["discount"], param=f"{param}[discount]")
    code: Doc | None = None
    if given.get("promotion_code"):
        code, coupon = promotion_codes.redeem(
            tx, given["promotion_code"], customer, f"{param}[promotion_code]"
        )
    else:
        coupon = coupons.usable(tx, given["coupon"], f"{param}[coupon]" if param else "coupon")
    coupons.redeemed(tx, coupon)
    discount = tx.new(DISCOUNTS, customer=customer, start=tx.now, **on)
    discount |= {
        "promotion_code": code["id"] if code else None,
        "source": {"coupon": coupon["id"], "type": "coupon"},
    }
    if coupon["duration"] == "repeating":
        months = coupon["duration_in_months"]
        discount["end"] = periods.add(tx.now, "month", months)
    tx.hide(discount["id"], {"coupon": coupon})
    return tx.save(DISCOUNTS, discount)


def make_all(tx: Tx, given: list[Doc] | None, *, customer: str | None, **on: Any) -> list[str]:
    """The ids of what a `discounts` parameter gives."""
    return [
        make(tx, each, f"discounts[{at}]", customer=customer, **on)["id"]
        for at, each in enumerate(given or [])
    ]


def coupon_of(tx: Tx, discount: str) -> Doc:
    """The coupon of a discount, as it was when it was redeemed: it may be deleted since."""
    found: Doc = tx.hidden(discount)["coupon"]
    return tx.find(COUPONS, found["id"]) or found


def live(tx: Tx, ids: list[str]) -> list[str]:
    """Those of the discounts that still take something off."""
    found = []
    for id_ in ids:
        discount = tx.find(DISCOUNTS, id_)
        if discount and (discount["end"] is None or discount["end"] > tx.now):
            found.append(id_)
    return found


def spent(tx: Tx, id_: str) -> bool:
    """Whether a discount has had its only use."""
    return bool(coupon_of(tx, id_)["duration"] == "once" and tx.hidden(id_).get("used"))


def use(tx: Tx, id_: str) -> None:
    """A discount has taken something off an invoice."""
    tx.hide(id_, {**tx.hidden(id_), "used": True})


def end(tx: Tx, id_: str) -> Doc:
    """Take a discount away, announced; what a client sees of it is `deleted: true`."""
    discount = tx.get(DISCOUNTS, id_)
    tx.emit("customer.discount.deleted", discount)
    tx.delete(DISCOUNTS, discount)
    return {**discount, "deleted": True}


# -- the customer's own ---------------------------------------------------------------------------


@CUSTOMERS.on("DELETE /v1/customers/{customer}/discount")
def delete(tx: Tx, _params: Params, customer: str) -> Doc:
    owner = tx.get(CUSTOMERS, customer)
    if owner["discount"] is None:
        raise tx.missing(DISCOUNTS, customer)
    gone = end(tx, owner["discount"]["id"])
    tx.save(CUSTOMERS, owner | {"discount": None}, event="customer.updated")
    return gone


def give(tx: Tx, customer: Doc, params: Params) -> None:
    """A coupon or promotion code sent with a customer (left unsaved) is theirs from now on; who had
    another is told to have been switched (documented).
    """
    sent = params.get("coupon"), params.get("promotion_code")
    if not any(name in params for name in ("coupon", "promotion_code")):
        return
    old, customer["discount"] = customer.get("discount"), None
    if not any(sent):
        if old:
            end(tx, old["id"])
        return
    given = {"coupon": sent[0], "promotion_code": sent[1]}
    customer["discount"] = made = make(tx, given, "", customer=customer["id"])
    if old:
        tx.delete(DISCOUNTS, old)
        tx.emit("customer.discount.updated", made, previous=differences(old, made))
    else:
        tx.emit("customer.discount.created", made)


def _includes(tx: Tx, discount: Doc) -> Doc:
    return coupon_of(tx, discount["id"])


DISCOUNTS.includes["coupon"] = _includes
