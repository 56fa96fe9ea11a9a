"""Legacy charges: POST /v1/charges and its capture, with tokens, sources and customers as
payers.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.kernel.errors import payments as refusals
from emulator.kernel.errors.params import parameter_missing
from emulator.kit import Doc, Params, Tx
from emulator.kit.editing import merged_metadata
from emulator.resources.charges.charges import CHARGES
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.payment_methods import payment_methods, sources
from emulator.resources.payment_methods.legacy import SOURCES
from emulator.resources.payments import authorising, limits
from emulator.resources.payments.capturing import capture_charge
from emulator.resources.transfers import transfers

_CARRIED: Final = (
    "description",
    "receipt_email",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
)


@CHARGES.on("POST /v1/charges")
def create(tx: Tx, params: Params) -> Doc:
    for name in ("amount", "currency"):
        if params.get(name) is None:
            raise parameter_missing(name)
    source = params.get("source")
    if isinstance(source, str) and source.startswith("acct_"):
        return _debit_account(tx, params)
    params = {**params, **_split(params)}
    limits.check_amount(tx, params["amount"], params["currency"])
    limits.check_split(tx, params)
    limits.check_texts(params)
    paying = _payer(tx, params)
    if paying["object"] == "bank_account" and paying["status"] != "verified":
        raise refusals.bank_account_unverified()
    method = payment_methods.use(tx, paying["id"], param="source")
    limits.check_may_charge(tx, params.get("on_behalf_of"), method["type"])
    if params.get("transfer_data"):
        limits.check_bank(tx, params["transfer_data"]["destination"], method["type"])
    order = authorising.Order(
        params["amount"],
        params["currency"],
        method,
        capture=params.get("capture", True),
        customer=params.get("customer"),
        source=paying,
        application_fee_amount=params.get("application_fee_amount"),
        on_behalf_of=params.get("on_behalf_of"),
        transfer_data=params.get("transfer_data"),
        carry={name: params[name] for name in _CARRIED if params.get(name) is not None}
        | {"metadata": merged_metadata(None, params.get("metadata") or {})},
    )
    if method["type"] == "card" and order.carry.get("statement_descriptor"):
        order.carry.setdefault("statement_descriptor_suffix", order.carry["statement_descriptor"])
    _consume(tx, paying)
    made, refusal = authorising.authorise(tx, order)
    if refusal is not None:
        refusal.keep = True
        raise refusal
    return made


@CHARGES.on("POST /v1/charges/{charge}/capture")
def capture(tx: Tx, params: Params, id_: str) -> Doc:
    charge = tx.get(CHARGES, id_, param=None)
    if charge["payment_intent"]:
        raise refusals.charge_belongs_to_intent(id_, charge["payment_intent"])
    if charge["captured"]:
        raise refusals.charge_already_captured(id_)
    if charge["refunded"]:
        raise refusals.charge_expired_for_capture(id_)
    amount = params.get("amount") or charge["amount"]
    if amount > charge["amount"]:
        raise refusals.capture_above(charge["amount"], charge["currency"])
    for name in ("receipt_email", "statement_descriptor", "statement_descriptor_suffix"):
        if params.get(name):
            charge[name] = params[name]
    return capture_charge(tx, charge, amount, params)


def _debit_account(tx: Tx, params: Params) -> Doc:
    """An account debit: the connected account pays the platform out of its balance."""
    transfers.check_debit(tx, params["source"], params["currency"])
    transfer = transfers.make(
        tx.on(params["source"]),
        amount=params["amount"],
        currency=params["currency"],
        destination=tx.account,
        transfer_group=params.get("transfer_group"),
        description=params.get("description"),
        metadata=params.get("metadata"),
    )
    return tx.get(CHARGES, transfer["destination_payment"])


def _consume(tx: Tx, source: Doc) -> None:
    """A source for one use is used up by being charged."""
    if source["object"] == "source" and source["usage"] == "single_use":
        source["status"] = "consumed"
        tx.save(SOURCES, source)


def _split(params: Params) -> dict[str, Any]:
    """The older names of the same things: application_fee, destination[account],
    destination[amount].
    """
    found: dict[str, Any] = {}
    if params.get("application_fee") is not None:
        found["application_fee_amount"] = params["application_fee"]
    destination = params.get("destination")
    if isinstance(destination, str):
        destination = {"account": destination}
    if destination:
        found["transfer_data"] = {
            "destination": destination["account"],
            "amount": destination.get("amount"),
        }
    return found


def _payer(tx: Tx, params: Params) -> Doc:
    """The source to charge: the one named, or the customer's default."""
    source, customer = params.get("source") or params.get("card"), params.get("customer")
    if source is None and customer is None:
        raise refusals.source_or_customer()
    if customer is None:
        return sources.of_parameter(tx, source, "source")
    found = tx.get(CUSTOMERS, customer, param="customer")
    if source is None and found["default_source"] is None:
        raise refusals.customer_without_card()
    return sources.of_customer(tx, found, source or found["default_source"])
