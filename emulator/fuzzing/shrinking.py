"""From a finding among thousands of requests to the few that bring it about again, as a
scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from emulator.fuzzing.checks import Fault, of_answer
from emulator.fuzzing.line import Exchange, Line
from emulator.scenario import Asked

Steps = list[Exchange]
Judge = Callable[[Exchange], Fault | None]
_MOST_TRIES: Final = 40
_READS: Final = frozenset({"GET"})


def reduced(
    journal: Sequence[Exchange],
    fault: Fault,
    fresh: Callable[[], Line],
    judge: Judge = of_answer,
) -> Steps | None:
    """The shortest story found that ends in the same fault; None when it does not come again.

    journal: what was asked, the faulty request last. fresh: a line to a world that holds nothing.
    judge: tells the fault of an answer.
    """

    def recurs(steps: Steps) -> bool:
        return _recurs(steps, fault, fresh(), judge)

    steps = _needed(journal)
    if not recurs(steps):
        return None
    last = steps[-1]
    for name in [*last.asked.with_][:_MOST_TRIES]:
        fewer = {key: value for key, value in steps[-1].asked.with_.items() if key != name}
        asked = replace(steps[-1].asked, with_=fewer)
        tried = [*steps[:-1], Exchange(asked, last.answered)]
        if recurs(tried):
            steps = tried
    return steps


def scenario(steps: Steps, fault: Fault) -> dict[str, Any]:
    """A scenario file: what is asked, with references where ids stood."""
    when = []
    names: dict[str, str] = {}
    for number, (asked, answered) in enumerate(steps, 1):
        step: dict[str, Any] = {asked.method.lower(): _told(asked.path, names)}
        if asked.with_:
            step["with"] = _told(asked.with_, names)
        if asked.version:
            step["version"] = asked.version
        if asked.account:
            step["on"] = _told(asked.account, names)
        if number < len(steps):
            step["name"] = f"step_{number}"
        when.append(step)
        for id_, way in _ids(answered.body).items():
            names.setdefault(id_, f"${{step_{number}.{way}}}")
    return {"about": f"Found by fuzzing: {fault.check}. {fault.message}"[:2_000], "when": when}


def _needed(journal: Sequence[Exchange]) -> Steps:
    """The last request, and before it those that made what it names, and what those name."""
    steps = [journal[-1]]
    named = _texts(journal[-1].asked)
    for exchange in reversed(journal[:-1]):
        if exchange.asked.method in _READS or exchange.answered.status != 200:
            continue
        made = _ids(exchange.answered.body).keys() & named
        if made:
            steps.insert(0, exchange)
            named = (named - made) | _texts(exchange.asked)
    return steps


def _recurs(steps: Steps, fault: Fault, line: Line, judge: Judge) -> bool:
    """Ask it all anew, with the ids of the new world."""
    anew: dict[str, str] = {}
    for asked, answered in steps:
        again = replace(
            asked,
            path=_told(asked.path, anew),
            with_=_told(asked.with_, anew),
            account=asked.account and _told(asked.account, anew),
        )
        exchange = Exchange(again, line.ask(again))
        found = judge(exchange)
        if found is not None and (found.check, found.operation) == (fault.check, fault.operation):
            return True
        now = _ids(exchange.answered.body)
        for id_, way in _ids(answered.body).items():
            for other, other_way in now.items():
                if way == other_way:
                    anew[id_] = other
    return False


def _ids(body: Any, way: str = "") -> dict[str, str]:
    """Every id in an answer, and the way to it: `id`, `items.data.0.id`, `latest_charge`."""
    found: dict[str, str] = {}
    pairs = enumerate(body) if isinstance(body, list) else ()
    if isinstance(body, dict):
        pairs = body.items()  # type: ignore[assignment]
    for name, value in pairs:
        place = f"{way}.{name}" if way else str(name)
        if isinstance(value, str) and "_" in value and len(value) > 10 and " " not in value:
            found.setdefault(value, place)
        else:
            found |= {id_: at for id_, at in _ids(value, place).items() if id_ not in found}
    return found


def _texts(asked: Asked) -> set[str]:
    """What a request could name: each step of its path and each text in its parameters, and the
    account on which it is made.
    """
    found = {*asked.path.partition("?")[0].split("/"), asked.account or ""}
    waiting: list[Any] = [asked.with_]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, Mapping):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return found


def _told(value: Any, names: Mapping[str, str]) -> Any:
    """A value with ids replaced by what they are called now."""
    if isinstance(value, str):
        if value.startswith("/"):
            return "/".join(names.get(step, step) for step in value.split("/"))
        return names.get(value, value)
    if isinstance(value, Mapping):
        return {name: _told(inner, names) for name, inner in value.items()}
    return [_told(inner, names) for inner in value] if isinstance(value, list) else value
