"""Pages as /v2 gives them: `data` and the addresses of the next and the previous page."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from emulator.kernel.errors import core as refusals
from emulator.kit.setup import Doc, Params

USUAL_LIMIT: Final = 20
_MOST: Final = 100
_OWN: Final = frozenset({"limit", "page"})


class CorePage(NamedTuple):
    """One page. items: whole documents; the urls: path and query, None where there is none."""

    items: Sequence[Doc]
    next_page_url: str | None
    previous_page_url: str | None

    def body(self) -> Doc:
        return {
            "data": list(self.items),
            "next_page_url": self.next_page_url,
            "previous_page_url": self.previous_page_url,
        }


def core_page(found: Sequence[Doc], params: Params, url: str) -> CorePage:
    """The page of `found` that `limit` and `page` ask for.

    A page token names where a page begins; it is only good for the list that it came with.
    """
    limit = min(params.get("limit") or USUAL_LIMIT, _MOST)
    start = _start(params.get("page"), found)
    more = {name: value for name, value in params.items() if name not in _OWN and value is not None}
    following, before = start + limit, max(0, start - limit)
    return CorePage(
        found[start:following],
        _url(url, found, following, limit, more) if following < len(found) else None,
        _url(url, found, before, limit, more) if start > 0 else None,
    )


def _start(token: str | None, found: Sequence[Doc]) -> int:
    if token is None:
        return 0
    try:
        first = urlsafe_b64decode(token.encode()).decode()
    except (Base64Error, ValueError):
        raise refusals.page_unknown(token) from None
    for index, doc in enumerate(found):
        if doc["id"] == first:
            return index
    raise refusals.page_unknown(token)


def _url(url: str, found: Sequence[Doc], at: int, limit: int, more: dict[str, Any]) -> str:
    token = urlsafe_b64encode(str(found[at]["id"]).encode()).decode()
    pairs: list[tuple[str, Any]] = [("page", token), ("limit", limit)]
    for name, value in sorted(more.items()):
        if isinstance(value, list):
            pairs += [(f"{name}[{index}]", each) for index, each in enumerate(value)]
        elif isinstance(value, dict):
            pairs += [(f"{name}[{key}]", each) for key, each in value.items()]
        else:
            pairs.append((name, str(value).lower() if isinstance(value, bool) else value))
    return f"{url}?{urlencode(pairs)}"
