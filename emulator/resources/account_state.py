"""What an account's documents have in common: how they are kept, read, judged again and announced.

An account, its persons, external accounts and capabilities stand or fall together: whatever changes
in one of them, `settle` asks the rules for the standing of all, stores what is different and tells
who listens. The stored account is what its controlling platform sees at most; `shown` is what a
reader gets. Private notes of an account: `sent` (what was given, whole), `given_at` (path ->
instant), `requested_at` (capability -> instant), `capabilities` (the capability objects as last
announced), `locked` (an account link or session was made), `onboarded`, `rejected`,
`pays_out_rejected`, `paused`, `advanced_at`, `charges_blocked`, `payouts_blocked`, `verdicts`
(verification's answers), `imposed` (what Stripe decided out of turn, see `imposing.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import orjson

from emulator.contract.blanks import blank
from emulator.contract.previous import differences
from emulator.kernel.errors import requests as refusals
from emulator.kit import Doc, Resource, Tx, envelope
from emulator.kit.money import look_tomorrow
from emulator.resources import core_events
from emulator.rules import settlement
from emulator.rules.accounts import profiles, requirements, second_view, types
from emulator.rules.accounts.facts import Facts, Person, changed, flatten, imposed, roles
from emulator.rules.accounts.forms import verification_details, without
from emulator.rules.accounts.requirements import Standing
from emulator.rules.accounts.types import Controller

_FLAGS: Final = ("authorizer", "director", "executive", "legal_guardian", "owner", "representative")
_MOST_EMBEDDED: Final = 100
_LIMITS: Final = frozenset({"advanced_at", "charges_blocked", "payouts_blocked"})


def shown(tx: Tx, account: Doc) -> Doc:
    """An account as its reader sees it."""
    if account.get("deleted") or account["id"] == tx.platform:
        return account
    notes = tx.hidden(account["id"])
    controlled, locked = notes.get("controlled", True), notes.get("locked", False)
    return types.shown(account, controller_of(account), controlling=controlled, locked=locked)


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
    header's.
    """
    if tx.caller.connect and tx.account != id_:
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
        rejected=notes.get("rejected"),
        pays_out_rejected=notes.get("pays_out_rejected", False),
        under_review=notes.get("under_review", False),
        paused=notes.get("paused", False),
        advanced_at=notes.get("advanced_at"),
        charges_blocked=notes.get("charges_blocked", False),
        payouts_blocked=notes.get("payouts_blocked", False),
        verdicts=notes.get("verdicts", {}),
        imposed=imposed(notes.get("imposed")),
    )


def _person(tx: Tx, doc: Doc) -> Person:
    notes = tx.hidden(doc["id"])
    given = given_by_person(notes.get("sent", {}))
    owned = doc["relationship"].get("percent_ownership") or 0.0
    held = roles({name: doc["relationship"].get(name) for name in _FLAGS})
    return Person(doc["id"], given, notes.get("given_at", {}), held, owned)


def given_by_person(sent: Doc) -> dict[str, str]:
    """Requirement paths of what a person gave; roles are told apart from them."""
    relationship = without(sent.get("relationship") or {}, _FLAGS)
    return flatten({**sent, "relationship": relationship})


def remember(
    notes: Doc, sent: Doc, flat: Mapping[str, str], before: Mapping[str, str], now: int
) -> Doc:
    """Private notes after something was given: what, and since when each of it is known."""
    notes["given_at"] = changed(before, notes.get("given_at", {}), flat, now)
    notes["sent"] = sent
    return notes


def core_view(tx: Tx, account: Doc) -> Doc:
    """The whole of an account as /v2 shows it."""
    return second_view.view(account, account.get("individual"), tx.hidden(account["id"]))


# -- judging again --------------------------------------------------------------------------------


def settle(
    tx: Tx, account: Doc, notes: Doc, touched: Mapping[str, Doc | None] | None = None
) -> Doc:
    """Bring an account and all that belongs to it up to date, keep and announce what changed.

    touched: persons that were saved before, without an event: id -> as they were, None for new
    ones. Returns the account as its platform sees it.
    """
    if account["id"] == tx.platform:
        return _keep_own(tx, account)
    before = tx.setup.store.raw(ACCOUNTS.name, account["id"])
    facts, standing = _judge(tx, account, notes)
    account |= {
        "capabilities": standing.capabilities,
        "charges_enabled": standing.charges_enabled,
        "details_submitted": standing.details_submitted,
        "future_requirements": standing.future_requirements,
        "payouts_enabled": standing.payouts_enabled,
        "requirements": standing.requirements,
    }
    _tell_capabilities(tx, account, notes, facts)
    _tell_people(tx, account["id"], standing.persons, touched or {})
    _embed(tx, account)
    _remind(tx, account["id"], notes, standing.next_at)
    return _keep(tx, account, notes, before)


def _judge(tx: Tx, account: Doc, notes: Doc) -> tuple[Facts, Standing]:
    """Where the account stands now; a limit whose requirements are all given is forgotten."""
    facts = _answered(tx, account["id"], notes, facts_of(tx, account, notes))
    standing = requirements.evaluate(facts)
    limits = _LIMITS & notes.keys()
    overdue = notes.get("imposed", {}).get("overdue", False)
    if (limits or overdue) and not standing.requirements["currently_due"]:
        for name in limits:
            del notes[name]
        if overdue:
            notes["imposed"] = {**notes["imposed"], "overdue": False}
        facts = facts_of(tx, account, notes)
        standing = requirements.evaluate(facts)
    return facts, standing


