"""Is what was there what was expected? Plain values, hashes that need not name everything, and
matchers.

A hash matches when each of its names does; a name may be a way (`data.object.amount`). A list
matches a list of the same length, item by item. `$any` and the others are matchers: the hash they
stand in holds nothing else, and all of them have to match.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

ABSENT: Final = "$absent"
ANY: Final = "$any"

_MISSING: Final = object()
_LONGEST: Final = 200
_TYPES: Final[dict[str, Callable[[Any], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}


class Difference(NamedTuple):
    """path: where, in what was there. way: where, in what was expected."""

    path: str
    expected: str
    found: str
    way: tuple[str | int, ...] = ()


def differences(expected: Any, found: Any) -> list[Difference]:
    """All that is not as expected; none when it matches."""
    return [*_compare(expected, found, "", ())]


def matches(expected: Any, found: Any) -> bool:
    """Whether there is no difference."""
    return next(_compare(expected, found, "", ()), None) is None


def mistakes(expected: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, Any]]:
    """What no value could ever be compared with: unknown matchers, and their wrong values."""
    if isinstance(expected, dict):
        matchers = [name for name in expected if name.startswith("$")]
        if matchers and len(matchers) < len(expected):
            other = next(name for name in expected if name not in matchers)
            yield f"{matchers[0]} is a matcher: {other} cannot stand beside it.", path
        for name, inner in expected.items():
            here = (*path, name)
            if not name.startswith("$"):
                yield from mistakes(inner, here)
            elif name not in MATCHERS:
                yield f"There is no matcher {name}. There are {', '.join(MATCHERS)}.", here
            elif problem := MATCHERS[name].wants(inner):
                yield f"{name} wants {problem}.", here
            elif name in _NESTED:
                yield from mistakes(inner, here)
    elif isinstance(expected, list):
        for index, inner in enumerate(expected):
            yield from mistakes(inner, (*path, index))


def _compare(
    expected: Any, found: Any, path: str, way: tuple[str | int, ...]
) -> Iterator[Difference]:
    if isinstance(expected, str) and expected in _BARE:
        expected = {expected: True}
    if isinstance(expected, dict) and any(name.startswith("$") for name in expected):
        for name, wanted in expected.items():
            yield from MATCHERS[name].compare(wanted, found, path, (*way, name))
    elif found is _MISSING:
        yield Difference(path, _shown(expected), "nothing", way)
    elif isinstance(expected, dict) and isinstance(found, dict):
        for name, wanted in expected.items():
            inner = _walk(found, name)
            yield from _compare(wanted, inner, f"{path}.{name}".lstrip("."), (*way, name))
    elif isinstance(expected, list) and isinstance(found, list):
        yield from _compare_lists(expected, found, path, way)
    elif not _same(expected, found):
        yield Difference(path, _shown(expected), _shown(found), way)


def _compare_lists(
    expected: list[Any], found: list[Any], path: str, way: tuple[str | int, ...]
) -> Iterator[Difference]:
    if len(expected) != len(found):
        there = f"{len(found)} items: {_shown(found)}"
        yield Difference(path, f"{len(expected)} items", there, way)
    for index, (wanted, each) in enumerate(zip(expected, found, strict=False)):
        yield from _compare(wanted, each, f"{path}[{index}]", (*way, index))


def _same(expected: Any, found: Any) -> bool:
    """Equal, and of the same kind: true is not 1, and "1" is not 1."""
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    return bool(expected == found)


def _walk(found: Any, name: str) -> Any:
    """What stands under a name, or at the end of a way."""
    if isinstance(found, dict) and name in found:
        return found[name]
    for part in name.split("."):
        if isinstance(found, dict) and part in found:
            found = found[part]
        elif isinstance(found, list) and part.isdecimal() and int(part) < len(found):
            found = found[int(part)]
        else:
            return _MISSING
    return found


def _shown(value: Any) -> str:
    if value is _MISSING:
        return "nothing"
    text = "null" if value is None else str(value).lower() if isinstance(value, bool) else ""
    text = text or (f'"{value}"' if isinstance(value, str) else str(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


# -- matchers -------------------------------------------------------------------------------------

Compare = Callable[[Any, Any, str, tuple[str | int, ...]], Iterator[Difference]]


class Matcher(NamedTuple):
    """compare: as `_compare`. wants: what is wrong with the matcher's own value, or ""."""

    compare: Compare
    wants: Callable[[Any], str]


