"""Payouts and schedules at their documented limits, and what an Instant Payout may draw on."""

from __future__ import annotations

import pytest

from tests.resources.market import Doc, books_hold, events, fund, held, lines, on, pay, seller
from tests.resources.shops import Row, rows, shop
from tests.talking import NOW, Talk, error

_DAY = 86_400
_TODAY = NOW // _DAY
_LONG = "x" * 22


def test_an_instant_payout_draws_on_pending_money_day_by_day(talk: Talk) -> None:
    """Documented: one line adds what is missing, one for each day takes it."""
    fridays = {"payouts": {"schedule": {"interval": "weekly", "weekly_anchor": "friday"}}}
    account = seller(talk, settings=fridays)
    pay(talk, 2_500, **on(account))  # 2397, for Tuesday
    talk.advance("1d")
    pay(talk, 1_500, **on(account))  # 1426, for Wednesday

    talk.made(
        "/v1/payouts", {"amount": 3_000, "currency": "usd", "method": "instant"}, **on(account)
    )

    assert rows(talk, account)[2:] == [
        Row("advance_funding", "advance_funding", -2_397, 0, -2_397),
        Row("advance_funding", "advance_funding", -693, 0, -693),
        Row("advance", "advance", 3_090, 0, 3_090),
        Row("payout", "payout", -3_000, 90, -3_090),
    ]
    taken = [
        line["available_on"] for line in reversed(lines(talk, account, type="advance_funding"))
    ]
    assert taken == [(_TODAY + 2) * _DAY, (_TODAY + 3) * _DAY]
    assert (held(talk, account), held(talk, account, "pending")) == (0, 1_426 - 693)
    assert held(talk, part="connect_reserved") == 0
    talk.advance("3d")
    assert held(talk, account) == 1_426 - 693
    assert books_hold(talk)


def test_an_instant_payout_of_available_money_advances_nothing(talk: Talk) -> None:
    account = seller(talk)
    fund(talk, 10_000, **on(account))
    pay(talk, 10_000, **on(account))
    talk.made(
        "/v1/payouts", {"amount": 5_000, "currency": "usd", "method": "instant"}, **on(account)
    )

    assert [each.type for each in rows(talk, account)] == ["charge", "charge", "payout"]


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (35_900, "amount_too_small"),
        (36_000, None),
        (36_050, "parameter_invalid_integer"),
        (36_100, None),
    ],
)
def test_hungarian_payouts_are_of_whole_forints(talk: Talk, amount: int, code: str | None) -> None:
    account = shop(talk, "HU")
    pay(talk, 90_000_00, "pm_card_bypassPending", currency="huf", **on(account))

    answer = talk.post("/v1/payouts", {"amount": amount, "currency": "huf"}, **on(account))

    assert answer.json().get("error", {}).get("code") == code


@pytest.mark.parametrize(("country", "currency"), [("BR", "brl"), ("IN", "inr")])
def test_some_countries_are_paid_out_by_themselves(talk: Talk, country: str, currency: str) -> None:
    account = shop(talk, country)
    answer = talk.post("/v1/payouts", {"amount": 1_000, "currency": currency}, **on(account))

    assert error(answer, 400)["code"] == "payouts_not_allowed"


@pytest.mark.parametrize(("amount", "paid"), [(99, []), (100, [100])])
def test_less_than_the_smallest_payout_waits(talk: Talk, amount: int, paid: list[int]) -> None:
    """A pound is the least that leaves a British balance."""
    account = shop(talk, "GB")
    charge = pay(talk, 1_000, "pm_card_bypassPending", currency="gbp", **on(account))
    left = held(talk, account, currency="gbp") - amount
    talk.made("/v1/refunds", {"charge": charge["id"], "amount": left}, **on(account))
    assert held(talk, account, currency="gbp") == amount
    talk.advance("3d")

    made = talk.got("/v1/payouts", **on(account))["data"]
    assert [each["amount"] for each in made] == paid


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        ("/v1/payouts", {"statement_descriptor": _LONG}, 200),
        ("/v1/payouts", {"statement_descriptor": f"{_LONG}x"}, 400),
        ("/v1/topups", {"statement_descriptor": _LONG[:15]}, 200),
        ("/v1/topups", {"statement_descriptor": _LONG[:16]}, 400),
    ],
)
def test_how_long_descriptors_may_be(talk: Talk, path: str, params: Doc, status: int) -> None:
    fund(talk, 10_000)
    answer = talk.post(path, {"amount": 100, "currency": "usd", **params})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("schedule", "status"),
    [
        ({"interval": "daily", "delay_days": 31}, 200),
        ({"interval": "daily", "delay_days": 32}, 400),
        ({"interval": "daily", "delay_days": "minimum"}, 200),
        ({"interval": "monthly", "monthly_anchor": 31}, 200),
        ({"interval": "monthly", "monthly_anchor": 32}, 400),
        ({"interval": "monthly", "monthly_anchor": 0}, 400),
    ],
)
def test_the_longest_delay_and_the_last_day_of_a_month(
    talk: Talk, schedule: Doc, status: int
) -> None:
    account = seller(talk)
    settings = {"settings": {"payouts": {"schedule": schedule}}}
    assert talk.post(f"/v1/accounts/{account}", settings).status_code == status


