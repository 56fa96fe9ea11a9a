"""What happens to a balance as time passes: funds become available, reserves follow, automatic
payouts leave.

An automatic payout takes all that is available in a currency; the balance transactions that it pays
are noted as its own, so that they and its own line sum to zero.
"""

from __future__ import annotations

from typing import Final

import orjson

from emulator.kernel.instants import DAY
from emulator.kit import BALANCE_TRANSACTIONS, Doc, Note, Tx, available, post
from emulator.kit.money import debited_note, look_at, looked
from emulator.ledger import RISK, SOURCE_TYPES, Move, balance_of, reserve_of
from emulator.resources.accounts import external_accounts
from emulator.resources.accounts.state import account_of
from emulator.resources.balances import balances, payouts
from emulator.resources.refunds import pending_refunds
from emulator.rules import amounts
from emulator.rules import payouts as rules

_TEXT: Final = "STRIPE PAYOUT"


@BALANCE_TRANSACTIONS.job
def settle(tx: Tx, doc: Doc, *, announce: bool) -> None:
    """Look at this account's balance, as something in it has changed or become available."""
    looked(tx)
    if account_of(tx).get("deleted"):
        return
    balances.hold_reserve(tx, doc["id"])
    if announce:
        tx.emit("balance.available", balances.shown(tx))
    pending_refunds.resume(tx)
    pay_out(tx, doc["id"])


def pay_out(tx: Tx, subject: str) -> None:
    """Make the automatic payouts of today, or come back on the next payout day."""
    account = account_of(tx)
    schedule = schedule_of(account)
    today = tx.now // DAY
    due = rules.next_day(schedule, account["country"], today)
    if due is None:
        _by_hand(tx, account, subject)
        return
    if due > today or tx.now % DAY:
        due = rules.next_day(schedule, account["country"], today + 1) if due == today else due
        look_at(tx, (due or today + 1) * DAY, subject)
        return
    sweep(tx, account)


def _by_hand(tx: Tx, account: Doc, subject: str) -> None:
    """What happens to an account that is paid out by hand: its bank is debited for what it is below
    zero by, and what it has held for too long is paid out.
    """
    if tx.is_platform:
        return
    held = {code: available(tx, code) for code in balances.currencies(tx)}
    if min(held.values()) < 0 and _may_be_debited(account):
        day = rules.payout_day(account["country"], tx.now // DAY) * DAY
        if day != tx.now:
            look_at(tx, day if day > tx.now else day + DAY, subject)
        else:
            for code in (code for code, amount in held.items() if amount < 0):
                _sweep(tx, account, code)
    _end_long_holds(tx, account, subject)


def _end_long_holds(tx: Tx, account: Doc, subject: str) -> None:
    """For how long money may be held is documented; that it is paid out then is assumed.

    Since when something has been held is noted, so that nothing is looked through before its time.
    """
    note, longest = f"{tx.account}/holding", rules.longest_hold(account["country"])
    codes, since = balances.currencies(tx), tx.hidden(note).get("since")
    until = tx.now - longest
    is_over = since is not None and since <= until
    if is_over:
        for code in codes:
            _sweep(tx, account, code, until=until)
    left = [code for code in codes if available(tx, code) > 0]
    if is_over and any(available(tx, code) > _arrived(tx, code, until)[0] for code in left):
        return  # it could not be paid; whoever mends that has the balance looked at
    if not left and since is not None:
        tx.unhide(note)
    elif left and (is_over or since is None):
        since = min(_arrived(tx, code, until)[1] for code in left) if is_over else tx.now
        tx.hide(note, {"since": since})
        look_at(tx, since + longest, subject)


def _arrived(tx: Tx, currency: str, after: int, kind: str | None = None) -> tuple[int, int]:
    """How much has become available since an instant, and when it began to. kind: source type, None
    for all.
    """
    lines = tx.all(BALANCE_TRANSACTIONS, currency=currency)
    lines = (line for line in lines if kind in {None, line.get("source_type", "card")})
    came = [line for line in lines if after < line["available_on"] <= tx.now and line["net"] > 0]
    came = [line for line in came if not _is_aside(line)]
    return sum(line["net"] for line in came), min([tx.now, *(c["available_on"] for c in came)])


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


def _sweep(tx: Tx, account: Doc, currency: str, until: int | None = None) -> None:
    """Pay out what is available, or of that what was by `until`; it waits while the account cannot
    be paid (`look_tomorrow` comes back).
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
        if until is not None:
            part -= _arrived(tx, currency, until, kind)[0]
        if part > 0:
            _sweep_type(tx, account, part, destination, kind, until)


def _sweep_type(
    tx: Tx, account: Doc, held: int, destination: Doc, kind: str, until: int | None
) -> None:
    """Each source type is paid out by itself (documented)."""
    currency = destination["currency"]
    amount = max(0, held - (_least(tx, currency) if kind == "card" else 0))
    amount -= amount % amounts.payout_step(currency)
    if amount >= amounts.payout_minimum(currency):
        if held > amount:
            _keep_back(tx, held - amount, currency, kind)
        _assign(tx, _make(tx, account, amount, destination, kind), kind, until)


def _make(tx: Tx, account: Doc, amount: int, destination: Doc, kind: str = "card") -> Doc:
    descriptor = settings_of(account).get("statement_descriptor")
    carry = {"description": _TEXT, "statement_descriptor": descriptor, "source_type": kind}
    currency = destination["currency"]
    return payouts.make(tx, amount, currency, destination, automatic=True, carry=carry)


def _recover(tx: Tx, account: Doc, currency: str, destination: Doc) -> None:
    """Debit the bank for what the balance is below zero; a debit card cannot be asked."""
    if not _may_be_debited(account):
        return
    if destination["object"] == "bank_account":
        debit = _make(tx, account, available(tx, currency), destination)
        until = rules.reserve_until(account["country"], debit["arrival_date"])
        tx.hide(debited_note(tx.account), {"until": until})
        _assign(tx, debit, "card")


def _may_be_debited(account: Doc) -> bool:
    wanted = settings_of(account).get("debit_negative_balances")
    return bool(wanted) and rules.is_debited(account["country"])


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


def _assign(tx: Tx, payout: Doc, kind: str, until: int | None = None) -> None:
    """Note what the payout pays: all of its source type that is available and went out with no
    earlier one; of what came in, only what was there by `until`.
    """
    ids = tx.setup.store.ids(tx.key(BALANCE_TRANSACTIONS, {"currency": payout["currency"]}))
    note = f"{tx.account}/swept/{payout['currency']}"
    first = at = int(tx.hidden(note).get("first", 0))
    for id_ in ids[first:]:
        doc = tx.get(BALANCE_TRANSACTIONS, id_)
        free = doc["available_on"] <= tx.now and "payout" not in doc
        free = free and doc.get("source_type", "card") == kind and not _is_aside(doc)
        free = free and not (until is not None and doc["net"] > 0 and doc["available_on"] > until)
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
