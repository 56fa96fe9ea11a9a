"""The scenarios that ship with the emulator: each passes, twice, with the same bytes."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import jsonschema
import pytest

from emulator.kernel import files
from emulator.scenario import Mistake, load, of_bytes, ready, ready_files
from emulator.scenario.matching import MATCHERS
from emulator.scenario.reading import read
from emulator.scenario.story import VERBS
from emulator.web import staging

READY = ready_files()


@pytest.mark.parametrize("path", READY, ids=lambda path: path.stem)
def test_a_ready_scenario_passes_twice_with_identical_bytes(path):
    scenario = load(path)
    report, again = (asyncio.run(staging.play(scenario)) for _ in range(2))
    assert report.failures == []
    assert report.passed
    assert report.trail == again.trail
    assert sum(step.part == "then" for step in scenario.steps) >= 3


@pytest.mark.parametrize("path", READY, ids=lambda path: path.stem)
def test_a_ready_scenario_can_be_completed_by_editors(path):
    first = path.read_text("utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../schemas/emulator/scenario.json"
    validator = jsonschema.Draft202012Validator(files.load("emulator/scenario.json"))
    assert list(validator.iter_errors(read(path.read_bytes(), path.name).value)) == []


def test_every_ready_scenario_is_listed():
    told = (files.scenarios() / "README.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", told, re.MULTILINE)) == {path.stem for path in READY}


def test_ready_scenarios_are_found_by_name():
    assert ready("crowdfunding").name == ready("crowdfunding.yaml").name == "crowdfunding"


def test_a_ready_scenario_can_be_included_by_name(tmp_path: Path):
    path = tmp_path / "mine.yaml"
    path.write_text("about: x\ninclude: [marketplace]\nthen: [{get: '/v1/accounts/${greta.id}'}]\n")
    report = asyncio.run(staging.play(load(path)))
    assert report.failures == []
    path.write_text("about: x\n\ninclude: [marketplac]\n")
    with pytest.raises(Mistake, match=r"mine.yaml:3: include\[0\]: .* Did you mean marketplace"):
        load(path)


def test_a_file_says_what_the_files_it_includes_leave_open(tmp_path: Path):
    (tmp_path / "one.yaml").write_text(
        "about: one\nseed: a\nstart: 1000\nworld: first\nplatform: {country: FR, strict: true}\n"
    )
    (tmp_path / "two.yaml").write_text("about: two\nseed: b\nplatform: {country: DE}\n")
    path = tmp_path / "mine.yaml"
    path.write_text("about: x\ninclude: [one.yaml, two.yaml]\nstart: 2000\n")
    found = load(path)
    assert (found.about, found.seed, found.start, found.world) == ("x", "b", 2000, "first")
    assert found.platform == {"country": "DE", "strict": True}


def test_the_example_of_the_grammar_passes():
    told = (files.scenarios() / "README.md").read_text("utf-8")
    example = re.findall(r"```yaml\n(.*?)```", told, re.DOTALL)[0]
    report = asyncio.run(staging.play(of_bytes(example.encode())))
    assert report.failures == []
    assert report.scenario.world == "shop"


def test_every_verb_and_matcher_is_told():
    told = (files.scenarios() / "README.md").read_text("utf-8")
    assert [verb for verb in VERBS if f"`{verb}: " not in told] == []
    assert [matcher for matcher in MATCHERS if matcher not in told] == []
    branches = files.load("emulator/scenario.json")["$defs"]["step"]["oneOf"]
    assert [branch["$ref"].rpartition("/")[2] for branch in branches] == [*VERBS]
