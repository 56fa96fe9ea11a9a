"""The closed list of reasons why money moves, and what each shows on the balances it touches.

A kind says which balance transaction the giver and the taker see: (type, reporting_category), or
None where that side is no Stripe balance. Source: the types and categories of Stripe's balance
transactions.
"""

from __future__ import annotations

from typing import Final, NamedTuple

Shown = tuple[str, str]


class Kind(NamedTuple):
    """giver, taker: (type, reporting_category) of the balance transaction on that side."""

    giver: Shown | None
    taker: Shown | None


KINDS: Final[dict[str, Kind]] = {
    "charge": Kind(None, ("charge", "charge")),
    "payment": Kind(None, ("payment", "charge")),
    "payment_failure": Kind(("payment_failure_refund", "charge_failure"), None),
    "refund": Kind(("refund", "refund"), None),
    "refund_failure": Kind(None, ("refund_failure", "refund_failure")),
    "payment_refund": Kind(("payment_refund", "refund"), None),
    "partial_capture_reversal": Kind(("refund", "partial_capture_reversal"), None),
    "transfer": Kind(("transfer", "transfer"), ("payment", "charge")),
    "transfer_out": Kind(("transfer", "transfer"), None),
    "transfer_in": Kind(None, ("payment", "charge")),
    "reversal_out": Kind(("payment_refund", "refund"), None),
    "reversal_in": Kind(None, ("transfer_refund", "transfer_reversal")),
    "transfer_reversal": Kind(
        ("payment_refund", "refund"), ("transfer_refund", "transfer_reversal")
    ),
    "application_fee": Kind(None, ("application_fee", "platform_earning")),
    "application_fee_refund": Kind(
        ("application_fee_refund", "platform_earning_refund"), ("adjustment", "fee")
    ),
    "application_fee_return": Kind(("application_fee_refund", "platform_earning_refund"), None),
    "fee_returned": Kind(None, ("adjustment", "fee")),
    "dispute": Kind(("adjustment", "dispute"), None),
    "dispute_reversal": Kind(None, ("adjustment", "dispute_reversal")),
    "payout": Kind(("payout", "payout"), None),
    "payout_debit": Kind(None, ("payout", "payout")),
    "payout_cancel": Kind(None, ("payout_cancel", "payout_reversal")),
    "payout_failure": Kind(None, ("payout_failure", "payout_reversal")),
    "payout_debit_failure": Kind(("payout_failure", "payout_reversal"), None),
    "payout_minimum_balance_hold": Kind(
        ("payout_minimum_balance_hold", "payout_minimum_balance_hold"), None
    ),
    "payout_minimum_balance_release": Kind(
        None, ("payout_minimum_balance_release", "payout_minimum_balance_release")
    ),
    # Instant Payouts of what is still pending: into the free part, out of the later ones.
    "advance": Kind(None, ("advance", "advance")),
    "advance_funding": Kind(("advance_funding", "advance_funding"), None),
    "topup": Kind(None, ("topup", "topup")),
    "topup_reversal": Kind(("topup_reversal", "topup_reversal"), None),
    "stripe_fee": Kind(("stripe_fee", "fee"), None),
    "stripe_fee_return": Kind(None, ("stripe_fee", "fee")),
    "reserve": Kind(("reserve_transaction", "connect_reserved_funds"), None),
    "reserve_release": Kind(None, ("reserve_transaction", "connect_reserved_funds")),
    "connect_collection_transfer": Kind(
        ("connect_collection_transfer", "connect_collection_transfer"),
        ("connect_collection_transfer", "connect_collection_transfer"),
    ),
    "adjustment": Kind(("adjustment", "other_adjustment"), ("adjustment", "other_adjustment")),
    "adjustment_out": Kind(("adjustment", "other_adjustment"), None),
    "adjustment_in": Kind(None, ("adjustment", "other_adjustment")),
    "exchange": Kind(None, None),
    # A customer's bank transfer, before a payment is paid with it.
    "cash_in": Kind(None, None),
    # Funds that become available before their day: out of the later part, into the free one.
    "availability": Kind(None, None),
}
