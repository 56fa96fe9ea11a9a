"""Scenarios by the control API: listed, played in the caller's world, returned to by a reset."""

from __future__ import annotations

from typing import Any

from emulator.scenario import ready_files
from tests.talking import Talk, error
from tests.webhooks.mailing import told

STORY = """
about: A customer comes.
start: 2026-05-01T00:00:00Z
seed: spring
platform: {country: DE}
when:
  - {post: /v1/customers, with: {name: Ada}}
  - {advance: 1d}
then:
  - {get: /v1/customers, is: {data: [{name: Ada}]}}
"""
BEGAN = 1_777_593_600


def _played(talk: Talk, body: bytes) -> Any:
    answer = talk.send("POST", "/_emulator/scenarios", body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _names(talk: Talk) -> list[str]:
    return [each["name"] for each in talk.got("/v1/customers")["data"]]


def test_a_scenario_is_played_in_the_world_of_the_key(talk: Talk):
    talk.customer(name="Zoë")
    other = talk.as_key("sk_test_other")
    other.customer(name="Ben")
    report = _played(talk, STORY.encode())
    assert report["passed"]
    assert [each["outcome"] for each in report["steps"]] == ["passed"] * 3
    assert _names(talk) == ["Ada"]
    assert _names(other) == ["Ben"]
    assert told(talk, "clock")["now"] == BEGAN + 86_400
    assert told(talk, "settings")["country"] == "DE"


def test_a_reset_returns_to_how_the_scenario_left_the_world(talk: Talk):
    _played(talk, STORY.encode())
    talk.customer(name="Cleo")
    talk.advance("3d")
    told(talk, "reset", {})
    assert _names(talk) == ["Ada"]
    assert told(talk, "clock")["now"] == BEGAN + 86_400


def test_the_same_bytes_every_time(talk: Talk):
    digests = {_played(talk, STORY.encode())["digest"] for _ in range(2)}
    assert len(digests) == 1


def test_json_and_ready_scenarios(talk: Talk):
    assert _played(talk, b'{\n\t"about": "x",\n\t"when": [{"get": "/v1/balance"}]}')["passed"]
    report = _played(talk, b'{"file": "payout_to_a_closed_account"}')
    assert report["passed"]
    assert report["scenario"] == "payout_to_a_closed_account"


def test_what_is_not_as_expected_is_reported(talk: Talk):
    report = _played(talk, STORY.replace("[{name: Ada}]", "[{name: Eve}]").encode())
    assert not report["passed"]
    (found,) = report["steps"][2]["differences"]
    assert found == {"path": "data[0].name", "expected": '"Eve"', "found": '"Ada"'}


def test_mistakes_are_refused_and_change_nothing(talk: Talk):
    talk.customer(name="Zoë")
    for body, says in (
        (b"about: x\nwhne: []", "scenario:2: whne: Nothing here is called 'whne'."),
        (b"", "The file is empty."),
        (b"\xff", "not UTF-8"),
        (b'{"file": "marketplac"}', "Did you mean marketplace?"),
        (b"about: x\ninclude: [../../README.md]", "Only ready scenarios can be included here."),
    ):
        found = error(talk.send("POST", "/_emulator/scenarios", body), 400)
        assert found["code"] == "scenario_invalid"
        assert says in found["message"]
    assert _names(talk) == ["Zoë"]


def test_ready_scenarios_and_their_schema(talk: Talk):
    listed = told(talk, "scenarios")["data"]
    assert [each["name"] for each in listed] == [path.stem for path in ready_files()]
    assert all(each["about"] for each in listed)
    assert told(talk, "scenarios/schema.json")["title"] == "A scenario of connect-emulator"
