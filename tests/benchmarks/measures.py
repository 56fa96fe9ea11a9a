"""What is measured: rates, start-up, memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Final

from tests.benchmarks import pipeline, seeding, traffic
from tests.benchmarks.load import Contestant, Gauge, interleaved
from tests.benchmarks.report import Report, spread
from tests.benchmarks.seeding import Filled
from tests.benchmarks.servers import Server, bare, emulator
from tests.benchmarks.traffic import Call, Traffic

KEEPS_UP: Final = 0.9
"""Of the rate in a small world, what must be left in a large one."""
READY_SECONDS: Final = 0.6
PAYMENT_KILOBYTES: Final = 40.0
TIMES_LOCALSTRIPE: Final = 20.0


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of request. least: the ratio to reach against the bare app.

    beside: what the bare app gets; None: as many fixed bytes as our answer has.
    writes: whether it makes objects, so that the small world is made anew before each round.
    """

    what: str
    small: Traffic
    large: Traffic
    beside: Traffic | None
    least: float | None
    writes: bool = False


def rows_for(small: Filled, large: Filled) -> list[Row]:
    """Every kind of request that is measured."""
    created, paid = traffic.customer(), traffic.payment()
    kept = traffic.payment(unique=True)
    older = traffic.payment(traffic.OLDER)
    return [
        Row(
            "retrieve a customer",
            traffic.retrievals(small.ids),
            traffic.retrievals(large.ids),
            None,
            0.5,
        ),
        Row("create a customer", [created], [created], [created], 0.4, writes=True),
        Row("create and confirm a card payment", [paid], [paid], [paid], 0.12, writes=True),
        Row(f"the same at {traffic.OLDER}", [older], [older], [older], None, writes=True),
        Row("the same with an Idempotency-Key", [kept], [kept], [kept], None, writes=True),
        *(_pages(limit, small, large) for limit in (10, 100)),
        Row(
            "list 100 customers, each time another page",
            traffic.pages(100, small.ids_with_a_page_after),
            traffic.pages(100, large.ids_with_a_page_after),
            None,
            None,
        ),
        *_at_an_older_version(small, large),
    ]


def _pages(limit: int, small: Filled, large: Filled) -> Row:
    return Row(
        f"list {limit} customers",
        traffic.pages(limit, small.starts_of_pages),
        traffic.pages(limit, large.starts_of_pages),
        None,
        0.5 if limit == 100 else None,
    )


def _at_an_older_version(small: Filled, large: Filled) -> list[Row]:
    """What most clients send: the version that their SDK was made for."""
    kinds: dict[str, Callable[[Filled], Traffic]] = {
        "retrieve a customer": lambda filled: traffic.retrievals(filled.ids),
        "list 100 customers": lambda filled: traffic.pages(100, filled.starts_of_pages),
    }
    return [
        Row(
            f"{what} at {traffic.OLDER}",
            traffic.at_version(calls(small), traffic.OLDER),
            traffic.at_version(calls(large), traffic.OLDER),
            None,
            None,
        )
        for what, calls in kinds.items()
    ]


@dataclass(frozen=True, slots=True)
class Field:
    """The servers that compete, filled. others: name -> what this row sends to it."""

    gauge: Gauge
    rounds: int
    seconds: int
    small: Server
    small_count: int
    large: Server
    large_count: int
    bare: Server

    def compare(self, report: Report, row: Row, others: Sequence[Contestant]) -> None:
        """Measure a row on every server in turn and report it."""
        status, body = self.small.ask(row.small[0])
        if status != 200:
            report.note(f"{row.what}: not measured, it answers {status}")
            return
        again = partial(seeding.afresh, self.small, self.small_count) if row.writes else None
        ours = Contestant(self.small, row.small, again)
        grown = Contestant(self.large, row.large)
        plain = Contestant(self.bare, row.beside or traffic.fixed(len(body)))
        interleaved(self.gauge, [ours, plain, grown, *others], self.rounds, self.seconds)
        at, at_large = f"{self.small_count:,}", f"{self.large_count:,}"
        report.rate(row.what, at, ours, plain, row.least)
        report.rate(row.what, at_large, grown, plain)
        grown_there = Contestant(Server(f"at {at}", lambda _: [], Call("/")), [], None, ours.rounds)
        report.rate(row.what, at_large, grown, grown_there, KEEPS_UP)
        for other in others:
            wanted = TIMES_LOCALSTRIPE if _is_payment_on_localstripe(row, other) else None
            report.rate(row.what, at, ours, other, wanted)


