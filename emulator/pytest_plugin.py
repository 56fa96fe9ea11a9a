"""The pytest plugin: a server for the session, a fresh world for each test, and fixtures that act
on it. Costs nothing until a test asks for one of them.

Options in pytest's configuration: `emulator_options`, those of `serve`; `emulator_in_process`, true
for an application in this process instead of a server; `emulator_url`, a server that runs already.
`@pytest.mark.emulator(country="FR", start="2026-03-01")` says how the world of a test begins.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from emulator.testing import Answers, Clock, Emulator, Simulate, Webhooks, World

_WORLD = pytest.StashKey[Any]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("emulator_options", "options of `connect-emulator serve`", "args", [])
    parser.addini(
        "emulator_in_process", "run the emulator in this process, without a socket", type="bool"
    )
    parser.addini("emulator_url", "a connect-emulator that runs already [EMULATOR_URL]")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "emulator(**profile): how the emulator's world of this test begins"
    )


@pytest.fixture(scope="session")
def emulator(pytestconfig: pytest.Config) -> Iterator[Emulator]:
    """The emulator of this session, or of this worker."""
    from emulator.testing import Emulator  # noqa: PLC0415 - only for those who use it

    options = pytestconfig.getini("emulator_options")
    running = pytestconfig.getini("emulator_url") or os.environ.get("EMULATOR_URL")
    with ExitStack() as stack:
        if pytestconfig.getini("emulator_in_process"):
            yield stack.enter_context(Emulator.in_process(options))
        elif running:
            yield Emulator(str(running))
        else:
            yield stack.enter_context(Emulator.started(options))


@pytest.fixture
def emulator_world(emulator: Emulator, request: pytest.FixtureRequest) -> Iterator[World]:
    """A world of this test's own. Its `key` is what the application under test is given."""
    from emulator.testing import world_name  # noqa: PLC0415

    mark = request.node.get_closest_marker("emulator")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    world = emulator.world(world_name(request.node.nodeid, worker), **(mark.kwargs if mark else {}))
    request.node.stash[_WORLD] = world
    yield world
    del request.node.stash[_WORLD]
    world.close()


@pytest.fixture
def world(emulator_world: World) -> World:
    """The same, under a shorter name."""
    return emulator_world


@pytest.fixture
def emulator_clock(emulator_world: World) -> Clock:
    """The time of this test's world."""
    from emulator.testing import Clock  # noqa: PLC0415

    return Clock(emulator_world)


@pytest.fixture
def simulate(emulator_world: World) -> Simulate:
    """What banks, customers and Stripe do, at once: `simulate.payout_failed(payout=…)`."""
    from emulator.testing import Simulate  # noqa: PLC0415

    return Simulate(emulator_world)


@pytest.fixture
def answers(emulator_world: World) -> Answers:
    """Outcomes decided beforehand: `answers("payout.arrive", "account_closed")`."""
    from emulator.testing import Answers  # noqa: PLC0415

    return Answers(emulator_world)


@pytest.fixture
def webhooks(emulator_world: World) -> Webhooks:
    """Mailboxes, waiting for events, and what goes wrong with them."""
    from emulator.testing import Webhooks  # noqa: PLC0415

    return Webhooks(emulator_world)


@pytest.fixture
def stripe_client(emulator_world: World) -> Any:
    """A client of Stripe's SDK, pointed at this test's world."""
    pytest.importorskip("stripe")
    return emulator_world.stripe_client()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The report of a failed test shows what its world was asked and what happened in it."""
    report = yield
    world = item.stash.get(_WORLD, None)
    if world is not None and report.failed and call.when in {"setup", "call"}:
        try:
            report.sections += [(f"emulator: {title}", text) for title, text in world.told()]
        except Exception as problem:  # noqa: BLE001 - the test's own failure is what matters
            report.sections.append(("emulator", f"It does not answer any more: {problem}"))
    return report
