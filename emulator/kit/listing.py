"""Lists: cursors both ways, ranges of time, and the lists that stand inside objects."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import orjson

from emulator.kernel.errors import Refusal, objects, requests
from emulator.kit.resource import Resource
from emulator.kit.setup import Doc, Params
from emulator.kit.tx import Tx

USUAL_LIMIT = 10


class Page(NamedTuple):
    """One page of a list: stored documents as bytes, newest first, and whether older ones
    follow. Its `url` is the path that was asked. Nobody changes its items: others may hold them,
    too.

    name: what its objects call themselves; where there are `mixed` kinds of them, one of these.
    total: how many there are on all pages, where older versions asked for it. counted: whether it
    says how many there are on this one.
    """

    items: Sequence[bytes]
    has_more: bool
    name: str
    total: int | None = None
    mixed: bool = False
    counted: bool = False


def page(
    tx: Tx,
    resource: Resource,
    params: Params,
    kind: str | None = None,
    *,
    where: Callable[[Doc], bool] | None = None,
    **fixed: Any,
) -> Page:
    """The page that `limit`, the cursors, `created`, the resource's filters and ranges ask for.

    fixed: fields that must have a value whatever was asked (the charge of its refunds). kind: what
    the refusal of an unknown cursor calls the object. where: a condition that no index knows.
    """
    if resource.ranges:
        where = _in_ranges(resource, params, where)
    wanted = {**_filters(resource, params), **fixed}
    key = _index(tx, resource, wanted) if where is None else None
    ids = _matching(tx, resource, wanted) if key is None else tx.setup.store.ids(key)
    if where is not None:
        table = tx.setup.store.table(resource.name)
        ids = [id_ for id_ in ids if where(orjson.loads(table[id_]))]
    low, high = _within(tx, ids, params.get("created"))
    total = high - low if _is_counted(params) else None
    limit = params.get("limit", USUAL_LIMIT)
    after, before = params.get("starting_after"), params.get("ending_before")
    if after:
        high = min(high, _cursor(tx, resource, key or ids, after, "starting_after", kind))
    if after and before:
        raise requests.both_cursors()
    if before:
        low = max(low, _cursor(tx, resource, key or ids, before, "ending_before", kind) + 1)
        more, high = high - low > limit, min(low + limit, high)
    else:
        more, low = high - low > limit, max(low, high - limit)
    return Page(_read(tx, resource, key or ids, low, high), more, resource.name, total)


def cut(
    found: list[Doc], params: Params, name: str, unknown: Callable[[str, str], Refusal]
) -> Page:
    """The page of a list that was put together from several tables, newest first.

    unknown: the refusal of a cursor (its id, its parameter) that is not in the list.
    """
    limit = params.get("limit", USUAL_LIMIT)
    after, before = params.get("starting_after"), params.get("ending_before")
    if after and before:
        raise requests.both_cursors()
    ids = [doc["id"] for doc in found]
    for param in ("starting_after", "ending_before"):
        if params.get(param) and params[param] not in ids:
            raise unknown(params[param], param)
    if before:
        high = ids.index(before)
        low = max(0, high - limit)
        more = low > 0
    else:
        low = ids.index(after) + 1 if after else 0
        high = min(low + limit, len(found))
        more = high < len(found)
    items = [orjson.dumps(doc) for doc in found[low:high]]
    total = len(found) if _is_counted(params) else None
    return Page(items, more, name, total, mixed=True)


def envelope(
    tx: Tx,
    resource: Resource,
    url: str,
    limit: int = USUAL_LIMIT,
    *,
    total: bool = True,
    **only: Any,
) -> Doc:
    """A list as it stands inside another object, with `total_count`."""
    ids = _matching(tx, resource, only)
    taken = _read(tx, resource, ids, max(0, len(ids) - limit), len(ids))
    items = [orjson.loads(raw) for raw in taken]
    found: Doc = {"object": "list", "data": items, "has_more": len(ids) > limit}
    if total:
        found["total_count"] = len(ids)
    return found | {"url": url}


def in_range(value: int, wanted: int | Doc) -> bool:
    """Whether a number is the one asked for, or lies within gt, gte, lt and lte."""
    if not isinstance(wanted, dict):
        return value == wanted
    tests = {"gt": value.__gt__, "gte": value.__ge__, "lt": value.__lt__, "lte": value.__le__}
    return all(tests[name](bound) for name, bound in wanted.items() if bound is not None)


def _is_counted(params: Params) -> bool:
    """Whether the caller wants to know how many there are: older versions could ask."""
    return "total_count" in (params.get("include") or ())


def _filters(resource: Resource, params: Params) -> Doc:
    return {name: params[name] for name in resource.filters if params.get(name) is not None}


def _in_ranges(
    resource: Resource, params: Params, where: Callable[[Doc], bool] | None
) -> Callable[[Doc], bool] | None:
    """The condition with what is asked of the resource's ranges; the same when that is nothing."""
    asked = {name: params[name] for name in resource.ranges if params.get(name) is not None}
    if not asked:
        return where

    def both(doc: Doc) -> bool:
        if where is not None and not where(doc):
            return False
        found = ((doc[name], wanted) for name, wanted in asked.items())
        return all(value is not None and in_range(value, wanted) for value, wanted in found)

    return both


