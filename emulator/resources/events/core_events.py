"""Thin events of /v2: that something happened to an object, and how to fetch it.

Every change of an account is told here besides /v1's `account.updated`: one event for each section
of its v2 view that changed. They are kept under the account that event destinations belong to, the
platform, with the connected account as `context`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from emulator.contract.previous import differences
from emulator.kernel.errors import core as refusals
from emulator.kernel.instants import seconds
from emulator.kit import CORE_EVENTS, CorePage, Doc, Params, Tx, core_page, outbox, thin
from emulator.rules.accounts import core_account

_URL: Final = "/v2/core/events"
_BOUNDS: Final[dict[str, Callable[[int, int], bool]]] = {
    "gt": int.__gt__,
    "gte": int.__ge__,
    "lt": int.__lt__,
    "lte": int.__le__,
}
# What stands beside the sections: a change there is one of the account itself.
_ITSELF: Final = (
    "applied_configurations",
    "contact_email",
    "contact_phone",
    "display_name",
    "metadata",
)


@CORE_EVENTS.on("GET /v2/core/events/{id}")
def retrieve(tx: Tx, _params: Params, id_: str) -> Doc:
    event = tx.on(tx.platform).get(CORE_EVENTS, id_)
    if not _concerns(tx, event):
        raise tx.missing(CORE_EVENTS, id_)
    return event


@CORE_EVENTS.on("GET /v2/core/events")
def list_(tx: Tx, params: Params) -> CorePage:
    bounds = {name: _instant(name, text) for name, text in (params.get("created") or {}).items()}
    wanted, types = params.get("object_id"), params.get("types")
    found = [
        event
        for event in tx.on(tx.platform).all(CORE_EVENTS)
        if _concerns(tx, event)
        and (wanted is None or (event["related_object"] or {}).get("id") == wanted)
        and (not types or event["type"] in types)
        and _within(event["created"], bounds)
    ]
    return core_page(found, params, _URL)


def tell(
    tx: Tx,
    type_: str,
    subject: str,
    *,
    kind: str = "v2.core.account",
    url: str | None = None,
    changes: Doc | None = None,
    data: Doc | None = None,
    only: str | None = None,
) -> Doc:
    """Record a thin event and who is to hear of it; the event comes back.

    subject, kind, url: the object it is about. changes: {"before": …, "after": …}. data: what is
    only there when the event is fetched. only: the one destination that is to hear of it.
    """
    return thin.tell(
        tx,
        type_,
        outbox.core_listeners(tx.setup, type_, only),
        changes=changes,
        context=subject if kind == "v2.core.account" else None,
        data=data or {},
        related_object={
            "id": subject,
            "type": kind,
            "url": url or f"/v2/core/accounts/{subject}",
        },
    )


def account_changed(
    tx: Tx, account: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Tell what is different between two v2 views of an account, section by section."""
    _tell_if(tx, account, "v2.core.account.updated", _only(before), _only(after))
    for name in core_account.SECTIONS:
        old, new = _section(before, name), _section(after, name)
        if old == new:
            continue
        _tell_if(tx, account, f"v2.core.account[{name}].updated", old, new)
        if name.startswith("configuration."):
            _tell_capabilities(tx, account, name, old or {}, new or {})


def _concerns(tx: Tx, event: Doc) -> bool:
    """Whether it is seen from this account: the platform sees all, and who asks in the context of
    a connected account, as SDKs do who were told of an event, those about it.
    """
    return tx.account in {tx.platform, event["context"]}


# -- inside ---------------------------------------------------------------------------------------


def _tell_if(tx: Tx, account: str, type_: str, old: Any, new: Any) -> None:
    if old != new:
        tell(tx, type_, account, changes=_changes(old, new))


def _tell_capabilities(tx: Tx, account: str, section: str, old: Doc, new: Doc) -> None:
    """One event for each capability that has come to another status."""
    was, now = dict(_statuses(old)), dict(_statuses(new))
    for path in sorted(now.keys() | was.keys()):
        if was.get(path) != now.get(path):
            type_ = f"v2.core.account[{section}].capability_status_updated"
            tell(tx, type_, account, data={"updated_capability": path})


def _statuses(configuration: Doc) -> list[tuple[str, str]]:
    found = []
    for name, each in (configuration.get("capabilities") or {}).items():
        if "status" in each:
            found.append((name, each["status"]))
        else:
            found += [(f"{name}.{inner}", deeper["status"]) for inner, deeper in each.items()]
    return found


def _section(view: Mapping[str, Any], name: str) -> Any:
    outer, _, inner = name.partition(".")
    return view[outer][inner] if inner else view[outer]


def _only(view: Mapping[str, Any]) -> Doc:
    return {name: view[name] for name in _ITSELF}


def _changes(old: Any, new: Any) -> Doc:
    if not isinstance(old, dict) or not isinstance(new, dict):
        return {"after": new, "before": old}
    return {"after": differences(new, old), "before": differences(old, new)}


def _instant(name: str, text: str) -> int:
    found = seconds(text)
    if found is None:
        raise refusals.time_invalid(f"created[{name}]", text)
    return found


def _within(created: str, bounds: Mapping[str, int]) -> bool:
    at = seconds(created)
    assert at is not None
    return all(_BOUNDS[name](at, bound) for name, bound in bounds.items())
