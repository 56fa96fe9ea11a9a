"""How requests per second are measured: with wrk, or with our own client where wrk is absent."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Final

from tests.benchmarks import pipeline
from tests.benchmarks.servers import Server, pinned
from tests.benchmarks.traffic import UNIQUE, Traffic

_CONNECTIONS: Final = 16
_PATIENCE: Final = 5

_SCRIPT: Final = """
local requests = {}
function init(args)
%(calls)s
end
local at, number = 0, %(start)d
function request()
  at = at %% #requests + 1
  number = number + 1
  if not %(unique)s then return requests[at] end
  return (requests[at]:gsub("%(mark)s", string.format("%%016d", number), 1))
end
function done(summary, latency, _)
  local failed = summary.errors
  io.stderr:write(string.format(
    '{"answers":%%d,"microseconds":%%d,"failures":%%d,"p99":%%d}\\n',
    summary.requests, summary.duration,
    failed.status + failed.connect + failed.read + failed.write + failed.timeout,
    latency:percentile(99)))
end
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """One round. p99_ms: None where nothing measures it; cpu_us: the server's processor time a
    request.
    """

    per_second: float
    failures: int
    p99_ms: float | None = None
    cpu_us: float = 0.0


@dataclass(slots=True)
class Contestant:
    """A server and what it is sent. prepare: done before each round, not measured."""

    server: Server
    traffic: Traffic
    prepare: Callable[[], object] | None = None
    rounds: list[Reading] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """The median of its rounds, in answers per second."""
        return median(reading.per_second for reading in self.rounds)

    @property
    def cpu_us(self) -> float:
        """The median of the processor time that a request took, in microseconds; 0 when unknown."""
        return median(reading.cpu_us for reading in self.rounds)

    @property
    def failures(self) -> int:
        return sum(reading.failures for reading in self.rounds)

    def against(self, other: Contestant) -> float:
        """The median of the ratios of rounds that ran side by side."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return median(ours.per_second / theirs.per_second for ours, theirs in pairs)


Gauge = Callable[[Server, Traffic], Reading]


def interleaved(gauge: Gauge, contestants: list[Contestant], rounds: int, seconds: int) -> None:
    """Every contestant in turn, then again: what disturbs the machine disturbs all of them."""
    for contestant in contestants:
        for call in contestant.traffic[:1]:
            contestant.server.ask(call)
    for _ in range(rounds):
        for contestant in contestants:
            if contestant.prepare:
                contestant.prepare()
            contestant.rounds.append(_one_round(gauge, contestant, seconds))
            # What it still has to do for the load, which is gone, would take the next one's time.
            contestant.server.ask(contestant.traffic[0])


def _one_round(gauge: Gauge, contestant: Contestant, seconds: int) -> Reading:
    server = contestant.server
    for _ in range(_PATIENCE):
        before = server.cpu_seconds()
        seen = gauge(server, contestant.traffic)
        spent = server.cpu_seconds() - before
        if seen.per_second:  # other programs can take the whole of a round
            return replace(seen, cpu_us=spent * 1_000_000 / (seen.per_second * seconds))
    raise TimeoutError(f"{server.name} did not answer at all")


def gauge_of(seconds: int) -> tuple[str, Gauge]:
    """The best gauge of this machine, and its name."""
    program = shutil.which("wrk")
    if program is None:
        return "own client", lambda server, traffic: _by_ourselves(server, traffic, seconds)
    return "wrk", lambda server, traffic: _with_wrk(program, server, traffic, seconds)


def _with_wrk(program: str, server: Server, traffic: Traffic, seconds: int) -> Reading:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_lua(traffic))
        script.flush()
        arguments = [program, "-t1", f"-c{_CONNECTIONS}", f"-d{seconds}s", "-s", script.name]
        found = subprocess.run(
            [*pinned("load"), *arguments, f"http://127.0.0.1:{server.port}"],
            capture_output=True,
            check=True,
            cwd=Path(script.name).parent,
        )
    seen = json.loads(found.stderr)
    rate = seen["answers"] / seen["microseconds"] * 1_000_000
    return Reading(rate, seen["failures"], seen["p99"] / 1000)


def _lua(traffic: Traffic) -> str:
    calls = "\n".join(
        f"  requests[{number}] = wrk.format({_quoted(call.method)}, {_quoted(call.path)}, "
        f"{{{', '.join(f'[{_quoted(k)}]={_quoted(v)}' for k, v in call.headers().items())}}}, "
        f"{'nil' if call.body is None else _quoted(call.body)})"
        for number, call in enumerate(traffic, 1)
    )
    unique = "true" if any(call.unique for call in traffic) else "false"
    start = time.time_ns() % 10**15
    return _SCRIPT % {"calls": calls, "start": start, "unique": unique, "mark": UNIQUE}


def _quoted(text: str) -> str:
    return json.dumps(text)


def _by_ourselves(server: Server, traffic: Traffic, seconds: int) -> Reading:
    calls = [call.raw() for call in traffic]
    source = pipeline.for_a_while(calls, UNIQUE.encode(), seconds)
    tally = pipeline.send_all(server.port, source, lines=_CONNECTIONS, depth=1)
    return Reading(tally.answers / tally.seconds, tally.failures)
