"""What an account's documents have in common: how they are kept and read.

An account, its persons, external accounts and capabilities stand or fall together: how they are
judged anew stands in `standing.py`. The stored account is what its controlling platform
sees at most; `shown` is what a reader gets. Private notes of an account: `sent` (what was given,
whole), `given_at` (path -> instant), `requested_at` (capability -> instant), `capabilities` (the
capability objects as last announced), `locked` (an account link or session was made), `onboarded`,
`rejected`, `pays_out_rejected`, `paused`, `advanced_at`, `charges_blocked`, `payouts_blocked`,
`verdicts` (verification's answers), `imposed` (what Stripe decided out of turn, see `imposing.py`);
of a person, `afterwards` (documents that came after other things), too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson

from emulator.kernel.errors import requests as refusals
from emulator.kit import Doc, Resource, Tx
from emulator.rules import settlement
from emulator.rules.accounts import core_account, types
from emulator.rules.accounts.facts import (
    Facts,
    Person,
    changed,
    documents_afterwards,
    flatten,
    imposed,
    roles,
)
from emulator.rules.accounts.forms import without
from emulator.rules.accounts.types import Controller

# Platforms see names of accounts whose holders deal with Stripe themselves (observed: nothing of
# company, individual and business_type in September 2021, these in March 2026; the day is assumed).
_NAMED_SINCE: Final = 1_713_916_800
_FLAGS: Final = ("authorizer", "director", "executive", "legal_guardian", "owner", "representative")


def shown(tx: Tx, account: Doc) -> Doc:
    """An account as its reader sees it."""
    if account.get("deleted") or account["id"] == tx.platform:
        return account
    notes = tx.hidden(account["id"])
    controlled, locked = notes.get("controlled", True), notes.get("locked", False)
    named = tx.now >= _NAMED_SINCE
    return types.shown(
        account, controller_of(account), controlling=controlled, locked=locked, named=named
    )


ACCOUNTS: Final = Resource("account", prefix="acct", id_length=16, tombstone=True, view=shown)
PERSONS: Final = Resource("person", prefix="person", param="person")
EXTERNAL_ACCOUNTS: Final = Resource(
    "external_account",
    prefix="ba",
    kind="external account",
    filters=("currency", "object"),
    holds=("bank_account", "card"),
)


# -- reading --------------------------------------------------------------------------------------


def account_of(tx: Tx) -> Doc:
    """The account this transaction acts on, as it is stored."""
    raw = tx.setup.store.raw(ACCOUNTS.name, tx.account)
    assert raw is not None, tx.account
    found: Doc = orjson.loads(raw)
    return found


def account_seen(tx: Tx) -> Doc:
    """The same, to look at and not to change; read once in a transaction."""
    found = tx.peek(ACCOUNTS, tx.account)
    assert found is not None, tx.account
    return found


def settles_in(tx: Tx, account: Doc) -> frozenset[str]:
    """The currencies that an account keeps as they come; all others are converted to its own.

    The platform keeps those of the world's setting `settlement_currencies`, by default every one
    that Stripe lets a platform settle in; a connected account those it has a bank account for.
    """
    if account["id"] != tx.platform:
        return frozenset(settlement.currencies(account))
    chosen = tx.setup.settings.get("settlement_currencies")
    kept = settlement.alternative_currencies() if chosen is None else frozenset(chosen)
    return kept | {account["default_currency"]}


def country_of(tx: Tx) -> str:
    return str(account_seen(tx)["country"])


def currency_of(tx: Tx) -> str:
    """The default currency of this account, into which its charges are converted."""
    return str(account_seen(tx)["default_currency"])


def has_capability(tx: Tx, account: str, *names: str) -> bool:
    """Whether any of these capabilities of an account is active; the platform has them all."""
    if account == tx.platform:
        return True
    capabilities = account_seen(tx.on(account)).get("capabilities") or {}
    return any(capabilities.get(name) == "active" for name in names)


def reach(tx: Tx, id_: str) -> Doc:
    """The account named in a path; refused when it is not the caller's to see, or not the
    header's. A header that names the platform itself says nothing (assumed; software that reads
    sends it with every request).
    """
    if tx.caller.connect and not tx.is_platform and tx.account != id_:
        raise refusals.account_mismatch()
    raw = tx.setup.store.raw(ACCOUNTS.name, id_)
    found: Doc | None = None if raw is None else orjson.loads(raw)
    if found is None or found.get("deleted") or tx.owner(id_) == id_:  # gone, or let go of
        raise refusals.account_invalid(tx.caller.key, id_)
    return found


def controller_of(account: Mapping[str, Any]) -> Controller:
    """Who answers for what, read off the account."""
    hash_ = account["controller"]
    type_ = account["type"] if account["type"] in types.TYPES else None
    return Controller(
        hash_["stripe_dashboard"]["type"],
        str(hash_["fees"]["payer"]).partition("_")[0],
        hash_["losses"]["payments"],
        hash_["requirement_collection"],
        type_,
    )


def agreement_of(account: Mapping[str, Any]) -> str:
    """`full` or `recipient`."""
    return str((account.get("tos_acceptance") or {}).get("service_agreement") or "full")


def people(tx: Tx, account: str) -> list[Doc]:
    """The persons of an account, newest first."""
    return list(tx.on(account).all(PERSONS))


def facts_of(tx: Tx, account: Doc, notes: Doc) -> Facts:
    """What the rules want to know of a connected account."""
    sent = notes.get("sent", {})
    return Facts(
        account["country"],
        tx.now,
        account["created"],
        account["business_type"],
        sent.get("company", {}).get("structure"),
        agreement_of(account),
        account["controller"]["stripe_dashboard"]["type"],
        frozenset(notes.get("requested_at", ())),
        flatten(sent),
        notes.get("given_at", {}),
        tuple(_person(tx, doc) for doc in people(tx, account["id"])),
        external_account=any(
            doc["status"] != "errored" for doc in tx.on(account["id"]).all(EXTERNAL_ACCOUNTS)
        ),
        onboarded=notes.get("onboarded", False),
        submitted=account["details_submitted"],
        enabled=frozenset(n for n in ("charges", "payouts") if account[f"{n}_enabled"]),
        rejected=notes.get("rejected"),
        pays_out_rejected=notes.get("pays_out_rejected", False),
        under_review=notes.get("under_review", False),
        paused=notes.get("paused", False),
        advanced_at=notes.get("advanced_at"),
        charges_blocked=notes.get("charges_blocked", False),
        payouts_blocked=notes.get("payouts_blocked", False),
        verdicts=notes.get("verdicts", {}),
        imposed=imposed(notes.get("imposed")),
        granted=frozenset(notes.get("granted", ())),
    )


def _person(tx: Tx, doc: Doc) -> Person:
    notes = tx.hidden(doc["id"])
    given = given_by_person(notes.get("sent", {}))
    owned = doc["relationship"].get("percent_ownership") or 0.0
    held = roles({name: doc["relationship"].get(name) for name in _FLAGS})
    afterwards = frozenset(notes.get("afterwards", ()))
    return Person(doc["id"], given, notes.get("given_at", {}), held, owned, afterwards)


def given_by_person(sent: Doc) -> dict[str, str]:
    """Requirement paths of what a person gave; roles are told apart from them."""
    relationship = without(sent.get("relationship") or {}, _FLAGS)
    return flatten({**sent, "relationship": relationship})


def remember(
    notes: Doc, sent: Doc, flat: Mapping[str, str], before: Mapping[str, str], now: int
) -> Doc:
    """Private notes after something was given: what, and since when each of it is known."""
    notes["given_at"] = changed(before, notes.get("given_at", {}), flat, now)
    notes["afterwards"] = documents_afterwards(before, notes.get("afterwards", ()), flat)
    notes["sent"] = sent
    return notes


def core_view(tx: Tx, account: Doc) -> Doc:
    """The whole of an account as /v2 shows it."""
    return core_account.view(account, account.get("individual"), tx.hidden(account["id"]))


def representative(persons: Iterable[Doc]) -> Doc | None:
    """The person who represents the account."""
    return next((doc for doc in persons if doc["relationship"].get("representative")), None)
