"""What an account still has to give, and what it may do meanwhile.

`evaluate` joins what the tables ask (`needs`), what was given (`facts`) and what verification says
(`checks`) into the arrays of `requirements` and `future_requirements`, the statuses of capabilities
and persons, charges_enabled, payouts_enabled and details_submitted. Arrays are sorted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from emulator.rules.accounts import capabilities
from emulator.rules.accounts.arrays import Arrays, collect
from emulator.rules.accounts.checks import (
    Check,
    Question,
    identity_status,
    inactivity,
    next_answer,
    open_questions,
    run,
)
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

_OWNERSHIP: Final = "documents.bank_account_ownership_verification.files"
_MONEY: Final = frozenset({"payments", "transfers", "legacy"})


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
    current = collect(facts, everyone, kinds)
    program = _program(facts, kinds)
    future = collect(facts, everyone, kinds, program) if program else Arrays()
    statuses = {name: _status(name, current, facts) for name in sorted(facts.requested)}
    charges = _charges(facts, statuses, current)
    payouts = _payouts(facts, statuses, current)
    enabled = charges and (payouts or capabilities.grants_legacy(facts.now))
    disabled = _disabled_reason(facts, current, enabled=enabled)
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


def questions(facts: Facts, *, running: bool = False) -> list[Question]:
    """What the world is to decide by now: the checks that have ended, or are `running` yet."""
    return open_questions(facts, holders(facts), kinds_of(facts.requested), running=running)


def of_capability(facts: Facts, name: str) -> dict[str, Any]:
    """requirements, future_requirements and status of one capability, requested or only
    looked at.
    """
    wanted = name in facts.requested
    standing = evaluate(replace(facts, requested=facts.requested | {name}))
    status = standing.capabilities[name] if wanted else "unrequested"
    plain = capabilities.kind(name) in {"reporting", "legacy"}
    shown = empty() if plain else dict(standing.requirements)
    shown["disabled_reason"] = _why_inactive(facts, name) if status == "inactive" else None
    if status == "active":
        _leave_payouts_out(shown)
    if capabilities.kind(name) == "reporting":
        shown["pending_verification"] = [
            path
            for path in standing.requirements["pending_verification"]
            if path.endswith("id_number")
        ]
    future = empty() if plain else standing.future_requirements
    return {"requirements": shown, "future_requirements": future, "status": status}


def _why_inactive(facts: Facts, name: str) -> str:
    if facts.rejected is not None:
        return "rejected.other"
    if facts.imposed.disabled is not None:
        rejected = facts.imposed.disabled.startswith("rejected.")
        return "rejected.other" if rejected else "other"
    if name in facts.imposed.capabilities:
        return facts.imposed.capabilities[name]
    return inactivity(facts) or "requirements.fields_needed"


def _leave_payouts_out(shown: dict[str, Any]) -> None:
    """What stops payouts alone is the account's concern: an active capability has nothing
    overdue.
    """
    overdue = set(shown["past_due"])
    for name in ("currently_due", "eventually_due", "past_due"):
        shown[name] = [path for path in shown[name] if path not in overdue]
    shown["errors"] = [error for error in shown["errors"] if error["requirement"] not in overdue]


def of_external_account(*, ownership: str | None, errored: bool) -> dict[str, Any]:
    """requirements of a bank account. ownership: `asks_document` when its owner must be proved,
    `checking` while that is looked into, `verified` or None.
    """
    due: list[str] = []
    if ownership == "asks_document":
        due.append(_OWNERSHIP)
    if errored:
        due.append("external_account")
    pending = [_OWNERSHIP] if ownership == "checking" else []
    return {
        "currently_due": due,
        "errors": [],
        "past_due": list(due),
        "pending_verification": pending,
    }


def empty() -> dict[str, Any]:
    """A requirements hash that asks nothing."""
    return _ordered(Arrays().shown(), None, None)


def _status(name: str, current: Arrays, facts: Facts) -> str:
    kind = capabilities.kind(name)
    if facts.rejected is not None or _is_stopped(facts, name):
        return "inactive"
    if kind == "reporting":
        return "active"
    if kind == "legacy":
        given = name in facts.granted or capabilities.grants_legacy(facts.now)
        return "active" if given else "inactive"
    if "charges" in current.blocked_by_due or current.under_review or inactivity(facts):
        return "inactive"
    return "pending" if "charges" in current.blocked_by_pending else "active"


def _is_stopped(facts: Facts, name: str) -> bool:
    """Whether Stripe itself has disabled a capability, or the account that has it."""
    return facts.imposed.disabled is not None or name in facts.imposed.capabilities


def _active(statuses: dict[str, str]) -> bool:
    return any(
        status == "active" and capabilities.kind(name) in _MONEY
        for name, status in statuses.items()
    )


def _charges(facts: Facts, statuses: dict[str, str], current: Arrays) -> bool:
    if facts.imposed.disabled is not None:
        return False
    stopped = facts.charges_blocked or facts.paused or facts.under_review or current.under_review
    return _active(statuses) and not stopped


def _payouts(facts: Facts, statuses: dict[str, str], current: Arrays) -> bool:
    if facts.rejected is not None:
        return facts.pays_out_rejected and facts.submitted and facts.external_account
    if facts.imposed.disabled is not None:
        return False
    stopped = facts.payouts_blocked or facts.paused or facts.under_review or current.under_review
    blocked = "payouts" in current.blocked_by_due | current.blocked_by_pending
    return _active(statuses) and facts.external_account and not stopped and not blocked


def _disabled_reason(facts: Facts, current: Arrays, *, enabled: bool) -> str | None:
    if facts.rejected is not None:
        return f"rejected.platform_{facts.rejected}"
    if facts.imposed.disabled is not None:
        return facts.imposed.disabled
    if facts.paused:
        return "platform_paused"
    if facts.under_review or current.under_review:
        return "under_review"
    if enabled:
        return None
    if current.blocked_by_due:
        return "requirements.past_due"
    if current.pending:
        return "requirements.pending_verification"
    if inactivity(facts):
        return "other"
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


def _alternatives(facts: Facts, everyone: list[Holder], current: Arrays) -> list[tuple[str, str]]:
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
