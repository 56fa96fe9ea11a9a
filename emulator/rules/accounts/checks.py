"""What verification says about what was given, and when: the values of test mode, as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from emulator.kernel import files
from emulator.rules.accounts.facts import Facts
from emulator.rules.accounts.needs import Holder, Row, applying, expand, table

_IDENTITY: Final = frozenset({"identity", "number"})
_BOTH: Final = ("charges", "payouts")
_IDENTIFYING: Final = (
    "dob.day",
    "dob.month",
    "dob.year",
    "first_name",
    "id_number",
    "last_name",
    "ssn_last_4",
    "verification.document",
)
VERIFIED: Final = "verified"


@dataclass(frozen=True, slots=True)
class Check:
    """One verification of one holder. Fields are named without prefix.

    shows: pending_verification while it runs. finished: the instant its answer is known; told: when
    a person's status says it, if that is later; foreseen: until when future_requirements shows it,
    if that is earlier. failed: code for requirements.errors, or None when it passes. relists:
    fields asked again after a failure. blocks: charges and payouts that wait for it.
    """

    kind: str
    shows: tuple[str, ...]
    started: int
    finished: int
    blocks: frozenset[str]
    failed: str | None = None
    relists: tuple[str, ...] = ()
    under_review: bool = False
    told: int = 0
    foreseen: int | None = None

    def runs(self, now: int, *, ahead: bool = False) -> bool:
        """Whether it is shown to run, in requirements or (ahead) in future_requirements."""
        until = self.foreseen if ahead and self.foreseen is not None else self.finished
        return until > now

    def moments(self) -> tuple[int, ...]:
        """Every instant at which something of it changes."""
        return (self.finished, self.told, self.foreseen or 0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a table says of a value: passed, or failed with a code."""

    code: str | None = None
    relists: tuple[str, ...] = ()
    at_once: bool = False
    blocks: tuple[str, ...] | None = None
    under_review: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What the world is asked: kind is identity, address, company_address, company_tax_id or url;
    usual is `verified` or the code that it fails with; person: whom it is about, if anybody;
    decided: whether a value of test mode decided it.
    """

    key: str
    kind: str
    usual: str
    person: str | None
    decided: bool


def run(
    facts: Facts, holder: Holder, kinds: frozenset[str], extra: Iterable[Row] = ()
) -> list[Check]:
    """Every check that what this holder gave has set going, and the fields refused at sight."""
    if not holder.exists:
        return []
    rows = applying([*table()["checks"], *extra], facts, kinds)
    mine = [row for row in rows if not holder.scopes.isdisjoint(row["scope"])]
    found = [_check(row, facts, holder) for row in mine if _begun(row, holder)]
    return [*found, *_at_sight(facts, holder)]


def identity_status(facts: Facts, checks: Iterable[Check]) -> str:
    """person.verification.status: unverified, pending or verified; a bad address spoils it, too."""
    checks = list(checks)
    if any(c.kind == "address" and c.failed and c.finished <= facts.now for c in checks):
        return "unverified"
    identities = [check for check in checks if check.kind == "identity"] or [
        check for check in checks if check.kind == "number"
    ]
    if not identities or any(check.failed and check.finished <= facts.now for check in identities):
        return "unverified"
    runs = any(max(check.finished, check.told) > facts.now for check in identities)
    return "pending" if runs else "verified"


def next_answer(facts: Facts, holders: Iterable[Holder], kinds: frozenset[str]) -> int | None:
    """The next instant after `now` at which a check ends or is told; None when nothing runs."""
    ends = [
        moment
        for holder in holders
        for check in run(facts, holder, kinds)
        for moment in check.moments()
        if moment > facts.now
    ]
    return min(ends, default=None)


def reason(code: str, value: str = "") -> str:
    """The sentence beside an error code in requirements.errors, for the account's owner to read."""
    reasons = _values()["reasons"]
    sentence: str = reasons.get(code) or reasons["otherwise"]
    return sentence.format(value=value, code=code)


