"""Filling a server before it is measured."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tests.benchmarks import pipeline, traffic
from tests.benchmarks.servers import Server
from tests.benchmarks.traffic import Call

_SAMPLES: Final = 500
_PAGES: Final = 20
_PAYMENTS_PER_CUSTOMER: Final = 10
_LOCALSTRIPE_CUSTOMERS: Final = 100


@dataclass(frozen=True, slots=True)
class Filled:
    """What a server holds. ids: some of its customers, spread over all of them, oldest first."""

    customers: int
    payments: int
    seconds: float
    ids: list[str]

    @property
    def ids_with_a_page_after(self) -> list[str]:
        """Customers after which a page of 100 is full: more pages than anybody remembers."""
        return self.ids[len(self.ids) // 5 :]

    @property
    def starts_of_pages(self) -> list[str]:
        """A few of these: clients come back to the same pages, until somebody writes to them."""
        full = self.ids_with_a_page_after
        return full[:: max(1, len(full) // _PAGES)]


def fill(server: Server, customers: int) -> Filled:
    """Give a server so many customers, and a tenth as many payments when it makes payments."""
    every = max(1, customers // _SAMPLES)
    made = _send(server, traffic.customers(customers), every)
    ids = [json.loads(body)["id"] for body in made.sample]
    payments, seconds = 0, made.seconds
    if answers_to(server, traffic.payment()):
        payments = customers // _PAYMENTS_PER_CUSTOMER
        seconds += _send(server, traffic.payments(payments)).seconds
    return Filled(customers, payments, seconds, ids)


def afresh(server: Server, customers: int) -> Filled:
    """The same in a new process: what was measured before leaves a process's memory scattered, and
    what a reset leaves behind is freed little by little.
    """
    server.restart()
    return fill(server, customers)


def fill_localstripe(server: Server) -> tuple[list[str], str]:
    """As many customers as it can hold without pain; their ids, and a card to pay with."""
    made = _send(server, traffic_for_localstripe(), 1)
    status, card = server.ask(traffic.card_payment_method())
    assert status == 200, card
    return [json.loads(body)["id"] for body in made.sample], json.loads(card)["id"]


def traffic_for_localstripe() -> Iterator[bytes]:
    """Customers as it takes them."""
    (call,) = traffic.without_version([traffic.customer()])
    return (call.raw() for _ in range(_LOCALSTRIPE_CUSTOMERS))


def answers_to(server: Server, call: Call) -> bool:
    """Whether a server answers this with success."""
    return 200 <= server.ask(call)[0] < 300


def _send(server: Server, source: Iterator[bytes], every: int = 0) -> pipeline.Tally:
    tally = pipeline.send_all(server.port, source, every=every)
    assert not tally.failures, tally.first_failure
    return tally
