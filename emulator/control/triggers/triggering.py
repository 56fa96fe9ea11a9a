"""Triggering an event: its recipe is carried out by ordinary requests and simulators, as a client
would, and the event is the one that comes of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from emulator.contract.nearest import nearest
from emulator.control import kin
from emulator.control.calls import Call, Found, Schema
from emulator.control.scenarios import Stage
from emulator.control.simulating import event_shown, simulators, watching
from emulator.control.triggers import recipes
from emulator.control.triggers.recipes import Step
from emulator.control.triggers.rewriting import rewritten
from emulator.kernel.errors import objects
from emulator.kernel.errors import triggering as refusals
from emulator.kit import Doc
from emulator.scenario import Ask, Asked
from emulator.scenario.references import Unresolved, resolve
from emulator.world import World

_TEXTS: Final[Schema] = {"type": "array", "items": {"type": "string"}, "maxItems": 100}
_CHANGES: Final = "a list of texts, such as payment_intent:amount=5000"
BODY: Final[Schema] = {
    "event": {"type": "string", "description": "an event type, such as payout.failed"},
    "account": {
        "type": ["string", "null"],
        "description": "the id of a connected account (acct_…)",
    },
    "on": {"type": ["string", "null"], "description": "the id of an object that is there already"},
    "override": {**_TEXTS, "description": _CHANGES},
    "add": {**_TEXTS, "description": _CHANGES},
    "remove": {**_TEXTS, "description": "a list of texts, such as customer:description"},
    "skip": {**_TEXTS, "description": "a list of names of steps"},
}


def calls(stage: Stage) -> tuple[Call, ...]:
    """The calls of triggers. stage: knows how a world is asked."""

    async def run(world: World, body: Found) -> Found:
        assert stage.ask_in is not None
        return await trigger(world, body, stage.ask_in(world.name))

    return (
        Call("listTriggers", "GET", "/trigger", "What can be triggered, step by step.", table),
        Call(
            "trigger",
            "POST",
            "/trigger",
            "Make an event happen, by the requests and simulators that lead to it.",
            run,
            body=BODY,
            needs=("event",),
            errors={404: "Nothing triggers this event, or there is no such object."},
            notes=False,  # what it asks is noted
        ),
    )


async def table(_world: World, _body: Found) -> Found:
    """GET /_emulator/trigger: every event type that can be triggered, with its steps."""
    return {
        "data": [
            {"event": each, "steps": [_told(step) for step in recipes.steps(each)]}
            for each in recipes.event_types()
        ]
    }


async def trigger(world: World, body: Found, ask: Ask) -> Found:
    """POST /_emulator/trigger: {event, account?, on?, override?, add?, remove?, skip?}.

    Returns {event, events, objects, steps}: the event that was wanted, all that happened, and what
    each step of a name returned.
    """
    event = body["event"]
    if event not in recipes.event_types():
        raise refusals.no_such_trigger(event, nearest(event, recipes.event_types()))
    steps, given = rewritten(recipes.steps(event), body)
    played = _Played(world, ask, body.get("account"))
    steps = played.place(steps, given, body.get("on"))
    with watching(world) as seen:
        for step in steps:
            await played.step(step)
        world.catch_up()
    with world.transaction(world.caller()) as tx:
        events = [event_shown(tx, id_) for id_ in seen]
    wanted = [each for each in events if each["type"] == event]
    if not wanted:
        raise refusals.did_not_happen(event, [each["type"] for each in events])
    return {
        "event": wanted[-1],
        "events": events,
        "objects": {n: {"id": d.get("id"), "object": d.get("object")} for n, d in played.made()},
        "steps": played.told,
    }


class _Played:
    """A recipe on its way. account: on which its steps act, the platform's when None."""

    def __init__(self, world: World, ask: Ask, account: str | None) -> None:
        self._world = world
        self._ask = ask
        self._account = account
        self._names: dict[str, Any] = {"world": {"number": world.requests}}
        self.told: list[Found] = []

    def made(self) -> Iterator[tuple[str, Doc]]:
        """What steps of a name returned, by that name."""
        for name, value in self._names.items():
            if isinstance(value, dict) and "object" in value:
                yield name, value

    def place(self, steps: list[Step], given: dict[str, str], on: str | None) -> list[Step]:
        """Let objects that are there take the place of steps that would make them."""
        if self._account is not None:
            self._find(self._account)
            makers = [step for step in steps if step.makes == "account"]
            if makers:
                given = {makers[0].name: self._account, **given}
                self._account = None
        if on is not None:
            given = {self._maker(steps, on).name: on, **given}
        for name, id_ in given.items():
            self._names[name], owner = self._find(id_)
            if owner is not None:
                self._account = owner
            steps = [*recipes.without(steps, name)]
        return steps

    async def step(self, step: Step) -> None:
        """Carry out one step; a refusal that is not wanted ends it all."""
        try:
            asked = self._asked(step)
        except Unresolved as problem:
            raise refusals.reference_unresolved(step.name or step.path, str(problem)) from None
        answer = await self._ask(asked)
        what = f"{asked.method} {asked.path}"
        self.told.append({"name": step.name or None, "request": what, "status": answer.status})
        if answer.status >= 400 and not step.refused:
            raise refusals.step_refused(step.name or "A step", what, answer.error)
        if step.name:
            found = answer.body
            self._names[step.name] = found["object"] if step.simulates else found

    # -- inside -----------------------------------------------------------------------------------

    def _asked(self, step: Step) -> Asked:
        params = resolve(step.with_, self._names)
        if step.simulates:
            takes = simulators()[step.path].call.body
            if self._account is not None and "account" in takes:
                params = {"account": self._account, **params}
            return Asked("POST", f"/_emulator/simulate/{step.path}", params)
        path = resolve(step.path, self._names)
        account = resolve(step.on, self._names) if step.on else self._account
        return Asked(step.method, path, params, account=account, version=step.version)

    def _find(self, id_: str) -> tuple[Doc, str | None]:
        """An object of the world, and the connected account it belongs to, if it is one's."""
        with self._world.transaction(self._world.caller()) as tx:
            found = kin.find(tx, id_)
            if found is None or found[1].get("deleted"):
                raise objects.no_such("object", id_, "on", 404)
            owner = tx.owner(id_)
            connected = owner not in {None, tx.platform, id_}
            return dict(found[1]), owner if connected else None

    def _maker(self, steps: list[Step], id_: str) -> Step:
        kind = str(self._find(id_)[0]["object"])
        for step in steps:
            if step.makes == kind:
                return step
        raise refusals.not_used(id_, kind, [step.makes for step in steps if step.makes])


def _told(step: Step) -> Found:
    what = f"simulate {step.path}" if step.simulates else f"{step.method} {step.path}"
    return {"name": step.name or None, "request": what, "with": step.with_}
