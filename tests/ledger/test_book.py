"""The book: totals, what is available when, and an audit that barks."""

from __future__ import annotations

import pytest

from emulator.ledger import BANK, CARD_NETWORK, Book, Entry, Move, balance_of
from emulator.store import Store

MINE, THEIRS = balance_of("acct_a"), balance_of("acct_b")


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def book(store: Store) -> Book:
    return Book(store)


def _post(book: Book, *moves: Move, now: int = 100, later: int = 0) -> None:
    book.post(Entry("cause", now, max(now, later), moves))


def test_a_fresh_book_holds_nothing(book: Book) -> None:
    assert book.total(MINE, "usd") == 0
    assert book.available(MINE, "usd", by=1_000) == 0
    assert book.currencies(MINE) == []
    assert book.audit() == []


def test_what_one_gives_the_other_has(book: Book) -> None:
    _post(book, Move("charge", CARD_NETWORK, MINE, 900, "usd"))
    _post(book, Move("transfer", MINE, THEIRS, 400, "usd"))

    assert (book.total(MINE, "usd"), book.total(THEIRS, "usd")) == (500, 400)
    assert book.total(CARD_NETWORK, "usd") == -900
    assert book.audit() == []


def test_currencies_do_not_mix(book: Book) -> None:
    _post(book, Move("charge", CARD_NETWORK, MINE, 900, "usd"))
    _post(book, Move("charge", CARD_NETWORK, MINE, 70, "eur"))

    assert book.currencies(MINE) == ["eur", "usd"]
    assert (book.total(MINE, "usd"), book.total(MINE, "eur")) == (900, 70)


@pytest.mark.parametrize(("instant", "available"), [(199, 0), (200, 900), (201, 900)])
def test_money_is_available_from_its_instant_on(book: Book, instant: int, available: int) -> None:
    _post(book, Move("charge", CARD_NETWORK, MINE, 900, "usd"), later=200)

    assert book.available(MINE, "usd", by=instant) == available
    assert book.total(MINE, "usd") == 900


def test_what_leaves_now_leaves_what_is_available(book: Book) -> None:
    _post(book, Move("charge", CARD_NETWORK, MINE, 900, "usd"), later=200)
    _post(book, Move("charge", CARD_NETWORK, MINE, 100, "usd"))
    _post(book, Move("payout", MINE, BANK, 60, "usd"))

    assert book.available(MINE, "usd", by=150) == 40
    assert book.available(MINE, "usd", by=200) == 940


def test_what_fell_due_is_not_kept_apart(book: Book, store: Store) -> None:
    _post(book, Move("charge", CARD_NETWORK, MINE, 1, "usd"), later=200)
    _post(book, Move("charge", CARD_NETWORK, MINE, 1, "usd"), now=300)

    assert store.numbers(f"ledger/{MINE}/usd") == (2,)


def test_entries_come_back_in_the_order_of_writing(book: Book) -> None:
    for amount in (3, 1, 2):
        _post(book, Move("charge", CARD_NETWORK, MINE, amount, "usd"))

    written = [(number, entry.moves[0].amount) for number, entry in book.entries()]
    assert written == [(1, 3), (2, 1), (3, 2)]
    assert [number for number, _ in book.entries(after=1)] == [2, 3]
    assert book.count() == 3


def test_an_altered_total_is_found(book: Book, store: Store) -> None:
    _post(book, Move("charge", CARD_NETWORK, MINE, 900, "usd"))
    store.keep_numbers(f"ledger/{MINE}/usd", (901,))

    unbalanced, altered = book.audit()
    assert unbalanced == "usd: the pockets sum to 1, not to zero"
    assert altered == f"{MINE}/usd: the total says 901, the entries 900"


def test_a_lost_entry_is_found(book: Book, store: Store) -> None:
    _post(book, Move("charge", CARD_NETWORK, MINE, 900, "usd"))
    store.delete("ledger_entry", "000000001")

    assert len(book.audit()) == 2


def test_a_total_without_entries_is_found(book: Book, store: Store) -> None:
    store.keep_numbers("ledger/acct_x/balance/usd", (5,))

    assert "acct_x/balance/usd: the total says 5, the entries 0" in book.audit()


def test_negative_fees_are_found(book: Book, store: Store) -> None:
    _post(book, Move("stripe_fee_return", "stripe/fees", MINE, 5, "usd"))

    assert any("stripe/fees" in broken for broken in book.audit())
