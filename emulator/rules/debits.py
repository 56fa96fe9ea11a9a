"""Test bank accounts that are debited: ACH, SEPA, Bacs, BECS. Facts in `banks_debited.json`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from emulator.kernel import files

Outcome = Literal[
    "succeeded",
    "failed",
    "disputed",
    "processing",
    "blocked",
    "mandate_refused",
    "creation_fails",
    "microdeposits_fail",
]
Verification = Literal["verified", "mismatch", "attempts_exceeded", "timeout"]
_TABLE = "rules/banks_debited.json"


@dataclass(frozen=True, slots=True)
class DebitedAccount:
    """One bank account and what a debit of it comes to.

    type: the PaymentMethod's. number: account number, or the whole IBAN. routing: routing number,
    sort code or BSB; None with an IBAN. delayed: the outcome takes `delayed_seconds()`.
    mandate: its status after a failure, None where it does not change.
    """

    type: str
    number: str
    country: str
    outcome: Outcome
    routing: str | None = None
    failure_code: str | None = None
    delayed: bool = False
    mandate: Literal["active", "inactive"] | None = None
    names: tuple[str, ...] = ()

    @property
    def last4(self) -> str:
        return self.number[-4:]


def receivers_currencies(type_: str, now: int) -> list[str]:
    """In one of which who receives such a debit needs a bank account; none where it does not
    matter.
    """
    rows = files.table(_TABLE)["receivers_banks"].get(type_, ())
    return [code for row in rows if row["since"] <= now for code in row["currencies"]]


def _read(row: dict[str, Any]) -> DebitedAccount:
    known = {key: value for key, value in row.items() if key != "evidence"}
    return DebitedAccount(**{**known, "names": tuple(row["names"])})


@cache
def accounts() -> tuple[DebitedAccount, ...]:
    """Every account of the table."""
    return tuple(_read(row) for row in files.table(_TABLE)["accounts"])


@cache
def _by_account() -> dict[tuple[str, str | None, str], DebitedAccount]:
    return {(account.type, account.routing, account.number): account for account in accounts()}


@cache
def _by_name() -> dict[str, DebitedAccount]:
    return {name: account for account in accounts() for name in account.names}


def _plain(text: str) -> str:
    return text.replace(" ", "").replace("-", "").upper()


def by_account(type: str, routing: str | None, number: str) -> DebitedAccount | None:
    """The test account of these numbers; an IBAN goes without `routing`."""
    bank = None if routing is None else _plain(routing)
    return _by_account().get((type, bank, _plain(number)))


def by_name(name: str) -> DebitedAccount | None:
    """The account behind `pm_usBankAccount_success` and its kin."""
    return _by_name().get(name.removeprefix("pm_"))


def failure_codes() -> tuple[str, ...]:
    """Every code that a debit can fail with."""
    known = [account.failure_code for account in accounts() if account.outcome == "failed"]
    more: list[str] = files.table(_TABLE)["more_failure_codes"]
    return (*dict.fromkeys(code for code in (*known, *more) if code),)


def delayed_seconds() -> int:
    """How long the `Delayed` accounts take: at least three minutes (documented)."""
    seconds: int = files.table(_TABLE)["delayed_seconds"]
    return seconds


def verification(
    amounts: Sequence[int] | None = None, descriptor_code: str | None = None
) -> Verification:
    """What microdeposit answers come to: two amounts in cents, or the code from the statement."""
    for row in files.table(_TABLE)["microdeposits"]:
        if amounts is not None and sorted(amounts) == row["amounts"]:
            return _outcome(row)
        if descriptor_code is not None and descriptor_code == row["descriptor_code"]:
            return _outcome(row)
    return "mismatch"


def _outcome(row: dict[str, Any]) -> Verification:
    found: Verification = row["outcome"]
    return found


def iban_valid(iban: str) -> bool:
    """Whether the two check digits of an IBAN fit, by the standard's remainder of 97."""
    iban = _plain(iban)
    if not (iban.isascii() and iban.isalnum() and 15 <= len(iban) <= 34):
        return False
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1
