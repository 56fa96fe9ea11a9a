"""How a Checkout Session is made: what is sold, who pays, and in which ways."""

from __future__ import annotations

from typing import Any, Final

from emulator.kernel.errors import checkout as refusals
from emulator.kernel.errors import taxing
from emulator.kernel.errors.invoicing import fee_needs_connect
from emulator.kernel.errors.params import parameter_missing
from emulator.kernel.errors.requests import parameters_exclusive
from emulator.kernel.instants import DAY
from emulator.kit import Doc, Params, Tx
from emulator.kit.editing import edit, merged, merged_metadata, nested
from emulator.resources.checkout import customers, intents, items
from emulator.resources.checkout.sessions import (
    SESSIONS,
    address,
    apply_totals,
    nothing_collected,
    offer_shipping,
    seller_name,
)
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.payment_methods import method_types
from emulator.resources.payments import limits
from emulator.resources.setups import setting_up
from emulator.resources.subscriptions import billing_modes
from emulator.resources.tax import assessing
from emulator.rules import amounts

# Since then there is a payment intent only when the page is submitted (observed: in a session of an
# older version at once).
_PAID_LATER: Final = "2022-08-01"
# Mid 2023: what is known of the customer stands in the session before it is complete (observed: not
# in October 2021, in February 2025; the day is assumed).
_DETAILS_AT_ONCE: Final = 1_686_000_000
_FREE: Final = "2023-08-16"  # a payment may come to nothing since (documented)
_SOONEST: Final = 30 * 60
_MOST_ITEMS: Final = 100
_MOST_OF_SUBSCRIPTION: Final = 20  # recurring, and as many that are paid once (documented)
_HOSTED: Final = "hosted_page"
_LETTERS: Final = {"embedded_page": "b1", "elements": "b1", "form": "b1"}
_CARRIED: Final = (
    "after_expiration",
    "allow_promotion_codes",
    "billing_address_collection",
    "branding_settings",
    "cancel_url",
    "client_reference_id",
    "consent_collection",
    "custom_text",
    "customer_creation",
    "customer_email",
    "locale",
    "name_collection",
    "origin_context",
    "payment_method_collection",
    "permissions",
    "phone_number_collection",
    "redirect_on_completion",
    "return_url",
    "shipping_address_collection",
    "submit_type",
    "success_url",
    "tax_id_collection",
    "ui_mode",
    "wallet_options",
)
_ON_REQUEST: Final = (
    "name_collection",
    "redirect_on_completion",
    "return_url",
    "tax_id_collection",
)
_OF_MODES: Final = {
    "customer_creation": ("payment", "setup"),
    "submit_type": ("payment", "subscription"),
}
_OF_MODE: Final = {
    "invoice_creation": "payment",
    "payment_intent_data": "payment",
    "setup_intent_data": "setup",
    "subscription_data": "subscription",
}


@SESSIONS.on("POST /v1/checkout/sessions")
def create(tx: Tx, params: Params) -> Doc:
    return make(tx, params)


def make(tx: Tx, params: Params, **fields: Any) -> Doc:
    """A new session, open until it expires. params: as in a create. fields: `payment_link`."""
    mode = params.get("mode") or "payment"
    _check(tx, params, mode)
    session = tx.new(SESSIONS, _new_id(tx, params, mode), mode=mode, **fields)
    sent = {name: value for name, value in params.items() if value is not None}
    edit(session, sent, _CARRIED)
    session["metadata"] = merged_metadata(None, params.get("metadata") or {})
    session["branding_settings"]["display_name"] = seller_name(tx)
    session["expires_at"] = params.get("expires_at") or tx.now + DAY
    session["custom_fields"] = custom_fields(params.get("custom_fields") or [])
    notes = {name: params.get(name) for name in _OF_MODE}
    if mode == "subscription":
        data = params.get("subscription_data") or {}
        its_mode = billing_modes.of(tx, data.get("billing_mode"))
        notes["subscription_data"] = {**data, "billing_mode": billing_modes.asked(its_mode)}
    notes["discounts"] = params.get("discounts") or []
    if params.get("shipping_options"):
        offer_shipping(tx, session, notes, params["shipping_options"])
    _shape(session, params)
    _with_customer(tx, session, params)
    _with_tax(tx, session, notes, params)
    _with_lines(tx, session, notes, params)
    _with_methods(tx, session, params)
    if mode == "setup":
        _with_setup(tx, session, notes)
    tx.hide(session["id"], notes)
    if tx.version.before(_PAID_LATER) and mode == "payment" and session["amount_total"]:
        session["payment_intent"] = intents.order(tx, session)
    if session["ui_mode"] == _HOSTED:
        session["url"] = f"{address(tx)}/{session['id']}"
    else:
        session["client_secret"] = f"{session['id']}_secret_{tx.secret(session['id'], 60)}"
    tx.later(session["expires_at"], SESSIONS, "run_out", session["id"])
    return tx.save(SESSIONS, session)


