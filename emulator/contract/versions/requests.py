"""Turns what a request says in an older version into what the newest means."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from emulator.contract.versions.change import Params, Request, copied
from emulator.contract.versions.changes import CHANGES
from emulator.contract.versions.version import Version

_TOTAL = "total_count"
_UNCOUNTED = "2025-03-31"
_ACCOUNTS = ("POST /v1/accounts", "POST /v1/accounts/{account}")


def adapt_request(operation: str, params: Params, version: Version) -> Params:
    """The parameters of an operation (`POST /v1/charges`) in the newest words.

    params: checked by the contract of that version, whose names they bear. They are left as they
    are: the answer is they or a copy.
    """
    steps = _steps(operation, version.date)
    if not steps:
        return params

    adapted: Params = copied(params)
    for step in steps:
        step(adapted)
    return adapted


def total_included(params: Params, expand: list[str], version: Version) -> list[str]:
    """What else is to be expanded of a list, `total_count` being included in its stead: both words
    for it went with basil (documented).
    """
    if not version.before(_UNCOUNTED) or _TOTAL not in expand:
        return expand

    params["include"] = [*params.get("include", ()), _TOTAL]
    return [each for each in expand if each != _TOTAL]


def as_sent(param: str, sent: Params) -> str:
    """The name under which a request sent what a refusal blames.

    What older words say is read as the newest that mean it, so that `plan` has become
    `items[0][plan]` by the time it is found missing; it is blamed as `plan` (observed).
    """
    names = param.replace("]", "").split("[")
    place: Any = sent
    kept: list[str] = []
    for name in names:
        inner = _inner(place, name)
        if inner is None:
            break
        place = inner
        kept.append(name)
    if len(kept) == len(names) or _inner(place, names[-1]) is None:
        return param

    first, *others = [*kept, names[-1]]
    return first + "".join(f"[{name}]" for name in others)


def _inner(place: Any, name: str) -> Any:
    if isinstance(place, dict):
        return place.get(name)
    if isinstance(place, list) and name.isdecimal() and int(name) < len(place):
        return place[int(name)]
    return None


@lru_cache(maxsize=4096)
def _steps(operation: str, date: str) -> tuple[Request, ...]:
    """Oldest words first, each turned into those of the next change."""
    found = [
        change.request
        for change in reversed(CHANGES)
        if change.request is not None and date < change.version and operation in change.operations
    ]
    if operation in _ACCOUNTS:
        found.append(_legacy_account)
    return tuple(found)


def _legacy_account(params: Params) -> None:
    """Undated: requested_capabilities is still taken. Observed in 2025.

    So is bank_account, under its own name: refusals of it blame `bank_account[…]`.
    """
    asked = params.pop("requested_capabilities", None)
    if isinstance(asked, list):
        wanted = params.setdefault("capabilities", {})
        for name in asked:
            wanted.setdefault(name, {"requested": True})
