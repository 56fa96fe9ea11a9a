"""Cash balances: what customers send by bank transfer pays their open payments, by itself or when
it is told to.

Automatic reconciliation gives it to the payment whose reference the transfer names, then to the
oldest that wait in its currency; manual reconciliation waits for `apply_customer_balance`.
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import cash as refusals
from emulator.kernel.errors import payments as payment_refusals
from emulator.kit import Doc, Params, Resource, Tx, get_within, lists_within
from emulator.resources.customers import cash
from emulator.resources.customers.cash import CASH_TRANSACTIONS
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.payment_methods import payment_methods
from emulator.resources.payments import confirming
from emulator.resources.payments.payment_intents import CONFIRMABLE, PAYMENT_INTENTS

_AWAITED: Final = "display_bank_transfer_instructions"

CASH_BALANCES: Final = Resource("cash_balance", prefix="")


@CASH_BALANCES.on("GET /v1/customers/{customer}/cash_balance")
def retrieve(tx: Tx, _params: Params, customer: str) -> Doc:
    tx.get(CUSTOMERS, customer)
    return shown(tx, customer)


@CASH_BALANCES.on("POST /v1/customers/{customer}/cash_balance")
def update(tx: Tx, params: Params, customer: str) -> Doc:
    tx.get(CUSTOMERS, customer)
    mode = (params.get("settings") or {}).get("reconciliation_mode")
    if mode:
        chosen = None if mode == "merchant_default" else mode
        tx.hide(customer, tx.hidden(customer) | {"reconciliation_mode": chosen})
    return shown(tx, customer)


lists_within(
    CASH_TRANSACTIONS,
    "GET /v1/customers/{customer}/cash_balance_transactions",
    CUSTOMERS,
    "customer",
)


@CASH_TRANSACTIONS.on("GET /v1/customers/{customer}/cash_balance_transactions/{transaction}")
def retrieve_transaction(tx: Tx, _params: Params, customer: str, id_: str) -> Doc:
    tx.get(CUSTOMERS, customer)
    return get_within(tx, CASH_TRANSACTIONS, id_, customer=customer)


@CASH_TRANSACTIONS.on("POST /v1/test_helpers/customers/{customer}/fund_cash_balance")
def fund(tx: Tx, params: Params, customer: str) -> Doc:
    tx.get(CUSTOMERS, customer)
    reference = params.get("reference")
    made = cash.fund(tx, customer, params["amount"], params["currency"], reference)
    if _mode(tx, customer) == "automatic":
        _reconcile(tx, customer, params["currency"], reference)
    if cash.left(tx, customer).get(params["currency"]):
        tx.emit("cash_balance.funds_available", shown(tx, customer))
    return made


@PAYMENT_INTENTS.on("POST /v1/payment_intents/{intent}/apply_customer_balance")
def apply_customer_balance(tx: Tx, params: Params, id_: str) -> Doc:
    intent = tx.get(PAYMENT_INTENTS, id_)
    if intent["status"] not in CONFIRMABLE:
        raise payment_refusals.cannot_confirm(intent, CONFIRMABLE)
    if not intent["customer"]:
        raise refusals.customer_needed()
    currency = params.get("currency") or intent["currency"]
    if currency != intent["currency"]:
        raise refusals.other_currency(intent["currency"])
    held = cash.left(tx, intent["customer"]).get(currency, 0)
    rest = intent["amount"] - cash.taken(tx, intent)
    amount = params.get("amount") or min(held, rest)
    if not 0 < amount <= held:
        raise refusals.not_enough_cash(held, currency)
    if amount > rest:
        raise refusals.more_than_remains(rest, currency)
    return _apply(tx, intent, amount)


def shown(tx: Tx, customer: str) -> Doc:
    """The cash balance of a customer."""
    return {
        "object": "cash_balance",
        "available": cash.left(tx, customer) or None,
        "customer": customer,
        "customer_account": None,
        "livemode": False,
        "settings": {
            "reconciliation_mode": _mode(tx, customer),
            "using_merchant_default": tx.hidden(customer).get("reconciliation_mode") is None,
        },
    }


def _mode(tx: Tx, customer: str) -> str:
    return str(tx.hidden(customer).get("reconciliation_mode") or "automatic")


def _reconcile(tx: Tx, customer: str, currency: str, reference: str | None) -> None:
    waiting = [
        each for each in tx.all(PAYMENT_INTENTS, customer=customer) if _waits(each, currency)
    ]
    waiting.reverse()
    waiting.sort(key=lambda each: each["next_action"][_AWAITED]["reference"] != reference)
    for intent in waiting:
        held = cash.left(tx, customer).get(currency, 0)
        if held <= 0:
            return
        _apply(tx, intent, min(held, intent["amount"] - cash.taken(tx, intent)))


def _waits(intent: Doc, currency: str) -> bool:
    action = intent["next_action"] or {}
    return bool(action.get("type") == _AWAITED and intent["currency"] == currency)


def _apply(tx: Tx, intent: Doc, amount: int) -> Doc:
    """Pay a part of an intent; the last part pays it."""
    cash.take(tx, intent, amount)
    remains = intent["amount"] - cash.taken(tx, intent)
    if remains == 0:
        if intent["payment_method"] is None:
            made = payment_methods.from_data(tx, {"type": "customer_balance"})
            intent["payment_method"] = made["id"]
        return confirming.approved(tx, intent)
    if _waits(intent, intent["currency"]):
        intent["next_action"][_AWAITED]["amount_remaining"] = remains
    return tx.save(PAYMENT_INTENTS, intent, event="payment_intent.partially_funded")
