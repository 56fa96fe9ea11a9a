"""Refusals about money between accounts and banks: transfers, fees, payouts, top-ups."""

from __future__ import annotations

from emulator.kernel.currency import display
from emulator.kernel.errors.refusal import Refusal, invalid


def no_such_destination(account: str, param: str = "destination") -> Refusal:
    return invalid(f"No such destination: '{account}'", "resource_missing", param)


def insufficient_capabilities() -> Refusal:
    refusal = invalid(
        "Your destination account needs to have at least one of the following capabilities enabled: "
        "transfers, crypto_transfers, legacy_payments",
        "insufficient_capabilities_for_transfer",
    )
    refusal.documented = False
    return refusal


def balance_insufficient() -> Refusal:
    """A transfer without the available funds for it."""
    return invalid(
        "You have insufficient available funds in your Stripe account. Try adding funds directly to "
        "your available balance by creating Charges using the 4000000000000077 test card. See: "
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
        f"Transfer reversal amount ({display(amount, currency)}) is greater than unreversed amount on "
        f"transfer ({display(rest, currency)})",
        None,
        "amount",
    )


def above_source(whole: int, given: list[int], currency: str) -> Refusal:
    """A transfer of more than its source transaction brought; given: the transfers out of it so far."""
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
        f"The currency of source_transaction's balance transaction ({settled}) must be the same as the "
        f"transfer currency ({wanted})",
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
