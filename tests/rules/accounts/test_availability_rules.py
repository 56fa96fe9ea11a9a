"""Each rule of who may do what where, from both sides of its edge."""

from __future__ import annotations

import pytest

from emulator.rules.accounts import availability, countries
from emulator.rules.accounts.availability import Case, check, deciding

BOTH = frozenset({"card_payments", "transfers"})
TRANSFERS = frozenset({"transfers"})
RECIPIENTS = [
    "AG",
    "AL",
    "AM",
    "AO",
    "AR",
    "AZ",
    "BA",
    "BD",
    "BH",
    "BJ",
    "BN",
    "BO",
    "BS",
    "BT",
    "BW",
    "CI",
    "CL",
    "CO",
    "CR",
    "DO",
    "DZ",
    "EC",
    "EG",
    "ET",
    "GA",
    "GH",
    "GT",
    "GY",
    "ID",
    "IL",
    "IN",
    "IS",
    "JM",
    "JO",
    "KE",
    "KH",
    "KR",
    "KW",
    "KZ",
    "LA",
    "LC",
    "LK",
    "MA",
    "MC",
    "MD",
    "MG",
    "MK",
    "MN",
    "MO",
    "MU",
    "MX",
    "MY",
    "MZ",
    "NA",
    "NE",
    "NG",
    "OM",
    "PA",
    "PE",
    "PH",
    "PK",
    "PY",
    "QA",
    "RS",
    "RW",
    "SA",
    "SM",
    "SN",
    "SV",
    "TH",
    "TN",
    "TR",
    "TT",
    "TW",
    "TZ",
    "UY",
    "UZ",
    "VN",
    "ZA",
]
FULL = [
    "AE",
    "AU",
    "CA",
    "CH",
    "DE",
    "FR",
    "GB",
    "GI",
    "HK",
    "JP",
    "LI",
    "NO",
    "NZ",
    "PL",
    "RO",
    "SE",
    "SG",
    "US",
]


@pytest.mark.parametrize("country", RECIPIENTS)
def test_overview_allows_the_recipients_that_were_observed(country) -> None:
    case = Case("US", country, agreement="recipient", capabilities=TRANSFERS)
    assert check("overview", case).allowed


@pytest.mark.parametrize("country", FULL)
def test_overview_allows_the_full_accounts_that_were_observed(country) -> None:
    case = Case("US", country, capabilities=BOTH)
    assert check("overview", case).allowed
    assert check("overview", Case("US", country, capabilities=BOTH, flow="separate")).allowed


def test_overview_allows_standard_in_australia() -> None:
    assert check("overview", Case("AU", "AU", "standard")).allowed


@pytest.mark.parametrize(
    ("rule_set", "case", "rule"),
    [
        ("overview", Case("US", "US", "express"), None),
        ("overview", Case("BR", "US", "express", "individual"), None),
        ("overview", Case("US", "US", "express", "company"), "overview-express-business-type"),
        ("overview", Case("US", "US", "express", "company", "sole_proprietorship"), None),
        ("overview", Case("US", "GB", "express"), "overview-express-country"),
        ("overview", Case("BR", "BR", "custom"), "overview-custom-platform"),
        ("overview", Case("DE", "DE", "custom"), None),
        ("overview", Case("BR", "BR", "standard"), None),
        ("overview", Case("US", "NG", "standard"), "overview-standard-country"),
        ("overview", Case("NG", "US", "standard"), "overview-platform"),
        ("overview", Case("US", "NG", "custom"), "overview-custom-country"),
        ("overview", Case("DE", "NG", agreement="recipient"), "overview-recipient-platform"),
        ("overview", Case("US", "US", agreement="recipient"), "overview-recipient-platform"),
        ("current", Case("US", "GB", "express", "company"), None),
        ("current", Case("IN", "IN", "express"), "express-platform"),
        ("current", Case("AE", "AE", "express"), None),
        ("current", Case("AE", "US", "express"), "uae-platform"),
        ("current", Case("FR", "IN", "custom"), "india-pairs"),
        ("current", Case("US", "MX", agreement="recipient"), None),
        ("current", Case("US", "JM", agreement="recipient"), "recipient-jamaica"),
        ("current", Case("US", "NG"), "recipient-country"),
        ("current", Case("DE", "NG"), "country-pair"),
    ],
)
def test_who_may_create_what(rule_set, case, rule) -> None:
    verdict = check(rule_set, case)
    assert verdict.allowed is (rule is None)
    assert verdict.evidence
    assert verdict.date
    if rule is not None:
        assert verdict.rule == rule
        assert verdict.refusal is not None
        assert verdict.refusal.rule == rule


