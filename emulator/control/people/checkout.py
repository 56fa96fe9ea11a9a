"""The pages of Checkout, as one call each: what a customer sees there, and what they may do."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from emulator.kernel.errors import Refusal
from emulator.kernel.errors import checkout as refusals
from emulator.kernel.errors import control as control_refusals
from emulator.kit import Doc, Tx
from emulator.resources.checkout import completing, payment_links, sessions
from emulator.resources.checkout.items import ITEMS
from emulator.resources.checkout.payment_links import PAYMENT_LINKS
from emulator.resources.checkout.sessions import SESSIONS
from emulator.resources.payment_methods import attaching
from emulator.resources.payments import next_actions
from emulator.resources.products.shipping_rates import SHIPPING_RATES
from emulator.world import Transaction, World

Found = dict[str, Any]

_ASKS: Final = "subscription_payment_intent_requires_action"
USUAL_METHOD: Final = "pm_card_visa"
OUTCOMES: Final = ("complete", "expire")
_TEXT: Final = {"type": "string", "description": "a text"}
_TAX_IDS: Final = {
    "type": "array",
    "description": "tax ids",
    "items": {
        "type": "object",
        "required": ["type", "value"],
        "properties": {"type": {"type": "string"}, "value": {"type": "string"}},
    },
}
_HASH: Final = {"type": "object", "description": "an object"}
BODY: Final[Found] = {
    "session": {"type": "string", "description": "the id of a Checkout Session"},
    "outcome": {"enum": list(OUTCOMES), "description": "complete or expire"},
    "payment_method": {
        "type": "string",
        "description": "an id, or a ready-made name such as pm_card_chargeDeclined",
    },
    **dict.fromkeys(("email", "name", "phone", "promotion_code", "shipping_rate"), _TEXT),
    **dict.fromkeys(("address", "custom_fields", "shipping_details"), _HASH),
    "tax_ids": _TAX_IDS,
}


# Checkout asks everybody for an email and for the name on the card: what is said when nothing is.
PAYER: Final[Found] = {"email": "jenny@example.com", "name": "Jenny Rosen"}


class Seen(NamedTuple):
    """What stands on the page of a session. seller: what the account calls itself, its id when it
    has no name. codes: whether promotion codes are taken. shipping: the ways offered, by name.
    """

    session: Doc
    lines: list[Doc]
    seller: str
    codes: bool
    shipping: dict[str, str]


def look(world: World, id_: str) -> Seen:
    """A session with its lines."""
    with on_account_of(world, id_) as tx:
        session = _session(tx, id_)
        lines = [*reversed(list(tx.all(ITEMS, session=id_)))]
        offered = [each["shipping_rate"] for each in session["shipping_options"]]
        names = {id_: tx.get(SHIPPING_RATES, id_)["display_name"] for id_ in offered}
        codes = bool(session["allow_promotion_codes"])
        return Seen(session, lines, sessions.seller_name(tx), codes, names)


def choose(world: World, id_: str, choice: Found) -> None:
    """The customer chooses what changes the total, as `completing.choose` takes it."""
    with on_account_of(world, id_) as tx:
        completing.choose(tx, _session(tx, id_), choice)


def submit(world: World, id_: str, payer: Found) -> tuple[Doc, str | None]:
    """The customer submits the page. The session as it is then, and where the customer is sent:
    to their bank, which has a question, or to where the seller wants them.

    payer: as `completing.submit` takes it; `card` (number, exp_month, exp_year, cvc) or `type` (of
    another payment method) instead of `payment_method`.
    """
    with on_account_of(world, id_) as tx:
        session = _session(tx, id_)
        known = {name: v for name, v in (session["customer_details"] or {}).items() if v}
        method = method_of(tx, payer)
        said = {**PAYER, **known, **payer, "payment_method": method}
        session = completing.submit(tx, session, said)
        return session, _next(tx, session)


def submit_patiently(world: World, id_: str, payer: Found) -> tuple[Doc, str | None]:
    """The same; a subscription whose first payment the bank asks about waits for the answer."""
    try:
        return submit(world, id_, payer)
    except Refusal as refusal:
        if refusal.code != _ASKS:
            raise
    return submit(world, id_, {**payer, "patient": True})


def returned(world: World, id_: str) -> str | None:
    """Where the customer goes who comes back to the page: on, when the session is complete."""
    with on_account_of(world, id_) as tx:
        session = _session(tx, id_)
        return _there(session) if session["status"] == "complete" else None


def opened_by(world: World, secret: str) -> str:
    """The id of the session that a client secret opens; refused when it opens none."""
    id_ = secret.partition("_secret_")[0]
    with on_account_of(world, id_) as tx:
        if _session(tx, id_)["client_secret"] != secret:
            raise refusals.no_such_session(id_)
    return id_


def question(world: World, id_: str) -> str | None:
    """The page on which the customer's bank asks something before it pays; None when it does
    not.
    """
    with on_account_of(world, id_) as tx:
        session = _session(tx, id_)
        return _asked(tx, session) if session["status"] == "open" else None


def expire(world: World, id_: str) -> Doc:
    with on_account_of(world, id_) as tx:
        session = _session(tx, id_)
        if not SESSIONS.allows(session, "expired"):
            raise refusals.not_open(session["status"])
        return sessions.end(tx, session)


def open_link(world: World, id_: str) -> str:
    """Somebody opens a payment link: the address of the session that was made for them."""
    with on_account_of(world, id_) as tx:
        return str(payment_links.open_(tx, tx.get(PAYMENT_LINKS, id_))["url"])


async def answer(world: World, body: Found) -> Found:
    """POST /_emulator/checkout: what a customer would do on the page."""
    id_ = body["session"]
    if body.get("outcome") == "expire":
        session, there = expire(world, id_), None
    else:
        payer = {name: value for name, value in body.items() if name not in {"session", "outcome"}}
        session, there = submit_patiently(world, id_, payer)
    return {"session": session, "url": there}


def on_account_of(world: World, id_: str) -> Transaction:
    """A transaction on the account that an object belongs to."""
    entry = world.setup.store.entry(id_)
    if entry is None:
        raise control_refusals.no_such_page(id_)
    return world.transaction(world.caller(entry[2]))


def method_of(tx: Tx, payer: Found) -> str:
    """The payment method that somebody named or typed in; a Visa card when they did neither."""
    if payer.get("payment_method"):
        return str(payer["payment_method"])
    billing = {name: payer[name] for name in ("address", "email", "name") if payer.get(name)}
    if payer.get("card"):
        asked = {"type": "card", "card": payer["card"], "billing_details": billing}
    elif payer.get("type") and payer["type"] != "card":
        asked = {"type": payer["type"], payer["type"]: {}, "billing_details": billing}
    else:
        return USUAL_METHOD
    return str(attaching.create(tx, asked)["id"])


# -- inside ---------------------------------------------------------------------------------------


def _session(tx: Tx, id_: str) -> Doc:
    session = tx.find(SESSIONS, id_)
    if session is None:
        raise refusals.no_such_session(id_)
    return session


def _next(tx: Tx, session: Doc) -> str | None:
    asked = _asked(tx, session)
    return asked or (_there(session) if session["status"] == "complete" else None)


def _asked(tx: Tx, session: Doc) -> str | None:
    intent = completing.asked_by_bank(tx, session)
    if intent is None:
        return None
    action = intent["next_action"] or {}
    asked = (action.get("redirect_to_url") or {}).get("url")
    return str(asked or next_actions.page_of(tx, intent))


def _there(session: Doc) -> str | None:
    """Where the seller wants the customer who has paid; the session's id is put in. None where the
    page around an embedded session wants to be told instead.
    """
    if session.get("redirect_on_completion") in {"if_required", "never"}:
        return None
    url = session["success_url"] or session.get("return_url")
    return url.replace("{CHECKOUT_SESSION_ID}", session["id"]) if url else None
