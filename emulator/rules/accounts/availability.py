"""Who may do what where: two rule sets as data, each rule with its evidence and date.

The first rule of a set that fits a case decides it. Creation comes before capabilities, those
before the flow of money, that before the currency of a payout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from emulator.kernel import files
from emulator.kernel.errors import Refusal, account_details, accounts
from emulator.rules.accounts import capabilities, countries, types

RULE_SETS: Final = ("overview", "current")
FLOWS: Final = (
    "create",
    "capability",
    "direct",
    "destination",
    "separate",
    "transfer",
    "on_behalf_of",
    "payout",
    "instant_payout",
    "application_fee",
)
Rule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked about. type: standard, express or custom. flow: one of FLOWS.

    flow `create` asks about creation alone; every other flow asks whether such an account could be
    created, hold these capabilities and then take part in the flow. alone: whether transfers may be
    had without card payments: a recipient of /v2 is one who is no merchant (documented).
    """

    platform: str
    account: str
    type: str = "custom"
    business_type: str | None = None
    structure: str | None = None
    agreement: str = "full"
    capabilities: frozenset[str] = frozenset()
    flow: str = "create"
    currency: str | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer: refusal is None when allowed. rule, evidence, date: which line decided."""

    refusal: Refusal | None
    rule: str
    evidence: str
    date: str

    @property
    def allowed(self) -> bool:
        return self.refusal is None


def check(rule_set: str, case: Case) -> Verdict:
    """Whether a case is allowed: country, creation, capabilities, flow, currency, in that order."""
    unknown = countries.check_code(case.platform) or countries.check_code(case.account)
    if unknown is not None:
        return Verdict(unknown, "country-unknown", "documented", "2024-04")
    made = _companions(_decide(rule_set, replace(case, flow="create")), case, rule_set)
    if not made.allowed or case.flow == "create":
        return made
    held = check_capabilities(rule_set, case)
    if not held.allowed or case.flow == "capability":
        return held
    moved = check_flow(rule_set, case)
    return moved if not moved.allowed or case.currency is None else _currency(moved, case)


def check_creation(rule_set: str, case: Case) -> Verdict:
    """Creation with the capabilities asked for in the same request."""
    return check(rule_set, replace(case, flow="create"))


def check_capabilities(rule_set: str, case: Case) -> Verdict:
    """Capabilities of an account that exists: agreement and country, not their companions."""
    if case.type == "standard":
        return Verdict(None, f"{rule_set}-capabilities", "documented", "2024-04")
    for name in sorted(case.capabilities):
        if name not in capabilities.names():
            return _by_capability(accounts.capability_unknown(name))
        if case.agreement == "recipient" and name not in {"transfers", "crypto_transfers"}:
            return _by_capability(accounts.capability_not_for_recipients(name))
        if not capabilities.in_country(name, case.account):
            return _by_capability(accounts.capability_not_in_country(name, case.account))
    return Verdict(None, f"{rule_set}-capabilities", "documented", "2024-04")


def check_flow(rule_set: str, case: Case) -> Verdict:
    """A charge, transfer or payout with an account that exists."""
    return _decide(rule_set, case)


def deciding(
    rule_set: str,
    flows: Sequence[str] = FLOWS,
    platforms: Iterable[str] | None = None,
    accounts: Iterable[str] | None = None,
) -> Iterator[tuple[dict[str, str], list[Rule]]]:
    """Every platform, account, type and agreement, with the rule that decides each flow."""
    named = tuple(accounts or countries.every())
    for platform in platforms or countries.full_countries():
        lines = [
            (kind, agreement, [_lines(rule_set, platform, kind, agreement, f) for f in flows])
            for kind, agreement in _KINDS
        ]
        making = [_lines(rule_set, platform, *kind, "create") for kind in _KINDS]
        for account in named:
            case = Case(platform, account)
            for (kind, agreement, steps), made in zip(lines, making, strict=True):
                row = {
                    "platform": platform,
                    "account": account,
                    "type": kind,
                    "agreement": agreement,
                }
                first = _first(made, case) or _DEFAULT
                if first["verdict"] != "allowed":
                    yield row, [first] * len(flows)
                else:
                    yield row, [_first(rules, case) or _DEFAULT for rules in steps]


_KINDS: Final = (
    ("standard", "full"),
    ("express", "full"),
    ("custom", "full"),
    ("custom", "recipient"),
)
_OF_ACCOUNT: Final = frozenset({"account", "account_not"})


def _lines(rule_set: str, platform: str, kind: str, agreement: str, flow: str) -> list[Rule]:
    """The rules of a flow that fit all but the account, which alone is left to test."""
    case = Case(platform, "", kind, agreement=agreement, flow=flow)
    return [
        {**rule, "tests": [test for test in rule["tests"] if test[0] in _OF_ACCOUNT]}
        for rule in _rules(rule_set, flow)
        if all(_fits(n, wanted, case) for n, wanted in rule["tests"] if n not in _OF_ACCOUNT)
    ]


_DEFAULT: Final[Rule] = {
    "id": "unrestricted",
    "verdict": "allowed",
    "evidence": "no rule says otherwise",
    "date": "2024-04",
}


def _decide(rule_set: str, case: Case) -> Verdict:
    rule = _first(_rules(rule_set, case.flow), case) or _DEFAULT
    if rule["verdict"] == "allowed":
        return Verdict(None, rule["id"], rule["evidence"], rule["date"])
    refusal = _REFUSALS[rule["refusal"]](case, rule, _table(rule_set))
    refusal.rule = rule["id"]
    return Verdict(refusal, rule["id"], rule["evidence"], rule["date"])


def _companions(made: Verdict, case: Case, rule_set: str) -> Verdict:
    """Capabilities of the create request itself: names, countries and what must go together."""
    if not made.allowed or not case.capabilities:
        return made
    dashboard = types.Controller.of_type(case.type).dashboard
    asked = case.capabilities
    if capabilities.given_only(dashboard, rule_set):
        return _by_capability(accounts.standard_with_capabilities())
    if _needs_a_choice(case):
        return _by_capability(accounts.agreement_or_card_payments(case.account))
    agreement = "recipient" if case.alone and asked == {"transfers"} else case.agreement
    refusal = capabilities.check_request(asked, case.account, agreement)
    return made if refusal is None else _by_capability(refusal)


def _needs_a_choice(case: Case) -> bool:
    """Transfers alone, by a US platform, abroad, without an agreement (measured for GB, JP)."""
    return (
        case.platform == "US"
        and case.account != "US"
        and case.type != "standard"
        and case.agreement == "full"
        and "transfers" in case.capabilities
        and "card_payments" not in case.capabilities
    )


def _currency(moved: Verdict, case: Case) -> Verdict:
    currency = (case.currency or "").lower()
    held = countries.bank_countries(case.account)
    if case.flow not in {"payout", "instant_payout"} or currency in held:
        return moved
    refusal = account_details.bank_currency_unsupported(
        currency, case.account, case.account, "currency"
    )
    refusal.param, refusal.rule = "currency", "payout-currency"
    return Verdict(refusal, "payout-currency", "documented", "2024-04")


def _by_capability(refusal: Refusal) -> Verdict:
    refusal.rule = refusal.rule or "capability_unknown"
    return Verdict(refusal, refusal.rule, "measured", "2025")


def _first(rules: Iterable[Rule], case: Case) -> Rule | None:
    for rule in rules:
        if all(_fits(name, wanted, case) for name, wanted in rule["tests"]):
            return rule
    return None


def _fits(name: str, wanted: Any, case: Case) -> bool:
    match name:
        case "platform":
            return case.platform in wanted
        case "platform_not":
            return case.platform not in wanted
        case "account_not":
            return case.account not in wanted
        case "capabilities_without":
            return case.capabilities.isdisjoint(wanted)
        case "account":
            return _account_fits(wanted, case)
    return getattr(case, name) in wanted


def _account_fits(wanted: Any, case: Case) -> bool:
    if wanted == "same":
        return case.account == case.platform
    if wanted == "same_region":
        return countries.country(case.account).region == countries.country(case.platform).region
    return case.account in wanted


@cache
def _rules(rule_set: str, flow: str) -> tuple[Rule, ...]:
    """The rules of a flow, names of country groups replaced by the groups."""
    table = _table(rule_set)
    return tuple(
        {**rule, "tests": [(n, _group(n, w, table)) for n, w in rule["when"].items()]}
        for rule in table["rules"]
        if flow in rule["flows"]
    )


def _group(name: str, wanted: Any, table: Rule) -> Any:
    if isinstance(wanted, list):
        return frozenset(wanted)
    full = frozenset(countries.full_countries())
    every = frozenset(countries.every())
    groups = {
        "full": full,
        "not_full": every - full,
        "recipient": frozenset(code for code in every if countries.country(code).recipient),
        "transfer_region": frozenset(table.get("transfer_region", ())),
    }
    assert name in {"account", "platform"}, name
    return groups.get(wanted, wanted)


_FLOW_NAMES: Final[dict[str, str]] = {
    "direct": "direct charges",
    "destination": "destination charges",
    "on_behalf_of": "`on_behalf_of`",
    "instant_payout": "Instant Payouts",
}
_Maker = Callable[[Case, Rule, Rule], Refusal]
_REFUSALS: Final[dict[str, _Maker]] = {
    "country_pair": lambda case, _rule, _set: accounts.country_pair(case.account, case.platform),
    "not_available": lambda case, rule, set_: accounts.not_available(
        rule["what"].format(platform=case.platform, account=case.account),
        set_["name"],
        set_["other"],
        rule.get("param", "country"),
    ),
    "recipient_flow": lambda case, _rule, _set: accounts.recipient_flow(
        _FLOW_NAMES.get(case.flow, case.flow), case.account
    ),
    "application_fees": lambda case, _rule, _set: accounts.application_fees_unsupported(
        case.platform, case.account
    ),
    "funds_full_agreement": lambda case, _rule, _set: accounts.funds_full_agreement(case.account),
    "funds_outside_region": lambda case, _rule, _set: accounts.funds_outside_region(case.account),
    "agreement_or_card_payments": lambda case, _rule, _set: accounts.agreement_or_card_payments(
        case.account
    ),
    "capability_not_in_country": lambda case, _rule, _set: accounts.capability_not_in_country(
        "transfers" if case.agreement == "recipient" else "card_payments", case.account
    ),
}


def _table(rule_set: str) -> Mapping[str, Any]:
    assert rule_set in RULE_SETS, rule_set
    loaded: Mapping[str, Any] = files.table(f"accounts/availability_{rule_set}.json")
    return loaded
