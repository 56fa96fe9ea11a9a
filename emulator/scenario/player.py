"""Plays a scenario: asks one thing after another and compares what comes back.

What is given and what happens must go well: a step that fails there ends the story. Expectations
are all looked at, and the story goes on after one that does not hold.
"""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final

from emulator.kernel.clock import stopwatch
from emulator.scenario import looking, references, waiting
from emulator.scenario.asking import Answered, Ask, Asked, Doc
from emulator.scenario.looking import Fails
from emulator.scenario.matching import Difference, differences
from emulator.scenario.mistakes import Mistake, Place
from emulator.scenario.report import FAILED, SKIPPED, Report, Result
from emulator.scenario.story import Chapter, Scenario, Step

OnStep = Callable[[Result], None]

# What a machine's own time or port leaks into; everything else is the same in every run.
_NOT_THE_SAME: Final = (
    "/_emulator/deliveries",
    "/_emulator/webhooks",
    "/_emulator/info",
    "/_emulator/requests",
)


async def play(scenario: Scenario, ask: Ask, on_step: OnStep | None = None) -> Report:
    """Play in the world that `ask` asks, its clock and settings first set as the file says.

    A `Mistake` is raised for what only a world can know to be wrong: settings, answers, faults; and
    when what is asked is no emulator.
    """
    player = _Player(scenario, ask)
    report = Report(scenario)
    began = stopwatch()
    try:
        await player.begin()
        await player.look_around()
        ended = False
        for chapter in scenario.chapters:
            ended = await player.chapter(chapter, report, on_step, ended=ended)
        await player.hear_all()
    except Fails as problem:
        raise Mistake(Place(scenario.file, 1), problem.message) from None
    report.trail = player.trail
    report.seconds = stopwatch() - began
    return report


