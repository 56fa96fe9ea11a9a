"""Accounts and capabilities, newest change first. Shapes before 2019-02-19: `legal_entity`."""

from __future__ import annotations

from typing import Any

from emulator.contract.order import put
from emulator.contract.versions.change import Change, Doc, Fetch, Params, rename
from emulator.contract.versions.changes import legal_entity

_WRITE = ("POST /v1/accounts", "POST /v1/accounts/{account}")
_PERSONS = (
    "GET /v1/accounts/{account}/persons",
    "POST /v1/accounts/{account}/persons",
    "POST /v1/accounts/{account}/persons/{person}",
)
_TOKENS = ("POST /v1/tokens",)
_LINKS = ("POST /v1/account_links",)
_LINK_TYPES = {
    "custom_account_update": "account_update",
    "custom_account_verification": "account_onboarding",
}


def _controls(account: Doc, _fetch: Fetch) -> None:
    if "requirements" in account:
        switch: dict[str, Any] = {"pause_requested": False}
        put(account, risk_controls={"charges": switch, "payouts": dict(switch)})


def _rejected_by_anybody(account: Doc, _fetch: Fetch) -> None:
    for name in ("requirements", "future_requirements"):
        hash_ = account.get(name) or {}
        why = hash_.get("disabled_reason") or ""
        if why.startswith("rejected.platform_"):
            hash_["disabled_reason"] = why.replace("platform_", "", 1)


def _inactive(capability: Doc, _fetch: Fetch) -> None:
    hash_ = capability.get("requirements") or {}
    if hash_.get("disabled_reason") == "paused.inactivity":
        hash_["disabled_reason"] = "rejected.other"


def _link_type(params: Params) -> None:
    if params.get("type") in _LINK_TYPES:
        params["type"] = _LINK_TYPES[params["type"]]


def _link_urls(params: Params) -> None:
    for old, new in (("failure_url", "refresh_url"), ("success_url", "return_url")):
        if old in params:
            params.setdefault(new, params.pop(old))


def _opener(person: Doc, _fetch: Fetch) -> None:
    relationship = person.get("relationship")
    if isinstance(relationship, dict) and "representative" in relationship:
        put(relationship, account_opener=relationship["representative"])


def _opener_param(params: Params) -> None:
    for place in (params, params.get("person")):
        relationship = place.get("relationship") if isinstance(place, dict) else None
        if isinstance(relationship, dict) and "account_opener" in relationship:
            relationship["representative"] = relationship.pop("account_opener")


def _platform_payments(account: Doc, _fetch: Fetch) -> None:
    capabilities = account.get("capabilities")
    if isinstance(capabilities, dict) and "card_payments" not in capabilities:
        rename(capabilities, "transfers", "platform_payments")


def _both_capabilities(params: Params) -> None:
    asked = params.get("requested_capabilities")
    if isinstance(asked, list) and "platform_payments" in asked:
        asked[asked.index("platform_payments")] = "transfers"


def _under_review(account: Doc, _fetch: Fetch) -> None:
    verification = account.get("verification")
    if isinstance(verification, dict) and verification.get("disabled_reason") == "under_review":
        verification["disabled_reason"] = "other"


def _managed(account: Doc, _fetch: Fetch) -> None:
    if "type" in account:
        put(account, managed=account.pop("type") == "custom")


def _managed_param(params: Params) -> None:
    if "managed" in params:
        managed = str(params.pop("managed")).lower() == "true"
        params.setdefault("type", "custom" if managed else "standard")


def _transfers(account: Doc, _fetch: Fetch) -> None:
    rename(account, "payouts_enabled", "transfers_enabled")
    rename(account, "payout_schedule", "transfer_schedule")
    rename(account, "payout_statement_descriptor", "transfer_statement_descriptor")


def _transfers_param(params: Params) -> None:
    for old, new in (
        ("transfer_schedule", "payout_schedule"),
        ("transfer_statement_descriptor", "payout_statement_descriptor"),
    ):
        if old in params:
            params[new] = params.pop(old)


def _needed(account: Doc, _fetch: Fetch) -> None:
    if "verification" not in account:
        return
    checked = account["legal_entity"]["verification"]
    if checked["status"] == "pending" and account["legal_entity"]["first_name"] is None:
        checked["status"] = "unverified"
    if account["verification"]["fields_needed"] and not account["verification"]["disabled_reason"]:
        account["verification"]["disabled_reason"] = "fields_needed"


CHANGES = (
    Change(
        "",
        "risk_controls, for those who name the beta.",
        objects=("account",),
        response=_controls,
        beta="risk_in_requirements_beta=v1",
    ),
    Change(
        "2026-09-30",
        "A rejection says whether the platform decided it.",
        objects=("account",),
        response=_rejected_by_anybody,
    ),
    Change(
        "2024-06-20",
        "A capability may be paused for inactivity.",
        objects=("capability",),
        response=_inactive,
    ),
    Change(
        "2022-11-15",
        "The first types of account links, which only custom accounts had, went.",
        operations=_LINKS,
        request=_link_type,
    ),
    Change(
        "2020-08-27",
        "failure_url and success_url of account links became refresh_url and return_url. They did "
        "so that summer, on a day without a version; the version is assumed.",
        operations=_LINKS,
        request=_link_urls,
    ),
    Change(
        "2019-10-08",
        "The account_opener is the representative. Observed from 2021 on: older versions say both.",
        objects=("person",),
        response=_opener,
        operations=(*_PERSONS, *_TOKENS),
        request=_opener_param,
    ),
    Change(
        "2019-08-14",
        "platform_payments became card_payments and transfers.",
        objects=("account",),
        response=_platform_payments,
        operations=_WRITE,
        request=_both_capabilities,
    ),
    Change(
        "2019-02-19",
        "legal_entity became individual and company, its neighbours settings.",
        objects=("account",),
        response=legal_entity.before,
        operations=_WRITE,
        request=legal_entity.adapt,
    ),
    Change(
        "2019-02-19",
        "The same inside account tokens.",
        operations=_TOKENS,
        request=legal_entity.adapt_token,
    ),
    Change(
        "2018-05-21",
        "Who has not said a name is pending, and fields are no reason before they stop something. "
        "Observed: unverified and fields_needed to February 2017; the day is assumed.",
        objects=("account",),
        response=_needed,
    ),
    Change(
        "2017-06-05",
        "An account may be under_review.",
        objects=("account",),
        response=_under_review,
    ),
    Change(
        "2017-05-25",
        "managed became type.",
        objects=("account",),
        response=_managed,
        operations=_WRITE,
        request=_managed_param,
    ),
    Change(
        "2017-04-06",
        "What was said of transfers to banks is said of payouts.",
        objects=("account",),
        response=_transfers,
        operations=_WRITE,
        request=_transfers_param,
    ),
)
