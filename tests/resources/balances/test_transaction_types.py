"""Every type of balance transaction that Stripe documents: which can occur, and what they are."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import pytest

from emulator.contract import shape
from emulator.kernel import files
from emulator.ledger import KINDS, OWN
from emulator.world import World
from tests.control.simulating import refused, simulate, types
from tests.resources.market import books_hold, fund, held, lines, pay
from tests.resources.shops import shop
from tests.talking import Talk


class Row(NamedTuple):
    """A row of schemas/BALANCE_TRANSACTIONS.md."""

    type: str
    category: str
    sign: str
    of: str


def _rows() -> list[Row]:
    text = (files.schemas() / "BALANCE_TRANSACTIONS.md").read_text("utf-8")
    found = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [Row(*cells) for cells in found[1:]]


_ROWS: Final = _rows()
# Observed, and in no list.
_UNLISTED: Final = {"financing_paydown"}


def test_every_documented_type_is_in_the_table() -> None:
    documented = set(shape("balance_transaction")["fields"]["type"]["values"])
    assert {row.type for row in _ROWS} == documented | _UNLISTED


def test_the_table_says_what_the_ledger_can_show() -> None:
    shown = {(s, "-") for k in KINDS.values() for s in [k.giver] if s}
    shown |= {(s, "+") for k in KINDS.values() for s in [k.taker] if s}
    told = {
        ((row.type, row.category), sign)
        for row in _ROWS
        if not row.of.startswith("cannot")
        for sign in row.sign
    }
    assert told == shown


@pytest.mark.parametrize("name", OWN)
def test_stripe_does_it_of_its_own_accord(talk: Talk, name: str) -> None:
    account, own = shop(talk), OWN[name]
    (row,) = [r for r in _ROWS if re.search(rf"`balance_transaction` {name}\b", r.of)]
    for sign in own.signs:
        amount = 700 if sign == "+" else -700
        before = held(talk, account)
        made = simulate(talk, "balance_transaction", account=account, type=name, amount=amount)
        (line,) = lines(talk, account, type=row.type)[:1]
        assert line == made["object"]
        assert (line["reporting_category"], line["net"]) == (row.category, amount)
        assert (line["fee"], line["source"], line["status"]) == (0, None, "available")
        assert held(talk, account) == before + amount
    for sign in {"+", "-"} - {*own.signs}:
        amount = 700 if sign == "+" else -700
        refusal = refused(talk, "balance_transaction", account=account, type=name, amount=amount)
        assert name in refusal["message"]
    assert books_hold(talk)


def test_what_stripe_does_may_wait_and_name_what_it_is_about(talk: Talk) -> None:
    charge = fund(talk, 5_000)
    before = held(talk)
    about = {"type": "payment_reversal", "amount": -900, "source": charge["id"]}
    about |= {"available_in_days": 3, "description": "Taken back"}
    line = simulate(talk, "balance_transaction", **about)["object"]
    assert (line["source"], line["description"]) == (charge["id"], "Taken back")
    assert (line["status"], line["available_on"] % 86_400) == ("pending", 0)
    talk.advance("2d")
    assert held(talk) == before
    talk.advance("1d")
    assert held(talk) == before - 900
    assert talk.got(f"/v1/balance_transactions/{line['id']}")["status"] == "available"


def test_a_reserve_is_held_and_released_on_its_day(talk: Talk, world: World) -> None:
    account = shop(talk)
    fund(talk, 5_000, stripe_account=account)
    before = held(talk, account)
    about = {"account": account, "amount": 3_000, "release_in_days": 2}
    found = simulate(talk, "reserve_hold", **about)
    hold = found["object"]
    assert types(found) == ["reserve.hold.created"]
    schedule = hold["release_schedule"]
    assert schedule["scheduled_release"] % 86_400 == 0
    assert 0 < schedule["scheduled_release"] - schedule["release_after"] <= 86_400
    assert held(talk, account) == before - 3_000

    ours, theirs = lines(talk, account, type="reserve_hold")
    assert {each["balance_type"]: each["net"] for each in (ours, theirs)} == {
        "payments": -3_000,
        "risk_reserved": 3_000,
    }
    assert {each["reporting_category"] for each in (ours, theirs)} == {"risk_reserved_funds"}

    early = simulate(talk, "reserve_release", reserve_hold=hold["id"], amount=1_000)
    assert types(early) == ["reserve.release.created", "reserve.hold.updated"]
    assert early["object"]["reason"] == "hold_released_early"
    assert held(talk, account) == before - 2_000
    message = refused(talk, "reserve_release", reserve_hold=hold["id"], amount=2_001)["message"]
    assert "2000 left" in message
    talk.advance("2d")
    assert held(talk, account) == before - 2_000
    talk.advance("1d")
    assert held(talk, account) == before
    assert refused(talk, "reserve_release", reserve_hold=hold["id"])
    assert world.audit() == []


def test_what_is_held_in_reserve_is_not_paid_out(talk: Talk) -> None:
    account = shop(talk)
    schedule = {"settings": {"payouts": {"schedule": {"interval": "daily"}}}}
    talk.made(f"/v1/accounts/{account}", schedule)
    fund(talk, 5_000, stripe_account=account)
    simulate(talk, "reserve_hold", account=account, amount=3_000)
    paid = simulate(talk, "automatic_payout", account=account)["object"]
    assert paid["amount"] == 5_000 - 175 - 3_000
    carried = lines(talk, account, payout=paid["id"])
    assert sum(each["net"] for each in carried) == 0
    assert {each["balance_type"] for each in carried} == {"payments"}


@pytest.mark.parametrize("flow", ["direct", "destination", "transfer"])
def test_a_plan_keeps_a_part_of_what_comes_in(talk: Talk, world: World, flow: str) -> None:
    account = shop(talk)
    fund(talk, 9_000)
    made = simulate(talk, "reserve_plan", account=account, percent=10, days_after_charge=5)
    assert types(made) == ["reserve.plan.created"]
    if flow == "direct":
        fund(talk, 5_000, stripe_account=account)
    elif flow == "destination":
        fund(talk, 5_000, transfer_data={"destination": account})
    else:
        params = {"amount": 5_000, "currency": "usd", "destination": account}
        talk.made("/v1/transfers", params)
    free = 5_000 - 500 - (175 if flow == "direct" else 0)
    assert held(talk, account) == free
    fund(talk, 777)  # of nobody else's

    talk.advance("5d")
    assert held(talk, account) == free
    talk.advance("1d")
    assert held(talk, account) == free + 500
    told = talk.got("/v1/events", {"type": "reserve.release.created"}, stripe_account=account)
    (event,) = told["data"]
    released = event["data"]["object"]
    assert (released["reason"], released["reserve_plan"]) == ("hold_expired", made["object"]["id"])
    assert world.audit() == []


def test_a_plan_takes_pending_money_as_pending_and_ends(talk: Talk, world: World) -> None:
    plan = simulate(talk, "reserve_plan", percent=20, currency="usd")["object"]
    pay(talk, 1_000)
    pay(talk, 1_000, currency="eur")
    assert (held(talk), held(talk, part="pending")) == (0, 941 - 200)
    assert held(talk, part="pending", currency="eur") > 900
    talk.advance("9d")
    assert held(talk) == 741
    ended = simulate(talk, "reserve_plan_disabled", reserve_plan=plan["id"])
    assert set(types(ended)) >= {"reserve.plan.disabled", "reserve.release.created"}
    assert held(talk) == 941
    fund(talk, 1_000)
    assert held(talk) == 1_882
    assert refused(talk, "reserve_plan_disabled", reserve_plan=plan["id"])
    assert world.audit() == []


def test_a_plan_that_ends_releases_only_what_it_still_keeps(talk: Talk, world: World) -> None:
    plan = simulate(talk, "reserve_plan", percent=10, days_after_charge=2)["object"]
    fund(talk, 1_000)
    talk.advance("1d")
    fund(talk, 1_000)
    talk.advance("36h")
    assert held(talk) == 2 * 941 - 100
    ended = simulate(talk, "reserve_plan_disabled", reserve_plan=plan["id"])
    assert types(ended).count("reserve.release.created") == 1
    assert held(talk) == 2 * 941
    assert world.audit() == []


def test_a_plan_until_a_day_releases_all_on_it(talk: Talk) -> None:
    plan = simulate(talk, "reserve_plan", percent=50, release_in_days=3)["object"]
    fund(talk, 1_000)
    talk.advance("2d")
    fund(talk, 1_000)
    assert held(talk) == 2 * (941 - 500)
    talk.advance("2d")
    assert held(talk) == 1_882
    fund(talk, 1_000)
    assert held(talk) == 1_882 + 941
    assert refused(talk, "reserve_plan_disabled", reserve_plan=plan["id"])


def test_reserved_funds_of_the_older_kind_come_back_by_themselves(talk: Talk) -> None:
    account = shop(talk)
    fund(talk, 5_000, stripe_account=account)
    before = held(talk, account)
    simulate(talk, "reserved_funds", account=account, amount=2_000, days=10)
    back, taken = lines(talk, account, type="reserved_funds")
    assert (taken["net"], taken["status"], back["net"], back["status"]) == (
        -2_000,
        "available",
        2_000,
        "pending",
    )
    assert held(talk, account) == before - 2_000
    talk.advance("11d")
    assert held(talk, account) == before
    assert books_hold(talk)
