"""Account links of /v2: the same addresses as /v1's, asked for by use case."""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import core as refusals
from emulator.kernel.instants import rfc3339
from emulator.kit import Doc, Params, Resource, Tx
from emulator.resources.accounts import links

CORE_ACCOUNT_LINKS: Final = Resource("v2.core.account_link", prefix="link")


@CORE_ACCOUNT_LINKS.on("POST /v2/core/account_links")
def create(tx: Tx, params: Params) -> Doc:
    case: Doc = params["use_case"]
    details = case.get(case["type"])
    if details is None:
        raise refusals.field_missing(f"use_case.{case['type']}")
    asked = {"account": params["account"], "type": case["type"]}
    asked |= {name: details[name] for name in ("refresh_url", "return_url") if details.get(name)}
    if details.get("collection_options"):
        asked["collection_options"] = details["collection_options"]
    link = links.create(tx, asked)
    return {
        "object": CORE_ACCOUNT_LINKS.name,
        "account": params["account"],
        "created": rfc3339(link["created"]),
        "expires_at": rfc3339(link["expires_at"]),
        "livemode": False,
        "url": link["url"],
        "use_case": case,
    }
