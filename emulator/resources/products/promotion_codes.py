"""Promotion codes: what a customer types to get what a coupon gives."""

from __future__ import annotations

from typing import Any, Final

from emulator.kernel.errors import catalogue as refusals
from emulator.kernel.errors.params import parameter_missing
from emulator.kit import Doc, Page, Params, Resource, Tx, page, retrieves
from emulator.kit.editing import edit
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.products import coupons
from emulator.resources.products.coupons import COUPONS

PROMOTION_CODES: Final = Resource(
    "promotion_code",
    prefix="promo",
    param="promotion_code",
    filters=("active", "customer"),
    editable=("active", "metadata"),
)
_TAKEN_AS_SENT: Final = ("active", "customer", "expires_at", "max_redemptions", "metadata")

retrieves(PROMOTION_CODES, "GET /v1/promotion_codes/{promotion_code}")


@PROMOTION_CODES.on("GET /v1/promotion_codes")
def list_(tx: Tx, params: Params) -> Page:
    code, coupon = params.get("code"), params.get("coupon")

    def where(doc: Doc) -> bool:
        if code and doc["code"].lower() != code.lower():
            return False
        return not coupon or doc["promotion"]["coupon"] == coupon

    wanted = where if code or coupon else None
    return page(tx, PROMOTION_CODES, params, where=wanted)


@PROMOTION_CODES.on("POST /v1/promotion_codes")
def create(tx: Tx, params: Params) -> Doc:
    coupon = (params.get("promotion") or {}).get("coupon")
    if not coupon:
        raise parameter_missing("promotion[coupon]")
    found = tx.get(COUPONS, coupon, param="promotion[coupon]")
    if params.get("customer"):
        tx.get(CUSTOMERS, params["customer"], param="customer")
    doc = tx.new(PROMOTION_CODES)
    code = params.get("code") or tx.secret(f"{doc['id']}/code", 8).upper()
    if params.get("active", True):
        _check_free(tx, code, doc["id"])
        if not coupons.is_valid(tx, found):
            raise refusals.promotion_code_of_dead_coupon()
    edit(doc, {k: v for k, v in params.items() if v is not None}, _TAKEN_AS_SENT)
    doc["restrictions"] |= params.get("restrictions") or {}
    doc |= {"code": code, "promotion": {"coupon": coupon, "type": "coupon"}}
    return tx.save(PROMOTION_CODES, doc, event="promotion_code.created")


@PROMOTION_CODES.on("POST /v1/promotion_codes/{promotion_code}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    doc = tx.get(PROMOTION_CODES, id_)
    if params.get("active") and not doc["active"]:
        _check_free(tx, doc["code"], id_)
    edit(doc, params, PROMOTION_CODES.editable)
    doc["restrictions"] |= params.get("restrictions") or {}
    return tx.save(PROMOTION_CODES, doc, event="promotion_code.updated")


def usable(tx: Tx, id_: str, customer: str | None, param: str) -> tuple[Doc, Doc]:
    """A code and its coupon; refused when it cannot be used by this customer now."""
    doc = tx.get(PROMOTION_CODES, id_, param=param)
    late = doc["expires_at"] is not None and doc["expires_at"] <= tx.now
    spent = doc["max_redemptions"] is not None and doc["times_redeemed"] >= doc["max_redemptions"]
    foreign = doc["customer"] is not None and doc["customer"] != customer
    if late or spent or foreign or not doc["active"]:
        raise refusals.promotion_code_unusable(doc["code"], param)
    return doc, coupons.usable(tx, doc["promotion"]["coupon"], param)


def redeem(tx: Tx, id_: str, customer: str | None, param: str) -> tuple[Doc, Doc]:
    """Use a code once: the code and its coupon; refused when it cannot be used by this customer."""
    doc, coupon = usable(tx, id_, customer, param)
    return used(tx, doc), coupon


def used(tx: Tx, doc: Doc) -> Doc:
    """One more use of a code, the last one perhaps."""
    doc["times_redeemed"] += 1
    if doc["max_redemptions"] is not None and doc["times_redeemed"] >= doc["max_redemptions"]:
        doc["active"] = False
    return tx.save(PROMOTION_CODES, doc, event="promotion_code.updated")


def _check_free(tx: Tx, code: str, but: str) -> None:
    """A code is unique among the active ones, whatever its case."""
    active: Any = tx.all(PROMOTION_CODES, active=True)
    if any(d["code"].lower() == code.lower() and d["id"] != but for d in active):
        raise refusals.promotion_code_taken(code)


PROMOTION_CODES.includes["coupon"] = lambda tx, doc: tx.find(COUPONS, doc["promotion"]["coupon"])
