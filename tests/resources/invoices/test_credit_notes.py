"""Credit notes: what an open invoice asks for less, and what a paid one gives back."""

from __future__ import annotations

import jsonschema

from emulator.contract import json_schema
from tests.resources.subscribers import act, customer, drafted
from tests.talking import Talk, error


def test_an_open_invoice_asks_for_less(talk: Talk):
    opened = act(talk, drafted(talk, customer(talk), 1_000), "finalize")
    note = talk.made("/v1/credit_notes", {"invoice": opened["id"], "amount": 300})
    assert (note["type"], note["number"]) == ("pre_payment", f"{opened['number']}-CN-01")
    after = talk.got(f"/v1/invoices/{opened['id']}")
    assert (after["amount_remaining"], after["pre_payment_credit_notes_amount"]) == (700, 300)
    talk.made(f"/v1/credit_notes/{note['id']}/void")
    assert talk.got(f"/v1/invoices/{opened['id']}")["amount_remaining"] == 1_000
    paid = act(talk, opened, "pay")
    assert paid["amount_paid"] == 1_000


def test_the_lines_of_a_previewed_note_are_paged(talk: Talk):
    payer = customer(talk)
    draft = drafted(talk, payer, 1_000)
    extra = {"customer": payer, "invoice": draft["id"], "currency": "usd", "amount": 500}
    talk.made("/v1/invoiceitems", extra)
    opened = act(talk, draft, "finalize")
    lines = [
        {"type": "invoice_line_item", "invoice_line_item": line["id"], "amount": 100}
        for line in opened["lines"]["data"]
    ]
    sent = {"invoice": opened["id"], "lines": lines}
    path = "/v1/credit_notes/preview/lines"
    first, second = talk.got(path, sent)["data"]
    page = talk.got(path, {**sent, "limit": 1})
    assert (page["data"], page["has_more"]) == ([first], True)
    assert talk.got(path, {**sent, "starting_after": first["id"]})["data"] == [second]
    assert talk.got("/v1/credit_notes")["data"] == []


def test_a_paid_invoice_gives_back(talk: Talk):
    payer = customer(talk)
    paid = act(talk, drafted(talk, payer, 1_000), "pay")
    line = paid["lines"]["data"][0]["id"]
    lines = [{"type": "invoice_line_item", "invoice_line_item": line, "amount": 600}]
    sent = {"invoice": paid["id"], "lines": lines, "refund_amount": 500, "credit_amount": 100}
    shown = talk.got("/v1/credit_notes/preview", sent)
    note = talk.made("/v1/credit_notes", sent)
    assert shown["total"] == note["total"] == 600
    (refund,) = talk.got("/v1/refunds")["data"]
    assert (refund["amount"], note["refunds"][0]["refund"]) == (500, refund["id"])
    assert talk.got(f"/v1/customers/{payer}")["balance"] == -100
    assert talk.got(f"/v1/invoices/{paid['id']}")["post_payment_credit_notes_amount"] == 600
    too_much = {"invoice": paid["id"], "amount": 401, "refund_amount": 401}
    assert error(talk.post("/v1/credit_notes", too_much), 400)["param"] == "amount"
    uneven = {"invoice": paid["id"], "amount": 400, "refund_amount": 300}
    assert "must equal" in error(talk.post("/v1/credit_notes", uneven), 400)["message"]
    jsonschema.Draft202012Validator(json_schema("credit_note")).validate(note)
    assert talk.control("audit").json()["holds"] is True
