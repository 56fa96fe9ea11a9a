"""`GET …/search`: pages of what a query matches, newest first."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import NamedTuple

import orjson

from emulator.kernel.errors import requests
from emulator.kernel.errors import searching as refusals
from emulator.kit.listing import USUAL_LIMIT
from emulator.kit.resource import Resource
from emulator.kit.setup import Doc, Params
from emulator.kit.tx import Tx
from emulator.rules import searching

# The first version that can search (documented).
_FIRST_VERSION = "2020-08-27"


class Matches(NamedTuple):
    """One page of a search. next_page: where the next one begins. total: of all pages, shown when
    `total_count` is expanded.
    """

    items: list[Doc]
    next_page: str | None
    total: int


def searches(resource: Resource, key: str) -> None:
    """Declare the search of a resource; its fields are data (`schemas/rules/search.json`)."""

    def search(tx: Tx, params: Params) -> Matches:
        if tx.version.before(_FIRST_VERSION):
            raise refusals.version_too_old(tx.version.name, _FIRST_VERSION)
        return matching(tx, resource, params, key.split("/")[2])

    resource.on(key)(search)


def matching(tx: Tx, resource: Resource, params: Params, plural: str) -> Matches:
    """What `query` matches, from `page` on, at most `limit` of it."""
    query = searching.read(params["query"], resource.name, plural)
    limit, first = params.get("limit") or USUAL_LIMIT, _begin(params.get("page"))
    found = [doc for doc in tx.all(resource) if query.matches(doc)]
    items = found[first : first + limit]
    if resource.view is not None:
        items = [resource.view(tx, doc) for doc in items]
    more = first + limit < len(found)
    return Matches(items, _token(first + limit) if more else None, len(found))


def _token(place: int) -> str:
    return urlsafe_b64encode(orjson.dumps({"from": place})).decode().rstrip("=")


def _begin(token: str | None) -> int:
    if token is None:
        return 0
    try:
        found = orjson.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (ValueError, Error):
        found = None
    place = found.get("from") if isinstance(found, dict) else None
    if not isinstance(place, int) or place < 0:
        raise requests.bad_page(token)
    return place
