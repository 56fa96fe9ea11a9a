"""Persons: who represents, owns or directs an account. Numbers go in and never come out."""

from __future__ import annotations

from typing import Any, Final

import orjson

from emulator.contract.blanks import blank
from emulator.kernel.errors import Refusal, refuse
from emulator.kit import Doc, Page, Params, Tx, listing
from emulator.kit.editing import merged_metadata
from emulator.resources.accounts import browser_tokens
from emulator.resources.accounts.details import void_terms
from emulator.resources.accounts.documents import (
    check_documents,
    nested_name,
    with_files,
    with_images,
)
from emulator.resources.accounts.standing import settle
from emulator.resources.accounts.state import (
    PERSONS,
    agreement_of,
    controller_of,
    given_by_person,
    people,
    reach,
    remember,
    representative,
)
from emulator.rules.accounts import forms, persons, profiles, types
from emulator.rules.accounts.facts import flatten, met

_FLAGS: Final = ("authorizer", "director", "executive", "legal_guardian", "owner", "representative")


# -- what clients do ------------------------------------------------------------------------------


@PERSONS.on("POST /v1/accounts/{account}/persons")
def create(tx: Tx, params: Params, account_id: str) -> Doc:
    account, notes = _open(tx, account_id)
    params = with_token(tx, params, account["country"])
    check(tx, account, None, params)
    person = make(tx, account, params)
    settle(tx, account, notes, {person["id"]: None})
    return tx.on(account_id).get(PERSONS, person["id"])


@PERSONS.on("GET /v1/accounts/{account}/persons/{person}")
def retrieve(tx: Tx, _params: Params, account_id: str, id_: str) -> Doc:
    _open(tx, account_id)
    return tx.on(account_id).get(PERSONS, id_)


@PERSONS.on("POST /v1/accounts/{account}/persons/{person}")
def update(tx: Tx, params: Params, account_id: str, id_: str) -> Doc:
    account, notes = _open(tx, account_id)
    before = tx.on(account_id).get(PERSONS, id_)
    params = with_token(tx, params, account["country"])
    check(tx, account, id_, params)
    change(tx, account, notes, before, params)
    settle(tx, account, notes, {id_: before})
    return tx.on(account_id).get(PERSONS, id_)


@PERSONS.on("DELETE /v1/accounts/{account}/persons/{person}")
def delete(tx: Tx, _params: Params, account_id: str, id_: str) -> Doc:
    account, notes = _open(tx, account_id)
    mine = tx.on(account_id)
    person = mine.get(PERSONS, id_)
    opener = account["business_type"] == "individual"
    refuse(persons.check_delete(person["relationship"], opener=opener))

    gone = mine.delete(PERSONS, person, event="person.deleted")
    settle(tx, account, notes)
    return gone


@PERSONS.on("GET /v1/accounts/{account}/persons")
def list_(tx: Tx, params: Params, account_id: str) -> Page:
    _open(tx, account_id)
    page = listing.page(tx.on(account_id), PERSONS, params)
    wanted = {name: on for name, on in (params.get("relationship") or {}).items() if on is not None}
    if not wanted:
        return page
    kept = [raw for raw in page.items if _has(orjson.loads(raw), wanted)]
    return page._replace(items=kept)


def _has(person: Doc, wanted: Doc) -> bool:
    return all(bool(person["relationship"].get(name)) == on for name, on in wanted.items())


# -- used by accounts -----------------------------------------------------------------------------


def set_individual(
    tx: Tx, account: Doc, notes: Doc, params: Params, *, accepts: bool = False
) -> dict[str, Doc | None]:
    """Lay `individual` over the person of an account, who comes to be with it. accepts: whether the
    terms are accepted in the same request.

    Returns what `settle` wants to know: the person's id and how it was, None when it is new.
    """
    person = representative(people(tx, account["id"]))
    check(tx, account, person["id"] if person else None, params, "individual")
    if person is None:
        made = make(tx, account, {**params, "relationship": _representing(params)})
        return {made["id"]: None}
    change(tx, account, notes, person, params, accepts=accepts)
    return {person["id"]: person}


def _representing(params: Params) -> Doc:
    return {**(params.get("relationship") or {}), "representative": True}


