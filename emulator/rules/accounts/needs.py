"""Which fields the tables ask of an account and of everyone in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from emulator.kernel import files
from emulator.rules.accounts import capabilities, countries, persons
from emulator.rules.accounts.facts import EMPTY, NEVER, Facts, Person

Row = Mapping[str, Any]
STAGES: Final = ("now", "later", "next", "revealed", "after")
_ROLES: Final = {
    "representative": "representative",
    "owner": "owners",
    "director": "directors",
    "executive": "executives",
}
GUARDIAN: Final = "legal_guardian"


@dataclass(frozen=True, slots=True)
class Holder:
    """Someone or something that fields are asked of.

    prefix: what stands before its fields in the account's arrays. scopes: the columns of the tables
    that concern it. exists: False for a person who is expected but not there yet.
    """

    prefix: str
    scopes: frozenset[str]
    given: Mapping[str, str]
    given_at: Mapping[str, int]
    person: Person | None = None
    exists: bool = True
    tokens: frozenset[str] = frozenset()


def table() -> Mapping[str, Any]:
    """The requirements table."""
    rows: Mapping[str, Any] = files.table("accounts/requirements.json")
    return rows


def holds(when: Row, facts: Facts, kinds: frozenset[str]) -> bool:
    """Whether every condition under `when` is true of the account."""
    return all(_holds(name, wanted, facts, kinds) for name, wanted in when.items())


def applying(rows: Iterable[Row], facts: Facts, kinds: frozenset[str]) -> list[Row]:
    """The rows that apply; an account that asked for nothing meets only rows naming its kind."""
    idle = facts.dashboard == "none" and not kinds & {"payments", "transfers"}
    return [
        row
        for row in rows
        if not (idle and "kind" not in row["when"]) and holds(row["when"], facts, kinds)
    ]


def expand(names: Iterable[str]) -> list[str]:
    """Fields named one by one, bundles (`@dob`) opened."""
    bundles = table()["bundles"]
    out: list[str] = []
    for name in names:
        out.extend(bundles[name[1:]] if name.startswith("@") else [name])
    return out


def asked(rows: Iterable[Row], holder: Holder, dropped: Iterable[str] = ()) -> dict[str, str]:
    """Field -> stage, for one holder; a field asked at several stages keeps the earliest."""
    gone = {name.partition(".")[2] for name in dropped if name.partition(".")[0] in holder.scopes}
    found: dict[str, str] = {}
    for row in rows:
        for stage in STAGES:
            for scope, names in row.get(stage, EMPTY).items():
                if scope in holder.scopes:
                    for name in expand(names):
                        found[name] = _earlier(found.get(name), stage)
    return {name: stage for name, stage in found.items() if name not in gone}


def satisfied(name: str, holder: Holder, facts: Facts) -> bool:
    """Whether a field counts as given: itself, or something that stands for it."""
    if name == "external_account":
        return facts.external_account
    if name == "business_type":
        return facts.business_type is not None
    if name == "company.owners_provided" and owners_suffice(facts):
        return True
    if name in holder.given:
        return True
    return any(
        row["field"] == name and not holder.tokens.isdisjoint(row["by"])
        for row in table()["satisfied_by"]
    )


def owners_suffice(facts: Facts) -> bool:
    """Whether all owners are known: said so, or the known ones leave no room for another."""
    if "company.owners_provided" in facts.given:
        return True
    owned = sum(p.percent_ownership for p in facts.persons if "owner" in p.roles)
    return owned > float(table()["owners_suffice_above_percent"])


def holders(facts: Facts) -> list[Holder]:
    """The account, then its persons or the places that wait for one."""
    account = Holder(
        "", frozenset({"account"}), facts.given, facts.given_at, tokens=_tokens(facts, None)
    )
    guardians = _guardians(facts)
    if facts.business_type == "individual":
        return [account, _individual(facts), *guardians]
    counted = [holder.person for holder in guardians]
    people = [_of_person(facts, person) for person in facts.persons if person not in counted]
    awaited = [_awaited(scope) for scope in _awaited_scopes(facts)]
    return [account, *people, *awaited, *guardians]


def _guardians(facts: Facts) -> list[Holder]:
    """Who answers for a representative under age: as asked, or a place that waits for one."""
    minors = [
        person
        for person in facts.persons
        if "representative" in person.roles and persons.is_minor(person.given, facts.now)
    ]
    if not minors:
        return []
    found = [
        _of_person(facts, person)
        for person in facts.persons
        if GUARDIAN in person.roles and person not in minors
    ]
    guardians = [replace(holder, scopes=holder.scopes | {GUARDIAN}) for holder in found]
    return guardians or [_awaited(GUARDIAN)]


def _individual(facts: Facts) -> Holder:
    person = next((p for p in facts.persons if "representative" in p.roles), None)
    if person is None:
        return Holder("individual.", frozenset({"individual"}), EMPTY, NEVER, exists=False)
    return Holder(
        "individual.",
        frozenset({"individual"}),
        person.given,
        person.given_at,
        person,
        tokens=_tokens(facts, person),
    )


def _of_person(facts: Facts, person: Person) -> Holder:
    scopes = frozenset(_ROLES[role] for role in person.roles if role in _ROLES)
    return Holder(
        f"{person.id}.",
        scopes,
        person.given,
        person.given_at,
        person,
        tokens=_tokens(facts, person),
    )


def _awaited(scope: str) -> Holder:
    return Holder(f"{scope}.", frozenset({scope}), EMPTY, NEVER, exists=False)


def _awaited_scopes(facts: Facts) -> list[str]:
    held = {_ROLES[role] for person in facts.persons for role in person.roles if role in _ROLES}
    said = {name for name in _ROLES.values() if f"company.{name}_provided" in facts.given}
    if owners_suffice(facts):
        said.add("owners")
    return [scope for scope in _ROLES.values() if scope not in held | said]


def _tokens(facts: Facts, person: Person | None) -> frozenset[str]:
    """Everything that may stand for a field: what is given, roles held, being a citizen."""
    found = set(facts.given)
    found |= {f"role:{_ROLES[r]}" for p in facts.persons for r in p.roles if r in _ROLES}
    if person is not None:
        found |= set(person.given) | {f"relationship.{role}" for role in person.roles}
        if person.given.get("nationality") == facts.country:
            found.add("nationality:home")
    return frozenset(found)


def _earlier(known: str | None, stage: str) -> str:
    if known is None or STAGES.index(stage) < STAGES.index(known):
        return stage
    return known


def kinds_of(requested: Iterable[str]) -> frozenset[str]:
    """The kinds (payments, transfers, reporting, …) among the requested capabilities."""
    return frozenset(capabilities.kind(name) for name in requested)


def _holds(name: str, wanted: Any, facts: Facts, kinds: frozenset[str]) -> bool:
    if name == "kind":
        return not kinds.isdisjoint(wanted)
    if name == "recipient_id_number":
        return countries.country(facts.country).recipient_id_number in wanted
    if name in {"from", "until"}:
        return bool((facts.now >= wanted) == (name == "from"))
    plain = name.removeprefix("not_")
    return (getattr(facts, plain) in wanted) == (plain == name)
