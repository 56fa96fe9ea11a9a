"""`serve --scenario`: worlds that begin as a scenario ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from emulator.cli import beginning
from emulator.world import Profile, World, Worlds

STORY = """
about: A customer comes.
start: 2026-05-01T00:00:00Z
when:
  - {post: /v1/customers, with: {name: Ada}}
"""
BEGAN = 1_777_593_600


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.yaml"
    path.write_text(STORY)
    return path


def _customers(world: World) -> int:
    return world.setup.store.size("customer")


def test_every_world_begins_with_it_and_a_reset_returns_there(story: Path):
    worlds = Worlds(Profile())
    name, moment = beginning.play(str(story), {"base_url": "http://127.0.0.1:1"})
    worlds.beginnings[name] = moment
    one, two = worlds.get("one"), worlds.get("two")
    assert (_customers(one), one.now()) == (1, BEGAN)
    one.advance_to(BEGAN + 60)
    one.reset()
    assert (_customers(one), one.now(), _customers(two)) == (1, BEGAN, 1)
    assert one.setup.settings["base_url"] == "http://127.0.0.1:1"


def test_one_world_begins_with_it(story: Path):
    worlds = Worlds(Profile())
    name, moment = beginning.play(f"shop={story}", {})
    worlds.beginnings[name] = moment
    assert [_customers(worlds.get(name)) for name in ("shop", "other")] == [1, 0]


def test_a_file_that_is_none_ends_the_program(story: Path, capsys: pytest.CaptureFixture[str]):
    story.write_text("abuot: x")
    with pytest.raises(SystemExit) as end:
        beginning.play(str(story), {})
    assert end.value.code == 2
    assert "Did you mean about?" in capsys.readouterr().err


def test_a_story_that_does_not_hold_ends_the_program(
    story: Path, capsys: pytest.CaptureFixture[str]
):
    story.write_text(STORY + "then: [{get: /v1/customers, is: {data: []}}]\n")
    with pytest.raises(SystemExit) as end:
        beginning.play(str(story), {})
    assert end.value.code == 1
    assert "the scenario does not hold" in capsys.readouterr().err
