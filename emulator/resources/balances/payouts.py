"""Payouts: money that leaves a balance for a bank account or a debit card, or comes back from it.

States: pending -> in_transit -> paid; canceled from pending; failed when the bank says no, which
puts the money back. Whether the bank takes it is decided by the account's test number. Automatic
payouts are made by `automatic_payouts.py`; a negative amount debits the bank.
"""

from __future__ import annotations

from typing import Final, Literal

from emulator.kernel.errors import money as refusals
from emulator.kit import (
    Doc,
    Lifecycle,
    Note,
    Params,
    Resource,
    Tx,
    available,
    lists,
    post,
    retrieves,
    updates,
)
from emulator.kit.editing import merged_metadata
from emulator.ledger import BANK, Move, balance_of
from emulator.resources.accounts import external_accounts
from emulator.resources.accounts.availability import check_flow
from emulator.resources.accounts.state import EXTERNAL_ACCOUNTS, account_of, country_of
from emulator.resources.balances.balances import advance, instant_available
from emulator.resources.transfers import application_fees
from emulator.rules import amounts, instant
from emulator.rules import payouts as rules
from emulator.rules.accounts import countries

Method = Literal["standard", "instant"]

# Assumed: time enough to cancel, and an end within a test's patience.
_DEPARTURE_SECONDS: Final = 30
_SOONEST_SECONDS: Final = 60
# More of them are not looked at: so many a day arrive on the same one.
_SAME_DAY: Final = 10
_ALWAYS_AUTOMATIC: Final = frozenset({"BR", "IN"})
_REVERSIBLE: Final = frozenset({"US", "CA"})
_TEXT: Final = "STRIPE PAYOUT"

PAYOUTS: Final = Resource(
    "payout",
    prefix="po",
    param="payout",
    filters=("destination", "status"),
    ranges=("arrival_date",),
    editable=("metadata",),
    lifecycle=Lifecycle(
        start="pending",
        steps={
            ("pending", "in_transit"): "payout.updated",
            ("pending", "canceled"): "payout.canceled",
            ("in_transit", "paid"): "payout.paid",
            ("in_transit", "failed"): "payout.failed",
            ("paid", "failed"): "payout.failed",
        },
    ),
)

retrieves(PAYOUTS, "GET /v1/payouts/{payout}")
lists(PAYOUTS, "GET /v1/payouts")
updates(PAYOUTS, "POST /v1/payouts/{payout}", event="payout.updated")


@PAYOUTS.on("POST /v1/payouts")
def create(tx: Tx, params: Params) -> Doc:
    amount, currency = params["amount"], params["currency"]
    method: Method = params.get("method") or "standard"
    destination = _destination(tx, currency, params.get("destination"))
    _check_account(tx)
    check_flow(tx, account_of(tx), "payout")
    _check_amount(amount, currency)
    fee = 0
    if method == "instant":
        check_flow(tx, account_of(tx), "instant_payout", "method")
        _check_instant(destination, amount, currency)
        _check_day(tx, amount, currency)
        fee = 0 if tx.is_platform else instant.fee(amount, instant.fee_bps(tx.setup.settings))
    kind = params.get("source_type") or "card"
    held = available(tx, currency, kind)
    if method == "instant" and kind == "card":
        held = instant_available(tx, currency)
    if amount + fee > held:
        raise refusals.payout_balance_insufficient(kind)
    carry = {name: params.get(name) for name in ("description", "statement_descriptor")}
    carry["metadata"] = merged_metadata(None, params.get("metadata") or {})
    carry["source_type"] = kind
    return make(tx, amount, currency, destination, method=method, fee=fee, carry=carry)


@PAYOUTS.on("POST /v1/payouts/{payout}/cancel")
def cancel(tx: Tx, _params: Params, id_: str) -> Doc:
    """Assumed: what debits a bank account, as a reversal does, is not called back."""
    payout = tx.get(PAYOUTS, id_)
    open_ = PAYOUTS.allows(payout, "canceled") and payout["amount"] > 0
    if payout["automatic"] or not open_:
        raise refusals.payout_not_pending()
    move = Move("payout_cancel", BANK, _purse(tx, payout), payout["amount"], payout["currency"])
    post(tx, id_, [move], {"payout_cancel": Note(id_, "PAYOUT CANCEL")})
    _give_fee_back(tx, payout)
    return tx.step(PAYOUTS, payout, "canceled")


