"""GET /_emulator/trace/{id}: where each cent of an object went, entry by entry, on every account.

An entry shows its moves, pocket to pocket, and the balance transactions that it left on each
balance. Pockets are `acct_…/balance` (`acct_…/balance.risk_reserved` for what is kept aside of it),
`acct_…/reserve` (held back from it), `acct_…/cash` (sent by its customers, and no payment yet),
`outside/card_network`, `outside/bank`, `outside/exchange`, `stripe/fees`, `stripe/early` (on its
way to another day), and `stripe/own` for what Stripe gives and takes of its own accord.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from typing import Any, Final

from emulator.control import kin
from emulator.kernel.currency import display
from emulator.kernel.errors import objects
from emulator.kernel.instants import legible
from emulator.kit import BALANCE_TRANSACTIONS, Doc, Tx
from emulator.ledger import (
    BANK,
    CARD_NETWORK,
    EARLY,
    EXCHANGE,
    STRIPE,
    STRIPE_FEES,
    Entry,
    Line,
    Move,
)
from emulator.ledger.moves import lines
from emulator.resources import RESOURCES
from emulator.resources.accounts.state import ACCOUNTS
from emulator.world import World

Found = dict[str, Any]
# What the line of an entry and its balance transaction have in common.
_Mark = tuple[str, str, str, int, int, int]

_SHOWN: Final = (
    "id",
    "type",
    "reporting_category",
    "amount",
    "fee",
    "net",
    "currency",
    "available_on",
    "source",
    "description",
)
_PLACES: Final = {
    BANK: "bank",
    CARD_NETWORK: "card network",
    EXCHANGE: "exchange",
    EARLY: "available early",
    STRIPE: "Stripe itself",
    STRIPE_FEES: "Stripe's fees",
}


def trace(world: World, id_: str) -> Found:
    """Every entry that an object and its consequences caused, oldest first, and what they sum to.

    id_: an object of any account: payment intent, charge, transfer, fee, refund, reversal, dispute,
    payout, top-up, balance transaction, or an account for all that touched its balance. Amounts
    are minor units, instants seconds. holds: by pocket and currency; each currency sums to zero.
    """
    with world.transaction(world.caller()) as tx:
        found = kin.find(tx, id_)
        if found is None:
            raise objects.no_such("object", id_)
        resource, doc = found
        causes = kin.causes(tx, resource, doc)
        entries = [entry for entry in _all(tx) if _concerns(entry, resource.name, causes)]
        return {
            "id": id_,
            "object": resource.name,
            "account": id_ if resource is ACCOUNTS else tx.owner(id_),
            "amount": doc.get("amount"),
            "currency": doc.get("currency"),
            "entries": entries,
            "holds": _held(entries),
        }


async def answer(world: World, params: Found) -> Found | str:
    """GET /_emulator/trace/{id}: as JSON or, with ?format=text, to be read by people."""
    found = trace(world, params["id"])
    return as_text(found) if params.get("format") == "text" else found


def as_text(found: Found) -> str:
    """The same, to be read by people."""
    return "\n".join(_told(found)) + "\n"


# -- finding --------------------------------------------------------------------------------------


def _all(tx: Tx) -> Iterator[Found]:
    """Every entry of the book, each with the balance transactions that came of it.

    The book does not know them; both were written in the same order with the same figures.
    """
    written = _by_mark(tx)
    for number, entry in tx.book.entries():
        yield {
            "number": number,
            "cause": entry.cause,
            "object": _name(tx, entry.cause),
            "created": entry.created,
            "available_on": entry.available_on,
            "moves": [move_shown(move) for move in entry.moves],
            "balance_transactions": [
                _shown(tx, line.account, written[_mark(line, entry)].popleft())
                for line in lines(entry)
            ],
        }


def _by_mark(tx: Tx) -> dict[_Mark, deque[Doc]]:
    found: dict[_Mark, deque[Doc]] = defaultdict(deque)
    raw = tx.setup.store.table(BALANCE_TRANSACTIONS.name)
    for id_ in sorted(raw, key=tx.setup.store.sequence):
        doc, account = tx.peek(BALANCE_TRANSACTIONS, id_), tx.owner(id_)
        assert doc is not None
        assert account is not None
        mark = (account, doc["type"], doc["currency"], doc["amount"], doc["fee"], doc["created"])
        found[mark].append(doc)
    return found


def _mark(line: Line, entry: Entry) -> _Mark:
    return (line.account, line.type, line.currency, line.amount, line.fee, entry.created)


def _name(tx: Tx, id_: str) -> str | None:
    found = (name for name in RESOURCES if tx.setup.store.raw(name, id_) is not None)
    return next(found, None)


def move_shown(move: Move) -> Found:
    """A move as the control API shows it."""
    shown = {"kind": move.kind, "from": move.source, "to": move.target}
    return {**shown, "amount": move.amount, "currency": move.currency, "fee": move.fee}


def _shown(tx: Tx, account: str, doc: Doc) -> Found:
    """payout: the automatic payout that it left with, if it has."""
    status = "available" if doc["available_on"] <= tx.now else "pending"
    shown = {name: doc[name] for name in _SHOWN}
    return {"account": account, **shown, "status": status, "payout": doc.get("payout")}


def _concerns(entry: Found, name: str, causes: set[str]) -> bool:
    if name == ACCOUNTS.name:
        ends = {move[end].partition("/")[0] for move in entry["moves"] for end in ("from", "to")}
        return not causes.isdisjoint(ends)
    if name == BALANCE_TRANSACTIONS.name:
        return any(each["id"] in causes for each in entry["balance_transactions"])
    return entry["cause"] in causes


def _held(entries: list[Found]) -> list[Found]:
    sums: Counter[tuple[str, str]] = Counter()
    for move in (move for entry in entries for move in entry["moves"]):
        sums[move["from"], move["currency"]] -= move["amount"]
        sums[move["to"], move["currency"]] += move["amount"]
    return [
        {"pocket": pocket, "currency": currency, "amount": amount}
        for (pocket, currency), amount in sorted(sums.items())
        if amount
    ]


# -- telling --------------------------------------------------------------------------------------


def _told(found: Found) -> Iterator[str]:
    about = f"{found['object'].replace('_', ' ')} {found['id']} on {found['account']}"
    if found["amount"] is not None and found["currency"]:
        about += f": {display(found['amount'], found['currency'])}"
    yield about
    for entry in found["entries"]:
        yield ""
        cause = f"{entry['object']} {entry['cause']}" if entry["object"] else entry["cause"]
        yield f"{legible(entry['created'])}  {cause}"
        yield from (_told_move(move) for move in entry["moves"])
        yield from (_told_line(line) for line in entry["balance_transactions"])
    yield ""
    if not found["entries"]:
        yield "No money moved."
        return
    if found["holds"]:
        yield "Where it is"
    for held in found["holds"]:
        yield f"  {display(held['amount'], held['currency']):>14}  {_place(held['pocket'])}"


def _told_move(move: Found) -> str:
    amount = display(move["amount"], move["currency"])
    way = f"{_place(move['from'])} -> {_place(move['to'])}"
    return f"  {amount:>14}  {way}  {move['kind'].replace('_', ' ')}"


def _told_line(line: Found) -> str:
    sums = ", ".join(
        f"{name} {display(line[name], line['currency'])}" for name in ("amount", "fee", "net")
    )
    free = "available" if line["status"] == "available" else f"pending to {_day(line)}"
    out = f", paid out by {line['payout']}" if line["payout"] else ""
    return f"{'':>18}{line['id']} on {line['account']}: {line['type']}, {sums}, {free}{out}"


def _place(pocket: str) -> str:
    return _PLACES.get(pocket) or pocket.removesuffix("/balance").replace("/balance.", " ")


def _day(line: Found) -> str:
    return legible(line["available_on"])[:10]
