"""Taxes on sales: where a buyer is, what is levied there, and what a seller collects of it."""

from emulator.rules.tax.levies import (
    Buyer,
    Levy,
    Seller,
    inferred_inclusive,
    levies,
    shipping_code,
    usual_code,
)
from emulator.rules.tax.places import Place, place_of

__all__ = [
    "Buyer",
    "Levy",
    "Place",
    "Seller",
    "inferred_inclusive",
    "levies",
    "place_of",
    "shipping_code",
    "usual_code",
]
