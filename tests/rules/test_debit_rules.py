"""Test bank accounts that are debited."""

import pytest

from emulator.rules import debits


@pytest.mark.parametrize(
    ("numbers", "name", "outcome", "failure_code"),
    [
        (
            ("us_bank_account", "110000000", "000123456789"),
            "pm_usBankAccount_success",
            "succeeded",
            None,
        ),
        (
            ("us_bank_account", "110000000", "000222222227"),
            "pm_usBankAccount_insufficientFunds",
            "failed",
            "insufficient_funds",
        ),
        (
            ("sepa_debit", None, "DE89 3704 0044 0532 0130 00"),
            "pm_sepaDebit_success_de",
            "succeeded",
            None,
        ),
        (
            ("sepa_debit", None, "AT591904300235473203"),
            "pm_sepaDebit_disputed_at",
            "disputed",
            None,
        ),
        (
            ("bacs_debit", "10-88-00", "22222227"),
            "pm_bacsDebit_insufficientFunds",
            "failed",
            "insufficient_funds",
        ),
        (
            ("au_becs_debit", "000000", "111111113"),
            "pm_auBecsDebit_accountClosed",
            "failed",
            "account_closed",
        ),
    ],
)
def test_accounts_are_found_by_numbers_and_by_name(numbers, name, outcome, failure_code):
    account = debits.by_account(*numbers)
    assert account is not None
    assert account is debits.by_name(name)
    assert (account.outcome, account.failure_code) == (outcome, failure_code)


def test_other_accounts_are_none():
    assert debits.by_account("us_bank_account", "110000000", "000123456780") is None
    assert debits.by_account("us_bank_account", "110000001", "000123456789") is None
    assert debits.by_name("pm_usBankAccount_nothing") is None


def test_delayed_accounts_take_three_minutes():
    account = debits.by_name("pm_bacsDebit_successDelayed")
    assert account is not None
    assert account.delayed
    assert debits.delayed_seconds() == 180


@pytest.mark.parametrize(
    ("name", "mandate"),
    [
        ("pm_bacsDebit_debitNotAuthorized", "inactive"),
        ("pm_bacsDebit_insufficientFunds", "active"),
        ("pm_bacsDebit_success", None),
    ],
)
def test_what_a_failure_does_to_the_mandate(name, mandate):
    account = debits.by_name(name)
    assert account is not None
    assert account.mandate == mandate


@pytest.mark.parametrize(
    ("amounts", "code", "outcome"),
    [
        ([32, 45], None, "verified"),
        ([45, 32], None, "verified"),
        ([32, 44], None, "mismatch"),
        ([10, 11], None, "attempts_exceeded"),
        ([40, 41], None, "timeout"),
        (None, "SM11AA", "verified"),
        (None, "SM33CC", "attempts_exceeded"),
        (None, "SM44DD", "timeout"),
        (None, "SM11AB", "mismatch"),
        (None, None, "mismatch"),
    ],
)
def test_microdeposits(amounts, code, outcome):
    assert debits.verification(amounts, code) == outcome


def test_every_iban_of_the_table_is_valid():
    ibans = [account.number for account in debits.accounts() if account.type == "sepa_debit"]
    assert len(ibans) == 112
    assert all(debits.iban_valid(iban) for iban in ibans)


@pytest.mark.parametrize(
    "iban", ["DE89370400440532013001", "DE8937040044", "", "DE89370400440532013é00"]
)
def test_wrong_ibans(iban):
    assert not debits.iban_valid(iban)
