"""What readers are told to do: take a payment, keep a card, give money back, ask, show a cart.

An action is `in_progress` until the person before the reader has done their part (`presenting`), or
it is canceled; then it has succeeded or failed, and stays to be seen.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

from emulator.kernel.errors import Refusal
from emulator.kernel.errors import terminal as refusals
from emulator.kit import Doc, Params, Tx
from emulator.kit.editing import merged, nested
from emulator.resources.charges.charges import CHARGES
from emulator.resources.payment_methods import payment_methods, presented
from emulator.resources.payments import confirming, limits
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS
from emulator.resources.refunds import refunds
from emulator.resources.setups.setup_intents import SETUP_INTENTS
from emulator.resources.terminal.readers import READERS
from emulator.rules.methods import IN_PERSON

_PAYABLE: Final = ("requires_payment_method", "requires_confirmation", "requires_action")
# How long a simulated reader takes for what nobody has to help it with (assumed).
_SECONDS: Final = 1


@READERS.on("POST /v1/terminal/readers/{reader}/process_payment_intent")
def process_payment_intent(tx: Tx, params: Params, id_: str) -> Doc:
    payable(tx, params["payment_intent"])
    return _begin(tx, id_, "process_payment_intent", params)


@READERS.on("POST /v1/terminal/readers/{reader}/collect_payment_method")
def collect_payment_method(tx: Tx, params: Params, id_: str) -> Doc:
    payable(tx, params["payment_intent"])
    return _begin(tx, id_, "collect_payment_method", params)


@READERS.on("POST /v1/terminal/readers/{reader}/confirm_payment_intent")
def confirm_payment_intent(tx: Tx, params: Params, id_: str) -> Doc:
    """Charge the card that was collected for the payment intent."""
    intent = payable(tx, params["payment_intent"])
    if tx.hidden(id_).get(intent["id"]) is None:
        raise refusals.nothing_collected(intent["id"])
    reader = _begin(tx, id_, "confirm_payment_intent", params)
    tx.later(tx.now + _SECONDS, READERS, "confirm", id_)
    return reader


@READERS.on("POST /v1/terminal/readers/{reader}/process_setup_intent")
def process_setup_intent(tx: Tx, params: Params, id_: str) -> Doc:
    intent = tx.get(SETUP_INTENTS, params["setup_intent"], "setup_intent")
    _check_in_person(intent, "SetupIntent")
    return _begin(tx, id_, "process_setup_intent", params)


@READERS.on("POST /v1/terminal/readers/{reader}/refund_payment")
def refund_payment(tx: Tx, params: Params, id_: str) -> Doc:
    refunds.target(tx, params)
    return _begin(tx, id_, "refund_payment", params)


@READERS.on("POST /v1/terminal/readers/{reader}/collect_inputs")
def collect_inputs(tx: Tx, params: Params, id_: str) -> Doc:
    return _begin(tx, id_, "collect_inputs", params)


@READERS.on("POST /v1/terminal/readers/{reader}/set_reader_display")
def set_reader_display(tx: Tx, params: Params, id_: str) -> Doc:
    """Show a cart; a simulated reader does so by itself."""
    reader = _begin(tx, id_, "set_reader_display", params)
    tx.later(tx.now + _SECONDS, READERS, "show", id_)
    return reader


@READERS.on("POST /v1/terminal/readers/{reader}/cancel_action")
def cancel_action(tx: Tx, _params: Params, id_: str) -> Doc:
    reader = tx.get(READERS, id_)
    if (reader["action"] or {}).get("type") == "confirm_payment_intent" and is_busy(reader):
        raise refusals.reader_busy()
    reader["action"] = None
    return tx.save(READERS, reader)


# -- what it comes to -----------------------------------------------------------------------------


def succeed(tx: Tx, reader: Doc, **told: Any) -> Doc:
    """The action is done; `told` is what it shows besides."""
    action = reader["action"]
    action["status"] = "succeeded"
    action[action["type"]] |= told
    return tx.save(READERS, reader, event="terminal.reader.action_succeeded")


def fail(tx: Tx, reader: Doc, code: str | None, message: str) -> Doc:
    reader["action"] |= {"failure_code": code, "failure_message": message, "status": "failed"}
    return tx.save(READERS, reader, event="terminal.reader.action_failed")


def pay(tx: Tx, reader: Doc, intent: Doc, method: Doc) -> Doc:
    """Charge a card for a payment intent, and say on the reader what came of it."""
    intent["payment_method"] = method["id"]
    try:
        confirming.charge(tx, intent, method, confirming.Attempt())
    except Refusal as refusal:
        return fail(tx, reader, refusal.code, refusal.message)
    if intent["setup_future_usage"]:
        _keep_card(tx, intent, method)
    return succeed(tx, reader)


def _keep_card(tx: Tx, intent: Doc, method: Doc) -> None:
    """The card that later payments are made with, as the charge shows it."""
    charge = tx.get(CHARGES, intent["latest_charge"])
    shown = charge["payment_method_details"]
    made_from = {"charge": charge["id"], "payment_method_details": deepcopy(shown)}
    card = presented.generate_card(tx, method, intent["customer"], **made_from)
    shown[method["type"]]["generated_card"] = card["id"]
    tx.save(CHARGES, charge)


@READERS.job
def show(tx: Tx, reader: Doc) -> None:
    """The cart is on the display."""
    if _does(reader, "set_reader_display"):
        succeed(tx, reader)


@READERS.job
def confirm(tx: Tx, reader: Doc) -> None:
    """The card that was collected is charged."""
    if not _does(reader, "confirm_payment_intent"):
        return
    intent = tx.get(PAYMENT_INTENTS, reader["action"]["confirm_payment_intent"]["payment_intent"])
    notes = tx.hidden(reader["id"])
    method = payment_methods.use(tx, notes.pop(intent["id"]))
    tx.hide(reader["id"], notes)
    if intent["status"] not in _PAYABLE:
        refusal = refusals.intent_state("PaymentIntent", intent["status"], _PAYABLE)
        fail(tx, reader, refusal.code, refusal.message)
        return
    pay(tx, reader, intent, method)


def is_busy(reader: Doc) -> bool:
    """Whether it does something that it has not finished; a cart may be replaced at any time."""
    action = reader["action"]
    return bool(action) and action["status"] == "in_progress" and not _shows(action)


# -- inside ---------------------------------------------------------------------------------------


def payable(tx: Tx, id_: str) -> Doc:
    """A payment intent that a reader can take the money for; refused when it is none."""
    intent = tx.get(PAYMENT_INTENTS, id_, "payment_intent")
    _check_in_person(intent, "PaymentIntent")
    limits.check_may_charge(tx, intent["on_behalf_of"], "card")
    return intent


def _check_in_person(intent: Doc, kind: str) -> None:
    if not {*IN_PERSON} & {*intent["payment_method_types"]}:
        raise refusals.not_in_person(kind, IN_PERSON)
    if intent["status"] not in _PAYABLE:
        raise refusals.intent_state(kind, intent["status"], _PAYABLE)


def _begin(tx: Tx, id_: str, type_: str, params: Params) -> Doc:
    reader = tx.get(READERS, id_)
    if is_busy(reader):
        raise refusals.reader_busy()
    facts = nested(READERS.name, "action", type_)
    known = {name: value for name, value in params.items() if name in facts["fields"]}
    reader["action"] = {
        "api_error": None,
        "failure_code": None,
        "failure_message": None,
        "status": "in_progress",
        "type": type_,
        type_: merged(None, _only(known, facts["fields"]), facts),
    }
    return tx.save(READERS, reader)


def _only(sent: Params, fields: Doc) -> Params:
    """What the action shows of what was sent."""
    return {
        name: _only(value, fields[name]["fields"]) if "fields" in fields[name] else value
        for name, value in sent.items()
        if name in fields and value is not None
    }


def _does(reader: Doc, type_: str) -> bool:
    action = reader.get("action") or {}
    return action.get("type") == type_ and action["status"] == "in_progress"


def _shows(action: Doc) -> bool:
    return bool(action["type"] == "set_reader_display")