def _simple(text: str, holds: Callable[[Any, Any], bool]) -> Compare:
    """A matcher of one value. text: what was expected, `{}` being the matcher's value."""

    def compare(
        wanted: Any, found: Any, path: str, way: tuple[str | int, ...]
    ) -> Iterator[Difference]:
        if found is _MISSING or not holds(wanted, found):
            yield Difference(path, text.format(_shown(wanted)), _shown(found), way)

    return compare


def _absent(wanted: Any, found: Any, path: str, way: tuple[str | int, ...]) -> Iterator[Difference]:
    if wanted is not (found is _MISSING or found is None):
        yield Difference(path, "nothing" if wanted else "something", _shown(found), way)


def _not(wanted: Any, found: Any, path: str, way: tuple[str | int, ...]) -> Iterator[Difference]:
    if matches(wanted, found):
        yield Difference(path, f"not {_shown(wanted)}", _shown(found), way)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _contains(wanted: Any, found: Any) -> bool:
    if isinstance(found, str):
        return isinstance(wanted, str) and wanted in found
    if not isinstance(found, list):
        return False
    return all(any(matches(each, item) for item in found) for each in _listed(wanted))


def _unordered(wanted: Any, found: Any) -> bool:
    """Whether each item of one list can be given one of the other, none twice."""
    if not isinstance(found, list) or len(found) != len(wanted):
        return False
    taken: dict[int, int] = {}

    def place(index: int, seen: set[int]) -> bool:
        for other, item in enumerate(found):
            if other not in seen and matches(wanted[index], item):
                seen.add(other)
                if other not in taken or place(taken[other], seen):
                    taken[other] = index
                    return True
        return False

    return all(place(index, set()) for index in range(len(wanted)))


def _exactly(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, dict) and isinstance(found, dict):
        return wanted.keys() == found.keys() and all(
            _exactly(inner, found[name]) for name, inner in wanted.items()
        )
    if isinstance(wanted, list) and isinstance(found, list):
        return len(wanted) == len(found) and all(map(_exactly, wanted, found))
    return _same(wanted, found)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _compiles(value: Any) -> str:
    try:
        re.compile(value)
    except (re.error, TypeError, RecursionError, OverflowError):
        return "a regular expression"
    return ""


def _wants(text: str, fits: Callable[[Any], bool]) -> Callable[[Any], str]:
    return lambda value: "" if fits(value) else text


_anything = _wants("a value", lambda _: True)
_a_flag = _wants("true or false", lambda value: isinstance(value, bool))
_a_number = _wants(
    "a number", lambda value: _is_number(value) or (isinstance(value, str) and "${" in value)
)
_a_list = _wants("a list", lambda value: isinstance(value, list))
_a_type = _wants(f"one of {', '.join(_TYPES)}", lambda value: str(value) in _TYPES)

MATCHERS: Final[dict[str, Matcher]] = {
    ANY: Matcher(_simple("anything", lambda _, found: found is not None), _a_flag),
    ABSENT: Matcher(_absent, _a_flag),
    "$regex": Matcher(
        _simple(
            "a text like {}",
            lambda wanted, found: isinstance(found, str) and re.search(wanted, found) is not None,
        ),
        _compiles,
    ),
    "$contains": Matcher(_simple("something with {}", _contains), _anything),
    "$above": Matcher(
        _simple("more than {}", lambda wanted, found: _is_number(found) and found > wanted),
        _a_number,
    ),
    "$below": Matcher(
        _simple("less than {}", lambda wanted, found: _is_number(found) and found < wanted),
        _a_number,
    ),
    "$type": Matcher(_simple("a value of type {}", lambda w, found: _TYPES[w](found)), _a_type),
    "$length": Matcher(
        _simple(
            "{} items or characters",
            lambda wanted, found: isinstance(found, list | dict | str) and len(found) == wanted,
        ),
        _a_number,
    ),
    "$unordered": Matcher(_simple("in any order {}", _unordered), _a_list),
    "$one_of": Matcher(
        _simple("one of {}", lambda wanted, found: any(matches(w, found) for w in wanted)), _a_list
    ),
    "$exactly": Matcher(_simple("exactly {}", _exactly), _anything),
    "$not": Matcher(_not, _anything),
}
_BARE: Final = frozenset({ANY, ABSENT})
_NESTED: Final = frozenset({"$contains", "$unordered", "$one_of", "$not"})
