"""What a world was asked, written down as a scenario that asks the same again.

The same world name, seed, start and moves of the clock give the same bytes. What was returned by
one request and sent with a later one becomes a reference.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final, NamedTuple

from emulator.kernel import instants
from emulator.scenario.asking import Doc
from emulator.scenario.proofreading import BUILT_IN
from emulator.scenario.reading import plain

_ID: Final = re.compile(r"[a-z]{2,}_[A-Za-z0-9_]{6,}")
_PART: Final = re.compile(r"[A-Za-z0-9_-]+")
_NOUN: Final = re.compile(r"[a-z][a-z0-9_]*")
_CONTROL: Final = "/_emulator/"
_SIMULATE: Final = "simulate/"
_WIDTH: Final = 100
_TRUTH: Final = "tag:yaml.org,2002:bool"
_NO_TRUTH: Final = frozenset("yYnNoO")  # begins of yes, no, on and off in older YAML
_HEAD: Final = ("about", "world", "seed", "start", "platform")


class Beginning(NamedTuple):
    """How the world began. platform: its settings, as a scenario says them."""

    world: str
    seed: str
    start: int
    platform: Doc


class Ending(NamedTuple):
    """How it was in the end. balances: account, or platform -> currency -> pocket -> amount."""

    now: int
    balances: Mapping[str, Doc]


class Heard(NamedTuple):
    """One request and its answer.

    path: without query. with_: its parameters, None when a hash cannot say them; then body does.
    who: as a step's `as`. status: 0 when the answer was lost. at: the world's instant when it
    was answered.
    """

    method: str
    path: str
    with_: Doc | None
    body: bytes
    who: str
    account: str | None
    key: str | None
    version: str | None
    headers: Mapping[str, str]
    status: int
    answer: Any
    at: int


def written(beginning: Beginning, heard: Sequence[Heard], ending: Ending) -> str:
    """The scenario, as the text of a YAML file. It expects the balances of the end."""
    doc: Doc = {
        "about": f"What the world {beginning.world} was asked, as it was recorded.",
        "world": beginning.world,
        "seed": beginning.seed,
        "start": beginning.start,
    }
    if beginning.platform:
        doc["platform"] = beginning.platform
    writing = _Writing(beginning.start)
    for each in heard:
        writing.hear(each)
    doc["then"] = writing.expect(ending)
    doc["when"] = writing.steps()
    return _as_yaml({name: doc[name] for name in (*_HEAD, "when", "then") if name in doc})


class _Writing:
    """Turns requests into steps, one after the other. now: what the clock shows by then."""

    def __init__(self, start: int) -> None:
        self._now = start
        self._steps: list[Doc] = []
        self._names: dict[str, int] = {}
        # Where a text was first returned: the step, and the way to it inside its answer.
        self._returned: dict[str, tuple[int, str]] = {}
        self._sent: set[str] = set()
        self._nouns: list[str] = []
        self._called: dict[int, str] = {}

    def hear(self, heard: Heard) -> None:
        """Write a step for a request, and one for the time that passed before it."""
        step = self._step(heard)
        if step is not None:
            self._add(step, heard.answer)

    def expect(self, ending: Ending) -> list[Doc]:
        """The steps that look at the balances, once the clock shows the end."""
        self._pass_until(ending.now)
        return [
            {"balance": self._referring(account), "is": dict(found)}
            for account, found in ending.balances.items()
        ]

    def steps(self) -> list[Doc]:
        """All that was heard. What others refer to has a name by now."""
        return [_named(step, self._called.get(index)) for index, step in enumerate(self._steps)]

    def _add(self, step: Doc, answer: Any = None) -> None:
        noun = answer.get("object") if isinstance(answer, dict) else None
        fits = isinstance(noun, str) and _NOUN.fullmatch(noun) and noun not in BUILT_IN
        self._nouns.append(str(noun) if fits else "answer")
        for text, way in _leaves(answer, ""):
            if text not in self._sent:
                self._returned.setdefault(text, (len(self._steps), way))
        self._steps.append(step)

    # -- one step ---------------------------------------------------------------------------------

    def _step(self, heard: Heard) -> Doc | None:
        if heard.path == f"{_CONTROL}clock":
            return self._moved(heard)
        self._pass_until(heard.at)
        calls = heard.path.startswith(_CONTROL) and heard.with_ is not None
        return self._call(heard) if calls else self._request(heard)

    def _pass_until(self, instant: int) -> None:
        if instant > self._now:
            self._add({"until": instant})
            self._now = instant

    def _moved(self, heard: Heard) -> Doc | None:
        """A move of the clock; a change of how it runs needs no step, as every instant is said."""
        before, self._now = self._now, heard.at
        if heard.status != 200 or heard.at == before:
            return None
        told = str((heard.with_ or {}).get("advance", ""))
        if instants.duration(told) == heard.at - before:
            return {"advance": told}
        return {"until": heard.at}

    def _call(self, heard: Heard) -> Doc:
        """A call of the control API, as the act of a person where it is one."""
        name, sent = heard.path.removeprefix(_CONTROL), self._referring(heard.with_ or {})
        refused = self._refusal(heard)
        if name == "onboard" and sent.keys() == {"account"}:
            return {"onboard": sent["account"], **refused}
        if name == "authenticate" and "intent" in sent:
            outcome = {name: value for name, value in sent.items() if name == "outcome"}
            return {"authenticate": sent["intent"], **outcome, **refused}
        if name.startswith(_SIMULATE):
            step: Doc = {"simulate": name.removeprefix(_SIMULATE)}
            return {**step, **({"with": sent} if sent else {}), **refused}
        return {heard.method.lower(): heard.path, **({"with": sent} if sent else {}), **refused}

    def _request(self, heard: Heard) -> Doc:
        path = "/".join(self._referring(part) for part in heard.path.split("/"))
        step: Doc = {heard.method.lower(): path}
        if heard.account is not None:
            step["on"] = self._referring(heard.account)
        if heard.who != "secret":
            step["as"] = self._referring(heard.who)
        if heard.key is not None:
            step["key"] = self._referring(heard.key)
        if heard.version is not None:
            step["version"] = heard.version
        if heard.headers:
            step["headers"] = dict(heard.headers)
        if heard.with_ is None:
            step |= _raw(heard.body)
        elif heard.with_:
            step["with"] = self._referring(heard.with_)
        status = heard.answer.get("status") if isinstance(heard.answer, dict) else None
        if heard.status == 200 and isinstance(status, str) and heard.method == "POST":
            step["is"] = {"status": status}
        return {**step, **self._refusal(heard)}

    def _refusal(self, heard: Heard) -> Doc:
        if 200 <= heard.status < 400:
            return {}
        if heard.status == 0:
            return {"refused": {}}
        error = heard.answer.get("error") if isinstance(heard.answer, dict) else None
        code = error.get("code") if isinstance(error, dict) else error
        return {"refused": {"status": heard.status, **({"code": code} if code else {})}}

    # -- references -------------------------------------------------------------------------------

    def _referring(self, value: Any) -> Any:
        """What was sent, with references to what had been returned."""
        if isinstance(value, dict):
            return {name: self._referring(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._referring(inner) for inner in value]
        if not isinstance(value, str):
            return value
        return _ID.sub(self._reference, _escaped(value))

    def _reference(self, found: re.Match[str]) -> str:
        text = found[0]
        if text not in self._returned:
            self._sent.add(text)
            return text
        index, way = self._returned[text]
        if index not in self._called:
            noun = self._nouns[index]
            count = self._names[noun] = self._names.get(noun, 0) + 1
            self._called[index] = noun if count == 1 else f"{noun}_{count}"
        return f"${{{self._called[index]}.{way}}}"


def _named(step: Doc, name: str | None) -> Doc:
    """The step with its name beside its verb, which stands first."""
    (verb, subject), *rest = step.items()
    return {verb: subject, **({} if name is None else {"name": name}), **dict(rest)}


def _leaves(value: Any, way: str) -> Iterator[tuple[str, str]]:
    """The ids of an answer and the ways to them, those near the top first."""
    if not isinstance(value, dict | list):
        return
    deeper: list[tuple[Any, str]] = []
    for part, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if _PART.fullmatch(str(part)) is None:
            continue
        here = f"{way}.{part}" if way else str(part)
        if isinstance(inner, str) and _ID.fullmatch(inner):
            yield inner, here
        elif isinstance(inner, dict | list):
            deeper.append((inner, here))
    for inner, here in deeper:
        yield from _leaves(inner, here)


def _raw(body: bytes) -> Doc:
    """A body as it was sent."""
    try:
        return {"body": _escaped(body.decode())}
    except UnicodeDecodeError:
        return {"base64": b64encode(body).decode()}


def _escaped(text: str) -> str:
    return text.replace("${", "$${")


def _as_yaml(doc: Doc) -> str:
    import yaml  # noqa: PLC0415 - only who records waits for it

    class Dumper(yaml.SafeDumper):  # type: ignore[misc]
        """Quotes what would be read as something else than a text; `on` is a text here."""

        yaml_implicit_resolvers: ClassVar = {
            first: [each for each in known if first not in _NO_TRUTH or each[0] != _TRUTH]
            for first, known in yaml.SafeDumper.yaml_implicit_resolvers.items()
        }

        def ignore_aliases(self, _data: Any) -> bool:
            return True

    def text(dumper: Any, value: str) -> Any:
        style = None if plain(value) == value else '"'
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    made: str = yaml.dump(doc, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)
    return made
