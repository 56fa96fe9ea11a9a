"""Account sessions: leave for a page to show embedded components of one account."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from emulator.contract import shape
from emulator.kernel.errors import accounts as refusals
from emulator.kit import Doc, Params, Resource, Tx
from emulator.resources.accounts.links import lock, named
from emulator.resources.accounts.state import controller_of
from emulator.rules.accounts.types import Controller

# How long one lasts is not documented; assumed.
LIFE_SECONDS: Final = 1_800

ACCOUNT_SESSIONS: Final = Resource("account_session", prefix="accs")

_ALWAYS: Final = frozenset(
    {
        "capture_payments",
        "dispute_management",
        "external_account_collection",
        "refund_management",
    }
)
_FOR_STRIPE_LOSSES: Final = frozenset(
    {"edit_payout_schedule", "instant_payouts", "standard_payouts"}
)


@ACCOUNT_SESSIONS.on("POST /v1/account_sessions")
def create(tx: Tx, params: Params) -> Doc:
    account = named(tx, params["account"])
    controller = controller_of(account)
    asked: Doc = params.get("components") or {}
    names = sorted({*_features(), *asked})  # those of previews are shown where they were asked for
    components = {name: _component(name, asked.get(name) or {}, controller) for name in names}

    lock(tx, account)
    count = tx.new_id("accs", 40, dated=False).removeprefix("accs_")
    enabled = [name for name, component in components.items() if component["enabled"]]
    expires_at = tx.now + LIFE_SECONDS
    kept = {"account": account["id"], "enabled": enabled, "expires_at": expires_at}
    tx.hide(_name(f"accs_secret__{count}"), kept)
    return {
        "object": "account_session",
        "account": account["id"],
        "client_secret": f"accs_secret__{count}",
        "components": components,
        "expires_at": expires_at,
        "livemode": False,
    }


def opened(tx: Tx, secret: str, component: str) -> str:
    """The id of the account whose component a client secret opens; refused when it opens none."""
    kept = tx.hidden(_name(secret))
    if not kept or kept["expires_at"] <= tx.now:
        raise refusals.account_session_over()
    if component not in kept["enabled"]:
        raise refusals.component_not_enabled(component)
    return str(kept["account"])


def _name(secret: str) -> str:
    return f"account_session/{secret}"


def _component(name: str, asked: Doc, controller: Controller) -> Doc:
    """A component as it will behave: what was asked for, over what is usual for such an account."""
    wanted: Doc = {key: on for key, on in (asked.get("features") or {}).items() if on is not None}
    if controller.collection == "stripe":
        _refuse_own_login(name, wanted)
    features = {feature: _usual(feature, controller) for feature in _features().get(name, ())}
    collects = wanted.get("external_account_collection", True)
    if "disable_stripe_user_authentication" in features:
        application = controller.collection == "application"
        features["disable_stripe_user_authentication"] = application and not collects
    if "smart_disputes_management" in features:
        features["smart_disputes_management"] = wanted.get("dispute_management", True)
    return {"enabled": bool(asked.get("enabled")), "features": features | wanted}


def _usual(feature: str, controller: Controller) -> bool:
    if feature in _FOR_STRIPE_LOSSES:
        return controller.losses == "stripe"
    return feature in _ALWAYS


def _refuse_own_login(name: str, wanted: Doc) -> None:
    if wanted.get("disable_stripe_user_authentication"):
        raise refusals.session_feature(name, "disable_stripe_user_authentication")
    if wanted.get("external_account_collection") is False:
        raise refusals.session_feature(name, "external_account_collection")


@cache
def _features() -> dict[str, tuple[str, ...]]:
    """Every component of the contract and the features it has."""
    fields: dict[str, Any] = shape("account_session")["fields"]["components"]["fields"]
    return {
        name: tuple(sorted(facts["fields"]["features"].get("fields", {})))
        for name, facts in sorted(fields.items())
    }
