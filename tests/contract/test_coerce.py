"""What was sent becomes typed values, or a refusal in Stripe's words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sending import CUSTOMER, ENOUGH, PAY, SESSION, refused, send


def test_texts_become_what_they_stand_for():
    sent = {
        "amount": "1000",
        "currency": "USD",
        "confirm": "true",
        "transfer_data": {"destination": "acct_1", "amount": "5"},
        "metadata": {"a": "b"},
        "expand": ["latest_charge"],
    }
    assert send(PAY, sent) == {
        "amount": 1000,
        "currency": "usd",
        "confirm": True,
        "transfer_data": {"destination": "acct_1", "amount": 5},
        "metadata": {"a": "b"},
        "expand": ["latest_charge"],
    }


def test_what_was_sent_is_left_as_it_was():
    sent = {**ENOUGH, "shipping": {"name": "A", "address": {"line1": ""}}}
    send(PAY, sent)
    assert sent["shipping"] == {"name": "A", "address": {"line1": ""}}


def test_one_unknown_parameter():
    assert refused(CUSTOMER, {"foo": "1"}) == (
        "Received unknown parameter: foo",
        "parameter_unknown",
        "foo",
    )


def test_several_unknown_parameters_are_told_together():
    assert refused(CUSTOMER, {"foo": "1", "shipping": {"name": "x", "zzz": "1"}, "qqq": "2"}) == (
        "Received unknown parameters: foo, shipping[zzz], qqq",
        "parameter_unknown",
        "foo",
    )


def test_a_known_parameter_nearby_is_suggested():
    sent = {"customer": "cus_1", "price": "price_1"}
    assert refused("POST /v1/invoiceitems", sent) == (
        "Received unknown parameter: price. Did you mean pricing?",
        "parameter_unknown",
        "price",
    )
    wrong = "shipping_address_collection.allowed_countries"
    message, *_ = refused(SESSION, {wrong: "BA"})
    assert message.endswith("Did you mean shipping_address_collection?")


def test_a_suggestion_inside_an_object_has_its_whole_path():
    message, _, param = refused(PAY, {**ENOUGH, "automatic_payment_methods": {"enable": "true"}})
    assert message.endswith("Did you mean automatic_payment_methods[enabled]?")
    assert param == "automatic_payment_methods[enable]"


def test_unknown_parameters_come_before_all_else():
    assert refused(PAY, {"amount": "x", "foo": "1"})[1] == "parameter_unknown"


def test_declared_parameters_are_checked_in_their_order():
    assert refused(PAY, {"currency": "xyz", "confirm": "maybe"})[2] == "amount"
    assert refused(PAY, {"amount": "1", "confirm": "maybe", "currency": "xyz"})[2] == "confirm"


def test_a_missing_parameter():
    assert refused(PAY, {"amount": "1"}) == (
        "Missing required param: currency.",
        "parameter_missing",
        "currency",
    )


def test_a_missing_parameter_inside_an_array():
    sent = {"customer": "cus_1", "lines": [{"type": "invoice_line_item"}, {"amount": "1"}]}
    assert refused("POST /v1/credit_notes", {"invoice": "in_1", "lines": sent["lines"]})[2] == (
        "lines[1][type]"
    )


@pytest.mark.parametrize(
    "value", ["abc", "1.5", "1e3", " 1", "\uff11", "0x1", "9" * 19, "9" * 5000, "-"]
)
def test_not_an_integer(value):
    assert refused(PAY, {"amount": value, "currency": "usd"}) == (
        f"Invalid integer: {value}",
        "parameter_invalid_integer",
        "amount",
    )


def test_the_largest_integer():
    balance = "POST /v1/customers"
    assert send(balance, {"balance": str(2**63 - 1)}) == {"balance": 2**63 - 1}
    assert refused(balance, {"balance": str(2**63)})[1] == "parameter_invalid_integer"
    assert send(balance, {"balance": "-10"}) == {"balance": -10}


def test_amounts_start_at_one():
    small = "This value must be greater than or equal to 1."
    refund = "POST /v1/refunds"
    assert send(refund, {"amount": "1"}) == {"amount": 1}
    assert refused(refund, {"amount": "0"}) == (small, "parameter_invalid_integer", "amount")
    assert refused(refund, {"amount": "-1"})[0] == small
    assert refused(PAY, {"amount": "0", "currency": "usd"}, "2020-08-27")[0] == small
    message, code, _ = refused(PAY, {"amount": "0", "currency": "usd"}, "2024-06-20")
    assert message.startswith("The amount must be greater than or equal to the minimum charge")
    assert code == "parameter_invalid_integer"


def test_the_most_of_a_number():
    def lines(most):
        many = {"enabled": "true", "maximum": most}
        item = {"price": "price_1", "quantity": "1", "adjustable_quantity": many}
        return {"mode": "payment", "line_items": {"0": item}}

    assert send(SESSION, lines("999999"))
    assert refused(SESSION, lines("1000000")) == (
        "This value must be less than or equal to 999999.",
        "parameter_invalid_integer",
        "line_items[0][adjustable_quantity][maximum]",
    )


@pytest.mark.parametrize(
    ("sent", "typed"), [("true", True), ("false", False), ("True", True), ("False", False)]
)
def test_true_and_false_are_booleans(sent, typed):
    assert send(PAY, {**ENOUGH, "confirm": sent})["confirm"] is typed


@pytest.mark.parametrize("value", ["yes", "1", "TRUE"])
def test_nothing_else_is_a_boolean(value):
    assert refused(PAY, {**ENOUGH, "confirm": value}) == (
        f"Invalid boolean: {value}",
        None,
        "confirm",
    )


def test_a_decimal_is_digits_and_a_point():
    price = "POST /v1/prices"
    product = {"currency": "usd", "product": "prod_1"}
    assert send(price, {**product, "unit_amount_decimal": "1.25"})["unit_amount_decimal"] == "1.25"
    for value in ("x", "1,2", "NaN", "1e3", "."):
        message, code, param = refused(price, {**product, "unit_amount_decimal": value})
        assert (message, code, param) == (f"Invalid decimal: {value}", None, "unit_amount_decimal")


def test_a_number_may_have_a_fraction():
    coupon = "POST /v1/coupons"
    assert send(coupon, {"percent_off": "12.5"}) == {"percent_off": 12.5}
    assert refused(coupon, {"percent_off": "half"})[0] == "Invalid decimal: half"


def test_values_outside_an_enum():
    assert refused(PAY, {**ENOUGH, "capture_method": "later"}) == (
        "Invalid capture_method: must be one of automatic, automatic_async, or manual",
        None,
        "capture_method",
    )
    assert refused(PAY, {**ENOUGH, "confirmation_method": "x"})[0] == (
        "Invalid confirmation_method: must be one of automatic or manual"
    )


def test_the_path_of_a_nested_enum():
    sent = {**ENOUGH, "automatic_payment_methods": {"enabled": "true", "allow_redirects": "x"}}
    assert refused(PAY, sent)[0] == (
        "Invalid automatic_payment_methods[allow_redirects]: must be one of always or never"
    )


def test_an_unknown_currency():
    message, code, param = refused(PAY, {"amount": "1", "currency": "XYZ"})
    assert message.startswith(
        "Invalid currency: xyz. Stripe currently supports these currencies: usd, aed, afn, all, "
    )
    assert message.endswith(", sll, mro")
    assert (code, param) == (None, "currency")


def test_an_object_and_an_array_are_wanted():
    assert refused(PAY, {**ENOUGH, "transfer_data": "x"}) == (
        "Invalid object",
        None,
        "transfer_data",
    )
    assert refused(PAY, {**ENOUGH, "transfer_data": ["x"]})[0] == "Invalid object"
    assert refused(CUSTOMER, {"preferred_locales": "x"}) == (
        "Invalid array",
        None,
        "preferred_locales",
    )
    assert refused(CUSTOMER, {"preferred_locales": {"a": "x"}})[0] == "Invalid array"


def test_a_text_is_wanted():
    assert refused(CUSTOMER, {"email": {"a": "b"}}) == (
        'Invalid string: {"a": "b"}',
        None,
        "email",
    )


def test_endless_nesting_is_refused_like_any_other():
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"a": deep}
    assert refused(CUSTOMER, {"email": deep})[0] == "Invalid string: ..."
    assert refused(CUSTOMER, {"shipping": deep})[1] == "parameter_unknown"


def test_positions_of_an_array_may_be_written_out():
    assert send(CUSTOMER, {"preferred_locales": {"1": "b", "0": "a", "10": "c"}}) == {
        "preferred_locales": ["a", "b", "c"]
    }


def test_an_array_has_its_most():
    def images(count):
        product = {"name": "x", "images": [f"i{n}" for n in range(count)]}
        price = {"currency": "usd", "unit_amount": "1", "product_data": product}
        return {"mode": "payment", "line_items": [{"quantity": "1", "price_data": price}]}

    assert send(SESSION, images(8))
    assert refused(SESSION, images(9)) == (
        (
            "Array line_items[0][price_data][product_data][images] exceeded maximum 8 allowed "
            "elements."
        ),
        None,
        "line_items[0][price_data][product_data][images]",
    )


@pytest.mark.parametrize("length", [199, 200])
def test_a_text_up_to_its_length(length):
    assert send(SESSION, {"client_reference_id": "x" * length})


def test_a_text_beyond_its_length_is_shown_by_its_ends():
    assert refused(SESSION, {"client_reference_id": "abcd" + "x" * 193 + "wxyz"}) == (
        "Invalid string: abcd...wxyz; must be at most 200 characters",
        None,
        "client_reference_id",
    )


def test_a_statement_descriptor_beyond_its_length():
    assert send(PAY, {**ENOUGH, "statement_descriptor": "D" * 22})
    assert refused(PAY, {**ENOUGH, "statement_descriptor": "D" * 23})[0] == (
        f"The statement descriptor must be at most 22 characters. {'D' * 23} is 23 characters long."
    )


def test_an_empty_text_clears_what_can_be_cleared():
    assert send(CUSTOMER, {"name": "", "business_name": ""}) == {
        "name": None,
        "business_name": None,
    }


def test_an_empty_text_elsewhere_is_refused():
    message, code, param = refused(PAY, {**ENOUGH, "customer": ""})
    assert message == (
        "You passed an empty string for 'customer'. We assume empty values are an attempt to unset "
        "a parameter; however 'customer' cannot be unset. You should remove 'customer' from your "
        "request or supply a non-empty value."
    )
    assert (code, param) == ("parameter_invalid_empty", "customer")
    assert refused(PAY, {"amount": "", "currency": "usd"})[1] == "parameter_invalid_empty"
    assert refused(PAY, {**ENOUGH, "expand": [""]})[2] == "expand[0]"


def test_an_array_of_one_empty_text_is_cleared():
    update = "POST /v1/accounts/{account}/persons/{person}"
    for empty in ("", [""], {"0": ""}):
        assert send(update, {"full_name_aliases": empty}) == {"full_name_aliases": None}


def test_metadata_keeps_empty_texts_as_deletions():
    assert send(CUSTOMER, {"metadata": {"a": "", "b": "1"}}) == {"metadata": {"a": "", "b": "1"}}
    assert send(CUSTOMER, {"metadata": ""}) == {"metadata": None}
    assert send(PAY, {**ENOUGH, "metadata": ""})["metadata"] is None


def test_the_edges_of_metadata():
    assert send(CUSTOMER, {"metadata": {"k" * 40: "v" * 500}})
    assert send(CUSTOMER, {"metadata": {str(n): "x" for n in range(50)}})
    assert refused(CUSTOMER, {"metadata": {str(n): "x" for n in range(51)}})[2] == "metadata"
    assert refused(CUSTOMER, {"metadata": {"k" * 41: "v"}})[2] == f"metadata[{'k' * 41}]"
    assert refused(CUSTOMER, {"metadata": {"a[": "v"}})[2] == "metadata[a[]"
    assert refused(CUSTOMER, {"metadata": {"k": "v" * 501}})[0] == (
        "Metadata values can have up to 500 characters, but you passed in a value that is 501 "
        f"characters. Invalid value: {'v' * 501}"
    )
    assert refused(CUSTOMER, {"metadata": {"k": {"x": "y"}}})[2] == "metadata[k]"
    assert refused(CUSTOMER, {"metadata": "x"})[0] == "Invalid object"
