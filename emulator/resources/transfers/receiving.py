"""The receiving side of a transfer: the payment `py_` it becomes there, and the refund `pyr_` it
may see.
"""

from __future__ import annotations

from typing import NamedTuple

from emulator.kernel.currency import share
from emulator.kernel.errors import money as refusals
from emulator.kit import BALANCE_TRANSACTIONS, Doc, Note, Tx, post
from emulator.ledger import EXCHANGE, Move, balance_of
from emulator.resources.accounts.state import account_seen, settles_in
from emulator.resources.charges.charges import CHARGES, REFUNDS, brought, receipt_url
from emulator.resources.transfers import application_fees, reserves
from emulator.rules import exchange


class Taken(NamedTuple):
    """entry: the giver's balance transaction. refund: the receiver's `pyr_`."""

    entry: str
    refund: str


def payment(tx: Tx, transfer: Doc) -> Doc:
    """The payment that the receiver sees; not stored yet."""
    receiver = tx.on(transfer["destination"])
    doc = receiver.new(
        CHARGES,
        receiver.new_id("py"),
        amount=transfer["amount"],
        amount_captured=transfer["amount"],
        application=tx.setup.application,
        captured=True,
        currency=transfer["currency"],
        paid=True,
        payment_method_details={"stripe_account": {}, "type": "stripe_account"},
        source=_giver(tx),
        source_transfer=transfer["id"],
        status="succeeded",
    )
    doc.pop("radar_options", None)
    doc["receipt_url"] = receipt_url(tx, doc["id"])
    return doc


def _giver(tx: Tx) -> Doc:
    """How the giver shows as the source of a payment."""
    links = "https://files.stripe.com/links"
    return {
        "id": tx.account,
        "object": "account",
        "application_icon": f"{links}/{tx.secret('application/icon', 32)}",
        "application_logo": f"{links}/{tx.secret('application/logo', 32)}",
        "application_name": application_fees.application_name(tx),
        "application_url": str(tx.setup.settings.get("application_url", "https://example.com")),
    }


def credit(
    tx: Tx,
    transfer: Doc,
    paid: Doc,
    fee: Doc | None,
    *,
    available_on: int | None,
    charge: Doc | None = None,
) -> str:
    """Move the money, store the payment, finish the fee; the giver's balance transaction comes
    back.
    """
    receiver = tx.on(transfer["destination"])
    rate = _rate(tx, transfer, refund=False)
    currency = transfer["currency"] if rate is None else account_seen(receiver)["default_currency"]
    amount = _converted(transfer["amount"], rate)
    if amount == 0:
        raise refusals.converts_to_nothing(transfer["amount"], transfer["currency"], currency)
    give, take = _purses(tx, transfer, receiver)
    moves = [Move("transfer", give, take, amount, currency)]
    if rate is not None:
        out = Move("transfer_out", give, EXCHANGE, transfer["amount"], transfer["currency"])
        moves = [out, Move("transfer_in", EXCHANGE, take, amount, currency)]
    notes = {
        "transfer": Note(transfer["id"], transfer["description"]),
        "payment": Note(paid["id"], None, rate),
    }
    if fee is not None:
        inward = _rate_of_charge(tx, charge, fee["currency"], transfer["currency"])
        moves += _fee_moves(tx, paid, fee, currency, (inward, rate), take)
        notes["application_fee"] = Note(fee["id"], application_fees.told(tx, fee), inward or rate)
    entries = post(tx, transfer["id"], moves, notes, available_on)
    paid["balance_transaction"] = entries["payment"]
    if fee is not None:
        paid["application_fee"] = fee["id"]
    receiver.behind(transfer["id"]).save(CHARGES, paid, event="payment.created")
    if fee is not None:
        _finish(tx.behind((charge or paid)["payment_intent"] or transfer["id"]), fee, entries)
    reserves.keep_part(receiver, paid["id"], amount, currency, available_on)
    return entries["transfer"]


def _finish(tx: Tx, fee: Doc, entries: dict[str, str]) -> None:
    application_fees.finish(tx.on(tx.platform), fee, entries["application_fee"])


def _purses(tx: Tx, transfer: Doc, receiver: Tx) -> tuple[str, str]:
    """The giver's pocket and the receiver's: money keeps its source type."""
    kind = transfer["source_type"] or "card"
    return balance_of(tx.account, kind), balance_of(receiver.account, kind)


