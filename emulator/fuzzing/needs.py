"""What operations are given beside what the contract requires."""

from __future__ import annotations

from typing import Any, Final

_NOBODY: Final = "http://127.0.0.1:9/heard"  # a port at which nobody listens
TAXED: Final = {
    "address": {"country": "US", "state": "CA", "postal_code": "94107"},
    "address_source": "billing",
}
_ADJUSTED: Final = {
    "type": "cancel",
    "event_name": "@name of what is metered",
    "cancel": {"identifier": "@identifier of what was metered"},
}
NEW_METHOD: Final = "POST /v1/payment_methods"
# Operation -> what it needs beside what the contract requires; `@customer` is one made for it.
NEEDS: Final[dict[str, dict[str, Any]]] = {
    NEW_METHOD: {"type": "card", "card": {"token": "tok_visa"}},
    "GET /v1/apps/secrets/find": {"name": "@name of a secret", "scope": {"type": "account"}},
    "GET /v1/billing/credit_balance_summary": {"customer": "@customer"},
    "GET /v1/invoices/upcoming": {"subscription": "@subscription"},
    "GET /v1/invoices/upcoming/lines": {"subscription": "@subscription"},
    "GET /v1/credit_notes/preview": {"amount": 100},
    "GET /v1/credit_notes/preview/lines": {"amount": 100},
    "POST /v1/accounts/{account}/bank_accounts": {"bank_account": "btok_us_verified"},
    "POST /v1/accounts/{account}/capabilities/{capability}": {"requested": True},
    "POST /v1/accounts/{account}/external_accounts": {"external_account": "btok_us_verified"},
    "POST /v1/billing/alerts": {
        "usage_threshold": {"gte": 100, "meter": "@billing.meter", "recurrence": "one_time"}
    },
    "POST /v1/billing/credit_grants": {
        "amount": {"type": "monetary", "monetary": {"currency": "usd", "value": 500}},
        "customer": "@customer",
    },
    "POST /v1/billing/meter_event_adjustments": _ADJUSTED,
    "POST /v1/billing/meter_events": {
        "event_name": "@name of what is metered",
        "payload": {"stripe_customer_id": "@customer", "value": "1"},
    },
    "POST /v1/billing_portal/sessions": {"customer": "@customer"},
    "POST /v1/charges": {"amount": 2_000, "currency": "usd", "source": "tok_visa"},
    "POST /v1/checkout/sessions": {
        "mode": "payment",
        "success_url": "https://example.com/done",
        "line_items": [{"price": "@price", "quantity": 1}],
    },
    "POST /v1/coupons": {"percent_off": 10},
    "POST /v1/credit_notes": {"amount": 100},
    "POST /v1/customers/{customer}/bank_accounts": {"bank_account": "btok_us_verified"},
    "POST /v1/customers/{customer}/cards": {"card": "tok_visa"},
    "POST /v1/customers/{customer}/sources/{id}/verify": {"amounts": [32, 45]},
    "POST /v1/customers/{customer}/subscriptions": {"items": [{"price": "@price of every month"}]},
    "POST /v1/customers/{customer}/sources": {"source": "tok_visa"},
    "POST /v1/entitlements/features": {"lookup_key": "@unused key"},
    "POST /v1/ephemeral_keys": {"customer": "@customer"},
    "POST /v1/invoiceitems": {"customer": "@customer", "amount": 500, "currency": "usd"},
    "POST /v1/invoices": {"customer": "@customer"},
    "POST /v1/invoices/create_preview": {"subscription": "@subscription"},
    "POST /v1/invoices/{invoice}/attach_payment": {
        "payment_intent": "@payment of the newest invoice"
    },
    "POST /v1/invoices/{invoice}/remove_lines": {
        "lines": [{"id": "@line of the newest draft", "behavior": "delete"}]
    },
    "POST /v1/invoices/{invoice}/update_lines": {"lines": [{"id": "@line of the newest draft"}]},
    "POST /v1/payment_intents": {"amount": 2_000},
    "POST /v1/payment_intents/{intent}/verify_microdeposits": {"amounts": [32, 45]},
    "POST /v1/payment_intents/{intent}/increment_authorization": {"amount": 3_000},
    "POST /v1/payment_methods/{payment_method}/attach": {"customer": "@customer"},
    "POST /v1/payment_links": {"line_items": [{"price": "@price", "quantity": 1}]},
    "POST /v1/payouts": {"amount": 100},
    "POST /v1/plans": {"amount": 500, "product": {"name": "Tea"}},
    "POST /v1/prices": {"unit_amount": 500, "product": "@product"},
    "POST /v1/promotion_codes": {"promotion": {"type": "coupon", "coupon": "@coupon"}},
    "POST /v1/refunds": {"charge": "@charge"},
    "POST /v1/setup_intents/{intent}/confirm": {"payment_method": "pm_card_visa"},
    "POST /v1/setup_intents/{intent}/verify_microdeposits": {"amounts": [32, 45]},
    "POST /v1/shipping_rates": {"fixed_amount": {"amount": 500, "currency": "usd"}},
    "POST /v1/confirmation_tokens": {"payment_method": "pm_card_visa"},
    "POST /v1/sources": {"type": "card", "token": "tok_visa"},
    "POST /v1/subscription_items": {"price": "@price of every month"},
    "POST /v1/subscription_schedules": {"from_subscription": "@subscription"},
    "POST /v1/subscriptions": {
        "customer": "@customer who pays",
        "items": [{"price": "@price of every month"}],
    },
    "POST /v1/terminal/readers": {"registration_code": "simulated-wpe"},
    "POST /v1/terminal/readers/{reader}/collect_payment_method": {
        "payment_intent": "@payment in person"
    },
    "POST /v1/terminal/readers/{reader}/confirm_payment_intent": {
        "payment_intent": "@payment that was collected"
    },
    "POST /v1/terminal/readers/{reader}/process_payment_intent": {
        "payment_intent": "@payment in person"
    },
    "POST /v1/terminal/readers/{reader}/process_setup_intent": {"setup_intent": "@setup in person"},
    "POST /v1/terminal/readers/{reader}/refund_payment": {"charge": "@charge"},
    "POST /v1/test_helpers/test_clocks": {"frozen_time": "@now"},
    "POST /v1/test_helpers/test_clocks/{test_clock}/advance": {"frozen_time": "@a day from now"},
    "POST /v1/test_helpers/confirmation_tokens": {"payment_method": "pm_card_visa"},
    "POST /v1/tax/calculations": {"customer_details": TAXED},
    "POST /v1/tax/transactions/create_reversal": {
        "original_transaction": "@tax.transaction",
        "reference": "@unused key",
    },
    "POST /v1/tokens": {"pii": {"id_number": "000000000"}},
    "POST /v1/transfers": {"amount": 100, "destination": "@account that can be paid"},
    "POST /v2/billing/meter_event_adjustments": _ADJUSTED,
    "POST /v2/billing/meter_events": {
        "event_name": "@name of what is metered",
        "payload": {"stripe_customer_id": "@customer", "value": "1"},
    },
    "POST /v2/core/account_links": {
        "use_case": {
            "type": "account_onboarding",
            "account_onboarding": {
                "refresh_url": "https://example.com/again",
                "configurations": ["recipient"],
            },
        }
    },
    "POST /v2/core/event_destinations": {
        "enabled_events": ["v2.core.account.created"],
        "event_payload": "thin",
        "type": "webhook_endpoint",
        "webhook_endpoint": {"url": _NOBODY},
    },
    "POST /v1/webhook_endpoints": {"url": _NOBODY},
}
