"""How a payment intent moves: created, confirmed, approved, canceled; `capturing.py` does the rest.

An attempt that the issuer refuses is an answer and leaves its traces: the failed charge, and the
intent back in requires_payment_method with the error it met.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from emulator.kernel.errors import Refusal
from emulator.kernel.errors import payments as refusals
from emulator.kernel.errors.params import parameter_unknown
from emulator.kit import Doc, Params, Tx
from emulator.kit.access import check_client_secret, seen
from emulator.kit.editing import edit
from emulator.resources.charges.charges import CHARGES
from emulator.resources.customers import cash
from emulator.resources.payment_methods import (
    confirmation_tokens,
    mandates,
    payment_methods,
    sources,
)
from emulator.resources.payments import (
    authorising,
    limits,
    next_actions,
    notifying,
    releasing,
    three_d_secure,
)
from emulator.resources.payments.payment_intents import (
    CANCELABLE,
    CONFIRMABLE,
    NO_METHOD,
    PAYMENT_INTENTS,
    SEEN,
    check,
    method_options,
    new_intent,
    set_method,
    usual_source,
)
from emulator.rules import cards, methods

_WITH_CONFIRM: Final = ("error_on_requires_action", "mandate", "mandate_data", "off_session")
_CARRIED: Final = (
    "description",
    "metadata",
    "receipt_email",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
)


@PAYMENT_INTENTS.on("POST /v1/payment_intents")
def create_as_asked(tx: Tx, params: Params) -> Doc:
    """What a client asks for names no methods that the merchant may not take."""
    if params.get("payment_method_types"):
        limits.check_capabilities(tx, params)
    return create(tx, params)


def create(tx: Tx, params: Params) -> Doc:
    """A payment intent, confirmed at once when `params` say so."""
    check(tx, params)
    if not params.get("confirm"):
        for name in _WITH_CONFIRM:
            if params.get(name):
                raise refusals.confirm_parameter(name)
    params = confirmation_tokens.spent(tx, params)
    intent = new_intent(tx, params)
    limits.check_methods(tx, intent)
    if params.get("confirm") and not intent["payment_method"]:
        set_method(tx, intent, usual_source(tx, intent["customer"]))
    tx.save(PAYMENT_INTENTS, intent, event="payment_intent.created")
    return attempt(tx, intent, params) if params.get("confirm") else intent


@PAYMENT_INTENTS.on("POST /v1/payment_intents/{intent}/confirm", publishable=True)
def confirm(tx: Tx, params: Params, id_: str) -> Doc:
    intent = tx.get(PAYMENT_INTENTS, id_)
    check_client_secret(tx, intent, params)
    if intent["status"] not in CONFIRMABLE:
        raise refusals.cannot_confirm(intent, CONFIRMABLE)
    params = confirmation_tokens.spent(tx, params)
    if params.get("amount_to_confirm"):
        _confirm_other_amount(tx, intent, params["amount_to_confirm"])
    edit(intent, params, ("capture_method", "receipt_email", "setup_future_usage", "shipping"))
    set_method(tx, intent, params)
    intent["payment_method_options"] = method_options(intent, params)
    return seen(tx, attempt(tx, intent, params), SEEN)


def _confirm_other_amount(tx: Tx, intent: Doc, amount: int) -> None:
    """Confirm more or less than was intended, as for a surcharge; the intent says so afterwards
    (assumed). For secret keys alone (documented).
    """
    if tx.caller.publishable:
        raise parameter_unknown(["amount_to_confirm"])
    intent["amount"] = amount
    check(tx, intent)


@PAYMENT_INTENTS.on("POST /v1/payment_intents/{intent}/cancel")
def cancel(tx: Tx, params: Params, id_: str) -> Doc:
    intent = tx.get(PAYMENT_INTENTS, id_)
    if not PAYMENT_INTENTS.allows(intent, "canceled"):
        raise refusals.cannot_cancel(intent, CANCELABLE)
    if intent["processing"]:  # documented: nobody stops what the holder has heard of
        raise refusals.cannot_cancel(intent, CANCELABLE[:-1])
    if intent["status"] == "requires_capture":
        releasing.release(tx, tx.get(CHARGES, intent["latest_charge"]), "charge.refunded")
    if intent["status"] == "processing":
        releasing.stop(tx, tx.get(CHARGES, intent["latest_charge"]))
    cash.give_back(tx, intent)
    return releasing.close(tx, intent, params.get("cancellation_reason"))


# -- one attempt ----------------------------------------------------------------------------------


@dataclass(slots=True)
class Attempt:
    """How one attempt is made.

    off_session: nobody is there. mandate: what the debit relies on. challenged: whether the
    customer passed a challenge for it. demand: what stood before the charge (see `cards.demand`).
    """

    off_session: bool = False
    mandate: str | None = None
    challenged: bool = False
    demand: str = "none"


def attempt(tx: Tx, intent: Doc, params: Params, *, ask_customer: bool = False) -> Doc:
    """Confirm: find out what stands before the charge, and charge when nothing does.

    ask_customer: whether one who is not there is asked to come and authenticate, instead of the
    payment being declined for it; so invoices are paid.
    """
    if intent["payment_method"] is None:
        raise refusals.confirm_without_method(intent)
    _check_way_back(intent, params)
    method = payment_methods.use(tx, intent["payment_method"])
    limits.check_may_charge(tx, intent["on_behalf_of"], method["type"])
    mandate = mandates.named(tx, params.get("mandate"))
    attempted = Attempt(off_session=bool(params.get("off_session")), mandate=mandate)
    if method["type"] != "card":
        return _attempt_other(tx, intent, method, attempted, params)
    return _attempt_card(tx, intent, method, attempted, params, ask_customer=ask_customer)


def _attempt_card(
    tx: Tx, intent: Doc, method: Doc, attempted: Attempt, params: Params, *, ask_customer: bool
) -> Doc:
    """A card: its issuer may refuse to look at it, or want to see the customer first."""
    card = payment_methods.card_of(tx, method)
    demand = _demand(tx, intent, card, method, off_session=attempted.off_session)
    if demand == "refuse" and ask_customer:
        demand = "challenge"
    if card is not None:
        unseen = cards.unauthenticated(card, demand)
        if unseen is not None:
            return _declined_unseen(tx, intent, method, unseen)
        no = cards.answer(card, "charge", off_session=attempted.off_session)
        if no is not None and not no.charged:
            return fail(tx, intent, method, cards.refusal(no))
    attempted.demand = demand
    attempted.challenged = demand == "challenge" and next_actions.is_remembered(tx, intent)
    mandate = attempted.mandate
    if mandate is not None and notifying.is_due(card, off_session=attempted.off_session):
        return notifying.begin(tx, intent, mandate)
    if demand != "challenge" or attempted.challenged:
        return charge(tx, intent, method, _with_mandate(tx, intent, method, attempted, params))

    if params.get("error_on_requires_action"):
        return _declined_unseen(tx, intent, method, cards.decline("authentication_required"))
    return next_actions.pose(tx, intent, three_d_secure.next_action(tx, intent, params))


def _attempt_other(tx: Tx, intent: Doc, method: Doc, attempted: Attempt, params: Params) -> Doc:
    """Anything but a card: its customer approves the payment first, where the method wants that."""
    limits.check_method(intent, method)
    action = next_actions.of(tx, intent, method, params)
    if method["type"] == "customer_balance" and _is_covered(tx, intent):
        action = None
    if action is None or next_actions.is_remembered(tx, intent):
        return charge(tx, intent, method, _with_mandate(tx, intent, method, attempted, params))
    if params.get("error_on_requires_action"):
        return _declined_unseen(tx, intent, method, cards.decline("authentication_required"))
    if params.get("mandate_data"):
        told = {"mandate_data": params["mandate_data"]}
        tx.hide(method["id"], payment_methods.notes_of(tx, method) | told)
    next_actions.foresee(tx, intent, method)
    return next_actions.pose(tx, intent, action)


def _is_covered(tx: Tx, intent: Doc) -> bool:
    """Whether the customer has sent enough already; then the payment takes it."""
    if not intent["customer"]:
        raise refusals.intent_without_customer()
    rest = intent["amount"] - cash.taken(tx, intent)
    if cash.left(tx, intent["customer"]).get(intent["currency"], 0) < rest:
        return False
    cash.take(tx, intent, rest)
    return True


def _with_mandate(tx: Tx, intent: Doc, method: Doc, attempted: Attempt, params: Params) -> Attempt:
    """A debit relies on a mandate: the one named, or one made now. A card has one made where its
    customer is asked for it.
    """
    if attempted.mandate is not None:
        return attempted
    told = params.get("mandate_data")
    if method["type"] in mandates.NEEDED:
        attempted.mandate = mandates.make(tx, method, told)["id"]
    elif method["type"] == "card" and not attempted.off_session:
        options = intent["payment_method_options"].get("card") or {}
        made = mandates.for_card(tx, method, options, told)
        attempted.mandate = None if made is None else made["id"]
    return attempted


@PAYMENT_INTENTS.job
def charge_notified(tx: Tx, intent: Doc, mandate: str) -> None:
    """The holder of the card has heard of the charge: make it. The intent tells of a decline."""
    if intent["status"] != "processing":
        return
    intent["processing"] = None
    with suppress(Refusal):
        method = payment_methods.use(tx, intent["payment_method"])
        charge(tx, intent, method, Attempt(off_session=True, mandate=mandate))


def approved(tx: Tx, intent: Doc) -> Doc:
    """The customer did what was asked of them: charge now."""
    method = payment_methods.use(tx, intent["payment_method"])
    attempted = Attempt(challenged=True, demand="challenge")
    told = payment_methods.notes_of(tx, method)
    return charge(tx, intent, method, _with_mandate(tx, intent, method, attempted, told))


def _check_way_back(intent: Doc, params: Params) -> None:
    """Methods that may send the customer away want to know where to send them back to; nobody is
    sent away who is not there (as software that charges saved cards relies on).
    """
    automatic = intent["automatic_payment_methods"]
    redirects = automatic is not None and automatic["allow_redirects"] == "always"
    returns = any(params.get(name) for name in ("off_session", "return_url", "use_stripe_sdk"))
    if redirects and not returns:
        raise refusals.return_url_required()


def _demand(tx: Tx, intent: Doc, card: cards.Card | None, method: Doc, *, off_session: bool) -> str:
    if card is None:
        return "none"
    options = intent["payment_method_options"].get("card") or {}
    notes = payment_methods.notes_of(tx, method)
    asked = cards.demand(
        card,
        off_session=off_session,
        set_up=bool(notes.get("set_up")),
        mandate=bool(options.get("mandate_options")),
    )
    decided = asked != "none"
    wanted = options.get("request_three_d_secure") in {"any", "challenge"}
    if asked == "none" and wanted and card.three_d_secure and not off_session:
        enrolled = card.authentication != "never"
        asked = "challenge" if enrolled else "frictionless"
    about = partial(_about, intent, card, method)
    return tx.ask("card.authenticate", asked, about, magic=decided)


def _about(intent: Doc, card: cards.Card, method: Doc) -> Doc:
    return {
        "amount": intent["amount"],
        "brand": card.brand,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "last4": card.last4,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
    }


def charge(tx: Tx, intent: Doc, method: Doc, attempted: Attempt) -> Doc:
    """Charge the payment method, and move the intent to where the answer leads."""
    order = _order(tx, intent, method)
    order.off_session, order.mandate = attempted.off_session, attempted.mandate
    order.challenged = attempted.challenged
    if method["type"] == "card":
        order.three_d_secure = three_d_secure.shown(
            tx, intent, attempted.demand, challenged=attempted.challenged
        )
    made, refusal = authorising.authorise(tx, order)
    intent |= {"latest_charge": made["id"], "review": made["review"]}
    intent["transfer_group"] = made["transfer_group"] or intent["transfer_group"]
    if refusal is not None:
        return fail(tx, intent, method, refusal)
    if method["type"] != "customer_balance":
        cash.give_back(tx, intent)
    _keep_method(tx, intent, method, made)
    if attempted.mandate is not None:
        mandates.used(tx, attempted.mandate)
    intent |= {"next_action": None, "last_payment_error": None}
    if made["status"] == "pending":
        return tx.step(PAYMENT_INTENTS, intent, "processing")
    if made["captured"]:
        intent["amount_received"] = made["amount_captured"]
        return tx.step(PAYMENT_INTENTS, intent, "succeeded")
    intent["amount_capturable"] = made["amount"]
    return tx.step(PAYMENT_INTENTS, intent, "requires_capture")


def _order(tx: Tx, intent: Doc, method: Doc) -> authorising.Order:
    """The charge that an intent wants."""
    return authorising.Order(
        intent["amount"],
        intent["currency"],
        method,
        beginning=intent["id"],
        capture=intent["capture_method"] != "manual",
        customer=intent["customer"],
        source=sources.find(tx, intent["source"]) if intent["source"] else None,
        application_fee_amount=intent["application_fee_amount"],
        on_behalf_of=intent["on_behalf_of"],
        transfer_data=intent["transfer_data"],
        carry={name: intent[name] for name in _CARRIED} | {"payment_intent": intent["id"]},
        options=intent["payment_method_options"].get("card") or {},
        unhurried=intent["capture_method"] == "automatic_async",
    )


def _keep_method(tx: Tx, intent: Doc, method: Doc, made: Doc) -> None:
    """A method set up for later is attached to the customer, or the debit that stands for it; one
    that belongs to nobody is used up.
    """
    if intent["setup_future_usage"]:
        debit = payment_methods.generate_debit(tx, method, intent["customer"], charge=made["id"])
        if debit is not None:
            made["payment_method_details"][method["type"]] |= _generated(tx, debit)
            tx.save(CHARGES, made)
        payment_methods.set_up(tx, method)
        once = methods.pays_once(method["type"])
        if intent["customer"] and not method["customer"] and not once:
            payment_methods.attach(tx, method, intent["customer"])
            return
    if not method["customer"]:
        payment_methods.consume(tx, method)


def _generated(tx: Tx, debit: Doc) -> Doc:
    mandate = mandates.make(tx, debit)["id"]
    return {
        "generated_sepa_debit": debit["id"],
        "generated_sepa_debit_mandate": mandate,
        "iban_last4": debit["sepa_debit"]["last4"],
    }


def _declined_unseen(tx: Tx, intent: Doc, method: Doc, decline: cards.Decline) -> Doc:
    """The issuer wants to see the customer, who is not there or cannot be asked: a failed charge of
    that reason.
    """
    made, refusal = authorising.decline(tx, _order(tx, intent, method), decline)
    intent["latest_charge"] = made["id"]
    return fail(tx, intent, method, refusal)


def fail(tx: Tx, intent: Doc, method: Doc, refusal: Refusal) -> Doc:
    """The attempt failed: say so on the intent, announce it, and answer with the refusal."""
    if not method["customer"]:
        payment_methods.consume(tx, method)
    shown = payment_methods.shown(tx, method)
    refusal.keep = True
    refusal.extra["payment_method"] = shown
    intent |= NO_METHOD | {"last_payment_error": refusal.body(), "next_action": None}
    tx.step(PAYMENT_INTENTS, intent, "requires_payment_method")
    refusal.extra["payment_intent"] = seen(tx, intent, SEEN)
    raise refusal


def ended(tx: Tx, intent: Doc, refusal: Refusal) -> Doc:
    """The attempt ended before anything was charged: the intent wants another payment method."""
    method = payment_methods.use(tx, intent["payment_method"])
    if not method["customer"]:
        payment_methods.consume(tx, method)
    refusal.extra["payment_method"] = payment_methods.shown(tx, method)
    intent |= NO_METHOD | {"last_payment_error": refusal.body(), "next_action": None}
    return tx.step(PAYMENT_INTENTS, intent, "requires_payment_method")
