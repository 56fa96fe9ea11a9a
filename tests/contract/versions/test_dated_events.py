"""Events in the shapes of older versions."""

from __future__ import annotations

from typing import Any

from emulator.contract.versions import Doc
from tests.contract.versions.support import before, from_, made, show


def _event(type_: str, about: Doc, **fields: Any) -> Doc:
    return made("event", type=type_, data={"object": about}, **fields)


def test_the_object_of_an_event_is_shown_in_its_version() -> None:
    event = _event("charge.succeeded", made("charge"))

    shown = show(event, "2020-08-27")["data"]["object"]

    assert {"refunds", "invoice"} <= shown.keys()


def test_previous_attributes_name_only_what_the_object_has() -> None:
    event = _event("account.updated", made("account"))
    event["data"]["previous_attributes"] = {"requirements": {}, "payouts_enabled": True}

    old = show(event, "2018-05-21")

    assert old["data"]["previous_attributes"] == {"payouts_enabled": True}


def test_a_request_was_an_id_and_account_was_user_id() -> None:
    event = _event("charge.succeeded", made("charge"), account="acct_1")
    event["request"] = {"id": "req_1", "idempotency_key": "k"}

    old, new = show({**event}, before("2017-05-25")), show({**event}, from_("2017-05-25"))

    assert (old["request"], old["user_id"], "account" in old) == ("req_1", "acct_1", False)
    assert (new["request"]["id"], new["account"]) == ("req_1", "acct_1")


def test_events_of_payouts_were_events_of_transfers() -> None:
    event = _event("payout.paid", made("payout"))

    assert show({**event}, before("2017-04-06"))["type"] == "transfer.paid"
    assert show({**event}, from_("2017-04-06"))["type"] == "payout.paid"


def test_metadata_is_never_read_as_an_object() -> None:
    charge = made("charge", metadata={"object": "payment_intent", "status": "x"})

    assert show(charge, "2011-01-01")["metadata"] == {"object": "payment_intent", "status": "x"}


def test_what_was_deleted_is_left_alone() -> None:
    gone = {"id": "cus_1", "object": "customer", "deleted": True}

    assert show({**gone}, "2014-12-08") == gone


def test_objects_in_lists_and_expanded_ones_are_turned_too() -> None:
    refund = made("refund", charge=made("charge"))
    listed = {"object": "list", "data": [refund], "has_more": False, "url": "/v1/refunds"}

    assert "refunds" in show(listed, "2020-08-27")["data"][0]["charge"]


def test_keys_stay_in_stripes_order() -> None:
    for name in ("charge", "payment_intent", "customer", "account", "invoice", "subscription"):
        for version in ("2014-12-08", "2016-07-06", "2018-05-21", "2019-08-14", "2022-11-15"):
            keys = [key for key in show(made(name), version) if key not in ("id", "object")]
            assert keys == sorted(keys), (name, version)