@PAYOUTS.on("POST /v1/payouts/{payout}/reverse")
def reverse(tx: Tx, params: Params, id_: str) -> Doc:
    """Debit the bank for what it was paid; the money is back on the day it arrives."""
    payout = tx.get(PAYOUTS, id_)
    if payout["reversed_by"] or payout["original_payout"]:
        raise refusals.payout_already_reversed(id_)
    if payout["status"] != "paid" or payout["amount"] < 0 or country_of(tx) not in _REVERSIBLE:
        raise refusals.payout_not_reversible(id_, payout["status"])
    destination = tx.find(EXTERNAL_ACCOUNTS, payout["destination"])
    metadata = merged_metadata(None, params.get("metadata") or {})
    carry = {"original_payout": id_, "metadata": metadata, "description": payout["description"]}
    back = make(tx, -payout["amount"], payout["currency"], destination or {}, carry=carry)
    payout["reversed_by"] = back["id"]
    tx.save(PAYOUTS, payout, event="payout.updated")
    return back


# -- guards ---------------------------------------------------------------------------------------


def _destination(tx: Tx, currency: str, id_: str | None) -> Doc:
    found = external_accounts.payout_destination(tx, currency, id_)
    if found is not None:
        if found["status"] == "errored" and tx.is_platform:
            raise refusals.external_account_errored(found["id"])
        return found
    if id_ is not None:
        raise tx.missing(EXTERNAL_ACCOUNTS, id_, "destination")
    if not tx.is_platform:
        raise refusals.no_external_account(currency)
    return _platform_bank(tx, currency)


def _platform_bank(tx: Tx, currency: str) -> Doc:
    """The platform's own bank account: one that takes every payout, made on first use."""
    account = account_of(tx)
    country = account["country"]
    example = {k: v for k, v in countries.country(country).bank.example.items() if v is not None}
    hash_ = {"object": "bank_account", "country": country, **example}
    made = external_accounts.add(tx, account, hash_)
    if made["currency"] != currency:
        made["currency"] = currency
        made["default_for_currency"] = True
        tx.save(EXTERNAL_ACCOUNTS, made)
    return made


def _check_account(tx: Tx) -> None:
    if tx.is_platform:
        return
    account = account_of(tx)
    if account["country"] in _ALWAYS_AUTOMATIC:
        raise refusals.payouts_always_automatic(account["country"])
    if not account["payouts_enabled"]:
        raise refusals.payouts_not_allowed()


def _check_amount(amount: int, currency: str) -> None:
    step, least = amounts.payout_step(currency), amounts.payout_minimum(currency)
    if amount % step:
        raise refusals.payout_not_multiple(step, currency)
    if amount < least:
        raise refusals.payout_too_small(least, currency)


def _check_instant(destination: Doc, amount: int, currency: str) -> None:
    limits = amounts.instant_payout_limits(currency)
    kind = "card" if destination["object"] == "card" else "bank account"
    if limits is None:
        raise refusals.instant_currency(currency)
    if "instant" not in (destination["available_payout_methods"] or ()):
        raise refusals.instant_unsupported(kind)
    if amount > limits[1]:
        raise refusals.instant_too_large(kind, limits[1], currency)
    if amount < limits[0]:
        raise refusals.instant_too_small(kind, limits[0], currency)


def _check_day(tx: Tx, amount: int, currency: str) -> None:
    """Refuse what a day's Instant Payouts may not come to."""
    most = instant.daily_limit(tx.setup.settings, currency)
    if most is None:
        return
    for each in tx.all(PAYOUTS):
        if not instant.is_same_day(each["created"], tx.now):
            break
        counts = each["method"] == "instant" and each["status"] not in {"canceled", "failed"}
        amount += each["amount"] if counts and each["currency"] == currency else 0
    if amount > most:
        raise refusals.instant_day_is_full(most, currency)


# -- carrying out ---------------------------------------------------------------------------------


def make(
    tx: Tx,
    amount: int,
    currency: str,
    destination: Doc,
    *,
    method: Method = "standard",
    fee: int = 0,
    automatic: bool = False,
    carry: Doc | None = None,
) -> Doc:
    """A payout of `amount` minor units, negative for a debit of the bank; the money leaves at once.

    fee: the platform's, on top. carry: fields that the payout takes over.
    """
    arrival = rules.arrival_date(
        country_of(tx), tx.now, abs(amount), method, earlier=_last_instants(tx)
    )
    payout = tx.new(
        PAYOUTS,
        amount=amount,
        arrival_date=arrival,
        automatic=automatic,
        currency=currency,
        destination=destination.get("id"),
        method=method,
        reconciliation_status="in_progress" if automatic else "not_applicable",
        type=destination.get("object", "bank_account"),
    )
    payout |= carry or {}
    if method == "instant" and _purse(tx, payout) == balance_of(tx.account):
        advance(tx, amount + fee, currency, payout["id"])
    taken = _begin_fee(tx, payout, fee) if fee else None
    _move(tx, payout, taken)
    tx.save(PAYOUTS, payout, event="payout.created")
    tx.later(tx.now + _DEPARTURE_SECONDS, PAYOUTS, "depart", payout["id"])
    tx.later(max(arrival, tx.now + _SOONEST_SECONDS), PAYOUTS, "arrive", payout["id"])
    return payout


