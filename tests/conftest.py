"""An emulator of its own for each test that asks for one, at an instant that stands still."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings
from starlette.testclient import TestClient

from emulator.web.app import Application, build
from emulator.world import Profile, World, Worlds
from tests.talking import NOW, Talk

# A property that fails must fail the same way again; shrinking costs more than it tells in CI.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")


@pytest.fixture
def app() -> Application:
    return build(Worlds(Profile(seed="test", start=NOW, frozen=True)))


@pytest.fixture
def talk(app: Application) -> Iterator[Talk]:
    """A conversation with the emulator under sk_test_main."""
    with TestClient(app, raise_server_exceptions=False, client=("127.0.0.1", 50000)) as client:
        yield Talk(client)


@pytest.fixture
def world(app: Application) -> World:
    """The world of sk_test_main."""
    return app.worlds.get("main")
