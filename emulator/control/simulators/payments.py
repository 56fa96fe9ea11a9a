"""A customer pays, passes or fails 3-D Secure, has a card that is declined from now on …"""

from __future__ import annotations

from typing import Any, Final

from emulator.control.people import authentication
from emulator.control.simulators.simulator import (
    ACCOUNT,
    AMOUNT,
    CURRENCY,
    acting,
    expect,
    id_of,
    one_of,
    perform,
    simulates,
    text,
)
from emulator.kernel.errors import simulating as refusals
from emulator.kit import Doc, Tx
from emulator.resources.charges.charges import CHARGES
from emulator.resources.disputes import disputes
from emulator.resources.payments import clearing, releasing
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS
from emulator.rules import debits, methods

INTENT = id_of("payment intent, setup intent or source", "pi")
CHARGE = id_of("charge", "ch")
_PAYABLE = ("requires_payment_method", "requires_confirmation")
_BY_CHARGE: Final[Any] = {"charge": CHARGE, "payment_intent": id_of("payment intent", "pi")}


@simulates(
    "A customer pays: a payment intent that waits, or a new charge on the platform (with "
    "`destination` a destination charge) or directly on a connected account.",
    when="the intent is requires_payment_method or requires_confirmation; or none is named",
    example={"amount": 2000, "currency": "usd", "account": "acct_…"},
    payment_intent=id_of("payment intent", "pi"),
    amount=AMOUNT,
    currency=CURRENCY,
    account=ACCOUNT,
    destination=ACCOUNT,
    application_fee_amount=AMOUNT,
    customer=id_of("customer", "cus"),
    payment_method=text("a payment method (pm_…), also a ready-made one such as pm_card_visa"),
    available={"type": "boolean", "description": "true for money that is available at once"},
)
def payment(tx: Tx, payment_intent: str | None = None, **params: Any) -> Doc:
    usual = "pm_card_bypassPending" if params.pop("available", False) else "pm_card_visa"
    params.setdefault("payment_method", usual)
    if payment_intent is None:
        return _new_payment(tx, params)
    mine, intent = tx.locate(PAYMENT_INTENTS, payment_intent)
    expect(intent, _PAYABLE, "be paid")
    path = f"/v1/payment_intents/{payment_intent}/confirm"
    way_back = {"return_url": "https://example.com/return"}
    method = {"payment_method": params["payment_method"]}
    return perform(mine, "POST", path, {**method, **way_back})


def _new_payment(tx: Tx, params: dict[str, Any]) -> Doc:
    mine = acting(tx, params.pop("account", None))
    destination = params.pop("destination", None)
    order = {
        "amount": 2000,
        "currency": "usd",
        "confirm": True,
        "allowed_payment_method_types": ["card"],
    }
    if destination:
        order["transfer_data"] = {"destination": destination}
    return perform(mine, "POST", "/v1/payment_intents", {**order, **params})


@simulates(
    "The customer passes 3-D Secure, or says yes on the page of their bank or wallet.",
    when="a payment or setup intent is requires_action, a source is pending",
    example={"intent": "pi_…"},
    needs=("intent",),
    intent=INTENT,
)
def three_d_secure_passed(tx: Tx, intent: str) -> Doc:
    return authentication.carry_out(tx, intent, "succeeded")


@simulates(
    "The customer fails 3-D Secure, or leaves the page of their bank or wallet.",
    when="a payment or setup intent is requires_action, a source is pending",
    example={"intent": "pi_…"},
    needs=("intent",),
    intent=INTENT,
)
def three_d_secure_failed(tx: Tx, intent: str) -> Doc:
    return authentication.carry_out(tx, intent, "failed")


@simulates(
    "An authorisation that nobody captured expires.",
    when="the charge is authorised and not captured",
    example={"payment_intent": "pi_…"},
    **_BY_CHARGE,
)
def authorization_expired(tx: Tx, **params: str) -> Doc:
    mine, charge = charge_of(tx, params)
    if charge["captured"] or charge["refunded"] or charge["status"] != "succeeded":
        raise refusals.not_an_authorization(charge["id"])
    releasing.expire(mine, charge)
    return mine.get(CHARGES, charge["id"])


@simulates(
    "The payer's bank carries out a debit.",
    when="the charge is pending (the intent is processing)",
    example={"payment_intent": "pi_…"},
    **_BY_CHARGE,
)
def bank_debit_succeeded(tx: Tx, **params: str) -> Doc:
    mine, charge = charge_of(tx, params)
    expect(charge, ("pending",), "clear")
    return clearing.succeed(mine, charge)


@simulates(
    "The payer's bank refuses a debit.",
    when="the charge is pending (the intent is processing)",
    example={"payment_intent": "pi_…", "failure_code": "insufficient_funds"},
    failure_code=one_of(*debits.failure_codes(), usual="insufficient_funds"),
    **_BY_CHARGE,
)
def bank_debit_failed(tx: Tx, failure_code: str = "insufficient_funds", **params: str) -> Doc:
    mine, charge = charge_of(tx, params)
    expect(charge, ("pending",), "fail")
    return clearing.fail(mine, charge, failure_code)


@simulates(
    "The payer's bank takes a debit back that it had carried out: a dispute that is lost at once.",
    when="a bank debit has succeeded and was not refunded",
    example={"payment_intent": "pi_…", "reason": "insufficient_funds"},
    reason=one_of(
        "insufficient_funds",
        "debit_not_authorized",
        "bank_cannot_process",
        "incorrect_account_details",
        usual="insufficient_funds",
    ),
    **_BY_CHARGE,
)
def bank_debit_returned(tx: Tx, reason: str = "insufficient_funds", **params: str) -> Doc:
    mine, charge = charge_of(tx, params)
    if not methods.is_slow(charge["payment_method_details"]["type"]):
        raise refusals.not_a_bank_debit(charge["id"])
    expect(charge, ("succeeded",), "be returned")
    return disputes.open_dispute(mine, charge, reason)


def charge_of(tx: Tx, params: dict[str, Any]) -> tuple[Tx, Doc]:
    """The charge that `charge` or `payment_intent` names."""
    if params.get("charge"):
        return tx.locate(CHARGES, params["charge"])
    if not params.get("payment_intent"):
        raise refusals.missing_one_of(("charge", "payment_intent"))
    mine, intent = tx.locate(PAYMENT_INTENTS, params["payment_intent"])
    if intent["latest_charge"] is None:
        raise refusals.no_charge_yet(intent["id"], intent["status"])
    return mine, mine.get(CHARGES, intent["latest_charge"])
