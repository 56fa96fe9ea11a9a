"""How to make what comes of other objects, and what is done in person; `recipes` and `places` of
their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from emulator.fuzzing.line import Line

_READERS: Final = "/v1/terminal/readers"
_HELPERS: Final = "/v1/test_helpers"


def _reader(line: Line) -> str:
    return str(line.made(_READERS, {"registration_code": "simulated-wpe"})["id"])


def _in_person(line: Line) -> str:
    paid = {"amount": 2_000, "currency": "usd", "allowed_payment_method_types": ["card_present"]}
    return str(line.made("/v1/payment_intents", paid)["id"])


def _set_up_in_person(line: Line) -> str:
    return str(
        line.made("/v1/setup_intents", {"allowed_payment_method_types": ["card_present"]})["id"]
    )


def _waiting(line: Line, deed: str = "process_payment_intent") -> str:
    """A reader that waits for a card."""
    reader = _reader(line)
    line.made(f"{_READERS}/{reader}/{deed}", {"payment_intent": _in_person(line)})
    return reader


def _presented(line: Line) -> str:
    return f"{_HELPERS}/terminal/readers/{_waiting(line)}/present_payment_method"


def _asked(line: Line) -> str:
    """Where a reader is told what came of its question."""
    reader = _reader(line)
    asked = [{"type": "text", "custom_text": {"title": "Name"}}]
    line.made(f"{_READERS}/{reader}/collect_inputs", {"inputs": asked})
    return f"{_HELPERS}/terminal/readers/{reader}"


def _collected(line: Line) -> str:
    """Where the newest payment is confirmed, whose card a reader has."""
    reader = _waiting(line, "collect_payment_method")
    line.made(f"{_HELPERS}/terminal/readers/{reader}/present_payment_method", {})
    return f"{_READERS}/{reader}/confirm_payment_intent"


def _for_the_newest_reader(line: Line) -> str:
    """The payment that the newest reader has collected; a new one when it has gone on since."""
    action = line.first(_READERS)["action"] or {}
    collected = action.get("collect_payment_method")
    return str(collected["payment_intent"]) if collected else _in_person(line)


def _linked(line: Line) -> str:
    holder = {"type": "customer", "customer": line.made("/v1/customers", {})["id"]}
    asked = {"account_holder": holder, "permissions": ["balances"]}
    session = line.made("/v1/financial_connections/sessions", asked)["id"]
    line.made("/_emulator/simulate/financial_account_linked", {"session": session})
    return str(line.first("/v1/financial_connections/accounts")["id"])


def _report(line: Line) -> str:
    session = line.made("/v1/identity/verification_sessions", {"type": "document"})["id"]
    line.made("/_emulator/simulate/identity_verified", {"verification_session": session})
    return str(line.first("/v1/identity/verification_reports")["id"])


def _paid_invoice(line: Line) -> str:
    """What the newest invoice was paid with."""
    customer = line.made("/v1/customers", {"source": "tok_visa"})["id"]
    line.made("/v1/invoiceitems", {"customer": customer, "amount": 900, "currency": "usd"})
    asked = {"customer": customer, "pending_invoice_items_behavior": "include"}
    invoice = line.made("/v1/invoices", asked)["id"]
    line.made(f"/v1/invoices/{invoice}/finalize")
    line.made(f"/v1/invoices/{invoice}/pay")
    return str(line.first("/v1/invoice_payments", {"invoice": invoice})["id"])


def _given_back(line: Line) -> str:
    paid = {"amount": 2_000, "currency": "usd", "source": "tok_visa"}
    charge = line.made("/v1/charges", paid)["id"]
    refund = line.made("/v1/refunds", {"charge": charge})["id"]
    return f"/v1/charges/{charge}/refunds/{refund}"


def _credited(line: Line) -> Any:
    held = {"supported_currencies": ["usd"]}
    account = line.made("/v1/treasury/financial_accounts", held)["id"]
    sent = {"amount": 500, "currency": "usd", "financial_account": account, "network": "ach"}
    return line.made(f"{_HELPERS}/treasury/received_credits", sent)


def _entry(line: Line) -> str:
    wanted = {"financial_account": _credited(line)["financial_account"]}
    return str(line.first("/v1/treasury/transaction_entries", wanted)["id"])


def _financed(line: Line, kind: str) -> str:
    """What is there in /v2 after a financial address was credited."""
    base = "/v2/money_management"
    asked = {"financial_account": "fa_test_1", "type": "bank_account"}
    address = line.made(f"{base}/financial_addresses", asked)["id"]
    credit = {"amount": {"value": 500, "currency": "usd"}, "network": "ach"}
    line.made(f"{base}/test_helpers/financial_addresses/{address}/credit", credit)
    return str(line.got(f"{base}/{kind}")["data"][0]["id"])


def _payout_method(line: Line) -> str:
    bank = {"account_number": "000123456789", "country": "us", "currency": "usd"}
    bank |= {"routing_number": "110000000", "bank_account_type": "checking"}
    asked = {"payout_method_data": {"type": "bank_account", "bank_account": bank}}
    made = line.made("/v2/money_management/outbound_setup_intents", asked)
    return str(made["payout_method"]["id"])


BROUGHT: Final[dict[str, Callable[[Line], Any]]] = {
    "financial_connections.account": _linked,
    "identity.verification_report": _report,
    "invoice_payment": _paid_invoice,
    "payment in person": _in_person,
    "payment that was collected": _for_the_newest_reader,
    "setup in person": _set_up_in_person,
    "terminal.reader": _reader,
    "treasury.transaction": lambda line: _credited(line)["transaction"],
    "treasury.transaction_entry": _entry,
    "v2.money_management.payout_method": _payout_method,
    "v2.money_management.received_credit": lambda line: _financed(line, "received_credits"),
    "v2.money_management.transaction": lambda line: _financed(line, "transactions"),
    "v2.money_management.transaction_entry": lambda line: _financed(line, "transaction_entries"),
}
# Operation -> a path at which it succeeds.
AT: Final[dict[str, Callable[[Line], str]]] = {
    "GET /v1/charges/{charge}/refunds/{refund}": _given_back,
    "POST /v1/terminal/readers/{reader}/confirm_payment_intent": _collected,
    "POST /v1/test_helpers/terminal/readers/{reader}/present_payment_method": _presented,
    "POST /v1/test_helpers/terminal/readers/{reader}/succeed_input_collection": lambda line: (
        f"{_asked(line)}/succeed_input_collection"
    ),
    "POST /v1/test_helpers/terminal/readers/{reader}/timeout_input_collection": lambda line: (
        f"{_asked(line)}/timeout_input_collection"
    ),
}
