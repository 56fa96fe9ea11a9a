"""Tax settings: where an account's head office is, and what holds for prices that do not say.

`pending` until the head office is known, and no tax is calculated before. A platform of this server
is set up: its head office is in its country until it says where (assumed).
"""

from __future__ import annotations

from typing import Final

from emulator.contract.blanks import blank
from emulator.contract.previous import differences
from emulator.kernel.errors import taxing as refusals
from emulator.kit import Doc, Params, Resource, Tx
from emulator.resources.accounts.state import country_of
from emulator.rules import tax

TAX_SETTINGS: Final = Resource("tax.settings", prefix="")


@TAX_SETTINGS.on("GET /v1/tax/settings")
def retrieve(tx: Tx, _params: Params) -> Doc:
    return shown(tx)


@TAX_SETTINGS.on("POST /v1/tax/settings")
def update(tx: Tx, params: Params) -> Doc:
    before, kept = shown(tx), _kept(tx)
    if params.get("defaults"):
        kept["defaults"] = {**kept.get("defaults", {}), **params["defaults"]}
    if params.get("head_office"):
        kept["head_office"] = params["head_office"]["address"]
    tx.hide(f"{tx.account}/tax_settings", kept)
    after = shown(tx)
    tx.emit("tax.settings.updated", after, previous=differences(before, after))
    return after


def shown(tx: Tx) -> Doc:
    """The settings of this account."""
    kept, settings = _kept(tx), blank("tax.settings")
    settings["defaults"] |= kept.get("defaults", {})
    address = kept.get("head_office") or ({"country": country_of(tx)} if tx.is_platform else None)
    if address:
        settings["head_office"] = {"address": {**blank("address"), **address}}
    if home(settings) is None:
        missing: Doc = {"missing_fields": ["head_office"]}
        return settings | {"status": "pending", "status_details": {"pending": missing}}
    return settings | {"status": "active", "status_details": {"active": {}}}


def home(settings: Doc) -> str | None:
    """The country of the head office."""
    country: str | None = ((settings["head_office"] or {}).get("address") or {}).get("country")
    return country


def check_active(tx: Tx) -> None:
    """Refuse automatic tax on an account that is not set up for it."""
    if shown(tx)["status"] != "active":
        raise refusals.tax_inactive()


def code_of(settings: Doc, product: Doc | None) -> str:
    """The tax code of a product, or the one that what names none has."""
    named: str | None = (product or {}).get("tax_code") or settings["defaults"]["tax_code"]
    return named or tax.usual_code()


def is_inclusive(settings: Doc, behavior: str | None, currency: str) -> bool:
    """Whether a price has its tax in it: as it says, or as the settings do."""
    if behavior in {"inclusive", "exclusive"}:
        return behavior == "inclusive"
    usual = settings["defaults"]["tax_behavior"]
    if usual == "inferred_by_currency":
        return tax.inferred_inclusive(currency)
    return bool(usual == "inclusive")


def _kept(tx: Tx) -> Doc:
    return tx.hidden(f"{tx.account}/tax_settings")
