"""How a transaction moves money, and how the moves become balance transactions."""

from __future__ import annotations

from typing import Final, NamedTuple

from emulator.contract.blanks import blank
from emulator.kernel.instants import DAY
from emulator.kit.resource import Resource
from emulator.kit.setup import Doc
from emulator.kit.tx import Tx
from emulator.ledger import RISK, SOURCE_TYPES, Entry, Line, Move, balance_of

_LOOKS: Final = "look"
_LOOK: Final = "settle"


def _with_status(tx: Tx, doc: Doc) -> Doc:
    """Whether it is available is a question about time, so it is answered when somebody looks.

    Kept for ourselves alone: `payout`, the automatic payout that it went out with, and
    `source_type` where that is not `card`.
    """
    doc.pop("payout", None)
    doc.pop("source_type", None)
    doc["status"] = "available" if doc["available_on"] <= tx.now else "pending"
    return doc


BALANCE_TRANSACTIONS = Resource(
    "balance_transaction",
    prefix="txn",
    filters=("source", "type", "currency", "payout"),
    ranges=("available_on",),
    view=_with_status,
)


class Note(NamedTuple):
    """What a balance transaction says beyond its amounts.

    source: the object that caused it, None where there is none. exchange_rate: settlement per
    presentment minor unit, if any.
    """

    source: str | None
    description: str | None = None
    exchange_rate: float | None = None


def post(
    tx: Tx,
    cause: str,
    moves: list[Move],
    notes: dict[str, Note],
    available_on: int | None = None,
) -> dict[str, str]:
    """Write one entry into the book.

    notes: by type of balance transaction, what each side's line says; a line without one takes
    `cause`. available_on: instant in seconds; now when None. Returns type -> id of the balance
    transaction.
    """
    settles = tx.now if available_on is None else max(available_on, tx.now)
    lines = tx.book.post(Entry(cause, tx.now, settles, tuple(moves)))
    return {line.type: _record(tx.on(line.account), line, notes, cause, settles) for line in lines}


def available(tx: Tx, currency: str, source_type: str | None = None) -> int:
    """What this account could pay out now, in minor units: of one source type, or of all."""
    book, now = tx.book, tx.now
    return sum(book.available(pocket, currency, by=now) for pocket in _pockets(tx, source_type))


def pending(tx: Tx, currency: str, source_type: str | None = None) -> int:
    """What this account will have later, in minor units."""
    total = sum(tx.book.total(pocket, currency) for pocket in _pockets(tx, source_type))
    return total - available(tx, currency, source_type)


def _pockets(tx: Tx, source_type: str | None) -> list[str]:
    types = SOURCE_TYPES if source_type is None else (source_type,)
    return [balance_of(tx.account, each) for each in types]


def look_at(tx: Tx, when: int, subject: str, *, announce: bool = False) -> None:
    """See to it that somebody looks at this account's balance at an instant, once for each instant.

    subject: a balance transaction of the account. announce: whether money becomes available then.
    """
    key = f"{tx.account}/{max(when, tx.now)}"
    if _LOOK not in BALANCE_TRANSACTIONS.jobs or tx.setup.store.raw(_LOOKS, key) is not None:
        return
    tx.setup.store.put(_LOOKS, key, b"")
    tx.later(when, BALANCE_TRANSACTIONS, _LOOK, subject, announce=announce)


def look_tomorrow(tx: Tx) -> None:
    """Have this account's balance looked at when the next day begins, if it ever held anything."""
    ids = tx.setup.store.ids(tx.key(BALANCE_TRANSACTIONS, {}))
    if ids:
        look_at(tx, (tx.now // DAY + 1) * DAY, ids[-1])


def looked(tx: Tx) -> None:
    """The look that was due now has happened; another may be asked for."""
    tx.setup.store.delete(_LOOKS, f"{tx.account}/{tx.now}")


def reserve_note(account: str) -> str:
    """Where it is noted what Stripe holds back from the platform because this account is below
    zero.
    """
    return f"{account}/reserve"


def debited_note(account: str) -> str:
    """Where it is noted until when a reserve stays, as a bank was debited: {"until": instant}."""
    return f"{account}/debited"


def waiting_note(account: str) -> str:
    """Where it is noted which refunds of an account wait: {id: how they will end}."""
    return f"{account}/refunds"


def _wake(tx: Tx, line: Line, doc: Doc) -> None:
    """Who is to look at the balance after a change: at once below zero, when it is available, or
    tomorrow.
    """
    noted = tx.setup.store.raw
    reserved = noted("hidden", reserve_note(tx.account)) is not None
    waited_for = noted("hidden", waiting_note(tx.account)) is not None
    below = not tx.is_platform and (reserved or available(tx, line.currency) < 0)
    if below or waited_for:
        look_at(tx, tx.now, doc["id"])
    later = doc["available_on"] > tx.now
    tomorrow = (tx.now // DAY + 1) * DAY
    look_at(tx, doc["available_on"] if later else tomorrow, doc["id"], announce=later)


def _record(tx: Tx, line: Line, notes: dict[str, Note], cause: str, settles: int) -> str:
    note = notes.get(line.type) or Note(cause)
    doc = blank("balance_transaction")
    doc |= {
        "id": tx.kin_id("txn", note.source or ""),
        "amount": line.amount,
        "available_on": settles,
        "created": tx.now,
        "currency": line.currency,
        "description": note.description,
        "exchange_rate": note.exchange_rate,
        "fee": line.fee,
        "fee_details": [_named(tx, detail) for detail in line.fee_details],
        "net": line.net,
        "reporting_category": line.category,
        "source": note.source,
        "type": line.type,
    }
    if line.source_type == RISK:
        doc["balance_type"] = RISK
    elif line.source_type != "card":
        doc["source_type"] = line.source_type
    tx.save(BALANCE_TRANSACTIONS, doc)
    _wake(tx, line, doc)
    return str(doc["id"])


def _named(tx: Tx, detail: Doc) -> Doc:
    if detail["type"] == "application_fee":
        return {**detail, "application": tx.setup.application}
    return detail
