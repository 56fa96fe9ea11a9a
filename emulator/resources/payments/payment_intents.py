"""Payment intents: what a payer is to pay, from the first thought of it to the money.

States: requires_payment_method, requires_confirmation, requires_action, processing,
requires_capture, succeeded, canceled. Here: what an intent is, and how it is made, read and changed
while it is open. How it moves on stands in `confirming.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from emulator.contract.blanks import blank, is_known, maker
from emulator.kernel.errors import payments as refusals
from emulator.kernel.errors.params import parameter_missing
from emulator.kit import Doc, Lifecycle, Params, Resource, Tx, envelope, lists, searches
from emulator.kit.access import read
from emulator.kit.editing import edit, merged, merged_metadata, nested
from emulator.resources.charges.charges import CHARGES
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.payment_methods import mandates, method_types, payment_methods, sources
from emulator.resources.payment_methods.tokens import is_token
from emulator.resources.payments import limits
from emulator.rules import automatic_methods

OPEN: Final = ("requires_payment_method", "requires_confirmation", "requires_action")
CONFIRMABLE: Final = ("requires_confirmation", "requires_payment_method", "requires_action")
CANCELABLE: Final = (
    "requires_payment_method",
    "requires_capture",
    "requires_confirmation",
    "requires_action",
    "processing",
)
# What a browser sees of an intent (documented).
SEEN: Final = frozenset(
    {
        "amount",
        "amount_details",
        "automatic_payment_methods",
        "canceled_at",
        "cancellation_reason",
        "capture_method",
        "client_secret",
        "confirmation_method",
        "created",
        "currency",
        "description",
        "id",
        "last_payment_error",
        "livemode",
        "next_action",
        "object",
        "payment_method",
        "payment_method_configuration_details",
        "payment_method_types",
        "processing",
        "receipt_email",
        "setup_future_usage",
        "shipping",
        "source",
        "status",
    }
)
_ALWAYS_EDITABLE: Final = ("description", "metadata", "receipt_email", "shipping", "transfer_group")
_OPEN_EDITABLE: Final = (
    "amount",
    "application_fee_amount",
    "capture_method",
    "currency",
    "customer",
    "payment_method_types",
    "setup_future_usage",
    "statement_descriptor",
    "statement_descriptor_suffix",
)
# How the money is split can be changed until it is taken (documented).
_UNTIL_CAPTURE: Final = ("application_fee_amount", "transfer_data")
# What is on an intent that has no payment method (any more).
NO_METHOD: Final[Doc] = {"payment_method": None, "source": None}
_TAKEN_AS_SENT: Final = (
    "amount",
    "application_fee_amount",
    "confirmation_method",
    "currency",
    "customer",
    "description",
    "on_behalf_of",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
)

PAYMENT_INTENTS: Final = Resource(
    "payment_intent",
    prefix="pi",
    kind="payment_intent",
    param="intent",
    filters=("customer",),
    lifecycle=Lifecycle(
        start="requires_payment_method",
        steps={
            (now, then): f"payment_intent.{event}"
            for then, event, sources in (
                ("succeeded", "succeeded", (*CONFIRMABLE, "processing", "requires_capture")),
                ("requires_capture", "amount_capturable_updated", (*CONFIRMABLE, "processing")),
                ("requires_action", "requires_action", CONFIRMABLE),
                ("processing", "processing", CONFIRMABLE),
                ("requires_payment_method", "payment_failed", (*CONFIRMABLE, "processing")),
                ("canceled", "canceled", CANCELABLE),
            )
            for now in sources
        },
    ),
)


@PAYMENT_INTENTS.on("POST /v1/payment_intents/{intent}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    intent = tx.get(PAYMENT_INTENTS, id_)
    held = intent["status"] == "requires_capture"
    if intent["status"] not in OPEN:
        for name in (*_OPEN_EDITABLE, "payment_method", "transfer_data"):
            if held and name in _UNTIL_CAPTURE:
                continue
            if name in params and params[name] != intent.get(name):
                raise refusals.cannot_update(intent, name, OPEN)
    if "transfer_data" in params:
        whole = merged(intent["transfer_data"], params["transfer_data"], {})
        if whole and not whole.get("destination"):
            raise parameter_missing("transfer_data[destination]")
        params = {**params, "transfer_data": whole}
    check(tx, {**intent, **params})
    edit(intent, params, (*_ALWAYS_EDITABLE, *_OPEN_EDITABLE, "transfer_data"))
    if not intent["payment_method_types"]:  # taken back: the Dashboard chooses again (assumed)
        _set_types(tx, intent, {})
    limits.check_methods(tx, intent)
    set_method(tx, intent, params)
    intent["payment_method_options"] = method_options(intent, params)
    if held:
        _split_charge(tx, intent)
    return tx.save(PAYMENT_INTENTS, intent)


def _split_charge(tx: Tx, intent: Doc) -> None:
    """The charge that waits to be captured is split as its intent says now."""
    charge = tx.get(CHARGES, intent["latest_charge"])
    charge["application_fee_amount"] = intent["application_fee_amount"]
    if charge["transfer_data"] and intent["transfer_data"]:
        charge["transfer_data"]["amount"] = intent["transfer_data"].get("amount")
    tx.save(CHARGES, charge)


@PAYMENT_INTENTS.on("GET /v1/payment_intents/{intent}", publishable=True)
def retrieve(tx: Tx, params: Params, id_: str) -> Doc | bytes:
    return read(tx, PAYMENT_INTENTS, id_, params, SEEN)


lists(PAYMENT_INTENTS, "GET /v1/payment_intents")
searches(PAYMENT_INTENTS, "GET /v1/payment_intents/search")


# -- making one -----------------------------------------------------------------------------------


def check(tx: Tx, params: Params) -> None:
    """Refuse what no intent can be; the parameters of a new one, or one as it is to be."""
    limits.check_amount(tx, params["amount"], params["currency"])
    limits.check_split(tx, params)
    limits.check_texts(params)
    if params.get("customer"):
        tx.get(CUSTOMERS, params["customer"], param="customer")


def new_intent(tx: Tx, params: Params) -> Doc:
    """An intent as it is made of checked parameters, not yet saved."""
    id_ = tx.first_id("pi")
    intent = tx.new(PAYMENT_INTENTS, id_)
    sent = {name: value for name, value in params.items() if value is not None}
    edit(intent, sent, _TAKEN_AS_SENT)
    intent["transfer_data"] = params.get("transfer_data")
    intent |= {
        "application": tx.setup.application if not tx.is_platform else None,
        "capture_method": params.get("capture_method") or "automatic_async",
        "client_secret": f"{id_}_secret_{tx.secret(f'{id_}/secret', 25)}",
        "metadata": merged_metadata(None, params.get("metadata") or {}),
    }
    _set_types(tx, intent, params)
    set_method(tx, intent, params)
    intent["payment_method_options"] = method_options(intent, params)
    return intent


def _set_types(tx: Tx, intent: Doc, params: Params) -> None:
    """Which methods may pay: those named, or the ones that the Dashboard would choose."""
    named = method_types.named(tx, params)
    if named:
        intent["payment_method_types"] = named
        return
    offered = automatic_methods.offered(
        intent["currency"],
        manual=intent["capture_method"] == "manual",
        redirects=method_types.configured(tx, intent, params),
        reuse=intent["setup_future_usage"] is not None,
    )
    chooses = intent["payment_method_configuration_details"]
    intent["payment_method_types"] = method_types.left(tx, chooses, offered)


def set_method(tx: Tx, intent: Doc, params: Params) -> None:
    """A payment method set, replaced or taken away moves an open intent between its first
    states.

    A card or source that is named as `source` is both `source` and `payment_method` (assumed).
    """
    source = None
    if params.get("payment_method_data"):
        method = payment_methods.from_data(tx, params["payment_method_data"], "payment_method_data")
    elif params.get("payment_method"):
        method = payment_methods.use(tx, params["payment_method"])
    elif "payment_method" in params:
        intent |= NO_METHOD | {"status": "requires_payment_method", "next_action": None}
        return
    elif params.get("source"):
        source = _source(tx, intent, params["source"])
        method = payment_methods.use(tx, source, param="source")
    else:
        return
    payment_methods.check_usable(tx, method, intent["customer"])
    _check_type(intent, method)
    intent |= {
        "payment_method": method["id"],
        "source": source,
        "status": "requires_confirmation",
        "next_action": None,
        "last_payment_error": None,
    }


def _source(tx: Tx, intent: Doc, name: str) -> str:
    """The id of what a token made, or of one of the customer's sources."""
    if intent["customer"] is None or is_token(name):
        return str(sources.of_parameter(tx, name)["id"])
    return str(sources.of_customer(tx, tx.get(CUSTOMERS, intent["customer"]), name)["id"])


