"""Refusals about connected accounts: countries, types, capabilities, schedules, terms, removal.

Wording is Stripe's where it was observed; elsewhere it is ours, in the same manner.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from emulator.kernel.errors.refusal import INVALID, Refusal, invalid, ruled

_DOCS: Final = "https://stripe.com/docs"
_CROSS_BORDER: Final = f"{_DOCS}/connect/cross-border-payouts"


# --- who the account is


@ruled
def no_permission_for_parameter(parameter: str, account: str) -> Refusal:
    return Refusal(
        403,
        INVALID,
        f"This application does not have the required permissions for the parameter '{parameter}' "
        f"on account '{account}'.",
        param=parameter,
    )


@ruled
def no_permission_for_endpoint(account: str) -> Refusal:
    return Refusal(
        403,
        INVALID,
        "This application does not have the required permissions for this endpoint on account "
        f"'{account}'.",
    )


@ruled
def platform_account_required() -> Refusal:
    return invalid(
        "You can only create new accounts if you've signed up for Connect, which you can do at "
        "https://dashboard.stripe.com/connect.",
        "platform_account_required",
    )


# --- type and controller


@ruled
def type_and_controller() -> Refusal:
    return invalid(
        "You may not provide the `type` parameter and `controller` parameters simultaneously. They "
        "are mutually exclusive."
    )


@ruled
def type_unknown(type_: str) -> Refusal:
    return invalid(
        f"Invalid type: must be one of standard, express, or custom, not '{type_}'", param="type"
    )


@ruled
def controller_combination(this: str, that: str) -> Refusal:
    """`this` and `that` read `controller[…]=value`."""
    return invalid(
        f"You may not create an account with `{this}` together with `{that}`. See "
        f"{_DOCS}/connect/migrate-to-controller-properties for the combinations that are "
        "supported.",
        param="controller",
    )


@ruled
def country_required(type_: str) -> Refusal:
    return invalid(
        f"You must provide a country when creating {type_} accounts.",
        "parameter_missing",
        "country",
    )


@ruled
def capabilities_required() -> Refusal:
    return invalid(
        "You must request at least one capability when creating an account whose "
        "`controller[stripe_dashboard][type]` is `none`.",
        "parameter_missing",
        "capabilities",
    )


@ruled
def tos_on_behalf() -> Refusal:
    return invalid(
        "You cannot accept the Terms of Service on behalf of accounts where "
        "`controller[requirement_collection]=stripe`, which includes Standard and Express "
        "accounts.",
        param="tos_acceptance",
    )


@ruled
def tos_date() -> Refusal:
    return invalid(
        "ToS acceptance date is not valid. Dates are expected to be integers, measured in seconds, "
        "not in the future, and after 2009",
        param="tos_acceptance[date]",
    )


@ruled
def tos_ip(ip: str) -> Refusal:
    return invalid(f"'{ip}' is not a valid IP address.", param="tos_acceptance[ip]")


@ruled
def service_agreement_fixed() -> Refusal:
    return invalid(
        "You cannot change the service agreement after it has been accepted. Create a new account "
        "with the agreement you need.",
        param="tos_acceptance[service_agreement]",
    )


# --- countries and availability


@ruled
def country_code_invalid(country: str) -> Refusal:
    return invalid(
        f"Country '{country}' is unknown. Try using a 2-character alphanumeric country code "
        "instead, such as 'US', 'EG', or 'GB'.",
        "country_code_invalid",
        "country",
    )


@ruled
def country_unsupported(country: str) -> Refusal:
    return invalid(
        f"{country} is not currently supported by Stripe. To see a full list of supported "
        f"countries, see {_DOCS}/connect/accounts.",
        "country_unsupported",
        "country",
    )


@ruled
def country_pair(country: str, platform: str) -> Refusal:
    return invalid(
        f"Connected accounts in {country} cannot be created by platforms in {platform}. To see a "
        f"full list of supported countries, see {_DOCS}/connect/accounts.",
        param="country",
    )


@ruled
def not_available(what: str, rule_set: str, other: str, param: str | None = None) -> Refusal:
    """Where Stripe's sentence is unknown: `what` is not available, and how to choose otherwise."""
    return invalid(
        f"{what} (availability rules: {rule_set}). The emulator can follow the rules `{other}` "
        f"instead: start it with --availability {other}.",
        param=param,
    )


@ruled
def funds_outside_region(country: str) -> Refusal:
    return invalid(
        f"Funds can't be sent to accounts located in {country} because it's restricted outside "
        f"of your platform's region. To learn more, see {_CROSS_BORDER}.",
    )


@ruled
def funds_full_agreement(country: str) -> Refusal:
    return invalid(
        f"Funds can't be sent to accounts located in {country} when the account is under the "
        f"`full` service agreement. To learn more, see {_DOCS}/connect/service-agreement-types.",
    )


@ruled
def application_fees_unsupported(platform: str, country: str) -> Refusal:
    """Observed by others in 2020 and 2023, in 2023 with this code."""
    return invalid(
        f"Stripe doesn't currently support application fees for platforms in {platform} with "
        f"connected accounts in {country}.",
        "charge_invalid_parameter",
        "application_fee_amount",
    )


