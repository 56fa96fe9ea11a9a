"""Where an account stands, judged again: whatever changes in it, in its persons, external accounts
or capabilities, `settle` asks the rules for the standing of all, stores what is different and tells
who listens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import orjson

from emulator.contract.blanks import blank
from emulator.contract.previous import differences
from emulator.kit import Doc, Tx, envelope
from emulator.kit.money import look_tomorrow
from emulator.resources.accounts.state import (
    ACCOUNTS,
    EXTERNAL_ACCOUNTS,
    PERSONS,
    account_of,
    core_view,
    facts_of,
    people,
    representative,
    shown,
)
from emulator.resources.events import core_events
from emulator.rules.accounts import profiles, requirements
from emulator.rules.accounts.facts import Facts
from emulator.rules.accounts.forms import verification_details, without
from emulator.rules.accounts.requirements import Standing

_MOST_EMBEDDED: Final = 100
_LIMITS: Final = frozenset({"advanced_at", "charges_blocked", "payouts_blocked"})


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
            company = account["company"] | profiles.company_of_individual(person)
            if person.get("phone") is None:
                company.pop("phone", None)
            account["company"] = dict(sorted(company.items()))


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
