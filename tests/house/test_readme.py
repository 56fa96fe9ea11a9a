"""The README says what is so."""

from __future__ import annotations

import re
import shlex
from functools import partial
from itertools import pairwise

import pytest

from emulator import cli
from emulator.cli import serve
from emulator.cli.server import Server
from emulator.control import settings, table
from emulator.web.app import build
from emulator.world import Profile, Worlds
from tests.house.rules import ROOT
from tests.scenario.playing import played
from tests.talking import Talk

README = (ROOT / "README.md").read_text("utf-8")


def test_every_section_is_in_the_contents_and_every_link_leads_to_one():
    headings = re.findall(r"^## (.+)$", README, re.MULTILINE)
    sections = {re.sub(r"[^a-z -]", "", each.lower()).replace(" ", "-") for each in headings}
    contents = README.partition("\n## In five minutes")[0]
    assert set(re.findall(r"\]\(#([\w-]+)\)", contents)) == sections - {"what-it-is"}
    assert set(re.findall(r"\]\(#([\w-]+)\)", README)) <= sections


def test_every_option_is_explained_with_its_variable():
    told = re.findall(r"^\| `(--\w+)` \| `(EMULATOR_\w+)` \|", README, re.MULTILINE)
    assert told == [(flag, f"EMULATOR_{flag[2:].upper()}") for flag in serve.OPTIONS]


def test_every_control_route_is_explained():
    rows = re.findall(r"^\| (`[A-Z]+ /_emulator.*?) \| ", README, re.MULTILINE)
    told = {each for row in rows for each in re.findall(r"`([A-Z]+ /_emulator[\w./{}]*)`", row)}
    control = build(Worlds(Profile())).control
    assert told == {f"{each.method} /_emulator{each.path}" for each in table.calls(control)}


def _calls(heading: str) -> list[tuple[str, dict[str, str], str]]:
    """The calls under a heading: path, headers and body."""
    part = README.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    found = []
    for call in re.findall(r"^    curl (.+)$", part.replace("\\\n", " "), re.MULTILINE):
        words = shlex.split(call)
        pairs = [*pairwise(words)]
        headers = dict(word.split(": ") for flag, word in pairs if flag == "-H")
        body = "&".join(word for flag, word in pairs if flag == "-d")
        found.append((words[0].partition(":12111")[2], headers, body))
    return found


def _made(talk: Talk, heading: str) -> dict[str, int]:
    """Make the calls under a heading, of a payout that is there: the status of each path."""
    talk.control("simulate/payment", {"amount": 9000, "available": True})
    payout = talk.made("/v1/payouts", {"amount": 1000, "currency": "usd"})["id"]
    return {
        path: talk.send(
            "POST", path, body.replace("po_1234", payout).encode(), **headers
        ).status_code
        for path, headers, body in _calls(heading)
    }


def test_the_trigger_that_is_shown_works(talk: Talk, monkeypatch: pytest.MonkeyPatch):
    ask = partial(Server, client=talk.client)
    monkeypatch.setattr("emulator.cli.trigger.Server", ask)
    (shown,) = re.findall(r"^    connect-emulator (trigger .+)$", README, re.MULTILINE)
    with pytest.raises(SystemExit) as end:
        cli.main(shlex.split(shown))
    assert end.value.code == 0


def test_every_way_to_force_an_outcome_works(talk: Talk):
    assert _made(talk, "Force an outcome") == {
        "/v1/payment_intents": 402,
        "/_emulator/answers": 200,
        "/_emulator/simulate/payout_failed": 200,
    }


def test_the_three_requests_of_the_first_five_minutes_work(talk: Talk):
    assert _made(talk, "In five minutes") == {
        "/_emulator/simulate/payout_failed": 200,
        "/_emulator/clock": 200,
        "/_emulator/webhooks": 200,
    }


@pytest.mark.parametrize("name", ["Python", "Node", "Ruby", "PHP", "Go", "Java", ".NET"])
def test_every_sdk_is_pointed_here(name: str):
    _, _, part = README.partition(f"**{name}**")
    block = part.partition("```")[2].partition("```")[0]
    assert "127.0.0.1" in block
    assert "12111" in block
    assert "sk_test_demo" in block or name == "Node"


def test_the_newest_version_is_named():
    from emulator.contract.versions import NEWEST

    assert f"({NEWEST.text})" in README


_CHECKS = re.findall(r"^    connect-emulator (check .+)$", README, re.MULTILINE)


@pytest.mark.parametrize("words", _CHECKS)
def test_every_question_of_availability_is_understood(words: str):
    with pytest.raises(SystemExit) as end:
        cli.main(words.split())
    assert end.value.code in {0, 1}


def test_there_are_questions_of_availability():
    assert len(_CHECKS) == 2


def test_every_setting_is_explained():
    _, _, part = README.partition("| setting | meaning |")
    rows = part.partition("\n\n")[0].splitlines()[2:]
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert told == set(settings.SETTINGS)


def test_the_scenario_passes():
    (text,) = re.findall(r"```yaml\n(about: .*?)```", README, re.DOTALL)
    report = played(text)
    assert report.failures == []
    assert [each.step.part for each in report.results].count("then") == 2
