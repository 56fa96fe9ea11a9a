"""What an account still has to give, and what it may do meanwhile.

`evaluate` joins what the tables ask (`needs`), what was given (`facts`) and what verification says
(`checks`) into the arrays of `requirements` and `future_requirements`, the statuses of capabilities
and persons, charges_enabled, payouts_enabled and details_submitted. Arrays are sorted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from emulator.rules.accounts import capabilities, validations
from emulator.rules.accounts.checks import Check, identity_status, next_answer, reason, run
from emulator.rules.accounts.facts import Facts
from emulator.rules.accounts.needs import (
    Holder,
    Row,
    applying,
    asked,
    holders,
    holds,
    kinds_of,
    satisfied,
    table,
)

_DAY: Final = 86_400
_MONEY: Final = frozenset({"payments", "transfers", "legacy"})
Error = dict[str, str]


@dataclass(slots=True)
class Arrays:
    """One requirements hash in the making. Names carry the prefix of their holder."""

    due: set[str] = field(default_factory=set)
    past: set[str] = field(default_factory=set)
    eventually: set[str] = field(default_factory=set)
    pending: set[str] = field(default_factory=set)
    errors: list[Error] = field(default_factory=list)
    deadlines: set[int] = field(default_factory=set)
    blocked_by_due: set[str] = field(default_factory=set)
    blocked_by_pending: set[str] = field(default_factory=set)
    under_review: bool = False

    def shown(self, prefix: str = "") -> dict[str, Any]:
        """The arrays; with a prefix only its own, without it (a person's view)."""
        return {
            "alternatives": [],
            "currently_due": _own(self.due, prefix),
            "errors": sorted(
                (
                    {**error, "requirement": error["requirement"].removeprefix(prefix)}
                    for error in self.errors
                    if error["requirement"].startswith(prefix)
                ),
                key=lambda error: error["requirement"],
            ),
            "eventually_due": _own(self.eventually, prefix),
            "past_due": _own(self.past, prefix),
            "pending_verification": _own(self.pending, prefix),
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that follows from an account's facts at one instant.

    requirements, future_requirements: Stripe's hashes. capabilities: name -> status. persons: id ->
    {requirements, future_requirements, status}. next_at: when something changes by itself.
    """

    requirements: dict[str, Any]
    future_requirements: dict[str, Any]
    capabilities: dict[str, str]
    charges_enabled: bool
    payouts_enabled: bool
    details_submitted: bool
    persons: dict[str, dict[str, Any]]
    next_at: int | None


def evaluate(facts: Facts) -> Standing:
    """The whole standing of an account."""
    kinds = kinds_of(facts.requested)
    everyone = holders(facts)
    current = _collect(facts, everyone, kinds)
    program = _program(facts, kinds)
    future = _collect(facts, everyone, kinds, program) if program else Arrays()
    statuses = {name: _status(name, current, facts) for name in sorted(facts.requested)}
    charges = _charges(facts, statuses, current)
    payouts = _payouts(facts, statuses, current)
    disabled = _disabled_reason(facts, current, charges and payouts)
    return Standing(
        _hash(facts, everyone, current, disabled, enabled=charges or payouts),
        _future_hash(facts, program, current, future),
        statuses,
        charges,
        payouts,
        _submitted(facts, everyone, kinds, current),
        _people(facts, everyone, kinds, current, future),
        _next_at(facts, everyone, kinds, current),
    )


def of_capability(facts: Facts, name: str) -> dict[str, Any]:
    """requirements, future_requirements and status of one capability, requested or only looked at."""
    wanted = name in facts.requested
    standing = evaluate(replace(facts, requested=facts.requested | {name}))
    status = standing.capabilities[name] if wanted else "unrequested"
    plain = capabilities.kind(name) in {"reporting", "legacy"}
    shown = empty() if plain else dict(standing.requirements)
    shown["disabled_reason"] = "requirements.fields_needed" if status == "inactive" else None
    if capabilities.kind(name) == "reporting":
        shown["pending_verification"] = [
            path
            for path in standing.requirements["pending_verification"]
            if path.endswith("id_number")
        ]
    future = empty() if plain else standing.future_requirements
    return {"requirements": shown, "future_requirements": future, "status": status}


def of_external_account(*, ownership: str | None, errored: bool) -> dict[str, Any]:
    """requirements of a bank account. ownership: `asks_document` when its owner must be proved."""
    due: list[str] = []
    if ownership == "asks_document":
        due.append("documents.bank_account_ownership_verification.files")
    if errored:
        due.append("external_account")
    return {"currently_due": due, "errors": [], "past_due": list(due), "pending_verification": []}


def empty() -> dict[str, Any]:
    """A requirements hash that asks nothing."""
    return _ordered(Arrays().shown(), None, None)


def _collect(
    facts: Facts, everyone: list[Holder], kinds: frozenset[str], program: Row | None = None
) -> Arrays:
    extra = program["rows"] if program else ()
    rows = applying([*table()["rows"], *extra], facts, kinds)
    arrays = Arrays()
    ready = _ready(facts, everyone, rows)
    for holder in everyone:
        stages = asked(rows, holder, program["drop"] if program else ())
        _ask(arrays, facts, holder, stages, ready=_is_ready(holder, facts, stages, people=ready))
        found = run(facts, holder, kinds, program["checks"] if program else ())
        _answer(arrays, facts, holder, found)
        _refuse(arrays, facts, holder, validations.run(facts, holder, kinds, program))
    _hold_back(arrays, facts, rows)
    return arrays


def _ask(
    arrays: Arrays, facts: Facts, holder: Holder, stages: dict[str, str], *, ready: bool
) -> None:
    for name, stage in stages.items():
        if satisfied(name, holder, facts):
            continue
        path = holder.prefix + name
        if stage == "now" or (stage in {"next", "revealed"} and ready):
            _due(arrays, path)
        elif stage in {"later", "next"} or (stage == "revealed" and holder.exists):
            _eventual(arrays, facts, path)
        elif stage == "after" and ready:
            _eventual(arrays, facts, path)


def _due(arrays: Arrays, path: str, blocks: Iterable[str] = ("charges", "payouts")) -> None:
    arrays.due.add(path)
    arrays.past.add(path)
    arrays.eventually.add(path)
    arrays.blocked_by_due |= {"payouts"} if path in table()["payouts_only"] else set(blocks)


def _eventual(arrays: Arrays, facts: Facts, path: str) -> None:
    arrays.eventually.add(path)
    if facts.advanced_at is not None:
        deadline = facts.advanced_at + table()["grace_days"] * _DAY
        _due_by(arrays, facts, path, deadline)


def _due_by(arrays: Arrays, facts: Facts, path: str, deadline: int) -> None:
    late = facts.now >= deadline or facts.charges_blocked or facts.payouts_blocked
    if late:
        _due(arrays, path)
        return
    arrays.due.add(path)
    arrays.eventually.add(path)
    arrays.deadlines.add(deadline)


def _answer(arrays: Arrays, facts: Facts, holder: Holder, found: list[Check]) -> None:
    for check in found:
        if check.finished > facts.now:
            shown = {holder.prefix + name for name in check.shows}
            arrays.pending |= shown
            arrays.blocked_by_pending |= check.blocks
        elif check.failed is not None:
            _fail(arrays, facts, holder, check, check.failed)


def _fail(arrays: Arrays, facts: Facts, holder: Holder, check: Check, code: str) -> None:
    arrays.under_review = arrays.under_review or check.under_review
    for name in check.relists:
        if holder.given_at.get(name, facts.created) > check.finished and name in holder.given:
            continue
        path = holder.prefix + name
        if check.blocks:
            _due(arrays, path, check.blocks)
        else:
            _due_by(arrays, facts, path, check.finished + table()["grace_days"] * _DAY)
        arrays.errors.append(_error(code, path, holder.given.get(name, "")))


def _refuse(
    arrays: Arrays, facts: Facts, holder: Holder, found: list[validations.Finding]
) -> None:
    for finding in found:
        for name in finding.fields:
            path = holder.prefix + name
            arrays.due.add(path)
            arrays.eventually.add(path)
            if not finding.future:
                _due_by(arrays, facts, path, finding.since + table()["grace_days"] * _DAY)
            arrays.errors.append({"code": finding.code, "reason": finding.reason, "requirement": path})
        if finding.voids_identity:
            arrays.pending -= {
                holder.prefix + name for name in ("id_number", "verification.document")
            }


def _hold_back(arrays: Arrays, facts: Facts, rows: list[Row]) -> None:
    for row in rows:
        rule = row.get("not_past_due")
        if rule is not None and facts.now < rule["until"]:
            arrays.past -= set(rule["fields"])


def _ready(facts: Facts, everyone: list[Holder], rows: list[Row]) -> bool:
    """Whether every person is there and has given all that was asked from the start."""
    people = [holder for holder in everyone if holder.prefix]
    return bool(people) and all(
        _is_ready(holder, facts, asked(rows, holder), people=True) for holder in people
    )


def _is_ready(holder: Holder, facts: Facts, stages: dict[str, str], *, people: bool) -> bool:
    if not holder.prefix:
        return people
    return holder.exists and all(
        satisfied(name, holder, facts) for name, stage in stages.items() if stage == "now"
    )


def _status(name: str, current: Arrays, facts: Facts) -> str:
    kind = capabilities.kind(name)
    if facts.rejected is not None:
        return "inactive"
    if kind == "reporting":
        return "active"
    if kind == "legacy":
        return "active" if facts.now < table()["legacy_until"] else "inactive"
    if "charges" in current.blocked_by_due or current.under_review:
        return "inactive"
    return "pending" if "charges" in current.blocked_by_pending else "active"


def _active(statuses: dict[str, str]) -> bool:
    return any(
        status == "active" and capabilities.kind(name) in _MONEY
        for name, status in statuses.items()
    )


def _charges(facts: Facts, statuses: dict[str, str], current: Arrays) -> bool:
    stopped = facts.charges_blocked or facts.paused or facts.under_review or current.under_review
    return _active(statuses) and not stopped


def _payouts(facts: Facts, statuses: dict[str, str], current: Arrays) -> bool:
    stopped = facts.payouts_blocked or facts.paused or facts.under_review or current.under_review
    blocked = "payouts" in current.blocked_by_due | current.blocked_by_pending
    return _active(statuses) and facts.external_account and not stopped and not blocked


def _disabled_reason(facts: Facts, current: Arrays, enabled: bool) -> str | None:  # noqa: FBT001
    if facts.rejected is not None:
        return f"rejected.{facts.rejected}"
    if facts.paused:
        return "platform_paused"
    if facts.under_review or current.under_review:
        return "under_review"
    if enabled:
        return None
    if current.due:
        return "requirements.past_due"
    if current.pending:
        return "requirements.pending_verification"
    return None if facts.requested else "action_required.requested_capabilities"


def _submitted(
    facts: Facts, everyone: list[Holder], kinds: frozenset[str], current: Arrays
) -> bool:
    """A company is submitted with its own fields in two groups of countries, else with all of them.

    Documents do not count: they may be asked for later. What was once submitted stays so.
    """
    if facts.dashboard != "none":
        return facts.onboarded or facts.submitted
    if facts.submitted:
        return True
    rows = applying(table()["rows"], facts, kinds)
    if any(row.get("details_submitted") == "company" for row in rows):
        ignored = {"company.owners_provided", "external_account"}
        own = asked(rows, everyone[0])
        return all(
            satisfied(name, everyone[0], facts)
            for name, stage in own.items()
            if stage == "now" and name not in ignored
        )
    return bool(facts.requested) and not any(
        ".verification." not in name and not name.startswith("documents.") for name in current.due
    )


def _hash(
    facts: Facts, everyone: list[Holder], current: Arrays, disabled: str | None, *, enabled: bool
) -> dict[str, Any]:
    deadline = min(current.deadlines, default=None) if enabled else None
    shown = _ordered(current.shown(), deadline, disabled)
    shown["alternatives"] = [
        {"alternative_fields_due": [alternative], "original_fields_due": [original]}
        for original, alternative in _alternatives(facts, everyone, current)
    ]
    return shown


def _alternatives(
    facts: Facts, everyone: list[Holder], current: Arrays
) -> list[tuple[str, str]]:
    kinds = kinds_of(facts.requested)
    rows = [row for row in table()["alternatives"] if holds(row["when"], facts, kinds)]
    pairs = [
        (holder.prefix + row["original"], holder.prefix + row["alternative"])
        for row in rows
        for holder in everyone
    ]
    return sorted(pair for pair in pairs if pair[0] in current.eventually)


def _future_hash(
    facts: Facts, program: Row | None, current: Arrays, future: Arrays
) -> dict[str, Any]:
    if program is None:
        return empty()
    kind = facts.business_type if facts.structure is None else facts.structure
    keeps = program["past_due"] if kind in program["past_due_types"] else ()
    future.past = {path for path in current.past if path.rpartition(".")[2] in keeps}
    shown = _ordered(future.shown(), None, None)
    if program["always"] or any(shown.values()):
        shown["current_deadline"] = next(
            row["deadline"] for row in program["deadlines"] if facts.now < row["until"]
        )
    return shown


def _people(
    facts: Facts,
    everyone: list[Holder],
    kinds: frozenset[str],
    current: Arrays,
    future: Arrays,
) -> dict[str, dict[str, Any]]:
    return {
        holder.person.id: {
            "requirements": current.shown(holder.prefix),
            "future_requirements": future.shown(holder.prefix),
            "status": _person_status(facts, holder, run(facts, holder, kinds), current),
        }
        for holder in everyone
        if holder.person is not None
    }


def _person_status(facts: Facts, holder: Holder, found: list[Check], current: Arrays) -> str:
    if f"{holder.prefix}verification.document" in current.due:
        return "unverified"
    return identity_status(facts, found)


def _next_at(
    facts: Facts, everyone: list[Holder], kinds: frozenset[str], current: Arrays
) -> int | None:
    moments = [at for at in current.deadlines if at > facts.now]
    answer = next_answer(facts, everyone, kinds)
    return min([*moments, *([answer] if answer is not None else [])], default=None)


def _program(facts: Facts, kinds: frozenset[str]) -> Row | None:
    programs: list[Row] = table()["programs"]
    return next((row for row in programs if holds(row["when"], facts, kinds)), None)


def _error(code: str, path: str, value: str) -> Error:
    return {"code": code, "reason": reason(code, value), "requirement": path}


def _own(paths: Iterable[str], prefix: str) -> list[str]:
    return sorted(path.removeprefix(prefix) for path in paths if path.startswith(prefix))


def _ordered(arrays: dict[str, Any], deadline: int | None, disabled: str | None) -> dict[str, Any]:
    return {
        "alternatives": arrays["alternatives"],
        "current_deadline": deadline,
        "currently_due": arrays["currently_due"],
        "disabled_reason": disabled,
        "errors": arrays["errors"],
        "eventually_due": arrays["eventually_due"],
        "past_due": arrays["past_due"],
        "pending_verification": arrays["pending_verification"],
    }
