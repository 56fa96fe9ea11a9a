"""Updates of subscriptions that wait for their payment."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.resources.billing.changes import NEWEST_VERSION
from tests.resources.subscribers import customer, events, price, subscribe
from tests.talking import NOW, Talk, error

_DAY: Final = 86_400
_EXPIRED: Final = "customer.subscription.pending_update_expired"


def _waiting(talk: Talk, **params: Any) -> Any:
    """A subscription with an update that waits: its customer's card is declined by now."""
    payer = customer(talk)
    made = subscribe(talk, price(talk, 3_100), payer, **params)
    card = "pm_card_chargeCustomerFail"
    bad = talk.made(f"/v1/payment_methods/{card}/attach", {"customer": payer})["id"]
    talk.made(f"/v1/subscriptions/{made['id']}", {"default_payment_method": bad})
    talk.advance("10d")
    return _ask(talk, made, 2)


def _ask(talk: Talk, made: Any, quantity: int, **params: Any) -> Any:
    item = {"id": made["items"]["data"][0]["id"], "quantity": quantity}
    sent = {
        "items": [item],
        "payment_behavior": "pending_if_incomplete",
        "proration_behavior": "always_invoice",
        **params,
    }
    return talk.made(f"/v1/subscriptions/{made['id']}", sent)


def _now(talk: Talk, made: Any) -> Any:
    return talk.got(f"/v1/subscriptions/{made['id']}")


def _pay(talk: Talk, waiting: Any) -> None:
    invoice = waiting["latest_invoice"]
    methods = talk.got("/v1/payment_methods", {"customer": waiting["customer"]})["data"]
    talk.made(f"/v1/invoices/{invoice}/pay", {"payment_method": methods[-1]["id"]})


def test_it_is_made_once_it_is_paid(talk: Talk):
    waiting = _waiting(talk)
    assert waiting["quantity"] == 1
    assert waiting["pending_update"]["expires_at"] == NOW + 10 * _DAY + 23 * 3_600
    assert waiting["pending_update"]["subscription_items"][0]["quantity"] == 2
    _pay(talk, waiting)
    made = _now(talk, waiting)
    assert (made["quantity"], made["pending_update"]) == (2, None)
    assert "customer.subscription.pending_update_applied" in events(talk)


@pytest.mark.parametrize("paid", [True, False])
def test_credits_are_of_what_was_paid(talk: Talk, paid: bool):
    waiting = _waiting(talk)
    if paid:
        _pay(talk, waiting)
    else:
        talk.made(f"/v1/invoices/{waiting['latest_invoice']}/void")
    item = {"id": waiting["items"]["data"][0]["id"], "quantity": 3}
    talk.made(f"/v1/subscriptions/{waiting['id']}", {"items": [item]})
    _, credit = talk.got("/v1/invoiceitems", {"pending": "true"})["data"]
    assert credit["amount"] == (-4_200 if paid else -2_100)


def test_it_is_forgotten_when_its_invoice_is_void(talk: Talk):
    waiting = _waiting(talk)
    talk.made(f"/v1/invoices/{waiting['latest_invoice']}/void")
    assert (_now(talk, waiting)["pending_update"], _now(talk, waiting)["quantity"]) == (None, 1)
    assert _EXPIRED not in events(talk)


@pytest.mark.parametrize(("wait", "gone"), [("22h", False), ("23h", True)])
def test_it_expires(talk: Talk, wait: str, gone: bool):
    waiting = _waiting(talk)
    talk.advance(wait)
    assert (_now(talk, waiting)["pending_update"] is None) == gone
    assert (_EXPIRED in events(talk)) == gone
    invoice = talk.got(f"/v1/invoices/{waiting['latest_invoice']}")
    assert invoice["status"] == ("void" if gone else "open")


def test_it_expires_with_its_period_at_the_latest(talk: Talk):
    waiting = _waiting(talk)
    talk.advance("20d")
    talk.advance("12h")
    again = _ask(talk, waiting, 4)
    assert again["pending_update"]["expires_at"] == NOW + 31 * _DAY


def test_the_next_one_takes_its_place(talk: Talk):
    waiting = _waiting(talk)
    again = _ask(talk, waiting, 4)
    assert again["pending_update"]["subscription_items"][0]["quantity"] == 4
    first = talk.got(f"/v1/invoices/{waiting['latest_invoice']}")
    assert (first["status"], first["total"]) == ("void", 2_100)
    assert talk.got(f"/v1/invoices/{again['latest_invoice']}")["total"] == 6_300
    _pay(talk, again)
    assert _now(talk, waiting)["quantity"] == 4


def test_only_some_changes_can_wait(talk: Talk):
    made = subscribe(talk, price(talk), customer(talk))
    sent = {"payment_behavior": "pending_if_incomplete", "days_until_due": 3}
    refused = error(talk.post(f"/v1/subscriptions/{made['id']}", sent), 400)
    assert refused["message"] == (
        "When `payment_behavior` is set to `pending_if_incomplete`, you can only pass supported "
        "params. `days_until_due` is not supported."
    )
    item = {"id": made["items"]["data"][0]["id"], "quantity": 2, "metadata": {"a": "b"}}
    sent = {"payment_behavior": "pending_if_incomplete", "items": [item]}
    refused = error(talk.post(f"/v1/subscriptions/{made['id']}", sent), 400)
    assert "`items[0][metadata]` is not supported" in refused["message"]


def test_metadata_waits_along(talk: Talk):
    waiting = _waiting(talk, metadata={"kept": "1"})
    again = _ask(talk, waiting, 3, metadata={"new": "2"})
    assert again["metadata"] == {"kept": "1"}
    shown = talk.got(f"/v1/subscriptions/{again['id']}", **NEWEST_VERSION)
    assert shown["pending_update"]["metadata"] == {"kept": "1", "new": "2"}
    talk.made(f"/v1/subscriptions/{waiting['id']}", {"metadata": {"between": "3"}})
    _pay(talk, again)
    assert _now(talk, waiting)["metadata"] == {"kept": "1", "between": "3", "new": "2"}
