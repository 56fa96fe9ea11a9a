"""Refusals about money between accounts and banks: transfers, fees, payouts, top-ups."""

from __future__ import annotations

from emulator.kernel.currency import display
from emulator.kernel.errors.refusal import Refusal, invalid


def no_such_destination(account: str, param: str = "destination") -> Refusal:
    """Transfers find out when they have begun, payments before (both observed)."""
    refusal = invalid(f"No such destination: '{account}'", "resource_missing", param)
    refusal.begun = param == "destination"
    return refusal


def insufficient_capabilities() -> Refusal:
    refusal = invalid(
        "Your destination account needs to have at least one of the following capabilities "
        "enabled: transfers, crypto_transfers, legacy_payments",
        "insufficient_capabilities_for_transfer",
    )
    refusal.documented = False
    return refusal


def balance_insufficient() -> Refusal:
    """A transfer without the available funds for it."""
    return invalid(
        "You have insufficient available funds in your Stripe account. Try adding funds directly "
        "to your available balance by creating Charges using the 4000000000000077 test card. See: "
        "https://stripe.com/docs/testing#available-balance",
        "balance_insufficient",
    )


def account_balance_insufficient() -> Refusal:
    """A reversal of what the connected account does not have any more."""
    return invalid(
        "The connected account has insufficient funds to reverse this transfer.",
        "balance_insufficient",
    )


def transfer_fully_reversed(transfer: str) -> Refusal:
    return invalid(f"The transfer {transfer} is already fully reversed.")


def reversal_too_large(amount: int, rest: int, currency: str) -> Refusal:
    return invalid(
        f"Transfer reversal amount ({display(amount, currency)}) is greater than unreversed amount "
        f"on transfer ({display(rest, currency)})",
        None,
        "amount",
    )


def above_source(whole: int, given: list[int], currency: str) -> Refusal:
    """A transfer of more than its source transaction brought; given: the transfers out of it so
    far.
    """
    message = (
        "Transfers using this transaction as a source must not exceed the source amount of "
        f"{display(whole, currency)}."
    )
    if given:
        already = (
            "is already a transfer" if len(given) == 1 else f"are already {len(given)} transfers"
        )
        message += (
            f" (There {already} using this source, amounting to {display(sum(given), currency)}.)"
        )
    return invalid(message, None, "amount")


def source_currency(settled: str, wanted: str) -> Refusal:
    return invalid(
        f"The currency of source_transaction's balance transaction ({settled}) must be the same as "
        f"the transfer currency ({wanted})",
        None,
        "currency",
    )


def source_not_usable(charge: str) -> Refusal:
    return invalid(
        f"The charge {charge} cannot be the source of a transfer: it failed or was refunded.",
        None,
        "source_transaction",
    )


def other_group() -> Refusal:
    return invalid(
        "The transfer_group of a transfer must be the same as that of its source_transaction.",
        None,
        "transfer_group",
    )


def fee_already_refunded(fee: str) -> Refusal:
    return invalid(f"Application fee {fee} has already been refunded.", "charge_already_refunded")


def fee_refund_too_large(amount: int, rest: int, currency: str) -> Refusal:
    return invalid(
        f"Refund amount ({display(amount, currency)}) is greater than unrefunded amount on fee "
        f"({display(rest, currency)})",
        None,
        "amount",
    )


def debit_not_liable(account: str) -> Refusal:
    """An account debit of an account whose losses Stripe bears. Our wording."""
    return invalid(
        f"You cannot debit the account {account}: your platform must be liable for its negative "
        "balances (`controller[losses][payments]=application`).",
        None,
        "source",
    )


def debit_across_regions(country: str, platform: str, param: str) -> Refusal:
    """Documented; the wording is ours."""
    return invalid(
        "Account debits are only possible within one region: they cannot take funds from an "
        f"account in {country} to a platform in {platform}.",
        None,
        param,
    )


def minimum_below_zero(currency: str) -> Refusal:
    """Wording ours."""
    path = f"payments[payouts][minimum_balance_by_currency][{currency}]"
    return invalid("A minimum balance cannot be below zero.", None, path)


def debit_currency(wanted: str) -> Refusal:
    """An account debit in another currency than the account's own. Our wording."""
    return invalid(
        f"Account debits must be in the default currency of the debited account ({wanted}).",
        None,
        "currency",
    )


def converts_to_nothing(amount: int, currency: str, target: str) -> Refusal:
    """An amount so small that nothing of it is left in the other currency. Our wording."""
    return invalid(
        f"{display(amount, currency)} converts to less than the smallest unit of {target}.",
        "amount_too_small",
        "amount",
    )


