"""Setup intents: getting ready to charge somebody later, when they are not there.

States: requires_payment_method, requires_confirmation, requires_action, processing, succeeded,
canceled. Here: what one is, and how it is made, read and changed. How it moves on stands in
`setting_up.py`.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.contract.blanks import blank
from emulator.kernel.errors import instruments as method_refusals
from emulator.kernel.errors import methods as type_refusals
from emulator.kernel.errors import setups as refusals
from emulator.kit import Doc, Lifecycle, Params, Resource, Tx, lists
from emulator.kit.access import read
from emulator.kit.editing import edit, merged, merged_metadata, nested
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.payment_methods import (
    mandates,
    method_types,
    payment_methods,
)
from emulator.resources.payments.limits import check_merchant
from emulator.rules import methods

OPEN: Final = ("requires_payment_method", "requires_confirmation", "requires_action")
# What a browser sees of an intent (documented).
SEEN: Final = frozenset(
    {
        "automatic_payment_methods",
        "cancellation_reason",
        "client_secret",
        "created",
        "description",
        "id",
        "last_setup_error",
        "livemode",
        "next_action",
        "object",
        "payment_method",
        "payment_method_configuration_details",
        "payment_method_types",
        "status",
        "usage",
    }
)
_EDITABLE: Final = (
    "customer",
    "description",
    "flow_directions",
    "metadata",
    "payment_method_types",
)

SETUP_INTENTS: Final = Resource(
    "setup_intent",
    prefix="seti",
    kind="setupintent",
    param="intent",
    filters=("customer", "payment_method"),
    editable=_EDITABLE,
    lifecycle=Lifecycle(
        start="requires_payment_method",
        steps={
            (now, then): f"setup_intent.{event}"
            for then, event in (
                ("succeeded", "succeeded"),
                ("requires_action", "requires_action"),
                ("requires_payment_method", "setup_failed"),
                ("canceled", "canceled"),
            )
            for now in (*OPEN, "processing")
        },
    ),
)


@SETUP_INTENTS.on("POST /v1/setup_intents/{intent}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    intent = tx.get(SETUP_INTENTS, id_)
    if intent["status"] not in OPEN:
        raise refusals.cannot_update(intent)
    _check_customer(tx, params)

    edit(intent, params, _EDITABLE)
    if not intent["payment_method_types"]:  # taken back: the Dashboard chooses again (assumed)
        _set_types(tx, intent, {})
    set_method(tx, intent, params)
    intent["payment_method_options"] = method_options(intent, params)
    return tx.save(SETUP_INTENTS, intent)


@SETUP_INTENTS.on("GET /v1/setup_intents/{intent}", publishable=True)
def retrieve(tx: Tx, params: Params, id_: str) -> Doc | bytes:
    return read(tx, SETUP_INTENTS, id_, params, SEEN)


lists(SETUP_INTENTS, "GET /v1/setup_intents")


# -- making one -----------------------------------------------------------------------------------


def new_intent(tx: Tx, params: Params) -> Doc:
    """A setup intent, not yet saved, as the request describes it."""
    _check_customer(tx, params)
    if params.get("on_behalf_of"):
        check_merchant(tx, params["on_behalf_of"])
    intent = tx.new(SETUP_INTENTS)
    id_ = intent["id"]
    intent |= {
        "application": None if tx.is_platform else tx.setup.application,
        "client_secret": f"{id_}_secret_{tx.secret(f'{id_}/secret', 31)}",
        "customer": params.get("customer"),
        "description": params.get("description"),
        "flow_directions": params.get("flow_directions"),
        "metadata": merged_metadata(None, params.get("metadata") or {}),
        "on_behalf_of": params.get("on_behalf_of"),
        "usage": params.get("usage") or "off_session",
    }
    if params.get("attach_to_self"):
        intent["attach_to_self"] = True
    _set_types(tx, intent, params)
    set_method(tx, intent, params)
    intent["payment_method_options"] = method_options(intent, params)
    return intent


def _check_customer(tx: Tx, params: Params) -> None:
    if params.get("customer"):
        tx.get(CUSTOMERS, params["customer"], param="customer")


def _set_types(tx: Tx, intent: Doc, params: Params) -> None:
    """Which methods may be set up: those named, or the ones that the Dashboard would choose."""
    named = method_types.named(tx, params)
    if named:
        for type_ in named:
            known = methods.of_type(type_)
            if known is not None and known.reusable is None:
                raise type_refusals.type_not_activated(type_)
        intent["payment_method_types"] = named
        return
    redirects = method_types.configured(tx, intent, params)
    chooses = intent["payment_method_configuration_details"]
    intent["payment_method_types"] = method_types.left(
        tx, chooses, usual_types(redirects=redirects)
    )


def usual_types(*, redirects: bool) -> list[str]:
    """What may be set up when nobody says what. redirects: the customer may be sent away."""
    return ["card", *(["klarna"] if redirects else []), "link"]


def set_method(tx: Tx, intent: Doc, params: Params) -> None:
    """A payment method set or taken away moves an open intent between its first states."""
    method = _named(tx, params)
    if method is None:
        if "payment_method" in params:
            intent |= {
                "payment_method": None,
                "status": "requires_payment_method",
                "next_action": None,
            }
        return
    if payment_methods.notes_of(tx, method).get("consumed"):
        raise method_refusals.payment_method_used_up()
    owner = method["customer"]
    if owner and intent["customer"] and owner != intent["customer"]:
        raise method_refusals.belongs_to_another(method["id"])
    allowed = intent["payment_method_types"]
    known = methods.of_type(method["type"])
    once = known is not None and known.reusable is None
    named = intent["automatic_payment_methods"] is None
    if once or (named and method["type"] not in allowed):
        raise refusals.type_not_allowed(method["type"], allowed)
    intent |= {
        "payment_method": method["id"],
        "status": "requires_confirmation",
        "next_action": None,
        "last_setup_error": None,
    }


def _named(tx: Tx, params: Params) -> Doc | None:
    if params.get("payment_method_data"):
        return payment_methods.from_data(tx, params["payment_method_data"], "payment_method_data")
    if params.get("payment_method"):
        return payment_methods.use(tx, params["payment_method"])
    return None


def method_options(intent: Doc, params: Params) -> Doc:
    """payment_method_options: cards always have theirs, others what was sent (observed)."""
    found: Doc = {}
    facts = nested(SETUP_INTENTS.name, "payment_method_options")["fields"]
    sent: dict[str, Any] = params.get("payment_method_options") or {}
    for type_ in sorted(intent["payment_method_types"]):
        old = intent["payment_method_options"].get(type_)
        if old is None and type_ == "card":
            old = blank("setup_intent.payment_method_options.card")
        if old is None and type_ not in sent:
            continue
        new = dict(sent.get(type_) or {})
        if new.get("mandate_options"):
            new["mandate_options"] = mandates.card_options(new["mandate_options"])
        found[type_] = merged(old, new, facts.get(type_, {}))
    return found
