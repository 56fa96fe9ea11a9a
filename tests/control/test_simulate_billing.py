"""Simulators of invoices, subscriptions and tax ids."""

from __future__ import annotations

from typing import Any

from tests.control.simulating import refused, simulate, types
from tests.talking import Talk


def made(talk: Talk, event: str, name: str) -> Any:
    """The id of what a trigger made under this name."""
    return talk.control("trigger", {"event": event}).json()["objects"][name]["id"]


def test_an_invoice_is_declined_and_then_paid(talk: Talk):
    invoice = made(talk, "invoice.finalized", "invoice")
    found = simulate(talk, "invoice_payment_failed", invoice=invoice, decline_code="lost_card")
    assert found["object"]["status"] == "open"
    assert "invoice.payment_failed" in types(found)
    assert talk.control("answers").json()["data"] == []
    assert simulate(talk, "invoice_paid", invoice=invoice)["object"]["status"] == "paid"
    for name in ("invoice_paid", "invoice_payment_failed"):
        assert "is paid" in refused(talk, name, invoice=invoice)["message"]


def test_a_trial_ends_now(talk: Talk):
    subscription = made(talk, "customer.subscription.trial_will_end", "trial")
    found = simulate(talk, "trial_ended", subscription=subscription)
    assert found["object"]["status"] == "active"
    assert "invoice.paid" in types(found)
    assert "active" in refused(talk, "trial_ended", subscription=subscription)["message"]


def test_the_tax_office_answers(talk: Talk):
    tax_id = made(talk, "customer.tax_id.created", "tax_id")
    found = simulate(talk, "tax_id_checked", tax_id=tax_id, status="unverified")
    assert found["object"]["verification"]["status"] == "unverified"
    assert types(found) == ["customer.tax_id.updated"]
    assert refused(talk, "tax_id_checked", tax_id=tax_id)
