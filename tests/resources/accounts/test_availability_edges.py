"""Each rule of both rule sets decides on its side of its edge, and no longer one step beyond it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from emulator.kernel import files
from emulator.rules.accounts import availability
from emulator.rules.accounts.availability import RULE_SETS, Case
from emulator.web.app import build
from emulator.world import Profile, Worlds
from tests.resources.accounts.applicants import BOTH
from tests.talking import NOW, Answer, Talk

_STEPS: Final[dict[str, tuple[Any, ...]]] = {
    "platform": ("US", "GB", "CA", "FR", "AE", "HK", "GI", "TH", "IN", "MX", "JM"),
    "account": ("US", "GB", "FR", "AE", "IN", "BR", "MX", "TH", "JM", "KE", "HK"),
    "type": ("standard", "express", "custom"),
    "agreement": ("full", "recipient"),
    "business_type": (None, "individual", "company"),
    "structure": (None, "sole_proprietorship"),
    "capabilities": (
        frozenset(),
        frozenset({"transfers"}),
        frozenset({"card_payments", "transfers"}),
    ),
}
_ON_THE_WAY: Final = ("transfer", "destination", "direct", "on_behalf_of")
Pair = tuple[str, str, Case, Case]


@cache
def grid(flow: str) -> tuple[Case, ...]:
    return tuple(
        Case(**dict(zip(_STEPS, values, strict=True)), flow=flow)
        for values in product(*_STEPS.values())
    )


def decided_by(rule_set: str, case: Case) -> str:
    return availability.check_flow(rule_set, case).rule


def neighbours(case: Case) -> Iterator[Case]:
    """The cases that differ from one in a single respect."""
    for name, values in _STEPS.items():
        for value in values:
            if value != getattr(case, name):
                yield replace(case, **{name: value})


def edges() -> Iterator[Pair]:
    """For every rule and flow: a case that it decides, and the nearest that it does not."""
    for rule_set in RULE_SETS:
        for rule in files.table(f"accounts/availability_{rule_set}.json")["rules"]:
            for flow in rule["flows"]:
                inside = (c for c in grid(flow) if decided_by(rule_set, c) == rule["id"])
                yield next(
                    (rule_set, rule["id"], case, other)
                    for case in inside
                    for other in neighbours(case)
                    if decided_by(rule_set, other) != rule["id"]
                )


EDGES: Final = tuple(edges())
NAMES: Final = [f"{rule_set}-{rule}-{case.flow}" for rule_set, rule, case, _ in EDGES]
CREATIONS: Final = [pair for pair in EDGES if pair[2].flow == "create"]


@pytest.fixture(scope="module")
def talks() -> Iterator[Callable[[str, str], Talk]]:
    """Conversations with emulators of a rule set and a platform country, one for each."""
    open_: list[TestClient] = []

    @cache
    def talk(rule_set: str, platform: str) -> Talk:
        profile = Profile(start=NOW, frozen=True, country=platform, availability=rule_set)
        client = TestClient(build(Worlds(profile)), raise_server_exceptions=False)
        open_.append(client.__enter__())
        return Talk(client)

    yield talk
    for client in open_:
        client.__exit__(None, None, None)


def creates(talk: Talk, case: Case) -> Answer:
    params: dict[str, Any] = {"type": case.type, "country": case.account}
    params["capabilities"] = {name: BOTH[name] for name in sorted(case.capabilities)}
    params["business_type"] = case.business_type
    params["company"] = {"structure": case.structure} if case.structure else None
    if case.agreement != "full":
        params["tos_acceptance"] = {"service_agreement": case.agreement}
    return talk.post("/v1/accounts", {name: value for name, value in params.items() if value})


@pytest.mark.parametrize(("rule_set", "rule", "inside", "outside"), EDGES, ids=NAMES)
def test_a_rule_decides_on_its_side_only(rule_set: str, rule: str, inside: Case, outside: Case):
    facts = next(
        row
        for row in files.table(f"accounts/availability_{rule_set}.json")["rules"]
        if row["id"] == rule
    )
    verdict = availability.check_flow(rule_set, inside)
    assert (verdict.rule, verdict.allowed) == (rule, facts["verdict"] == "allowed")
    assert (verdict.evidence, verdict.date) == (facts["evidence"], facts["date"])
    assert decided_by(rule_set, outside) != rule


@pytest.mark.parametrize(
    ("rule_set", "case"),
    [(pair[0], case) for pair in CREATIONS for case in pair[2:] if case.platform != "JM"],
    ids=lambda value: value if isinstance(value, str) else f"{value.platform}-{value.account}",
)
def test_creation_follows_the_rule_and_names_it(
    talks: Callable[[str, str], Talk], rule_set: str, case: Case
):
    if case.type == "standard":
        case = replace(case, capabilities=frozenset())
    elif case.type == "custom" and not case.capabilities:
        case = replace(case, capabilities=frozenset({"card_payments", "transfers"}))
    if case.structure and case.business_type is None:
        case = replace(case, business_type="company" if case.account == "US" else None)
    if case.structure and (case.account != "US" or case.business_type != "company"):
        case = replace(case, structure=None)
    verdict = availability.check_creation(rule_set, case)
    answer = creates(talks(rule_set, case.platform), case)
    if verdict.refusal is None:
        assert answer.status_code == 200, answer.text
        return
    assert answer.headers["Emulator-Rule"] == verdict.rule
    assert answer.json()["error"]["message"] == verdict.refusal.message


def moves(talk: Talk, account: str, flow: str) -> Answer:
    """A request that takes that way."""
    price = {"amount": 1000, "currency": "usd"}
    match flow:
        case "transfer":
            return talk.post("/v1/transfers", {**price, "destination": account})
        case "direct":
            return talk.post("/v1/charges", {**price, "source": "tok_visa"}, stripe_account=account)
        case "on_behalf_of":
            return talk.post("/v1/charges", {**price, "source": "tok_visa", flow: account})
    share = {"transfer_data": {"destination": account}}
    return talk.post("/v1/payment_intents", {**price, **share})


@pytest.mark.parametrize("rule_set", RULE_SETS)
@pytest.mark.parametrize("flow", _ON_THE_WAY)
@pytest.mark.parametrize("platform", ["US", "GB", "FR", "JP", "AE", "HK"])
@pytest.mark.parametrize("account", ["US", "GB", "FR", "JP", "AE", "MX", "TH", "IN"])
@pytest.mark.parametrize("agreement", ["full", "recipient"])
def test_money_goes_where_the_rules_let_it(
    talks: Callable[[str, str], Talk],
    rule_set: str,
    flow: str,
    platform: str,
    account: str,
    agreement: str,
):
    asked = frozenset({"transfers"} if agreement == "recipient" else BOTH)
    case = Case(platform, account, agreement=agreement, capabilities=asked)
    if not availability.check_creation(rule_set, case).allowed:
        return
    talk = talks(rule_set, platform)
    id_ = creates(talk, case).json()["id"]
    verdict = availability.check_flow(rule_set, replace(case, flow=flow))
    answer = moves(talk, id_, flow)
    told = answer.headers.get("Emulator-Rule")
    if verdict.refusal is not None:
        assert answer.status_code == 400, answer.text
        assert (told, answer.json()["error"]["message"]) == (verdict.rule, verdict.refusal.message)
    else:
        assert told in {None, "insufficient_capabilities"}


def test_recipients_get_no_instant_payouts(talks: Callable[[str, str], Talk]):
    talk = talks("overview", "US")
    case = Case("US", "MX", agreement="recipient", capabilities=frozenset({"transfers"}))
    id_ = creates(talk, case).json()["id"]
    talk.made("/v1/accounts/" + id_, {"business_type": "individual", **_RECIPIENT})
    assert talk.got(f"/v1/accounts/{id_}")["payouts_enabled"]
    payout = {"amount": 1000, "currency": "mxn", "method": "instant"}
    answer = talk.post("/v1/payouts", payout, stripe_account=id_)
    assert answer.headers["Emulator-Rule"] == "recipient-no-instant"


_RECIPIENT: Final = {
    "individual": {
        "first_name": "Frida",
        "last_name": "Kahlo",
        "email": "frida@example.com",
        "dob": {"day": 1, "month": 1, "year": 1902},
        "address": {
            "line1": "address_full_match",
            "city": "Guadalajara",
            "state": "JAL",
            "postal_code": "44100",
        },
        "id_number": "000000000000",
        "phone": "0000000000",
    },
    "business_profile": {"mcc": "5734", "url": "https://casa.example.com"},
    "tos_acceptance": {"date": NOW - 60, "ip": "203.0.113.7", "service_agreement": "recipient"},
    "external_account": "btok_mx",
}