def _fee_moves(
    tx: Tx,
    paid: Doc,
    fee: Doc,
    currency: str,
    rates: tuple[float | None, float | None],
    purse: str,
) -> list[Move]:
    """The platform's fee out of what has just arrived, converted with the payment and with the
    transfer.

    rates: into the currency of the transfer, and from there into the one the receiver settles in.
    purse: the pocket it arrived in.
    """
    give, take = purse, balance_of(tx.platform)
    kind, text = "application_fee", f"{application_fees.application_name(tx)} application fee"
    amount = paid["application_fee_amount"] = _converted(fee["amount"], rates[0])
    amount = _converted(amount, rates[1])
    if fee["currency"] == currency:
        return [Move(kind, give, take, amount, currency, kind, text)]
    out = [Move("exchange", give, EXCHANGE, amount, currency, kind, text)] if amount else []
    return [*out, Move(kind, EXCHANGE, take, fee["amount"], fee["currency"])]


def _converted(amount: int, rate: float | None) -> int:
    return amount if rate is None else exchange.convert(amount, rate)


def _rate_of_charge(tx: Tx, charge: Doc | None, source: str, target: str) -> float | None:
    """The rate at which the payer's money came in, when it was converted for the transfer."""
    if source == target or charge is None:
        return None
    taken = brought(tx, charge)
    rate: float | None = taken["exchange_rate"] if taken else None
    return rate or exchange.mid(source, target, tx.setup.settings.get("rates"))


def _rate(tx: Tx, transfer: Doc, *, refund: bool) -> float | None:
    """Receiver's units for one of the giver's; None where nothing is converted."""
    account = account_seen(tx.on(transfer["destination"]))
    if transfer["currency"] in settles_in(tx, account):
        return None
    own, country = account["default_currency"], account["country"]
    rates = tx.setup.settings.get("rates")
    return exchange.rate(transfer["currency"], own, country, refund=refund, rates=rates)


def check_funds(tx: Tx, transfer: Doc, amount: int) -> None:
    """Refuse a reversal of what the receiver does not have, unless the platform answers for it."""
    receiver = tx.on(transfer["destination"])
    if receiver.is_platform or is_liable(receiver):
        return
    paid = receiver.get(CHARGES, transfer["destination_payment"])
    arrived = receiver.get(BALANCE_TRANSACTIONS, paid["balance_transaction"])
    part = share(arrived["amount"], amount, transfer["amount"])
    by = max(arrived["available_on"], tx.now)
    if tx.book.available(_purses(tx, transfer, receiver)[1], arrived["currency"], by=by) < part:
        raise refusals.account_balance_insufficient()


def is_liable(account: Tx) -> bool:
    """Whether the platform bears the losses of this account, so that its balance may fall below
    zero.
    """
    controller = account_seen(account).get("controller") or {}
    return (controller.get("losses") or {}).get("payments") == "application"


def debit(tx: Tx, transfer: Doc, reversal: Doc) -> Taken:
    """Take the money back and store the refund that the receiver sees."""
    receiver = tx.on(transfer["destination"])
    paid = receiver.get(CHARGES, transfer["destination_payment"])
    arrived = receiver.get(BALANCE_TRANSACTIONS, paid["balance_transaction"])
    refund = _refund(receiver, paid, reversal)
    take, give = _purses(tx, transfer, receiver)
    amount, rate = reversal["amount"], None
    if arrived["currency"] == transfer["currency"]:
        moves = [Move("transfer_reversal", give, take, amount, transfer["currency"])]
    else:
        rate = _rate(tx, transfer, refund=True) or 1.0
        back = exchange.convert(amount, rate)
        if back == 0:
            raise refusals.converts_to_nothing(amount, transfer["currency"], arrived["currency"])
        moves = [
            Move("reversal_out", give, EXCHANGE, back, arrived["currency"]),
            Move("reversal_in", EXCHANGE, take, amount, transfer["currency"]),
        ]
    notes = {
        "payment_refund": Note(refund["id"], "REFUND FOR PAYMENT", rate),
        "transfer_refund": Note(transfer["id"], "REFUND FOR TRANSFER"),
    }
    entries = post(tx, reversal["id"], moves, notes, arrived["available_on"])
    refund["balance_transaction"] = entries["payment_refund"]
    receiver.save(REFUNDS, refund, event="refund.created")
    paid["amount_refunded"] += reversal["amount"]
    paid["refunded"] = paid["amount_refunded"] >= paid["amount"]
    receiver.save(CHARGES, paid, event="charge.refunded")
    return Taken(entries["transfer_refund"], refund["id"])


def _refund(receiver: Tx, paid: Doc, reversal: Doc) -> Doc:
    doc = receiver.new(
        REFUNDS,
        receiver.new_id("pyr"),
        amount=reversal["amount"],
        charge=paid["id"],
        currency=paid["currency"],
        source_transfer_reversal=reversal["id"],
        transfer_reversal=reversal["id"],
    )
    doc.pop("destination_details", None)
    return doc