@pytest.mark.parametrize(
    ("payments", "status"),
    [
        ({"settlement_timing": {"delay_days_override": 31}}, 200),
        ({"settlement_timing": {"delay_days_override": 32}}, 400),
        ({"payouts": {"schedule": {"interval": "monthly", "monthly_payout_days": [1, 31]}}}, 200),
        ({"payouts": {"schedule": {"interval": "monthly", "monthly_payout_days": [32]}}}, 400),
        ({"payouts": {"schedule": {"interval": "monthly", "monthly_payout_days": [0]}}}, 400),
        ({"payouts": {"schedule": {"interval": "monthly", "weekly_payout_days": ["friday"]}}}, 400),
        ({"payouts": {"schedule": {"interval": "weekly", "weekly_payout_days": ["friday"]}}}, 200),
        ({"payouts": {"schedule": {"interval": "weekly", "weekly_payout_days": ["sunday"]}}}, 400),
        ({"payouts": {"minimum_balance_by_currency": {"usd": 0}}}, 200),
        ({"payouts": {"minimum_balance_by_currency": {"usd": -1}}}, 400),
        ({"payouts": {"statement_descriptor": "x" * 22}}, 200),
        ({"payouts": {"statement_descriptor": "x" * 23}}, 400),
    ],
)
def test_the_limits_of_balance_settings(talk: Talk, payments: Doc, status: int) -> None:
    account = seller(talk)
    answer = talk.post("/v1/balance_settings", {"payments": payments}, **on(account))
    assert answer.status_code == status


def test_balance_settings_are_taken_back_with_an_empty_text(talk: Talk) -> None:
    account = seller(talk)

    def changed(**payments: Doc) -> Doc:
        made: Doc = talk.made("/v1/balance_settings", {"payments": payments}, **on(account))
        return dict(made["payments"])

    longer = changed(
        settlement_timing={"delay_days_override": 9},
        payouts={"minimum_balance_by_currency": {"usd": 100}},
    )
    assert longer["settlement_timing"]["delay_days"] == 9
    assert longer["payouts"]["minimum_balance_by_currency"] == {"usd": 100}
    usual = changed(
        settlement_timing={"delay_days_override": ""},
        payouts={"minimum_balance_by_currency": {"usd": ""}},
    )
    assert usual["settlement_timing"]["delay_days"] == 2
    assert usual["payouts"]["minimum_balance_by_currency"] is None


@pytest.mark.parametrize(("type_", "debited"), [("custom", False), ("standard", True)])
def test_who_is_debited_below_zero_from_the_start(talk: Talk, type_: str, *, debited: bool) -> None:
    """Documented: not where the platform collects requirements."""
    params: Doc = {"type": type_, "country": "US"}
    if type_ == "custom":
        wanted = ("card_payments", "transfers")
        params["capabilities"] = {name: {"requested": True} for name in wanted}
    payouts = talk.made("/v1/accounts", params)["settings"]["payouts"]
    assert payouts["debit_negative_balances"] is debited


def test_nothing_leaves_a_balance_below_zero(talk: Talk) -> None:
    account = seller(talk)
    own = talk.got("/v1/account")["id"]
    params = {"amount": 800, "currency": "usd", "destination": own}
    talk.made("/v1/transfers", params, **on(account))

    assert (held(talk, account), held(talk)) == (-800, 0)
    answer = talk.post("/v1/payouts", {"amount": 1, "currency": "usd"}, **on(account))
    assert error(answer, 400)["code"] == "balance_insufficient"


def test_a_minimum_balance_is_held_and_released(talk: Talk) -> None:
    account = seller(talk, settings={"payouts": {"schedule": {"interval": "daily"}}})
    kept = {"minimum_balance_by_currency": {"usd": 120}}
    talk.made("/v1/balance_settings", {"payments": {"payouts": kept}}, **on(account))
    fund(talk, 10_000)
    params = {"amount": 500, "currency": "usd", "destination": account}
    talk.made("/v1/transfers", params)
    talk.advance("3d")

    hold, release = "payout_minimum_balance_hold", "payout_minimum_balance_release"
    assert sorted(rows(talk, account)[1:]) == [
        Row("payout", "payout", -380, 0, -380),
        Row(hold, hold, -120, 0, -120),
        Row(release, release, 120, 0, 120),
    ]


def test_a_reversed_top_up_leaves_again(talk: Talk) -> None:
    topup = talk.made("/v1/topups", {"amount": 700, "currency": "usd"})
    assert talk.control("simulate/topup_succeeded", {"topup": topup["id"]}).status_code == 200
    assert talk.control("simulate/topup_reversed", {"topup": topup["id"]}).status_code == 200

    assert rows(talk) == [
        Row("topup", "topup", 700, 0, 700),
        Row("topup_reversal", "topup_reversal", -700, 0, -700),
    ]
    assert events(talk) == ["topup.created", "topup.succeeded", "topup.reversed"]


def test_ten_payouts_a_day_arrive_on_the_same_day(talk: Talk) -> None:
    """Documented for American accounts; from the eleventh on it takes a business day."""
    account = seller(talk)
    fund(talk, 10_000, **on(account))
    talk.advance("1d")  # Monday

    def arrives() -> int:
        made = talk.made("/v1/payouts", {"amount": 100, "currency": "usd"}, **on(account))
        return int(made["arrival_date"]) // _DAY - _TODAY

    assert [arrives() for _ in range(11)] == [1] * 10 + [2]
    talk.advance("1d")
    assert arrives() == 2
