"""Settling: how the money of a captured charge moves, in one ledger entry for each balance
transaction.

In from the network, Stripe's fee out, the platform's fee on its way, and, for a destination charge,
on to the destination. Amounts are converted into the currency in which the merchant of record
settles.
"""

from __future__ import annotations

from dataclasses import dataclass

from emulator.kit import Doc, Note, Tx, post
from emulator.ledger import CARD_NETWORK, EXCHANGE, STRIPE_FEES, Move, balance_of, cash_of
from emulator.resources.accounts.state import account_seen, settles_in
from emulator.resources.charges.charges import purse
from emulator.resources.payment_methods import payment_methods
from emulator.resources.transfers import application_fees, reserves, transfers
from emulator.rules import exchange, fees, methods, settlement


@dataclass(frozen=True, slots=True)
class Settled:
    """An amount in the currency it settles in.

    rate: settlement per presentment minor unit, None without conversion. available_on: instant.
    """

    amount: int
    currency: str
    rate: float | None
    available_on: int


def settle(tx: Tx, charge: Doc, amount: int, fee: int | None) -> None:
    """Move the captured `amount` (minor units of the charge's currency); the charge is not saved
    here.

    fee: the platform's application fee in the charge's currency, if any.
    """
    merchant = account_seen(tx.on(charge["on_behalf_of"] or tx.account))
    settled = _settled(tx, charge, amount, merchant)
    begun = _begin_fee(tx, charge, fee) if fee else None
    direct = begun if not tx.is_platform else None
    type_ = "charge" if charge["id"].startswith("ch_") else "payment"
    by_transfer = charge["payment_method_details"]["type"] == "customer_balance"
    giver = cash_of(tx.account) if by_transfer else CARD_NETWORK
    moves = [Move(type_, giver, purse(tx, charge), settled.amount, settled.currency)]
    moves += _stripe_fee(tx, charge, settled, merchant)
    moves += _direct_fee(tx, charge, direct, settled) if direct else []
    notes = {type_: Note(charge["id"], charge["description"], settled.rate)}
    if direct:
        told = application_fees.told(tx, direct)
        notes["application_fee"] = Note(direct["id"], told, settled.rate)

    entries = post(tx, charge["id"], moves, notes, settled.available_on)
    charge |= {"amount_captured": amount, "captured": True, "balance_transaction": entries[type_]}
    if begun:
        charge["application_fee"] = begun["id"]
    if direct:
        platform = tx.on(tx.platform).behind(charge["payment_intent"] or charge["id"])
        application_fees.finish(platform, direct, entries["application_fee"])
    if charge["transfer_data"]:
        _pass_on(tx, charge, amount, settled, begun)
    reserves.keep_part(tx, charge["id"], settled.amount, settled.currency, settled.available_on)


def _settled(tx: Tx, charge: Doc, amount: int, merchant: Doc) -> Settled:
    currency, when = charge["currency"], _available_on(tx, charge, merchant)
    if currency in settles_in(tx, merchant):
        return Settled(amount, currency, None, when)
    own = merchant["default_currency"]
    rates = tx.setup.settings.get("rates")
    rate = exchange.rate(currency, own, merchant["country"], rates=rates)
    return Settled(exchange.convert(amount, rate), own, rate, when)


def _available_on(tx: Tx, charge: Doc, merchant: Doc) -> int:
    """By the destination's delay, else by the merchant's; at once for the card that bypasses it."""
    card = payment_methods.card_of_id(tx, charge["payment_method"])
    if card is not None and card.bypass_pending:
        return tx.now
    if charge["destination"] and charge["on_behalf_of"] is None:
        merchant = account_seen(tx.on(charge["destination"]))
    schedule = merchant["settings"]["payouts"]["schedule"]
    own = settlement.method_delay(charge["payment_method_details"]["type"], tx.now)
    if own is not None:
        return settlement.available_on(merchant["country"], tx.now, own.days, own.counts)
    return settlement.available_on(merchant["country"], tx.now, schedule["delay_days"])


def _stripe_fee(tx: Tx, charge: Doc, settled: Settled, merchant: Doc) -> list[Move]:
    """Stripe's fee on this payment; taken from the account, unless its platform pays
    Stripe's fees.

    What the platform agreed with Stripe is not for what settles on an account's behalf, nor for
    accounts that pay for themselves: list prices are (observed in Canada and Singapore).
    """
    details = charge["payment_method_details"]
    country = details["card"]["country"] if details["type"] == "card" else None
    agreed = merchant["id"] == tx.platform or _platform_pays(tx, merchant)
    pricing = tx.setup.settings.get("pricing") if agreed else None
    fee = fees.processing_fee(
        settled.amount,
        settled.currency,
        merchant["country"],
        country,
        details["type"],
        when=tx.now,
        pricing=pricing,
    )
    fee = min(fee, settled.amount)
    if fee <= 0:
        return []
    text, source = "Stripe processing fees", purse(tx, charge)
    if _platform_pays(tx, merchant):
        return [Move("stripe_fee", balance_of(tx.platform), STRIPE_FEES, fee, settled.currency)]
    return [Move("stripe_fee", source, STRIPE_FEES, fee, settled.currency, "stripe_fee", text)]


def fee_payer(tx: Tx) -> str:
    """The account that Stripe bills for the payments of this account."""
    return tx.platform if _platform_pays(tx, account_seen(tx)) else tx.account


def _platform_pays(tx: Tx, merchant: Doc) -> bool:
    """Whether the platform, and not this account, is billed for Stripe's fees of direct charges."""
    payer = ((merchant.get("controller") or {}).get("fees") or {}).get("payer")
    return not tx.is_platform and payer == "application"


def _begin_fee(tx: Tx, charge: Doc, fee: int) -> Doc:
    """The platform's fee: on the charge itself when it is direct, else on the destination's
    payment.
    """
    direct = not tx.is_platform
    return application_fees.begin(
        tx.on(tx.platform),
        account=tx.account if direct else charge["transfer_data"]["destination"],
        amount=fee,
        currency=charge["currency"],
        charge_id=charge["id"] if direct else "",
        originating_transaction=None if direct else charge["id"],
    )


def _direct_fee(tx: Tx, charge: Doc, fee: Doc, settled: Settled) -> list[Move]:
    """The fee leaves the account in the currency it settles in and reaches the platform in the
    charge's.
    """
    give, take = purse(tx, charge), balance_of(tx.platform)
    kind, text = "application_fee", f"{application_fees.application_name(tx)} application fee"
    if settled.rate is None:
        return [Move(kind, give, take, fee["amount"], settled.currency, kind, text)]
    amount = exchange.convert_some(fee["amount"], settled.rate)
    return [
        Move("exchange", give, EXCHANGE, amount, settled.currency, kind, text),
        Move(kind, EXCHANGE, take, fee["amount"], charge["currency"]),
    ]


def _pass_on(tx: Tx, charge: Doc, amount: int, settled: Settled, fee: Doc | None) -> None:
    """A destination charge: the whole or a part goes on to the destination, less the platform's
    fee.
    """
    part = charge["transfer_data"]["amount"]
    given = amount if part is None else min(part, amount)
    if not given:
        return
    if settled.rate is not None:
        given = exchange.convert(given, settled.rate)
    transfer = transfers.make(
        tx.behind(charge["id"]),
        amount=given,
        currency=settled.currency,
        destination=charge["transfer_data"]["destination"],
        charge=charge,
        transfer_group=charge["transfer_group"],
        application_fee=fee,
        available_on=settled.available_on,
        source_type=methods.source_type(charge["payment_method_details"]["type"]),
    )
    charge["transfer"] = transfer["id"]
