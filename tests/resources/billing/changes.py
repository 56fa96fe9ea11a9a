"""What tests of changing subscriptions begin with: some of each price, and what a change left."""

from __future__ import annotations

from typing import Any, Final

from emulator.contract.versions import NEWEST
from tests.resources.subscribers import customer
from tests.talking import Talk

NEWEST_VERSION: Final = {"stripe_version": NEWEST.text}
THIRD_OF_MARCH: Final = 10 * 86_400 + 28_800  # seconds


def billing(type_: str, **flexible: str) -> Any:
    return {"type": type_, **({"flexible": flexible} if flexible else {})}


def sold(talk: Talk, *prices: tuple[str, int], **params: Any) -> Any:
    """A subscription to some of each price."""
    items = [{"price": id_, "quantity": quantity} for id_, quantity in prices]
    return talk.made("/v1/subscriptions", {"customer": customer(talk), "items": items, **params})


def change(talk: Talk, made: Any, *items: Any, **params: Any) -> Any:
    sent = {"items": list(items), **params} if items else params
    return talk.made(f"/v1/subscriptions/{made['id']}", sent)


def item_of(made: Any, at: int = 0, **params: Any) -> Any:
    """An item of it as a request changes it."""
    return {"id": made["items"]["data"][at]["id"], **params}


def waiting(talk: Talk) -> list[Any]:
    """The items that wait, oldest first."""
    found: list[Any] = talk.got("/v1/invoiceitems", {"pending": "true"}, **NEWEST_VERSION)["data"]
    return found[::-1]


def pending(talk: Talk) -> list[tuple[int, str]]:
    return [(each["amount"], each["description"]) for each in waiting(talk)]


def latest(talk: Talk, changed: Any) -> Any:
    return talk.got(f"/v1/invoices/{changed['latest_invoice']}")


def invoiced(talk: Talk, changed: Any) -> list[tuple[int, str]]:
    found = latest(talk, changed)["lines"]["data"]
    return [(line["amount"], line["description"]) for line in found]


def discount(talk: Talk, **params: Any) -> Any:
    coupon = talk.made("/v1/coupons", {"duration": "forever", **params})
    return [{"coupon": coupon["id"]}]
