"""The arrays of a requirements hash, gathered from what is asked, given, verified and faulty."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from emulator.kernel.instants import DAY
from emulator.rules.accounts import validations
from emulator.rules.accounts.checks import Check, reason, run
from emulator.rules.accounts.facts import Facts
from emulator.rules.accounts.needs import Holder, Row, applying, asked, satisfied, table

Error = dict[str, str]

# While something is verified of an account that is enabled already, this is its current_deadline
# (observed eight times, in the United States).
_PENDING_DAYS: Final = 30


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
                    for error in _once(self.errors)
                    if error["requirement"].startswith(prefix)
                ),
                key=lambda error: error["requirement"],
            ),
            "eventually_due": _own(self.eventually, prefix),
            "past_due": _own(self.past, prefix),
            "pending_verification": _own(self.pending, prefix),
        }


def collect(
    facts: Facts, everyone: list[Holder], kinds: frozenset[str], program: Row | None = None
) -> Arrays:
    """The arrays as they are, or (with a program) as they will be once it takes effect."""
    extra = program["rows"] if program else ()
    rows = applying([*table()["rows"], *extra], facts, kinds)
    arrays = Arrays()
    ready = _ready(facts, everyone, rows)
    for holder in everyone:
        stages = asked(rows, holder, program["drop"] if program else ())
        _ask(arrays, facts, holder, stages, ready=_is_ready(holder, facts, stages, people=ready))
        found = run(facts, holder, kinds, program["checks"] if program else ())
        _answer(arrays, facts, holder, found, ahead=program is not None)
        _refuse(arrays, facts, holder, validations.run(facts, holder, kinds, program))
    _hold_back(arrays, facts, rows)
    _demand(arrays, facts, everyone)
    return arrays


def _demand(arrays: Arrays, facts: Facts, everyone: list[Holder]) -> None:
    """Add what Stripe demands out of turn."""
    for demand in facts.imposed.demands:
        if demand.deadline is None:
            _due(arrays, demand.path)
        else:
            _due_by(arrays, facts, demand.path, demand.deadline)
        if demand.code is not None:
            holder = _holder_of(demand.path, everyone)
            value = holder.given.get(demand.path.removeprefix(holder.prefix), "")
            arrays.errors.append(_error(demand.code, demand.path, value))


def _holder_of(path: str, everyone: list[Holder]) -> Holder:
    """Whose field a path names: a person's, or else the account's own."""
    found = (each for each in everyone if each.prefix and path.startswith(each.prefix))
    return next(found, everyone[0])


def _ask(
    arrays: Arrays, facts: Facts, holder: Holder, stages: dict[str, str], *, ready: bool
) -> None:
    for name, stage in stages.items():
        if satisfied(name, holder, facts):
            continue
        path = holder.prefix + name
        if stage == "now" or (stage in {"next", "revealed"} and ready):
            _due(arrays, path)
        elif _announced(stage, holder, ready=ready):
            _eventual(arrays, facts, path)


def _announced(stage: str, holder: Holder, *, ready: bool) -> bool:
    if stage == "after":
        return ready
    return stage != "revealed" or holder.exists


def _due(arrays: Arrays, path: str, blocks: Iterable[str] | None = None) -> None:
    """Overdue. Some fields stop payouts alone when they were never given (observed)."""
    if blocks is None:
        blocks = ("payouts",) if path in table()["payouts_only"] else ("charges", "payouts")
    arrays.due.add(path)
    arrays.past.add(path)
    arrays.eventually.add(path)
    arrays.blocked_by_due |= set(blocks)


def _eventual(arrays: Arrays, facts: Facts, path: str) -> None:
    arrays.eventually.add(path)
    if facts.advanced_at is not None:
        deadline = facts.advanced_at + table()["grace_days"] * DAY
        _due_by(arrays, facts, path, deadline)


def _due_by(arrays: Arrays, facts: Facts, path: str, deadline: int) -> None:
    if facts.now >= deadline or facts.imposed.overdue:
        _due(arrays, path)
        return
    blocked = {"charges": facts.charges_blocked, "payouts": facts.payouts_blocked}
    if any(blocked.values()):
        _due(arrays, path, [name for name, on in blocked.items() if on])
        return
    arrays.due.add(path)
    arrays.eventually.add(path)
    arrays.deadlines.add(deadline)


def _answer(
    arrays: Arrays, facts: Facts, holder: Holder, found: list[Check], *, ahead: bool
) -> None:
    for check in found:
        if check.runs(facts.now, ahead=ahead):
            shown = {holder.prefix + name for name in check.shows}
            arrays.pending |= shown
            arrays.blocked_by_pending |= check.blocks - facts.enabled
            if check.blocks & facts.enabled:
                arrays.deadlines.add(check.started + _PENDING_DAYS * DAY)
        elif check.failed is not None and check.finished <= facts.now:
            _fail(arrays, facts, holder, check, check.failed)


def _fail(arrays: Arrays, facts: Facts, holder: Holder, check: Check, code: str) -> None:
    arrays.under_review = arrays.under_review or check.under_review
    for name in check.relists:
        if holder.given_at.get(name, facts.created) > check.finished and name in holder.given:
            continue
        path = holder.prefix + name
        if check.blocks - facts.enabled:
            _due(arrays, path, check.blocks)
        else:  # what is enabled stays so until the deadline (documented)
            _due_by(arrays, facts, path, check.finished + table()["grace_days"] * DAY)
        arrays.errors.append(_error(code, path, holder.given.get(name, "")))


def _refuse(arrays: Arrays, facts: Facts, holder: Holder, found: list[validations.Finding]) -> None:
    for finding in found:
        for name in finding.fields:
            path = holder.prefix + name
            arrays.due.add(path)
            arrays.eventually.add(path)
            if not finding.future:
                _due_by(arrays, facts, path, finding.since + table()["grace_days"] * DAY)
            arrays.errors.append(
                {"code": finding.code, "reason": finding.reason, "requirement": path}
            )
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


def _error(code: str, path: str, value: str) -> Error:
    return {"code": code, "reason": reason(code, value), "requirement": path}


def _once(errors: Iterable[Error]) -> Iterable[Error]:
    """Each fault once: one number can fail two checks."""
    return {(error["code"], error["requirement"]): error for error in errors}.values()


def _own(paths: Iterable[str], prefix: str) -> list[str]:
    return sorted(path.removeprefix(prefix) for path in paths if path.startswith(prefix))
