"""How the questions of `questions.py` are answered, and how to have them answered otherwise.

Who decides, in this order: an answer that came with this very request (a header); an instruction
that was queued; a standing rule (of a scenario); what is usual. Stripe's own magic values stand
above all of them, unless the instruction names the very thing that is asked about (its `where`
holds one of the question's `names`), as the header does, whose request is named by carrying it.

Instructions are documents of the world's store: they are used up in the transaction that asks, and
come back when it is rolled back. An instruction: `question`, `answer`; `where`, what has to match
(a value, a list of values, or bounds `gt`, `gte`, `lt`, `lte`); `times`, how often it answers, None
for ever; `after`, how many matching questions it lets pass first; `chance`, from 0 to 1, by the
world's seed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import orjson

from emulator.kit.questions import questions
from emulator.kit.setup import Doc
from emulator.store import Store

if TYPE_CHECKING:
    from emulator.kit.tx import Tx

WAITING: Final = "answer"
USED: Final = "answer_use"
_SHOWN: Final = 100
_BOUNDS: Final = {
    "gt": lambda value, bound: value > bound,
    "gte": lambda value, bound: value >= bound,
    "lt": lambda value, bound: value < bound,
    "lte": lambda value, bound: value <= bound,
}


def decide(tx: Tx, question: str, usual: str, about: Doc, *, magic: bool | None) -> str:
    """The answer, when there is any instruction at all.

    magic: whether a value of test mode decided `usual`; None when that is to be seen from its
    being another than the question's usual answer.
    """
    facts = questions()[question]
    about = {"account": tx.account, **about}
    for given in tx.caller.answers or ():
        if given["question"] == question:
            given["used"] += 1
            _note(tx, facts.names, {**given, "id": None}, about)
            return str(given["answer"])
    decided = magic if magic is not None else usual != facts.usual
    for doc in _in_order(tx.setup.store):
        if doc["question"] != question or not _fits(tx, doc["where"], about):
            continue
        if decided and facts.names_none(doc["where"]):
            continue
        if _has_its_turn(tx, doc):
            _note(tx, facts.names, doc, about)
            return str(doc["answer"])
    return usual


def put(tx: Tx, instruction: Doc, *, standing: bool = False) -> Doc:
    """Keep a checked instruction; standing ones come after those that were queued."""
    doc = {
        "id": f"ans_{tx.setup.store.count(f'id/{WAITING}'):06d}",
        "question": instruction["question"],
        "answer": instruction["answer"],
        "where": instruction.get("where") or {},
        "times": instruction.get("times", 1),
        "after": instruction.get("after") or 0,
        "chance": instruction.get("chance", 1),
        "standing": standing,
        "seen": 0,
        "used": 0,
        "created": tx.now,
    }
    _keep(tx.setup.store, doc)
    return doc


def waiting(store: Store) -> list[Doc]:
    """The instructions that may still answer, in the order in which they are looked at."""
    return [*_in_order(store)]


def used(store: Store, limit: int = _SHOWN) -> list[Doc]:
    """What was answered by instruction lately, newest first: question, answer, about what, when."""
    last = store.counted(f"id/{USED}")
    raws = (store.raw(USED, _use(number)) for number in range(last, max(0, last - limit), -1))
    return [orjson.loads(raw) for raw in raws if raw]


def forget(store: Store, id_: str) -> bool:
    """Take an instruction away; False when none of this id waits."""
    if store.raw(WAITING, id_) is None:
        return False
    store.delete(WAITING, id_)
    return True


def outlive(tx: Tx, result: Any, given: list[Doc]) -> None:
    """Answers of a header that nobody asked for during the request wait for what it made: its
    result, or, for webhooks, the request's own events.
    """
    for each in given:
        if each["used"]:
            continue
        facts = questions()[each["question"]]
        where = {"request": tx.caller.request} if "request" in facts.about else _named(result)
        if facts.later and where and not facts.names_none(where):
            times = None if "request" in where else 1
            put(tx, {**each, "where": where, "times": times})
            each["used"] += 1


def repeat(store: Store, use: Doc) -> None:
    """Have an instruction used all the same, after the transaction that used it was undone."""
    raw = store.raw(WAITING, use["instruction"] or "")
    if raw is not None:
        doc = orjson.loads(raw)
        doc["seen"] += 1
        doc["used"] += 1
        _turned(store, doc)
    _write(store, use)


# -- inside ---------------------------------------------------------------------------------------


def _in_order(store: Store) -> Iterator[Doc]:
    """Queued before standing, older before newer."""
    found = [orjson.loads(raw) for raw in store.table(WAITING).values()]
    yield from sorted(found, key=lambda doc: (doc["standing"], doc["id"]))


def _fits(tx: Tx, where: Doc, about: Doc) -> bool:
    return all(_matches(tx, name, wanted, about.get(name)) for name, wanted in where.items())


def _matches(tx: Tx, name: str, wanted: Any, value: Any) -> bool:
    if isinstance(wanted, list):
        return any(_matches(tx, name, each, value) for each in wanted)
    if isinstance(wanted, dict):
        if not isinstance(value, int):
            return False
        return all(_BOUNDS[bound](value, limit) for bound, limit in wanted.items())
    if name == "account" and wanted == "platform":
        return bool(value == tx.platform)
    return bool(value == wanted)


def _has_its_turn(tx: Tx, doc: Doc) -> bool:
    """Count a matching question, and whether this instruction answers it."""
    doc["seen"] += 1
    answers = doc["seen"] > doc["after"] and (
        doc["chance"] >= 1 or tx.chance(f"{doc['id']}/{doc['seen']}") < doc["chance"]
    )
    doc["used"] += answers
    _turned(tx.setup.store, doc)
    return bool(answers)


def _turned(store: Store, doc: Doc) -> None:
    """Keep an instruction that was looked at, or drop it once it has answered often enough."""
    if doc["times"] is not None and doc["used"] >= doc["times"]:
        store.delete(WAITING, doc["id"])
    else:
        _keep(store, doc)


def _note(tx: Tx, names: tuple[str, ...], doc: Doc, about: Doc) -> None:
    """Write down which instruction answered, about what."""
    named = (about.get(name) for name in names)
    use = {
        "id": "",
        "instruction": doc["id"],
        "question": doc["question"],
        "answer": doc["answer"],
        "object": next((each for each in named if each), None),
        "about": about,
        "at": tx.now,
        "request": tx.caller.request,
    }
    _write(tx.setup.store, use)


def _write(store: Store, use: Doc) -> None:
    id_ = _use(store.count(f"id/{USED}"))
    store.put(USED, id_, orjson.dumps({**use, "id": id_}))


def _use(number: int) -> str:
    return f"use_{number:09d}"


def _keep(store: Store, doc: Doc) -> None:
    store.put(WAITING, doc["id"], orjson.dumps(doc))


def _named(result: Any) -> Doc:
    """What a request answered with, as a `where`: {"payout": "po_…"}."""
    if isinstance(result, dict) and isinstance(result.get("id"), str):
        return {str(result["object"]): result["id"]}
    return {}
