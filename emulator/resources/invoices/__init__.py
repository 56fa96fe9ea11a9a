"""Invoices: what a customer owes, and how it is paid.

Read `invoices` (what one is), `lines`, `invoicing` (what clients do), `finalizing`, `paying`,
`invoice_payments`. What goes onto one: `invoice_items`, `line_changes`. What is taken off again:
`credit_notes`. Credits for usage, which invoices apply: `credit_grants`, `granting`, `crediting`.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Resource
from emulator.resources.invoices import (  # noqa: F401 - importing them declares what they do
    granting,
    invoicing,
    line_changes,
)
from emulator.resources.invoices.credit_grants import GRANTS
from emulator.resources.invoices.credit_notes import CREDIT_LINES, CREDIT_NOTES
from emulator.resources.invoices.crediting import SUMMARIES, TRANSACTIONS
from emulator.resources.invoices.invoice_items import INVOICE_ITEMS
from emulator.resources.invoices.invoice_payments import INVOICE_PAYMENTS
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.invoices.lines import LINES

RESOURCES: Final[tuple[Resource, ...]] = (
    CREDIT_LINES,
    CREDIT_NOTES,
    GRANTS,
    INVOICES,
    INVOICE_ITEMS,
    INVOICE_PAYMENTS,
    LINES,
    SUMMARIES,
    TRANSACTIONS,
)
