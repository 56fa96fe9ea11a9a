"""Refusals about automatic tax, its settings, calculations and transactions.

Wording marked "assumed" has no recording and no document behind it.
"""

from __future__ import annotations

from emulator.kernel.errors.refusal import Refusal, invalid


def tax_inactive() -> Refusal:
    """Automatic tax on an account that has not said where its head office is."""
    return invalid(
        "Stripe Tax has not been activated on your account. Please visit "
        "https://stripe.com/docs/tax/set-up to get started.",
        "stripe_tax_inactive",
    )


def location_unknown() -> Refusal:
    """A customer whose address does not tell where they are taxed."""
    return invalid(
        "The customer's location isn't recognized. Set a valid customer address in order to "
        "automatically calculate tax.",
        "customer_tax_location_invalid",
    )


def checkout_needs_address() -> Refusal:
    return invalid(
        "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a "
        "valid address to the Customer or set either `customer_update[address]` to 'auto' or "
        "`customer_update[shipping]` to 'auto' to save the address entered in Checkout to the "
        "Customer.",
        "customer_tax_location_invalid",
    )


def calculation_without_place() -> Refusal:
    """Assumed wording."""
    return invalid(
        "We could not determine the customer's tax location based on the provided customer "
        "address.",
        "customer_tax_location_invalid",
        "customer_details[address]",
    )


def calculation_without_customer() -> Refusal:
    """Assumed wording."""
    return invalid(
        "You must provide either `customer` or `customer_details`.",
        "parameter_missing",
        "customer_details",
    )


def calculation_over(id_: str) -> Refusal:
    """Assumed wording; that calculations live for 90 days is documented."""
    return invalid(f"The tax calculation {id_} has expired.", "failed_tax_calculation")


def reference_taken(reference: str) -> Refusal:
    """The `reference` of another transaction (assumed wording)."""
    return invalid(
        f"A tax transaction with the reference {reference} already exists.",
        "resource_already_exists",
        "reference",
    )


def reversal_of_reversal() -> Refusal:
    """Assumed wording."""
    return invalid("You can only reverse transactions of type `transaction`.")


def reversed_too_much(param: str) -> Refusal:
    """More than what is left of a transaction (assumed wording)."""
    return invalid(
        "The amount to reverse is greater than what is left of the original transaction.",
        param=param,
    )


def nothing_left() -> Refusal:
    """Assumed wording."""
    return invalid("This transaction has already been fully reversed.")


def expires_too_soon() -> Refusal:
    """Assumed wording."""
    return invalid("`expires_at` must be after `active_from`.", param="expires_at")
