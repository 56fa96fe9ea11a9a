"""Application fees: what a platform keeps of a payment to one of its accounts, and what it gives
back.

The fee belongs to the platform; the payment it was taken from to the account. A refund of it is in
the account's settlement currency, what leaves the platform in the fee's.
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import money as refusals
from emulator.kit import (
    Doc,
    Note,
    Params,
    Resource,
    Tx,
    envelope,
    get_within,
    lists,
    lists_within,
    post,
    retrieves,
)
from emulator.kit.editing import edit, merged_metadata
from emulator.ledger import EXCHANGE, Move, balance_of
from emulator.resources.accounts.state import account_seen
from emulator.resources.charges.charges import CHARGES, brought
from emulator.rules import exchange

FEE_REFUNDS: Final = Resource(
    "fee_refund", prefix="fr", kind="application fee refund", filters=("fee",)
)
APPLICATION_FEES: Final = Resource(
    "application_fee", prefix="fee", kind="application fee", filters=("charge",)
)

retrieves(APPLICATION_FEES, "GET /v1/application_fees/{id}")
lists(APPLICATION_FEES, "GET /v1/application_fees")


@FEE_REFUNDS.on("POST /v1/application_fees/{id}/refunds")
def create_refund(tx: Tx, params: Params, id_: str) -> Doc:
    fee = tx.get(APPLICATION_FEES, id_)
    return refund(tx, fee, params.get("amount"), params.get("metadata"))


@FEE_REFUNDS.on("POST /v1/application_fees/{id}/refund")
def create_refund_on_fee(tx: Tx, params: Params, id_: str) -> Doc:
    """The oldest form, which answers with the fee."""
    refund(tx, tx.get(APPLICATION_FEES, id_), params.get("amount"))
    return tx.get(APPLICATION_FEES, id_)


lists_within(FEE_REFUNDS, "GET /v1/application_fees/{id}/refunds", APPLICATION_FEES, "fee")


@FEE_REFUNDS.on("GET /v1/application_fees/{fee}/refunds/{id}")
def retrieve_refund(tx: Tx, _params: Params, fee: str, id_: str) -> Doc:
    tx.get(APPLICATION_FEES, fee)
    return get_within(tx, FEE_REFUNDS, id_, fee=fee)


@FEE_REFUNDS.on("POST /v1/application_fees/{fee}/refunds/{id}")
def update_refund(tx: Tx, params: Params, fee: str, id_: str) -> Doc:
    tx.get(APPLICATION_FEES, fee)
    changed = edit(get_within(tx, FEE_REFUNDS, id_, fee=fee), params, ("metadata",))
    return tx.save(FEE_REFUNDS, changed, event="application_fee.refund.updated")


def application_name(tx: Tx) -> str:
    """What the platform's application is called, a setting of the world."""
    return str(tx.setup.settings.get("application_name", "Platform"))


def begin(
    tx: Tx,
    *,
    account: str,
    amount: int,
    currency: str,
    charge_id: str | None = None,
    payout_id: str | None = None,
    originating_transaction: str | None = None,
) -> Doc:
    """A fee that is about to be taken, on the platform's `tx`; it has an id and is not stored yet.

    charge_id: the payment it is taken from, "" while that has no id. payout_id: the Instant Payout.
    """
    fee = tx.new(
        APPLICATION_FEES,
        tx.on(account).new_id("fee"),
        account=account,
        amount=amount,
        application=tx.setup.application,
        charge=charge_id,
        currency=currency,
        originating_transaction=originating_transaction,
    )
    if payout_id is not None:
        fee["fee_source"] = {"payout": payout_id, "type": "payout"}
    return fee


def told(tx: Tx, fee: Doc) -> str:
    """The description on the platform's balance transaction."""
    account = account_seen(tx.on(fee["account"]))
    name = (account.get("business_profile") or {}).get("name") or fee["account"]
    application = application_name(tx)
    return f"Application fee from application {application} for {name} ({fee['account']})"


