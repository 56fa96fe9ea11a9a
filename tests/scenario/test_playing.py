"""What a scenario can say, and what is said when it is not so."""

from __future__ import annotations

import asyncio
from xml.etree import ElementTree as ET

import pytest

from emulator.scenario import Answered, Asked, Mistake, of_bytes, play
from emulator.scenario.report import as_junit, as_lines
from tests.scenario.playing import failures, played

PAYMENT = (
    "{post: /v1/payment_intents, name: payment, with: {amount: 2000, currency: usd, "
    'confirm: true, payment_method: pm_card_visa, "payment_method_types": [card]}}'
)


def test_names_tables_and_references():
    assert not failures(
        """
        about: Customers from tables.
        given:
          - each: [{name: ada, pet: cat}, {name: ben, pet: dog}]
            post: /v1/customers
            name: ${row.name}
            with: {name: "${row.name} ${row.number}", metadata: {pet: "${row.pet}"}}
          - {each: 2, post: /v1/customers, with: {name: "number ${row.number}"}}
        then:
          - {get: "/v1/customers/${ada.id}", is: {name: ada 1, metadata: {pet: cat}}}
          - {get: "/v1/customers/${ben.id}", is: {name: ben 2, metadata.pet: dog}}
          - get: /v1/customers
            is: {data: [{name: number 2}, {name: number 1}, {id: "${ben.id}"}, {id: "${ada.id}"}]}
        """
    )


def test_who_asks_and_on_which_account():
    assert not failures(
        """
        about: Keys, accounts, versions and idempotency keys.
        given:
          - {post: /v1/accounts, name: shop, with: {type: standard, country: US}}
        when:
          - {post: /v1/customers, on: "${shop.id}", name: theirs, key: once, with: {name: Ada}}
          - {post: /v1/customers, on: "${shop.id}", key: once, with: {name: Ada}, name: again}
          - {get: "/v1/customers/${again.id}", on: "${shop.id}", is: {id: "${theirs.id}"}}
          - post: /v1/tokens
            as: publishable
            with: {card: {number: "4242424242424242", exp_month: 12, exp_year: 2030}}
          - {get: /v1/customers, as: publishable, refused: {status: 403}}
          - {get: /v1/customers, as: nobody, refused: {status: 401}}
          - {get: /v1/accounts/acct_1, refused: {status: 403, code: account_invalid}}
          - {get: /v1/balance, version: 2023-10-16}
          - {get: /v1/balance, version: 1999-01-01, refused: {status: 400}}
        then:
          - {get: /v1/customers, is: {data: []}}
          - {get: /v1/customers, on: "${shop.id}", is: {data: [{name: Ada}]}}
        """
    )


def test_balances_are_compared_to_the_cent_and_whole():
    text = f"""
    about: A payment.
    when:
      - {PAYMENT}
    then:
      - {{balance: platform, is: {{usd: {{pending: 1912}}}}}}
      - {{balance: platform, is: {{}}}}
      - {{balance: platform, is: {{usd: {{pending: 1911}}, eur: {{available: 1}}}}}}
    """
    assert failures(text) == [
        "The balance of platform is another one.",
        "usd.pending: 0 ≠ 1912",
        "The balance of platform is another one.",
        "usd.pending: 1911 ≠ 1912",
        "eur.available: 1 ≠ 0",
    ]


def test_events_are_looked_for_one_after_another():
    text = f"""
    about: A payment and its events.
    when:
      - {PAYMENT}
    then:
      - events: [payment_intent.created, payment_intent.succeeded]
      - {{post: /v1/customers, with: {{name: Ada}}}}
      - {{events: [{{type: customer.created, data.object.name: Ada}}], exactly: true}}
      - {{events: [payment_intent.succeeded]}}
    """
    assert failures(text) == [
        "Not announced like that on platform.",
        "[0]: payment_intent.succeeded ≠ nothing more",
    ]


def test_time_passes_until_something():
    assert not failures(
        f"""
        about: Waiting.
        start: 2026-03-02T09:00:00Z
        when:
          - {PAYMENT}
          - {{advance: 90s, name: later}}
          - {{until: 2026-03-04T00:00:00Z}}
          - {{get: /_emulator/clock, is: {{now: 1772582400}}}}
          - {{advance: 1w}}
          - {{post: /v1/payouts, name: payout, with: {{amount: 1000, currency: usd}}}}
          - {{until: next payout}}
          - {{get: "/v1/payouts/${{payout.id}}", is: {{status: in_transit}}}}
          - {{until: next payout.arrive}}
        then:
          - get: /v1/payouts/${{payout.id}}
            is: {{status: paid, arrival_date: {{$below: "${{now}}"}}}}
        """
    )


def test_what_never_comes_is_told():
    text = """
    about: Waiting in vain.
    when: [{until: payout.paid}]
    then: [{get: /v1/balance}]
    """
    report = played(text)
    assert [each.outcome for each in report.results] == ["failed", "skipped"]
    assert "announces payout.paid" in report.results[0].message
    assert failures(text.replace("payout.paid", "next payout")) == [
        "Nothing of payout is going to happen."
    ]


def test_people_act():
    assert not failures(
        """
        about: Onboarding, and 3-D Secure passed and failed.
        given:
          - post: /v1/accounts
            name: seller
            with: {type: custom, country: US, business_type: individual,
                   capabilities: {card_payments: {requested: true}, transfers: {requested: true}}}
          - {get: "/v1/accounts/${seller.id}", is: {charges_enabled: false}}
        when:
          - {onboard: "${seller.id}"}
          - each: [{name: one}, {name: two}]
            post: /v1/payment_intents
            name: ${row.name}
            with: {amount: 900, currency: usd, confirm: true, return_url: "https://shop.example",
                   payment_method: pm_card_threeDSecure2Required, payment_method_types: [card]}
            is: {status: requires_action}
          - {authenticate: "${one.id}"}
          - {authenticate: "${two.id}", outcome: failed}
          - {authenticate: "${two.id}", refused: intent_unexpected_state}
        then:
          - {get: "/v1/accounts/${seller.id}", is: {charges_enabled: true}}
          - {get: "/v1/payment_intents/${one.id}", is: {status: succeeded}}
          - {get: "/v1/payment_intents/${two.id}", is: {status: requires_payment_method}}
        """
    )


