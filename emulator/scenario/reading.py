"""From the bytes of a YAML or JSON file to plain values, each with the line it stands on.

JSON is read as the YAML it nearly is. Plain scalars mean what they do in JSON and YAML 1.2: `on`
and `NO` are texts. Everything is bounded, and nothing is made but hashes, lists, texts, numbers,
booleans and null.
"""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass, field
from math import inf
from typing import Any, Final

from emulator.scenario.mistakes import Mistake, Path, Place

LARGEST_BYTES: Final = 4 * 1024 * 1024
MOST_VALUES: Final = 200_000
DEEPEST: Final = 40
_LONGEST_NUMBER: Final = 18

_UNREADABLE: Final = re.compile(
    r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
# Not with a plus: that is a telephone number. Nor with zeros before: that is a postal code.
_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
_HALVES: Final = re.compile(
    r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"
)
_WORDS: Final[dict[str, bool | None]] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_TEXT_TAGS: Final = frozenset({"!", "tag:yaml.org,2002:str"})
# A text in Base64, as cassettes keep what was sent in another encoding.
_BINARY_TAGS: Final = frozenset({"!binary", "tag:yaml.org,2002:binary"})


@dataclass(slots=True)
class Text:
    """A file that was read. lines: where the value at each path stands (keys at their key)."""

    name: str
    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)

    def place(self, path: Path = ()) -> Place:
        """Where a value stands; what came through an alias stands where the alias does."""
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        return Place(self.name, self.lines.get(known, 1), path)

    def mistake(self, message: str, path: Path = ()) -> Mistake:
        return Mistake(self.place(path), message)


def read(raw: bytes, name: str) -> Text:
    """The values of a file; a `Mistake` when it is no YAML or JSON, or too much of it."""
    import yaml  # noqa: PLC0415 - only who plays scenarios waits for it

    text = _decoded(raw, name)
    kind = "JSON" if name.lower().endswith(".json") else "YAML"
    if kind == "JSON":
        text = _as_yaml(text)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    reading = _Reading(name)
    try:
        for event in yaml.parse(text, Loader=loader):
            reading.take(event)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = min(mark.line if mark else 0, text.rstrip().count("\n")) + 1
        said = ", ".join(part for part in (problem.context, problem.problem) if part)
        raise Mistake(Place(name, line), f"This is no {kind}: {said}.") from None
    except yaml.YAMLError as problem:
        raise Mistake(Place(name, 1), f"This is no {kind}: {problem}.") from None
    if reading.documents == 0:
        raise Mistake(Place(name, 1), "The file is empty.")
    return reading.text


