"""Tax calculations: what tax a sale would bear, for platforms that make their own checkout.

A calculation changes nothing and lives for 90 days; a transaction is made of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from emulator.kernel.errors import taxing as refusals
from emulator.kernel.instants import DAY
from emulator.kit import Doc, Params, Resource, Tx, envelope, lists_within, retrieves
from emulator.kit.editing import merged_metadata
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.products.shipping_rates import SHIPPING_RATES
from emulator.resources.tax import assessing, settings
from emulator.resources.tax.assessing import Assessor
from emulator.rules import tax
from emulator.rules.billing import totals
from emulator.rules.tax import Levy

CALCULATIONS: Final = Resource(
    "tax.calculation", prefix="taxcalc", kind="tax calculation", param="calculation"
)


ITEMS: Final = Resource(
    "tax.calculation_line_item",
    prefix="tax_li",
    id_length=14,
    dated=False,
    within="calculation",
)
EXPIRES_SECONDS: Final = 90 * DAY
_OVERRIDES: Final = {"customer_exempt": "exempt", "reverse_charge": "reverse"}
_NOTHING: Final = "0.0"

retrieves(CALCULATIONS, "GET /v1/tax/calculations/{calculation}")
lists_within(ITEMS, "GET /v1/tax/calculations/{calculation}/line_items", CALCULATIONS)


@CALCULATIONS.on("POST /v1/tax/calculations")
def create(tx: Tx, params: Params) -> Doc:
    settings.check_active(tx)
    made = tx.new(
        CALCULATIONS,
        currency=params["currency"],
        customer=params.get("customer"),
        expires_at=tx.now + EXPIRES_SECONDS,
        ship_from_details=params.get("ship_from_details"),
        tax_date=params.get("tax_date") or tx.now,
    )
    made["customer_details"], buyer = _buyer(tx, params)
    assessor = assessing.assessor(tx, {}, buyer)
    assert assessor is not None, "a buyer was found"
    # The last line first: lists show the newest first, and these as they were sent.
    found = [_item(tx, made, assessor, each) for each in reversed(params["line_items"])]
    if params.get("shipping_cost"):
        made["shipping_cost"], taxed = _shipping(tx, made, assessor, params["shipping_cost"])
        found.append(taxed)
    _add_up(made, found)
    made["line_items"] = envelope(tx, ITEMS, _url(made["id"]), calculation=made["id"])
    return tx.save(CALCULATIONS, made)


def items_of(tx: Tx, id_: str) -> list[Doc]:
    """The lines of a calculation, in the order they were sent."""
    return list(tx.all(ITEMS, calculation=id_))


# -- who buys -------------------------------------------------------------------------------------


def _buyer(tx: Tx, params: Params) -> tuple[Doc, tax.Buyer]:
    """`customer_details`, and the buyer they describe."""
    if params.get("customer"):
        return _known(tx, tx.get(CUSTOMERS, params["customer"], param="customer"))
    given = params.get("customer_details")
    if not given:
        raise refusals.calculation_without_customer()

    place = tax.place_of(given.get("address"))
    if place is None:
        raise refusals.calculation_without_place()
    override = given.get("taxability_override") or "none"
    tax_ids = [{"type": each["type"], "value": each["value"]} for each in given.get("tax_ids", [])]
    types = frozenset(each["type"] for each in tax_ids)
    details = {
        "address": _address(given["address"]),
        "address_source": given.get("address_source"),
        "ip_address": given.get("ip_address"),
        "tax_ids": tax_ids,
        "taxability_override": override,
    }
    return details, tax.Buyer(place, _OVERRIDES.get(override, "none"), types)


def _known(tx: Tx, customer: Doc) -> tuple[Doc, tax.Buyer]:
    buyer = assessing.buyer_of(tx, customer)
    if buyer is None:
        raise refusals.location_unknown()
    shipping = (customer.get("shipping") or {}).get("address")
    sent = tax.place_of(shipping) is not None
    overrides = {exemption: name for name, exemption in _OVERRIDES.items()}
    details = {
        "address": _address((shipping if sent else customer["address"]) or {}),
        "address_source": "shipping" if sent else "billing",
        "ip_address": None,
        "tax_ids": assessing.tax_ids_of(tx, customer),
        "taxability_override": overrides.get(customer["tax_exempt"], "none"),
    }
    return details, buyer


def _address(given: Doc) -> Doc:
    names = ("city", "country", "line1", "line2", "postal_code", "state")
    return {name: given.get(name) or None for name in names}


# -- what is bought -------------------------------------------------------------------------------


class Taxed:
    """An amount and the taxes on it. inclusive: whether they are within it."""

    __slots__ = ("amount", "inclusive", "taxes")

    def __init__(self, amount: int, levies: Iterable[Levy], *, inclusive: bool) -> None:
        by_id = {str(at): levy for at, levy in enumerate(levies)}
        place = totals.Position(
            amount,
            rates=[
                totals.Rate(at, levy.percentage, inclusive, levy.reason)
                for at, levy in by_id.items()
            ],
        )
        totals.compute([place])
        self.amount, self.inclusive = amount, inclusive
        self.taxes = [(by_id[rate.id], taken, taxable) for rate, taken, taxable in place.taxes]

    @property
    def tax(self) -> int:
        return sum(amount for _, amount, _ in self.taxes)


def _item(tx: Tx, calculation: Doc, assessor: Assessor, given: Doc) -> Taxed:
    product = assessor.product(given.get("product"))
    code = given.get("tax_code") or settings.code_of(assessor.settings, product)
    inclusive = given.get("tax_behavior") == "inclusive"
    taxed = Taxed(given["amount"], assessor.levies(code), inclusive=inclusive)
    item = tx.new(
        ITEMS,
        amount=taxed.amount,
        amount_tax=taxed.tax,
        metadata=merged_metadata(None, given.get("metadata") or {}),
        product=given.get("product"),
        quantity=given.get("quantity") or 1,
        tax_behavior="inclusive" if inclusive else "exclusive",
        tax_code=code,
    )
    item["reference"] = given.get("reference") or item["id"]
    tx.save(ITEMS, item | {"calculation": calculation["id"]})
    tx.hide(item["id"], {"tax_breakdown": _broken_down(taxed)})
    return taxed


def _shipping(tx: Tx, calculation: Doc, assessor: Assessor, given: Doc) -> tuple[Doc, Taxed]:
    rate: Doc = {}
    if given.get("shipping_rate"):
        name = "shipping_cost[shipping_rate]"
        rate = tx.get(SHIPPING_RATES, given["shipping_rate"], param=name)
    code = given.get("tax_code") or rate.get("tax_code") or tax.shipping_code()
    behavior = given.get("tax_behavior") or rate.get("tax_behavior")
    amount = given.get("amount")
    if amount is None:
        amount = (rate.get("fixed_amount") or {}).get("amount") or 0
    taxed = Taxed(amount, assessor.levies(code), inclusive=behavior == "inclusive")
    tx.hide(calculation["id"], {"shipping_breakdown": _broken_down(taxed)})
    cost: Doc = {
        "amount": amount,
        "amount_tax": taxed.tax,
        "tax_behavior": "inclusive" if taxed.inclusive else "exclusive",
        "tax_code": code,
    }
    if rate:
        cost["shipping_rate"] = rate["id"]
    return dict(sorted(cost.items())), taxed


# -- what it comes to -----------------------------------------------------------------------------


def _add_up(calculation: Doc, found: list[Taxed]) -> None:
    within = sum(each.tax for each in found if each.inclusive)
    on_top = sum(each.tax for each in found if not each.inclusive)
    calculation |= {
        "amount_total": sum(each.amount for each in found) + on_top,
        "tax_amount_exclusive": on_top,
        "tax_amount_inclusive": within,
        "tax_breakdown": _summed(found),
    }


def _summed(found: list[Taxed]) -> list[Doc]:
    """The taxes of all lines, one for each levy and behavior."""
    sums: dict[tuple[Levy, bool], Doc] = {}
    for each in found:
        for levy, amount, taxable in each.taxes:
            entry = sums.setdefault((levy, each.inclusive), _sum(levy, inclusive=each.inclusive))
            entry["amount"] += amount
            entry["taxable_amount"] += taxable
    return list(sums.values())


def _sum(levy: Levy, *, inclusive: bool) -> Doc:
    rate = {
        "country": levy.country,
        "flat_amount": None,
        "percentage_decimal": _written(levy.percentage),
        "rate_type": "percentage" if levy.is_collected else None,
        "state": levy.state,
        "tax_type": levy.type if levy.is_collected else None,
    }
    return {
        "amount": 0,
        "inclusive": inclusive,
        "tax_rate_details": rate,
        "taxability_reason": levy.reason,
        "taxable_amount": 0,
    }


def _broken_down(taxed: Taxed) -> list[Doc]:
    """The taxes on one line, each with who levies it; no rate where nothing is (documented)."""
    return [
        {
            "amount": amount,
            "jurisdiction": {
                "country": levy.country,
                "display_name": levy.jurisdiction,
                "level": levy.level,
                "state": levy.state,
            },
            "sourcing": levy.sourcing,
            "tax_rate_details": _rate(levy) if levy.is_collected else None,
            "taxability_reason": levy.reason,
            "taxable_amount": taxable,
        }
        for levy, amount, taxable in taxed.taxes
    ]


def _rate(levy: Levy) -> Doc:
    return {
        "display_name": levy.name,
        "percentage_decimal": _written(levy.percentage),
        "tax_type": levy.type,
    }


def _written(percentage: Decimal) -> str:
    """At least one digit behind the point (observed)."""
    return _NOTHING if not percentage else str(float(percentage))


def _url(id_: str) -> str:
    return f"/v1/tax/calculations/{id_}/line_items"


ITEMS.includes["tax_breakdown"] = lambda tx, item: tx.hidden(item["id"]).get("tax_breakdown")
CALCULATIONS.includes["shipping_cost.tax_breakdown"] = lambda tx, cost: tx.hidden(cost["id"]).get(
    "shipping_breakdown"
)