def test_answers_and_faults_are_sent_where_they_stand():
    assert not failures(
        """
        about: Outcomes.
        answers:
          - {question: card.charge, answer: insufficient_funds, times: 1, where: {amount: {gt: 9}}}
        faults:
          - {fault: drop-after, method: POST, path: /v1/customers, times: 1}
        when:
          - post: /v1/payment_intents
            with: {amount: 3000, currency: usd, confirm: true, payment_method: pm_card_visa,
                   payment_method_types: [card]}
            refused: insufficient_funds
          - {post: /v1/customers, with: {name: Ada}, refused: connection_dropped}
          - {get: /v1/customers, is: {data: [{name: Ada}]}}
          - post: /v1/payment_intents
            with: {amount: 3000, currency: usd, confirm: true, payment_method: pm_card_visa,
                   payment_method_types: [card]}
        """
    )


def test_refusals_that_do_not_come_or_are_others():
    assert failures("about: x\nwhen: [{get: /v1/balance, refused: oh}]") == [
        "This should have been refused, and was answered with 200."
    ]
    (message, found) = failures("about: x\nwhen: [{get: /v1/payouts/po_1, refused: oh}]")
    assert message == "The refusal is another one."
    assert found.startswith("error.code: oh ≠ 404 resource_missing: No such payout")
    (message,) = failures("about: x\nwhen: [{get: /v1/payouts/po_1}]")
    assert message.startswith("This was refused: 404 resource_missing: No such payout: 'po_1'")


def test_a_reference_that_leads_nowhere_says_how_far_it_got():
    (message,) = failures(
        "about: x\nwhen: [{get: /v1/balance, name: b}, {get: '/v1/payouts/${b.payout.id}'}]"
    )
    assert message.startswith("${b.payout.id}: b has no payout (it has object, available")


def test_expectations_do_not_end_the_story_and_what_happens_does():
    report = played(
        """
        about: Two chapters.
        chapters:
          - about: First.
            then: [{get: /v1/balance, is: {object: x}}, {get: /v1/balance, is: {object: y}}]
          - about: Second.
            when: [{get: /v1/payouts/po_1}, {get: /v1/balance}]
            then: [{get: /v1/balance}]
        """
    )
    outcomes = [each.outcome for each in report.results]
    assert outcomes == ["failed", "failed", "failed", "skipped", "skipped"]
    assert not report.passed
    assert [each.chapter for each in report.results[::4]] == ["First.", "Second."]


def test_a_failure_is_shown_with_its_lines():
    report = played(
        "about: x\nthen:\n  - get: /v1/balance\n    is:\n      livemode: true\n      pending: []\n"
    )
    assert as_lines(report.failures[0]) == [
        "test.yaml:3: then: get /v1/balance",
        "  The answer is another one.",
        "  livemode  (test.yaml:5)",
        "    - expected true",
        "    + found    false",
        *as_lines(report.failures[0])[5:],
    ]
    junit = as_junit([report], []).decode()
    assert 'failures="1"' in junit
    assert "+ found    false" in junit


def test_what_xml_cannot_hold_is_replaced():
    report = played('about: x\nthen: [{get: /v1/balance, is: {object: "\\u0007"}}]')
    found = as_junit([report], []).decode()
    assert 'expected "\ufffd"' in found
    assert ET.fromstring(found.encode()).find(".//failure") is not None


def test_two_plays_give_the_same_bytes_and_another_seed_others():
    text = f"about: x\nseed: 1\nwhen:\n  - {PAYMENT}"
    one, two = played(text), played(text)
    assert one.digest == two.digest
    one.compare(two)
    assert one.passed
    other = played(text.replace("seed: 1", "seed: 2"))
    one.compare(other)
    (failure,) = one.failures
    assert failure.message.startswith("Played again, the bytes are others: first in the answer to")


def test_webhooks_arrive_in_mailboxes():
    text = """
        about: Webhooks, twice and down.
        given:
          - post: /v1/webhook_endpoints
            name: hook
            with: {url: https://mailbox.test/shop, enabled_events: [customer.created]}
        when:
          - {post: /v1/customers, with: {name: Ada}}
          - {post: /_emulator/webhooks/mailbox/shop, with: {status: 500, times: 1}}
          - {post: /v1/customers, with: {name: Ben}}
        then:
          - mailbox: shop
            are: [{type: customer.created, data.object.name: Ada, status: 200}]
          - {mailbox: shop, are: [{data.object.name: Ben, status: 500}], exactly: true}
          - deliveries: ${hook.id}
            are: [{type: customer.created, status: succeeded}, {status: retrying, attempts: 1}]
          - {mailbox: shop, are: [customer.created]}
        """
    assert failures(text) == [
        "Not arrived like that in mailbox shop.",
        "[0]: customer.created ≠ nothing more",
    ]


def test_what_is_no_emulator_is_told():
    async def ask(_asked: Asked) -> Answered:
        return Answered(200, b"<html>", {"text": "<html>"})

    scenario = of_bytes(b"about: x\nwhen: [{get: /v1/balance}]", "test.yaml")
    with pytest.raises(Mistake, match=r"^test.yaml:1: clock: no emulator answers like that"):
        asyncio.run(play(scenario, ask))
