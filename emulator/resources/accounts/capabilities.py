"""Capabilities: what an account may do, each requested by itself.

They are not stored: an account remembers which ones it requested and when, the rules say the rest.
"""

from __future__ import annotations

from typing import Any, Final

import orjson

from emulator.kernel.errors import accounts as refusals
from emulator.kernel.errors import refuse
from emulator.kit import Doc, Page, Params, Resource, Tx
from emulator.resources.accounts.availability import check_capabilities
from emulator.resources.accounts.standing import capability, settle
from emulator.resources.accounts.state import agreement_of, facts_of, reach
from emulator.rules.accounts import capabilities
from emulator.rules.accounts.facts import Facts

CAPABILITIES: Final = Resource("capability", prefix="capability", param="capability")


@CAPABILITIES.on("GET /v1/accounts/{account}/capabilities")
def list_(tx: Tx, _params: Params, account_id: str) -> Page:
    """All that the account's country has under its agreement, on one page."""
    account, notes, facts = _open(tx, account_id)
    names = {*capabilities.listed(account["country"], agreement_of(account)), *facts.requested}
    items = [orjson.dumps(_shown(facts, notes, account_id, name)) for name in sorted(names)]
    return Page(items, has_more=False, name=CAPABILITIES.name)


@CAPABILITIES.on("GET /v1/accounts/{account}/capabilities/{capability}")
def retrieve(tx: Tx, _params: Params, account_id: str, name: str) -> Doc:
    account, notes, facts = _open(tx, account_id)
    name = _known(account, name, facts)
    return _shown(facts, notes, account_id, name)


@CAPABILITIES.on("POST /v1/accounts/{account}/capabilities/{capability}")
def update(tx: Tx, params: Params, account_id: str, name: str) -> Doc:
    account, notes, facts = _open(tx, account_id)
    name = _known(account, name, facts)
    if params.get("requested") is not None:
        request(tx, account, notes, {name: params["requested"]})
        settle(tx, account, notes)
    return _shown(facts_of(tx, account, notes), notes, account_id, name)


def request(tx: Tx, account: Doc, notes: Doc, wanted: dict[str, bool]) -> None:
    """Request capabilities, or give them back."""
    held: dict[str, Any] = notes.get("requested_at", {})
    new = {name for name, on in wanted.items() if on and name not in held}
    if new:
        check_capabilities(tx, account, frozenset(held) | new)
    for name in sorted(new):
        held[name] = tx.now
    for name in sorted(name for name, on in wanted.items() if not on and name in held):
        refuse(capabilities.check_unrequest(name))
        del held[name]
    notes["requested_at"] = held


def _open(tx: Tx, account_id: str) -> tuple[Doc, Doc, Facts]:
    account = reach(tx, account_id)
    if account_id == tx.platform:
        raise refusals.no_permission_for_endpoint(account_id)
    notes = tx.hidden(account_id)
    return account, notes, facts_of(tx, account, notes)


def _known(account: Doc, name: str, facts: Facts) -> str:
    today = capabilities.canonical(name)
    if today not in capabilities.names():
        raise refusals.capability_unknown(name)
    if today not in facts.requested and not capabilities.in_country(today, account["country"]):
        raise refusals.capability_unknown(name)
    return today


def _shown(facts: Facts, notes: Doc, account_id: str, name: str) -> Doc:
    return capability(facts, account_id, name, notes.get("requested_at", {}).get(name))
