"""What the person before a simulated reader does: holds a card to it, types, or walks away.

These are Stripe's own test helpers. Cards are its test cards: how one answers online it answers
here, but for 3-D Secure, which a chip does not need.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from emulator.kernel.errors import Refusal
from emulator.kernel.errors import terminal as refusals
from emulator.kit import Doc, Params, Tx
from emulator.resources.payment_methods import presented
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS
from emulator.resources.refunds import refunds
from emulator.resources.setups import setting_up, setup_attempts
from emulator.resources.setups.setup_intents import SETUP_INTENTS
from emulator.resources.terminal import acting
from emulator.resources.terminal.readers import READERS
from emulator.rules import amounts
from emulator.rules.methods import IN_PERSON

# What is typed where somebody types (assumed).
_TYPED: Final = {
    "email": "jane.doe@example.com",
    "numeric": "1234567890",
    "phone": "+15551234567",
    "text": "Jane Doe",
}


@READERS.on("POST /v1/test_helpers/terminal/readers/{reader}/present_payment_method")
def present_payment_method(tx: Tx, params: Params, id_: str) -> Doc:
    reader = tx.get(READERS, id_)
    deed = _DEEDS.get(_doing(reader))
    if deed is None:
        raise refusals.no_card_awaited()
    kind = params.get("type") or _usual(tx, reader, params)
    number = (params.get(kind) or {}).get("number")
    kind = "card_present" if kind == "card" else kind
    return deed(tx, reader, presented.present(tx, kind, number), params)


@READERS.on("POST /v1/test_helpers/terminal/readers/{reader}/succeed_input_collection")
def succeed_input_collection(tx: Tx, params: Params, id_: str) -> Doc:
    reader = tx.get(READERS, id_)
    if _doing(reader) != "collect_inputs":
        raise refusals.no_inputs_awaited()
    skips = params.get("skip_non_required_inputs") == "all"
    inputs = reader["action"]["collect_inputs"]["inputs"]
    return acting.succeed(tx, reader, inputs=[_filled(each, skips=skips) for each in inputs])


@READERS.on("POST /v1/test_helpers/terminal/readers/{reader}/timeout_input_collection")
def timeout_input_collection(tx: Tx, _params: Params, id_: str) -> Doc:
    reader = tx.get(READERS, id_)
    if _doing(reader) != "collect_inputs":
        raise refusals.no_inputs_awaited()
    timeout = refusals.reader_timeout()
    return acting.fail(tx, reader, timeout.code, timeout.message)


# -- with a card ----------------------------------------------------------------------------------


def _pay(tx: Tx, reader: Doc, method: Doc, params: Params) -> Doc:
    return acting.pay(tx, reader, _tipped(tx, reader, params), method)


def _collect(tx: Tx, reader: Doc, method: Doc, params: Params) -> Doc:
    """The card is kept for when the payment intent is confirmed."""
    intent = _tipped(tx, reader, params)
    tx.save(PAYMENT_INTENTS, intent)
    tx.hide(reader["id"], tx.hidden(reader["id"]) | {intent["id"]: method["id"]})
    return acting.succeed(tx, reader, payment_method=method)


def _set_up(tx: Tx, reader: Doc, method: Doc, _params: Params) -> Doc:
    """A card to be charged later comes of the one that was held to the reader."""
    id_ = reader["action"]["process_setup_intent"]["setup_intent"]
    intent = tx.get(SETUP_INTENTS, id_) | {"payment_method": method["id"]}
    try:
        intent = setting_up.ask(tx, intent, method, {})
    except Refusal as refusal:
        return acting.fail(tx, reader, refusal.code, refusal.message)
    attempt = intent["latest_attempt"]
    card = presented.generate_card(tx, method, intent["customer"], setup_attempt=attempt)
    setup_attempts.generated_card(tx, attempt, card["id"])
    return acting.succeed(tx, reader, generated_card=card["id"])


def _give_back(tx: Tx, reader: Doc, _method: Doc, _params: Params) -> Doc:
    asked = reader["action"]["refund_payment"]
    sent = {name: asked[name] for name in asked if name != "refund_payment_config"}
    try:
        made = refunds.create(tx, sent)
    except Refusal as refusal:
        return acting.fail(tx, reader, refusal.code, refusal.message)
    return acting.succeed(tx, reader, refund=made["id"])


_DEEDS: Final[dict[str | None, Callable[[Tx, Doc, Doc, Params], Doc]]] = {
    "collect_payment_method": _collect,
    "process_payment_intent": _pay,
    "process_setup_intent": _set_up,
    "refund_payment": _give_back,
}


# -- inside ---------------------------------------------------------------------------------------


def _doing(reader: Doc) -> str | None:
    """The type of the action that is in progress."""
    action = reader["action"]
    return action["type"] if action and action["status"] == "in_progress" else None


def _usual(tx: Tx, reader: Doc, params: Params) -> str:
    """What is held to the reader where only a number says so, or nothing does."""
    for kind in (*IN_PERSON, "card"):
        if params.get(kind):
            return kind
    asked = reader["action"][reader["action"]["type"]].get("payment_intent")
    intent = tx.find(PAYMENT_INTENTS, asked) if asked else None
    types = intent["payment_method_types"] if intent else []
    return "interac_present" if "card_present" not in types and types else "card_present"


def _tipped(tx: Tx, reader: Doc, params: Params) -> Doc:
    """The payment intent of the action, with what the customer adds (documented)."""
    action = reader["action"]
    intent = tx.get(PAYMENT_INTENTS, action[action["type"]]["payment_intent"])
    tip = params.get("amount_tip")
    if tip:
        intent["amount"] += tip
        amounts.check_charge(intent["amount"], intent["currency"])
        intent["amount_details"] = {**(intent.get("amount_details") or {}), "tip": {"amount": tip}}
    return intent


def _filled(asked: Doc, *, skips: bool) -> Doc:
    """One input as somebody leaves it."""
    kind = asked["type"]
    if skips and not asked["required"]:
        return asked | {"skipped": True}
    filled: dict[str, Any] = asked | {"skipped": False}
    if kind == "selection":
        choice = asked["selection"]["choices"][0]
        filled["selection"] = asked["selection"] | {"id": choice["id"], "text": choice["text"]}
    elif kind in _TYPED:
        filled[kind] = {"value": _TYPED[kind]}
    else:
        filled[kind] = {"value": None}
    return dict(sorted(filled.items()))
