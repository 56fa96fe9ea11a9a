"""Refusals of Checkout, payment links and the customer portal."""

from __future__ import annotations

from emulator.kernel.errors.refusal import INVALID, Refusal, invalid

_LONGEST_ID = 66


def no_such_session(id_: str) -> Refusal:
    """Observed: no quotes and no param; above 66 characters the id itself is refused."""
    if len(id_) > _LONGEST_ID:
        shown = f"{id_[:4]}...{id_[-4:]}"
        message = f"Invalid string: {shown}; must be at most {_LONGEST_ID} characters"
        return Refusal(404, INVALID, message, param="session")
    return Refusal(404, INVALID, f"No such checkout.session: {id_}", "resource_missing")


def not_open(status: str) -> Refusal:
    """Observed."""
    return invalid(
        'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session '
        f'has a status of "{status}".'
    )


def update_not_open(status: str) -> Refusal:
    return invalid(f"This Checkout Session has a status of {status} and cannot be updated.")


def needs_recurring() -> Refusal:
    """Observed."""
    return invalid(
        "You must provide at least one recurring price in `subscription` mode when using prices.",
        param="line_items",
    )


def recurring_in_payment() -> Refusal:
    return invalid(
        "You specified `payment` mode but passed a recurring price. Either switch to "
        "`subscription` mode or use only one-time prices.",
        param="line_items",
    )


def bad_expiry() -> Refusal:
    """Observed."""
    return invalid(
        "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session "
        "creation.",
        param="expires_at",
    )


def wrong_mode(param: str, mode: str) -> Refusal:
    return invalid(f"You can not pass `{param}` in `{mode}` mode.", param=param)


def hosted_only(param: str) -> Refusal:
    """A page inside another leads nowhere itself (documented; assumed wording)."""
    return invalid(f"`{param}` can only be used with `ui_mode: hosted_page`.", param=param)


def inactive_price(id_: str, at: int) -> Refusal:
    return invalid(
        f"The price specified is inactive. This field only accepts active prices: {id_}",
        "price_inactive",
        f"line_items[{at}][price]",
    )


def mixed_currencies(first: str, other: str) -> Refusal:
    return invalid(
        f"All line items must use the same currency; got {first} and {other}.", param="line_items"
    )


def setup_needs_currency() -> Refusal:
    return invalid(
        "You must provide `currency` in `setup` mode when payment methods are chosen dynamically.",
        "parameter_missing",
        "currency",
    )


def too_many_items(most: int) -> Refusal:
    return invalid(f"You can pass at most {most} line items.", param="line_items")


def customer_update_without_customer() -> Refusal:
    return invalid("`customer_update` can only be used with `customer`.", param="customer_update")


def tax_ids_change_name() -> Refusal:
    return invalid(
        "Tax ID collection requires updating business name on the customer. To enable tax ID "
        "collection for an existing customer, please set `customer_update[name]` to `auto`.",
        param="tax_id_collection[enabled]",
    )


def both_payers() -> Refusal:
    return invalid(
        "You may only specify one of these parameters: customer, customer_email.",
        param="customer_email",
    )


def session_over(status: str) -> Refusal:
    """For who stands on the page of a session that is no longer open."""
    return invalid(f"This Checkout Session is {status}; nothing can be paid here any more.")


def another_amount() -> Refusal:
    """For a customer who saw another total than there is now (assumed wording)."""
    return invalid(
        "The total of this Checkout Session has changed since the page was loaded.",
        "checkout_amount_mismatch",
        "expected_amount",
    )


def code_unknown(code: str) -> Refusal:
    return invalid(f"This code is invalid: {code}", "resource_missing", "promotion_code")


def link_inactive(message: str | None) -> Refusal:
    """For who opens a payment link that was turned off; its owner may word it."""
    return invalid(message or "This link is no longer active.")


def portal_does_not_offer(deed: str) -> Refusal:
    """For who stands in a portal: its configuration says what can be done there."""
    return invalid(f"This portal does not offer to {deed}.")


def portal_updates_without_cards() -> Refusal:
    """Observed: a portal in which plans change takes new cards."""
    return invalid("Cannot enable subscription updates while payment method update is disabled.")


def portal_feature_off(deed: str) -> Refusal:
    """A deep link to what the configuration does not offer. deed: update (observed) or cancel."""
    done = {"cancel": "canceled", "update": "updated"}[deed]
    return invalid(
        f"This subscription cannot be {done} because the subscription {deed} feature in the portal "
        "configuration is disabled."
    )


def portal_ends_already(subscription: str) -> Refusal:
    """Observed."""
    return invalid(f"The subscription {subscription} is already set to be canceled at period end.")


def portal_changes_nothing() -> Refusal:
    """Observed."""
    return invalid("Cannot update the subscription because there are no changes to confirm.")


def portal_price_not_offered(item: str, price: str, configuration: str) -> Refusal:
    """Observed."""
    return invalid(
        f"The item `{item}` cannot be updated to price `{price}` because the configuration "
        f"`{configuration}` does not include the price in its "
        "`features[subscription_update][products]`."
    )
