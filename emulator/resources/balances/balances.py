"""The balance: what an account holds, read off the book at this instant.

`available` can be paid out, `pending` becomes available later, `connect_reserved` is held back from
the platform while accounts it answers for are below zero, `instant_available` can leave by Instant
Payout.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from emulator.contract.blanks import blank
from emulator.kernel.errors.requests import not_expandable
from emulator.kernel.instants import DAY
from emulator.kit import (
    BALANCE_TRANSACTIONS,
    Doc,
    Note,
    Params,
    Resource,
    Tx,
    available,
    pending,
    post,
)
from emulator.kit.money import debited_note, look_at, reserve_note
from emulator.ledger import (
    EARLY,
    OWN,
    SOURCE_TYPES,
    STRIPE,
    Move,
    balance_of,
    own_kind,
    reserve_of,
)
from emulator.resources.accounts.state import account_seen, currency_of
from emulator.resources.transfers.receiving import is_liable
from emulator.rules import amounts, instant

_COLLECTED_AFTER_SECONDS: Final = 180 * DAY

BALANCES: Final = Resource("balance", prefix="")


@BALANCES.on("GET /v1/balance")
def retrieve(tx: Tx, _params: Params) -> Doc:
    return shown(tx)


def shown(tx: Tx) -> Doc:
    """The balance object of this account; one entry for each currency it ever held."""
    doc = blank("balance")
    held = currencies(tx)
    doc["available"] = [_by_type(tx, code, available) for code in held]
    doc["pending"] = [_by_type(tx, code, pending) for code in held]
    fast = [code for code in held if _is_instant(tx, code)]
    doc["instant_available"] = [_amount(code, instant_available(tx, code)) for code in fast]
    if tx.is_platform:
        doc["connect_reserved"] = [
            {"amount": tx.book.total(reserve_of(tx.account), code), "currency": code}
            for code in held
        ]
    return {"object": doc.pop("object"), **dict(sorted(doc.items()))}


def currencies(tx: Tx) -> list[str]:
    """The currencies of this account's balance, its own first."""
    own = currency_of(tx)
    pockets = [balance_of(tx.account, each) for each in SOURCE_TYPES]
    held = sorted({code for pocket in pockets for code in tx.book.currencies(pocket)})
    return [own, *(code for code in held if code != own)]


def instant_available(tx: Tx, currency: str) -> int:
    """What may leave by Instant Payout, in minor units; pending funds count (documented)."""
    held = available(tx, currency, "card") + pending(tx, currency, "card")
    most = instant.MOST_AVAILABLE if tx.is_platform else held
    return max(0, min(held, most))


def _is_instant(tx: Tx, currency: str) -> bool:
    """Whether Instant Payouts in a currency are possible here."""
    if amounts.instant_payout_limits(currency) is None:
        return False
    return tx.is_platform or bool(_fast_accounts(tx, currency))


def _fast_accounts(tx: Tx, currency: str) -> list[Doc]:
    held = (account_seen(tx).get("external_accounts") or {"data": []})["data"]
    return [
        each
        for each in held
        if each["currency"] == currency and "instant" in (each["available_payout_methods"] or ())
    ]


def _by_type(tx: Tx, currency: str, part: Callable[[Tx, str, str], int]) -> Doc:
    """An entry of the balance; source types other than cards are named where they have anything."""
    sums = {kind: part(tx, currency, kind) for kind in SOURCE_TYPES}
    types = {kind: amount for kind, amount in sums.items() if amount or kind == "card"}
    shown = dict(sorted(types.items()))
    return {"amount": sum(sums.values()), "currency": currency, "source_types": shown}


def _amount(currency: str, amount: int) -> Doc:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}


def _net_available(tx: Tx, entry: Doc) -> list[Doc]:
    """What would arrive at each external account after the platform's fee: shown of connected
    accounts alone (documented).
    """
    if tx.is_platform:
        raise not_expandable("instant_available.net_available")
    net = instant.net(entry["amount"], instant.fee_bps(tx.setup.settings))
    return [
        {"amount": net, "destination": each["id"], "source_types": {"card": net}}
        for each in _fast_accounts(tx, entry["currency"])
    ]


BALANCES.includes = {"instant_available.net_available": _net_available}


def advance(tx: Tx, amount: int, currency: str, payout: str) -> None:
    """Make `amount` minor units available for an Instant Payout, as far as they are not: taken
    from what is pending, in a line of its own for each day (documented).
    """
    short = amount - available(tx, currency, "card")
    if short <= 0:
        return
    here, left = balance_of(tx.account), short
    for day, held in sorted(_pending_days(tx, currency).items()):
        part = min(max(held, 0), left)
        if part:
            note = {"advance_funding": Note(payout, "Advance funding")}
            move = Move("advance_funding", here, EARLY, part, currency)
            post(tx, payout, [move], note, day)
            left -= part
    move = Move("advance", EARLY, here, short - left, currency)
    post(tx, payout, [move], {"advance": Note(payout, "Advance")})


