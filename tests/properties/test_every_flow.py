"""Every way that money moves on a platform, driven through the API with amounts around each limit.

The model only adds: it sums the balance transactions that each account shows, and compares with its
balance. What lies beyond a limit is refused and changes nothing, and nothing is ever our fault.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from emulator.control.trace import trace
from tests.properties.own_accord import OfItsOwnAccord
from tests.properties.payments import (
    BANKS,
    CARDS,
    CLOSED,
    CURRENCIES,
    DEBITS,
    DECLINED,
    TEXTS,
    payment,
)
from tests.resources.market import (
    MORE_THAN_CARDS,
    Doc,
    canadian,
    fund,
    held,
    on,
    seller,
)

near = st.sampled_from((-1, 0, 1))
pick = st.integers(0, 99)
sums = st.one_of(st.sampled_from((400, 401, 999, 1_000, 3_333)), st.integers(400, 200_000))
who = st.integers(0, 2)
CANADA = 1  # the seller there, who cannot be paid by American bank accounts


class Paid(NamedTuple):
    """A charge and the account it is on; None is the platform."""

    id: str
    account: str | None


class Flows(OfItsOwnAccord):
    """One platform in the US; sellers in the US and Canada, and one whose bank account is
    closed.
    """

    def __init__(self) -> None:
        super().__init__("quick")
        self.sellers: list[str] = []
        self.paid: list[Paid] = []
        self.uncaptured: list[Paid] = []

    @initialize()
    def begin(self) -> None:
        self.sellers = [
            seller(self.talk, capabilities=MORE_THAN_CARDS),
            canadian(self.talk),
            seller(self.talk, CLOSED, capabilities=MORE_THAN_CARDS),
        ]
        fund(self.talk, 100_000)

    # -- taking -----------------------------------------------------------------------------------

    @rule(
        amount=sums,
        currency=st.sampled_from(CURRENCIES),
        card=st.sampled_from(CARDS),
        to=st.one_of(st.none(), who),
        split=st.sampled_from(("none", "fee", "amount", "both")),
        near=near,
        behalf=st.booleans(),
        capture=st.booleans(),
    )
    def pay(self, to: int | None, **how: Any) -> None:
        """On the platform, or for a seller by a destination charge."""
        params = payment(how, split=to is not None)
        allowed = params.pop("allowed")
        if to is not None:
            params.setdefault("transfer_data", {})["destination"] = self.sellers[to]
            params |= {"on_behalf_of": self.sellers[to]} if how["behalf"] else {}
        if to == CANADA and how["behalf"] and how["card"] in DEBITS:
            allowed = False
        self._pay(params, None, allowed=allowed)

    @rule(
        amount=sums,
        currency=st.sampled_from(CURRENCIES),
        card=st.sampled_from(CARDS),
        on_=who,
        split=st.sampled_from(("none", "fee")),
        near=near,
        capture=st.booleans(),
    )
    def pay_directly(self, on_: int, **how: Any) -> None:
        params = payment({**how, "behalf": False}, direct=True)
        allowed = params.pop("allowed") and not (on_ == CANADA and how["card"] in DEBITS)
        self._pay(params, self.sellers[on_], allowed=allowed)

    @precondition(lambda self: self.uncaptured)
    @rule(pick=pick, part=st.sampled_from((1, 2, 3)), near=near, fee=st.booleans())
    def capture(self, pick: int, part: int, near: int, *, fee: bool) -> None:
        paid = self.uncaptured[pick % len(self.uncaptured)]
        charge = self._charge(paid)
        amount = charge["amount"] // part + near
        params: Doc = {"amount_to_capture": amount}
        if fee and charge["application_fee_amount"]:
            params["application_fee_amount"] = amount
        part_of_it = (charge["transfer_data"] or {}).get("amount") or 0
        free = not charge["captured"] and not charge["refunded"]
        made = self.ask(
            f"/v1/payment_intents/{charge['payment_intent']}/capture",
            params,
            paid.account,
            allowed=free and part_of_it <= amount <= charge["amount"],
        )
        if made is not None:
            assert made["amount_received"] == amount
            self.uncaptured.remove(paid)
            self.paid.append(paid)

    @rule(
        amount=sums, to=who, part=st.sampled_from((2, 3, 7)), currency=st.sampled_from(CURRENCIES)
    )
    def take_a_part_and_give_it_back(self, amount: int, to: int, part: int, currency: str) -> None:
        """Of a destination charge a part is captured; its whole refund leaves nothing there."""
        data = {"destination": self.sellers[to]}
        how = {"amount": amount, "currency": currency, "card": "pm_card_visa", "capture": False}
        params = payment({**how, "split": "fee", "near": 0}, split=True)
        assert params.pop("allowed")
        self._pay(params | {"transfer_data": data}, None, allowed=True)
        paid = self.uncaptured.pop()
        path = f"/v1/payment_intents/{self._charge(paid)['payment_intent']}/capture"
        self.ask(path, {"amount_to_capture": amount // part}, None, allowed=True)
        flags = {"reverse_transfer": True, "refund_application_fee": True}
        self.ask("/v1/refunds", {"charge": paid.id, **flags}, None, allowed=True)

        charge = self._charge(paid)
        assert self._is_reversed(charge["transfer"])
        fee = self.talk.got(f"/v1/application_fees/{charge['application_fee']}")
        assert fee["refunded"], fee

    # -- giving back ------------------------------------------------------------------------------

    @precondition(lambda self: self.paid)
    @rule(
        pick=pick,
        part=st.sampled_from((1, 2, 7, 1_000)),
        near=near,
        reverse=st.booleans(),
        fee=st.booleans(),
    )
    def refund(self, pick: int, part: int, near: int, *, reverse: bool, fee: bool) -> None:
        paid = self.paid[pick % len(self.paid)]
        charge = self._charge(paid)
        rest = charge["amount"] - charge["amount_refunded"]
        amount = rest // part + near
        if amount < 1:
            return
        params = {"charge": paid.id, "amount": amount}
        params |= {"reverse_transfer": True} if reverse and charge.get("transfer") else {}
        params |= {"refund_application_fee": True} if fee and charge["application_fee"] else {}
        if amount > rest:
            self.ask("/v1/refunds", params, paid.account, allowed=False)
            return
        made = self.attempt("/v1/refunds", params, paid.account)
        if made is None:
            spent = "reverse_transfer" in params and self._is_reversed(charge["transfer"])
            assert charge["disputed"] or charge["status"] != "succeeded" or spent, (charge, params)
        else:
            after = self._charge(paid)
            assert made["amount"] == amount
            assert after["amount_refunded"] == charge["amount_refunded"] + amount
            assert after["refunded"] == (amount == rest)
            if "reverse_transfer" in params and amount == charge["amount_captured"]:
                assert self._is_reversed(charge["transfer"])

    @rule(pick=pick, part=st.sampled_from((1, 2, 1_000)), near=near)
    def refund_fee(self, pick: int, part: int, near: int) -> None:
        fees = self.talk.got("/v1/application_fees", {"limit": 100})["data"]
        if not fees:
            return
        fee = fees[pick % len(fees)]
        rest = fee["amount"] - fee["amount_refunded"]
        amount = rest // part + near
        if amount >= 1:
            path = f"/v1/application_fees/{fee['id']}/refunds"
            self.ask(path, {"amount": amount}, None, allowed=amount <= rest)

    @rule(pick=pick, part=st.sampled_from((1, 2, 1_000)), near=near, fee=st.booleans())
    def reverse(self, pick: int, part: int, near: int, *, fee: bool) -> None:
        transfers = self.talk.got("/v1/transfers", {"limit": 100})["data"]
        if not transfers:
            return
        transfer = transfers[pick % len(transfers)]
        rest = transfer["amount"] - transfer["amount_reversed"]
        amount = rest // part + near
        params = {"amount": amount, "refund_application_fee": fee}
        path = f"/v1/transfers/{transfer['id']}/reversals"
        if amount >= 1 and self.ask(path, params, None, allowed=amount <= rest):
            after = self.talk.got(f"/v1/transfers/{transfer['id']}")
            assert after["amount_reversed"] == transfer["amount_reversed"] + amount

    # -- passing on -------------------------------------------------------------------------------

    @rule(to=who, part=st.sampled_from((1, 2, 10)), near=near, currency=st.sampled_from(CURRENCIES))
    def transfer(self, to: int, part: int, near: int, currency: str) -> None:
        free = held(self.talk, currency=currency)
        amount = free // part + near
        if amount >= 2:
            params = {"amount": amount, "currency": currency, "destination": self.sellers[to]}
            self.ask("/v1/transfers", params, None, allowed=amount <= free)

    @precondition(lambda self: self.paid)
    @rule(to=who, pick=pick, part=st.sampled_from((1, 2, 10)), near=near)
    def transfer_of(self, to: int, pick: int, part: int, near: int) -> None:
        """Out of a charge of the platform's, up to what it brought."""
        paid = self.paid[pick % len(self.paid)]
        charge = self._charge(paid)
        if paid.account is not None or charge["refunded"] or not charge["balance_transaction"]:
            return
        whole = self.talk.got(f"/v1/balance_transactions/{charge['balance_transaction']}")
        made = self._transfers_of(paid.id)
        given = sum(each["amount"] - each["amount_reversed"] for each in made)
        amount = (whole["amount"] - given) // part + near
        if amount < 2:
            return
        params = {"amount": amount, "currency": whole["currency"]}
        params |= {"destination": self.sellers[to], "source_transaction": paid.id}
        allowed = amount + given <= whole["amount"]
        self.ask("/v1/transfers", params, None, allowed=allowed)

    @rule(of=who, amount=sums)
    def debit(self, of: int, amount: int) -> None:
        """An account debit: below zero where the platform answers for it."""
        account = self.sellers[of]
        currency = self.talk.got(f"/v1/accounts/{account}")["default_currency"]
        params = {"amount": amount, "currency": currency, "source": account}
        self.attempt("/v1/charges", params, None)

    # -- leaving, and coming from outside ----------------------------------------------------------

    @rule(of=st.one_of(st.none(), who), part=st.sampled_from((1, 2)), near=near)
    def pay_out(self, of: int | None, part: int, near: int) -> None:
        account = None if of is None else self.sellers[of]
        currency = "cad" if of == 1 else "usd"
        free = held(self.talk, account, currency=currency)
        amount = free // part + near
        if amount < 100:
            return
        params = {"amount": amount, "currency": currency}
        if amount > free:
            self.ask("/v1/payouts", params, account, allowed=False)
        else:
            self.attempt("/v1/payouts", params, account)

    @rule(amount=sums, bank=st.sampled_from(BANKS))
    def top_up(self, amount: int, bank: str) -> None:
        params = {"amount": amount, "currency": "usd", "source": bank}
        self.attempt("/v1/topups", {**params, "description": "float"}, None)

    # -- disputes, and time ------------------------------------------------------------------------

    @rule(
        on_=st.one_of(st.none(), who), pick=pick, text=st.sampled_from(TEXTS), close=st.booleans()
    )
    def answer_dispute(self, on_: int | None, pick: int, text: str, *, close: bool) -> None:
        account = None if on_ is None else self.sellers[on_]
        disputes = self.talk.got("/v1/disputes", {"limit": 100}, **on(account))["data"]
        if not disputes:
            return
        path = f"/v1/disputes/{disputes[pick % len(disputes)]['id']}"
        if close:
            self.attempt(f"{path}/close", {}, account)
        else:
            params = {"evidence": {"uncategorized_text": text}, "submit": True}
            self.attempt(path, params, account)

    def teardown(self) -> None:
        super().teardown()
        for account in self.sellers:
            self._follow(account)

    def owners(self) -> list[str | None]:
        return [None, *self.sellers]

    # -- inside -----------------------------------------------------------------------------------

    def _pay(self, params: Doc, account: str | None, *, allowed: bool) -> None:
        declined = params["payment_method"] == DECLINED
        answer = self.talk.post("/v1/payment_intents", params, **on(account))
        assert answer.status_code == (400 if not allowed else 402 if declined else 200), answer.text
        if answer.status_code == 200:
            made = Paid(answer.json()["latest_charge"], account)
            held_ = params["capture_method"] == "manual"
            (self.uncaptured if held_ else self.paid).append(made)

    def _is_reversed(self, transfer: str) -> bool:
        return bool(self.talk.got(f"/v1/transfers/{transfer}")["reversed"])

    def _follow(self, account: str) -> None:
        """Where an account's money went, entry by entry, is where its balance says it is."""
        found = trace(self.talk.world, account)
        told: Counter[str] = Counter()
        for line in (line for entry in found["entries"] for line in entry["balance_transactions"]):
            told[line["currency"]] += line["net"] if line["account"] == account else 0
        here: Counter[str] = Counter()
        for each in found["holds"]:
            mine = each["pocket"].startswith(f"{account}/balance")
            here[each["currency"]] += each["amount"] if mine else 0
        assert here == told

    def _charge(self, paid: Paid) -> Doc:
        found: Doc = self.talk.got(f"/v1/charges/{paid.id}", {}, **on(paid.account))
        return found

    def _transfers_of(self, charge: str) -> list[Doc]:
        made: list[Doc] = self.talk.got("/v1/transfers", {"limit": 100})["data"]
        return [each for each in made if each["source_transaction"] == charge]


# A failing run is told as it was found: shrinking it would take minutes.
Flows.TestCase.settings = settings(
    max_examples=100, stateful_step_count=40, deadline=None, phases=(Phase.explicit, Phase.generate)
)
TestFlows = Flows.TestCase
