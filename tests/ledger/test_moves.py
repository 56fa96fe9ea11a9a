"""Moves and entries: what cannot be written, and what each balance sees of what was."""

from __future__ import annotations

import pytest

from emulator.ledger import (
    BANK,
    CARD_NETWORK,
    EXCHANGE,
    KINDS,
    STRIPE_FEES,
    Entry,
    Move,
    balance_of,
    reserve_of,
)
from emulator.ledger.moves import Line, lines

PLATFORM, SELLER = "acct_platform", "acct_seller"
MINE, THEIRS = balance_of(PLATFORM), balance_of(SELLER)


def _lines(*moves: Move) -> list[Line]:
    return lines(Entry("cause", 1_000, 1_000, moves))


@pytest.mark.parametrize("amount", [0, -1])
def test_a_move_has_a_size(amount: int) -> None:
    with pytest.raises(AssertionError):
        Move("transfer", MINE, THEIRS, amount, "usd")


def test_a_move_goes_somewhere_else() -> None:
    with pytest.raises(AssertionError):
        Move("transfer", MINE, MINE, 1, "usd")


def test_a_move_has_a_known_reason() -> None:
    with pytest.raises(AssertionError):
        Move("gift", MINE, THEIRS, 1, "usd")


def test_an_entry_moves_something() -> None:
    with pytest.raises(AssertionError):
        Entry("cause", 1, 1, ())


def test_each_side_of_a_transfer_gets_its_line() -> None:
    given, taken = _lines(Move("transfer", MINE, THEIRS, 700, "usd"))

    assert (given.account, given.type, given.amount) == (PLATFORM, "transfer", -700)
    assert (taken.account, taken.type, taken.amount) == (SELLER, "payment", 700)


def test_a_fee_shows_on_the_line_it_is_kept_from() -> None:
    charge, earned = _lines(
        Move("charge", CARD_NETWORK, THEIRS, 1_000, "usd"),
        Move("stripe_fee", THEIRS, STRIPE_FEES, 59, "usd", "stripe_fee"),
        Move("application_fee", THEIRS, MINE, 70, "usd", "application_fee"),
    )

    assert (charge.amount, charge.fee, charge.net) == (1_000, 129, 871)
    assert [detail["type"] for detail in charge.fee_details] == ["stripe_fee", "application_fee"]
    assert (earned.account, earned.type, earned.net) == (PLATFORM, "application_fee", 70)


def test_a_fee_without_a_line_to_keep_it_from_is_a_line_itself() -> None:
    [line] = _lines(Move("stripe_fee", MINE, STRIPE_FEES, 59, "usd"))

    assert (line.type, line.amount, line.fee) == ("stripe_fee", -59, 0)


def test_an_exchange_shows_on_neither_side() -> None:
    out, came = _lines(
        Move("transfer_out", MINE, EXCHANGE, 200, "usd"),
        Move("transfer_in", EXCHANGE, THEIRS, 2_643, "krw"),
    )

    assert (out.amount, out.currency) == (-200, "usd")
    assert (came.amount, came.currency) == (2_643, "krw")


def test_what_comes_back_is_a_line_of_its_own() -> None:
    [out] = _lines(Move("payout", THEIRS, BANK, 500, "usd"))
    [back] = _lines(Move("payout_failure", BANK, THEIRS, 500, "usd"))

    assert out.net + back.net == 0
    assert (out.category, back.category) == ("payout", "payout_reversal")


def test_a_reserve_is_no_balance() -> None:
    [line] = _lines(Move("reserve", MINE, reserve_of(PLATFORM), 5, "usd"))

    assert (line.account, line.amount) == (PLATFORM, -5)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_says_what_is_seen(name: str) -> None:
    kind = KINDS[name]
    for shown in (kind.giver, kind.taker):
        assert shown is None or all(isinstance(word, str) and word for word in shown)
