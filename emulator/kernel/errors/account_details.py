"""Refusals about what an account says of itself: persons, business, bank accounts.

Wording is Stripe's where it was observed; elsewhere it is ours, in the same manner.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from emulator.kernel.errors.refusal import Refusal, invalid, ruled

_DOCS: Final = "https://stripe.com/docs"


# --- persons


@ruled
def dob_incomplete(missing: str, prefix: str) -> Refusal:
    param = f"{prefix}[{missing}]" if prefix else missing
    return invalid(f"Missing required param: {param}.", "parameter_missing", param)


@ruled
def dob_invalid(prefix: str) -> Refusal:
    return invalid("Invalid date of birth: it must be a date of the calendar.", param=prefix)


@ruled
def representative_exists() -> Refusal:
    return invalid(
        "This account already has a representative. Only one person can have "
        "`relationship[representative]` set to true.",
        param="relationship[representative]",
    )


@ruled
def percent_ownership(value: str) -> Refusal:
    return invalid(
        f"Invalid percent_ownership: {value}. It must be a number from 0 to 100.",
        param="relationship[percent_ownership]",
    )


@ruled
def percent_ownership_sum() -> Refusal:
    return invalid(
        "The percent_ownership of all owners together cannot exceed 100.",
        param="relationship[percent_ownership]",
    )


@ruled
def relationship_not_here(name: str) -> Refusal:
    return invalid(
        f"Received unknown parameter: individual[relationship][{name}]",
        "parameter_unknown",
        f"individual[relationship][{name}]",
    )


@ruled
def opener_not_deletable() -> Refusal:
    return invalid("The person who represents the account cannot be deleted.")


@ruled
def phone_invalid(value: str, param: str) -> Refusal:
    return invalid(f"'{value}' is not a valid phone number.", param=param)


@ruled
def mcc_invalid(value: str) -> Refusal:
    return invalid(
        f"Invalid merchant category code: '{value}'. See {_DOCS}/connect/setting-mcc for the codes "
        "that are supported.",
        param="business_profile[mcc]",
    )


@ruled
def url_invalid(value: str, param: str = "business_profile[url]") -> Refusal:
    return invalid(f"Not a valid URL: {value}", "url_invalid", param)


@ruled
def email_invalid(value: str, param: str = "email") -> Refusal:
    return invalid(f"Invalid email address: {value}", "email_invalid", param)


@ruled
def business_type_country(business_type: str, country: str) -> Refusal:
    return invalid(
        f"The business type `{business_type}` is not available for accounts in {country}.",
        param="business_type",
    )


@ruled
def structure_not_possible(structure: str, business_type: str, country: str) -> Refusal:
    return invalid(
        f"The structure `{structure}` is not possible for accounts in {country} whose business "
        f"type is `{business_type}`.",
        param="company[structure]",
    )


@ruled
def ownership_declaration_not_allowed() -> Refusal:
    return invalid(
        "You cannot give an ownership declaration when you create an account. Send it with an "
        "update, or with an account token.",
        "ownership_declaration_not_allowed",
        "company[ownership_declaration]",
    )


@ruled
def address_country(country: str) -> Refusal:
    return invalid(
        f"The country of the business address must match the account's country, {country}.",
        "account_country_invalid_address",
    )


# --- external accounts


@ruled
def account_number_not_test(param: str) -> Refusal:
    return invalid(
        "You must use a test bank account number in test mode. Try 000123456789 or see more "
        f"options at {_DOCS}/connect/testing#account-numbers.",
        "account_number_invalid",
        f"{param}[account_number]",
    )


@ruled
def account_number_invalid(country: str, param: str) -> Refusal:
    return invalid(
        f"The bank account number is not valid for a bank in {country}.",
        "account_number_invalid",
        f"{param}[account_number]",
    )


@ruled
def routing_number_invalid(country: str, param: str) -> Refusal:
    return invalid(
        f"Invalid routing number for {country}.",
        "routing_number_invalid",
        f"{param}[routing_number]",
    )


@ruled
def routing_number_missing(param: str) -> Refusal:
    name = f"{param}[routing_number]"
    return invalid(f"Missing required param: {name}.", "parameter_missing", name)


@ruled
def bank_param_missing(name: str, param: str) -> Refusal:
    full = f"{param}[{name}]"
    return invalid(f"Missing required param: {full}.", "parameter_missing", full)


@ruled
def bank_country_unsupported(country: str, param: str) -> Refusal:
    return invalid(
        f"Bank accounts in {country} are not supported.", "country_unsupported", f"{param}[country]"
    )


@ruled
def bank_currency_unsupported(currency: str, bank: str, country: str, param: str) -> Refusal:
    return invalid(
        f"A bank account in {bank} with the currency {currency} cannot be added to accounts in "
        f"{country}.",
        param=f"{param}[currency]",
    )


@ruled
def bank_token_unknown(token: str, param: str) -> Refusal:
    return invalid(f"No such token: '{token}'", "resource_missing", param)


@ruled
def card_not_debit(param: str) -> Refusal:
    return invalid(
        "The card provided as an external account is not supported for payouts. It must be a "
        "non-prepaid debit card.",
        "invalid_card_type",
        param,
    )


@ruled
def card_currency(currency: str, param: str) -> Refusal:
    return invalid(
        f"The card's currency must be one the account can be paid in; {currency} is not.",
        param=f"{param}[currency]",
    )


@ruled
def default_external_account() -> Refusal:
    return invalid(
        "You cannot delete the default external account for your default currency. Please make "
        "another external account the default using the `default_for_currency` param, and then "
        "delete this one."
    )


@ruled
def color_invalid(color: str, param: str) -> Refusal:
    """Wording assumed."""
    return invalid(f"Invalid color: {color}; must be a hex color value, like #635bff.", None, param)


@ruled
def default_currency(currency: str, country: str, supported: Iterable[str]) -> Refusal:
    """Wording assumed."""
    return invalid(
        f"The currency '{currency}' cannot be the default currency of an account in {country}. "
        f"Supported there: {', '.join(supported)}.",
        None,
        "default_currency",
    )
