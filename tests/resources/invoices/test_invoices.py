"""Invoices that clients make: lines, sums, taxes, payment, the ways they end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.resources.subscribers import (
    PAID,
    act,
    amounts,
    customer,
    drafted,
    events,
    price,
    subscribe,
)
from tests.talking import NOW, Talk, error

# -- from draft to paid ---------------------------------------------------------------------------


def test_an_invoice_is_drafted_finalised_and_paid(talk: Talk):
    payer = customer(talk)
    draft = drafted(talk, payer, 1_000, 250, metadata={"a": "b"})
    assert (draft["status"], draft["number"], draft["total"]) == ("draft", None, 1_250)
    assert amounts(draft) == [1_000, 250]
    before = len(events(talk))
    opened = act(talk, draft, "finalize")
    assert (opened["status"], opened["amount_due"], opened["attempted"]) == ("open", 1_250, False)
    assert opened["status_transitions"]["finalized_at"] == NOW
    paid = act(talk, draft, "pay")
    assert (paid["status"], paid["amount_paid"], paid["amount_remaining"]) == ("paid", 1_250, 0)
    assert events(talk, before) == [
        *PAID,
    ]
    (payment,) = talk.got("/v1/invoice_payments", {"invoice": draft["id"]})["data"]
    intent = payment["payment"]["payment_intent"]
    wanted = {"payment": {"type": "payment_intent", "payment_intent": intent}}
    assert talk.got("/v1/invoice_payments", wanted)["data"] == [payment]
    nobody = {"payment": {"type": "payment_intent", "payment_intent": "pm_1234"}}
    assert talk.got("/v1/invoice_payments", nobody)["data"] == []  # observed
    refused = error(talk.post(f"/v1/invoices/{draft['id']}/pay"), 400)
    assert refused["message"] == "Invoice is already paid"


def test_numbers_follow_each_other_per_customer(talk: Talk):
    payer, other = customer(talk), customer(talk)
    numbers = [
        act(talk, drafted(talk, each, 500), "finalize")["number"] for each in (payer, payer, other)
    ]
    assert [number.split("-")[1] for number in numbers] == ["0001", "0002", "0001"]
    assert talk.got(f"/v1/customers/{payer}")["next_invoice_sequence"] == 3


def test_an_invoice_may_advance_by_itself(talk: Talk):
    draft = drafted(talk, customer(talk), 700, auto_advance=True)
    assert draft["automatically_finalizes_at"] == NOW + 3_600
    talk.advance("59m")
    assert talk.got(f"/v1/invoices/{draft['id']}")["status"] == "draft"
    talk.advance("1m")
    assert talk.got(f"/v1/invoices/{draft['id']}")["status"] == "paid"


def test_what_waits_is_taken_when_asked(talk: Talk):
    payer = customer(talk)
    once = price(talk, 300, interval=None)
    params = {"customer": payer, "pricing": {"price": once}, "quantity": 3}
    item = talk.made("/v1/invoiceitems", params)
    assert (item["amount"], item["description"]) == (900, "Tea")
    assert drafted(talk, payer)["lines"]["data"] == []
    taken = drafted(talk, payer, pending_invoice_items_behavior="include")
    assert amounts(taken) == [900]
    assert talk.got(f"/v1/invoiceitems/{item['id']}")["invoice"] == taken["id"]
    old = {"stripe_version": "2020-08-27"}
    nothing = error(talk.post("/v1/invoices", {"customer": payer}, **old), 400)
    assert nothing["code"] == "invoice_no_customer_line_items"


def test_a_small_amount_waits_on_the_balance(talk: Talk):
    payer = customer(talk)
    paid = act(talk, drafted(talk, payer, 10), "finalize")
    assert (paid["status"], paid["amount_due"], paid["ending_balance"]) == ("paid", 0, 10)
    assert talk.got(f"/v1/customers/{payer}")["balance"] == 10
    later = act(talk, drafted(talk, payer, 990), "pay")
    assert (later["starting_balance"], later["amount_paid"], later["ending_balance"]) == (
        10,
        1_000,
        0,
    )


def test_credit_pays_first(talk: Talk):
    payer = customer(talk)
    talk.made(f"/v1/customers/{payer}/balance_transactions", {"amount": -700, "currency": "usd"})
    paid = act(talk, drafted(talk, payer, 500), "finalize")
    assert (paid["status"], paid["amount_due"], paid["ending_balance"]) == ("paid", 0, -200)
    voided = act(talk, act(talk, drafted(talk, payer, 900), "finalize"), "void")
    assert voided["amount_due"] == 700
    assert talk.got(f"/v1/customers/{payer}")["balance"] == -200


def test_a_declined_card_leaves_it_open(talk: Talk):
    draft = drafted(talk, customer(talk, "pm_card_chargeCustomerFail"), 500)
    refused = error(talk.post(f"/v1/invoices/{draft['id']}/pay"), 402)
    assert refused["code"] == "card_declined"
    after = talk.got(f"/v1/invoices/{draft['id']}")
    assert (after["status"], after["attempt_count"], after["attempted"]) == ("open", 1, True)
    assert talk.control("audit").json()["holds"] is True


def test_it_may_be_paid_elsewhere(talk: Talk):
    paid = act(talk, drafted(talk, talk.customer()["id"], 500), "pay", paid_out_of_band=True)
    assert (paid["status"], paid["amount_paid"]) == ("paid", 500)
    assert talk.got("/v1/charges")["data"] == []
    old = talk.got(f"/v1/invoices/{paid['id']}", stripe_version="2023-10-16")
    assert (old["paid"], old["paid_out_of_band"]) == (True, True)


# -- sent ones ------------------------------------------------------------------------------------


def test_an_invoice_is_sent_and_falls_due(talk: Talk):
    payer = customer(talk)
    sent = {"collection_method": "send_invoice", "days_until_due": 2}
    opened = act(talk, drafted(talk, payer, 500, **sent), "send")
    assert (opened["status"], opened["due_date"]) == ("open", NOW + 2 * 86_400)
    assert events(talk)[-1] == "invoice.sent"
    talk.advance("2d")
    assert "invoice.overdue" in events(talk)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"collection_method": "send_invoice", "days_until_due": 3}, "Missing email."),
        ({"collection_method": "send_invoice"}, "If invoice is created with"),
        ({"days_until_due": 3}, "You can only set `days_until_due`"),
    ],
)
def test_sent_invoices_need_an_address_and_a_day(talk: Talk, params: Any, words: str):
    email = {} if words.startswith("Missing") else {"email": "a@example.com"}
    payer = talk.made("/v1/customers", email)["id"]
    refused = error(talk.post("/v1/invoices", {"customer": payer, **params}), 400)
    assert refused["message"].startswith(words)


def test_a_person_pays_on_the_page(talk: Talk):
    opened = act(talk, drafted(talk, customer(talk), 500), "finalize")
    page = opened["hosted_invoice_url"].removeprefix("http://localhost:12111")
    assert "$5.00" in talk.client.get(page).text
    assert talk.client.get(f"{page}/pdf").content.startswith(b"%PDF")
    talk.client.post(page, data={"deed": "pm_card_visa_chargeDeclined"})
    assert talk.got(f"/v1/invoices/{opened['id']}")["status"] == "open"
    talk.client.post(page, data={"deed": "pm_card_visa"})
    assert talk.got(f"/v1/invoices/{opened['id']}")["status"] == "paid"
    assert "It is paid." in talk.client.get(page).text


# -- sums -----------------------------------------------------------------------------------------


def _rate(talk: Talk, percentage: float, *, inclusive: bool) -> str:
    params = {"display_name": "VAT", "percentage": percentage, "inclusive": inclusive}
    return str(talk.made("/v1/tax_rates", params)["id"])


@pytest.mark.parametrize(
    ("inclusive", "total", "tax", "without"), [(False, 1_190, 190, 1_000), (True, 1_000, 160, 840)]
)
def test_taxes_stand_within_or_on_top(
    talk: Talk, *, inclusive: bool, total: int, tax: int, without: int
):
    rates = [_rate(talk, 19, inclusive=inclusive)]
    draft = drafted(talk, customer(talk), 1_000, default_tax_rates=rates)
    assert (draft["total"], draft["total_excluding_tax"]) == (total, without)
    (line,) = draft["lines"]["data"]
    assert [each["amount"] for each in line["taxes"]] == [tax]
    assert [each["amount"] for each in draft["total_taxes"]] == [tax]
    old = talk.got(f"/v1/invoices/{draft['id']}", stripe_version="2023-10-16")
    assert (old["tax"], old["total_tax_amounts"][0]["inclusive"]) == (tax, inclusive)


def test_who_is_exempt_pays_no_tax(talk: Talk):
    rates = [_rate(talk, 19, inclusive=False)]
    payer = customer(talk, tax_exempt="exempt")
    assert drafted(talk, payer, 1_000, default_tax_rates=rates)["total"] == 1_000


def test_discounts_come_before_taxes(talk: Talk):
    talk.made("/v1/coupons", {"percent_off": 10, "duration": "once", "id": "TEN"})
    fixed = {"amount_off": 100, "currency": "usd", "duration": "once", "id": "ONE"}
    talk.made("/v1/coupons", fixed)
    draft = drafted(
        talk,
        customer(talk),
        1_000,
        505,
        default_tax_rates=[_rate(talk, 20, inclusive=False)],
        discounts=[{"coupon": "TEN"}, {"coupon": "ONE"}],
    )
    off = [[part["amount"] for part in line["discount_amounts"]] for line in draft["lines"]["data"]]
    assert off == [[100, 66], [51, 34]]
    assert [each["amount"] for each in draft["total_discount_amounts"]] == [151, 100]
    assert (draft["subtotal"], draft["total_excluding_tax"], draft["total"]) == (
        1_505,
        1_254,
        1_254 + 167 + 84,
    )


def test_lines_are_changed_and_taken_off(talk: Talk):
    payer = customer(talk)
    draft = drafted(talk, payer, 1_000, 500)
    first, second = (line["id"] for line in draft["lines"]["data"])
    path = f"/v1/invoices/{draft['id']}"
    added = talk.made(f"{path}/add_lines", {"lines": [{"amount": 40, "description": "Sugar"}]})
    assert added["total"] == 1_540
    talk.made(f"{path}/update_lines", {"lines": [{"id": first, "amount": 900}]})
    line = talk.made(f"{path}/lines/{first}", {"description": "Tea"})
    assert (line["amount"], line["description"]) == (900, "Tea")
    left = talk.made(f"{path}/remove_lines", {"lines": [{"id": second, "behavior": "unassign"}]})
    assert left["total"] == 940
    assert len(talk.got("/v1/invoiceitems", {"pending": "true"})["data"]) == 1
    listed = talk.got(f"{path}/lines", {"limit": 1})
    assert (listed["data"][0]["id"], listed["has_more"]) == (first, True)
    more = talk.got(f"{path}/lines", {"starting_after": first})
    assert [each["description"] for each in more["data"]] == ["Sugar"]


# -- other ends -----------------------------------------------------------------------------------


def test_an_open_invoice_is_voided_or_given_up(talk: Talk):
    payer = customer(talk)
    one, other = (act(talk, drafted(talk, payer, 500), "finalize") for _ in range(2))
    voided = act(talk, one, "void")
    assert (voided["status"], voided["status_transitions"]["voided_at"]) == ("void", NOW)
    intents = talk.got("/v1/payment_intents")["data"]
    assert [each["status"] for each in intents] == ["requires_payment_method", "canceled"]
    assert error(talk.post(f"/v1/invoices/{one['id']}/pay"), 400)["code"] == "invoice_not_payable"
    lost = act(talk, other, "mark_uncollectible")
    assert lost["status"] == "uncollectible"
    assert act(talk, lost, "pay")["status"] == "paid"


def test_only_drafts_are_deleted_and_edited(talk: Talk):
    payer = customer(talk)
    draft = drafted(talk, payer, 500)
    assert talk.delete(f"/v1/invoices/{draft['id']}").json()["deleted"] is True
    assert events(talk)[-1] == "invoice.deleted"
    assert len(talk.got("/v1/invoiceitems", {"pending": "true"})["data"]) == 1
    opened = act(talk, drafted(talk, payer, 500), "finalize")
    path = f"/v1/invoices/{opened['id']}"
    assert error(talk.delete(path), 400)["message"] == "You can only delete draft invoices."
    assert error(talk.post(path, {"description": "x"}), 400)["code"] == "invoice_not_editable"
    assert talk.made(path, {"metadata": {"a": "b"}})["metadata"] == {"a": "b"}
    assert "already finalized" in error(talk.post(f"{path}/finalize"), 400)["message"]


# -- previews -------------------------------------------------------------------------------------


def test_a_preview_shows_the_renewal_and_keeps_nothing(talk: Talk):
    payer = customer(talk)
    made = subscribe(talk, price(talk), payer)
    before = events(talk)
    shown = talk.made("/v1/invoices/create_preview", {"subscription": made["id"]})
    assert (shown["total"], shown["status"], shown["id"][:12]) == (2_000, "draft", "upcoming_in_")
    assert shown["lines"]["data"][0]["period"]["start"] == NOW + 31 * 86_400
    item = {"id": made["items"]["data"][0]["id"], "quantity": 4}
    details = {"items": [item], "proration_behavior": "always_invoice"}
    changed = talk.made(
        "/v1/invoices/create_preview", {"subscription": made["id"], "subscription_details": details}
    )
    assert amounts(changed) == [-2_000, 8_000]
    new = {"customer": payer, "subscription_details": {"items": [{"price": price(talk, 900)}]}}
    assert talk.made("/v1/invoices/create_preview", new)["total"] == 900
    old = talk.got("/v1/invoices/upcoming", {"customer": payer}, stripe_version="2023-10-16")
    assert (old["total"], old["subscription"], "id" in old) == (2_000, made["id"], False)
    assert [e for e in events(talk) if not e.startswith(("p", "plan"))] == [
        e for e in before if not e.startswith(("p", "plan"))
    ]
    assert talk.got(f"/v1/subscriptions/{made['id']}")["quantity"] == 1
    assert len(talk.got("/v1/invoices")["data"]) == 1


def test_there_is_nothing_to_preview(talk: Talk):
    assert error(talk.post("/v1/invoices/create_preview"), 400)["message"].startswith("You must")
    nobody = talk.customer()["id"]
    refused = error(talk.post("/v1/invoices/create_preview", {"customer": nobody}), 404)
    assert refused["code"] == "invoice_upcoming_none"


# -- tax ids --------------------------------------------------------------------------------------


def test_tax_ids_stand_on_invoices(talk: Talk):
    payer = customer(talk)
    path = f"/v1/customers/{payer}/tax_ids"
    made = talk.made(path, {"type": "eu_vat", "value": "DE123456789"})
    assert (made["country"], made["verification"]["status"]) == ("DE", "pending")
    talk.advance("5s")
    assert talk.got(f"{path}/{made['id']}")["verification"]["status"] == "verified"
    assert drafted(talk, payer)["customer_tax_ids"] == [{"type": "eu_vat", "value": "DE123456789"}]
    shown = talk.got(f"/v1/customers/{payer}", {"expand": ["tax_ids"]})
    assert [each["id"] for each in shown["tax_ids"]["data"]] == [made["id"]]
    refused = error(talk.post(path, {"type": "eu_vat", "value": "12"}), 400)
    assert refused["code"] == "tax_id_invalid"
    assert talk.delete(f"{path}/{made['id']}").json()["deleted"] is True


def test_another_payment_may_pay_it(talk: Talk):
    payer = customer(talk)
    opened = act(talk, drafted(talk, payer, 800), "finalize")
    params = {"amount": 800, "currency": "usd", "customer": payer, "confirm": True}
    params |= {"payment_method": "pm_card_visa", "payment_method_types": ["card"]}
    intent = talk.made("/v1/payment_intents", params)["id"]
    paid = act(talk, opened, "attach_payment", payment_intent=intent)
    assert (paid["status"], paid["amount_paid"]) == ("paid", 800)
    payments = talk.got("/v1/invoice_payments", {"invoice": opened["id"], "status": "paid"})["data"]
    assert [(each["is_default"], each["payment"]["payment_intent"]) for each in payments] == [
        (False, intent)
    ]


def test_payments_named_their_invoice_before_basil(talk: Talk):
    paid = act(talk, drafted(talk, customer(talk), 800), "pay")
    old = {"stripe_version": "2023-10-16"}
    (charge,) = talk.got("/v1/charges", **old)["data"]
    assert charge["invoice"] == paid["id"]
    (intent,) = talk.got("/v1/payment_intents", {"expand": ["data.invoice"]}, **old)["data"]
    assert intent["invoice"]["payment_intent"] == intent["id"]
    (new,) = talk.got("/v1/charges")["data"]
    assert "invoice" not in new


def test_what_cannot_be_finalised_says_why(talk: Talk):
    draft = drafted(talk, customer(talk), 99_999_999, 1, auto_advance=True)
    talk.advance("1h")
    after = talk.got(f"/v1/invoices/{draft['id']}")
    assert (after["status"], after["last_finalization_error"]["code"]) == (
        "draft",
        "amount_too_large",
    )
    assert events(talk)[-1] == "invoice.finalization_failed"


def test_what_a_customers_card_pays_shows_it_as_the_source(talk: Talk):
    payer = talk.customer(source="tok_visa")
    invoice = drafted(talk, payer["id"], 500)
    act(talk, invoice, "pay")
    charge = talk.got("/v1/charges", {"customer": payer["id"]})["data"][0]
    assert charge["payment_method"] == payer["default_source"]
    assert charge["source"]["id"] == payer["default_source"]
    assert charge["source"]["last4"] == "4242"