# -- inside ---------------------------------------------------------------------------------------


def _new_id(tx: Tx, params: Params, mode: str) -> str:
    letter = "c1" if mode == "setup" else _LETTERS.get(params.get("ui_mode") or _HOSTED, "a1")
    return f"cs_test_{letter}{tx.new_id('cs', 56, dated=False).removeprefix('cs_')}"


def _check(tx: Tx, params: Params, mode: str) -> None:
    for name, its_mode in _OF_MODE.items():
        if params.get(name) and mode != its_mode:
            raise refusals.wrong_mode(name, mode)
    for name, modes in _OF_MODES.items():
        if params.get(name) and mode not in modes:
            raise refusals.wrong_mode(name, mode)
    _check_leaving(params)
    if params.get("discounts") and params.get("allow_promotion_codes"):
        raise parameters_exclusive("allow_promotion_codes", "discounts")
    if params.get("customer") and params.get("customer_email"):
        raise refusals.both_payers()
    if params.get("expires_at") and not _SOONEST <= params["expires_at"] - tx.now <= DAY:
        raise refusals.bad_expiry()
    _check_fee(tx, params.get("subscription_data") or {})
    _check_lines(params, mode)


def _check_fee(tx: Tx, data: Doc) -> None:
    """A fee needs another account, whose subscription it is or who gets its payments: said when the
    session is opened, not when somebody pays (assumed).
    """
    destination = (data.get("transfer_data") or {}).get("destination")
    if data.get("application_fee_percent") and tx.is_platform and not destination:
        raise fee_needs_connect("subscription_data[application_fee_percent]")


def _check_leaving(params: Params) -> None:
    """A page of its own says where it leads; one inside another cannot (documented)."""
    if (params.get("ui_mode") or _HOSTED) == _HOSTED:
        if not params.get("success_url"):
            raise parameter_missing("success_url")
        return
    for name in ("cancel_url", "success_url"):
        if params.get(name):
            raise refusals.hosted_only(name)


def _check_lines(params: Params, mode: str) -> None:
    lines = params.get("line_items")
    if mode == "setup":
        if lines:
            raise refusals.wrong_mode("line_items", mode)
        if not params.get("currency") and not _types_given(params):
            raise refusals.setup_needs_currency()
    elif not lines:
        raise parameter_missing("line_items")
    elif len(lines) > _MOST_ITEMS:
        raise refusals.too_many_items(_MOST_ITEMS)


def _types_given(params: Params) -> list[str] | None:
    given: list[str] | None = params.get("allowed_payment_method_types") or params.get(
        "payment_method_types"
    )
    return given


def _shape(session: Doc, params: Params) -> None:
    """Fields that are only there, or differ, by mode and by what was asked for (observed)."""
    mode = session["mode"]
    for name in _ON_REQUEST:
        if not params.get(name):
            session.pop(name, None)
    if mode != "payment":
        session["invoice_creation"] = None
        session["payment_method_collection"] = params.get("payment_method_collection") or "always"
        kept = None if mode == "setup" or params.get("customer") else "always"
        session["customer_creation"] = kept
    elif params.get("customer"):
        session["customer_creation"] = None
    elif (params.get("payment_intent_data") or {}).get("setup_future_usage"):
        session["customer_creation"] = "always"
    if params.get("invoice_creation"):
        facts = nested(SESSIONS.name, "invoice_creation")
        session["invoice_creation"] = merged(
            session["invoice_creation"], params["invoice_creation"], facts
        )
    if mode == "subscription" or params.get("saved_payment_method_options"):
        shown = {
            "allow_redisplay_filters": ["always"],
            "payment_method_remove": "disabled",
            "payment_method_save": None,
        }
        given = params.get("saved_payment_method_options") or {}
        session["saved_payment_method_options"] = shown | given
    session["collected_information"] = None if mode == "payment" else nothing_collected()