def _answered(tx: Tx, account: str, notes: Doc, facts: Facts) -> Facts:
    """Ask the world what verification says of values that test mode does not decide, once each."""
    known: dict[str, str] = notes.get("verdicts", {})
    verdicts: dict[str, str] = {}
    for question in requirements.questions(facts):
        about = {"account": account, "kind": question.kind, "person": question.person}
        said = known.get(question.key) or tx.ask(
            "account.verify", question.usual, about.copy, magic=question.decided
        )
        if not question.decided or said != question.usual or question.key in known:
            verdicts[question.key] = said
    if verdicts == known:
        return facts
    notes["verdicts"] = verdicts
    return replace(facts, verdicts=verdicts)


def _keep_own(tx: Tx, account: Doc) -> Doc:
    """The platform's own account is not judged: it is always in order."""
    before = tx.setup.store.raw(ACCOUNTS.name, account["id"])
    account = tx.on("").save(ACCOUNTS, account)
    look_tomorrow(tx.on(account["id"]))
    if before is not None:
        previous = differences(orjson.loads(before), account)
        if previous:
            tx.on(account["id"]).emit("account.updated", account, previous=previous)
    return account


def _keep(tx: Tx, account: Doc, notes: Doc, before: bytes | None) -> Doc:
    old = None if before is None else shown(tx, orjson.loads(before))
    seen = None if before is None else core_view(tx, orjson.loads(before))
    tx.hide(account["id"], notes)
    account = tx.on(tx.platform).save(ACCOUNTS, account)
    look_tomorrow(tx.on(account["id"]))
    out = shown(tx, account)
    previous = None if old is None else differences(old, out)
    if previous:
        tx.on(account["id"]).emit("account.updated", out, previous=previous)
    if seen is None:
        core_events.tell(tx, "v2.core.account.created", account["id"])
    else:
        core_events.account_changed(tx, account["id"], seen, core_view(tx, account))
    return out


def _tell_capabilities(tx: Tx, account: Doc, notes: Doc, facts: Facts) -> None:
    told: Doc = notes.get("capabilities", {})
    now: Doc = {}
    for name in sorted(facts.requested | told.keys()):
        doc = capability(facts, account["id"], name, notes.get("requested_at", {}).get(name))
        old = told.get(name)
        if doc != old:
            previous = differences(old, doc) if old else None
            tx.on(account["id"]).emit("capability.updated", doc, previous=previous)
        if name in facts.requested:
            now[name] = doc
    notes["capabilities"] = now


def capability(facts: Facts, account: str, name: str, requested_at: int | None) -> Doc:
    """A capability object, of a requested capability or of one that is only looked at."""
    return blank("capability") | {
        "id": name,
        "account": account,
        "requested": name in facts.requested,
        "requested_at": requested_at,
        **requirements.of_capability(facts, name),
    }


def _tell_people(
    tx: Tx, account: str, standings: Mapping[str, Doc], touched: Mapping[str, Doc | None]
) -> None:
    mine = tx.on(account)
    for doc in people(tx, account):
        old = touched.get(doc["id"], doc)
        new = _judged(doc, standings.get(doc["id"]))
        if new != doc:
            mine.save(PERSONS, new)
        if old is None:
            mine.emit("person.created", new)
        elif new != old:
            mine.emit("person.updated", new, previous=differences(old, new))


def _judged(person: Doc, standing: Doc | None) -> Doc:
    if standing is None:
        return person
    whole, document = verification_details(standing["requirements"]["errors"])
    verification = {**person["verification"], **whole, "status": standing["status"]}
    verification["document"] = {**verification["document"], **document}
    return person | {
        "future_requirements": standing["future_requirements"],
        "requirements": standing["requirements"],
        "verification": verification,
    }


def _embed(tx: Tx, account: Doc) -> None:
    """What stands inside an account: its individual, and its external accounts."""
    mine = tx.on(account["id"])
    url = f"/v1/accounts/{account['id']}/external_accounts"
    account["external_accounts"] = envelope(mine, EXTERNAL_ACCOUNTS, url, _MOST_EMBEDDED)
    account.pop("individual", None)
    if account["business_type"] == "individual":
        person = representative(people(tx, account["id"]))
        if person is not None:
            account["individual"] = without(person, ("additional_tos_acceptances",))
            account["company"] = account["company"] | profiles.company_of_individual(person)
            if person.get("phone") is None:
                account["company"].pop("phone", None)


def representative(persons: Iterable[Doc]) -> Doc | None:
    """The person who represents the account."""
    return next((doc for doc in persons if doc["relationship"].get("representative")), None)


def press(tx: Tx, account: str, effect: str) -> None:
    """A test card has brought an account to a limit: next_requirements, charge_block or
    payout_block. Without effect until the first information is complete (documented).
    """
    if account == tx.platform:
        return
    doc, notes = account_of(tx.on(account)), tx.hidden(account)
    if not (doc["charges_enabled"] or notes.get("charges_blocked")):
        return
    if effect == "next_requirements":
        notes.setdefault("advanced_at", tx.now)
    else:
        notes["charges_blocked" if effect == "charge_block" else "payouts_blocked"] = True
        notes["advanced_at"] = tx.now
    settle(tx, doc, notes)


# -- by itself ------------------------------------------------------------------------------------


def _remind(tx: Tx, account: str, notes: Doc, at: int | None) -> None:
    if at is not None and notes.get("next_at") != at:
        tx.on(tx.platform).later(at, ACCOUNTS, "review", account)
    notes["next_at"] = at


@ACCOUNTS.job
def review(tx: Tx, account: Doc) -> None:
    """A check has ended or a deadline has come: judge again."""
    if not account.get("deleted"):
        settle(tx, account, tx.hidden(account["id"]))
