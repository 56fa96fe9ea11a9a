"""Lists of stored objects: the filters that their parameters name, and pages of both APIs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from emulator.contract import operations
from emulator.contract.specs import sent_fields
from emulator.kit import CorePage, Doc, Page, Params, Resource, Tx, page
from emulator.kit.core_pages import core_page
from emulator.kit.listing import in_range
from emulator.resources.stored import facts
from emulator.resources.stored.plans import Plan, parents_of

_PAGING: Final = frozenset(
    {"limit", "starting_after", "ending_before", "created", "page", "expand", "include"}
)
_INDEXABLE: Final = frozenset({"string", "enum", "boolean", "integer", "currency"})
_BOUNDS: Final = frozenset({"gt", "gte", "lt", "lte"})


@cache
def indexed(name: str) -> tuple[str, ...]:
    """The fields of an object that its lists can be narrowed by: plain ones, and its parents."""
    fields, wanted = facts.fields(name), set()
    for operation in operations().values():
        if operation.kind == "list" and operation.returns == name:
            taken = sent_fields(operation).items()
            wanted |= {param for param, spec in taken if spec["type"] in _INDEXABLE}
            wanted |= {parent.field for parent in parents_of(operation)}
    plain = {each for each in wanted - _PAGING if fields.get(each, {}).get("type") in _INDEXABLE}
    return tuple(sorted(plain))


def listed(tx: Tx, resource: Resource, plan: Plan, params: Params, parent: str | None) -> Page:
    """A page of an object's kind, below a parent when the path leads through one."""
    tests = [*_tests(resource, params)]
    fixed: Doc = {}
    if parent is not None:
        field = plan.parents[-1].field
        if field in resource.filters:
            fixed[field] = parent
        else:
            tests.append(lambda doc: _is_within(tx, doc, field, parent))
    where = (lambda doc: all(test(doc) for test in tests)) if tests else None
    return page(tx, resource, params, where=where, **fixed)


def _is_within(tx: Tx, doc: Doc, field: str, parent: str) -> bool:
    return doc.get(field) == parent or tx.hidden(doc["id"]).get("within") == parent


def _tests(resource: Resource, params: Params) -> list[Callable[[Doc], bool]]:
    """What no index knows: ranges, hashes, and lists of values under the plural of a field."""
    known = facts.fields(resource.name)
    found = []
    for name, wanted in params.items():
        if name in _PAGING or name in resource.filters or wanted is None:
            continue
        field = name if name in known else name.removesuffix("s")
        if field in known:
            found.append(_test(field, wanted))
    return found


def _test(field: str, wanted: Any) -> Callable[[Doc], bool]:
    return lambda doc: _fits(doc.get(field), wanted)


def _fits(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return value in wanted
    if isinstance(wanted, dict) and wanted.keys() <= _BOUNDS:
        return isinstance(value, int) and in_range(value, wanted)
    if isinstance(wanted, dict):
        return isinstance(value, dict) and all(_fits(value.get(k), w) for k, w in wanted.items())
    return bool(value == wanted or (isinstance(value, dict) and value.get("id") == wanted))


def paged(
    tx: Tx, resource: Resource, plan: Plan, params: Params, parent: tuple[str, str] | None
) -> CorePage:
    """A list of /v2. parent: the field and the id of what the path leads through."""
    tests = [*_tests(resource, params)]
    if parent is not None:
        tests.append(lambda doc: _is_within(tx, doc, *parent))
    own = {name: params[name] for name in resource.filters if params.get(name) is not None}
    tests += [_test(name, wanted) for name, wanted in own.items()]
    found = [doc for doc in tx.all(resource) if all(test(doc) for test in tests)]
    url = plan.url
    if parent is not None:
        url = url.replace("{" + plan.parents[-1].param + "}", parent[1])
    return core_page(found, params, url)