@dataclass
class _Player:
    """names: what steps returned. seen: how many events of an account, or letters of a mailbox, are
    used up. trail: what was asked, with digests. awaited: events that steps waited for.
    """

    scenario: Scenario
    ask: Ask
    names: Doc = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    trail: list[tuple[str, str]] = field(default_factory=list)
    awaited: set[str] = field(default_factory=set)

    # -- the whole --------------------------------------------------------------------------------

    async def begin(self) -> None:
        """Let the world's clock stand at the start, and set the platform up."""
        scenario = self.scenario
        await self._must("clock", {"mode": "frozen"})
        await self._must("clock", {"now": scenario.start})
        if scenario.platform:
            answer = await self.call("settings", scenario.platform)
            if answer.status != 200:
                error = answer.error
                places = scenario.settings_at
                at = places.get(str(error.get("param")), next(iter(places.values())))
                raise Mistake(at, str(error.get("message")))

    async def look_around(self) -> None:
        """Learn what `world` and `start` are."""
        found = await self._must("settings")
        self.names["world"] = found
        self.names["start"] = self.names["now"] = (await self._must("clock"))["now"]

    async def hear_all(self) -> None:
        """Read every event of every account, so that they are part of the trail."""
        cursor, found = 0, True
        while found:
            page = await self._must(f"events?after={cursor}&limit=1000")
            cursor, found = page["cursor"], bool(page["data"])

    async def chapter(
        self, chapter: Chapter, report: Report, on_step: OnStep | None, *, ended: bool
    ) -> bool:
        """Play a chapter; whether the story ends in it, or had ended before."""
        for step in chapter.steps:
            result = Result(step, chapter.about, outcome=SKIPPED)
            if not ended:
                result = await self._result(step, chapter.about)
                ended = result.outcome == FAILED and step.part != "then"
            report.results.append(result)
            if on_step:
                on_step(result)
            await asyncio.sleep(0)  # a server has others to answer, too
        if not ended:
            await self._audit(chapter, report)
        return ended

    async def _result(self, step: Step, chapter: str) -> Result:
        try:
            await self.step(step)
        except references.Unresolved as problem:
            return Result(step, chapter, FAILED, str(problem))
        except Fails as problem:
            return Result(step, chapter, FAILED, problem.message, problem.differences)
        return Result(step, chapter)

    async def _audit(self, chapter: Chapter, report: Report) -> None:
        """The books balance at the end of each chapter; what broke them stands at its last step."""
        found = await self._must("audit")
        if not found["holds"] and chapter.steps:
            last = chapter.steps[-1]
            message = "The books do not balance: " + " ".join(found["broken"])
            report.results.append(Result(last, chapter.about, FAILED, message))

    # -- steps ------------------------------------------------------------------------------------

    async def step(self, step: Step) -> None:
        """Do one step, or look at what it is about; `Fails` when it is not as it should be."""
        body = references.resolve(step.body, self.names)
        if step.verb in {"answers", "faults"}:
            await self._instruct(step, body)
            return
        found = await _DEEDS[step.verb](self, body)
        if "name" in body:
            self.names[body["name"]] = found

    async def request(self, body: Doc) -> Any:
        """get, post, delete: any request."""
        method = next(each for each in ("get", "post", "delete") if each in body)
        on = body.get("on") if isinstance(body.get("on"), str) else None
        if "on" in body and on is None:
            raise Fails(f"`on` must be an account, and is {body['on']!r:.60}.")
        asked = Asked(
            method.upper(),
            str(body[method]),
            body.get("with", {}),
            str(body.get("as", "secret")),
            None if on in {None, "platform"} else str(on),
            None if "key" not in body else str(body["key"]),
            None if "version" not in body else str(body["version"]),
            body.get("headers", {}),
            _raw(body),
        )
        answer = await self._send(asked)
        if "name" in body:  # also when it is not as expected: later expectations are looked at, too
            self.names[body["name"]] = answer.body
        return _settle(answer, body)

    async def onboard(self, body: Doc) -> Any:
        """The holder of an account fills in what it lacks."""
        return _settle(await self.call("onboard", {"account": body["onboard"]}), body)

    async def authenticate(self, body: Doc) -> Any:
        """The customer passes, fails or leaves a 3-D Secure challenge."""
        outcome = body.get("outcome", "succeeded")
        sent = {"intent": body["authenticate"], "outcome": outcome}
        return _settle(await self.call("authenticate", sent), body)

    async def simulate(self, body: Doc) -> Any:
        """A named simulator."""
        return _settle(await self.call(f"simulate/{body['simulate']}", body.get("with", {})), body)

    async def advance(self, body: Doc) -> Any:
        """Let a stretch of time pass."""
        return await self._moved({"advance": body["advance"]})

    async def until(self, body: Doc) -> Any:
        """Let time pass until something."""
        on = str(body["on"]) if "on" in body else None
        return await waiting.wait(self, body["until"], on)

    async def move(self, instant: int) -> Doc:
        """Let time pass up to an instant."""
        return await self._moved({"now": instant})

    async def clock(self) -> Doc:
        """What the clock says, and what is due."""
        return await self._must("clock")

    async def balance(self, body: Doc) -> Any:
        """The balance of an account, to the cent."""
        whose = str(body["balance"])
        found = _settle(await self._send(_read("/v1/balance", whose)), {})
        expected, there = looking.of_balance(body["is"], found)
        _compare(expected, there, f"The balance of {whose} is another one.")
        return found

    async def events(self, body: Doc) -> Any:
        """What was announced on an account, after what was found before."""
        on = str(body.get("on", "platform"))
        found = await self.announced(on)
        since = self.seen.get(on, 0)
        exactly = body.get("exactly", False)
        upto = looking.in_order(body["events"], found[since:], exactly=exactly)
        if isinstance(upto, list):
            raise Fails(f"Not announced like that on {on}.", _at(upto, "events"))
        self.seen[on] = since + upto
        self.awaited.update(each["id"] for each in found[: since + upto])
        return found[since:]

    async def announced(self, on: str) -> list[Doc]:
        """Every event of an account, the oldest first."""
        found: list[Doc] = []
        sent: Doc = {"limit": 100}
        while True:
            page = _settle(await self._send(_read("/v1/events", on, sent)), {})
            found += page["data"]
            if not page["has_more"]:
                return found[::-1]
            sent = {"limit": 100, "starting_after": page["data"][-1]["id"]}

    async def deliveries(self, body: Doc) -> Any:
        """What an endpoint is sent, in the order in which it was announced."""
        endpoint = body["deliveries"]
        log = await self._must(f"deliveries?endpoint={endpoint}&limit=1000")
        found = [looking.of_delivery(each) for each in reversed(log["data"])]
        upto = looking.in_order(body["are"], found, exactly=body.get("exactly", False))
        if isinstance(upto, list):
            raise Fails(f"Not delivered like that to {endpoint}.", _at(upto, "are"))
        return found

    async def mailbox(self, body: Doc) -> Any:
        """What arrived in a mailbox, after what was found there before."""
        name = str(body["mailbox"])
        letters = (await self._must(f"webhooks/mailbox/{name}"))["data"]
        found = [{**each["data"], "status": each["status"], "at": each["at"]} for each in letters]
        place = f"mailbox {name}"
        since = self.seen.get(place, 0)
        upto = looking.in_order(body["are"], found[since:], exactly=body.get("exactly", False))
        if isinstance(upto, list):
            raise Fails(f"Not arrived like that in {place}.", _at(upto, "are"))
        self.seen[place] = since + upto
        return found[since:]

    async def _instruct(self, step: Step, body: Doc) -> None:
        """Tell the world what to answer, or what is to fail."""
        sent = {name: value for name, value in body.items() if name != "about"}
        if step.verb == "answers":
            sent = {"times": None, **sent, "standing": True}
        answer = await self.call(step.verb, sent)
        if answer.status != 200:
            error = answer.error
            param = str(error.get("param") or "").partition("[")[0]
            raise step.mistake(str(error.get("message")), *([param] if param in body else []))

    # -- asking -----------------------------------------------------------------------------------

    async def call(self, name: str, sent: Doc | None = None) -> Answered:
        """A call of the control API: a POST when something is sent."""
        method = "GET" if sent is None else "POST"
        return await self._send(Asked(method, f"/_emulator/{name}", sent or {}))

    async def _must(self, name: str, sent: Doc | None = None) -> Doc:
        answer = await self.call(name, sent)
        if answer.status != 200 or "text" in answer.body:
            said = answer.error.get("message", f"no emulator answers like that ({answer.status})")
            raise Fails(f"{name}: {said}")
        found: Doc = answer.body
        return found

    async def _moved(self, sent: Doc) -> Doc:
        found = await self._must("clock", sent)
        self.names["now"] = found["now"]
        return found

    async def _send(self, asked: Asked) -> Answered:
        answer = await self.ask(asked)
        if not asked.path.startswith(_NOT_THE_SAME):
            seen = blake2b(f"{answer.status}\n".encode() + answer.raw, digest_size=16).hexdigest()
            self.trail.append((f"{asked.method} {asked.path}", seen))
        return answer


