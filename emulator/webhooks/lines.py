"""Lines: who listens at the end of a connection that they opened, as `stripe listen` does.

A line belongs to a world. While it is open it is a listener of that world like any endpoint, on
whatever ground the world comes to stand: it outlives a reset. What is sent along it counts as
arrived when the client says that it has it; what an application then answers is told later, if at
all, and corrects the log. Nothing is tried again (documented).
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from emulator.contract.versions import NEWEST
from emulator.kernel import ids
from emulator.kernel.clock import machine_seconds, stopwatch
from emulator.kit import Setup, outbox
from emulator.webhooks import stripecli
from emulator.webhooks.posting import payload
from emulator.webhooks.signing import headers
from emulator.world import World

_TIMEOUT_SECONDS: Final = 30
_REMEMBERED: Final = 500
_SHOWN_BODY: Final = 2_000

Doc = dict[str, Any]


@dataclass(slots=True)
class Sent:
    """An event that went along a line. there: whether the client has it, once that is known.
    place: which of the tries of its delivery it is. answer: what an application answered before the
    try was written down. is_written: whether it is.
    """

    setup: Setup
    delivery: str
    place: int
    there: asyncio.Future[bool]
    answer: Doc | None = None
    is_written: bool = False


# What an application answered, when the try is written down already.
Told = Callable[[Sent, Doc], None]


class Line:
    """One open connection. outgoing: what is to be sent along it, in order."""

    def __init__(self, world: World, session: Doc, told: Told) -> None:
        self.world = world
        self.session = session
        self.outgoing: asyncio.Queue[str] = asyncio.Queue()
        self._told = told
        self._sent: OrderedDict[str, Sent] = OrderedDict()
        self._count = 0

    def listeners(self) -> list[Doc]:
        """The listeners that this line is: of events, of thin events, of both or of none."""
        wanted = {"webhooks": False, "v2_events": True}
        return [
            {
                "id": self.session["id"] + ("_thin" if thin else ""),
                "url": f"stripe-cli://{self.session['device']}",
                "enabled_events": ["*"],
                "api_version": None,
                "enabled": True,
                "account": self.session["account"],
                "secret": self.session["secret"],
                "from": ["self", "other_accounts"],
                "thin": thin,
            }
            for feature, thin in wanted.items()
            if feature in self.session["features"]
        ]

    async def send(self, setup: Setup, delivery: Doc, listener: Doc) -> Doc:
        """One try: the client has a while to say that it has the event."""
        began = stopwatch()
        there: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        sent = Sent(setup, delivery["id"], len(delivery["attempts"]), there)
        say = self._say_thin if listener["thin"] else self._say
        say(sent, delivery["event"], listener)
        try:
            has_it = await asyncio.wait_for(there, _TIMEOUT_SECONDS)
        except TimeoutError:
            has_it = False
        sent.is_written = True
        return corrected(_attempt(began, has_it=has_it), sent.answer)

    def hear(self, text: str) -> None:
        """The client says something."""
        said = stripecli.read(text)
        sent = self._sent.get(said.about) if said else None
        if said is None or sent is None:
            return
        if not sent.there.done():
            sent.there.set_result(True)
        if said.answer is None:
            return
        if sent.is_written:
            self._told(sent, said.answer)
        else:
            sent.answer = said.answer

    def let_go(self, ground: Setup | None = None) -> None:
        """Wait no more for what the client has not said it has, but of what was sent from a ground:
        from the one on which the world stands now; from none when the client has gone.
        """
        for key, sent in [*self._sent.items()]:
            if sent.setup is not ground:
                if not sent.there.done():
                    sent.there.set_result(False)
                del self._sent[key]

    # -- inside -----------------------------------------------------------------------------------

    def _say(self, sent: Sent, event: str, listener: Doc) -> None:
        self._count += 1
        seed = f"{self.session['id']}/{self._count}"
        webhook = f"wh_{ids.letters(self.world.setup.seed, seed, 16)}"
        for version in (None, NEWEST.text):
            told = outbox.event(sent.setup, event) or {}
            body = payload(self.world, told, {**listener, "api_version": version})
            name = f"{seed}/{version}"
            conversation = f"wc_{ids.letters(self.world.setup.seed, name, 16)}"
            self._remember(conversation, sent)
            signed = headers(body, listener["secret"], int(machine_seconds()))
            text = stripecli.event(conversation, webhook, version, body, signed)
            self.outgoing.put_nowait(text)

    def _say_thin(self, sent: Sent, event: str, listener: Doc) -> None:
        body = payload(self.world, outbox.event(sent.setup, event) or {}, listener)
        signed = headers(body, listener["secret"], int(machine_seconds()))
        self._remember(stripecli.thin_key(listener["id"], event), sent)
        self.outgoing.put_nowait(stripecli.thin_event(listener["id"], body, signed))

    def _remember(self, key: str, sent: Sent) -> None:
        self._sent[key] = sent
        if len(self._sent) > _REMEMBERED:
            self._sent.popitem(last=False)


class Lines:
    """The open lines of all worlds. told: what happens to what applications answered."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._open: dict[str, list[Line]] = {}

    def open(self, world: World, session: Doc) -> Line:
        """A client has connected: from now on it listens."""
        line = Line(world, session, self._told)
        self._open.setdefault(world.name, []).append(line)
        self.settle(world)
        return line

    def close(self, line: Line) -> None:
        """A client has gone: it listens no more."""
        self._open[line.world.name].remove(line)
        line.let_go()
        self.settle(line.world)

    async def send(self, world: World, setup: Setup, delivery: Doc, listener: Doc) -> Doc:
        """One try along the line that this listener is; the newest, where a client has two."""
        for line in reversed(self._open.get(world.name, [])):
            if listener in line.listeners():
                return await line.send(setup, delivery, listener)
        return _attempt(stopwatch(), has_it=False)

    def settle(self, world: World) -> None:
        """Whatever ground the world stands on now, those and only those listen there by a line who
        have one.
        """
        store = world.setup.store
        lines = [line for line in self._open.get(world.name, ()) if line.world is world]
        wanted = {each["id"]: each for line in lines for each in line.listeners()}
        known = [id_ for id_ in store.table(outbox.LISTENERS) if outbox.is_line(id_)]
        if not wanted and not known:
            return
        with store.transaction():
            for line in lines:
                line.let_go(world.setup)
                outbox.keep_session(world.setup, line.session)
            for listener in wanted.values():
                outbox.listen(world.setup, listener)
            for id_ in known:
                if id_ not in wanted:
                    outbox.stop_listening(world.setup, id_)


def corrected(attempt: Doc, answer: Doc | None) -> Doc:
    """A try with what an application answered; of several that do, one that fails counts."""
    if answer is None or (attempt["status"] is not None and not attempt["ok"]):
        return attempt
    body = answer["body"][:_SHOWN_BODY]
    return {**attempt, **answer, "body": body, "ok": 200 <= answer["status"] < 300}


def _attempt(began: float, *, has_it: bool) -> Doc:
    """A try of which nothing more is known."""
    error = None if has_it else "the client did not say that it has the event"
    took = round((stopwatch() - began) * 1000)
    return {"ok": has_it, "status": None, "body": "", "error": error, "milliseconds": took}
