"""What the invoices of a subscription say.

Read `charging_periods` (a line for each item and period; `metering`, what was used in it), then
what a change within a period costs: `charging_changes`, `prorating`, and under them `costing` (what
an item costs) and `debits` (what was charged for it already).
"""
