"""Kinds of parameters beyond plain values, and parameters that versions know differently."""

from __future__ import annotations

import pytest

from emulator.contract import coerce, operations
from emulator.kernel import files
from emulator.kernel.errors import Refusal
from tests.contract.sending import CUSTOMER, ENOUGH, NEWEST, PAY, SESSION, refused, send


@pytest.mark.parametrize(("sent", "taken"), [("0", 1), ("1", 1), ("100", 100), ("101", 100)])
def test_a_page_size_is_brought_into_range(sent, taken):
    assert send("GET /v1/customers", {"limit": sent}) == {"limit": taken}


def test_a_page_size_is_a_number():
    assert refused("GET /v1/customers", {"limit": "many"})[0] == "Invalid integer: many"


def test_a_date_or_a_range():
    listing = "GET /v1/charges"
    assert send(listing, {"created": "5"}) == {"created": 5}
    assert send(listing, {"created": {"gte": "5"}}) == {"created": {"gte": 5}}
    assert refused(listing, {"created": "x"})[::2] == ("Invalid integer: x", "created")
    assert refused(listing, {"created": {"gte": "x"}})[2] == "created[gte]"
    assert refused(listing, {"created": {"since": "1"}})[0] == (
        "Received unknown parameter: created[since]"
    )


def test_a_date_or_now():
    update = "POST /v1/subscriptions/{subscription_exposed_id}"
    assert send(update, {"trial_end": "now"}) == {"trial_end": "now"}
    assert send(update, {"trial_end": "5"}) == {"trial_end": 5}
    assert refused(update, {"trial_end": "soon"})[0] == "Invalid integer: soon"


def test_an_id_or_its_contents():
    create = "POST /v1/accounts/{account}/external_accounts"
    account = {"object": "bank_account", "country": "US", "account_number": "000123456789"}
    assert send(create, {"external_account": "btok_1"}) == {"external_account": "btok_1"}
    assert send(create, {"external_account": account}) == {"external_account": account}


@pytest.mark.parametrize(
    "key",
    [PAY, "POST /v1/payment_intents/{intent}/confirm", "POST /v1/setup_intents", SESSION],
)
def test_payment_method_types_vanished_in_endive(key):
    sent = {**(ENOUGH if key == PAY else {}), "payment_method_types": ["card"]}
    assert send(key, sent, "2026-09-29")["payment_method_types"] == ["card"]
    assert refused(key, sent, "2026-09-30")[1:] == ("parameter_unknown", "payment_method_types")


def test_payment_links_keep_payment_method_types():
    sent = {"payment_method_types": ["card"], "line_items": [{"price": "price_1", "quantity": "1"}]}
    assert send("POST /v1/payment_links", sent)["payment_method_types"] == ["card"]


def test_an_enum_renamed_between_versions():
    assert send(SESSION, {"ui_mode": "embedded"}, "2026-03-24") == {"ui_mode": "embedded"}
    assert refused(SESSION, {"ui_mode": "embedded"}, "2026-03-25")[2] == "ui_mode"
    assert send(SESSION, {"ui_mode": "embedded_page"}, "2026-03-25") == {"ui_mode": "embedded_page"}


def test_a_value_that_became_an_object():
    update = "POST /v1/subscriptions/{subscription_exposed_id}"
    assert send(update, {"billing_cycle_anchor": "now"}, "2026-09-29")
    assert send(update, {"billing_cycle_anchor": {"type": "now"}}, "2026-09-30")
    assert refused(update, {"billing_cycle_anchor": "now"}, "2026-09-30")[0] == "Invalid object"


@pytest.mark.parametrize(
    ("key", "sent", "version"),
    [
        (CUSTOMER, {"card": "tok_1"}, "2023-10-16"),
        (CUSTOMER, {"source": {"object": "card", "number": "4242"}}, "2016-07-06"),
        ("POST /v1/charges", {"destination": "acct_1"}, "2023-10-16"),
        ("POST /v1/charges", {"destination": {"account": "acct_1"}}, "2023-10-16"),
        ("POST /v1/accounts", {"requested_capabilities": ["transfers"]}, "2023-10-16"),
        ("POST /v1/accounts", {"bank_account": {"account_number": "1", "country": "US"}}, NEWEST),
        ("POST /v1/accounts", {"managed": "true"}, "2016-07-06"),
        ("POST /v1/accounts", {"legal_entity": {"dob": {"day": "1"}}}, "2016-07-06"),
        ("GET /v1/customers", {"include": ["total_count"]}, "2016-07-06"),
        ("POST /v1/customers/{customer}/subscriptions", {"plan": "x"}, "2016-07-06"),
    ],
)
def test_what_older_applications_send(key, sent, version):
    assert set(send(key, sent, version)) == set(sent)


def test_typed_values_of_a_json_body():
    create = "POST /v2/core/event_destinations"
    sent = {
        "name": "x",
        "type": "webhook_endpoint",
        "event_payload": "thin",
        "enabled_events": ["v1.charge.refunded"],
        "metadata": {"a": None},
    }
    assert send(create, sent) == sent
    assert refused(create, {**sent, "expand": ["x"]})[1] == "parameter_unknown"


@pytest.mark.parametrize(
    "name", [path.stem for path in (files.schemas() / "stripe/params").iterdir()]
)
def test_every_operation_compiles(name):
    for operation in operations().values():
        if operation.stem == name:
            for version in ("2011-01-01", NEWEST):
                with pytest.raises(Refusal):
                    coerce(operation, {"no such thing": "1"}, version)
