"""Webhooks as an app receives them: signed, addressed, filtered, tried again."""

from __future__ import annotations

import pytest
import stripe

from tests.clients.python.mailbox import Letter, Mailbox
from tests.clients.python.marketplace import Ear, Marketplace, as_any


def test_a_delivery_is_the_event_that_the_api_shows(shop: Marketplace, mailbox: Mailbox) -> None:
    ear = Ear(shop, mailbox, "/", connect=False)
    customer = shop.v1.customers.create({"name": "Jenny Rosen"})

    (heard,) = ear.heard()
    (kept,) = shop.v1.events.list({"type": "customer.created"}).data

    assert (heard.id, heard.type) == (kept.id, "customer.created")
    assert heard.data.object["id"] == customer.id
    assert heard.api_version == kept.api_version
    assert kept.request is not None
    assert kept.request.id == customer.last_response.request_id  # type: ignore[union-attr]


def test_an_update_says_what_was_before(shop: Marketplace, mailbox: Mailbox) -> None:
    ear = Ear(shop, mailbox, "/", connect=False)
    customer = shop.v1.customers.create({"name": "Jenny Rosen", "email": "a@example.com"})
    shop.v1.customers.update(customer.id, {"name": "Jenny Diaz"})

    updated = next(event for event in ear.heard() if event.type == "customer.updated")

    assert updated.data.previous_attributes is not None
    assert updated.data.previous_attributes.to_dict() == {"name": "Jenny Rosen"}


def test_a_tampered_delivery_is_not_accepted(shop: Marketplace, mailbox: Mailbox) -> None:
    ear = Ear(shop, mailbox, "/", connect=False)
    shop.v1.customers.create({"name": "Jenny Rosen"})
    ear.heard()
    (letter,) = mailbox.letters
    forged = Letter(letter.path, letter.body.replace(b"Jenny", b"Penny"), letter.signature)

    with pytest.raises(stripe.SignatureVerificationError):
        ear.open(forged)


def test_only_what_was_asked_for_arrives(shop: Marketplace, mailbox: Mailbox) -> None:
    params = {"url": mailbox.address + "/few", "enabled_events": ["customer.deleted"]}
    shop.v1.webhook_endpoints.create(as_any(params))
    customer = shop.v1.customers.create({"name": "Jenny Rosen"})
    shop.v1.customers.delete(customer.id)
    shop.advance("0s")

    assert [b'"type": "customer.deleted"' in letter.body for letter in mailbox.letters] == [True]


@pytest.mark.parametrize("status", [302, 400, 500])
def test_a_delivery_that_fails_is_tried_again_later(
    shop: Marketplace, mailbox: Mailbox, status: int
) -> None:
    ear = Ear(shop, mailbox, "/", connect=False)
    mailbox.status = status
    shop.v1.customers.create({"name": "Jenny Rosen"})
    ear.heard()
    tried = len(mailbox.letters)
    mailbox.status = 200
    shop.advance("1d")

    assert (tried, len(ear.heard())) == (1, 2)
    assert len({letter.body for letter in mailbox.letters}) == 1
    (event,) = shop.v1.events.list().data
    assert event.pending_webhooks == 0


def test_a_disabled_endpoint_hears_nothing(shop: Marketplace, mailbox: Mailbox) -> None:
    ear = Ear(shop, mailbox, "/", connect=False)
    shop.v1.webhook_endpoints.update(ear.endpoint.id, {"disabled": True})
    shop.v1.customers.create({"name": "Jenny Rosen"})

    assert ear.heard() == []
