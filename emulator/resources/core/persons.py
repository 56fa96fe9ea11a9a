"""Persons of an account as /v2 sees them: /v1's persons under other names."""

from __future__ import annotations

from typing import Final

from emulator.contract import shape
from emulator.kit import CorePage, Doc, Params, Resource, Tx, core_page
from emulator.resources.accounts import persons
from emulator.resources.accounts.state import PERSONS, reach
from emulator.resources.core import tokens
from emulator.resources.events import core_events
from emulator.rules.accounts import core_account, two_views

CORE_PERSONS: Final = Resource("v2.core.account_person", prefix="person", kind="person")


@CORE_PERSONS.on("POST /v2/core/accounts/{account_id}/persons")
def create(tx: Tx, params: Params, account_id: str) -> Doc:
    account = reach(tx, account_id)
    made = persons.create(tx, _inward(tx, params), account_id)
    _touch(tx, made["id"])
    _tell(tx, account_id, made["id"], "created")
    return _shown(tx, account, tx.on(account_id).get(PERSONS, made["id"]))


@CORE_PERSONS.on("GET /v2/core/accounts/{account_id}/persons/{id}")
def retrieve(tx: Tx, params: Params, account_id: str, id_: str) -> Doc:
    account = reach(tx, account_id)
    return _shown(tx, account, persons.retrieve(tx, params, account_id, id_))


@CORE_PERSONS.on("GET /v2/core/accounts/{account_id}/persons")
def list_(tx: Tx, params: Params, account_id: str) -> CorePage:
    account = reach(tx, account_id)
    found = [_shown(tx, account, doc) for doc in tx.on(account_id).all(PERSONS)]
    return core_page(found, params, f"/v2/core/accounts/{account_id}/persons")


@CORE_PERSONS.on("POST /v2/core/accounts/{account_id}/persons/{id}")
def update(tx: Tx, params: Params, account_id: str, id_: str) -> Doc:
    account = reach(tx, account_id)
    changed = persons.update(tx, _inward(tx, params), account_id, id_)
    _touch(tx, id_)
    _tell(tx, account_id, id_, "updated")
    return _shown(tx, account, changed)


@CORE_PERSONS.on("DELETE /v2/core/accounts/{account_id}/persons/{id}")
def delete(tx: Tx, params: Params, account_id: str, id_: str) -> Doc:
    persons.delete(tx, params, account_id, id_)
    _tell(tx, account_id, id_, "deleted")
    return {"id": id_, "object": CORE_PERSONS.name, "deleted": True}


def _inward(tx: Tx, params: Params) -> Doc:
    return two_views.person_in(tokens.laid_under(tx, params, "person_token"))


def _touch(tx: Tx, id_: str) -> None:
    tx.hide(id_, tx.hidden(id_) | {"updated": tx.now})


def _shown(tx: Tx, account: Doc, person: Doc) -> Doc:
    updated = tx.hidden(person["id"]).get("updated", person["created"])
    whole = core_account.person_view(person, account["country"], updated) | {"livemode": False}
    fields = shape(CORE_PERSONS.name)["fields"]
    return {
        name: whole.get(name) for name in ("id", "object", *fields) if name in {*whole, *fields}
    }


def _tell(tx: Tx, account: str, id_: str, what: str) -> None:
    core_events.tell(
        tx,
        f"v2.core.account_person.{what}",
        id_,
        kind=CORE_PERSONS.name,
        url=f"/v2/core/accounts/{account}/persons/{id_}",
        data={"account_id": account},
    )