@pytest.mark.parametrize(
    ("rule_set", "case", "message"),
    [
        (
            "current",
            Case("AE", "CH", "custom"),
            (
                "Connected accounts in CH cannot be created by platforms in AE. To see a full "
                "list of supported countries, see https://stripe.com/docs/connect/accounts."
            ),
        ),
        (
            "current",
            Case("US", "AU", capabilities=BOTH, flow="transfer"),
            (
                "Funds can't be sent to accounts located in AU when the account is under the "
                "`full` service agreement. To learn more, see "
                "https://stripe.com/docs/connect/service-agreement-types."
            ),
        ),
        (
            "current",
            Case("HK", "US", capabilities=BOTH, flow="destination"),
            (
                "Funds can't be sent to accounts located in US because it's restricted outside of "
                "your platform's region. To learn more, see "
                "https://stripe.com/docs/connect/cross-border-payouts."
            ),
        ),
        (
            "overview",
            Case("US", "US", capabilities=TRANSFERS),
            (
                "You cannot request the `transfers` capability without the `card_payments` "
                "capability for accounts in US."
            ),
        ),
    ],
)
def test_refusals_are_stripes(rule_set, case, message) -> None:
    refusal = check(rule_set, case).refusal
    assert refusal is not None
    assert refusal.message == message
    assert refusal.status == 400


def test_our_own_refusals_name_the_rule_set_and_the_other() -> None:
    refusal = check("overview", Case("US", "GB", "express")).refusal
    assert refusal is not None
    assert "availability rules: overview" in refusal.message
    assert "--availability current" in refusal.message


@pytest.mark.parametrize(
    ("case", "allowed"),
    [
        (Case("US", "MX", agreement="recipient", capabilities=TRANSFERS, flow="destination"), True),
        (
            Case("US", "TH", agreement="recipient", capabilities=TRANSFERS, flow="destination"),
            False,
        ),
        (Case("US", "TH", agreement="recipient", capabilities=TRANSFERS, flow="separate"), True),
        (
            Case("US", "MX", agreement="recipient", capabilities=TRANSFERS, flow="on_behalf_of"),
            False,
        ),
        (Case("US", "MX", agreement="recipient", capabilities=BOTH, flow="transfer"), False),
        (Case("US", "DE", capabilities=BOTH, flow="transfer"), True),
        (Case("DE", "GB", capabilities=BOTH, flow="transfer"), True),
        (Case("AU", "US", capabilities=BOTH, flow="transfer"), False),
        (Case("DE", "DE", capabilities=BOTH, flow="payout", currency="eur"), True),
        (Case("DE", "DE", capabilities=BOTH, flow="payout", currency="thb"), False),
    ],
)
@pytest.mark.parametrize("rule_set", availability.RULE_SETS)
def test_which_ways_money_may_go(rule_set, case, allowed) -> None:
    assert check(rule_set, case).allowed is allowed


def test_unknown_countries_are_refused_before_any_rule() -> None:
    for account, code in (("XX", "country_unsupported"), ("usa", "country_code_invalid")):
        refusal = check("current", Case("US", account)).refusal
        assert refusal is not None
        assert refusal.code == code


@pytest.mark.parametrize("rule_set", availability.RULE_SETS)
def test_the_whole_matrix_names_rule_evidence_and_date(rule_set) -> None:
    rules = [rule for _, (rule,) in deciding(rule_set, ("create",))]
    assert len(rules) == len(countries.full_countries()) * len(countries.every()) * 4
    assert all(rule["id"] and rule["evidence"] and rule["date"] for rule in rules)


@pytest.mark.parametrize("rule_set", availability.RULE_SETS)
def test_the_matrix_says_what_check_says(rule_set) -> None:
    for row, (rule,) in deciding(rule_set, ("create",), ["US", "AE", "BR"]):
        case = Case(row["platform"], row["account"], row["type"], agreement=row["agreement"])
        assert check(rule_set, case).allowed is (rule["verdict"] == "allowed"), row
