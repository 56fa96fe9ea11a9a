"""Which questions there are, which instructions wait to answer them, and which have."""

from __future__ import annotations

from typing import Any, Final

from emulator.control.calls import Found, Schema
from emulator.kernel.errors import answers as refusals
from emulator.kernel.errors.control import check_names
from emulator.kit import answers, instructions
from emulator.kit.questions import questions
from emulator.world import World

_MOST: Final = 10_000

_INSTRUCTION: Final[Schema] = {
    "question": {"type": "string", "description": "the name of a question"},
    "answer": {"type": "string", "description": "a text: one of the question's answers"},
    "where": {"type": ["object", "null"], "description": "a hash of what has to match"},
    "times": {
        "type": ["integer", "null"],
        "minimum": 1,
        "description": "a whole number from 1, or null for ever",
    },
    "after": {"type": "integer", "minimum": 0, "description": "a whole number from 0"},
    "chance": {
        "type": "number",
        "minimum": 0,
        "maximum": 1,
        "description": "a number from 0 to 1",
    },
}
BODY: Final[Schema] = {
    **_INSTRUCTION,
    "answers": {
        "type": "array",
        "minItems": 1,
        "maxItems": _MOST,
        "items": {
            "type": "object",
            "properties": _INSTRUCTION,
            "additionalProperties": False,
            "description": "an instruction",
        },
        "description": f"a list of 1 to {_MOST} instructions",
    },
    "standing": {
        "type": "boolean",
        "description": "true or false: whether they come after those that were queued",
    },
}


async def table(_world: World, _body: Found) -> Found:
    """GET /_emulator/questions: what can be asked, about what, and what can be answered."""
    return {
        "data": [
            {
                "question": each.name,
                "text": each.text,
                "usual": each.usual,
                "answers": [*each.answers],
                "patterns": each.patterns,
                "about": [*each.about],
                "names": [*each.names],
            }
            for each in questions().values()
        ]
    }


async def show(world: World, _body: Found) -> Found:
    """GET /_emulator/answers: the instructions that wait, and what was answered by some."""
    store = world.setup.store
    return {"data": answers.waiting(store), "used": answers.used(store)}


async def add(world: World, body: Found) -> Found:
    """POST /_emulator/answers: one instruction, a list of them, or {"answers": [...]}.

    All are kept, or, when one is wrong, none.
    """
    standing = body.pop("standing", False)
    if "answers" in body:
        check_names(body, ("answers",))
    return {"data": queue(world, body.get("answers", [body]), standing=standing)}


def queue(world: World, given: list[Any], *, standing: bool = False) -> list[Found]:
    """Check and keep instructions. standing: whether they come after those that were queued."""
    checked = [instructions.check(each) for each in given]
    with world.transaction(world.caller()) as tx:
        return [answers.put(tx, each, standing=standing) for each in checked]


async def forget(world: World, body: Found) -> Found:
    """DELETE /_emulator/answers and /_emulator/answers/{id}: take instructions away unused."""
    store = world.setup.store
    ids = [body["id"]] if "id" in body else [each["id"] for each in answers.waiting(store)]
    with store.transaction():
        for id_ in ids:
            if not answers.forget(store, id_):
                raise refusals.no_such_instruction(id_)
    return {"deleted": ids}
