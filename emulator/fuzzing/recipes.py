"""How to make the modelled objects that need more than what their operations require."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from emulator.fuzzing.line import Line
from emulator.fuzzing.needs import NEEDS, NEW_METHOD, TAXED
from emulator.kernel.instants import DAY

_ACCOUNT: Final = {
    "type": "custom",
    "country": "US",
    "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
}
# Which value of an enum is meant, where the first would be a bad choice.
USUAL: Final = {"purpose": "dispute_evidence"}
_NO_REDIRECTS: Final = {"enabled": True, "allow_redirects": "never"}
_INTENT: Final = {
    "amount": 2_000,
    "currency": "usd",
    "automatic_payment_methods": _NO_REDIRECTS,
}
_CONFIRMED: Final = {**_INTENT, "payment_method": "pm_card_visa", "confirm": True}
_PRICE: Final = {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Tea"}}
_SOURCE: Final = {"type": "sepa_debit", "currency": "eur", "owner": {"name": "Jenny"}}
_SOURCE_DEBITED: Final = {**_SOURCE, "sepa_debit": {"iban": "DE89370400440532013000"}}


def _invoice(line: Line) -> str:
    customer = line.made("/v1/customers", {"email": "jenny@example.com"})["id"]
    item = {"customer": customer, "amount": 900, "currency": "usd"}
    line.made("/v1/invoiceitems", item)
    params = {"customer": customer, "pending_invoice_items_behavior": "include"}
    made = line.made("/v1/invoices", params)
    return str(line.made(f"/v1/invoices/{made['id']}/finalize")["id"])


def _paid(line: Line, **more: Any) -> Any:
    return line.made("/v1/payment_intents", {**_CONFIRMED, **more})


def funded(line: Line) -> None:
    """Money that is available at once."""
    _paid(line, amount=50_000, payment_method="pm_card_bypassPending")


def payee(line: Line) -> str:
    """An account that can be paid."""
    account = line.made("/v1/accounts", _ACCOUNT)["id"]
    line.made("/_emulator/onboard", {"account": account})
    return str(account)


def _transfer(line: Line) -> Any:
    funded(line)
    return line.made(
        "/v1/transfers", {"amount": 100, "currency": "usd", "destination": payee(line)}
    )


def _payout(line: Line) -> Any:
    funded(line)
    return line.made("/v1/payouts", {"amount": 100, "currency": "usd"})


def _fee(line: Line) -> str:
    to = {"transfer_data": {"destination": payee(line)}, "application_fee_amount": 100}
    to["capture_method"] = "automatic"  # the charge tells of its fee at once
    charge = line.got(f"/v1/charges/{_paid(line, **to)['latest_charge']}")
    return str(charge["application_fee"])


def _dispute(line: Line) -> str:
    _paid(line, payment_method="pm_card_createDispute")
    return str(line.first("/v1/disputes")["id"])


def _newest(path: str) -> Callable[[Line], str]:
    """The newest of what is there, after something has happened."""

    def newest(line: Line) -> str:
        _paid(line)
        return str(line.first(path)["id"])

    return newest


def _saved(line: Line, token: str) -> Any:
    customer = line.made("/v1/customers", {})["id"]
    return line.made(f"/v1/customers/{customer}/sources", {"source": token})


def _promotion_code(line: Line) -> str:
    coupon = line.made("/v1/coupons", {"percent_off": 10})["id"]
    promotion = {"type": "coupon", "coupon": coupon}
    return str(line.made("/v1/promotion_codes", {"promotion": promotion})["id"])


# Object name -> how one is made; the id of it.
RECIPES: Final[dict[str, Callable[[Line], Any]]] = {
    "account": lambda line: line.made("/v1/accounts", _ACCOUNT)["id"],
    "customer": lambda line: line.made("/v1/customers", {"email": "jenny@example.com"})["id"],
    "payment_intent": lambda line: line.made("/v1/payment_intents", _CONFIRMED)["id"],
    "charge": lambda line: line.made("/v1/payment_intents", _CONFIRMED)["latest_charge"],
    "source": lambda line: line.made("/v1/sources", _SOURCE_DEBITED)["id"],
    "refund": lambda line: line.made("/v1/refunds", {"charge": _charge(line)})["id"],
    "payment_method": lambda line: line.made("/v1/payment_methods", NEEDS[NEW_METHOD])["id"],
    "transfer": lambda line: _transfer(line)["id"],
    "payout": lambda line: _payout(line)["id"],
    "application_fee": _fee,
    "dispute": _dispute,
    "balance_transaction": _newest("/v1/balance_transactions"),
    "event": _newest("/v1/events"),
    "v2.core.event": _newest("/v2/core/events"),
    "capability": lambda _: "transfers",
    "country_spec": lambda _: "US",
    "coupon": lambda line: line.made("/v1/coupons", {"percent_off": 10})["id"],
    "promotion_code": _promotion_code,
    "card": lambda line: _saved(line, "tok_visa")["id"],
    "token": lambda _: "tok_visa",
    "product": lambda line: line.made("/v1/products", {"name": "Tea"})["id"],
    "price": lambda line: line.made("/v1/prices", _PRICE)["id"],
    "invoice": _invoice,
    "subscription": lambda line: _subscription(line)["id"],
    "subscription_item": lambda line: _subscription(line)["items"]["data"][0]["id"],
}


def _charge(line: Line) -> str:
    return str(line.made("/v1/payment_intents", _CONFIRMED)["latest_charge"])


def _subscription(line: Line) -> Any:
    price = {**_PRICE, "recurring": {"interval": "month"}}
    items = [{"price": line.made("/v1/prices", price)["id"]}]
    customer = line.made("/v1/customers", {"source": "tok_visa"})["id"]
    return line.made("/v1/subscriptions", {"customer": customer, "items": items})


def _unconfirmed(line: Line) -> Any:
    return line.made("/v1/payment_intents", {**_INTENT, "payment_method": "pm_card_visa"})["id"]


def _held(line: Line) -> Any:
    return _paid(line, capture_method="manual")


def _draft_with_a_line(line: Line) -> Any:
    customer = line.made("/v1/customers", {"email": "jenny@example.com"})["id"]
    made = line.made("/v1/invoices", {"customer": customer})["id"]
    item = {"customer": customer, "amount": 900, "currency": "usd", "invoice": made}
    line.made("/v1/invoiceitems", item)
    return made


def _raisable(line: Line) -> Any:
    wanted = {"card": {"request_incremental_authorization": "if_available"}}
    return _paid(line, capture_method="manual", payment_method_options=wanted)["id"]


def _authorised(line: Line) -> Any:
    charge = {"amount": 2_000, "currency": "usd", "source": "tok_visa", "capture": False}
    return line.made("/v1/charges", charge)["id"]


def _disputed(line: Line) -> Any:
    return _paid(line, payment_method="pm_card_createDispute")["latest_charge"]


def _reviewed(line: Line) -> Any:
    _paid(line, payment_method="pm_card_riskLevelElevated")
    return line.first("/v1/reviews")["id"]


def _quote(line: Line) -> Any:
    customer = line.made("/v1/customers", {"source": "tok_visa"})["id"]
    lines = [{"price": _monthly(line), "quantity": 1}]
    return line.made("/v1/quotes", {"customer": customer, "line_items": lines})["id"]


def _final_quote(line: Line) -> Any:
    return line.made(f"/v1/quotes/{_quote(line)}/finalize")["id"]


def _draft(line: Line) -> Any:
    customer = line.made("/v1/customers", {})["id"]
    return line.made("/v1/invoices", {"customer": customer})["id"]


def _express(line: Line) -> Any:
    account = line.made("/v1/accounts", {"type": "express", "country": "US"})["id"]
    line.made("/_emulator/onboard", {"account": account})
    return account


def _attached(line: Line) -> Any:
    method = line.made("/v1/payment_methods", NEEDS[NEW_METHOD])["id"]
    customer = line.made("/v1/customers", {})["id"]
    return line.made(f"/v1/payment_methods/{method}/attach", {"customer": customer})["id"]


def _second_item(line: Line) -> Any:
    held = _subscription(line)["id"]
    price = {**_PRICE, "recurring": {"interval": "month"}}
    more = {"subscription": held, "price": line.made("/v1/prices", price)["id"]}
    return line.made("/v1/subscription_items", more)["id"]


def _monthly(line: Line) -> Any:
    return line.made("/v1/prices", {**_PRICE, "recurring": {"interval": "month"}})["id"]


def _taxed(line: Line) -> Any:
    sold = {"amount": 500, "reference": "some reference"}
    asked = {"currency": "usd", "customer_details": TAXED, "line_items": [sold]}
    calculation = line.made("/v1/tax/calculations", asked)["id"]
    params = {"calculation": calculation, "reference": f"sale {calculation}"}
    return line.made("/v1/tax/transactions/create_from_calculation", params)["id"]


def _resting_alert(line: Line) -> Any:
    meter = {"display_name": "Calls", "default_aggregation": {"formula": "sum"}}
    made = line.made("/v1/billing/meters", meter | {"event_name": _unused_name(line)})["id"]
    threshold = {"gte": 100, "meter": made, "recurrence": "one_time"}
    alert = {"alert_type": "usage_threshold", "title": "Calls", "usage_threshold": threshold}
    id_ = line.made("/v1/billing/alerts", alert)["id"]
    return line.made(f"/v1/billing/alerts/{id_}/deactivate")["id"]


def _unused_name(line: Line) -> str:
    newest = line.got("/v1/billing/meters", {"limit": 1})["data"]
    return f"after_{newest[0]['id']}" if newest else "first"


def _unused_key(line: Line) -> str:
    """What nobody has used: named for an object that was not there."""
    return f"key of {line.made('/v1/customers', {})['id']}"


def _metered(line: Line) -> Any:
    meter = {
        "display_name": "Calls",
        "event_name": _unused_name(line),
        "default_aggregation": {"formula": "sum"},
    }
    return line.made("/v1/billing/meters", meter)["event_name"]


def _used(line: Line) -> Any:
    """What the newest meter has counted."""
    name = line.first("/v1/billing/meters")["event_name"]
    payload = {"stripe_customer_id": line.made("/v1/customers", {})["id"], "value": "1"}
    event = {"event_name": name, "payload": payload, "identifier": _unused_key(line)}
    return line.made("/v1/billing/meter_events", event)["identifier"]


def _secret(line: Line) -> Any:
    params = {"name": _unused_key(line), "payload": "hidden", "scope": {"type": "account"}}
    return line.made("/v1/apps/secrets", params)["name"]


def _now(line: Line) -> int:
    return int(line.got("/_emulator/clock")["now"])


def _owed(line: Line) -> Any:
    """What the customer of the newest invoice pays it with."""
    invoice = line.first("/v1/invoices")
    paid = {**_INTENT, "amount": invoice["amount_remaining"], "customer": invoice["customer"]}
    return line.made("/v1/payment_intents", paid)["id"]


RECIPES.update(
    {
        "name of a secret": _secret,
        "identifier of what was metered": _used,
        "line of the newest draft": lambda line: line.first("/v1/invoices")["lines"]["data"][0][
            "id"
        ],
        "now": _now,
        "a day from now": lambda line: _now(line) + DAY,
        "payment of the newest invoice": _owed,
        "name of what is metered": _metered,
        "unused key": _unused_key,
        "tax.transaction": _taxed,
        "price of every month": _monthly,
        "customer who pays": lambda line: line.made("/v1/customers", {"source": "tok_visa"})["id"],
        "account that can be paid": payee,
    }
)

# Operation -> object name -> how one is made that admits the operation.
FITTING: Final[dict[str, dict[str, Callable[[Line], Any]]]] = {
    "POST /v1/payment_intents/{intent}/cancel": {"payment_intent": _unconfirmed},
    "POST /v1/payment_intents/{intent}/confirm": {"payment_intent": _unconfirmed},
    "POST /v1/payment_intents/{intent}/capture": {"payment_intent": lambda line: _held(line)["id"]},
    "POST /v1/payment_intents/{intent}/increment_authorization": {"payment_intent": _raisable},
    "POST /v1/billing/alerts/{id}/activate": {"billing.alert": _resting_alert},
    "POST /v1/charges/{charge}/capture": {"charge": _authorised},
    "POST /v1/charges/{charge}/dispute": {"charge": _disputed},
    "POST /v1/charges/{charge}/dispute/close": {"charge": _disputed},
    "GET /v1/charges/{charge}/dispute": {"charge": _disputed},
    "POST /v1/invoices/{invoice}/add_lines": {"invoice": _draft},
    "POST /v1/invoices/{invoice}/finalize": {"invoice": _draft_with_a_line},
    "POST /v1/quotes/{quote}/accept": {"quote": _final_quote},
    "POST /v1/quotes/{quote}/finalize": {"quote": _quote},
    "POST /v1/reviews/{review}/approve": {"review": _reviewed},
    "GET /v1/reviews/{review}": {"review": _reviewed},
    "DELETE /v1/invoices/{invoice}": {"invoice": _draft},
    "DELETE /v1/subscription_items/{item}": {"subscription_item": _second_item},
    "POST /v1/accounts/{account}/login_links": {"account": _express},
    "POST /v1/payment_methods/{payment_method}": {"payment_method": _attached},
    "POST /v1/payment_methods/{payment_method}/detach": {"payment_method": _attached},
}
