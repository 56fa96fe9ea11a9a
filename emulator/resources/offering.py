"""Which payment methods an intent takes: those that a request names, or those that a
configuration of payment methods offers.
"""

from __future__ import annotations

from emulator.kit import Doc, Params, Tx
from emulator.rules import automatic_methods


def named(tx: Tx, params: Params) -> list[str] | None:
    """The types that a request names; None when the configuration is to choose them."""
    automatic = params.get("automatic_payment_methods") or {}
    if automatic.get("enabled"):
        return None
    types = params.get("payment_method_types") or params.get("allowed_payment_method_types")
    if not types and not automatic and tx.now < automatic_methods.SINCE:
        return ["card"]
    return types or None


def configured(tx: Tx, intent: Doc, params: Params) -> bool:
    """Note on an intent that the configuration chooses; whether its customer may be sent away."""
    automatic = params.get("automatic_payment_methods") or {}
    redirects = automatic.get("allow_redirects") or "always"
    intent["automatic_payment_methods"] = {"allow_redirects": redirects, "enabled": True}
    intent["payment_method_configuration_details"] = {
        "id": configuration(tx, params),
        "parent": None,
    }
    return bool(redirects == "always")


def configuration(tx: Tx, params: Params) -> str:
    """The id of the configuration that a request names, or of the account's default one."""
    named: str | None = params.get("payment_method_configuration")
    return named or f"pmc_1{tx.secret(f'{tx.account}/pmc', 23)}"