def _read(path: str, whose: str, sent: Doc | None = None) -> Asked:
    return Asked("GET", path, sent or {}, account=None if whose == "platform" else whose)


def _raw(body: Doc) -> bytes | None:
    """What is sent instead of parameters, if something is."""
    if "base64" in body:
        return b64decode(body["base64"])
    return str(body["body"]).encode("utf-8", "replace") if "body" in body else None


def _settle(answer: Answered, body: Doc) -> Any:
    """What an answer holds, when it is as the step says: a success that matches, or a refusal."""
    refused = body.get("refused")
    if refused is None:
        if not 200 <= answer.status < 400:
            raise Fails(f"This was refused: {_reason(answer)}")
        if "is" in body:
            _compare(body["is"], answer.body, "The answer is another one.", "is")
        return answer.body
    if 200 <= answer.status < 400:
        raise Fails(f"This should have been refused, and was answered with {answer.status}.")
    error = answer.error
    if isinstance(refused, str):
        if refused not in {error.get(name) for name in ("code", "decline_code", "type")}:
            found = Difference("error.code", refused, _reason(answer), ("refused",))
            raise Fails("The refusal is another one.", [found])
    else:
        _compare(refused, error, "The refusal is another one.", "refused")
    if "is" in body:
        _compare(body["is"], answer.body, "The answer is another one.", "is")
    return answer.body


def _reason(answer: Answered) -> str:
    error = answer.error
    code = error.get("code") or error.get("type") or ""
    said = error.get("message") or answer.raw[:200].decode("utf-8", "replace")
    return f"{answer.status} {code}: {said}"


def _compare(expected: Any, found: Any, message: str, way: str = "is") -> None:
    if all_ := differences(expected, found):
        raise Fails(message, _at(all_, way))


def _at(found: list[Difference], name: str) -> list[Difference]:
    """Differences with the name under which what was expected stands in the step."""
    return [each._replace(way=(name, *each.way)) for each in found]


_DEEDS: Final = {
    "get": _Player.request,
    "post": _Player.request,
    "delete": _Player.request,
    "advance": _Player.advance,
    "until": _Player.until,
    "onboard": _Player.onboard,
    "authenticate": _Player.authenticate,
    "simulate": _Player.simulate,
    "balance": _Player.balance,
    "events": _Player.events,
    "deliveries": _Player.deliveries,
    "mailbox": _Player.mailbox,
}
