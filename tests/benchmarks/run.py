"""How fast connect-emulator is, beside servers that set the scale; prints a Markdown table.

python tests/benchmarks/run.py [--quick] [--localstripe PATH] [--rounds N] [--seconds N] [--only
WORD]

Everything is measured in one run and in turn (round 1 of each, round 2 of each, …), so that only
ratios need to be believed. Uses wrk where it is installed, a small client of its own where not;
servers have one core and the load another where the machine has two. Not part of the test suite.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks import measures, seeding, servers, steps, traffic
from tests.benchmarks.load import Contestant, gauge_of
from tests.benchmarks.measures import Field, Row
from tests.benchmarks.report import Report
from tests.benchmarks.servers import Server

_SMALL: Final = 1_000


def main() -> None:
    """Measure and print."""
    options = _options()
    tool, gauge = gauge_of(options.seconds)
    report = Report()
    report.note(
        f"Load: {tool}, 16 connections, {options.rounds} rounds of {options.seconds} s each; "
        f"Python {platform.python_version()}, {platform.machine()}. "
        "Here and beside it: medians (ranges), and processor time a request; ratio: median of the "
        "ratios of each round, and in brackets that of the processor times, which other programs "
        "on the machine disturb less."
    )
    small, large, plain = servers.emulator(), servers.emulator(), servers.bare()
    with _running(report, [small, large, plain]):
        filled = [seeding.fill(small, _SMALL), seeding.fill(large, options.large)]
        field = Field(
            gauge, options.rounds, options.seconds, small, _SMALL, large, options.large, plain
        )
        report.note(
            f"The large world: {filled[1].customers:,} customers, {filled[1].payments:,} payments "
            f"and their events, made in {filled[1].seconds:.0f} s."
        )
        with _others(report, options) as match:
            for at, each in enumerate(measures.rows_for(*filled)):
                if options.only in each.what:
                    _say(f"… {each.what}")
                    filled[0] = seeding.afresh(small, _SMALL)
                    row = measures.rows_for(*filled)[at]
                    field.compare(report, row, match(row))
        if options.only in "worlds":
            _say("… worlds")
            measures.worlds(report, large, options.rounds)
    if options.only in "start-up":
        _say("… start-up and memory")
        measures.start_up(report, _beside(report, options), options.rounds)
        measures.memory(report, options.payments)
    if options.only in "steps":
        steps.count(report)
    sys.stdout.write(report.markdown() + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure connect-emulator beside other servers.")
    parser.add_argument("--quick", action="store_true", help="few, short rounds; a smaller world")
    parser.add_argument("--rounds", type=int, help="rounds (default 5; quick 3)")
    parser.add_argument("--seconds", type=int, help="seconds a round (default 2; quick 1)")
    parser.add_argument("--large", type=int, help="customers of the large world (default 100,000)")
    parser.add_argument("--payments", type=int, help="payments for memory (default 10,000)")
    parser.add_argument("--only", default="", metavar="WORD", help="only rows that contain this")
    parser.add_argument(
        "--localstripe", type=Path, metavar="PATH", help="a virtual environment that has it"
    )
    found = parser.parse_args()
    usual = (3, 1, 20_000, 3_000) if found.quick else (5, 2, 100_000, 10_000)
    for name, value in zip(("rounds", "seconds", "large", "payments"), usual, strict=True):
        if getattr(found, name) is None:
            setattr(found, name, value)
    return found


def _beside(report: Report, options: argparse.Namespace) -> list[Server]:
    """The other emulators that can be run here; absent ones are named once."""
    found = []
    if options.localstripe and options.localstripe.exists():
        found.append(servers.localstripe(options.localstripe))
    else:
        _say_once(report, "localstripe: skipped, give its virtual environment with --localstripe")
    mock = shutil.which("stripe-mock")
    if mock:
        found.append(servers.stripe_mock(mock))
    else:
        _say_once(report, "stripe-mock: skipped, no such program on the PATH")
    return found


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


def _say_once(report: Report, text: str) -> None:
    if text not in report.notes:
        report.note(text)
        _say(text)


Match = Callable[[Row], list[Contestant]]


@contextmanager
def _others(report: Report, options: argparse.Namespace) -> Iterator[Match]:
    """The other emulators, running; what is yielded gives the contestants for a row."""
    found = {server.name: server for server in _beside(report, options)}
    with _running(report, list(found.values())):

        def match(row: Row) -> list[Contestant]:
            contestants = (
                [_for_localstripe(found["localstripe"], row)] if "localstripe" in found else []
            )
            if "stripe-mock" in found:
                sent = traffic.without_version(row.small[:1])
                contestants.append(Contestant(found["stripe-mock"], sent))
            return [
                each for each in contestants if seeding.answers_to(each.server, each.traffic[0])
            ]

        if "localstripe" in found:
            report.note(
                "localstripe holds 100 customers only and is started afresh before each row that "
                "writes: it slows down with every object, so this flatters it."
            )
        yield match


def _for_localstripe(server: Server, row: Row) -> Contestant:
    """A row in the words that localstripe knows, on a server that holds little."""
    server.restart()
    ids, card = seeding.fill_localstripe(server)
    if "payment" in row.what:
        return Contestant(server, [traffic.plain_payment(card)])
    if "list" in row.what:
        return Contestant(server, traffic.without_version(row.small[:1]))
    if row.writes:
        return Contestant(server, traffic.without_version(row.small))
    return Contestant(server, traffic.without_version(traffic.retrievals(ids)))


@contextmanager
def _running(report: Report, started: Sequence[Server]) -> Iterator[None]:
    """Servers that run for as long as the block does; how they fared in memory is noted."""
    try:
        for server in started:
            server.start()
        yield
        for server in started:
            held = server.resident_bytes() / 1_000_000
            report.note(f"{server.name} held {held:,.0f} MB at the end.")
    finally:
        for server in started:
            server.stop()


if __name__ == "__main__":
    main()