def _pending_days(tx: Tx, currency: str) -> dict[int, int]:
    """What becomes available of cards' money, by the instant at which it does."""
    days: dict[int, int] = {}
    for doc in tx.all(BALANCE_TRANSACTIONS, currency=currency):
        if doc["available_on"] > tx.now and doc.get("source_type", "card") == "card":
            days[doc["available_on"]] = days.get(doc["available_on"], 0) + doc["net"]
    return days


# -- what the platform answers for ----------------------------------------------------------------


def hold_reserve(tx: Tx, subject: str) -> None:
    """Hold back from the platform what this account is below zero by, or give it back.

    subject: the balance transaction that led here.
    """
    if tx.is_platform or not is_liable(tx):
        return
    note = reserve_note(tx.account)
    held: dict[str, int] = tx.hidden(note)
    for code in currencies(tx):
        needed = max(0, -available(tx, code))
        change = needed - held.get(code, 0)
        if change == 0 or (change < 0 and _stays(tx, subject)):
            continue
        if not held.get(code):
            _foresee_collection(tx, code, subject)
        held[code] = needed
        _move_reserve(tx, code, change, subject)
    left = {code: amount for code, amount in held.items() if amount}
    if left:
        tx.hide(note, left)
    else:
        tx.unhide(note)


def _stays(tx: Tx, subject: str) -> bool:
    """Whether nothing is given back yet, as a bank was debited and may still refuse."""
    until = int(tx.hidden(debited_note(tx.account)).get("until", 0))
    if until > tx.now:
        look_at(tx, until, subject)
    return until > tx.now


def _move_reserve(tx: Tx, currency: str, change: int, subject: str) -> None:
    platform = tx.on(tx.platform)
    free, kept = balance_of(platform.account), reserve_of(platform.account)
    if change > 0:
        move = Move("reserve", free, kept, change, currency)
    else:
        move = Move("reserve_release", kept, free, -change, currency)
    text = f"Reserve for the negative balance of {tx.account}"
    post(platform, subject, [move], {"reserve_transaction": Note(tx.account, text)})


def _foresee_collection(tx: Tx, currency: str, subject: str) -> None:
    """Half a year below zero, and the platform pays."""
    note = f"{tx.account}/negative/{currency}"
    tx.hide(note, {"since": tx.now})
    when = tx.now + _COLLECTED_AFTER_SECONDS
    tx.later(when, BALANCE_TRANSACTIONS, "collect", subject, currency=currency, since=tx.now)


@BALANCE_TRANSACTIONS.job
def collect(tx: Tx, doc: Doc, currency: str, since: int) -> None:
    """What an account has been below zero by since then is taken from its platform (documented)."""
    below = -available(tx, currency)
    noted = tx.hidden(f"{tx.account}/negative/{currency}").get("since")
    if below <= 0 or noted != since or not is_liable(tx):
        return
    kind, give, take = "connect_collection_transfer", tx.platform, tx.account
    move = Move(kind, balance_of(give), balance_of(take), below, currency)
    text = f"Collection of the negative balance of {tx.account}"
    post(tx, doc["id"], [move], {kind: Note(tx.account, text)})


# -- out of turn ----------------------------------------------------------------------------------


def release(tx: Tx, currency: str | None = None) -> list[Doc]:
    """Make what is pending available now, in one currency or in all; the balance transactions that
    were pending come back.
    """
    found = [doc for doc in tx.all(BALANCE_TRANSACTIONS) if doc["available_on"] > tx.now]
    found = [doc for doc in found if currency in {None, doc["currency"]}]
    parts: dict[tuple[str, int], int] = {}
    for doc in found:
        part = (doc["currency"], doc["available_on"])
        parts[part] = parts.get(part, 0) + doc["net"]
        tx.save(BALANCE_TRANSACTIONS, doc | {"available_on": tx.now})
    for (code, day), amount in parts.items():
        _bring_forward(tx, code, day, amount)
    if found:
        look_at(tx, tx.now, found[0]["id"], announce=True)
    return found


def _bring_forward(tx: Tx, currency: str, day: int, amount: int) -> None:
    """Move a part of the balance from its day to now, in two entries that show no line."""
    here, kind = balance_of(tx.account), "availability"
    if amount:
        ways = ((here, EARLY), (EARLY, here)) if amount > 0 else ((EARLY, here), (here, EARLY))
        later, now = (Move(kind, *way, abs(amount), currency) for way in ways)
        post(tx, tx.account, [later], {}, day)
        post(tx, tx.account, [now], {})


def correct(
    tx: Tx,
    what: str,
    amount: int,
    currency: str,
    *,
    description: str | None = None,
    source: str | None = None,
    available_on: int | None = None,
) -> str:
    """Stripe does something to a balance of its own accord; returns the balance transaction's id.

    what: one of `OWN`. amount: minor units, negative to take. source: the object it is about.
    """
    here, kind = balance_of(tx.account), own_kind(what, gives=amount > 0)
    way = (STRIPE, here) if amount > 0 else (here, STRIPE)
    note = {OWN[what].type: Note(source, description)}
    move = Move(kind, *way, abs(amount), currency)
    return post(tx, tx.account, [move], note, available_on)[OWN[what].type]
