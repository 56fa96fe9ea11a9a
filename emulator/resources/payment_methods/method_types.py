"""Which payment methods an intent takes: those that a request names, or those that a
configuration of payment methods offers.
"""

from __future__ import annotations

from collections.abc import Iterable

from emulator.kernel.errors import methods as refusals
from emulator.kit import Doc, Params, Tx
from emulator.resources.payment_methods import configurations
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
    intent["payment_method_configuration_details"] = configuration(tx, params)
    return bool(redirects == "always")


def configuration(tx: Tx, params: Params) -> Doc:
    """Which configuration chooses: the one that a request names, or the account's default one."""
    name = params.get("payment_method_configuration")
    if name is None:
        return {"id": configurations.default_id(tx), "parent": None}
    found = configurations.named(tx, name, "payment_method_configuration")
    return {"id": found["id"], "parent": found["parent"]}


def left(tx: Tx, chooses: Doc, types: Iterable[str]) -> list[str]:
    """Those of the types that a configuration (`id`, `parent`) does not switch off; refused when
    none is left.
    """
    off = configurations.switched_off(tx, chooses["id"])
    offered = [name for name in types if name not in off]
    if not offered:
        raise refusals.no_method_offered()
    return offered
