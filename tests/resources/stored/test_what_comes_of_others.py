"""Objects that come of others: transactions of Issuing and Treasury, reports, linked accounts."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from emulator.contract import json_schema, object_names, shape
from emulator.kernel import files
from emulator.resources.stored.bringing import filled
from tests.resources.stored.test_stored_objects import CARDHOLDER
from tests.talking import Talk, error

BROUGHT: dict[str, Any] = files.table("stored/brought.json")
_CASES = [(name, row) for name, of in BROUGHT.items() for rows in of.values() for row in rows]
_HELPERS = "/v1/test_helpers"


def _conforms(thing: Any) -> Any:
    Draft202012Validator(json_schema(thing["object"])).validate(thing)
    return thing


def _sent(talk: Talk, path: str, body: Any) -> Any:
    """POST a JSON body that is taken."""
    answer = talk.send("POST", path, orjson.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.text
    return answer.json()


def _card(talk: Talk) -> Any:
    holder = talk.made("/v1/issuing/cardholders", CARDHOLDER)["id"]
    sent = {"cardholder": holder, "currency": "usd", "type": "virtual", "status": "active"}
    return talk.made("/v1/issuing/cards", sent)


def _account(talk: Talk) -> str:
    sent = {"supported_currencies": ["usd"]}
    return str(talk.made("/v1/treasury/financial_accounts", sent)["id"])


def test_a_hole_is_filled_with_what_is_known():
    known = {"amount": 5, "a": {"b": "x"}, "sent": {"part": 3}, "last": None}
    asked = {
        "p": "{amount}",
        "q": "{-sent.part|amount}",
        "r": ["{+sent.none|amount}"],
        "s": "{a.b}",
    }
    assert filled(asked, known) == {"p": 5, "q": -3, "r": [5], "s": "x"}
    assert filled(["{}", "{last.id}", "plain", 1], known) == [known, None, "plain", 1]
    assert filled("{~number}", {"number": "000123456789"}) == "6789"


@pytest.mark.parametrize(("name", "row"), _CASES)
def test_the_table_names_fields_that_there_are(name: str, row: dict[str, Any]):
    assert {name, row["object"]} <= object_names()
    assert row["with"].keys() <= shape(row["object"])["fields"].keys()
    of_its_own = {*row.get("set", ()), *row.get("back", ())}
    of_its_own |= {path for path in row.get("if", ()) if not path.startswith("sent.")}
    assert of_its_own <= shape(name)["fields"].keys()


def test_a_capture_makes_a_transaction_and_a_refund_another(talk: Talk):
    card = _card(talk)
    sent = {"card": card["id"], "amount": 1_000}
    made = _conforms(talk.made(f"{_HELPERS}/issuing/authorizations", sent))
    path = f"{_HELPERS}/issuing/authorizations/{made['id']}"
    captured = _conforms(talk.made(f"{path}/capture", {"capture_amount": 700}))
    assert captured["status"] == "closed"
    (first,) = talk.got("/v1/issuing/transactions", {"card": card["id"]})["data"]
    _conforms(first)
    assert (first["amount"], first["type"], first["authorization"]) == (-700, "capture", made["id"])
    assert first["cardholder"] == card["cardholder"]["id"]
    assert captured["transactions"] == [first]
    told = [each["type"] for each in talk.got("/v1/events", {"limit": 2})["data"]]
    assert told == ["issuing_authorization.updated", "issuing_transaction.created"]

    talk.made(f"{_HELPERS}/issuing/transactions/{first['id']}/refund", {"refund_amount": 200})
    second, _ = talk.got("/v1/issuing/transactions")["data"]
    assert (second["amount"], second["type"]) == (200, "refund")
    assert error(talk.post(f"{path}/capture"), 400)


@pytest.mark.parametrize(
    ("helper", "sign"), [("create_force_capture", -1), ("create_unlinked_refund", 1)]
)
def test_what_leaves_a_card_is_below_zero(talk: Talk, helper: str, sign: int):
    sent = {"card": _card(talk)["id"], "amount": 900}
    made = _conforms(talk.made(f"{_HELPERS}/issuing/transactions/{helper}", sent))
    assert (made["amount"], made["type"]) == (900 * sign, "capture" if sign < 0 else "refund")


@pytest.mark.parametrize(("flow", "sign"), [("received_credit", 1), ("received_debit", -1)])
def test_what_a_financial_account_receives_is_a_transaction_with_an_entry(
    talk: Talk, flow: str, sign: int
):
    account = _account(talk)
    sent = {"amount": 500, "currency": "usd", "financial_account": account, "network": "ach"}
    made = talk.made(f"{_HELPERS}/treasury/{flow}s", sent)
    wanted = {"financial_account": account}
    (transaction,) = talk.got("/v1/treasury/transactions", wanted)["data"]
    (entry,) = talk.got("/v1/treasury/transaction_entries", wanted)["data"]
    assert made["transaction"] == transaction["id"] == entry["transaction"]
    assert (transaction["flow"], transaction["flow_type"]) == (made["id"], flow)
    assert transaction["amount"] == transaction["balance_impact"]["cash"] == 500 * sign
    assert (transaction["status"], entry["type"]) == ("posted", flow)
    assert talk.got(f"/v1/treasury/transactions/{transaction['id']}") == _conforms(transaction)
    _conforms(entry)


def test_what_leaves_a_financial_account_is_open_until_it_is_posted(talk: Talk):
    account = _account(talk)
    sent = {"amount": 500, "currency": "usd", "financial_account": account}
    made = talk.made("/v1/treasury/outbound_transfers", sent)
    path = f"/v1/treasury/transactions/{made['transaction']}"
    begun = talk.got(path)
    assert (begun["status"], begun["balance_impact"]["outbound_pending"]) == ("open", 500)
    talk.made(f"{_HELPERS}/treasury/outbound_transfers/{made['id']}/post")
    assert talk.got(path)["status"] == "posted"
    wanted = {"financial_account": account}
    entries = talk.got("/v1/treasury/transaction_entries", wanted)["data"]
    types = [each["type"] for each in entries]
    assert types == ["outbound_transfer_posting", "outbound_transfer"]


@pytest.mark.parametrize("kind", ["document", "id_number"])
def test_a_verified_identity_has_a_report(talk: Talk, kind: str):
    session = talk.made("/v1/identity/verification_sessions", {"type": kind})["id"]
    sent = {"verification_session": session}
    assert talk.control("simulate/identity_rejected", sent).status_code == 200
    path = f"/v1/identity/verification_sessions/{session}"
    before = talk.got(path)
    assert (before["status"], before["last_error"]["code"][:8]) == ("requires_input", "document")
    assert talk.control("simulate/identity_verified", sent).status_code == 200
    after = _conforms(talk.got(path))
    assert (after["status"], after["last_error"]) == ("verified", None)
    newest, _ = talk.got("/v1/identity/verification_reports", sent)["data"]
    assert after["last_verification_report"] == newest["id"]
    assert _conforms(newest)[kind]["status"] == "verified"
    told = talk.got("/v1/events", {"type": "identity.verification_session.verified"})["data"]
    assert len(told) == 1
    assert talk.control("simulate/identity_verified", sent).status_code == 400


def test_a_linked_bank_account_is_there(talk: Talk):
    holder = {"type": "customer", "customer": talk.customer()["id"]}
    sent = {"account_holder": holder, "permissions": ["payment_method", "balances"]}
    session = talk.made("/v1/financial_connections/sessions", sent)["id"]
    linked = talk.control("simulate/financial_account_linked", {"session": session})
    assert linked.status_code == 200
    (inside,) = talk.got(f"/v1/financial_connections/sessions/{session}")["accounts"]["data"]
    (account,) = talk.got("/v1/financial_connections/accounts")["data"]
    assert _conforms(account) == inside
    assert account["account_holder"]["customer"] == holder["customer"]
    assert account["permissions"] == ["payment_method", "balances"]
    path = f"/v1/financial_connections/accounts/{account['id']}"
    assert talk.made(f"{path}/disconnect")["status"] == "disconnected"


def test_money_that_reaches_an_address_is_a_credit_with_its_transaction(talk: Talk):
    base = "/v2/money_management"
    sent: dict[str, Any] = {"financial_account": "fa_test_1", "type": "bank_account"}
    found = _sent(talk, f"{base}/financial_addresses", sent)
    sent = {"amount": {"value": 700, "currency": "usd"}, "network": "ach"}
    helper = f"{base}/test_helpers/financial_addresses/{found['id']}/credit"
    _sent(talk, helper, sent)
    (credit,) = talk.got(f"{base}/received_credits")["data"]
    (transaction,) = talk.got(f"{base}/transactions")["data"]
    (entry,) = talk.got(f"{base}/transaction_entries")["data"]
    assert _conforms(credit)["amount"] == {"value": 700, "currency": "usd"}
    assert _conforms(transaction)["flow"]["received_credit"] == credit["id"]
    assert _conforms(entry)["transaction"] == transaction["id"]


def test_a_payout_method_is_made_by_the_setup_intent_that_tells_of_it(talk: Talk):
    bank = {"account_number": "000123456789", "routing_number": "110000000"}
    bank |= {"country": "us", "currency": "usd", "bank_account_type": "checking"}
    path = "/v2/money_management/outbound_setup_intents"
    sent = {"payout_method_data": {"type": "bank_account", "bank_account": bank}}
    made = _conforms(_sent(talk, path, sent))
    assert made["status"] == "succeeded"
    method = talk.got(f"/v2/money_management/payout_methods/{made['payout_method']['id']}")
    assert _conforms(method)["bank_account"]["last4"] == "6789"
    assert _sent(talk, path, {})["payout_method"] is None
    sent = {"payout_method_data": {"type": "bank_account"}}
    assert _sent(talk, path, sent)["payout_method"] is None