def plain(text: str) -> Any:
    """What a scalar without quotes means: as in JSON, and a text when it is nothing else. A number
    that is too long is infinite.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _DECIMAL.fullmatch(text) is None:
        return text
    if len(text) > _LONGEST_NUMBER:
        return inf
    return int(text) if _WHOLE.fullmatch(text) else float(text)


def _decoded(raw: bytes, name: str) -> str:
    if len(raw) > LARGEST_BYTES:
        raise Mistake(Place(name, 1), f"The file is larger than {LARGEST_BYTES // 1024} KiB.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        message = f"This is not UTF-8: byte 0x{raw[problem.start]:02x}. Save the file as UTF-8."
        raise Mistake(Place(name, line), message) from None
    if found := _UNREADABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        message = f"This is not text: character U+{ord(found[0]):04X}."
        raise Mistake(Place(name, line), message)
    return text


def _as_yaml(text: str) -> str:
    """JSON where it is not YAML: tabs between its tokens, characters written in two halves."""
    return _HALVES.sub(_joined, text.replace("\t", " "))


def _joined(found: re.Match[str]) -> str:
    high, low = int(found[2], 16), int(found[3], 16)
    return f"{found[1]}\\U{0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF):08x}"


@dataclass(slots=True)
class _Open:
    """A hash or list that is being read. key: of the hash, waiting for its value."""

    value: Any
    anchor: str | None
    began: int
    key: str | None = None


class _Reading:
    """Builds values out of the parser's events, without recursion."""

    def __init__(self, name: str) -> None:
        self.text = Text(name)
        self.documents = 0
        self._count = 0
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._line = 1

    def take(self, event: Any) -> None:
        self._line = event.start_mark.line + 1
        match type(event).__name__:
            case "DocumentStartEvent":
                self.documents += 1
                if self.documents > 1:
                    raise self._mistake("A second document begins here; a file holds one.")
            case "MappingStartEvent":
                self._begin({}, event)
            case "SequenceStartEvent":
                self._begin([], event)
            case "MappingEndEvent" | "SequenceEndEvent":
                self._end()
            case "ScalarEvent":
                self._scalar(event)
            case "AliasEvent":
                self._alias(event.anchor)

    def _begin(self, empty: Any, event: Any) -> None:
        if event.tag not in {None, "!"}:
            raise self._mistake(f"The tag {event.tag} is not read here.")
        if len(self._open) >= DEEPEST:
            raise self._mistake(f"This is nested more than {DEEPEST} levels deep.")
        self._place(empty, stays_open=True)
        self._open.append(_Open(empty, event.anchor, self._count))

    def _end(self) -> None:
        done = self._open.pop()
        if self._open:
            self._open[-1].key = None
        if done.anchor:
            self._anchors[done.anchor] = done.value, self._count - done.began + 1

    def _scalar(self, event: Any) -> None:
        into = self._open[-1] if self._open else None
        if into and isinstance(into.value, dict) and into.key is None:
            self._key(into, event.value)
            return
        if event.tag is not None and event.tag not in _TEXT_TAGS | _BINARY_TAGS:
            raise self._mistake(f"The tag {event.tag} is not read here.")
        if event.tag in _BINARY_TAGS:
            self._place(self._binary(event.value))
            return
        is_plain = event.style in {None, ""} and event.tag is None and event.implicit[0]
        value = self._plain(event.value) if is_plain else event.value
        self._place(value)
        if event.anchor:
            self._anchors[event.anchor] = value, 1

    def _key(self, into: _Open, key: str) -> None:
        if key in into.value:
            first = self.text.lines[(*self._path(), key)]
            raise self._mistake(f"{key} stands here twice; first on line {first}.")
        into.key = key
        self.text.lines[self._path()] = self._line

    def _alias(self, anchor: str) -> None:
        if anchor not in self._anchors:
            raise self._mistake(f"*{anchor} refers to something that is not complete here.")
        value, size = self._anchors[anchor]
        self._place(value, size)

    def _place(self, value: Any, size: int = 1, *, stays_open: bool = False) -> None:
        """Put a value where the reader stands."""
        self._count += size
        if self._count > MOST_VALUES:
            raise self._mistake(f"The file holds more than {MOST_VALUES} values.")
        if not self._open:
            self.text.value = value
            self.text.lines[()] = self._line
            return
        into = self._open[-1]
        if isinstance(into.value, list):
            into.value.append(value)
            self.text.lines[self._path()] = self._line
        elif into.key is None:
            raise self._mistake("The name of a hash's entry must be a plain text.")
        else:
            into.value[into.key] = value
            if not stays_open:
                into.key = None

    def _path(self) -> Path:
        """The way to where the reader stands."""
        parts = (
            each.key if isinstance(each.value, dict) else len(each.value) - 1
            for each in self._open
            if each.key is not None or each.value
        )
        return tuple(part for part in parts if part is not None)

    def _plain(self, text: str) -> Any:
        value = plain(text)
        if value in {inf, -inf}:
            raise self._mistake("This number is too large. If it is a text, put it in quotes.")
        return value

    def _binary(self, text: str) -> str:
        try:
            return b64decode(text).decode("utf-8", "replace")
        except ValueError:
            raise self._mistake("This is no Base64.") from None

    def _mistake(self, message: str) -> Mistake:
        return Mistake(Place(self.text.name, self._line, self._path()), message)
