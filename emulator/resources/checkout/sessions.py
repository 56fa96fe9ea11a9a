"""Checkout Sessions: a page on which a customer pays, subscribes, or leaves a way to be charged.

States: open -> complete | expired. Here: what a session is, and how it is read, changed and ended.
It is made in `opening.py`; what happens when the customer submits the page stands in
`completing.py`.

Private notes: `items` (the lines with their whole prices), `discounts`, `shipping_rate` (chosen),
and what was sent for what is to be made: `payment_intent_data`, `subscription_data`,
`setup_intent_data`, `invoice_creation`.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.kernel.errors import checkout as refusals
from emulator.kit import Doc, Lifecycle, Page, Params, Resource, Tx, envelope, page
from emulator.kit.editing import edit, merged, nested
from emulator.resources.accounts.state import account_seen
from emulator.resources.checkout import intents, items
from emulator.resources.checkout.items import ITEMS
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.products.shipping_rates import SHIPPING_RATES
from emulator.resources.products.shipping_rates import make as make_rate
from emulator.resources.setups import setting_up
from emulator.resources.setups.setup_intents import SETUP_INTENTS
from emulator.resources.tax import assessing
from emulator.resources.tax.assessing import Assessor

SESSIONS: Final = Resource(
    "checkout.session",
    prefix="cs_test",
    kind="checkout.session",
    param="session",
    filters=("customer", "invoice", "payment_intent", "payment_link", "status", "subscription"),
    lifecycle=Lifecycle(
        start="open",
        steps={
            ("open", "complete"): "checkout.session.completed",
            ("open", "expired"): "checkout.session.expired",
        },
    ),
)


# -- what clients do ------------------------------------------------------------------------------


@SESSIONS.on("GET /v1/checkout/sessions/{session}")
def retrieve(tx: Tx, _params: Params, id_: str) -> bytes:
    raw = tx.raw(SESSIONS, id_)
    if raw is None:
        raise refusals.no_such_session(id_)
    return raw


@SESSIONS.on("GET /v1/checkout/sessions")
def list_(tx: Tx, params: Params) -> Page:
    email = (params.get("customer_details") or {}).get("email")

    def theirs(session: Doc) -> bool:
        return bool((session["customer_details"] or {}).get("email") == email)

    return page(tx, SESSIONS, params, where=theirs if email is not None else None)


@SESSIONS.on("GET /v1/checkout/sessions/{session}/line_items")
def list_items(tx: Tx, params: Params, id_: str) -> Page:
    session = _get(tx, id_)
    return page(tx, ITEMS, params, session=session["id"])


@SESSIONS.on("POST /v1/checkout/sessions/{session}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    session = _get(tx, id_)
    if session["status"] != "open" and params.keys() - {"metadata"}:
        raise refusals.update_not_open(session["status"])
    edit(session, params, ("metadata",))
    if params.get("collected_information"):
        session["collected_information"] = merged(
            session["collected_information"] or nothing_collected(),
            params["collected_information"],
            nested(SESSIONS.name, "collected_information"),
        )
    notes = tx.hidden(session["id"])
    if params.get("payment_intent_data"):
        notes["payment_intent_data"] = params["payment_intent_data"]
    if params.get("shipping_options"):
        offer_shipping(tx, session, notes, params["shipping_options"])
    if params.get("line_items"):
        notes["items"] = _changed(notes["items"], params["line_items"])
    if session["mode"] != "setup":
        apply_totals(tx, session, notes)
    tx.hide(session["id"], notes)
    return tx.save(SESSIONS, session)


@SESSIONS.on("POST /v1/checkout/sessions/{session}/expire")
def expire(tx: Tx, _params: Params, id_: str) -> Doc:
    session = _get(tx, id_)
    if not SESSIONS.allows(session, "expired"):
        raise refusals.not_open(session["status"])
    return end(tx, session)


SESSIONS.includes["line_items"] = lambda tx, session: envelope(
    tx,
    ITEMS,
    f"/v1/checkout/sessions/{session['id']}/line_items",
    total=False,
    session=session["id"],
)
SESSIONS.includes["display_items"] = lambda tx, session: items.displayed(tx, session["id"])
SESSIONS.includes["total_details.breakdown"] = lambda tx, session: items.breakdown(
    tx, session["id"]
)


# -- what happens by itself -----------------------------------------------------------------------


@SESSIONS.job
def run_out(tx: Tx, session: Doc) -> None:
    """Its time is over."""
    if SESSIONS.allows(session, "expired"):
        end(tx, session)


# -- used by its other modules, payment links and the page ----------------------------------------


def end(tx: Tx, session: Doc) -> Doc:
    """Expire an open session, and what waits for its payer."""
    session["url"] = None
    if session["setup_intent"]:
        intent = tx.find(SETUP_INTENTS, session["setup_intent"])
        if intent and SETUP_INTENTS.allows(intent, "canceled"):
            setting_up.cancel(tx, {}, intent["id"])
    intents.drop(tx, session)
    return tx.step(SESSIONS, session, "expired")


def finish(tx: Tx, session: Doc, payment_status: str, **fields: Any) -> Doc:
    """Complete an open session. What it takes off a payment is redeemed now; a subscription redeems
    when it begins.
    """
    if session["mode"] == "payment":
        items.redeem(tx, session["discounts"])
    session |= {"payment_status": payment_status, "url": None, **fields}
    return tx.step(SESSIONS, session, "complete")


def apply_totals(tx: Tx, session: Doc, notes: Doc) -> None:
    """Work out what the session comes to and write its lines."""
    details = session["customer_details"] or {}
    exempt = details.get("tax_exempt") in {"exempt", "reverse"}
    assessor = _assessor(tx, session)
    sums = items.reckon(tx, notes, session["currency"], exempt=exempt, assessor=assessor)
    items.write(tx, session["id"], sums.pop("lines"))
    session |= sums
    session["discounts"] = [
        {"coupon": each.get("coupon"), "promotion_code": each.get("promotion_code")}
        for each in notes.get("discounts") or []
    ]


def _assessor(tx: Tx, session: Doc) -> Assessor | None:
    """Who works out the automatic tax of a session, which says whether it could be: by where the
    customer has things sent, else by the address they gave, else by what is known of them.
    """
    automatic = session["automatic_tax"]
    if not automatic["enabled"]:
        return None
    customer = tx.find(CUSTOMERS, session["customer"] or "")
    sent = (session["collected_information"] or {}).get("shipping_details") or {}
    details = session["customer_details"] or {}
    given, ids = sent.get("address") or details.get("address"), details.get("tax_ids") or ()
    found = assessing.assessor(tx, automatic, assessing.buyer_of(tx, customer, given, ids))
    automatic["status"] = "complete" if found else "requires_location_inputs"
    return found


def seller_name(tx: Tx) -> str:
    """What the account that sells calls itself; its id when it has no name yet."""
    settings = account_seen(tx).get("settings") or {}
    return str((settings.get("dashboard") or {}).get("display_name") or tx.account)


def address(tx: Tx) -> str:
    """Where this server shows the pages of sessions."""
    here = tx.setup.settings.get("base_url", "http://localhost:12111")
    return f"{here}/_emulator/checkout/{tx.setup.name}"


def offer_shipping(tx: Tx, session: Doc, notes: Doc, offered: list[Doc]) -> None:
    """Ways of shipping; the first is chosen until the customer takes another."""
    shown = []
    for at, each in enumerate(offered):
        if each.get("shipping_rate_data"):
            rate = make_rate(tx, each["shipping_rate_data"])
        else:
            param = f"shipping_options[{at}][shipping_rate]"
            rate = tx.get(SHIPPING_RATES, each.get("shipping_rate") or "", param=param)
        shown.append(
            {"shipping_amount": rate["fixed_amount"]["amount"], "shipping_rate": rate["id"]}
        )
    session["shipping_options"] = shown
    notes["shipping_rate"] = shown[0]["shipping_rate"] if shown else None


def nothing_collected() -> Doc:
    return {"business_name": None, "individual_name": None, "shipping_details": None}


# -- inside ---------------------------------------------------------------------------------------


def _get(tx: Tx, id_: str) -> Doc:
    session = tx.find(SESSIONS, id_)
    if session is None:
        raise refusals.no_such_session(id_)
    return session


def _changed(held: list[Doc], sent: list[Doc]) -> list[Doc]:
    """Lines after an update: those that are named stay, with the quantity given."""
    found = []
    for place, each in enumerate(sent):
        if place < len(held):
            quantity = each.get("quantity") or held[place]["quantity"]
            found.append({**held[place], "quantity": quantity})
    return found
