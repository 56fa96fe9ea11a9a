"""Who may do what where, as anybody may ask it: one question, or the whole table of a rule set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from emulator.kernel.errors import Refusal
from emulator.kernel.errors import control as refusals
from emulator.rules.accounts import availability, countries, profiles
from emulator.rules.accounts.availability import FLOWS, RULE_SETS, Case, Verdict
from emulator.rules.accounts.types import TYPES

Found = dict[str, Any]

_KEYS: Final = ("platform", "country", "type", "agreement")
AGREEMENTS: Final = ("full", "recipient")
BUSINESS_TYPES: Final = ("individual", "company", "non_profit", "government_entity")
_ONE_OF: Final = {
    "type": TYPES,
    "agreement": AGREEMENTS,
    "flow": FLOWS,
    "business_type": BUSINESS_TYPES,
    "rules": RULE_SETS,
}
NAMES: Final = (
    "platform",
    "country",
    *_ONE_OF,
    "capability",
    "capabilities",
    "currency",
    "structure",
)


class Table(NamedTuple):
    """A whole rule set. flows: the columns. rows: platform, country, type, agreement, then for each
    flow the id of the rule that decides it. rules: id -> {allowed, evidence, date}."""

    name: str
    flows: tuple[str, ...]
    rows: list[tuple[str, ...]]
    rules: dict[str, Found]


def ask(question: Found) -> Found:
    """Whether a platform may have such an account take part in a flow, and which rule says so.

    question: platform, country, type, agreement, flow, rules; business_type, structure,
    capabilities (a list, or `capability` for one) and currency as far as they matter. Without
    capabilities it is about the account alone. Answers {"allowed", "rules", "rule", "evidence",
    "date", "question", "status", "error"}; error is Stripe's error object as the refused request
    would get it, None when allowed.
    """
    case, rules = _case(question), question.get("rules") or "overview"
    verdict = _judged(rules, case)
    refusal = verdict.refusal
    return {
        "allowed": verdict.allowed,
        "rules": rules,
        "rule": verdict.rule,
        "evidence": verdict.evidence,
        "date": verdict.date,
        "question": _asked(case),
        "status": None if refusal is None else refusal.status,
        "error": None if refusal is None else refusal.body(),
    }


def table(
    rules: str = "overview",
    platforms: Iterable[str] | None = None,
    accounts: Iterable[str] | None = None,
    flows: tuple[str, ...] = FLOWS,
) -> Table:
    """The whole table of a rule set, or the part of it with these platforms, accounts and flows.

    Capabilities, business types and currencies narrow it further: ask about those one by one.
    """
    told: dict[str, Found] = {}
    rows = []
    for row, deciding in availability.deciding(rules, flows, platforms, accounts):
        for rule in deciding:
            if rule["id"] not in told:
                told[rule["id"]] = _rule(rule)
        rows.append((*row.values(), *[rule["id"] for rule in deciding]))
    return Table(rules, flows, rows, dict(sorted(told.items())))


def as_json(found: Table) -> Found:
    """A table as one JSON object: its rules, then its rows."""
    return {
        "name": found.name,
        "flows": list(found.flows),
        "rules": found.rules,
        "rows": [
            {
                **dict(zip(_KEYS, row, strict=False)),
                "decided_by": dict(zip(found.flows, row[4:], strict=True)),
            }
            for row in found.rows
        ],
    }


def as_cells(found: Table) -> Iterator[tuple[str, ...]]:
    """A table as rows of text, names first: `yes`, or the id of the rule that refuses the flow."""
    yield (*_KEYS, *found.flows)
    said = {id_: "yes" if rule["allowed"] else id_ for id_, rule in found.rules.items()}
    for row in found.rows:
        yield (*row[:4], *[said[id_] for id_ in row[4:]])


def as_lines(found: Table) -> Iterator[str]:
    """A table as lines to read: yes or no under each flow, and behind them the rules that
    refuse.
    """
    widths = (8, 7, 8, 9, *map(len, found.flows))
    shape = "  ".join(f"{{:<{width}}}" for width in widths) + "  {}"
    yield shape.format(*_KEYS, *found.flows, "refused by").rstrip()
    refusing = {id_ for id_, rule in found.rules.items() if not rule["allowed"]}
    tails: dict[tuple[str, ...], str] = {}
    flows = "  ".join(f"{{:<{width}}}" for width in widths[4:]) + "  {}"
    head = "  ".join(f"{{:<{width}}}" for width in widths[:4]) + "  "
    for row in found.rows:
        deciding = row[4:]
        if deciding not in tails:
            marks = ["no" if id_ in refusing else "yes" for id_ in deciding]
            named = dict.fromkeys(id_ for id_ in deciding if id_ in refusing)
            tails[deciding] = flows.format(*marks, ", ".join(named)).rstrip()
        yield head.format(*row[:4]) + tails[deciding]


def named(name: str, value: str | None) -> str | None:
    """A word of a question; refused when it is none of those that fit."""
    if value is not None and value not in _ONE_OF[name]:
        raise refusals.bad_control_value(name, "one of " + ", ".join(_ONE_OF[name]))
    return value


def listed(name: str, code: str | None) -> tuple[str, ...] | None:
    """One country that narrows a table; None leaves it whole."""
    if code is None:
        return None
    if not countries.known(code.upper()):
        raise refusals.bad_control_value(name, "a country that the rules know, such as US")
    return (code.upper(),)


# -- inside
# -------------------------------------------------------------------------------------------


def _judged(rules: str, case: Case) -> Verdict:
    """Availability first, as in a create request; then what a country's accounts can be."""
    verdict = availability.check(rules, case)
    if not verdict.allowed:
        return verdict
    refusal = None
    if case.business_type:
        refusal = profiles.check_business_type(case.business_type, case.account)
    if refusal is None and case.structure:
        refusal = profiles.check_structure(case.structure, case.business_type, case.account)
    return verdict if refusal is None else _of_form(refusal)