def usual_source(tx: Tx, customer: str | None) -> Params:
    """What pays when an intent is confirmed as it is made and names nothing: the customer's default
    source, if there is one (documented), as the parameter that would have named it.
    """
    if customer is None:
        return {}
    source = tx.get(CUSTOMERS, customer)["default_source"]
    return {"source": source} if source else {}


def _check_type(intent: Doc, method: Doc) -> None:
    types = intent["payment_method_types"]
    if method["type"] not in types and intent["automatic_payment_methods"] is None:
        raise refusals.method_type_not_allowed(method["type"], types)


def method_options(intent: Doc, params: Params) -> Doc:
    """payment_method_options: each type's defaults under what was sent for it."""
    found: Doc = _usual_options(tuple(intent["payment_method_types"]))()
    sent: dict[str, Any] = params.get("payment_method_options") or {}
    for type_, old in intent["payment_method_options"].items():
        if type_ in found and old:
            found[type_] = old
    for type_, options in sent.items():
        if type_ in found:
            facts = nested(PAYMENT_INTENTS.name, "payment_method_options", type_)
            found[type_] = merged(found[type_], options or {}, facts)
    mandate = (found.get("card") or {}).get("mandate_options")
    if mandate:
        found["card"]["mandate_options"] = mandates.card_options(mandate)
    return found


@cache
def _usual_options(types: tuple[str, ...]) -> Callable[[], Doc]:
    """What makes the options of these types when nothing was sent for them."""
    names = {type_: f"payment_intent.payment_method_options.{type_}" for type_ in sorted(types)}
    return maker({t: blank(n) if is_known(n) else {} for t, n in names.items()})


PAYMENT_INTENTS.includes["charges"] = lambda tx, intent: envelope(
    tx, CHARGES, f"/v1/charges?payment_intent={intent['id']}", payment_intent=intent["id"]
)
