"""What is sent: requests as data, and the mixes of them that the benchmark measures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

NEWEST: Final = "2026-10-28.endive"
OLDER: Final = "2023-10-16"
KEY: Final = "sk_test_benchmark"
UNIQUE: Final = "@" * 16
"""Stands where each request sent carries a number of its own."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request. body: a form, or None for a GET."""

    path: str
    body: str | None = None
    version: str | None = NEWEST
    unique: bool = False

    @property
    def method(self) -> str:
        return "GET" if self.body is None else "POST"

    def headers(self) -> dict[str, str]:
        """As an SDK sends them: key, version, content type, perhaps an idempotency key."""
        found = {"Authorization": f"Bearer {KEY}"}
        if self.version:
            found["Stripe-Version"] = self.version
        if self.body is not None:
            found["Content-Type"] = "application/x-www-form-urlencoded"
        if self.unique:
            found["Idempotency-Key"] = UNIQUE
        return found

    def raw(self) -> bytes:
        """The request as it goes over the wire."""
        body = (self.body or "").encode()
        head = {"Host": "localhost", **self.headers()}
        if self.body is not None:
            head["Content-Length"] = str(len(body))
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        return f"{self.method} {self.path} HTTP/1.1\r\n{lines}\r\n".encode() + body


Traffic = Sequence[Call]

_CUSTOMER: Final = {
    "name": "Jenny Rosen",
    "email": "jenny.rosen@example.com",
    "description": "A customer of the benchmark",
    "metadata[order_id]": "6735",
}
_PAYMENT: Final = {
    "amount": "2000",
    "currency": "usd",
    "payment_method": "pm_card_visa",
    "confirm": "true",
    "automatic_payment_methods[enabled]": "true",
    "automatic_payment_methods[allow_redirects]": "never",
}


def customer(number: int | None = None) -> Call:
    """Create a customer; a number makes it one of many different ones."""
    own = {} if number is None else {"email": f"customer{number}@example.com"}
    return Call("/v1/customers", urlencode(_CUSTOMER | own))


def payment(version: str = NEWEST, *, unique: bool = False) -> Call:
    """Create and confirm a card payment: charge, balance transaction, events and all."""
    return Call("/v1/payment_intents", urlencode(_PAYMENT), version, unique=unique)


def plain_payment(payment_method: str) -> Call:
    """The same with the parameters that servers of a smaller vocabulary take."""
    wanted = ("amount", "currency", "confirm")
    form = {name: _PAYMENT[name] for name in wanted} | {"payment_method": payment_method}
    return Call("/v1/payment_intents", urlencode(form), None)


def card_payment_method() -> Call:
    """Create a card for servers that do not know pm_card_visa."""
    card = {"number": "4242424242424242", "exp_month": "12", "exp_year": "2034", "cvc": "123"}
    form = {"type": "card"} | {f"card[{name}]": value for name, value in card.items()}
    return Call("/v1/payment_methods", urlencode(form), None)


def control(path: str, body: dict[str, str]) -> Call:
    """A call to the control API."""
    return Call(f"/_emulator/{path}", json.dumps(body))


def retrievals(ids: Sequence[str]) -> Traffic:
    """Retrieve these customers, one after the other, over and over."""
    return [Call(f"/v1/customers/{id_}") for id_ in ids]


def pages(limit: int, after: Sequence[str] = ()) -> Traffic:
    """List customers: the first page, and the pages after these."""
    first = f"/v1/customers?limit={limit}"
    return [Call(first), *(Call(f"{first}&starting_after={id_}") for id_ in after)]


def fixed(size: int) -> Traffic:
    """So many bytes from the bare app."""
    return [Call(f"/{size}")]


def at_version(traffic: Traffic, version: str | None) -> Traffic:
    """The same requests in another version, or none."""
    return [replace(call, version=version) for call in traffic]


def without_version(traffic: Traffic) -> Traffic:
    """The same requests for servers that would stumble over a version."""
    return at_version(traffic, None)


def customers(count: int) -> Iterator[bytes]:
    """Many different customers, as bytes."""
    return (customer(number).raw() for number in range(count))


def payments(count: int, *, unique: bool = False) -> Iterator[bytes]:
    """Many payments, as bytes; unique: each under an idempotency key."""
    raw = payment(unique=unique).raw()
    if not unique:
        return (raw for _ in range(count))
    mark = UNIQUE.encode()
    return (raw.replace(mark, b"%016d" % number) for number in range(count))