def _last_instants(tx: Tx) -> list[int]:
    """When this account's last payouts were made."""
    store = tx.setup.store
    return [store.created(id_) for id_ in store.ids(tx.key(PAYOUTS, {}))[-_SAME_DAY:]]


def _purse(tx: Tx, payout: Doc) -> str:
    return balance_of(tx.account, payout["source_type"] or "card")


def _begin_fee(tx: Tx, payout: Doc, amount: int) -> Doc:
    fee = application_fees.begin(
        tx.on(tx.platform),
        account=tx.account,
        amount=amount,
        currency=payout["currency"],
        payout_id=payout["id"],
    )
    payout |= {"application_fee": fee["id"], "application_fee_amount": amount}
    return fee


def _move(tx: Tx, payout: Doc, fee: Doc | None) -> None:
    amount, currency, here = payout["amount"], payout["currency"], _purse(tx, payout)
    moves = [Move("payout", here, BANK, amount, currency)] if amount > 0 else []
    moves = moves or [Move("payout_debit", BANK, here, -amount, currency)]
    notes = {"payout": Note(payout["id"], payout["description"] or _TEXT)}
    if fee is not None:
        kind, text = "application_fee", f"{application_fees.application_name(tx)} application fee"
        there = balance_of(tx.platform)
        moves.append(Move(kind, here, there, fee["amount"], currency, kind, text))
        notes[kind] = Note(fee["id"], application_fees.told(tx.on(tx.platform), fee))
    comes_back = payout["arrival_date"] if payout["original_payout"] else None
    entries = post(tx, payout["id"], moves, notes, comes_back)
    payout["balance_transaction"] = entries["payout"]
    if fee is not None:
        platform = tx.on(tx.platform).behind(payout["id"])
        application_fees.finish(platform, fee, entries["application_fee"])


def _give_fee_back(tx: Tx, payout: Doc) -> None:
    """The platform keeps no fee on what did not arrive."""
    if payout["application_fee"]:
        platform = tx.on(tx.platform).behind(payout["id"])
        fee = platform.get(application_fees.APPLICATION_FEES, payout["application_fee"])
        if not fee["refunded"]:
            application_fees.refund(platform, fee)


# -- what happens by itself -----------------------------------------------------------------------


@PAYOUTS.job
def depart(tx: Tx, payout: Doc) -> None:
    """Stripe has handed it to the bank, and knows how the bank calls it."""
    if PAYOUTS.allows(payout, "in_transit"):
        trace = tx.secret(f"{payout['id']}/trace", 15).upper()
        payout["trace_id"] = {"status": "supported", "value": trace}
        tx.step(PAYOUTS, payout, "in_transit")


@PAYOUTS.job
def arrive(tx: Tx, payout: Doc) -> None:
    """The bank's answer."""
    if payout["status"] not in {"pending", "in_transit"}:
        return
    destination = tx.find(EXTERNAL_ACCOUNTS, payout["destination"] or "")
    usual = external_accounts.payout_outcome(tx, destination) if destination else "paid"
    answer = tx.ask("payout.arrive", usual, lambda: _about(payout))
    if answer == "paid":
        pay(tx, payout)
    else:
        fail(tx, payout, answer)


def _about(payout: Doc) -> Doc:
    names = ("amount", "automatic", "currency", "destination", "method")
    return {"payout": payout["id"], **{name: payout[name] for name in names}}


def pay(tx: Tx, payout: Doc) -> Doc:
    """The bank has taken it."""
    if payout["status"] == "pending":
        depart(tx, payout)
    if payout["automatic"]:
        payout["reconciliation_status"] = "completed"
    tx.step(PAYOUTS, payout, "paid")
    if payout["automatic"]:
        tx.emit("payout.reconciliation_completed", payout)
    return payout


def fail(tx: Tx, payout: Doc, code: str) -> Doc:
    """The bank said no: the money is where it was, and the external account is errored."""
    if payout["status"] == "pending":
        depart(tx, payout)
    back, here, currency = abs(payout["amount"]), _purse(tx, payout), payout["currency"]
    move = Move("payout_failure", BANK, here, back, currency)
    if payout["amount"] < 0:
        move = Move("payout_debit_failure", here, BANK, back, currency)
    entries = post(
        tx, payout["id"], [move], {"payout_failure": Note(payout["id"], "PAYOUT FAILURE")}
    )
    _give_fee_back(tx, payout)
    payout |= {
        "failure_balance_transaction": entries["payout_failure"],
        "failure_code": code,
        "failure_message": rules.FAILURES.get(code, rules.FAILURES["could_not_process"]),
    }
    tx.step(PAYOUTS, payout, "failed")
    destination = tx.find(EXTERNAL_ACCOUNTS, payout["destination"] or "")
    if destination is not None:
        external_accounts.fail(tx, destination)
    return payout