@ruled
def recipient_flow(flow: str, country: str) -> Refusal:
    return invalid(
        f"Accounts in {country} under the `recipient` service agreement cannot be used with "
        f"{flow}. To learn more, see {_DOCS}/connect/service-agreement-types.",
    )


@ruled
def insufficient_capabilities() -> Refusal:
    return invalid(
        "Your destination account needs to have at least one of the following capabilities "
        "enabled: transfers, crypto_transfers, legacy_payments",
        "insufficient_capabilities_for_transfer",
    )


# --- capabilities


@ruled
def capability_unknown(name: str) -> Refusal:
    return Refusal(404, INVALID, f"No such capability: '{name}'", "resource_missing", "capability")


@ruled
def capability_on_full_dashboard(name: str) -> Refusal:
    return invalid(
        f"You cannot request the `{name}` capability for an account with access to the full "
        "Stripe Dashboard. Its capabilities are requested automatically.",
        param="capabilities",
    )


@ruled
def standard_with_capabilities() -> Refusal:
    """Observed in October 2023."""
    return invalid("You cannot create Standard connected accounts with capabilities via API.")


@ruled
def capability_not_for_recipients(name: str) -> Refusal:
    return invalid(
        f"You cannot request the `{name}` capability for accounts under the `recipient` service "
        "agreement. Only `transfers` can be requested.",
        param="capabilities",
    )


@ruled
def capability_not_in_country(name: str, country: str) -> Refusal:
    return invalid(
        f"You cannot request the `{name}` capability for accounts in {country}",
        param="capabilities",
    )


@ruled
def transfers_need_card_payments(country: str) -> Refusal:
    return invalid(
        "You cannot request the `transfers` capability without the `card_payments` capability "
        f"for accounts in {country}.",
        param="capabilities",
    )


@ruled
def card_payments_need_transfers(country: str) -> Refusal:
    return invalid(
        "You cannot request the `card_payments` capability without the `transfers` capability "
        f"for accounts in {country}.",
        param="capabilities",
    )


@ruled
def agreement_or_card_payments(country: str) -> Refusal:
    return invalid(
        f"When requesting the transfers capability for accounts in {country}, you must either "
        "specify the recipient service agreement, or request the card_payments capability along "
        "with transfers. To specify the recipient service agreement, set "
        "`tos_acceptance[service_agreement]` to `recipient`.",
        param="capabilities",
    )


@ruled
def capability_permanent(name: str) -> Refusal:
    return invalid(
        f"You cannot unrequest the `{name}` capability: once requested it is permanent.",
        param="requested",
    )


# --- payout schedules


@ruled
def delay_too_low(floor: int) -> Refusal:
    return invalid(
        f"You cannot lower this merchant's delay below {floor}",
        param="settings[payouts][schedule][delay_days]",
    )


@ruled
def schedule_number(name: str, least: int, most: int) -> Refusal:
    return invalid(
        f"{name} must be between {least} and {most}.",
        param=f"settings[payouts][schedule][{name}]",
    )


@ruled
def schedule_automatic_only(country: str) -> Refusal:
    return invalid(
        f"Accounts in {country} can only have automatic daily payouts.",
        param="settings[payouts][schedule][interval]",
    )


@ruled
def schedule_not_daily(country: str) -> Refusal:
    return invalid(
        f"Daily payouts are not available for accounts in {country}.",
        param="settings[payouts][schedule][interval]",
    )


# --- deletion and rejection


@ruled
def reject_not_liable() -> Refusal:
    return invalid("You can only reject accounts for whose losses you are responsible.")


@ruled
def own_account_not_deletable() -> Refusal:
    return invalid("You cannot delete your own account with the API.")


# --- links


@ruled
def account_link_type(type_: str, valid: Sequence[str]) -> Refusal:
    names = ", ".join(f'"{name}"' for name in valid)
    return invalid(
        f"You cannot create `{type_}` type Account Links for this account. Valid types for this "
        f"account are [{names}].",
        param="type",
    )


@ruled
def session_feature(component: str, feature: str) -> Refusal:
    param = f"components[{component}][features][{feature}]"
    return invalid(
        f"`{feature}` can only be changed for accounts where "
        "`controller[requirement_collection]=application`.",
        param=param,
    )


def account_session_over() -> Refusal:
    return invalid(
        "There is no such account session, or it has expired. Make a new one with "
        "POST /v1/account_sessions."
    )


def component_not_enabled(component: str) -> Refusal:
    return invalid(
        f"This account session was made without the component `{component}`. Enable it with "
        f"`components[{component}][enabled]`."
    )


@ruled
def not_an_express_account(account: str) -> Refusal:
    return invalid(f"Cannot create a login link for {account}: it is not an Express account.")


@ruled
def login_before_onboarding() -> Refusal:
    return invalid("Cannot create a login link for an account that has not completed onboarding.")
