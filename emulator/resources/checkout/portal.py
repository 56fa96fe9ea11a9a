"""The customer portal: its configurations, and sessions in which a customer looks after what they
have subscribed to.
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import checkout as refusals
from emulator.kernel.errors import params as param_refusals
from emulator.kit import Doc, Params, Resource, Tx, lists, retrieves
from emulator.kit.editing import merged, merged_metadata, nested
from emulator.resources.checkout import portal_flows
from emulator.resources.customers.customers import CUSTOMERS

CONFIGURATIONS: Final = Resource(
    "billing_portal.configuration",
    prefix="bpc",
    kind="configuration",
    param="configuration",
    filters=("active", "is_default"),
)
PORTAL_SESSIONS: Final = Resource("billing_portal.session", prefix="bps")

_OPTIONS: Final = (
    "too_expensive",
    "missing_features",
    "switched_service",
    "unused",
    "customer_service",
    "too_complex",
    "low_quality",
    "other",
)
_FEATURES: Final[Doc] = {
    "customer_update": {"allowed_updates": [], "enabled": False},
    "invoice_history": {"enabled": False},
    "payment_method_update": {"enabled": False, "payment_method_configuration": None},
    "subscription_cancel": {
        "cancellation_reason": {"enabled": False, "feedback_options": None, "options": []},
        "enabled": False,
        "mode": "at_period_end",
        "proration_behavior": "none",
    },
    "subscription_pause": {
        "duration": {"interval_options": [], "type": "indefinite"},
        "enabled": False,
    },
    "subscription_update": {
        "billing_cycle_anchor": None,
        "default_allowed_updates": [],
        "enabled": False,
        "products": None,
        "proration_behavior": "none",
        "schedule_at_period_end": {"conditions": []},
        "trial_update_behavior": "end_trial",
    },
}
# What a test account's own portal offers until somebody saves another (assumed).
_USUAL: Final[Doc] = {
    "customer_update": {"allowed_updates": ["email", "address", "phone"], "enabled": True},
    "invoice_history": {"enabled": True},
    "payment_method_update": {"enabled": True},
    "subscription_cancel": {"enabled": True, "cancellation_reason": {"options": list(_OPTIONS)}},
}

retrieves(CONFIGURATIONS, "GET /v1/billing_portal/configurations/{configuration}")
lists(CONFIGURATIONS, "GET /v1/billing_portal/configurations")


@CONFIGURATIONS.on("POST /v1/billing_portal/configurations")
def create_configuration(tx: Tx, params: Params) -> Doc:
    return _configure(tx, params, is_default=False)


@CONFIGURATIONS.on("POST /v1/billing_portal/configurations/{configuration}")
def update_configuration(tx: Tx, params: Params, id_: str) -> Doc:
    found = tx.get(CONFIGURATIONS, id_)
    _lay(found, params)
    if params.get("active") is not None:
        found["active"] = params["active"]
    _check(found["features"])
    found["updated"] = tx.now
    return tx.save(CONFIGURATIONS, found, event="billing_portal.configuration.updated")


@PORTAL_SESSIONS.on("POST /v1/billing_portal/sessions")
def create(tx: Tx, params: Params) -> Doc:
    customer = params.get("customer") or params.get("customer_account")
    if not customer:
        raise param_refusals.parameter_missing("customer")
    tx.get(CUSTOMERS, customer, param="customer")
    configuration = _chosen(tx, params)
    id_ = tx.new_id(PORTAL_SESSIONS.prefix)
    session: Doc = {
        "id": id_,
        "object": PORTAL_SESSIONS.name,
        "configuration": configuration["id"],
        "created": tx.now,
        "customer": customer,
        "customer_account": params.get("customer_account"),
        "flow": None,
        "livemode": False,
        "locale": params.get("locale"),
        "on_behalf_of": params.get("on_behalf_of"),
        "return_url": params.get("return_url") or configuration["default_return_url"],
        "url": f"{_address(tx)}/{id_}",
    }
    session["flow"] = portal_flows.flow(tx, params.get("flow_data"), session, configuration)
    return tx.save(PORTAL_SESSIONS, session, event="billing_portal.session.created")


def configuration_of(tx: Tx, session: Doc) -> Doc:
    """What the portal of a session offers."""
    return tx.get(CONFIGURATIONS, session["configuration"])


# -- inside ---------------------------------------------------------------------------------------


def _chosen(tx: Tx, params: Params) -> Doc:
    if params.get("configuration"):
        return tx.get(CONFIGURATIONS, params["configuration"], param="configuration")
    found = next(iter(tx.all(CONFIGURATIONS, is_default=True)), None)
    return found or _configure(tx, {"features": _USUAL}, is_default=True)


def _configure(tx: Tx, params: Params, *, is_default: bool) -> Doc:
    configuration: Doc = {
        "id": tx.new_id(CONFIGURATIONS.prefix),
        "object": CONFIGURATIONS.name,
        "active": True,
        "application": None if tx.is_platform else tx.setup.application,
        "business_profile": {
            "headline": None,
            "privacy_policy_url": None,
            "terms_of_service_url": None,
        },
        "created": tx.now,
        "default_return_url": None,
        "features": merged(None, _FEATURES, {}),
        "is_default": is_default,
        "livemode": False,
        "login_page": {"enabled": False, "url": None},
        "metadata": {},
        "name": None,
        "updated": tx.now,
    }
    _lay(configuration, params)
    _check(configuration["features"])
    return tx.save(CONFIGURATIONS, configuration, event="billing_portal.configuration.created")


def _lay(configuration: Doc, params: Params) -> None:
    for name in ("business_profile", "features", "login_page"):
        if params.get(name):
            facts = nested(CONFIGURATIONS.name, name)
            configuration[name] = merged(configuration[name], params[name], facts)
    for option in configuration["features"]["subscription_pause"]["duration"]["interval_options"]:
        option.setdefault("interval_count", 1)
    for name in ("default_return_url", "name"):
        if name in params:
            configuration[name] = params[name]
    if "metadata" in params:
        configuration["metadata"] = merged_metadata(configuration["metadata"], params["metadata"])


def _check(features: Doc) -> None:
    """Who may change plans has to choose among some, and to be able to pay for them (observed)."""
    updates = features["subscription_update"]
    if not updates["enabled"]:
        return
    if not features["payment_method_update"]["enabled"]:
        raise refusals.portal_updates_without_cards()
    if not updates["products"]:
        raise param_refusals.parameter_missing("features[subscription_update][products]")


def _address(tx: Tx) -> str:
    here = tx.setup.settings.get("base_url", "http://localhost:12111")
    return f"{here}/_emulator/portal/{tx.setup.name}"
