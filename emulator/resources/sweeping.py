"""What happens to a balance as time passes: funds become available, reserves follow, automatic
payouts leave.

An automatic payout takes all that is available in a currency; the balance transactions that it pays
are noted as its own, so that they and its own line sum to zero.
"""

from __future__ import annotations

from typing import Final

import orjson

from emulator.kit import BALANCE_TRANSACTIONS, Doc, Note, Tx, available, post
from emulator.kit.money import look_at, looked
from emulator.ledger import RISK, SOURCE_TYPES, Move, balance_of, reserve_of
from emulator.resources import balances, external_accounts, payouts, waiting_refunds
from emulator.resources.accounts import account_of
from emulator.rules import amounts, payout_days

_DAY: Final = 86_400
_TEXT: Final = "STRIPE PAYOUT"


@BALANCE_TRANSACTIONS.job
def settle(tx: Tx, doc: Doc) -> None:
    """Look at this account's balance, as something in it has changed or become available."""
    looked(tx)
    if account_of(tx).get("deleted"):
        return
    balances.hold_reserve(tx, doc["id"])
    if doc["announce"]:
        tx.emit("balance.available", balances.shown(tx))
    waiting_refunds.resume(tx)
    pay_out(tx, doc["id"])


def pay_out(tx: Tx, subject: str) -> None:
    """Make the automatic payouts of today, or come back on the next payout day."""
    account = account_of(tx)
    schedule = schedule_of(account)
    today = tx.now // _DAY
    due = payout_days.next_day(schedule, account["country"], today)
    if due is None:
        return
    if due > today or tx.now % _DAY:
        due = payout_days.next_day(schedule, account["country"], today + 1) if due == today else due
        look_at(tx, (due or today + 1) * _DAY, subject)
        return
    sweep(tx, account)


def sweep(tx: Tx, account: Doc) -> None:
    """Make the automatic payouts of what is available, whatever day it is."""
    for currency in balances.currencies(tx):
        _sweep(tx, account, currency)


def schedule_of(account: Doc) -> Doc:
    """settings.payouts.schedule; {} for an account that has none."""
    return dict(settings_of(account).get("schedule") or {})


def settings_of(account: Doc) -> Doc:
    """settings.payouts of an account."""
    return dict((account.get("settings") or {}).get("payouts") or {})


def _sweep(tx: Tx, account: Doc, currency: str) -> None:
    """Pay out what is available; it waits while the account cannot be paid (`look_tomorrow` comes
    back).
    """
    destination = external_accounts.payout_destination(tx, currency)
    if destination is None or destination["status"] == "errored":
        return
    if not (tx.is_platform or account["payouts_enabled"]):
        return
    held = available(tx, currency)
    if held < 0:
        _recover(tx, account, currency, destination)
        return
    for kind in SOURCE_TYPES:
        part = min(available(tx, currency, kind), available(tx, currency))
        if part > 0:
            _sweep_type(tx, account, part, destination, kind)


def _sweep_type(tx: Tx, account: Doc, held: int, destination: Doc, kind: str) -> None:
    """Each source type is paid out by itself (documented)."""
    currency = destination["currency"]
    amount = max(0, held - (_least(tx, currency) if kind == "card" else 0))
    amount -= amount % amounts.payout_step(currency)
    if amount >= amounts.payout_minimum(currency):
        if held > amount:
            _keep_back(tx, held - amount, currency, kind)
        _assign(tx, _make(tx, account, amount, destination, kind), kind)


def _make(tx: Tx, account: Doc, amount: int, destination: Doc, kind: str = "card") -> Doc:
    descriptor = settings_of(account).get("statement_descriptor")
    carry = {"description": _TEXT, "statement_descriptor": descriptor, "source_type": kind}
    currency = destination["currency"]
    return payouts.make(tx, amount, currency, destination, automatic=True, carry=carry)


def _recover(tx: Tx, account: Doc, currency: str, destination: Doc) -> None:
    """Debit the bank for what the balance is below zero; a debit card cannot be asked."""
    if not settings_of(account).get("debit_negative_balances"):
        return
    if destination["object"] == "bank_account":
        _assign(tx, _make(tx, account, available(tx, currency), destination), "card")


def minimum_note(account: str) -> str:
    """Where the minimum balances of an account are noted."""
    return f"{account}/balance_settings"


def _least(tx: Tx, currency: str) -> int:
    """The balance that the account wants to keep in a currency, in minor units."""
    notes = tx.hidden(minimum_note(tx.account))
    return int((notes.get("minimum_balance_by_currency") or {}).get(currency) or 0)


def _keep_back(tx: Tx, amount: int, currency: str, kind: str) -> None:
    """What stays behind goes out of this payout's account and into the next one's."""
    free, kept = balance_of(tx.account, kind), reserve_of(tx.account)
    for deed, source, target in (
        ("payout_minimum_balance_hold", free, kept),
        ("payout_minimum_balance_release", kept, free),
    ):
        post(
            tx, tx.account, [Move(deed, source, target, amount, currency)], {deed: Note(tx.account)}
        )


def _assign(tx: Tx, payout: Doc, kind: str) -> None:
    """Note what the payout pays: all of its source type that is available and went out with no
    earlier one.
    """
    ids = tx.setup.store.ids(tx.key(BALANCE_TRANSACTIONS, {"currency": payout["currency"]}))
    note = f"{tx.account}/swept/{payout['currency']}"
    first = at = int(tx.hidden(note).get("first", 0))
    for id_ in ids[first:]:
        doc = tx.get(BALANCE_TRANSACTIONS, id_)
        free = doc["available_on"] <= tx.now and "payout" not in doc
        free = free and doc.get("source_type", "card") == kind and not _is_aside(doc)
        if free and doc["type"] != "payout_minimum_balance_release":
            doc["payout"] = payout["id"]
            tx.save(BALANCE_TRANSACTIONS, doc)
    while at < len(ids) and _is_assigned(tx, ids[at]):
        at += 1
    tx.hide(note, {"first": at})


def _is_assigned(tx: Tx, id_: str) -> bool:
    raw = tx.raw(BALANCE_TRANSACTIONS, id_)
    doc = orjson.loads(raw) if raw else {}
    return "payout" in doc or _is_aside(doc)


def _is_aside(doc: Doc) -> bool:
    """Whether it is a line of what is kept aside, which no payout pays."""
    return doc.get("balance_type") == RISK
