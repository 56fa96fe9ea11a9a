"""Whatever is posted: nothing appears or vanishes, and the totals follow the entries."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from emulator.ledger import BANK, CARD_NETWORK, EXCHANGE, STRIPE_FEES, Book, Entry, Move, balance_of
from emulator.store import Store

ACCOUNTS = ("acct_a", "acct_b", "acct_c")
CURRENCIES = ("usd", "eur", "jpy")
_BALANCES = [balance_of(account) for account in ACCOUNTS]

amounts = st.one_of(st.integers(1, 3), st.integers(1, 10**12))
currencies = st.sampled_from(CURRENCIES)
balances = st.sampled_from(_BALANCES)


@st.composite
def moves(draw: st.DrawFn) -> tuple[Move, ...]:
    """The moves of one entry, as resources write them."""
    source, target = draw(st.permutations(_BALANCES).map(lambda found: (found[0], found[1])))
    amount, currency, other = draw(amounts), draw(currencies), draw(currencies)
    fee = draw(st.integers(0, amount))
    shape = draw(st.sampled_from(("in", "out", "across", "exchanged")))
    if shape == "in":
        found = [Move("charge", CARD_NETWORK, source, amount, currency)]
        if fee:
            found.append(Move("stripe_fee", source, STRIPE_FEES, fee, currency, "stripe_fee"))
        return tuple(found)
    if shape == "out":
        return (Move("payout", source, BANK, amount, currency),)
    if shape == "across":
        found = [Move("transfer", source, target, amount, currency)]
        if fee:
            found.append(Move("application_fee", target, source, fee, currency, "application_fee"))
        return tuple(found)
    return (
        Move("transfer_out", source, EXCHANGE, amount, currency),
        Move("transfer_in", EXCHANGE, target, draw(amounts), other),
    )


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    """Entries in the order of time, each available now or later."""
    now, found = 1_000, []
    for made in draw(st.lists(moves(), max_size=12)):
        now += draw(st.integers(0, 50))
        found.append(Entry("cause", now, now + draw(st.sampled_from((0, 0, 1, 40, 200))), made))
    return found


def _posted(written: list[Entry]) -> tuple[Book, Counter[tuple[str, str]]]:
    """A book with the entries, and what its lines add up to for each balance and currency."""
    book: Book = Book(Store())
    sums: Counter[tuple[str, str]] = Counter()
    for entry in written:
        for line in book.post(entry):
            sums[line.account, line.currency] += line.net
    return book, sums


@given(entries())
def test_the_audit_holds_whatever_is_posted(written: list[Entry]) -> None:
    book, _ = _posted(written)

    assert book.audit() == []


@given(entries())
def test_lines_add_up_to_the_balance(written: list[Entry]) -> None:
    book, sums = _posted(written)

    for account in ACCOUNTS:
        for currency in CURRENCIES:
            assert book.total(balance_of(account), currency) == sums[account, currency]


@given(entries(), st.integers(900, 2_000))
def test_what_is_available_is_what_fell_due(written: list[Entry], by: int) -> None:
    book, _ = _posted(written)
    last = written[-1].created if written else 0
    by = max(by, last)

    for pocket in _BALANCES:
        for currency in CURRENCIES:
            due = sum(
                (move.amount if move.target == pocket else -move.amount)
                for entry in written
                if entry.available_on <= by
                for move in entry.moves
                if pocket in {move.source, move.target} and move.currency == currency
            )
            assert book.available(pocket, currency, by=by) == due


@given(entries())
def test_all_is_available_in_the_end(written: list[Entry]) -> None:
    book, _ = _posted(written)

    for pocket in _BALANCES:
        for currency in CURRENCIES:
            assert book.available(pocket, currency, by=10**12) == book.total(pocket, currency)


@given(entries(), st.data())
def test_a_planted_fault_is_found(written: list[Entry], data: st.DataObject) -> None:
    store = Store()
    book = Book(store)
    for entry in written:
        book.post(entry)
    totals = sorted(store.numbered())
    if not totals:
        return
    name = data.draw(st.sampled_from(totals))
    store.keep_numbers(name, (0,))

    key = name.removeprefix("ledger/")
    lost = any(key in broken for broken in book.audit())
    assert lost or not _moved(written, key)


def _moved(written: list[Entry], key: str) -> int:
    """What the entries sum to for one pocket and currency."""
    pocket, _, currency = key.rpartition("/")
    total = 0
    for entry in written:
        for move in entry.moves:
            if move.currency == currency:
                total += move.amount * ((move.target == pocket) - (move.source == pocket))
    return total
