"""A clock that runs, stands still or runs ahead."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.kernel.clock import Clock, Mode

Wait = Callable[[float], None]


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Wait:
    """Let the machine's clock go on by some seconds."""
    machine = [1_000_000.25]
    monkeypatch.setattr("emulator.kernel.clock.machine_seconds", lambda: machine[0])

    def pass_by(seconds: float) -> None:
        machine[0] += seconds

    return pass_by


def test_a_real_clock_shows_the_machines_whole_seconds(wait: Wait):
    clock = Clock.real()
    assert clock.now() == 1_000_000
    wait(0.5)
    assert clock.now() == 1_000_000
    wait(0.5)
    assert clock.now() == 1_000_001


def test_a_frozen_clock_stands_still(wait: Wait):
    clock = Clock.frozen(500)
    wait(1e6)
    assert clock.now() == 500


def test_an_accelerated_clock_runs_ahead(wait: Wait):
    clock = Clock.frozen(500)
    clock.set_mode("accelerated", 60)
    wait(10)
    assert clock.now() == 1_100


def test_a_moved_clock_goes_on_from_there(wait: Wait):
    clock = Clock.real()
    clock.move_to(5_000)
    wait(3)
    assert clock.now() == 5_003


_STEPS = st.lists(
    st.tuples(
        st.floats(0, 1e6),
        st.sampled_from(["real", "frozen", "accelerated"]),
        st.floats(0.001, 1e4),
    ),
    max_size=20,
)


@given(_STEPS)
def test_no_change_of_mode_makes_a_clock_jump(steps: list[tuple[float, Mode, float]]):
    machine = [0.0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("emulator.kernel.clock.machine_seconds", lambda: machine[0])
        clock = Clock.frozen(1_000)
        for seconds, mode, rate in steps:
            machine[0] += seconds
            before = clock.now()
            clock.set_mode(mode, rate)
            assert clock.now() == before