def inactivity(facts: Facts) -> str | None:
    """disabled_reason of capabilities that the inactivity test URL makes inactive, else None."""
    row = _values()["inactivity_url"]
    if facts.given.get("business_profile.url", "").rstrip("/") != row["value"]:
        return None
    why: str = row["disabled_reason"]
    return why


def open_questions(
    facts: Facts, everyone: Iterable[Holder], kinds: frozenset[str], *, running: bool = False
) -> list[Question]:
    """The checks that have ended, each as a question. running: those that have not, too."""
    found: dict[str, Question] = {}
    rows = applying(table()["checks"], facts, kinds)
    for holder in (one for one in everyone if one.exists):
        person = holder.person.id if holder.person else None
        for row in rows:
            if holder.scopes.isdisjoint(row["scope"]) or not _begun(row, holder):
                continue
            check = _check(row, facts, holder)
            verdict, decided = _usual(row["kind"], holder)
            if row["kind"] not in _asked() or (check.finished > facts.now and not running):
                continue
            key = _key(row["kind"], holder, check.started)
            usual = verdict.code or VERIFIED
            found.setdefault(key, Question(key, _subject(row["kind"]), usual, person, decided))
    return list(found.values())


def _begun(row: Row, holder: Holder) -> bool:
    if any(name in holder.given for name in row.get("without", ())):
        return False
    return _started_by(row, holder) is not None


def _started_by(row: Row, holder: Holder) -> list[str] | None:
    for names in row["given"]:
        wanted = expand(names)
        if all(name in holder.given for name in wanted):
            return wanted
    return None


def _check(row: Row, facts: Facts, holder: Holder) -> Check:
    names = _started_by(row, holder) or []
    started = max((holder.given_at.get(name, facts.created) for name in names), default=0)
    verdict = _verdict(row["kind"], holder, facts, started)
    finished = started if _at_once(row, holder) else started + _seconds(row, started)
    told = finished if finished == started else started + row.get("status_seconds", 0)
    if row["kind"] == "identity" and "verification.document" in holder.given:
        finished = told = _with_document(row, facts, holder, finished)
    if facts.verdicts and _key(row["kind"], holder, started) in facts.verdicts:
        finished = told = min(finished, facts.now)  # somebody has told how it ends
    blocks = row["blocks"] if verdict.blocks is None else verdict.blocks
    return Check(
        row["kind"],
        tuple(row["shows"]),
        started,
        finished,
        frozenset(blocks),
        verdict.code,
        verdict.relists,
        verdict.under_review,
        told,
        _foreseen(row, holder, started, finished),
    )


def _seconds(row: Row, started: int) -> int:
    """How long it takes; some took longer in the second half of 2025 (observed three times)."""
    slower = row.get("slower")
    if slower is not None and slower["from"] <= started < slower["until"]:
        return int(slower["seconds"])
    return int(row["seconds"])


def _foreseen(row: Row, holder: Holder, started: int, finished: int) -> int | None:
    """Until when future_requirements shows it; not at all where a document came along with what is
    checked (observed five times, and once otherwise).
    """
    if "future_seconds" not in row:
        return None
    document = "verification.document"
    if document in holder.given and holder.given_at.get(document, started) <= started:
        return started
    return int(min(finished, started + row["future_seconds"]))


def _with_document(row: Row, facts: Facts, holder: Holder, finished: int) -> int:
    """A document sent after the rest was accepted on the spot until the end of 2023 (observed)."""
    sent = holder.given_at.get("verification.document", facts.created)
    before = max(
        (at for name, at in holder.given_at.items() if name != "verification.document"),
        default=sent,
    )
    held = holder.person.afterwards if holder.person else ()
    later = sent > before or (sent == before and "verification.document" in held)
    if later and "document_seconds" in row and sent < row["document_from"]:
        return int(sent + row["document_seconds"])
    wait = row.get("document_after", row["seconds"])
    return max(finished, sent + wait) if later else finished


