"""Lists of what nobody makes: the same objects in every world, found by ids that stand fast."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import orjson

from emulator.kernel.errors import requests
from emulator.kit.listing import USUAL_LIMIT, Page
from emulator.kit.resource import Resource
from emulator.kit.setup import Doc, Params
from emulator.kit.tx import Tx


def fixed_page(
    tx: Tx,
    resource: Resource,
    params: Params,
    ids: Sequence[str],
    shown: Callable[[str], Doc],
) -> Page:
    """A page in the order of `ids`, which are the cursors."""
    after, before = params.get("starting_after"), params.get("ending_before")
    limit = params.get("limit") or USUAL_LIMIT
    if after and before:
        raise requests.both_cursors()
    for name in ("starting_after", "ending_before"):
        if params.get(name) and params[name] not in ids:
            raise tx.missing(resource, params[name], name)
    if after:
        ids = ids[ids.index(after) + 1 :]
    if before:
        ids = ids[: ids.index(before)]
    taken = ids[-limit:] if before else ids[:limit]
    items = [orjson.dumps(shown(id_)) for id_ in taken]
    return Page(items, len(ids) > limit, resource.name)
