"""What Stripe does of its own accord, for the tests that drive everything: it moves exactly what it
says, on the account it names.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from emulator.ledger import OWN
from tests.properties.driven import Driven
from tests.resources.market import held, on
from tests.talking import Talk


class OfItsOwnAccord(Driven):
    @rule(
        who=st.integers(0, 9),
        name=st.sampled_from(sorted(OWN)),
        amount=st.integers(1, 5_000),
        sign=st.sampled_from("+-"),
        days=st.sampled_from((0, 0, 3)),
    )
    def happen(self, who: int, name: str, amount: int, sign: str, days: int) -> None:
        account = self._one(who)
        before = self._all(account)
        signed = amount if sign == "+" else -amount
        about = {"type": name, "amount": signed, "currency": "usd", "available_in_days": days}
        made = self._simulate("balance_transaction", account, **about)
        assert (made is not None) == (sign in OWN[name].signs)
        assert self._all(account) == before + (signed if made else 0)

    @rule(who=st.integers(0, 9), amount=st.integers(1, 5_000), days=st.sampled_from((None, 1, 5)))
    def keep_aside(self, who: int, amount: int, days: int | None) -> None:
        account = self._one(who)
        before = held(self.talk, account)
        about = {"amount": amount, "currency": "usd"} | ({"release_in_days": days} if days else {})
        assert self._simulate("reserve_hold", account, **about)
        assert held(self.talk, account) == before - amount

    @rule(who=st.integers(0, 9), pick=st.integers(0, 99), part=st.sampled_from((1, 2)))
    def release(self, who: int, pick: int, part: int) -> None:
        account = self._one(who)
        params = {"type": "reserve_hold", "limit": 100}
        found = self.talk.got("/v1/balance_transactions", params, **on(account))["data"]
        if not found:
            return
        line = found[pick % len(found)]
        before = held(self.talk, account, currency=line["currency"])
        amount = max(1, abs(line["amount"]) // part)
        about = {"reserve_hold": line["source"], "amount": amount}
        made = self._simulate("reserve_release", None, **about)
        after = held(self.talk, account, currency=line["currency"])
        assert after == before + (amount if made else 0)

    @rule(
        who=st.integers(0, 9),
        percent=st.sampled_from((1, 10, 100)),
        days=st.sampled_from((None, 1, 9)),
        lasts=st.booleans(),
    )
    def plan(self, who: int, percent: int, days: int | None, *, lasts: bool) -> None:
        """From then on a part of what comes in is kept; what is there already is not."""
        account = self._one(who)
        before = held(self.talk, account)
        about = {"percent": percent} | ({"days_after_charge": days} if days else {})
        made = self._simulate("reserve_plan", account, **about)
        if not lasts:
            self._simulate("reserve_plan_disabled", None, reserve_plan=made["id"])
        assert held(self.talk, account) == before

    @rule(who=st.integers(0, 9), amount=st.integers(1, 5_000))
    def set_aside(self, who: int, amount: int) -> None:
        account = self._one(who)
        before = held(self.talk, account), self._all(account)
        about = {"amount": amount, "currency": "usd", "days": 4}
        assert self._simulate("reserved_funds", account, **about)
        assert (held(self.talk, account), self._all(account)) == (before[0] - amount, before[1])

    @rule(who=st.integers(0, 9), part=st.sampled_from((1, 2)), near=st.sampled_from((-1, 0, 1)))
    def pay_out_at_once(self, who: int, part: int, near: int) -> None:
        """All that may leave instantly, less the platform's fee of 3 %, and a little more or less:
        what is pending comes as an advance.
        """
        account = self._one(who)
        if account is None:
            return
        balance = self.talk.got("/v1/balance", {}, **on(account))
        found = [each["amount"] for each in balance["instant_available"]]
        amount = (found[0] if found else 0) * 10_000 // 10_300 // part + near
        if not 50 <= amount <= 999_900 or balance["instant_available"][0]["currency"] != "usd":
            return
        before = self._all(account)
        params = {"amount": amount, "currency": "usd", "method": "instant"}
        answer = self.talk.post("/v1/payouts", params, **on(account))
        assert answer.status_code in {200, 400}, answer.text
        if answer.status_code == 200:
            fee = answer.json()["application_fee_amount"] or 0
            assert self._all(account) == before - amount - fee
            assert amount + fee <= found[0]
        else:
            assert self._all(account) == before

    def _one(self, who: int) -> str | None:
        return self.owners()[who % len(self.owners())]

    def _all(self, account: str | None) -> int:
        """What there is of dollars, available or not."""
        return sum(held(self.talk, account, part, "usd") for part in ("available", "pending"))

    def _simulate(self, name: str, account: str | None, **about: Any) -> Any:
        body = about | ({"account": account} if account else {})
        answer = Talk.control(self.talk, f"simulate/{name}", body)
        assert answer.status_code in {200, 400}, answer.text
        return answer.json()["object"] if answer.status_code == 200 else None
