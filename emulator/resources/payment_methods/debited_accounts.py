"""Bank accounts that are debited, as payment methods and sources show them."""

from __future__ import annotations

from typing import Any, Final

from emulator.contract.blanks import blank
from emulator.kernel.errors import instruments as refusals
from emulator.kernel.errors.params import parameter_missing
from emulator.kit import Doc, Tx
from emulator.rules import cards, debits, ibans

_ROUTING: Final = {
    "au_becs_debit": "bsb_number",
    "bacs_debit": "sort_code",
    "nz_bank_account": "bank_code",
    "us_bank_account": "routing_number",
}
BANK_TYPES: Final = frozenset({*_ROUTING, "acss_debit", "sepa_debit"})
_TEST_BANK: Final = "STRIPE TEST BANK"


def typed_account(type_: str, hash_: Doc, param: str) -> Doc:
    """Private notes of a bank account that somebody typed: debit type, routing, number."""
    if type_ == "sepa_debit":
        iban = hash_.get("iban")
        if not iban:
            raise parameter_missing(f"{param}[iban]")
        if not debits.iban_valid(iban):
            raise refusals.invalid_iban(f"{param}[iban]")
        return {"debit": type_, "routing": None, "number": ibans.read(iban).number}
    routing = _ROUTING.get(type_, "institution_number")
    for name in (routing, "account_number"):
        if not hash_.get(name):
            raise parameter_missing(f"{param}[{name}]")
    notes = {"debit": type_, "routing": hash_[routing], "number": hash_["account_number"]}
    known = account_behind(notes)
    if type_ == "us_bank_account" and known is None:
        raise refusals.test_account_needed(f"{param}[account_number]")
    if known is not None and known.outcome == "creation_fails":
        raise refusals.account_number_unusable(f"{param}[account_number]")
    return notes


def magic_account(name: str) -> Doc | None:
    """Private notes of the account behind `pm_usBankAccount_success` and its kin."""
    account = debits.by_name(name)
    if account is None:
        return None
    return {
        "debit": account.type,
        "routing": account.routing,
        "number": account.number,
        "verified": True,
    }


def account_behind(notes: Doc) -> debits.DebitedAccount | None:
    """The test account that private notes tell of; None for cards and for accounts of no table.
    Bank accounts of customers (`hash`) answer as those of ACH do.
    """
    typed = notes.get("hash") or {}
    if typed.get("account_number"):
        routing = typed.get("routing_number")
        return debits.by_account("us_bank_account", routing, typed["account_number"])
    type_ = notes.get("debit")
    return debits.by_account(type_, notes["routing"], notes["number"]) if type_ else None


def shown_account(tx: Tx, notes: Doc, hash_: Doc) -> Doc:
    """The hash under the payment method's type: what it shows of the account."""
    type_, number = notes["debit"], notes["number"]
    print_ = {"fingerprint": cards.fingerprint(tx.setup.seed, number), "last4": number[-4:]}
    if type_ == "sepa_debit":
        iban = ibans.read(number)
        parts = {
            "bank_code": iban.bank_code,
            "branch_code": iban.branch_code,
            "country": iban.country,
        }
        return blank("payment_method.sepa_debit") | parts | print_
    if type_ == "us_bank_account":
        made = blank("payment_method.us_bank_account") | print_
        kept = {
            name: hash_[name] for name in ("account_holder_type", "account_type") if name in hash_
        }
        return made | kept | {"bank_name": _TEST_BANK, "routing_number": notes["routing"]}
    return dict(sorted((_national(type_, notes, hash_) | print_).items()))


def _national(type_: str, notes: Doc, hash_: Doc) -> dict[str, Any]:
    if type_ in {"au_becs_debit", "bacs_debit"}:
        return {_ROUTING[type_]: notes["routing"]}
    if type_ == "acss_debit":
        return {
            "bank_name": _TEST_BANK,
            "institution_number": notes["routing"],
            "transit_number": hash_.get("transit_number"),
        }
    return {
        "bank_name": _TEST_BANK,
        **{name: hash_.get(name) for name in ("bank_code", "branch_code", "suffix")},
    }
