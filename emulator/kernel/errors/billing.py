"""Refusals about what is billed: invoices, subscriptions, test clocks, credit notes.

Wording marked "assumed" has no recording and no document behind it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from emulator.kernel.currency import display
from emulator.kernel.errors.refusal import Refusal, invalid

_PRIORITY = (
    "https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority"
)


# -- test clocks ----------------------------------------------------------------------------------


def clock_is_advancing() -> Refusal:
    """Assumed wording."""
    return invalid(
        "Test clock advancement underway - cannot perform modifications", "test_clock_locked"
    )


def clock_goes_forward() -> Refusal:
    """Assumed wording."""
    return invalid(
        "You can only advance a test clock to a time after its current frozen time.",
        None,
        "frozen_time",
    )


def clock_too_far(now: int, furthest: int) -> Refusal:
    """Documented."""
    return invalid(
        f"The frozen time of this clock is {_moment(now)}. You can only advance it up to "
        f"{_moment(furthest)}. You can only advance a test clock up to two intervals from the "
        "current frozen time at a time, based on the shortest subscription interval in the test "
        "clock. If the test clock has no subscriptions or subscription schedules, you can advance "
        "up to 2 years from the current frozen time.",
        None,
        "frozen_time",
    )


def _moment(instant: int) -> str:
    return f"{instant} ({datetime.fromtimestamp(instant, UTC):%Y-%m-%d %H:%M:%S} UTC)"


# -- invoices -------------------------------------------------------------------------------------


def invoice_not_editable(deed: str) -> Refusal:
    """A draft was wanted. deed: `finalized`, `deleted`, … (assumed wording)."""
    if deed == "updated":
        return invalid("Finalized invoices can't be updated in this way", "invoice_not_editable")
    return invalid(
        f"You can only pass in draft invoices: this invoice is no longer a draft and cannot be "
        f"{deed}.",
        "invoice_not_editable",
    )


def already_finalized() -> Refusal:
    return invalid("This invoice is already finalized, you can't re-finalize a non-draft invoice.")


def invoice_already_paid() -> Refusal:
    return invalid("Invoice is already paid")


def invoice_not_payable(status: str) -> Refusal:
    """A void invoice, or one that is no more to be paid (assumed wording)."""
    return invalid(f"Invoice is {status} and cannot be paid.", "invoice_not_payable")


def invoice_not_open(deed: str, status: str) -> Refusal:
    """Assumed wording."""
    return invalid(f"You can only {deed} open invoices. This invoice is {status}.")


def nothing_to_invoice() -> Refusal:
    return invalid("Nothing to invoice for customer", "invoice_no_customer_line_items")


def only_drafts_deleted() -> Refusal:
    return invalid("You can only delete draft invoices.")


def subscription_invoices_stay() -> Refusal:
    return invalid("You can't delete invoices created by subscriptions.")


def missing_email() -> Refusal:
    return invalid(
        "Missing email. In order to create invoices that are sent to the customer, the customer "
        "must have a valid email."
    )


def days_until_due_missing() -> Refusal:
    return invalid(
        "If invoice is created with `collection_method`=`send_invoice`, you must pass "
        "`days_until_due` or `due_date`.",
        "parameter_missing",
        "days_until_due",
    )


def due_date_with_automatic(param: str) -> Refusal:
    return invalid(
        f"You can only set `{param}` if invoice `collection_method` is `send_invoice`.", None, param
    )


def due_date_past() -> Refusal:
    """Assumed wording."""
    return invalid("`due_date` must be in the future.", None, "due_date")


def item_amount_missing() -> Refusal:
    """Assumed wording."""
    return invalid(
        "You must provide one of the following parameters: amount, pricing, price_data, "
        "unit_amount_decimal.",
        "parameter_missing",
    )


def wrong_currency(param: str, theirs: str) -> Refusal:
    return invalid(
        "You cannot combine currencies on a single customer. This customer has an active "
        f"subscription, subscription schedule, discount, quote, or invoice item with currency "
        f"{theirs}",
        None,
        param,
    )


def invoice_item_frozen() -> Refusal:
    """Assumed wording."""
    return invalid("This invoice item is attached to an invoice that is no longer editable.")


def recurring_price(param: str) -> Refusal:
    return invalid(
        "The price specified is set to `type=recurring` but this field only accepts prices with "
        "`type=one_time`.",
        None,
        param,
    )


def no_such_line(id_: str, param: str) -> Refusal:
    return invalid(f"No such invoice line item: '{id_}'", "resource_missing", param)


def fee_needs_connect(param: str) -> Refusal:
    return invalid(
        "Can only apply an application_fee when the request is made on behalf of another account "
        "(using an OAuth key, the Stripe-Account header, or the destination parameter).",
        None,
        param,
    )


def cannot_preview() -> Refusal:
    return invalid(
        "You must either provide a `customer` or a `subscription` to the upcoming invoice endpoint."
    )


def no_upcoming(customer: str) -> Refusal:
    return Refusal(
        404,
        "invalid_request_error",
        f"No upcoming invoices for customer: {customer}",
        "invoice_upcoming_none",
    )


# -- subscriptions --------------------------------------------------------------------------------


def no_payment_source() -> Refusal:
    return invalid(
        "This customer has no attached payment source or default payment method. Please consider "
        f"adding a default payment method. For more information, visit {_PRIORITY}.",
        "resource_missing",
    )


def one_time_price(param: str) -> Refusal:
    return invalid(
        "The price specified is set to `type=one_time` but this field only accepts prices with "
        "`type=recurring`.",
        None,
        param,
    )


def price_inactive(param: str) -> Refusal:
    return invalid(
        "The price specified is inactive. This field only accepts active prices.", None, param
    )


def items_missing() -> Refusal:
    return invalid("Missing required param: items.", "parameter_missing", "items")


def both_items_and(name: str) -> Refusal:
    return invalid(f"Received both items and {name} parameters. Please pass in only one.")


def too_many_items() -> Refusal:
    return invalid("A subscription can have at most 20 items.", None, "items")


def mixed_currencies(wanted: str, got: str) -> Refusal:
    return invalid(
        f"All prices on a subscription must have the same currency: `{wanted}` and `{got}` were "
        "given.",
        None,
        "items",
    )


def mixed_intervals(one: str, other: str) -> Refusal:
    return invalid(
        "Currently, all of the plans on a subscription must have the same `currency`, `interval` "
        f"and `interval_count`; {one} and {other} were given.",
        None,
        "items",
    )


def duplicate_price(param: str, price: str) -> Refusal:
    return invalid(
        f"Cannot add multiple subscription items with the same plan: {price}", None, param
    )


def last_item() -> Refusal:
    return invalid(
        "A subscription must have at least one active plan. To cancel the subscription, please use "
        "the cancel API endpoint"
    )


def no_such_item(id_: str, param: str) -> Refusal:
    return invalid(f"No such subscription item: '{id_}'", "resource_missing", param)


def subscription_canceled() -> Refusal:
    return invalid("A canceled subscription can only update its cancellation_details and metadata.")


def subscription_incomplete() -> Refusal:
    """What cannot be changed before the first payment (assumed wording)."""
    return invalid(
        "This subscription is incomplete: only its metadata and default payment method can be "
        "updated until its first invoice is paid."
    )


def trial_end_past() -> Refusal:
    return invalid(
        "Invalid timestamp: must be an integer Unix timestamp in the future.", None, "trial_end"
    )


def anchor_past() -> Refusal:
    return invalid(
        "billing_cycle_anchor must be a timestamp in the future.", None, "billing_cycle_anchor"
    )


def anchor_too_late(param: str) -> Refusal:
    return invalid(
        "`billing_cycle_anchor` cannot be later than next natural billing date for plan.",
        None,
        param,
    )


def cancel_at_past() -> Refusal:
    return invalid("`cancel_at` must be a timestamp in the future.", None, "cancel_at")


def backdate_future() -> Refusal:
    return invalid(
        "Timestamp must be in the past: backdate_start_date.", None, "backdate_start_date"
    )


def not_running(status: str) -> Refusal:
    """Assumed wording."""
    return invalid(f"You can only pause subscriptions that are running. This one is {status}.")


def not_paused() -> Refusal:
    return invalid("You can only resume subscriptions that are paused.", None, None)


def percent_out_of_range(param: str) -> Refusal:
    return invalid(f"Invalid decimal: {param} must be between 0 and 100.", None, param)


def percent_and_fee() -> Refusal:
    return invalid(
        "You may only specify one of these parameters: application_fee_percent, "
        "transfer_data[amount_percent].",
        "parameters_exclusive",
        "application_fee_percent",
    )


def payment_incomplete() -> Refusal:
    """error_if_incomplete, and the customer would have to act (documented)."""
    return Refusal(
        402,
        "card_error",
        "The payment method requires customer authentication, so this subscription could not be "
        "created.",
        "subscription_payment_intent_requires_action",
    )


def method_not_of_customer(method: str) -> Refusal:
    return invalid(
        f"The customer does not have a payment method with the ID {method}. The payment method "
        "must be attached to the customer.",
        "resource_missing",
        "default_payment_method",
    )


def no_subscription_of(customer: str, id_: str) -> Refusal:
    return Refusal(
        404,
        "invalid_request_error",
        f"Customer {customer} does not have a subscription with ID {id_}",
        None,
        "subscription",
    )


def schedule_without_customer() -> Refusal:
    """Assumed wording."""
    return invalid(
        "You must provide `customer` and `phases`, or `from_subscription`.",
        "parameter_missing",
        "customer",
    )


def schedule_with_phases() -> Refusal:
    return invalid(
        "You cannot set `phases` if `from_subscription` is set.", None, "from_subscription"
    )


def already_scheduled(subscription: str, schedule: str) -> Refusal:
    """Assumed wording."""
    return invalid(
        f"The subscription {subscription} is already attached to a schedule: {schedule}.",
        None,
        "from_subscription",
    )


def schedule_not(deed: str, status: str) -> Refusal:
    return invalid(
        f"You cannot {deed} a subscription schedule that is currently in the `{status}` status. It "
        "can only be done if it is in `not_started` or `active` status."
    )


# -- credit notes, balances, tax ids --------------------------------------------------------------


def credit_note_invoice(status: str) -> Refusal:
    """Assumed wording."""
    return invalid(
        f"You can only create credit notes for open or paid invoices. This invoice is {status}."
    )


def credit_too_large(left: int, currency: str) -> Refusal:
    """Assumed wording."""
    return invalid(
        f"The amount of the credit note exceeds what can still be credited "
        f"({display(left, currency)}).",
        None,
        "amount",
    )


def credit_split(total: int, given: int, currency: str) -> Refusal:
    """Assumed wording."""
    return invalid(
        "The sum of `refund_amount`, `credit_amount` and `out_of_band_amount` "
        f"({display(given, currency)}) must equal the credit note amount "
        f"({display(total, currency)})."
    )


def credit_without_payment() -> Refusal:
    """Assumed wording."""
    return invalid(
        "This invoice was not paid with a payment that can be refunded.", None, "refund_amount"
    )


def credit_amount_missing() -> Refusal:
    return invalid("You must pass at least one of `amount`, `lines` or `shipping_cost`.")


def credit_note_not_voidable() -> Refusal:
    """Assumed wording."""
    return invalid("You can only void credit notes of open invoices that are issued.")


def tax_id_invalid(type_: str) -> Refusal:
    return invalid(f"Invalid value for {type_}.", "tax_id_invalid", "value")
