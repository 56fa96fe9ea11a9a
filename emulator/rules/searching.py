"""Stripe's search query language: `status:"active" AND -metadata["k"]:null` (documented).

A clause is a field, an operator and a value, and `-` before it turns it around. Clauses stand
beside each other (which means AND), or are joined by AND, or all by OR. Which fields there are and
of which type each is stands in `schemas/rules/search.json`: a token matches whole, a string by its
words in order or by a part of it, a number by its size. Texts stand in quotes, numbers may.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from emulator.kernel import files
from emulator.kernel.errors import searching as refusals

Doc = Mapping[str, Any]
Fields = Mapping[str, Mapping[str, str]]

_SHORTEST_PART: Final = 3
_MOST_CLAUSES: Final = 10
_QUOTES: Final = ('"', "'")
_QUOTED: Final = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
_CLAUSE: Final = (
    rf"(?P<not>-)?(?P<field>[a-z_0-9.]+)(?:\[(?P<key>{_QUOTED})\])?\s*"
    rf"(?P<operator>:|~|>=|<=|>|<|=)\s*(?P<value>{_QUOTED}|[^\s\"']+)"
)
_JOIN: Final = re.compile(r"\s+(?:(AND|OR)\s+)?", re.IGNORECASE)
_SIZES: Final[Mapping[str, Callable[[float, float], bool]]] = {
    ":": lambda value, wanted: value == wanted,
    "=": lambda value, wanted: value == wanted,
    ">": lambda value, wanted: value > wanted,
    "<": lambda value, wanted: value < wanted,
    ">=": lambda value, wanted: value >= wanted,
    "<=": lambda value, wanted: value <= wanted,
}


class Clause(NamedTuple):
    """value: None asks whether there is none. key: of metadata. bare: whether the value has no
    quotes.
    """

    field: str
    key: str | None
    operator: str
    value: str | None
    negated: bool
    bare: bool


class Query(NamedTuple):
    """A query that was read. any: whether one clause that holds is enough."""

    clauses: tuple[Clause, ...]
    any: bool
    fields: Fields

    def matches(self, doc: Doc) -> bool:
        found = (_holds(clause, doc, self.fields) for clause in self.clauses)
        return any(found) if self.any else all(found)


def fields_of(name: str) -> Fields:
    """What an object can be searched by."""
    found: Fields = files.table("rules/search.json")[name]
    return found


def read(text: str, name: str, plural: str) -> Query:
    """The query for objects of a name; refused when it cannot be read or asks for unknown
    fields.
    """
    fields, at, clauses, joins = fields_of(name), 0, list[Clause](), set[str]()
    text = text.strip()
    while at < len(text):
        if clauses:
            at = _joined(text, at, joins)
        found = _clauses().match(text, at)
        if found is None:
            raise refusals.unreadable()
        clauses.append(_clause(found))
        at = found.end()
    if not clauses:
        raise refusals.unreadable()
    if len(joins) > 1:
        raise refusals.mixed()
    if len(clauses) > _MOST_CLAUSES:
        raise refusals.too_many_clauses(_MOST_CLAUSES)
    for clause in clauses:
        _check(clause, fields, plural)
    return Query(tuple(clauses), joins == {"OR"}, fields)


@cache
def _clauses() -> re.Pattern[str]:
    return re.compile(_CLAUSE)


def _joined(text: str, at: int, joins: set[str]) -> int:
    """Step over what stands between two clauses."""
    found = _JOIN.match(text, at)
    if found is None:
        raise refusals.unreadable()
    joins.add((found[1] or "AND").upper())
    return found.end()


def _clause(found: re.Match[str]) -> Clause:
    key, value = found["key"], found["value"]
    wanted = None if value == "null" else _unquoted(value)
    name = _unquoted(key) if key else None
    bare, negated = value[0] not in _QUOTES, bool(found["not"])
    return Clause(found["field"], name, found["operator"], wanted, negated, bare)


def _unquoted(text: str) -> str:
    if text[0] in _QUOTES:
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text


def _check(clause: Clause, fields: Fields, plural: str) -> None:
    facts = fields.get(clause.field)
    if facts is None or (clause.key is None) == (clause.field == "metadata"):
        raise refusals.unsupported_field(clause.field, plural)
    kind, operator = facts["type"], clause.operator
    if clause.value is None:
        if operator != ":":
            raise refusals.unsupported_operator(clause.field, operator)
        return
    fits = {"numeric": _SIZES, "string": ":~", "token": ":"}[kind]
    if operator not in fits:
        raise refusals.unsupported_operator(clause.field, operator)
    if operator == "~" and len(clause.value) < _SHORTEST_PART:
        raise refusals.substring_too_short(_SHORTEST_PART)
    if re.fullmatch(r"-?\d+(\.\d+)?", clause.value):
        return
    if kind == "numeric":
        raise refusals.not_a_number(clause.field, clause.value)
    if clause.bare:
        raise refusals.not_quoted(clause.field, clause.value)


def _holds(clause: Clause, doc: Doc, fields: Fields) -> bool:
    return _agrees(clause, _value(clause, doc, fields), fields) is not clause.negated


def _value(clause: Clause, doc: Doc, fields: Fields) -> Any:
    facts = fields[clause.field]
    if "null_unless" in facts and not doc.get(facts["null_unless"]):
        return None
    value: Any = doc
    for step in facts.get("path", clause.field).split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    if clause.key is not None:
        return (value or {}).get(clause.key)
    return value


def _agrees(clause: Clause, value: Any, fields: Fields) -> bool:
    if clause.value is None:
        return value is None
    if value is None:
        return False
    if fields[clause.field]["type"] == "numeric":
        return _SIZES[clause.operator](float(value), float(clause.value))
    text, wanted = _text(value), clause.value.lower()
    if clause.operator == "~":
        return wanted in text
    if fields[clause.field]["type"] == "token":
        return text == wanted
    return f" {' '.join(wanted.split())} " in f" {' '.join(text.split())} "


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value).lower()