# Payouts


def external_account_errored(id_: str) -> Refusal:
    """Wording assumed."""
    return invalid(
        f"Payouts to {id_} are disabled, because an earlier payout to it failed. Please update or "
        "replace the external account.",
        "payouts_not_allowed",
        "destination",
    )


def payout_balance_insufficient(source_type: str) -> Refusal:
    """The two spaces are real."""
    kind = source_type.replace("_", " ")
    return invalid(
        f"You have insufficient funds in your Stripe account for this transfer. Your {kind} "
        "balance is too low.  You can use the /v1/balance endpoint to view your Stripe balance "
        "(for more details, see stripe.com/docs/api#balance).",
        "balance_insufficient",
    )


def no_external_account(currency: str) -> Refusal:
    return invalid(f"Sorry, you don't have any external accounts in that currency ({currency}).")


def payouts_not_allowed() -> Refusal:
    """Wording ours."""
    return invalid(
        "Cannot create payouts: payouts have been disabled for this account.", "payouts_not_allowed"
    )


def payouts_always_automatic(country: str) -> Refusal:
    """Wording ours."""
    return invalid(
        f"Accounts in {country} are paid out automatically; payouts cannot be created by hand.",
        "payouts_not_allowed",
    )


def payout_not_multiple(step: int, currency: str) -> Refusal:
    """Wording ours."""
    return invalid(
        f"Payouts in {currency} must be divisible by {step}.", "parameter_invalid_integer", "amount"
    )


def payout_too_small(least: int, currency: str) -> Refusal:
    """Wording ours."""
    return invalid(
        f"The minimum payout is {display(least, currency)}.", "amount_too_small", "amount"
    )


def instant_unsupported(kind: str) -> Refusal:
    """kind: `bank account` or `card`. Wording ours."""
    return invalid(
        f"This {kind} is not eligible for Instant Payouts.", "instant_payouts_unsupported", "method"
    )


def instant_currency(currency: str) -> Refusal:
    """Wording ours."""
    return invalid(
        f"Instant Payouts are not supported in {currency}.",
        "instant_payouts_currency_disabled",
        "currency",
    )


def instant_too_large(kind: str, most: int, currency: str) -> Refusal:
    whole = display(most, currency).partition(".")[0].replace(",", "")
    return invalid(
        f"Instant Payouts to {kind}s are only supported for amounts less than or equal to {whole}"
    )


def instant_too_small(kind: str, least: int, currency: str) -> Refusal:
    """Wording ours, after that of the upper limit."""
    return invalid(
        f"Instant Payouts to {kind}s are only supported for amounts greater than or equal to "
        f"{display(least, currency)}"
    )


def instant_day_is_full(most: int, currency: str) -> Refusal:
    """The code is documented, the wording ours."""
    return invalid(
        "You have reached your daily limit for Instant Payouts "
        f"({display(most, currency)}). It is reset at midnight, US Central time.",
        "instant_payouts_limit_exceeded",
        "amount",
    )


def payout_not_pending() -> Refusal:
    return invalid("Payouts can only be canceled while they are pending.")


def payout_already_reversed(payout: str) -> Refusal:
    """Wording ours."""
    return invalid(f"The payout {payout} has already been reversed.")


def payout_not_reversible(payout: str, status: str) -> Refusal:
    """Wording ours."""
    return invalid(
        f"The payout {payout} cannot be reversed: it has a status of {status}. Only paid payouts "
        "to bank accounts in the US and Canada can be."
    )


def payout_not_automatic() -> Refusal:
    """Wording ours."""
    return invalid(
        "Balance transactions can only be filtered by automatic payouts; manual payouts are not "
        "associated with balance transactions.",
        None,
        "payout",
    )


# Top-ups and balance settings. Wording ours.


def topup_needs_platform() -> Refusal:
    return invalid("Top-ups can only be created for the balance of the platform itself.")


def topup_not_pending(status: str) -> Refusal:
    return invalid(f"Only pending top-ups can be canceled; this one has a status of {status}.")


def payout_days_need_interval(param: str, interval: str) -> Refusal:
    return invalid(
        f"`{param}` can only be set when the payout interval is `{interval}`.",
        None,
        f"payments[payouts][schedule][{param}]",
    )


def payout_day_unknown() -> Refusal:
    return invalid(
        "Days of the month must lie between 1 and 31.",
        None,
        "payments[payouts][schedule][monthly_payout_days]",
    )


def delay_too_long(most: int) -> Refusal:
    return invalid(
        f"The delay must be between 0 and {most} days.",
        None,
        "payments[settlement_timing][delay_days_override]",
    )
