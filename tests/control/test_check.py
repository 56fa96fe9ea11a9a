"""What the availability rules say must be what an account's creation meets."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from emulator.cli import main
from emulator.kernel.clock import stopwatch
from emulator.rules.accounts import questions
from emulator.rules.accounts.availability import FLOWS, RULE_SETS
from tests.talking import Talk, error

_ASKED = ["--platform", "US", "--country", "MX", "--type", "custom", "--agreement", "recipient"]
_REFUSED = ["--platform", "FR", "--country", "IN", "--rules", "current"]
_CASES = [
    ("US", "US", "custom", "full"),
    ("US", "MX", "custom", "recipient"),
    ("US", "BR", "custom", "recipient"),
    ("US", "JM", "custom", "recipient"),
    ("FR", "DE", "express", "full"),
    ("FR", "IN", "custom", "full"),
    ("FR", "FR", "custom", "recipient"),
    ("US", "US", "express", "full"),
    ("AE", "US", "custom", "full"),
    ("MX", "MX", "custom", "full"),
]


def _check(*words: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(["check", *words])
    return int(str(end.value.code))


def _asked(talk: Talk, **question: Any) -> Any:
    answer = talk.control("check", question)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("rules", RULE_SETS)
@pytest.mark.parametrize(("platform", "country", "type_", "agreement"), _CASES)
def test_the_answer_is_what_creating_the_account_meets(
    talk: Talk, rules: str, platform: str, country: str, type_: str, agreement: str
):
    talk.control("settings", {"country": platform, "availability": rules})
    names = ["transfers"] if agreement == "recipient" else ["card_payments", "transfers"]
    said = _asked(talk, country=country, type=type_, agreement=agreement, capabilities=names)
    params: dict[str, Any] = {
        "type": type_,
        "country": country,
        "capabilities": {name: {"requested": True} for name in names},
        "tos_acceptance": {"service_agreement": agreement},
    }
    made = talk.post("/v1/accounts", params)
    if said["allowed"]:
        assert made.status_code == 200, made.text
        return
    told = error(made, said["status"])
    assert {name: told[name] for name in said["error"]} == said["error"]


def test_asking_creates_nothing(talk: Talk):
    _asked(talk, country="US", flow="payout")
    assert talk.got("/v1/accounts")["data"] == []


def test_the_world_decides_what_is_not_said(talk: Talk):
    assert _asked(talk, country="US", type="express")["rules"] == "overview"
    talk.control("settings", {"country": "FR", "availability": "current"})
    said = _asked(talk, country="DE", type="express")
    assert (said["allowed"], said["rules"], said["question"]["platform"]) == (True, "current", "FR")
    assert not _asked(talk, country="DE", type="express", rules="overview")["allowed"]


def test_a_refusal_names_its_rule_evidence_and_date(talk: Talk):
    said = _asked(talk, platform="FR", country="IN", rules="current")
    assert said["error"]["param"] == "country"
    assert (said["rule"], said["evidence"], said["date"]) == (
        "india-pairs",
        "measured for IN by FR",
        "2024",
    )


@pytest.mark.parametrize(
    ("question", "blamed"),
    [
        ({}, "country"),
        ({"country": "USA"}, "country"),
        ({"country": "US", "type": "premium"}, "type"),
        ({"country": "US", "flow": "loan"}, "flow"),
        ({"country": "US", "rules": "yesterday"}, "rules"),
        ({"country": "US", "capabilities": [1]}, "capabilities"),
        ({"country": "US", "currency": 5}, "currency"),
        ({"country": "US", "colour": "red"}, "colour"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(talk: Talk, question: Any, blamed: str):
    assert error(talk.control("check", question), 400)["param"] == blamed


def test_structures_and_business_types_count(talk: Talk):
    said = _asked(talk, country="GB", business_type="government_entity", rules="current")
    assert (said["allowed"], said["rule"]) == (False, "business-type")
    structure = {"business_type": "company", "structure": "llc"}
    assert _asked(talk, country="US", **structure)["allowed"]
    structure["structure"] = "registered_charity"
    assert not _asked(talk, country="US", **structure)["allowed"]


# -- the command line -----------------------------------------------------------------------------


def test_the_command_says_allowed(capsys: pytest.CaptureFixture[str]):
    assert _check(*_ASKED, "--capability", "transfers", "--flow", "destination") == 0
    assert capsys.readouterr().out.startswith("allowed\n  rule ")


def test_the_command_says_refused_and_why(capsys: pytest.CaptureFixture[str]):
    assert _check(*_REFUSED) == 1
    said = capsys.readouterr().out
    assert said.startswith("refused\n  type      invalid_request_error\n  param     country\n")
    assert "india-pairs (rule set current)" in said


def test_the_command_answers_in_json(capsys: pytest.CaptureFixture[str]):
    assert _check(*_REFUSED, "--json") == 1
    assert json.loads(capsys.readouterr().out)["rule"] == "india-pairs"


@pytest.mark.parametrize(
    "words",
    [
        ["--country", "X"],
        ["--country", "US", "--type", "premium"],
        ["--country", "US", "--csv"],
        ["--matrix", "--type", "custom"],
        ["--matrix", "--platform", "XX"],
        ["--matrix", "--rules", "tomorrow"],
        ["--matrix", "--output", "/nowhere/at/all.txt"],
        ["--matrix", "--json", "--csv"],
        [],
    ],
)
def test_options_that_make_no_sense_end_with_2(
    words: list[str], capsys: pytest.CaptureFixture[str]
):
    assert _check(*words) == 2
    assert capsys.readouterr().err.strip()


# -- the table ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rules", RULE_SETS)
def test_the_whole_table_takes_less_than_a_second(rules: str, capsys: pytest.CaptureFixture[str]):
    began = stopwatch()
    assert _check("--matrix", "--rules", rules) == 0
    assert stopwatch() - began < 1
    assert len(capsys.readouterr().out.splitlines()) > 20_000


@pytest.mark.parametrize("rules", RULE_SETS)
@pytest.mark.parametrize("flow", FLOWS)
def test_the_table_agrees_with_single_questions(rules: str, flow: str):
    table = questions.table(rules, ("US", "FR", "AE"), ("US", "FR", "MX", "IN"), (flow,))
    for platform, country, type_, agreement, rule in table.rows:
        asked = {"platform": platform, "country": country, "type": type_, "agreement": agreement}
        said = questions.ask({**asked, "flow": flow, "rules": rules})
        assert table.rules[rule]["allowed"] == said["allowed"], asked


def test_a_table_can_be_written_as_csv(tmp_path: Path):
    there = tmp_path / "table.csv"
    assert _check("--matrix", "--csv", "--platform", "us", "--output", str(there)) == 0
    rows = list(csv.DictReader(there.read_text("utf-8").splitlines()))
    found = {(row["country"], row["type"]): row for row in rows if row["agreement"] == "full"}
    assert found["US", "express"]["create"] == "yes"
    assert found["DE", "express"]["create"] == "overview-express-country"


def test_a_table_can_be_written_as_json(capsys: pytest.CaptureFixture[str]):
    words = ("--platform", "GB", "--country", "AE", "--flow", "transfer", "--rules", "current")
    assert _check("--matrix", "--json", *words) == 0
    found = json.loads(capsys.readouterr().out)
    assert {row["decided_by"]["transfer"] for row in found["rows"]} <= set(found["rules"])
    assert found["rows"][0]["platform"] == "GB"
