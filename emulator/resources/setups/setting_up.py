"""How a setup intent moves: created, confirmed, authenticated, verified, canceled."""

from __future__ import annotations

from functools import partial
from typing import Final

from emulator.kernel.errors import Refusal
from emulator.kernel.errors import cards as card_refusals
from emulator.kernel.errors import setups as refusals
from emulator.kit import Doc, Params, Tx
from emulator.kit.access import check_client_secret, seen
from emulator.resources.payment_methods import confirmation_tokens, mandates, payment_methods
from emulator.resources.payment_methods.payment_methods import PAYMENT_METHODS
from emulator.resources.payments import microdeposits, next_actions, three_d_secure
from emulator.resources.setups import setup_attempts
from emulator.resources.setups.setup_intents import (
    OPEN,
    SEEN,
    SETUP_INTENTS,
    method_options,
    new_intent,
    set_method,
)
from emulator.rules import cards, methods

_WITH_CONFIRM: Final = ("mandate_data", "return_url", "single_use")


@SETUP_INTENTS.on("POST /v1/setup_intents")
def create(tx: Tx, params: Params) -> Doc:
    confirming = params.get("confirm")
    if not confirming:
        for name in _WITH_CONFIRM:
            if params.get(name):
                raise refusals.only_with_confirm(name)
    params = confirmation_tokens.spent(tx, params)
    intent = tx.save(SETUP_INTENTS, new_intent(tx, params), event="setup_intent.created")
    return attempt(tx, intent, params) if confirming else intent


@SETUP_INTENTS.on("POST /v1/setup_intents/{intent}/confirm", publishable=True)
def confirm(tx: Tx, params: Params, id_: str) -> Doc:
    intent = tx.get(SETUP_INTENTS, id_)
    check_client_secret(tx, intent, params)
    if intent["status"] not in OPEN:
        raise refusals.cannot_confirm(intent)
    params = confirmation_tokens.spent(tx, params)
    set_method(tx, intent, params)
    intent["payment_method_options"] = method_options(intent, params)
    return seen(tx, attempt(tx, intent, params), SEEN)


@SETUP_INTENTS.on("POST /v1/setup_intents/{intent}/cancel")
def cancel(tx: Tx, params: Params, id_: str) -> Doc:
    intent = tx.get(SETUP_INTENTS, id_)
    if intent["status"] not in OPEN:
        raise refusals.cannot_cancel(intent)
    if intent["status"] == "requires_action":
        setup_attempts.end(tx, intent["latest_attempt"], "abandoned")
    intent |= {"cancellation_reason": params.get("cancellation_reason"), "next_action": None}
    return tx.step(SETUP_INTENTS, intent, "canceled")


@SETUP_INTENTS.on("POST /v1/setup_intents/{intent}/verify_microdeposits", publishable=True)
def verify_microdeposits(tx: Tx, params: Params, id_: str) -> Doc:
    intent = tx.get(SETUP_INTENTS, id_)
    check_client_secret(tx, intent, params)
    if not microdeposits.awaited(intent):
        raise refusals.no_microdeposits_awaited(intent)
    method = payment_methods.use(tx, intent["payment_method"])
    final = microdeposits.prove(tx, method, params)
    if final is not None:
        return _fail(tx, intent, method, final)
    told = payment_methods.notes_of(tx, method)
    return _succeed(tx, intent, method, told.get("mandate_data"), None)


@SETUP_INTENTS.job
def give_up_deposits(tx: Tx, intent: Doc, of: str, code: str) -> None:
    """The deposits did not arrive, or nobody verified them in time."""
    refusal = microdeposits.given_up(intent, of, code)
    if refusal is not None:
        _back_to_start(tx, intent, payment_methods.use(tx, intent["payment_method"]), refusal)


def authenticate(tx: Tx, intent: Doc, outcome: str) -> Doc:
    """The customer came back from the challenge or the redirect: `succeeded` or `failed`."""
    assert intent["status"] == "requires_action", intent["status"]
    method = payment_methods.use(tx, intent["payment_method"])
    passed = outcome == "succeeded"
    setup_attempts.authenticated(tx, intent["latest_attempt"], passed=passed)
    if passed:
        card = payment_methods.card_of(tx, method)
        no = cards.after_challenge(card) if card else None
        if no is None:
            return _succeed(tx, intent, method, None, None)
        refusal = cards.refusal(no)
    else:
        refusal = card_refusals.setup_intent_authentication_failure()
    return _back_to_start(tx, intent, method, refusal)


# -- one attempt ----------------------------------------------------------------------------------


def attempt(tx: Tx, intent: Doc, params: Params) -> Doc:
    """Confirm: ask the customer, then the issuer, and keep the payment method for later."""
    if intent["payment_method"] is None:
        raise refusals.confirm_without_method(intent)
    method = payment_methods.use(tx, intent["payment_method"])
    type_, mandate_data = method["type"], params.get("mandate_data")
    if type_ in mandates.NEEDED and not mandate_data and not tx.caller.publishable:
        raise refusals.mandate_data_required(type_)
    if methods.redirects(type_) and not params.get("return_url"):
        raise refusals.return_url_required()
    demand = _demand(tx, intent, method)
    card = payment_methods.card_of(tx, method)
    if demand == "refuse":
        return _unasked(tx, intent, method, cards.decline("authentication_required"))
    no = None if card is None else cards.unauthenticated(card, demand)
    if no is not None:
        return _unasked(tx, intent, method, no)
    if demand == "challenge":
        return _pose(tx, intent, method, three_d_secure.next_action(tx, intent, params))
    action = next_actions.of(tx, intent, method, params)
    if action is not None:
        notes = payment_methods.notes_of(tx, method)
        tx.hide(method["id"], notes | {"mandate_data": mandate_data})
        if microdeposits.awaited({"next_action": action}):
            next_actions.foresee_deposits(tx, SETUP_INTENTS, intent, method)
        return _pose(tx, intent, method, action)
    return ask(tx, intent, method, params)