def _is_payment_on_localstripe(row: Row, other: Contestant) -> bool:
    return other.server.name == "localstripe" and "payment" in row.what


def worlds(report: Report, server: Server, rounds: int) -> None:
    """What it takes to fork a large world, to take a snapshot of it and to return to it, and in the
    end to reset it. Measured by the clock, beside what any control call takes.
    """
    status, _ = server.ask(Call("/_emulator/snapshots"))
    if status != 200:
        report.note("worlds: not measured, there are no snapshots yet")
        return
    number = iter(range(10**6))
    deeds: dict[str, Callable[[], Call]] = {
        "fork the large world": lambda: traffic.control("fork", {"name": f"fork{next(number)}"}),
        "take a snapshot of it": lambda: traffic.control("snapshots", {"name": "here"}),
        "return to that snapshot": lambda: traffic.control("snapshots/here/restore", {}),
        "the first payment after that": traffic.payment,
        "an ordinary control call": lambda: Call("/_emulator/clock"),
    }
    times: dict[str, list[float]] = {deed: [] for deed in deeds}
    for _ in range(rounds):
        for deed, call in deeds.items():
            times[deed].append(_milliseconds(server, call()))
    times["reset it"] = [_milliseconds(server, traffic.control("reset", {}))]
    for deed, found in times.items():
        report.figure(deed, "", f"{spread(found, '{:.1f}')} ms")


def _milliseconds(server: Server, call: Call) -> float:
    began = time.perf_counter()
    status, body = server.ask(call)
    assert status == 200, body
    return (time.perf_counter() - began) * 1000


def start_up(report: Report, others: Sequence[Server], rounds: int) -> None:
    """From exec to the end of the first answer, each server in turn."""
    servers = [emulator(), bare(), *others]
    times: dict[str, list[float]] = {server.name: [] for server in servers}
    for number in range(rounds + 1):
        for server in servers:
            took = server.start(pin=False)
            server.stop()
            if number:  # the first start of all compiles
                times[server.name].append(took)
    for server in servers:
        shown = f"{spread([1000 * value for value in times[server.name]])} ms"
        if server is servers[0]:
            found = median(times[server.name])
            report.most(
                "from exec to the first answer",
                "",
                shown,
                found=found,
                most=READY_SECONDS,
                unit="s",
            )
        else:
            report.figure(f"the same, {server.name}", "", shown)


def memory(report: Report, count: int) -> None:
    """What a payment with its objects and events costs, and what an idle server holds."""
    for unique in (False, True):
        server = emulator()
        server.start()
        try:
            _measure_memory(report, server, count, unique=unique)
        finally:
            server.stop()


def _measure_memory(report: Report, server: Server, count: int, *, unique: bool) -> None:
    if not seeding.answers_to(server, traffic.payment()):
        report.note("memory: not measured, there are no payments yet")
        return
    warm = pipeline.send_all(server.port, traffic.payments(count // 10))
    before = server.resident_bytes()
    made = pipeline.send_all(server.port, traffic.payments(count, unique=unique))
    assert not warm.failures + made.failures, made.first_failure
    kilobytes = (server.resident_bytes() - before) / count / 1000
    shown, at = f"{kilobytes:.1f} KB", f"{count:,} payments"
    if unique:
        report.figure("the same with an Idempotency-Key each", at, shown)
    else:
        report.most(
            "memory per payment", at, shown, found=kilobytes, most=PAYMENT_KILOBYTES, unit="KB"
        )