def _index(tx: Tx, resource: Resource, wanted: Doc) -> str | None:
    """The index key under which stands just what is wanted, if there is one."""
    if len(wanted) > 1:
        return None
    for value in wanted.values():
        if isinstance(value, list):
            return None
    return tx.key(resource, wanted)


def _matching(tx: Tx, resource: Resource, wanted: Doc) -> Sequence[str]:
    """Ids where every wanted field has its value: the index of one, narrowed by the others."""
    if not wanted:
        return tx.setup.store.ids(tx.key(resource, {}))
    lists = [_valued(tx, resource, name, value) for name, value in wanted.items()]
    if len(lists) == 1:
        return lists[0]
    shortest = min(lists, key=len)
    others = [set(ids) for ids in lists if ids is not shortest]
    return [id_ for id_ in shortest if all(id_ in other for other in others)]


def _valued(tx: Tx, resource: Resource, name: str, value: Any) -> Sequence[str]:
    """Ids where a field has a value, or one of several."""
    store = tx.setup.store
    if not isinstance(value, list):
        return store.ids(tx.key(resource, {name: value}))
    found = {id_ for one in value for id_ in store.ids(tx.key(resource, {name: one}))}
    return sorted(found, key=store.sequence)


def _within(tx: Tx, ids: Sequence[str], created: Any) -> tuple[int, int]:
    """The slice of `ids` whose creation lies in a range; ids stand in creation order."""
    if created is None:
        return 0, len(ids)
    store = tx.setup.store
    bounds = created if isinstance(created, dict) else {"gte": created, "lte": created}
    low, high = 0, len(ids)
    for name, instant in bounds.items():
        if instant is None:
            continue
        search = bisect_left if name in {"gte", "lt"} else bisect_right
        at = search(ids, instant, key=store.created)
        if name in {"gt", "gte"}:
            low = max(low, at)
        else:
            high = min(high, at)
    return low, max(low, high)


def _cursor(
    tx: Tx, resource: Resource, among: str | Sequence[str], id_: str, param: str, kind: str | None
) -> int:
    """Where a cursor stands under an index key, or among ids."""
    if tx.raw(resource, id_) is None:
        raise objects.no_such(kind or resource.kind, id_, param, 400)
    store, place = tx.setup.store, resource.place(tx.account, id_)
    return store.position(among, place) if isinstance(among, str) else store.place(among, place)


def _read(
    tx: Tx, resource: Resource, among: str | Sequence[str], low: int, high: int
) -> Sequence[bytes]:
    """The documents from one position under an index key, or among ids, up to another, newest
    first.
    """
    store = tx.setup.store
    raws: Sequence[bytes]
    if isinstance(among, str):
        raws = store.raws(among, resource.name, low, high)
    else:
        raws = store.table(resource.name).several(among[low:high])[::-1]
    if resource.view is None:
        return raws
    shown = [resource.shown(tx, raw) for raw in raws]
    return [each if isinstance(each, bytes) else orjson.dumps(each) for each in shown]
