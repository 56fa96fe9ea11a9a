"""Each kind of balance transaction: its category, its sign, its source and what it is called."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.resources.market import BANK, Doc, fund, lines, on, pay
from tests.resources.shops import shop
from tests.talking import Talk

_BOTH: Doc = {"reverse_transfer": True, "refund_application_fee": True}
Made = Callable[[Talk, str], Doc]


def _charge(talk: Talk, _account: str) -> Doc:
    return pay(talk, 5_000, description="Socks")


def _destination(talk: Talk, account: str) -> Doc:
    data: Doc = {"transfer_data": {"destination": account}, "application_fee_amount": 500}
    return pay(talk, 5_000, description="Socks", **data)


def _refunded(talk: Talk, account: str) -> Doc:
    charge = _destination(talk, account)
    return dict(talk.made("/v1/refunds", {"charge": charge["id"], **_BOTH}))


def _failed_refund(talk: Talk, _account: str) -> Doc:
    charge = pay(talk, 5_000, "pm_card_refundFail")
    refund = talk.made("/v1/refunds", {"charge": charge["id"]})
    talk.advance("1m")
    return dict(refund)


def _debit(talk: Talk, _account: str) -> Doc:
    talk.made(
        "/v1/payment_intents",
        {
            "amount": 5_000,
            "currency": "usd",
            "confirm": True,
            "payment_method": "pm_usBankAccount_success",
            "payment_method_types": ["us_bank_account"],
            "mandate_data": {"customer_acceptance": {"type": "offline"}},
            "description": "Socks",
        },
    )
    talk.advance("1d")
    return dict(talk.got("/v1/charges")["data"][0])


def _payout(talk: Talk, account: str) -> Doc:
    fund(talk, 10_000, stripe_account=account)
    params = {"amount": 3_000, "currency": "usd"}
    return dict(talk.made("/v1/payouts", params, **on(account)))


def _canceled(talk: Talk, account: str) -> Doc:
    payout = _payout(talk, account)
    return dict(talk.made(f"/v1/payouts/{payout['id']}/cancel", **on(account)))


def _failed_payout(talk: Talk, account: str) -> Doc:
    closed = {**BANK, "account_number": "000111111113"}
    params = {"external_account": closed, "default_for_currency": True}
    talk.made(f"/v1/accounts/{account}/external_accounts", params)
    payout = _payout(talk, account)
    talk.advance("2d")
    return dict(talk.got(f"/v1/payouts/{payout['id']}", **on(account)))


def _topped_up(talk: Talk, _account: str) -> Doc:
    topup = talk.made("/v1/topups", {"amount": 5_000, "currency": "usd", "description": "Float"})
    talk.advance("9d")
    return dict(topup)


@pytest.mark.parametrize(
    ("made", "on_account", "type_", "category", "sign", "source", "text"),
    [
        (_charge, False, "charge", "charge", 1, "ch_", "Socks"),
        (_debit, False, "payment", "charge", 1, "py_", "Socks"),
        (_destination, True, "payment", "charge", 1, "py_", None),
        (_destination, False, "transfer", "transfer", -1, "tr_", None),
        (_destination, False, "application_fee", "platform_earning", 1, "fee_", "Application fee"),
        (_refunded, False, "refund", "refund", -1, "re_", "REFUND FOR CHARGE (Socks)"),
        (_refunded, True, "payment_refund", "refund", -1, "pyr_", "REFUND FOR PAYMENT"),
        (_refunded, False, "transfer_refund", "transfer_reversal", 1, "tr_", "REFUND FOR TRANSFER"),
        (
            _refunded,
            False,
            "application_fee_refund",
            "platform_earning_refund",
            -1,
            "fee_",
            "REFUND FOR APPLICATION FEE",
        ),
        (_refunded, True, "adjustment", "fee", 1, "fr_", "Application fee refund"),
        (_failed_refund, False, "refund_failure", "refund_failure", 1, "re_", "REFUND FAILURE"),
        (_payout, True, "payout", "payout", -1, "po_", "STRIPE PAYOUT"),
        (_canceled, True, "payout_cancel", "payout_reversal", 1, "po_", "PAYOUT CANCEL"),
        (_failed_payout, True, "payout_failure", "payout_reversal", 1, "po_", "PAYOUT FAILURE"),
        (_topped_up, False, "topup", "topup", 1, "tu_", "Float"),
    ],
)
def test_a_kind_is_called_and_counted_as_it_is(
    talk: Talk,
    made: Made,
    type_: str,
    category: str,
    sign: int,
    source: str,
    text: str | None,
    *,
    on_account: bool,
) -> None:
    account = shop(talk)
    made(talk, account)

    (line,) = lines(talk, account if on_account else None, type=type_)
    assert line["reporting_category"] == category
    assert line["amount"] * sign > 0
    assert line["source"].startswith(source)
    assert (line["description"] or "").startswith(text or "")
    assert (line["description"] is None) == (text is None)
    assert line["balance_type"] == "payments"
