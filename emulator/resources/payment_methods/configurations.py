"""Payment method configurations: which payment methods an account offers to its customers when a
request names none.

Every account has one from the first, the default; others are made and named in requests. What one
does not say (`none`), the default says.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.contract import shape
from emulator.contract.blanks import blank
from emulator.kit import Doc, Page, Params, Resource, Tx, page
from emulator.rules import automatic_methods

CONFIGURATIONS: Final = Resource(
    "payment_method_configuration",
    prefix="pmc",
    kind="payment_method_configuration",
    param="configuration",
    filters=("active",),
)

_WALLETS: Final = frozenset({"apple_pay", "google_pay"})  # on wherever cards are (documented)


@CONFIGURATIONS.on("GET /v1/payment_method_configurations")
def list_(tx: Tx, params: Params) -> Page:
    default(tx)
    return page(tx, CONFIGURATIONS, params)


@CONFIGURATIONS.on("GET /v1/payment_method_configurations/{configuration}")
def retrieve(tx: Tx, _params: Params, id_: str) -> Doc:
    return named(tx, id_)


@CONFIGURATIONS.on("POST /v1/payment_method_configurations")
def create(tx: Tx, params: Params) -> Doc:
    parent = params.get("parent")
    above = default(tx) if parent is None else named(tx, parent, "parent")
    made = {**above, **tx.new(CONFIGURATIONS, parent=parent, active=True, application=None)}
    made |= {"is_default": False, "name": params.get("name") or ""}
    made |= {name: _method(params.get(name), above[name]) for name in _methods()}
    return tx.save(CONFIGURATIONS, made)


@CONFIGURATIONS.on("POST /v1/payment_method_configurations/{configuration}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    found = named(tx, id_)
    found |= {name: params[name] for name in ("active", "name") if params.get(name) is not None}
    above = found if found["is_default"] else default(tx)
    asked = [name for name in _methods() if name in params]
    return tx.save(
        CONFIGURATIONS, found | {name: _method(params[name], above[name]) for name in asked}
    )


# -- what payments ask ----------------------------------------------------------------------------


def named(tx: Tx, id_: str, param: str | None = None) -> Doc:
    """The configuration of this id. param: what the refusal blames, where it is no path."""
    if id_ == default_id(tx):
        return default(tx)
    return tx.get(CONFIGURATIONS, id_, param=param)


def default_id(tx: Tx) -> str:
    """The id of the account's default configuration, written down or not."""
    return f"pmc_1{tx.secret(f'{tx.account}/pmc', 23)}"


def switched_off(tx: Tx, id_: str) -> frozenset[str]:
    """The payment methods that a configuration does not offer."""
    found = tx.find(CONFIGURATIONS, id_)
    if found is None:
        return frozenset()
    return frozenset(
        name for name in _methods() if found[name]["display_preference"]["value"] == "off"
    )


def default(tx: Tx) -> Doc:
    """The account's default configuration, made when it is first asked for."""
    id_ = default_id(tx)
    found = tx.find(CONFIGURATIONS, id_)
    if found is not None:
        return found
    offered = {*automatic_methods.names(), *_WALLETS}
    made = blank(CONFIGURATIONS.name) | {"id": id_, "active": True, "application": None}
    made |= {"is_default": True, "name": "Default", "parent": None}
    for name in _methods():
        value = "on" if name in offered else "off"
        made[name] = {
            "available": name in offered,
            "display_preference": {"overridable": None, "preference": "none", "value": value},
        }
    return tx.save(CONFIGURATIONS, made)


def _methods() -> list[str]:
    """The payment methods that a configuration speaks of."""
    fields = shape(CONFIGURATIONS.name)["fields"]
    return [name for name, spec in fields.items() if "available" in spec.get("fields", {})]


def _method(sent: dict[str, Any] | None, above: Doc) -> Doc:
    """A method as a request wants it, over what it is above."""
    asked = ((sent or {}).get("display_preference") or {}).get("preference") or "none"
    value = above["display_preference"]["value"] if asked == "none" else asked
    shown = {"overridable": None, "preference": asked, "value": value}
    return {"available": above["available"], "display_preference": shown}
