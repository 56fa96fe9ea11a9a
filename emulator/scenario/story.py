"""A scenario as it is played: chapters of steps, with every table of rows written out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from emulator.kernel import instants
from emulator.scenario import references
from emulator.scenario.mistakes import Mistake, Path, Place
from emulator.scenario.reading import Text

Doc = dict[str, Any]

PARTS: Final = ("given", "answers", "faults", "when", "then")
USUAL_START: Final = 1_772_442_000  # Monday 2 March 2026, 09:00:00 UTC
MOST_STEPS: Final = 20_000
VERBS: Final = (
    "get",
    "post",
    "delete",
    "advance",
    "until",
    "onboard",
    "authenticate",
    "simulate",
    "balance",
    "events",
    "deliveries",
    "mailbox",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done or looked at. body: as in the file, the row's values written in.

    verb: one of VERBS, or answers and faults, whose body is what the control API is sent. row: what
    tells the step from those of the other rows of its table.
    """

    verb: str
    body: Doc
    part: str
    text: Text
    path: Path
    row: str = ""

    @property
    def place(self) -> Place:
        return self.text.place(self.path)

    @property
    def title(self) -> str:
        """What people call it: its own sentence, or what it does."""
        return f"{self._plain_title()} [{self.row}]" if self.row else self._plain_title()

    def _plain_title(self) -> str:
        if "about" in self.body:
            return str(self.body["about"])
        if self.verb in {"answers", "faults"}:
            return " ".join(str(value) for value in self.body.values() if isinstance(value, str))
        if self.verb == "events":
            types = [e if isinstance(e, str) else e.get("type", "…") for e in self.body["events"]]
            return f"events {', '.join(map(str, types[:4]))}{' …' if len(types) > 4 else ''}"
        on = f" on {self.body['on']}" if "on" in self.body else ""
        return f"{self.verb} {self.body[self.verb]}{on}"

    def mistake(self, message: str, *way: str | int) -> Mistake:
        return self.text.mistake(message, (*self.path, *way))


@dataclass(frozen=True, slots=True)
class Chapter:
    """about: what it tells, in a sentence."""

    about: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """name: of its file, without the ending. said: what is said of the world: `seed`, `start` (unix
    seconds), `world` (its name). platform: settings of the world. settings_at: where they stand,
    for what is wrong with them. left_out: how many requests of a cassette cannot be asked again.
    """

    name: str
    file: str
    about: str
    chapters: tuple[Chapter, ...]
    said: Doc = field(default_factory=dict)
    platform: Doc = field(default_factory=dict)
    settings_at: dict[str, Place] = field(default_factory=dict)
    left_out: int = 0

    @property
    def seed(self) -> str:
        return str(self.said.get("seed", "0"))

    @property
    def start(self) -> int:
        return int(self.said.get("start", USUAL_START))

    @property
    def world(self) -> str:
        """The world's name, "" for the file's."""
        return str(self.said.get("world", ""))

    @property
    def steps(self) -> Iterator[Step]:
        for chapter in self.chapters:
            yield from chapter.steps


def tell(text: Text, name: str, first: tuple[Scenario, ...] = ()) -> Scenario:
    """The scenario of a file that keeps to the schema. first: the files that it includes."""
    doc: Doc = text.value
    platform = doc.get("platform", {})
    places = {each: text.place(("platform", each)) for each in platform}
    chapters = (*_chapters(text),)
    found = Scenario(name, text.name, doc["about"], chapters, _said(text), platform, places)
    for included in reversed(first):
        found = _after(included, found)
    if sum(1 for _ in found.steps) > MOST_STEPS:
        raise text.mistake(f"This makes more than {MOST_STEPS} steps.")
    return found


def _said(text: Text) -> Doc:
    """What a file says of the world."""
    said: Doc = {name: text.value[name] for name in ("seed", "world") if name in text.value}
    return said | ({"start": instant(text, ("start",))} if "start" in text.value else {})


def _after(included: Scenario, then: Scenario) -> Scenario:
    """A scenario with an included one before it; where both say something, its own word counts."""
    return replace(
        then,
        chapters=included.chapters + then.chapters,
        said=included.said | then.said,
        platform=included.platform | then.platform,
        settings_at=included.settings_at | then.settings_at,
        left_out=included.left_out + then.left_out,
    )


def instant(text: Text, path: Path) -> int:
    """Unix seconds of a time in a file."""
    value = text.value
    for part in path:
        value = value[part]
    found = value if isinstance(value, int) else instants.spoken(str(value))
    if found is None:
        message = f"{value} is no time. Write 2026-03-02T09:00:00Z, or unix seconds before 2100."
        raise text.mistake(message, path)
    return found


def _chapters(text: Text) -> Iterator[Chapter]:
    doc: Doc = text.value
    steps = (*_steps(text, doc, ()),)
    if steps:
        yield Chapter(doc["about"], steps)
    for index, chapter in enumerate(doc.get("chapters", ())):
        steps = (*_steps(text, chapter, ("chapters", index)),)
        yield Chapter(chapter["about"], steps)


def _steps(text: Text, doc: Doc, path: Path) -> Iterator[Step]:
    for part in PARTS:
        for index, body in enumerate(doc.get(part, ())):
            verb = part
            if part not in {"answers", "faults"}:
                verb = next(each for each in VERBS if each in body)
            step = Step(verb, body, part, text, (*path, part, index))
            yield from _rows(step) if "each" in body else [step]


def _rows(step: Step) -> Iterator[Step]:
    """The step once for each row of its table."""
    plain = {name: value for name, value in step.body.items() if name != "each"}
    for row in _table(step):

        def of_row(text: str, row: Doc = row) -> Any:
            if text.partition(".")[0] != "row":
                return f"${{{text}}}"
            try:
                return references.look_up(text, {"row": row})
            except references.Unresolved as problem:
                raise step.mistake(str(problem), "each") from None

        told = next((str(value) for name, value in row.items() if name != "number"), "")
        body = references.replace(plain, of_row)
        yield replace(step, body=body, row=told or str(row["number"]))


def _table(step: Step) -> Iterator[Doc]:
    each = step.body["each"]
    if isinstance(each, int):
        each = [{} for _ in range(each)]
    if isinstance(each[0], list):
        columns, *lines = each
        for index, line in enumerate(lines, 1):
            if not isinstance(line, list) or len(line) != len(columns):
                message = f"This row must be a list of {len(columns)}, as the first one is."
                raise step.mistake(message, "each", index)
        each = [dict(zip(map(str, columns), line, strict=True)) for line in lines]
    for number, row in enumerate(each, 1):
        if not isinstance(row, dict):
            raise step.mistake("Every row must be a hash, as the first one is.", "each", number - 1)
        yield {"number": number, **row}