def finish(tx: Tx, fee: Doc, balance_transaction: str) -> Doc:
    """The money has moved: store the fee and announce it."""
    fee["balance_transaction"] = balance_transaction
    if fee["fee_source"]["type"] == "charge":
        fee["fee_source"]["charge"] = fee["charge"]
    fee["refunds"]["url"] = f"/v1/application_fees/{fee['id']}/refunds"
    return tx.save(APPLICATION_FEES, fee, event="application_fee.created")


def because_note(fee_refund: str) -> str:
    """Where it is noted which refund or reversal gave a fee back: {"because": its id}."""
    return f"{fee_refund}/because"


def refund(
    tx: Tx,
    fee: Doc,
    amount: int | None = None,
    metadata: Doc | None = None,
    because: str | None = None,
) -> Doc:
    """Give a fee back to the account it came from, whole or in part; `tx` is the platform's.

    because: the refund or reversal that gives it back, when nobody asked for it alone.
    """
    rest = fee["amount"] - fee["amount_refunded"]
    if rest <= 0:
        raise refusals.fee_already_refunded(fee["id"])
    amount = rest if amount is None else amount
    if amount > rest:
        raise refusals.fee_refund_too_large(amount, rest, fee["currency"])
    given = tx.new(
        FEE_REFUNDS,
        tx.on(fee["account"]).new_id("fr"),
        amount=amount,
        currency=fee["currency"],
        fee=fee["id"],
        metadata=merged_metadata(None, metadata or {}),
    )
    if because:
        tx.hide(because_note(given["id"]), {"because": because})
    _give_back(tx, fee, given)
    tx.save(FEE_REFUNDS, given)
    fee["amount_refunded"] += amount
    fee["refunded"] = fee["amount_refunded"] >= fee["amount"]
    fee["refunds"] = envelope(tx, FEE_REFUNDS, fee["refunds"]["url"], fee=fee["id"])
    tx.save(APPLICATION_FEES, fee, event="application_fee.refunded")
    return given


def _give_back(tx: Tx, fee: Doc, given: Doc) -> None:
    """From the platform to the account, through an exchange when the account settles elsewhere.

    The account gets the part back at the rate at which it was charged (observed).
    """
    settled = _settled(tx.on(fee["account"]), fee)
    give, take = balance_of(tx.account), balance_of(fee["account"])
    amount, currency, rate = given["amount"], fee["currency"], None
    moves = [Move("application_fee_refund", give, take, amount, currency)]
    if settled is not None and settled["currency"] != currency:
        rate = exchange.mid(currency, settled["currency"], tx.setup.settings.get("rates"))
        given["amount"] = _converted(tx, fee, amount, settled)
        given["currency"] = settled["currency"]
        moves = [Move("application_fee_return", give, EXCHANGE, amount, currency)]
        if given["amount"]:
            back = Move("fee_returned", EXCHANGE, take, given["amount"], given["currency"])
            moves.append(back)
    notes = {
        "application_fee_refund": Note(fee["id"], "REFUND FOR APPLICATION FEE", rate),
        "adjustment": Note(given["id"], "Application fee refund", rate),
    }
    when = settled["available_on"] if settled else None
    entries = post(tx, given["id"], moves, notes, when)
    given["balance_transaction"] = entries["application_fee_refund"]


def _converted(tx: Tx, fee: Doc, amount: int, settled: Doc) -> int:
    """A part of the fee in the currency in which the account settled; the last one is what is left
    of it, when that is less.
    """
    rate = settled["exchange_rate"]
    if not rate:
        country = account_seen(tx.on(fee["account"]))["country"]
        rates = tx.setup.settings.get("rates")
        rate = exchange.rate(fee["currency"], settled["currency"], country, rates=rates)
    charged = sum(d["amount"] for d in settled["fee_details"] if d["type"] == "application_fee")
    left = charged - exchange.convert_some(fee["amount_refunded"], rate)
    return min(exchange.convert_some(amount, rate), int(left))


def _settled(account: Tx, fee: Doc) -> Doc | None:
    """The balance transaction that the fee was taken from, on the account's side."""
    charge = account.find(CHARGES, fee["charge"] or "")
    return brought(account, charge) if charge else None
