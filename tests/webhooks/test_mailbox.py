"""Receivers inside the process: no network, no waiting, the same every time."""

from __future__ import annotations

import pytest
import stripe

from tests.talking import NOW, Talk, error
from tests.webhooks.mailing import endpoint, letters, told, types

HOUR = 3600


def test_a_letter_is_there_as_soon_as_the_request_is_answered(talk: Talk):
    made = endpoint(talk, "customer.created")
    customer = talk.customer(name="Zoë")
    (letter,) = letters(talk)
    assert (letter["type"], letter["endpoint"], letter["at"]) == (
        "customer.created",
        made["id"],
        NOW,
    )
    assert letter["data"]["data"]["object"] == customer
    assert talk.got(f"/v1/events/{letter['event']}")["pending_webhooks"] == 0


def test_the_sdk_believes_a_letter_however_old_it_is(talk: Talk):
    made = endpoint(talk)
    talk.customer()
    talk.advance("30d")
    (letter,) = letters(talk)
    signature = letter["headers"]["Stripe-Signature"]
    event = stripe.Webhook.construct_event(letter["body"], signature, made["secret"])
    assert event["type"] == "customer.created"
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(letter["body"], signature, "whsec_other")


def test_letters_lie_in_the_order_in_which_things_happened(talk: Talk):
    endpoint(talk)
    customer = talk.customer()["id"]
    talk.made(f"/v1/customers/{customer}", {"name": "Ada"})
    talk.delete(f"/v1/customers/{customer}")
    assert types(talk) == ["customer.created", "customer.updated", "customer.deleted"]


def test_mailboxes_are_apart_and_can_be_emptied(talk: Talk):
    endpoint(talk, box="a")
    endpoint(talk, "customer.deleted", box="b")
    talk.customer()
    assert (len(letters(talk, "a")), letters(talk, "b")) == (1, [])
    assert told(talk, "webhooks")["mailboxes"] == ["a"]
    assert talk.send("DELETE", "/_emulator/webhooks/mailbox/a").json()["deleted"] == 1
    assert letters(talk, "a") == []


def test_letters_of_one_type(talk: Talk):
    endpoint(talk)
    customer = talk.customer()["id"]
    talk.delete(f"/v1/customers/{customer}")
    found = told(talk, "webhooks/mailbox/main?type=*.deleted")["data"]
    assert [each["type"] for each in found] == ["customer.deleted"]


def test_what_a_mailbox_refuses_comes_again(talk: Talk):
    endpoint(talk, box="down")
    told(talk, "webhooks/mailbox/down", {"status": 503, "times": 2})
    talk.customer()
    talk.advance("4h")
    assert [each["status"] for each in letters(talk, "down")] == [503, 503, 200]
    assert [each["at"] - NOW for each in letters(talk, "down")] == [0, HOUR, 4 * HOUR]
    (delivery,) = told(talk, "deliveries")["data"]
    assert (delivery["status"], len(delivery["attempts"])) == ("succeeded", 3)


def test_a_connect_endpoint_reads_whose_event_it_is(talk: Talk):
    endpoint(talk, "customer.created", connect=True)
    account = talk.account()
    talk.made("/v1/customers", {}, stripe_account=account)
    (letter,) = letters(talk)
    assert (letter["account"], letter["data"]["account"]) == (account, account)


def test_an_address_that_only_looks_like_a_mailbox_is_none(talk: Talk):
    params = {"url": "https://mailbox.test.example.com/x", "enabled_events": ["*"]}
    talk.made("/v1/webhook_endpoints", params)
    assert told(talk, "webhooks")["mailboxes"] == []


@pytest.mark.parametrize(
    "body", [{}, {"status": 99}, {"status": "500"}, {"status": 500, "times": 0}]
)
def test_a_mailbox_answers_with_a_status(talk: Talk, body: object):
    assert error(talk.control("webhooks/mailbox/a", body), 400)["param"] in {"status", "times"}


def test_events_are_listed_by_whether_they_arrived(talk: Talk):
    endpoint(talk, "customer.created")
    talk.control("webhooks/mailbox/main", {"status": 500})
    lost = talk.customer()["id"]
    talk.control("webhooks/mailbox/main", {"status": 200})
    talk.customer()
    talk.made(f"/v1/customers/{lost}", {"name": "Ada"})  # nobody listens to that

    def listed(**params: object) -> list[str]:
        return [each["type"] for each in talk.got("/v1/events", params)["data"]]

    assert listed(delivery_success=False) == ["customer.created"]
    assert listed(delivery_success=True) == ["customer.updated", "customer.created"]
    assert listed(delivery_success=True, type="customer.created") == ["customer.created"]
    talk.advance("2d")
    assert listed(delivery_success=False) == []
