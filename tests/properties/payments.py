"""What the properties of money ask for: cards, banks and payments around their limits."""

from __future__ import annotations

from typing import Final

from tests.resources.market import BANK, Doc

# A bank account that every payout comes back from.
CLOSED: Final = {**BANK, "account_number": "000111111113"}
CURRENCIES: Final = ("usd", "usd", "cad", "eur", "jpy")
CARDS: Final = (
    "pm_card_visa",
    "pm_card_visa",
    "pm_card_bypassPending",
    "pm_card_bypassPending",
    "pm_usBankAccount_success",
    "pm_usBankAccount_insufficientFunds",
    "pm_card_fr",
    "pm_card_createDispute",
    "pm_card_createDisputeInquiry",
    "pm_card_refundFail",
    "pm_card_pendingRefund",
    "pm_card_chargeDeclined",
)
DEBITS: Final = tuple(card for card in CARDS if "Bank" in card)
DECLINED: Final = "pm_card_chargeDeclined"
TEXTS: Final = ("winning_evidence", "losing_evidence", "escalate_inquiry_evidence", "who knows")
BANKS: Final = (
    "btok_us_verified",
    "btok_us_verified_noAccount",
    "btok_us_verified_debitNotAuthorized",
)


def payment(how: Doc, *, split: bool = False, direct: bool = False) -> Doc:
    """The parameters of a payment, with its fee or its part around the amount it may be."""
    amount, near, wanted = how["amount"], how["near"], how["split"]
    debit = how["card"] in DEBITS
    params: Doc = {
        "amount": amount,
        "currency": "usd" if debit else how["currency"],
        "confirm": True,
        "payment_method": how["card"],
        "payment_method_types": ["us_bank_account" if debit else "card"],
        "capture_method": "automatic" if how["capture"] or debit else "manual",
    }
    if debit:
        params["mandate_data"] = {"customer_acceptance": {"type": "offline"}}
    part = amount + near if near else amount // 7
    allowed = True
    if (split or direct) and wanted in {"fee", "both"}:
        params["application_fee_amount"] = part
        allowed = part <= amount and wanted == "fee"
    if split and wanted in {"amount", "both"}:
        params["transfer_data"] = {"amount": part}
        allowed = allowed and part <= amount
    return {**params, "allowed": allowed}
