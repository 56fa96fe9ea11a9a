"""Tax rates: so many percent on top of a price, or within it. Percentages never change."""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import catalogue as refusals
from emulator.kit import Doc, Params, Resource, Tx, lists, retrieves, updates
from emulator.kit.editing import edit

TAX_RATES: Final = Resource(
    "tax_rate",
    prefix="txr",
    param="tax_rate",
    filters=("active", "inclusive"),
    editable=(
        "active",
        "country",
        "description",
        "display_name",
        "jurisdiction",
        "metadata",
        "state",
        "tax_type",
    ),
)

retrieves(TAX_RATES, "GET /v1/tax_rates/{tax_rate}")
lists(TAX_RATES, "GET /v1/tax_rates")
updates(TAX_RATES, "POST /v1/tax_rates/{tax_rate}", event="tax_rate.updated")


@TAX_RATES.on("POST /v1/tax_rates")
def create(tx: Tx, params: Params) -> Doc:
    if not 0 <= params["percentage"] <= 100:
        raise refusals.percentage_out_of_range()
    rate = tx.new(TAX_RATES)
    sent = {name: value for name, value in params.items() if value is not None}
    edit(rate, sent, (*TAX_RATES.editable, "inclusive", "percentage"))
    return tx.save(TAX_RATES, rate, event="tax_rate.created")


def of_percent(tx: Tx, percent: float) -> Doc:
    """The rate behind a bare `tax_percent` of older versions: on top of the price, in no list."""
    rate = tx.new(TAX_RATES, active=False, display_name="Tax", inclusive=False, percentage=percent)
    return tx.keep(TAX_RATES, rate)


def named(tx: Tx, ids: list[str] | None, param: str) -> list[Doc]:
    """The tax rates a request names, whole, as objects show them."""
    return [tx.get(TAX_RATES, id_, param=f"{param}[{at}]") for at, id_ in enumerate(ids or [])]
