"""Refusals of simulators and triggers: what the state of an object does not allow. Not Stripe's."""

from __future__ import annotations

from collections.abc import Sequence

from emulator.kernel.errors.ours import ours, perhaps
from emulator.kernel.errors.refusal import Refusal

_STATE = "object_unexpected_state"


def no_such_simulator(name: str, near: str | None) -> Refusal:
    return ours(
        f"There is no simulator {name!r}.{perhaps(near)} GET /_emulator/simulate lists them all.",
        "resource_missing",
        "name",
        404,
    )


def wrong_state(kind: str, id_: str, status: str, deed: str, allowed: Sequence[str]) -> Refusal:
    """deed: what cannot be done any more, or not yet, such as `fail`."""
    return ours(
        f"This {kind} ({id_}) is {status}: it cannot {deed}. It can when it is "
        f"{' or '.join(allowed)}.",
        _STATE,
        kind.replace(" ", "_"),
    )


def missing_one_of(names: Sequence[str]) -> Refusal:
    return ours(f"Missing: give {' or '.join(names)}.", "parameter_missing", names[0])


def unknown_currency(code: str) -> Refusal:
    return _not_now("currency", f"{code!r} is no currency that Stripe knows.")


# -- payments -------------------------------------------------------------------------------------


def no_charge_yet(intent: str, status: str) -> Refusal:
    return _not_now("payment_intent", f"Payment intent {intent} is {status} and has no charge yet.")


def not_an_authorization(charge: str) -> Refusal:
    return _not_now("charge", f"Charge {charge} is not an authorisation that waits to be captured.")


def not_a_bank_debit(charge: str) -> Refusal:
    return _not_now("charge", f"Charge {charge} is no bank debit.")


def reviewed_already(charge: str, review: str) -> Refusal:
    return _not_now("charge", f"Charge {charge} has a review already: {review}.")


def saved_to_nobody(method: str) -> Refusal:
    return _not_now(
        "payment_method",
        f"{method} belongs to no customer: networks only tell of cards that are saved.",
    )


def not_collected_from_a_card(invoice: str, status: str) -> Refusal:
    return _not_now("invoice", f"Invoice {invoice} was not collected from a card: it is {status}.")


def tax_id_settled(tax_id: str, status: str | None) -> Refusal:
    """status: that of its verification; None when it never had one."""
    return _not_now("tax_id", f"Tax id {tax_id} is {status}: nobody is asked about it any more.")


# -- balances and payouts -------------------------------------------------------------------------


def nothing_pending(account: str, currency: str | None) -> Refusal:
    what = f"{currency} " if currency else ""
    return _not_now("account", f"Nothing {what}is pending on the balance of {account}.")


def other_sign(type_: str, *, gives: bool) -> Refusal:
    """gives: whether a balance transaction of this type can only be positive."""
    way = "positive: it is given" if gives else "negative: it is taken"
    return _not_now("amount", f"The amount of a {type_} is {way}.")


def too_much_to_release(hold: str, left: int) -> Refusal:
    return _not_now("amount", f"Reserve hold {hold} has {left} left to release.")


def nothing_to_pay_out(account: str) -> Refusal:
    return _not_now(
        "account",
        f"Account {account} has nothing to pay out: it needs an available balance, payouts "
        "enabled and an external account in its currency that is not errored.",
    )


def reversed_already(payout: str, reversal: str) -> Refusal:
    return _not_now(
        "payout", f"Payout {payout} was reversed by {reversal}: nothing is left to fail."
    )


def errored_already(external_account: str) -> Refusal:
    return _not_now("external_account", f"External account {external_account} is errored already.")


# -- accounts -------------------------------------------------------------------------------------


def nothing_to_verify(whose: str) -> Refusal:
    """whose: an account or a person."""
    return _not_now(
        "account",
        f"Verification has nothing to look at here: {whose} has given nothing of that kind yet.",
    )


def not_a_requirement(account: str, path: str) -> Refusal:
    return _not_now(
        "requirement",
        f"{path!r} is nothing that account {account} can give. Write the path of a requirement, "
        "such as business_profile.url or person_….verification.document.",
    )


def no_deadline(account: str) -> Refusal:
    return _not_now(
        "account",
        f"Account {account} has no deadline. Set one with requirement_added and its days.",
    )


def not_requested(account: str, capability: str, requested: Sequence[str]) -> Refusal:
    names = ", ".join(requested) or "none"
    return _not_now(
        "capability", f"Account {account} did not request {capability}. It requested: {names}."
    )


def capability_disabled_already(account: str, capability: str) -> Refusal:
    return _not_now("capability", f"Stripe has disabled {capability} of {account} already.")


def capability_not_disabled(account: str, capability: str) -> Refusal:
    return _not_now(
        "capability",
        f"Stripe has not disabled {capability} of {account}: it is inactive only for what "
        "requirements say.",
    )


def account_disabled_already(account: str, disabled_reason: str) -> Refusal:
    return _not_now("account", f"Stripe has disabled account {account} already: {disabled_reason}.")


def nothing_imposed(account: str) -> Refusal:
    return _not_now(
        "account", f"Nothing was imposed on account {account}, and it was not rejected."
    )


def _not_now(param: str, sentence: str) -> Refusal:
    """What the state of things does not allow. sentence: why, and what would do."""
    return ours(sentence, _STATE, param)
