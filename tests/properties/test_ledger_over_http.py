"""Money driven through HTTP, amounts around every limit: the model only adds and subtracts.

Whatever is asked, in whatever order, each balance is what the model says, the books hold, and what
was refused changed nothing.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from starlette.testclient import TestClient

from emulator.web.app import build
from emulator.world import Profile, Worlds
from tests.resources.market import Doc, books_hold, held, on, seller
from tests.talking import NOW, Talk

_PLATFORM: Final = "platform"
_SELLERS: Final = 2

near = st.sampled_from((-1, 0, 1))
sellers = st.integers(0, _SELLERS - 1)
sums = st.one_of(st.sampled_from((50, 51, 99, 100, 1_000)), st.integers(50, 100_000))


def stripe_fee(amount: int) -> int:
    """2.9 % and 30 cents, rounded half up."""
    return (amount * 29 + 500) // 1_000 + 30


def instant_fee(amount: int) -> int:
    """3 % on top, rounded half up."""
    return (amount * 3 + 50) // 100


def most_instant(free: int) -> int:
    """The largest Instant Payout that leaves room for its fee."""
    amount = free * 100 // 103
    while amount + 1 + instant_fee(amount + 1) <= free:
        amount += 1
    return amount


class Money(RuleBasedStateMachine):
    """One platform, some sellers, and a sum for each."""

    def __init__(self) -> None:
        super().__init__()
        profile = Profile(seed="property", start=NOW, frozen=True)
        self.client = TestClient(build(Worlds(profile)), raise_server_exceptions=False)
        self.client.__enter__()
        self.talk = Talk(self.client)
        self.sums: Counter[str] = Counter()
        self.sellers: list[str] = []
        self.charges: list[Doc] = []
        self.transfers: list[Doc] = []
        self.payouts: list[tuple[str, Doc]] = []

    def teardown(self) -> None:
        self.client.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.sellers = [seller(self.talk) for _ in range(_SELLERS)]
        for number in range(_SELLERS):
            self.charge(20_000, number, 0, settled=True)

    # -- what clients do --------------------------------------------------------------------------

    @rule(amount=sums, settled=st.booleans(), to=st.one_of(st.none(), sellers), near=near)
    def charge(self, amount: int, to: int | None, near: int, *, settled: bool) -> None:
        """A payment on the platform, or one with a destination and a fee around its amount."""
        card = "pm_card_bypassPending" if settled else "pm_card_visa"
        params: Doc = {"amount": amount, "currency": "usd", "confirm": True, "payment_method": card}
        params |= {"payment_method_types": ["card"], "expand": ["latest_charge"]}
        fee = amount + near if near else amount // 10
        if to is not None:
            params |= {"application_fee_amount": fee}
            params |= {"transfer_data": {"destination": self.sellers[to]}}
        made = self._ask("/v1/payment_intents", params, allowed=to is None or fee <= amount)
        if made is None:
            return
        self.sums[_PLATFORM] += amount - stripe_fee(amount)
        self.charges.append(made["latest_charge"])
        if to is not None:
            self.sums[_PLATFORM] += fee - amount
            self.sums[self.sellers[to]] += amount - fee

    @rule(to=sellers, near=near, part=st.sampled_from((1, 2, 10)))
    def transfer(self, to: int, near: int, part: int) -> None:
        free = held(self.talk)
        amount = free // part + near
        if amount < 1:
            return
        params = {"amount": amount, "currency": "usd", "destination": self.sellers[to]}
        made = self._ask("/v1/transfers", params, allowed=amount <= free)
        if made is not None:
            self._moved(_PLATFORM, self.sellers[to], amount)
            self.transfers.append({**made, "rest": amount})

    @precondition(lambda self: self.transfers)
    @rule(pick=st.integers(0, 99), near=near)
    def reverse(self, pick: int, near: int) -> None:
        transfer = self.transfers[pick % len(self.transfers)]
        amount = transfer["rest"] + near
        if amount < 1:
            return
        path = f"/v1/transfers/{transfer['id']}/reversals"
        made = self._ask(path, {"amount": amount}, allowed=amount <= transfer["rest"])
        if made is not None:
            self._moved(transfer["destination"], _PLATFORM, amount)
            transfer["rest"] -= amount

    @precondition(lambda self: self.charges)
    @rule(pick=st.integers(0, 99), near=near)
    def refund(self, pick: int, near: int) -> None:
        """A refund of the platform's alone: what a destination has, it keeps."""
        charge = self.charges[pick % len(self.charges)]
        rest = charge["amount"] - charge["amount_refunded"]
        amount = rest + near
        if amount < 1:
            return
        params = {"charge": charge["id"], "amount": amount}
        made = self._ask("/v1/refunds", params, allowed=0 < rest >= amount)
        if made is not None:
            self.sums[_PLATFORM] -= amount
            charge["amount_refunded"] += amount

    @rule(who=sellers, near=near, instant=st.booleans())
    def pay_out(self, who: int, near: int, *, instant: bool) -> None:
        account = self.sellers[who]
        free = held(self.talk, account, "instant_available" if instant else "available")
        amount = (most_instant(free) if instant else free) + near
        if amount < 1:
            return
        fee = instant_fee(amount) if instant else 0
        params = {"amount": amount, "currency": "usd"}
        params |= {"method": "instant"} if instant else {}
        within = not instant or 50 <= amount <= 999_900
        made = self._ask(
            "/v1/payouts", params, allowed=amount + fee <= free and within, account=account
        )
        if made is not None:
            self.sums[account] -= amount + fee
            self.sums[_PLATFORM] += fee
            self.payouts.append((account, made))

    @precondition(lambda self: self.payouts)
    @rule(pick=st.integers(0, 99))
    def cancel(self, pick: int) -> None:
        account, payout = self.payouts[pick % len(self.payouts)]
        path = f"/v1/payouts/{payout['id']}"
        pending = self.talk.got(path, **on(account))["status"] == "pending"
        if self._ask(f"{path}/cancel", {}, allowed=pending, account=account) is not None:
            fee = payout["application_fee_amount"] or 0
            self.sums[account] += payout["amount"] + fee
            self.sums[_PLATFORM] -= fee

    @rule(duration=st.sampled_from(("10s", "1h", "1d", "3d")))
    def wait(self, duration: str) -> None:
        self.talk.advance(duration)

    # -- what always holds ------------------------------------------------------------------------

    @invariant()
    def every_balance_is_what_the_model_says(self) -> None:
        for name in (_PLATFORM, *self.sellers):
            account = None if name == _PLATFORM else name
            whole = held(self.talk, account) + held(self.talk, account, "pending")
            if account is None:
                whole += held(self.talk, None, "connect_reserved")
            assert whole == self.sums[name], name

    @invariant()
    def what_is_reserved_is_what_the_accounts_lack(self) -> None:
        lacking = sum(max(0, -held(self.talk, account)) for account in self.sellers)
        assert held(self.talk, None, "connect_reserved") == lacking

    @invariant()
    def the_books_hold(self) -> None:
        assert books_hold(self.talk)

    # -- inside -----------------------------------------------------------------------------------

    def _ask(self, path: str, params: Doc, *, allowed: bool, account: str | None = None) -> Any:
        """What was made, or None when it was rightly refused."""
        answer = self.talk.post(path, params, **on(account))
        assert answer.status_code == (200 if allowed else 400), (path, params, answer.text)
        return answer.json() if allowed else None

    def _moved(self, source: str, target: str, amount: int) -> None:
        self.sums[source] -= amount
        self.sums[target] += amount


# A failing run is told as it was found: shrinking it would take minutes.
Money.TestCase.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, phases=(Phase.explicit, Phase.generate)
)
TestMoney = Money.TestCase