def _with_lines(tx: Tx, session: Doc, notes: Doc, params: Params) -> None:
    if session["mode"] == "setup":
        session |= {"amount_subtotal": None, "amount_total": None}
        session |= {"currency": params.get("currency"), "payment_status": "no_payment_required"}
        session |= {"discounts": None, "total_details": None}
        notes["items"] = []
        return
    notes["items"] = items.priced(tx, params["line_items"])
    session["currency"] = items.currency_of(notes["items"], params.get("currency"), tx)
    recurring = [each for each in notes["items"] if each["price"]["type"] == "recurring"]
    if session["mode"] == "payment" and recurring:
        raise refusals.recurring_in_payment()
    if session["mode"] == "subscription" and not recurring:
        raise refusals.needs_recurring()
    if max(len(recurring), len(notes["items"]) - len(recurring)) > _most_of(session["mode"]):
        raise refusals.too_many_items(_most_of(session["mode"]))
    for at, given in enumerate(notes["discounts"]):
        items.coupon_of(tx, given, at)
    apply_totals(tx, session, notes)
    if session["mode"] == "payment":
        _check_split(tx, session, notes)


def _most_of(mode: str) -> int:
    """How many lines of one kind a session may have."""
    return _MOST_OF_SUBSCRIPTION if mode == "subscription" else _MOST_ITEMS


def _check_split(tx: Tx, session: Doc, notes: Doc) -> None:
    total, currency = session["amount_total"], session["currency"]
    amounts.check_session(total, currency, free=not tx.version.before(_FREE))
    data = notes["payment_intent_data"] or {}
    if total:
        limits.check_split(tx, {**data, "amount": total, "currency": currency})


def _with_methods(tx: Tx, session: Doc, params: Params) -> None:
    given = _types_given(params)
    session["allowed_payment_method_types"] = params.get("allowed_payment_method_types")
    chooses = None if given else method_types.configuration(tx, params)
    chosen = given or method_types.left(tx, chooses or {}, ["card", "link"])
    left_out = params.get("excluded_payment_method_types") or []
    session["payment_method_types"] = [name for name in chosen if name not in left_out]
    options = params.get("payment_method_options") or {}
    if options:
        facts = nested(SESSIONS.name, "payment_method_options")
        session["payment_method_options"] = merged(
            session["payment_method_options"], options, facts
        )
    session["payment_method_configuration_details"] = chooses


def _with_customer(tx: Tx, session: Doc, params: Params) -> None:
    if params.get("customer"):
        session["customer"] = tx.get(CUSTOMERS, params["customer"], param="customer")["id"]
    details = customers.known(tx, session)
    if tx.now >= _DETAILS_AT_ONCE and (details["email"] is not None or session["customer"]):
        session["customer_details"] = details


def _with_tax(tx: Tx, session: Doc, notes: Doc, params: Params) -> None:
    """Automatic tax: of a known customer it has to be known where they are, unless the page asks
    them and they are changed by what it hears.
    """
    notes["customer_update"] = params.get("customer_update") or {}
    if notes["customer_update"] and not session["customer"]:
        raise refusals.customer_update_without_customer()
    collects = (params.get("tax_id_collection") or {}).get("enabled")
    if collects and session["customer"] and notes["customer_update"].get("name") != "auto":
        raise refusals.tax_ids_change_name()
    started = assessing.start(params.get("automatic_tax"))
    if not started["enabled"]:
        return
    assessing.check(tx, started)
    session["automatic_tax"] |= {**started, "provider": "stripe"}
    session["automatic_tax"]["status"] = "requires_location_inputs"
    asked = {notes["customer_update"].get(name) for name in ("address", "shipping")}
    customer = tx.find(CUSTOMERS, session["customer"] or "")
    if customer is not None and "auto" not in asked and assessing.place_of(customer) is None:
        raise taxing.checkout_needs_address()


def _with_setup(tx: Tx, session: Doc, notes: Doc) -> None:
    data = notes["setup_intent_data"] or {}
    asked = {
        "customer": session["customer"],
        "payment_method_types": session["payment_method_types"],
        "usage": "off_session",
        **{name: value for name, value in data.items() if value is not None},
    }
    intent = setting_up.create(tx, {k: v for k, v in asked.items() if v is not None})
    session["setup_intent"] = intent["id"]


def custom_fields(sent: list[Doc]) -> list[Doc]:
    """Fields of the page, as yet without an answer; a choice needs something to choose from."""
    for at, each in enumerate(sent):
        if each["type"] == "dropdown" and not each.get("dropdown"):
            raise parameter_missing(f"custom_fields[{at}][dropdown]")
    return [_custom_field(each) for each in sent]


def _custom_field(sent: Doc) -> Doc:
    kind = sent["type"]
    given = sent.get(kind) or {}
    if kind == "dropdown":
        inner = {"default_value": given.get("default_value"), "options": given["options"]}
    else:
        names = ("default_value", "maximum_length", "minimum_length")
        inner = {name: given.get(name) for name in names}
    return {
        "key": sent["key"],
        "label": {"custom": sent["label"]["custom"], "type": "custom"},
        "optional": bool(sent.get("optional")),
        "type": kind,
        kind: {**inner, "value": None},
    }