def _of_form(refusal: Refusal) -> Verdict:
    return Verdict(refusal, "business-type", "documented", "2024-04")


def _case(question: Found) -> Case:
    refusals.check_names(question, NAMES)
    for name in _ONE_OF:
        named(name, question.get(name))
    return Case(
        _country(question, "platform"),
        _country(question, "country"),
        question.get("type") or "custom",
        question.get("business_type"),
        _text(question, "structure"),
        question.get("agreement") or "full",
        _capabilities(question),
        question.get("flow") or "create",
        _text(question, "currency"),
    )


def _country(question: Found, name: str) -> str:
    value = question.get(name)
    if not isinstance(value, str) or len(value) != 2 or not value.isalpha():
        raise refusals.bad_control_value(name, "a country of two letters, such as US")
    return value.upper()


def _text(question: Found, name: str) -> str | None:
    value = question.get(name)
    if value is not None and not isinstance(value, str):
        raise refusals.bad_control_value(name, "a text")
    return value


def _capabilities(question: Found) -> frozenset[str]:
    found = question.get("capabilities") or []
    if isinstance(found, str):
        found = found.split(",")
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise refusals.bad_control_value("capabilities", "a list of capability names")
    one = _text(question, "capability")
    return frozenset([*found, *([one] if one else [])])


def _asked(case: Case) -> Found:
    return {
        "platform": case.platform,
        "country": case.account,
        "type": case.type,
        "business_type": case.business_type,
        "structure": case.structure,
        "agreement": case.agreement,
        "capabilities": sorted(case.capabilities),
        "flow": case.flow,
        "currency": case.currency,
    }


def _rule(rule: availability.Rule) -> Found:
    return {
        "allowed": rule["verdict"] == "allowed",
        "evidence": rule["evidence"],
        "date": rule["date"],
    }
