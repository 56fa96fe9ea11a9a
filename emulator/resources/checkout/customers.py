"""Who pays: the customer of a session."""

from __future__ import annotations

from typing import Final

from emulator.kit import Doc, Tx
from emulator.kit.editing import edit
from emulator.resources.billing import customer_changes
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.tax import tax_ids

_KNOWN: Final = ("address", "email", "name", "phone")


def settle(tx: Tx, session: Doc, *, needed: bool) -> None:
    """See to it that the session has a customer when one is needed: its own, or a new one of what
    was said on the page.
    """
    if session["customer"] or not needed:
        return
    said: Doc = session["customer_details"] or {}
    told = {name: said[name] for name in _KNOWN if said.get(name)}
    told["tax_id_data"] = said.get("tax_ids") or []
    session["customer"] = customer_changes.create(tx, told)["id"]


def change(tx: Tx, session: Doc) -> None:
    """A customer that the session had already becomes what was said on the page, as far as
    `customer_update` has it (name, address, shipping: `auto`).
    """
    wanted = tx.hidden(session["id"]).get("customer_update") or {}
    said: Doc = session["customer_details"] or {}
    shipping = (session["collected_information"] or {}).get("shipping_details")
    heard = {"address": said.get("address"), "name": said.get("name"), "shipping": shipping}
    changed = {n: heard[n] for n, how in wanted.items() if how == "auto" and heard[n]}
    if session["customer"] and wanted.get("name") == "auto":
        for each in said.get("tax_ids") or []:
            tax_ids.make(tx, each, session["customer"])
    if session["customer"] and changed:
        customer = tx.get(CUSTOMERS, session["customer"])
        edit(customer, changed, CUSTOMERS.editable)
        tx.save(CUSTOMERS, customer, event="customer.updated")


def tax_ids_told(session: Doc, payer: Doc) -> list[Doc]:
    """The tax ids that were typed on a page that asks for them."""
    if not (session.get("tax_id_collection") or {}).get("enabled"):
        return []
    given = payer.get("tax_ids") or []
    return [{"type": each["type"], "value": each["value"]} for each in given]


def known(tx: Tx, session: Doc) -> Doc:
    """`customer_details` from what was given with the session: an address of mail, a customer."""
    details = _blank(session["mode"]) | {"email": session["customer_email"]}
    customer = tx.find(CUSTOMERS, session["customer"] or "")
    if customer is not None:
        details["email"] = customer.get("email")
        if session["mode"] != "setup":
            details["tax_exempt"] = customer.get("tax_exempt") or "none"
    return details


def _blank(mode: str) -> Doc:
    """`customer_details` before anything is known."""
    return {
        "address": None,
        "business_name": None,
        "email": None,
        "individual_name": None,
        "name": None,
        "phone": None,
        "tax_exempt": None if mode == "setup" else "none",
        "tax_ids": None,
    }
