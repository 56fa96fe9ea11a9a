"""Automatic tax: what an account collects on what it sells, by where the buyer is.

The tax rates behind it are objects that no list shows and that are archived at once (documented):
one for each tax, percentage and reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from emulator.kit import Doc, Tx
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.products.products import PRODUCTS
from emulator.resources.tax import registrations, settings, tax_ids
from emulator.resources.tax.tax_rates import TAX_RATES
from emulator.rules import tax
from emulator.rules.billing.totals import Rate


@dataclass(frozen=True, slots=True)
class Assessor:
    """Who is liable for tax (`settings`, `seller`), and who buys. tx: of the account that sells."""

    tx: Tx
    settings: Doc
    seller: tax.Seller
    buyer: tax.Buyer

    def levies(self, code: str) -> tuple[tax.Levy, ...]:
        """The taxes on what has a tax code."""
        return tax.levies(self.seller, self.buyer, code)

    def product(self, id_: str | None) -> Doc | None:
        """A product of the account that sells."""
        return self.tx.find(PRODUCTS, id_) if id_ else None

    def rates(self, price: Doc | None, currency: str, note: Doc) -> list[Rate]:
        """The taxes on a price as the sums of invoices take them. note: `tax_code` and
        `tax_behavior` of the line alone.
        """
        price = price or {}
        behavior = note.get("tax_behavior") or price.get("tax_behavior")
        inclusive = settings.is_inclusive(self.settings, behavior, currency)
        code = note.get("tax_code")
        if not code:
            code = settings.code_of(self.settings, self.product(price.get("product")))
        return [_rate(self.tx, levy, inclusive=inclusive) for levy in self.levies(code)]


def assessor(tx: Tx, automatic: Doc, buyer: tax.Buyer | None) -> Assessor | None:
    """Who works out automatic tax for a buyer; None while it is not known where they are.

    automatic: `automatic_tax` of what is sold; its `liability` names whose tax it is.
    """
    if buyer is None:
        return None
    liable = _liable(tx, automatic)
    known = settings.shown(liable)
    seller = tax.Seller(settings.home(known), registrations.in_force(liable))
    return Assessor(tx, known, seller, buyer)


def check(tx: Tx, automatic: Doc | None) -> None:
    """Refuse automatic tax where whoever is liable is not set up for it."""
    if automatic and automatic.get("enabled"):
        settings.check_active(_liable(tx, automatic))


def buyer_of(
    tx: Tx, customer: Doc | None, address: Doc | None = None, ids: Iterable[Doc] = ()
) -> tax.Buyer | None:
    """A customer as a buyer: where they get what they buy, else where they live (documented).

    address: where they are for once, if it is known better. ids: tax ids besides those they have.
    """
    customer = customer or {}
    place = tax.place_of(address) if address else place_of(customer)
    if place is None:
        return None
    types = frozenset(each["type"] for each in (*tax_ids_of(tx, customer), *ids))
    return tax.Buyer(place, customer.get("tax_exempt") or "none", types)


def tax_ids_of(tx: Tx, customer: Doc) -> list[Doc]:
    """The tax ids of a customer, as {type, value}."""
    found = tax_ids.of_customer(tx, customer["id"]) if customer.get("id") else []
    return [{"type": each["type"], "value": each["value"]} for each in found]


def place_of(customer: Doc) -> tax.Place | None:
    """Where a customer is taxed."""
    shipping = (customer.get("shipping") or {}).get("address")
    return tax.place_of(shipping) or tax.place_of(customer.get("address"))


def start(automatic: Doc | None) -> Doc:
    """`automatic_tax` as something shows it that has just been asked to work it out, or not."""
    if not (automatic or {}).get("enabled"):
        return {"enabled": False, "liability": None}
    given = (automatic or {}).get("liability") or {}
    named = {"account": given["account"]} if given.get("account") else {}
    return {"enabled": True, "liability": {**named, "type": given.get("type") or "self"}}


def _liable(tx: Tx, automatic: Doc) -> Tx:
    account = (automatic.get("liability") or {}).get("account")
    return tx.on(account) if account else tx


def _rate(tx: Tx, levy: tax.Levy, *, inclusive: bool) -> Rate:
    place = f"{levy.country}/{levy.state}/{levy.level}/{levy.type}"
    key = f"{tx.account}/levy/{place}/{levy.percentage}/{levy.reason}/{inclusive}"
    known = tx.hidden(key).get("rate")
    if known is None:
        known = tx.keep(TAX_RATES, _new_rate(tx, levy, inclusive=inclusive))["id"]
        tx.hide(key, {"rate": known})
    return Rate(known, levy.percentage, inclusive, levy.reason)


def _new_rate(tx: Tx, levy: tax.Levy, *, inclusive: bool) -> Doc:
    return tx.new(
        TAX_RATES,
        active=False,
        country=levy.country,
        display_name=levy.name,
        effective_percentage=float(levy.percentage),
        inclusive=inclusive,
        jurisdiction=levy.jurisdiction,
        jurisdiction_level=levy.level,
        percentage=float(levy.percentage),
        rate_type="percentage" if levy.is_collected else None,
        state=levy.state,
        tax_type=levy.type,
    )


def _shown(tx: Tx, customer: Doc) -> Any:
    """`tax` of a customer: where they are taxed, and whether tax is collected there."""
    given = tx.hidden(customer["id"]).get("tax") or {}
    buyer = buyer_of(tx, customer)
    place: Doc | None = None
    if buyer is not None:
        shipped = tax.place_of((customer.get("shipping") or {}).get("address"))
        source = "shipping_destination" if shipped else "billing_address"
        place = {"country": buyer.place.country, "source": source, "state": buyer.place.state}
    return {
        "automatic_tax": _standing(tx, buyer),
        "ip_address": given.get("ip_address"),
        "location": place,
        "provider": "stripe",
    }


def _standing(tx: Tx, buyer: tax.Buyer | None) -> str:
    found = assessor(tx, {}, buyer)
    if found is None:
        return "unrecognized_location"
    reasons = {levy.reason for levy in found.levies(tax.usual_code())}
    return "not_collecting" if reasons & {"not_collecting", "not_supported"} else "supported"


CUSTOMERS.includes["tax"] = _shown
