"""PaymentIntents and SetupIntents, newest change first."""

from __future__ import annotations

from typing import Any

from emulator.contract.order import put
from emulator.contract.versions.change import Change, Doc, Fetch, Params, drop, inline, rename

_INTENTS = ("POST /v1/payment_intents", "POST /v1/setup_intents")
_OLD_STATUS = {
    "requires_payment_method": "requires_source",
    "requires_action": "requires_source_action",
}
# How attempts with methods other than cards end since 2022-11-15 (documented), and the code that
# stood for them all (assumed).
_ENDS_OF_ATTEMPTS = {
    "payment_intent_payment_attempt_expired",
    "payment_method_customer_decline",
    "payment_method_not_available",
    "payment_method_provider_decline",
    "payment_method_provider_timeout",
    "setup_intent_setup_attempt_expired",
}
_UNCHANGEABLE = (
    "acss_debit",
    "affirm",
    "au_becs_debit",
    "bacs_debit",
    "blik",
    "cashapp",
    "sepa_debit",
    "zip",
)
_FAILED = {
    "last_payment_error": "payment_intent_payment_attempt_failed",
    "last_setup_error": "setup_attempt_failed",
}


def _invoice(intent: Doc, fetch: Fetch) -> None:
    if isinstance(intent.get("invoice"), dict):  # expanded
        return
    found = fetch("payment_intent.invoice", intent)
    put(intent, invoice=found[0]["id"] if found else None)


def _capture_default(params: Params) -> None:
    params.setdefault("capture_method", "automatic")


def _card_default(params: Params) -> None:
    asked = ("payment_method_types", "allowed_payment_method_types", "automatic_payment_methods")
    if not any(key in params for key in (*asked, "payment_method_configuration")):
        params["payment_method_types"] = ["card"]


def _attempt(code: Any, failed: str) -> Any:
    return failed if code in _ENDS_OF_ATTEMPTS else code


def _failed_attempt(intent: Doc, _fetch: Fetch) -> None:
    for key, failed in _FAILED.items():
        if isinstance(intent.get(key), dict):
            intent[key]["code"] = _attempt(intent[key].get("code"), failed)


def _failed_attempt_refused(error: Doc, _fetch: Fetch) -> None:
    if "code" in error:
        name = "last_setup_error" if "setup_intent" in error else "last_payment_error"
        error["code"] = _attempt(error["code"], _FAILED[name])


def _charges(intent: Doc, fetch: Fetch) -> None:
    if "charges" not in intent:  # they are there already when something in them was expanded
        found = fetch("payment_intent.charges", intent)
        put(intent, charges=inline(f"/v1/charges?payment_intent={intent['id']}", found))


def _sources(intent: Doc, _fetch: Fetch) -> None:
    intent["status"] = _OLD_STATUS.get(intent["status"], intent["status"])
    rename(intent, "payment_method_types", "allowed_source_types")
    rename(intent, "next_action", "next_source_action")
    action = intent.get("next_source_action")
    if isinstance(action, dict) and "redirect_to_url" in action:
        rename(action, "redirect_to_url", "authorize_with_url")
        action["type"] = "authorize_with_url"


def _source_types(params: Params) -> None:
    if "allowed_source_types" in params:
        params["payment_method_types"] = params.pop("allowed_source_types")


def _nothing_to_change(params: Params) -> None:
    """Hashes for types of which nothing can be changed: they are empty."""
    drop(params, *_UNCHANGEABLE)


CHANGES = (
    Change(
        "2025-03-31",
        "invoice is gone from PaymentIntents.",
        objects=("payment_intent",),
        response=_invoice,
    ),
    Change(
        "2024-04-10",
        "capture_method is automatic_async unless given; it was automatic.",
        operations=("POST /v1/payment_intents",),
        request=_capture_default,
    ),
    Change(
        "2023-08-16",
        "automatic_payment_methods unless told otherwise; payment_method_types was card.",
        operations=_INTENTS,
        request=_card_default,
    ),
    Change(
        "2023-08-16",
        "Methods do not take hashes in which nothing can be changed.",
        operations=("POST /v1/payment_methods/{payment_method}",),
        request=_nothing_to_change,
    ),
    Change(
        "2022-11-15",
        "PaymentIntents carry latest_charge, no longer the list of their charges.",
        objects=("payment_intent",),
        response=_charges,
    ),
    Change(
        "2022-11-15",
        "Attempts say how they ended.",
        objects=("payment_intent", "setup_intent"),
        response=_failed_attempt,
    ),
    Change(
        "2022-11-15",
        "The same in refusals.",
        objects=("error",),
        response=_failed_attempt_refused,
    ),
    Change(
        "2019-02-11",
        "Sources are payment methods and source actions are actions.",
        objects=("payment_intent",),
        response=_sources,
        operations=("POST /v1/payment_intents", "POST /v1/payment_intents/{intent}"),
        request=_source_types,
    ),
)
