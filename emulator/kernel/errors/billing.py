"""Refusals about what is billed again and again: subscriptions, schedules, test clocks.

Wording marked "assumed" has no recording and no document behind it.
"""

from __future__ import annotations

from datetime import UTC, datetime

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


# -- subscriptions --------------------------------------------------------------------------------


def no_payment_source() -> Refusal:
    refusal = invalid(
        "This customer has no attached payment source or default payment method. Please consider "
        f"adding a default payment method. For more information, visit {_PRIORITY}.",
        "resource_missing",
    )
    refusal.begun = True
    return refusal


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
    refusal = invalid(f"Received both items and {name} parameters. Please pass in only one.")
    refusal.begun = False
    return refusal


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


def resumes_automatic_alone() -> Refusal:
    """Documented; assumed wording."""
    return invalid(
        "You can only resume subscriptions with `collection_method` set to `charge_automatically`."
    )


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


def quote_empty() -> Refusal:
    """Assumed wording."""
    return invalid("A quote needs line items and a customer before it is finalized.")


def schedule_without_customer() -> Refusal:
    """Assumed wording."""
    return invalid(
        "You must provide `customer` and `phases`, or `from_subscription`.",
        "parameter_missing",
        "customer",
    )


def clock_full(most: int, what: str) -> Refusal:
    """Too much on one test clock (documented; assumed wording)."""
    return invalid(f"You can create up to {most} {what} on a test clock.")


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


def proration_outside_period(begin: int, end: int, *, before: bool) -> Refusal:
    """Observed in 2016 for an instant before the period; else assumed wording."""
    said = "Cannot specify proration date before the current subscription started"
    if not before:
        said = f"Cannot specify `proration_date` outside of the current period, {begin} to {end}."
    return invalid(said, None, "proration_date")


def not_in_pending_update(param: str) -> Refusal:
    return invalid(
        "When `payment_behavior` is set to `pending_if_incomplete`, you can only pass supported "
        f"params. `{param}` is not supported.",
        None,
        param,
    )


def pending_update_of_sent_invoice() -> Refusal:
    """Documented; assumed wording."""
    return invalid(
        "`pending_if_incomplete` is not supported for subscriptions with "
        "`collection_method=send_invoice`.",
        None,
        "payment_behavior",
    )


def threshold_too_low(least: int) -> Refusal:
    """Documented; assumed wording."""
    return invalid(
        f"`billing_thresholds[amount_gte]` must be at least {least}: it has to be more than what "
        "all licensed prices of the subscription cost.",
        None,
        "billing_thresholds[amount_gte]",
    )


def threshold_of_licensed() -> Refusal:
    """Assumed wording."""
    return invalid(
        "`billing_thresholds[usage_gte]` can only be set for items with metered prices.",
        None,
        "billing_thresholds",
    )


def reset_with_last_ever() -> Refusal:
    """Documented; assumed wording."""
    return invalid(
        "`reset_billing_cycle_anchor` may not be `true` if the subscription contains items with "
        "plans that have `aggregate_usage=last_ever`.",
        None,
        "billing_thresholds[reset_billing_cycle_anchor]",
    )


def itemized_for_good() -> Refusal:
    """Documented; assumed wording."""
    return invalid(
        "You can't migrate a subscription from `itemized` to `included` proration discounts.",
        None,
        "billing_mode[flexible][proration_discounts]",
    )


def phase_ends_too_early(param: str) -> Refusal:
    """Assumed wording."""
    return invalid("A phase has to end after it starts.", None, param)


def schedule_not(deed: str, status: str) -> Refusal:
    return invalid(
        f"You cannot {deed} a subscription schedule that is currently in the `{status}` status. It "
        "can only be done if it is in `not_started` or `active` status."
    )


def managed_by_schedule(schedule: str) -> Refusal:
    """Observed: no code and no param."""
    return invalid(
        f"The subscription is managed by the subscription schedule `{schedule}`, and updating any "
        "cancelation behavior directly is not allowed. Please update the schedule instead."
    )
