"""No dated change is without effect: each is seen in the version before it and not from it on."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.contract.versions import CHANGES, NEEDS, Change, Doc
from emulator.contract.versions.change import copied, day
from emulator.contract.versions.render import applies
from emulator.kernel import files
from tests.contract.versions.support import NOW, Neighbours, before, from_, made, show

_TAX = {
    "amount": 3,
    "tax_behavior": "exclusive",
    "tax_rate_details": {"tax_rate": "txr_1"},
    "taxability_reason": "standard_rated",
    "taxable_amount": 30,
}
_CARD = {"three_d_secure": {"result": "exempted", "result_reason": None, "version": "2.1.0"}}
_LAST_ERROR = {"type": "card_error", "code": "expired_card", "decline_code": "expired_card"}
_UNAPPROVED = {"type": "invalid_request_error", "code": "payment_method_provider_decline"}
_ROWS = files.table("versions/requirement_codes.json")["rows"]
_WRONG = [
    {"code": row["codes"][0], "reason": "x", "requirement": "owners.dob.day"} for row in _ROWS
]
# Documents in which every change finds what it turns back.
SAMPLES: dict[str, Doc] = {
    "token": made("token", card={"object": "card", "cvc_check": "unchecked"}),
    "account": made(
        "account",
        type="custom",
        capabilities={"transfers": "active"},
        requirements={
            "disabled_reason": "rejected.platform_fraud",
            "currently_due": [],
            "errors": _WRONG,
            "pending_verification": [],
        },
    ),
    "capability": made(
        "capability", requirements={"disabled_reason": "paused.inactivity", "errors": _WRONG}
    ),
    "charge": made(
        "charge",
        status="succeeded",
        source=made("card"),
        dispute="dp_1",
        payment_method_details={"type": "card", "card": _CARD},
    ),
    "checkout.session": made("checkout.session", shipping_cost={"shipping_rate": "shr_1"}),
    "country_spec": {
        "id": "US",
        "object": "country_spec",
        "verification_fields": {"company": {"minimum": ["representative.phone"]}},
    },
    "coupon": made("coupon", percent_off=25.5),
    "credit_note": made("credit_note", total_taxes=[_TAX]),
    "deleted": {"id": "cus_1", "object": "customer", "deleted": True},
    "dispute": made("dispute", status="prevented"),
    "discount": {"id": "di_1", "object": "discount", "source": {"coupon": "c", "type": "coupon"}},
    "event": made(
        "event",
        type="payment_method.automatically_updated",
        data={"object": {}},
        account="acct_1",
        request={"id": "req_1", "idempotency_key": None},
    ),
    "invoice": made("invoice", status="draft", rendering={}, created=NOW),
    "line_item": made(
        "line_item", parent={"subscription_item_details": {"invoice_item": "ii_1"}}, taxes=[_TAX]
    ),
    "payment_intent": made(
        "payment_intent", status="requires_action", last_payment_error=_LAST_ERROR
    ),
    "person": made("person", requirements={"errors": _WRONG}),
    "price": made("price", recurring={"interval": "month"}),
    "promotion_code": {"id": "promo_1", "object": "promotion_code", "promotion": {"coupon": "c"}},
    "setup_intent": made("setup_intent", last_setup_error=_LAST_ERROR),
    "subscription_schedule": made(
        "subscription_schedule",
        default_settings={"collection_method": "send_invoice"},
        phases=[made("subscription_schedule.phase", discounts=[{"coupon": "c"}])],
    ),
}
# The words that some changes look for.
REFUSALS = (
    {"code": "missing", "message": "This customer has no attached payment source or default "
     "payment method. Please consider adding one."},
    {"code": "resource_missing", "message": "No such PaymentMethod: 'pm_1'"},
    {"code": "parameter_invalid_integer", "param": "amount",
     "message": "This value must be greater than or equal to 1."},
    {"code": "expired_card", "decline_code": "expired_card", "message": "x", "type": "card_error"},
    {"code": "missing", "message": "x", "type": "invalid_request_error", "doc_url": "u"},
    {**_UNAPPROVED, "message": "x"},
)  # fmt: skip
_FOUND: dict[str, list[Any]] = {
    "charge.dispute": [made("dispute")],
    "invoice.number": [{"number": "ABC-0001"}],
    "payment_intent.invoice": [{"id": "in_1"}],
}
_TURNING_BACK = [
    pytest.param(change, name, id=f"{change.version}-{name}-{change.about[:30]}")
    for change in CHANGES
    if change.response is not None and not change.beta
    for name in change.objects
]


def _samples(change: Change, name: str) -> list[Doc]:
    if name == "error":
        return [{"error": dict(refusal)} for refusal in REFUSALS]
    if name == "event" and "payouts" in change.about:
        return [made("event", type="payout.paid", data={"object": {}})]
    if "Attempts" in change.about:
        key = "last_payment_error" if name == "payment_intent" else "last_setup_error"
        return [made(name, **{key: dict(_UNAPPROVED)})]
    if name == "account" and "under_review" in change.about:
        return [
            made("account", requirements={"disabled_reason": "under_review", "currently_due": []})
        ]
    return [copied(SAMPLES.get(name) or made(name, account_holder_name="Jane"))]


@pytest.mark.parametrize(("change", "name"), _TURNING_BACK)
def test_a_change_is_seen_before_its_version_and_not_from_it_on(change: Change, name: str) -> None:
    assert change.response is not None
    found = {kind.replace(".", "__"): docs for kind, docs in _FOUND.items()}
    since_then = [show(doc, from_(change.version), NOW, **found) for doc in _samples(change, name)]
    turned = copied(since_then)
    for doc in turned:
        change.response(doc["error"] if name == "error" else doc, Neighbours(**found))
    assert turned != since_then

    since = day(change.version)
    if change.retroactive:
        version = before(change.version)
        assert applies(change, version[:10], (), since - 1)
        assert not applies(change, version[:10], (), since)
    else:
        assert applies(change, before(change.version)[:10], (), NOW)
        assert not applies(change, from_(change.version)[:10], (), NOW)


def test_samples_are_of_things_that_change() -> None:
    assert {name for change in CHANGES for name in change.objects} >= SAMPLES.keys()
    assert NEEDS.keys() >= _FOUND.keys()
