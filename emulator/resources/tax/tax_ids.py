"""Tax ids: numbers under which a customer, or the account itself, is known to a tax office.

Those that can be looked up (EU, UK and Australian ones) are pending until that is done; a few
values say what comes of it (documented).
"""

from __future__ import annotations

import re
from typing import Any, Final

from emulator.kernel.errors import invoicing as refusals
from emulator.kit import Doc, Page, Params, Resource, Tx, get_within, page, retrieves
from emulator.resources.customers.customers import CUSTOMERS, above

TAX_IDS: Final = Resource("tax_id", prefix="txi", kind="tax_id", param="id", filters=("customer",))
_LOOKED_UP: Final = ("au_abn", "eu_vat", "gb_vat")
_MAGIC: Final = {"000000000": "verified", "111111111": "unverified", "222222222": "pending"}
_FORMS: Final = {
    "au_abn": re.compile(r"\d{11}"),
    "br_cnpj": re.compile(r"\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}"),
    "eu_vat": re.compile(r"[A-Z]{2}[0-9A-Z+*]{2,12}"),
    "gb_vat": re.compile(r"(GB)?\d{9}(\d{3})?"),
    "us_ein": re.compile(r"\d{2}-\d{7}"),
}
_VERIFY_SECONDS: Final = 5

retrieves(TAX_IDS, "GET /v1/tax_ids/{id}")


@TAX_IDS.on("POST /v1/customers/{customer}/tax_ids")
def create_of_customer(tx: Tx, params: Params, customer: str) -> Doc:
    above(tx, customer)
    return make(tx, params, customer)


@TAX_IDS.on("GET /v1/customers/{customer}/tax_ids")
def list_of_customer(tx: Tx, params: Params, customer: str) -> Page:
    above(tx, customer)
    return page(tx, TAX_IDS, params, customer=customer)


@TAX_IDS.on("GET /v1/customers/{customer}/tax_ids/{id}")
def retrieve_of_customer(tx: Tx, _params: Params, customer: str, id_: str) -> Doc:
    return _theirs(tx, customer, id_)


@TAX_IDS.on("DELETE /v1/customers/{customer}/tax_ids/{id}")
def delete_of_customer(tx: Tx, _params: Params, customer: str, id_: str) -> Doc:
    return tx.delete(TAX_IDS, _theirs(tx, customer, id_), event="customer.tax_id.deleted")


@TAX_IDS.on("POST /v1/tax_ids")
def create(tx: Tx, params: Params) -> Doc:
    owner = params.get("owner") or {"type": "self"}
    customer = owner.get("customer")
    if customer:
        tx.get(CUSTOMERS, customer, param="owner[customer]")
    made = make(tx, params, customer)
    if customer is None:
        made["owner"] |= {"type": owner["type"]}
    return tx.save(TAX_IDS, made)


@TAX_IDS.on("GET /v1/tax_ids")
def list_(tx: Tx, params: Params) -> Page:
    customer = (params.get("owner") or {}).get("customer")
    if customer:
        return page(tx, TAX_IDS, params, customer=customer)
    return page(tx, TAX_IDS, params, where=lambda each: each["customer"] is None)


@TAX_IDS.on("DELETE /v1/tax_ids/{id}")
def delete(tx: Tx, _params: Params, id_: str) -> Doc:
    found = tx.get(TAX_IDS, id_)
    event = "customer.tax_id.deleted" if found["customer"] else None
    return tx.delete(TAX_IDS, found, event=event)


@TAX_IDS.job
def verify(tx: Tx, found: Doc) -> None:
    """The tax office answers."""
    digits = re.sub(r"\D", "", found["value"])
    known = next((v for k, v in _MAGIC.items() if digits.startswith(k)), "verified")
    if known != "pending" and found["verification"]["status"] == "pending":
        found["verification"]["status"] = known
        tx.save(TAX_IDS, found, event="customer.tax_id.updated")


def make(tx: Tx, given: Doc, customer: str | None) -> Doc:
    """A new tax id, announced when it is a customer's."""
    form = _FORMS.get(given["type"])
    if form is not None and not form.fullmatch(given["value"]):
        raise refusals.tax_id_invalid(given["type"])
    made = tx.new(TAX_IDS, customer=customer, type=given["type"], value=given["value"])
    made["country"] = _country(given)
    if customer:
        made["owner"]["customer"] = customer
    looked_up = given["type"] in _LOOKED_UP
    made["verification"]["status"] = "pending" if looked_up else "unavailable"
    saved = tx.save(TAX_IDS, made, event="customer.tax_id.created" if customer else None)
    if looked_up and customer:
        tx.later(tx.now + _VERIFY_SECONDS, TAX_IDS, "verify", made["id"])
    return saved


def of_customer(tx: Tx, customer: str) -> list[Doc]:
    """A customer's tax ids, newest first."""
    return list(tx.all(TAX_IDS, customer=customer))


def _country(given: Doc) -> str:
    prefix: str = given["value"][:2] if given["type"] == "eu_vat" else given["type"][:2].upper()
    return prefix


def _theirs(tx: Tx, customer: str, id_: str) -> Doc:
    above(tx, customer)
    return get_within(tx, TAX_IDS, id_, customer=customer)


def _inline(tx: Tx, customer: Doc) -> Any:
    found = of_customer(tx, customer["id"])
    return {
        "object": "list",
        "data": found[:10],
        "has_more": len(found) > 10,
        "total_count": len(found),
        "url": f"/v1/customers/{customer['id']}/tax_ids",
    }


CUSTOMERS.includes["tax_ids"] = _inline
