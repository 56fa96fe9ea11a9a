"""What the contract knows of objects: fields, expansion, JSON Schema."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from emulator.contract import (
    event_object,
    event_types,
    expandable,
    is_event_type,
    json_schema,
    object_names,
    operations,
    shape,
)

TRANSFER = {
    "id": "tr_1",
    "object": "transfer",
    "amount": 1,
    "amount_reversed": 0,
    "balance_transaction": "txn_1",
    "created": 1,
    "currency": "usd",
    "description": None,
    "livemode": False,
    "metadata": {},
    "reversals": {"object": "list", "data": [], "has_more": False, "url": "/v1/transfers/tr_1"},
    "reversed": False,
}


def errors(name, document):
    return [
        error.message for error in Draft202012Validator(json_schema(name)).iter_errors(document)
    ]


def test_a_shape_tells_fields_and_their_types():
    fields = shape("transfer")["fields"]
    assert fields["amount"] == {"type": "integer", "required": True}
    assert fields["balance_transaction"]["expands"] == ["balance_transaction"]
    assert fields["reversals"]["of"] == ["transfer_reversal"]


def test_what_an_operation_returns_has_a_shape():
    returned = {name for each in operations().values() for name in each.returns.split("|")}
    assert returned - object_names() == {"", "v2.deleted_object"}


def test_what_an_event_carries_has_a_shape():
    carried = {name for each in event_types() for name in (event_object(each) or "").split("|")}
    assert carried - object_names() == {""}


def test_expandable_paths():
    paths = expandable("charge")
    assert paths["balance_transaction"] == ("balance_transaction",)
    assert paths["refunds"] == ("refund",)
    assert paths["refunds.data.charge"] == ("charge",)
    assert paths["transfer_data.destination"] == ("account",)
    assert "amount" not in paths


def test_contents_shown_only_on_request():
    assert expandable("customer")["tax"] == ()
    assert expandable("invoice")["confirmation_secret"] == ()
    assert expandable("balance")["instant_available.net_available"] == ()


def test_older_fields_can_be_expanded():
    assert expandable("charge")["invoice"] == ("invoice",)
    assert "invoice" not in shape("charge")["fields"]


@pytest.mark.parametrize("name", sorted(object_names()))
def test_every_object_has_a_valid_schema(name):
    definitions = json_schema(name)["$defs"]
    Draft202012Validator.check_schema(definitions[name])
    assert definitions.keys() <= object_names()
    assert all(set(targets) <= object_names() for targets in expandable(name).values())


def test_a_document_that_fits():
    assert errors("transfer", TRANSFER) == []
    assert errors("transfer|charge", TRANSFER) == []
    assert errors("transfer", {**TRANSFER, "something_new": 1, "source_type": "new"}) == []


def test_documents_that_do_not_fit():
    assert errors("transfer", {**TRANSFER, "amount": "1"})
    assert errors("transfer", {**TRANSFER, "amount": None})
    assert errors("transfer", {key: TRANSFER[key] for key in TRANSFER if key != "created"})
    assert errors("transfer", {**TRANSFER, "reversals": []})


def test_an_expanded_field_is_checked_too():
    broken = {**TRANSFER, "balance_transaction": {"object": "balance_transaction"}}
    assert errors("transfer", broken)


def test_a_deleted_object_needs_only_its_id():
    assert errors("customer", {"id": "cus_1", "object": "customer", "deleted": True}) == []
    assert errors("customer", {"id": "cus_1", "object": "customer"})


def test_event_types():
    assert is_event_type("charge.refunded")
    assert is_event_type("v2.core.account.created")
    assert not is_event_type("charge.nothing")
    assert not is_event_type("*")
    assert event_object("charge.dispute.created") == "dispute"
    assert event_object("v2.core.account.created") == "v2.core.account"
    assert event_object("nothing") is None