def make(tx: Tx, account: Doc, params: Params) -> Doc:
    """A new person of an account, saved but not yet announced."""
    mine = tx.on(account["id"])
    person = mine.new(PERSONS, account=account["id"])
    more, less = forms.person_keys(account["country"], agreement_of(account))
    person = {**forms.without(person, less), **dict.fromkeys(more)}
    for name in ("address_kana", "address_kanji"):
        if name in more:
            person[name] = {**blank("address.kana")}
    return _lay_over(tx, account, person, params)


def change(
    tx: Tx, account: Doc, notes: Doc, person: Doc, params: Params, *, accepts: bool = False
) -> Doc:
    """A person after an update, saved but not yet announced; new numbers make the terms void,
    unless they are accepted with them.
    """
    before = flatten(tx.hidden(person["id"]).get("sent", {}))
    changed = _lay_over(tx, account, {**person}, params)
    after = flatten(tx.hidden(person["id"])["sent"])
    represents = person["relationship"].get("representative")
    if "imposed" in notes:
        heads = (person["id"], "individual") if represents else (person["id"],)
        given = [f"{head}.{path}" for head in heads for path in flatten(params)]
        notes["imposed"] = met(notes["imposed"], given)
    if represents and not accepts and profiles.terms_void(before, after):
        void_terms(notes["sent"])
    return changed


def check(tx: Tx, account: Doc, person_id: str | None, params: Params, prefix: str = "") -> None:
    """Refuse what a person cannot be."""
    if params.get("phone"):
        refuse(persons.check_phone(params["phone"], nested_name(prefix, "phone")))
    if params.get("email"):
        refuse(profiles.check_email(params["email"], nested_name(prefix, "email")))
    if params.get("dob"):
        refuse(persons.check_dob(params["dob"], nested_name(prefix, "dob")))
    check_documents(tx, params, prefix)
    if params.get("relationship"):
        others = [d["relationship"] for d in people(tx, account["id"]) if d["id"] != person_id]
        refuse(persons.check_relationship(params["relationship"], others, individual=bool(prefix)))


def with_token(tx: Tx, params: Params, country: str) -> Params:
    """Parameters with a person token's contents laid under them."""
    token = params.get("person_token")
    if token is None:
        return params
    sent = browser_tokens.contents(tx, token, "person_token", country)
    return {**sent, **forms.without(params, ("person_token",))}


# -- inside ---------------------------------------------------------------------------------------


def _open(tx: Tx, account_id: str) -> tuple[Doc, Doc]:
    account = reach(tx, account_id)
    notes = tx.hidden(account_id)
    if account_id != tx.platform:
        locked = notes.get("locked", False)
        refuse(types.check_persons(controller_of(account), account_id, locked=locked))
    return account, notes


def _lay_over(tx: Tx, account: Doc, person: Doc, params: Params) -> Doc:
    given = forms.without(params, ("metadata",))
    for name in ("id_number", "id_number_secondary"):
        if given.get(name):
            given[name] = browser_tokens.number(tx, given[name], name, account["country"])
    notes = tx.hidden(person["id"])
    before = notes.get("sent", {})
    if "full_name_aliases" in given:
        given["full_name_aliases"] = given["full_name_aliases"] or []
    sent = forms.merged(before, with_images(tx, given))
    person = forms.person_shown(person, with_files(tx.on(account["id"]), given), account["country"])
    if "metadata" in params:
        person["metadata"] = merged_metadata(person["metadata"], params["metadata"])
    person["relationship"] = _relationship(person["relationship"])
    if not person.get("phone"):
        person.pop("phone", None)
    flags = persons.flags(flatten(sent))
    person |= {name: on for name, on in flags.items() if name in person or on}
    remember(notes, sent, given_by_person(sent), given_by_person(before), tx.now)
    tx.hide(person["id"], notes)
    return tx.on(account["id"]).save(PERSONS, person)


def _relationship(sent: Doc) -> Doc:
    percent: Any = persons.ownership(sent.get("percent_ownership"))
    assert not isinstance(percent, Refusal)
    flags = {name: bool(sent.get(name)) for name in _FLAGS}
    return dict(sorted({**sent, **flags, "percent_ownership": percent}.items()))
