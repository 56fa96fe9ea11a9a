"""From what a handler returned to bytes: expansion, the shape of older versions, list envelopes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import orjson

from emulator.contract import versions
from emulator.kit import CorePage, Doc, Matches, Page, Tx
from emulator.resources import RESOURCES
from emulator.store import Stretch, any_in
from emulator.web.answers import Listed
from emulator.world import EXPANDER, neighbours

_DASHBOARD: Final = "https://dashboard.stripe.com"
_WORKBENCH_SINCE: Final = 1_767_225_600  # 1 January 2026
Result = bytes | Doc | Page | CorePage | Matches


def body(tx: Tx, result: Result, expand: list[str] | None, path: str) -> bytes | Listed:
    """The bytes of an answer, or a list to be made bytes of. Stored bytes are sent as they
    are when nothing has to change in them.
    """
    render = _renderer(tx, path)
    if isinstance(result, Page):
        if not expand:
            return _listed(result if render is None else _in_version(tx, result, render), path)
        if not result.items:
            EXPANDER.check(result.name, expand, tx.version.date)
        result = {
            "object": "list",
            **({"count": len(result.items)} if result.counted else {}),
            "data": [orjson.loads(item) for item in result.items],
            "has_more": result.has_more,
            **({} if result.total is None else {"total_count": result.total}),
            "url": path,
        }
    elif isinstance(result, bytes):
        if not expand and (render is None or not render.touches(result)):
            return result
        result = orjson.loads(result)
    elif isinstance(result, CorePage):
        return orjson.dumps(result.body())
    elif isinstance(result, Matches):
        result, expand = _search_result(result, expand, path), _without_total(expand)
    assert isinstance(result, dict)
    if expand:
        result = EXPANDER.expand(tx, result, expand)
    raw = orjson.dumps(result)
    if render is not None and render.touches(raw):
        raw = orjson.dumps(render(result, neighbours(tx)))
    # A copy of the right size, as the request log keeps it: orjson's result may hold 8 KiB.
    return b"%b" % raw


def _renderer(tx: Tx, path: str) -> versions.Render | versions.Teller | None:
    """Events keep the version in which they were told; all else is shown in the caller's."""
    if path.startswith("/v1/events"):
        return versions.Teller(tx.now)
    return versions.renderer(tx.version, tx.now)


def _in_version(tx: Tx, page: Page, render: versions.Render | versions.Teller) -> Page:
    """A page with those documents turned that the caller's version shows otherwise."""
    if isinstance(render, versions.Render):
        resource = None if page.mixed else RESOURCES.get(page.name)
        traces = None if resource is None else render.traces(page.name, resource.includes)
        if traces is not None and not _holds(page.items, traces):
            return page
    fetch = neighbours(tx)
    items = [
        orjson.dumps(render(orjson.loads(item), fetch)) if render.touches(item) else item
        for item in page.items
    ]
    return page._replace(items=items)


def _holds(items: Sequence[bytes], traces: tuple[bytes, ...]) -> bool:
    return items.holds(traces) if isinstance(items, Stretch) else any_in(items, traces)


def _search_result(found: Matches, expand: list[str] | None, path: str) -> Doc:
    result: Doc = {"object": "search_result", "data": found.items}
    result |= {"has_more": found.next_page is not None, "next_page": found.next_page, "url": path}
    return result | ({"total_count": found.total} if "total_count" in (expand or ()) else {})


def _without_total(expand: list[str] | None) -> list[str]:
    return [each for each in expand or () if each != "total_count"]


def error(tx: Tx, shown: Doc) -> Doc:
    """An error object as the caller's version shows it, with its page in the request log."""
    render = versions.renderer(tx.version, tx.now)
    if shown.get("code") != "account_invalid":
        shown["request_log_url"] = _log_page(tx)
    shown = dict(sorted(shown.items()))
    if render is None:
        return shown
    whole: Doc = render({"error": shown}, neighbours(tx))
    found: Doc = whole["error"]
    return found


def _log_page(tx: Tx) -> str:
    """Where the Dashboard shows the request; before the Workbench it named the account only to
    those who had (observed to December 2025 and from January 2026 on).
    """
    request = tx.caller.request
    if tx.now >= _WORKBENCH_SINCE:
        return f"{_DASHBOARD}/{tx.account}/test/workbench/logs?object={request}"
    account = f"/{tx.account}" if tx.caller.connect else ""
    return f"{_DASHBOARD}{account}/test/logs/{request}?t={tx.now}"


def _listed(page: Page, path: str) -> Listed:
    """A list's JSON around stored documents, into which nobody looks."""
    more = b"true" if page.has_more else b"false"
    if page.total is not None:
        more += b',"total_count":%d' % page.total
    count = b'"count":%d,' % len(page.items) if page.counted else b""
    head = b'{"object":"list",%b"data":[' % count
    tail = b'],"has_more":%b,"url":%b}' % (more, orjson.dumps(path))
    return Listed(head, page.items, tail)