def _verdict(kind: str, holder: Holder, facts: Facts, started: int) -> Verdict:
    """What the world answered, else what test mode says of the values, else what is usual."""
    verdict, _ = _usual(kind, holder)
    told = facts.verdicts.get(_key(kind, holder, started))
    if told is None or told == (verdict.code or VERIFIED):
        return verdict
    if told == VERIFIED:
        return Verdict()
    return Verdict(told, tuple(_asked()[_subject(kind)]))


def _usual(kind: str, holder: Holder) -> tuple[Verdict, bool]:
    """The verdict on what was given, and whether a value of test mode decided it."""
    if kind in _IDENTITY:
        return _identity(holder)
    rows = _values().get(kind, {})
    for path, answers in rows.items():
        value = holder.given.get(path, "").rstrip("/")
        if isinstance(answers, Mapping) and value in answers:
            return _read(answers[value]), True
    return _read(rows.get("otherwise", {"outcome": "passed"})), False


def _identity(holder: Holder) -> tuple[Verdict, bool]:
    """A document outweighs numbers, a failing value outweighs a passing one, silence fails."""
    rows = _values()["identity"]
    if "verification.document" in holder.given:
        known = rows["documents"].get(holder.given["verification.document"])
        return _read(known or {"outcome": "passed"}), known is not None
    answers = _magic(holder)
    for answer in answers:
        if answer["outcome"] == "failed":
            return _read(answer), True
    return _read(answers[0] if answers else rows["otherwise"]), bool(answers)


def _subject(kind: str) -> str:
    """Number and identity are one question."""
    return "identity" if kind in _IDENTITY else kind


def _key(kind: str, holder: Holder, started: int) -> str:
    """A question is new whenever what it is about was given anew."""
    if kind in _IDENTITY:
        given = [holder.given_at.get(name, 0) for name in _IDENTIFYING if name in holder.given]
        started = max([started, *given])
    return f"{holder.prefix}{_subject(kind)}@{started}"


def _asked() -> Mapping[str, list[str]]:
    """The kinds of checks that the world decides, and what each asks for again when it fails."""
    relisted: Mapping[str, list[str]] = _values()["asked"]
    return relisted


def _magic(holder: Holder) -> list[Row]:
    rows = _values()["identity"]
    given = holder.given
    dob = "-".join(given.get(f"dob.{part}", "").lstrip("0") for part in ("year", "month", "day"))
    found = [
        rows["id_number"].get(given.get("id_number", "")),
        rows["ssn_last_4"].get(given.get("ssn_last_4", "")),
        rows["dob"].get(dob),
    ]
    return [answer for answer in found if answer is not None]


def _at_once(row: Row, holder: Holder) -> bool:
    if row["kind"].startswith("company"):
        answers = _values()["company_tax_id"]["company.tax_id"]
        answer = answers.get(holder.given.get("company.tax_id", ""), {})
        return bool(answer.get("at_once", False))
    return any(answer.get("at_once", False) for answer in _magic(holder))


def _at_sight(facts: Facts, holder: Holder) -> list[Check]:
    found = []
    for path, codes in _values()["fields"].items():
        code = codes.get(holder.given.get(path, ""))
        if code is not None:
            at = holder.given_at.get(path, facts.created)
            found.append(Check("field", (), at, at, frozenset(_BOTH), code, (path,)))
    name = holder.given.get("first_name", "")
    if holder.person is not None and "director" in holder.person.roles:
        code = _values()["directors"].get(name)
        if code is not None:
            at = holder.given_at.get("first_name", facts.created)
            found.append(Check("field", (), at, at, frozenset(_BOTH), code, ("first_name",)))
    return found


def _read(answer: Row) -> Verdict:
    if answer["outcome"] == "passed":
        return Verdict(at_once=answer.get("at_once", False))
    return Verdict(
        answer["error"],
        tuple(answer["relists"]),
        answer.get("at_once", False),
        tuple(answer["blocks"]) if "blocks" in answer else None,
        answer.get("under_review", False),
    )


def _values() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = files.table("accounts/test_values.json")
    return loaded
