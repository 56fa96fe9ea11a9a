"""What hangs on a customer the old way: cards, bank accounts, sources, and which is the default."""

from __future__ import annotations

from typing import Any, Final

from emulator.kernel.errors import instruments as refusals
from emulator.kit import Doc, Page, Params, Resource, Tx, cut
from emulator.kit.editing import edit
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.payment_methods import instruments
from emulator.resources.payment_methods.sources import BANK_ACCOUNTS, CARDS, SOURCES, taken_by
from emulator.rules import debits

_KINDS: Final = (CARDS, BANK_ACCOUNTS, SOURCES)
_USUAL_LIMIT: Final = 10
_MOST_TRIES: Final = 10


def add(tx: Tx, customer: Doc, source: Any, metadata: Doc | None = None) -> Doc:
    """Save a token, source or hash to a customer (left unsaved); the first is their default."""
    made = taken_by(tx, customer["id"], source, metadata)
    if customer["default_source"] is None:
        customer["default_source"] = made["id"]
    return made


def replace_default(tx: Tx, customer: Doc, source: Any) -> None:
    """The `source` parameter of an update: the new one takes the place of the default."""
    old = customer["default_source"]
    customer["default_source"] = None
    made = add(tx, customer, source)
    gone = find(tx, customer["id"], old) if old else None
    if gone is not None and old != made["id"]:
        remove(tx, gone)
    tx.emit("customer.source.created", made)


def find(tx: Tx, customer: str, id_: str) -> Doc | None:
    """A customer's source by id, or None."""
    for kind in _KINDS:
        found = tx.find(kind, id_) if id_.startswith(f"{kind.prefix}_") else None
        if found is not None and found.get("customer") == customer:
            return found
    return None


def all_of(tx: Tx, customer: str, object_: str | None = None) -> list[Doc]:
    """A customer's sources, newest first. object_: only `card`, `bank_account` or `source`."""
    kinds = [kind for kind in _KINDS if object_ in {None, kind.name}]
    found = [doc for kind in kinds for doc in tx.all(kind, customer=customer)]
    if len(found) > 1:
        found.sort(key=lambda doc: tx.setup.store.sequence(str(doc["id"])), reverse=True)
    return found


def remove(tx: Tx, source: Doc) -> Doc:
    """Take a source off its customer; a `src_` lives on, consumed."""
    tx.emit("customer.source.deleted", source)
    if source["object"] == "source":
        source.pop("customer")
        return tx.save(SOURCES, source | {"status": "consumed"})
    return tx.delete(_kind(source), source)


def _kind(source: Doc) -> Resource:
    return next(kind for kind in _KINDS if kind.name == source["object"])


# -- operations -----------------------------------------------------------------------------------


@SOURCES.on(
    "POST /v1/customers/{customer}/sources",
    "POST /v1/customers/{customer}/cards",
    "POST /v1/customers/{customer}/bank_accounts",
)
def create(tx: Tx, params: Params, customer: str) -> Doc:
    owner = tx.get(CUSTOMERS, customer)
    first = owner["default_source"] is None
    given = next((params[n] for n in ("source", "card", "bank_account") if n in params), None)
    made = add(tx, owner, given, params.get("metadata"))
    tx.emit("customer.source.created", made)
    if first:
        tx.save(CUSTOMERS, owner, event="customer.updated")
    return made


@SOURCES.on("GET /v1/customers/{customer}/sources")
def list_(tx: Tx, params: Params, customer: str) -> Page:
    return _page(tx, params, customer, params.get("object"))


@SOURCES.on("GET /v1/customers/{customer}/cards")
def list_cards(tx: Tx, params: Params, customer: str) -> Page:
    return _page(tx, params, customer, "card")


@SOURCES.on("GET /v1/customers/{customer}/bank_accounts")
def list_bank_accounts(tx: Tx, params: Params, customer: str) -> Page:
    return _page(tx, params, customer, "bank_account")


@SOURCES.on(
    "GET /v1/customers/{customer}/sources/{id}",
    "GET /v1/customers/{customer}/cards/{id}",
    "GET /v1/customers/{customer}/bank_accounts/{id}",
)
def retrieve(tx: Tx, _params: Params, customer: str, id_: str) -> Doc:
    return _theirs(tx, customer, id_)


@SOURCES.on(
    "POST /v1/customers/{customer}/sources/{id}",
    "POST /v1/customers/{customer}/cards/{id}",
    "POST /v1/customers/{customer}/bank_accounts/{id}",
)
def update(tx: Tx, params: Params, customer: str, id_: str) -> Doc:
    source = _theirs(tx, customer, id_)
    kind = _kind(source)
    fields = kind.editable or ("metadata",)
    edit(source, params, fields)
    if kind is CARDS:
        source |= instruments.renewed(tx, source, params)
    return tx.save(kind, source, event="customer.source.updated")


@SOURCES.on(
    "DELETE /v1/customers/{customer}/sources/{id}",
    "DELETE /v1/customers/{customer}/cards/{id}",
    "DELETE /v1/customers/{customer}/bank_accounts/{id}",
)
def delete(tx: Tx, _params: Params, customer: str, id_: str) -> Doc:
    source = _theirs(tx, customer, id_)
    owner = tx.get(CUSTOMERS, customer)
    gone = remove(tx, source)
    if owner["default_source"] == id_:
        left = all_of(tx, customer)
        owner["default_source"] = left[0]["id"] if left else None
        tx.save(CUSTOMERS, owner, event="customer.updated")
    return gone


@SOURCES.on("POST /v1/customers/{customer}/sources/{id}/verify")
def verify(tx: Tx, params: Params, customer: str, id_: str) -> Doc:
    account = _theirs(tx, customer, id_)
    if account["object"] != "bank_account" or account["status"] in {"verified", "errored"}:
        raise refusals.cannot_verify(account.get("status") or "none")
    notes = tx.hidden(id_)
    notes["tries"] = notes.get("tries", 0) + 1
    tx.hide(id_, notes)
    amounts = [int(amount) for amount in params.get("amounts") or []]
    if debits.verification(amounts=amounts) == "verified":
        return tx.save(BANK_ACCOUNTS, account | {"status": "verified"}, "customer.source.updated")
    if notes["tries"] >= _MOST_TRIES:
        tx.save(BANK_ACCOUNTS, account | {"status": "verification_failed"})
    refusal = refusals.amounts_mismatch()
    refusal.keep = True
    raise refusal


def _theirs(tx: Tx, customer: str, id_: str) -> Doc:
    tx.get(CUSTOMERS, customer)
    found = find(tx, customer, id_)
    if found is None:
        raise refusals.no_such_source(id_, "id", 404)
    return found


def _page(tx: Tx, params: Params, customer: str, object_: str | None) -> Page:
    """A page of a list that holds three kinds of objects."""
    tx.get(CUSTOMERS, customer)
    found = all_of(tx, customer, object_)
    return cut(found, params, SOURCES.name, refusals.no_such_source)


def _inline(tx: Tx, customer: Doc) -> Doc:
    found = all_of(tx, customer["id"])
    return {
        "object": "list",
        "data": found[:_USUAL_LIMIT],
        "has_more": len(found) > _USUAL_LIMIT,
        "total_count": len(found),
        "url": f"/v1/customers/{customer['id']}/sources",
    }


CUSTOMERS.includes = {**CUSTOMERS.includes, "sources": _inline}
