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


class Own(NamedTuple):
    """What Stripe does to a balance of its own accord, with no request and no object behind it.

    type, category: of the balance transaction. signs: `+` where it may give, `-` where it may take.
    """

    type: str
    category: str
    signs: str


def _plain(name: str, signs: str) -> Own:
    """The category is called as the type is."""
    return Own(name, name, signs)


# Categories as documented; those of payment_reversal and network_cost are assumed, that of
# financing_paydown was observed (its type is none of the documented ones).
OWN: Final[dict[str, Own]] = {
    "adjustment": Own("adjustment", "other_adjustment", "+-"),
    "anticipation_repayment": _plain("anticipation_repayment", "-"),
    "climate_order_purchase": _plain("climate_order_purchase", "-"),
    "climate_order_refund": _plain("climate_order_refund", "+"),
    "contribution": _plain("contribution", "-"),
    "fee_credit_funding": _plain("fee_credit_funding", "+"),
    "financing_paydown": _plain("financing_paydown", "-"),
    "inbound_transfer": _plain("inbound_transfer", "+"),
    "inbound_transfer_reversal": _plain("inbound_transfer_reversal", "-"),
    "network_cost": Own("stripe_fee", "network_cost", "-"),
    "obligation_outbound": Own("obligation_outbound", "other_adjustment", "-"),
    "obligation_reversal_inbound": Own("obligation_reversal_inbound", "other_adjustment", "+"),
    "payment_failure_refund": Own("payment_failure_refund", "charge_failure", "-"),
    "payment_network_reserve_hold": _plain("payment_network_reserve_hold", "-"),
    "payment_network_reserve_release": _plain("payment_network_reserve_release", "+"),
    "payment_reversal": Own("payment_reversal", "other_adjustment", "-"),
    "payment_unreconciled": Own("payment_unreconciled", "unreconciled_customer_funds", "+"),
    "stripe_balance_payment_debit": _plain("stripe_balance_payment_debit", "-"),
    "stripe_balance_payment_debit_reversal": _plain("stripe_balance_payment_debit_reversal", "+"),
    "stripe_fee": Own("stripe_fee", "fee", "+-"),
    "stripe_fx_fee": Own("stripe_fx_fee", "fee", "-"),
    "tax_fee": Own("tax_fee", "tax", "+-"),
    "tax_fund": _plain("tax_fund", "+-"),
    "transfer_cancel": Own("transfer_cancel", "transfer_reversal", "+"),
    "transfer_failure": Own("transfer_failure", "transfer_reversal", "+"),
}


def own_kind(name: str, *, gives: bool) -> str:
    """The kind of a move that Stripe makes of its own accord."""
    return f"own_{name}_in" if gives else f"own_{name}_out"


_RISK: Final = "risk_reserved_funds"

KINDS: Final[dict[str, Kind]] = {
    "charge": Kind(None, ("charge", "charge")),
    "payment": Kind(None, ("payment", "charge")),
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
    # Kept back by Stripe against a risk: a hold leaves one balance for another, and the older form
    # leaves for now and is back on a day to come.
    "risk_hold": Kind(("reserve_hold", _RISK), ("reserve_hold", _RISK)),
    "risk_release": Kind(("reserve_release", _RISK), ("reserve_release", _RISK)),
    "risk_funds_out": Kind(("reserved_funds", _RISK), None),
    "risk_funds_in": Kind(None, ("reserved_funds", _RISK)),
    "exchange": Kind(None, None),
    # A customer's bank transfer, before a payment is paid with it.
    "cash_in": Kind(None, None),
    # Funds that become available before their day: out of the later part, into the free one.
    "availability": Kind(None, None),
    **{
        own_kind(name, gives=sign == "+"): Kind(None, shown) if sign == "+" else Kind(shown, None)
        for name, (type_, category, signs) in OWN.items()
        for sign in signs
        for shown in [(type_, category)]
    },
}
