"""The page of a receipt."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from tests.resources.checkout.selling import paying, submit
from tests.resources.market import fund, on, pay, seller
from tests.talking import Answer, Talk


def _receipt(talk: Talk, charge: Any) -> Answer:
    return talk.client.get(urlsplit(charge["receipt_url"]).path)


def test_a_receipt_shows_the_payment_and_what_was_given_back(talk: Talk):
    charge = pay(talk, 2_000, description="Tea & cake")
    page = _receipt(talk, charge)
    assert page.status_code == 200
    for text in ("$20.00", "2026-03-01", "visa •••• 4242", "Tea &amp; cake", charge["id"]):
        assert text in page.text
    assert "Refund" not in page.text
    talk.advance("1d")
    talk.made("/v1/refunds", {"charge": charge["id"], "amount": 500})
    shown = _receipt(talk, charge).text
    assert "Refund of 2026-03-02" in shown
    assert "$5.00" in shown


def test_a_receipt_shows_what_was_bought(talk: Talk):
    sent = {**paying(1_500, 2), "success_url": "https://a.example"}
    session = talk.made("/v1/checkout/sessions", sent)["id"]
    name = talk.got(f"/v1/checkout/sessions/{session}/line_items")["data"][0]["description"]
    submit(talk, session, payment_method="pm_card_visa", email="ada@example.com")
    (charge,) = talk.got("/v1/charges")["data"]
    assert f"<b>{name}</b>" in _receipt(talk, charge).text

    customer = talk.customer(payment_method="pm_card_visa")["id"]
    item = {"customer": customer, "amount": 700, "currency": "usd", "description": "Postage"}
    talk.made("/v1/invoiceitems", item)
    sent = {"customer": customer, "pending_invoice_items_behavior": "include"}
    invoice = talk.made("/v1/invoices", sent)["id"]
    talk.made(f"/v1/invoices/{invoice}/pay", {"payment_method": "pm_card_visa"})
    charge = talk.got("/v1/charges")["data"][0]
    assert "<b>Postage</b>" in _receipt(talk, charge).text


def test_every_account_has_receipts_and_nothing_else_has(talk: Talk):
    account = seller(talk)
    charge = pay(talk, 900, stripe_account=account)
    assert "Receipt from Rosen Records" in _receipt(talk, charge).text
    fund(talk, 1_000)
    talk.made("/v1/transfers", {"amount": 1, "currency": "usd", "destination": account})
    payment = talk.got("/v1/charges", **on(account))["data"][0]
    assert "stripe account" in _receipt(talk, payment).text
    path = urlsplit(charge["receipt_url"]).path
    assert talk.client.get(path.replace(charge["id"], "ch_none")).status_code == 404
    assert talk.client.get(path.replace("/main/", "/nobody/")).status_code == 404


def test_what_did_not_succeed_has_no_receipt(talk: Talk):
    source = {"amount": 900, "currency": "usd", "source": "tok_chargeDeclined"}
    talk.post("/v1/charges", source)
    (charge,) = talk.got("/v1/charges")["data"]
    assert charge["receipt_url"] is None
    path = f"/_emulator/receipts/main/{charge['id']}"
    assert talk.client.get(path).status_code == 404
