"""PaymentIntents and SetupIntents, newest change first."""

from __future__ import annotations

from emulator.contract.versions.change import Change, Doc, Fetch, Params, inline, put, rename

_INTENTS = ("POST /v1/payment_intents", "POST /v1/setup_intents")
_OLD_STATUS = {
    "requires_payment_method": "requires_source",
    "requires_action": "requires_source_action",
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


def _charges(intent: Doc, fetch: Fetch) -> None:
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
        "2022-11-15",
        "PaymentIntents carry latest_charge, no longer the list of their charges.",
        objects=("payment_intent",),
        response=_charges,
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