def _demand(tx: Tx, intent: Doc, method: Doc) -> str:
    """What stands before setting up, as `cards.demand` says it."""
    card = payment_methods.card_of(tx, method)
    if card is None:
        return "none"
    options = intent["payment_method_options"].get("card") or {}
    usual = cards.demand(card, off_session=False, mandate=bool(options.get("mandate_options")))
    wanted = options.get("request_three_d_secure") in {"any", "challenge"}
    decided = usual != "none"
    if wanted and card.authentication != "never":
        usual = "challenge"
    about = partial(_about, intent, method, card)
    return tx.ask("card.authenticate", usual, about, magic=decided)


def _about(intent: Doc, method: Doc, card: cards.Card) -> Doc:
    return {
        "brand": card.brand,
        "customer": intent["customer"],
        "last4": card.last4,
        "payment_method": method["id"],
        "setup_intent": intent["id"],
    }


def _unasked(tx: Tx, intent: Doc, method: Doc, no: cards.Decline) -> Doc:
    """The issuer wants to see the customer, who is not there or cannot be asked."""
    intent["latest_attempt"] = setup_attempts.begin(tx, intent, method, "succeeded")["id"]
    return _fail(tx, intent, method, cards.refusal(no))


def _pose(tx: Tx, intent: Doc, method: Doc, action: Doc) -> Doc:
    """The customer has something to do first."""
    tried = setup_attempts.begin(tx, intent, method, "requires_action")
    intent |= {"latest_attempt": tried["id"], "next_action": action}
    if intent["status"] == "requires_action":
        return tx.save(SETUP_INTENTS, intent)
    return tx.step(SETUP_INTENTS, intent, "requires_action")


def ask(tx: Tx, intent: Doc, method: Doc, params: Params) -> Doc:
    """Ask the issuer: a yes keeps the payment method, a no is told and leaves its traces."""
    tried = setup_attempts.begin(tx, intent, method, "succeeded")
    intent["latest_attempt"] = tried["id"]
    try:
        method = payment_methods.verify(tx, method, intent["customer"])
    except Refusal as refusal:
        return _fail(tx, intent, method, _plain(refusal))
    return _succeed(tx, intent, method, params.get("mandate_data"), params.get("single_use"))


def _plain(refusal: Refusal) -> Refusal:
    """A decline while setting up has no empty param, unlike one while attaching."""
    refusal.param = refusal.param or None
    return refusal


def _succeed(
    tx: Tx, intent: Doc, method: Doc, mandate_data: Doc | None, single_use: Doc | None
) -> Doc:
    setup_attempts.end(tx, intent["latest_attempt"], "succeeded")
    method = payment_methods.with_checks(tx, method)
    if intent["usage"] == "off_session":
        payment_methods.set_up(tx, method)
    tried = {"setup_attempt": intent["latest_attempt"]}
    debit = payment_methods.generate_debit(tx, method, intent["customer"], **tried)
    if debit is not None:
        made = mandates.make(tx, debit, mandate_data)
        setup_attempts.generated(tx, intent["latest_attempt"], debit, made["id"])
    once = methods.pays_once(method["type"])
    if (
        intent["customer"]
        and not method["customer"]
        and method["id"].startswith("pm_")
        and not once
    ):
        method = payment_methods.attach(tx, method, intent["customer"])
    if method["type"] in mandates.NEEDED:
        made = mandates.make(tx, method, mandate_data, single_use)
        intent["single_use_mandate" if single_use else "mandate"] = made["id"]
    elif method["type"] == "card":
        options = intent["payment_method_options"].get("card") or {}
        leave = mandates.for_card(tx, method, options, mandate_data)
        intent["mandate"] = intent["mandate"] if leave is None else leave["id"]
    intent |= {"next_action": None, "last_setup_error": None}
    return tx.step(SETUP_INTENTS, intent, "succeeded")


def _fail(tx: Tx, intent: Doc, method: Doc, refusal: Refusal) -> Doc:
    """The attempt failed: the intent wants another payment method, and the caller hears why."""
    intent = _back_to_start(tx, intent, method, refusal)
    refusal.keep = True
    refusal.extra["setup_intent"] = seen(tx, intent, SEEN)
    raise refusal


def _back_to_start(tx: Tx, intent: Doc, method: Doc, refusal: Refusal) -> Doc:
    refusal.extra["payment_method"] = tx.find(PAYMENT_METHODS, method["id"]) or method
    error = refusal.body()
    setup_attempts.end(tx, intent["latest_attempt"], "failed", error)
    intent |= {"last_setup_error": error, "next_action": None, "payment_method": None}
    return tx.step(SETUP_INTENTS, intent, "requires_payment_method")
