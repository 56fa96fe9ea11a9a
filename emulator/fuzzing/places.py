"""Where operations find what admits them: whole paths, to objects that are made for them.

A recipe makes an object alone; what hangs on a customer, an invoice or an account is made here with
that on which it hangs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from emulator.fuzzing.line import Line

_WITH_USAGE_RECORDS: Final = "2024-06-20"
_WITH_COUPONS: Final = "2024-06-20"
_PRICE: Final = {
    "currency": "usd",
    "unit_amount": 500,
    "recurring": {"interval": "month"},
    "product_data": {"name": "Tea"},
}
_JENNY: Final = {"name": "Jenny", "email": "jenny@example.com"}
_SAVINGS: Final = {
    "type": "us_bank_account",
    "us_bank_account": {
        "account_holder_type": "individual",
        "account_number": "000123456789",
        "routing_number": "110000000",
    },
    "billing_details": _JENNY,
}
_AGREED: Final = {"customer_acceptance": {"type": "offline"}}
_DEBITED: Final = {
    "confirm": True,
    "mandate_data": _AGREED,
    "allowed_payment_method_types": ["us_bank_account"],
    "payment_method_data": _SAVINGS,
}


def _customer(line: Line, **params: Any) -> str:
    return str(line.made("/v1/customers", {"source": "tok_visa", **params})["id"])


def _monthly(line: Line, **params: Any) -> str:
    return str(line.made("/v1/prices", {**_PRICE, **params})["id"])


def _subscription(line: Line, **params: Any) -> Any:
    customer = params.pop("customer", None) or _customer(line)
    items = [{"price": params.pop("price", None) or _monthly(line)}]
    return line.made("/v1/subscriptions", {"customer": customer, "items": items, **params})


def _of_a_customer(line: Line) -> str:
    made = _subscription(line)
    return f"/v1/customers/{made['customer']}/subscriptions/{made['id']}"


def _reduced_of_a_customer(line: Line) -> str:
    made = _subscription(line, discounts=[{"coupon": _coupon(line)}])
    return f"/v1/customers/{made['customer']}/subscriptions/{made['id']}/discount"


def _reduced(line: Line) -> str:
    made = _subscription(line, discounts=[{"coupon": _coupon(line)}])
    return f"/v1/subscriptions/{made['id']}/discount"


def _customer_with_a_discount(line: Line) -> str:
    params = {"coupon": _coupon(line)}
    made = line.made("/v1/customers", params, version=_WITH_COUPONS)["id"]
    return f"/v1/customers/{made}/discount"


def _coupon(line: Line) -> str:
    return str(line.made("/v1/coupons", {"percent_off": 10, "duration": "forever"})["id"])


def _paused(line: Line) -> str:
    made = _subscription(line)["id"]
    line.made(f"/v1/subscriptions/{made}/pause", {"type": "subscription"})
    return f"/v1/subscriptions/{made}/resume"


def _counted(line: Line) -> str:
    metered = {**_PRICE, "recurring": {"interval": "month", "usage_type": "metered"}}
    price = line.made("/v1/prices", metered, version=_WITH_USAGE_RECORDS)["id"]
    item = _subscription(line, price=price)["items"]["data"][0]["id"]
    return f"/v1/subscription_items/{item}/usage_records"


def _card(line: Line) -> str:
    customer = _customer(line)
    card = line.first(f"/v1/customers/{customer}/cards")["id"]
    return f"/v1/customers/{customer}/cards/{card}"


def _method_of_a_customer(line: Line) -> str:
    customer = _customer(line)
    method = line.made("/v1/payment_methods/pm_card_visa/attach", {"customer": customer})["id"]
    return f"/v1/customers/{customer}/payment_methods/{method}"


def _unverified(line: Line) -> str:
    customer = _customer(line)
    account = {
        "object": "bank_account",
        "country": "US",
        "currency": "usd",
        "account_number": "000123456789",
        "routing_number": "110000000",
    }
    made = line.made(f"/v1/customers/{customer}/sources", {"source": account})["id"]
    return f"/v1/customers/{customer}/sources/{made}/verify"


def _second_account(line: Line, place: str) -> str:
    """A bank account that is not the default, so that it can be deleted."""
    wanted = {"transfers": {"requested": True}, "card_payments": {"requested": True}}
    params = {"type": "custom", "country": "US", "capabilities": wanted}
    account = line.made("/v1/accounts", params)["id"]
    path = f"/v1/accounts/{account}/external_accounts"
    line.made(path, {"external_account": "btok_us_verified"})
    second = line.made(path, {"external_account": "btok_us_verified"})["id"]
    return f"/v1/accounts/{account}/{place}/{second}"


def _draft(line: Line) -> str:
    """The path of a draft with one line."""
    customer = _customer(line)
    made = line.made("/v1/invoices", {"customer": customer})["id"]
    item = {"customer": customer, "amount": 900, "currency": "usd", "invoice": made}
    line.made("/v1/invoiceitems", item)
    return f"/v1/invoices/{made}"


def _line_of_a_draft(line: Line) -> str:
    path = _draft(line)
    return f"{path}/lines/{line.got(path)['lines']['data'][0]['id']}"


def _payable(line: Line) -> str:
    path = _draft(line)
    line.made(f"{path}/finalize", {"auto_advance": False})
    return f"{path}/pay"


def _final_quote(line: Line) -> str:
    items = [{"price": _monthly(line), "quantity": 1}]
    params = {"customer": _customer(line), "line_items": items}
    made = line.made("/v1/quotes", params)["id"]
    return f"/v1/quotes/{line.made(f'/v1/quotes/{made}/finalize')['id']}/pdf"


def _microdeposits(line: Line) -> str:
    params = {"amount": 2_000, "currency": "usd", **_DEBITED}
    return f"/v1/payment_intents/{line.made('/v1/payment_intents', params)['id']}"


def _microdeposits_to_save(line: Line) -> str:
    return f"/v1/setup_intents/{line.made('/v1/setup_intents', _DEBITED)['id']}"


def _mandate(line: Line) -> str:
    debited = {
        "type": "sepa_debit",
        "sepa_debit": {"iban": "DE89370400440532013000"},
        "billing_details": _JENNY,
    }
    params = {
        **_DEBITED,
        "allowed_payment_method_types": ["sepa_debit"],
        "payment_method_data": debited,
    }
    return f"/v1/mandates/{line.made('/v1/setup_intents', params)['mandate']}"


def _by_transfer(line: Line, **params: Any) -> Any:
    """A payment out of the cash balance of a customer who has put money there."""
    customer = _customer(line)
    fund = {"amount": 5_000, "currency": "usd"}
    line.made(f"/v1/test_helpers/customers/{customer}/fund_cash_balance", fund)
    transfer = {"funding_type": "bank_transfer", "bank_transfer": {"type": "us_bank_transfer"}}
    wanted = {
        "amount": 2_000,
        "currency": "usd",
        "customer": customer,
        "allowed_payment_method_types": ["customer_balance"],
        "payment_method_data": {"type": "customer_balance"},
        "payment_method_options": {"customer_balance": transfer},
    }
    return line.made("/v1/payment_intents", {**wanted, **params})


def _balanced(line: Line) -> str:
    return f"/v1/payment_intents/{_by_transfer(line)['id']}/apply_customer_balance"


def _refunded_by_email(line: Line) -> str:
    """A refund that waits for the customer to say where it is to go."""
    params = {"payment_intent": _by_transfer(line, confirm=True)["id"]}
    refund = line.made("/v1/refunds", {**params, "instructions_email": "jenny@example.com"})
    return f"/v1/refunds/{refund['id']}/cancel"


def _warned(line: Line) -> str:
    paid = {"amount": 2_000, "currency": "usd", "source": "tok_visa"}
    charge = line.made("/v1/charges", paid)["id"]
    line.made("/_emulator/simulate/early_fraud_warning", {"charge": charge})
    return f"/v1/radar/early_fraud_warnings/{line.first('/v1/radar/early_fraud_warnings')['id']}"


def _arrived(line: Line) -> str:
    paid = {"amount": 50_000, "currency": "usd", "source": "tok_bypassPending"}
    line.made("/v1/charges", paid)
    payout = line.made("/v1/payouts", {"amount": 100, "currency": "usd"})["id"]
    line.made("/_emulator/simulate/payout_paid", {"payout": payout})
    return f"/v1/payouts/{payout}/reverse"


def _credited(line: Line) -> str:
    amount = {"type": "monetary", "monetary": {"currency": "usd", "value": 500}}
    scope = {"scope": {"price_type": "metered"}}
    customer = _customer(line)
    grant = {"amount": amount, "applicability_config": scope, "category": "paid"}
    line.made("/v1/billing/credit_grants", {**grant, "customer": customer})
    path = "/v1/billing/credit_balance_transactions"
    return f"{path}/{line.first(path, {'customer': customer})['id']}"


def _entitled(line: Line) -> str:
    customer, product = _customer(line), line.made("/v1/products", {"name": "Tea"})["id"]
    key = {"name": "Sugar", "lookup_key": f"sugar of {customer}"}
    feature = line.made("/v1/entitlements/features", key)["id"]
    line.made(f"/v1/products/{product}/features", {"entitlement_feature": feature})
    price = {name: value for name, value in _PRICE.items() if name != "product_data"}
    sold = line.made("/v1/prices", {**price, "product": product})["id"]
    _subscription(line, customer=customer, price=sold)
    path = "/v1/entitlements/active_entitlements"
    return f"{path}/{line.first(path, {'customer': customer})['id']}"


def _key_of_a_customer(line: Line) -> str:
    made = line.made("/v1/ephemeral_keys", {"customer": _customer(line)})["id"]
    return f"/v1/ephemeral_keys/{made}"


def _for_a_customer(line: Line) -> str:
    return f"/v1/customers/{_customer(line)}/subscriptions"


# Operation -> a path at which it succeeds.
PLACES: Final[dict[str, Callable[[Line], str]]] = {
    "DELETE /v1/accounts/{account}/bank_accounts/{id}": lambda line: _second_account(
        line, "bank_accounts"
    ),
    "DELETE /v1/accounts/{account}/external_accounts/{id}": lambda line: _second_account(
        line, "external_accounts"
    ),
    "DELETE /v1/customers/{customer}/cards/{id}": _card,
    "DELETE /v1/customers/{customer}/discount": _customer_with_a_discount,
    "DELETE /v1/customers/{customer}/subscriptions/{subscription_exposed_id}": _of_a_customer,
    "DELETE /v1/customers/{customer}/subscriptions/{subscription_exposed_id}/discount": (
        _reduced_of_a_customer
    ),
    "DELETE /v1/ephemeral_keys/{key}": _key_of_a_customer,
    "DELETE /v1/subscriptions/{subscription_exposed_id}/discount": _reduced,
    "GET /v1/billing/credit_balance_transactions/{id}": _credited,
    "GET /v1/customers/{customer}/cards/{id}": _card,
    "GET /v1/customers/{customer}/payment_methods/{payment_method}": _method_of_a_customer,
    "GET /v1/customers/{customer}/subscriptions/{subscription_exposed_id}": _of_a_customer,
    "GET /v1/entitlements/active_entitlements/{id}": _entitled,
    "GET /v1/exchange_rates/{rate_id}": lambda _: "/v1/exchange_rates/usd",
    "GET /v1/mandates/{mandate}": _mandate,
    "GET /v1/quotes/{quote}/pdf": _final_quote,
    "GET /v1/radar/early_fraud_warnings/{early_fraud_warning}": _warned,
    "POST /v1/customers/{customer}/cards/{id}": _card,
    "POST /v1/customers/{customer}/sources/{id}/verify": _unverified,
    "POST /v1/customers/{customer}/subscriptions": _for_a_customer,
    "POST /v1/customers/{customer}/subscriptions/{subscription_exposed_id}": _of_a_customer,
    "POST /v1/invoices/{invoice}/lines/{line_item_id}": _line_of_a_draft,
    "POST /v1/invoices/{invoice}/pay": _payable,
    "POST /v1/invoices/{invoice}/remove_lines": lambda line: f"{_draft(line)}/remove_lines",
    "POST /v1/invoices/{invoice}/update_lines": lambda line: f"{_draft(line)}/update_lines",
    "POST /v1/payment_intents/{intent}/apply_customer_balance": _balanced,
    "POST /v1/payment_intents/{intent}/verify_microdeposits": lambda line: (
        f"{_microdeposits(line)}/verify_microdeposits"
    ),
    "POST /v1/payouts/{payout}/reverse": _arrived,
    "POST /v1/refunds/{refund}/cancel": _refunded_by_email,
    "POST /v1/setup_intents/{intent}/verify_microdeposits": lambda line: (
        f"{_microdeposits_to_save(line)}/verify_microdeposits"
    ),
    "GET /v1/subscription_items/{subscription_item}/usage_record_summaries": lambda line: _counted(
        line
    ).replace("records", "record_summaries"),
    "POST /v1/subscription_items/{subscription_item}/usage_records": _counted,
    "POST /v1/subscriptions/{subscription}/resume": _paused,
}
