"""Payment methods other than cards: where they work, what the customer has to do, and when the
money is sure. Facts in `methods.json`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, NamedTuple

from emulator.kernel import files
from emulator.kernel.instants import DAY

Fate = Literal["succeeded", "expired", "failed", "never"]
# Cards that are held to a reader; what they authorise can be captured for two days (documented).
IN_PERSON: Final = ("card_present", "interac_present")
_IN_PERSON_DAYS: Final = 2
_TABLE: Final = "rules/methods.json"
_CAPABILITIES: Final = {
    "ach_debit": "us_bank_account_ach_payments",
    "nz_bank_account": "nz_bank_account_becs_debit_payments",
    "us_bank_account": "us_bank_account_ach_payments",
}
_TRANSFERS: Final = {
    "eur": "sepa_bank_transfer_payments",
    "gbp": "gb_bank_transfer_payments",
    "jpy": "jp_bank_transfer_payments",
    "mxn": "mx_bank_transfer_payments",
    "usd": "us_bank_transfer_payments",
}


@dataclass(frozen=True, slots=True)
class Method:
    """One type of payment method.

    currencies, countries (of the merchant): None means any. action: the type of `next_action`,
    None where the customer has nothing to do. lasts_seconds: how long a code or voucher can be
    paid. life: the options that say otherwise. by_email: whether the customer pays by themselves,
    or does not, as their email says. clears_seconds: how long the bank takes. manual_days: how
    long it can be authorised. reusable: the type that later payments are made with. microdeposits:
    whether a typed account is proved by them. needs: parameters a new one must have. fails: the
    error code of an attempt that the provider refuses.
    """

    type: str
    currencies: tuple[str, ...] | None
    countries: tuple[str, ...] | None
    action: str | None
    lasts_seconds: int | None = None
    life: tuple[str, ...] = ()
    by_email: bool = False
    clears_seconds: int = 0
    manual_days: int | None = None
    reusable: str | None = None
    mandate: bool = False
    microdeposits: bool = False
    refund: Literal["at_once", "pending", "by_email", "none"] = "at_once"
    needs: tuple[str, ...] = ()
    fails: str = "payment_intent_authentication_failure"


class Ahead(NamedTuple):
    """What becomes of a voucher, and after how many seconds."""

    fate: Fate
    seconds: int


@cache
def known() -> dict[str, Method]:
    """Every type of the table, by name."""
    return {name: _read(name, row) for name, row in files.table(_TABLE)["methods"].items()}


def _read(name: str, row: dict[str, Any]) -> Method:
    found: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
    if found.get("reusable") == "itself":
        found["reusable"] = name
    return Method(name, **found)


def of_type(type_: str) -> Method | None:
    """None for cards, and for a type of which nothing is known."""
    return known().get(type_)


def redirects(type_: str) -> bool:
    """Whether the customer is sent to a page and back, so that there must be a way back."""
    found = of_type(type_)
    return found is not None and found.action in {"redirect_to_url", "alipay_handle_redirect"}


def is_slow(type_: str) -> bool:
    """Whether a bank answers later than the customer."""
    found = of_type(type_)
    return found is not None and found.clears_seconds > 0


def pays_once(type_: str) -> bool:
    """Whether it cannot be saved for later payments: a card that was held to a reader cannot, but
    for the card that is made of it.
    """
    if type_ in IN_PERSON:
        return True
    found = of_type(type_)
    return found is not None and found.reusable != type_


def capability(type_: str, currency: str) -> str:
    """The capability that a connected account needs to be paid this way (documented)."""
    if type_ == "customer_balance":
        return _TRANSFERS.get(currency, "us_bank_transfer_payments")
    return _CAPABILITIES.get(type_, f"{type_}_payments")


def source_type(type_: str) -> str:
    """Under which `source_types` of a balance its money stands: legacy ACH and FPX have one of
    their own, all others count as `card` (documented).
    """
    return {"ach_debit": "bank_account", "fpx": "fpx"}.get(type_, "card")


def ahead(method: Method, email: str | None) -> Ahead | None:
    """What a customer with this email does by themselves; None for methods that wait for a page."""
    if not method.by_email:
        return None
    name = (email or "").partition("@")[0]
    words = files.table(_TABLE)["words"]
    row = next(row for word, row in words.items() if name.endswith(word))
    return Ahead(row["outcome"], row["seconds"])


def holds_seconds(
    type_: str, brand: str | None, *, off_session: bool, extended: bool = False
) -> int:
    """How long an authorisation can be captured. brand: a card's. extended: whether the merchant
    asked for longer, and the card allows it.
    """
    if type_ in IN_PERSON:
        return _IN_PERSON_DAYS * DAY
    found = of_type(type_)
    if found is not None:
        return (found.manual_days or 7) * DAY
    card: dict[str, int] = files.table(_TABLE)["card_holds_seconds"]
    if extended:
        return card["extended"]
    return card["visa_off_session" if off_session and brand == "visa" else "usual"]


def most_capturable(amount: int) -> int:
    """How much of an authorisation can be captured where more than the amount may be (assumed)."""
    percent: int = files.table(_TABLE)["overcapture_percent"]
    return amount + amount * percent // 100
