"""Money that is held first, approved elsewhere, disputed in part or given back between accounts,
driven through the API with amounts around each limit.

The model only adds and subtracts: what each payment may still give, and what each account's balance
transactions sum to.
"""

from __future__ import annotations

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from tests.properties.own_accord import OfItsOwnAccord
from tests.properties.payments import TEXTS
from tests.resources.market import MORE_THAN_CARDS, Doc, canadian, fund, on, seller
from tests.talking import Talk

near = st.sampled_from((-1, 0, 1))
pick = st.integers(0, 99)
sums = st.one_of(st.sampled_from((400, 401, 3_333)), st.integers(400, 100_000))
parts = st.sampled_from((1, 2, 3, 7))
_FEATURES = ("multicapture", "overcapture", "incremental_authorization")


class Held(OfItsOwnAccord):
    """A platform in the US with a seller there and one in Canada."""

    def __init__(self) -> None:
        super().__init__("held")
        self.accounts: list[str | None] = [None]
        self.held: list[tuple[str, str | None]] = []
        self.taken: list[tuple[str, str | None]] = []
        self.customer = ""

    @initialize(careful=st.booleans())
    def begin(self, *, careful: bool) -> None:
        """careful: whether refunds wait for funds."""
        settings_ = {"refunds_wait_for_funds": careful}
        assert Talk.control(self.talk, "settings", settings_).status_code == 200
        self.accounts += [seller(self.talk, capabilities=MORE_THAN_CARDS), canadian(self.talk)]
        fund(self.talk, 50_000)
        self.customer = self.talk.customer()["id"]
        self.talk.made(f"/v1/customers/{self.customer}/sources", {"source": "btok_us_verified"})

    # -- holding ----------------------------------------------------------------------------------

    @rule(
        amount=sums,
        currency=st.sampled_from(("usd", "cad", "eur")),
        who=st.integers(0, 2),
        features=st.sets(st.sampled_from(_FEATURES)),
        split=st.sampled_from(("none", "all", "fee", "part")),
    )
    def hold(self, amount: int, currency: str, who: int, features: set[str], split: str) -> None:
        """On an account, or on the platform for the seller, of whom it keeps a fee or a part."""
        params = self._card(amount, currency) | {"capture_method": "manual"}
        if who == 0 and split != "none":
            params["transfer_data"] = {"destination": self.accounts[1]}
        if split == "fee" and self.accounts[1]:
            params["application_fee_amount"] = amount // 3
        elif split == "part" and who == 0:
            params["transfer_data"]["amount"] = amount // 2
        options = {f"request_{name}": "if_available" for name in sorted(features)}
        params["payment_method_options"] = {"card": options} if options else {}
        made = self.ask("/v1/payment_intents", params, self.accounts[who], allowed=True)
        self.held.append((made["id"], self.accounts[who]))

    @precondition(lambda self: self.held)
    @rule(pick=pick, part=parts, near=near, final=st.booleans(), over=st.booleans())
    def capture(self, pick: int, part: int, near: int, *, final: bool, over: bool) -> None:
        id_, account = self.held[pick % len(self.held)]
        intent, charge = self._intent(id_, account)
        if intent["status"] != "requires_capture":
            return
        rest, card = intent["amount_capturable"], charge["payment_method_details"]["card"]
        most = rest
        if card["overcapture"]["status"] == "available":
            most = card["overcapture"]["maximum_amount_capturable"] - charge["amount_captured"]
        amount = max(1, (most if over else rest) // part + near)
        several = card["multicapture"]["status"] == "available" and amount < rest
        parted = (intent["transfer_data"] or {}).get("amount") or 0
        fits = not final or bool(charge["amount_captured"]) or parted <= amount
        made = self.ask(
            f"/v1/payment_intents/{id_}/capture",
            {"amount_to_capture": amount, "final_capture": final},
            account,
            allowed=amount <= most and (final or several) and fits,
        )
        if made is None:
            return
        self._check_split(intent, made["amount_received"], account)
        assert made["amount_received"] == intent["amount_received"] + amount
        assert made["amount_capturable"] == (0 if final else rest - amount)
        if final:
            self.held.remove((id_, account))
            self.taken.append((intent["latest_charge"], account))

    def _check_split(self, intent: Doc, taken: int, account: str | None) -> None:
        """What went on, and what the platform kept, of all that was captured so far."""
        charge, fee = intent["latest_charge"], intent["application_fee_amount"]
        if fee:
            kept = self.talk.got("/v1/application_fees", {"limit": 100})["data"]
            mine = [
                each for each in kept if charge in (each["charge"], each["originating_transaction"])
            ]
            assert sum(each["amount"] for each in mine) == min(fee, taken), (intent, mine)
        if intent["transfer_data"] and intent["currency"] == "usd" and account is None:
            group = f"group_{intent['id']}"
            made = self.talk.got("/v1/transfers", {"transfer_group": group, "limit": 100})["data"]
            part = intent["transfer_data"].get("amount")
            wanted = taken if part is None else min(part, taken)
            assert sum(each["amount"] for each in made) == wanted, (intent, made)

    @precondition(lambda self: self.held)
    @rule(pick=pick, more=st.sampled_from((-1, 0, 1, 500)))
    def raise_it(self, pick: int, more: int) -> None:
        id_, account = self.held[pick % len(self.held)]
        intent, charge = self._intent(id_, account)
        card = charge["payment_method_details"]["card"]
        free = card["incremental_authorization"]["status"] == "available"
        free = free and intent["status"] == "requires_capture" and not intent["amount_received"]
        path = f"/v1/payment_intents/{id_}/increment_authorization"
        if intent["amount_received"] == 0:
            params = {"amount": intent["amount"] + more}
            self.ask(path, params, account, allowed=free and more > 0)

    @precondition(lambda self: self.held)
    @rule(pick=pick)
    def let_go(self, pick: int) -> None:
        id_, account = self.held.pop(pick % len(self.held))
        intent, charge = self._intent(id_, account)
        if intent["status"] == "requires_capture":
            self.ask(f"/v1/payment_intents/{id_}/cancel", {}, account, allowed=True)
            if charge["amount_captured"]:
                self.taken.append((charge["id"], account))

    # -- approved elsewhere, and by a bank ---------------------------------------------------------

    @rule(
        amount=sums,
        who=st.integers(0, 1),
        to=st.booleans(),
        outcome=st.sampled_from(("succeeded", "succeeded", "failed", "expired")),
    )
    def borrow(self, amount: int, who: int, to: bool, outcome: str) -> None:
        """A lender pays, once its page was answered; for the seller when `to` says so."""
        account = self.accounts[who]
        billing = {"email": "a@example.com", "address": {"country": "US"}}
        params = {
            "amount": amount,
            "currency": "usd",
            "confirm": True,
            "payment_method_types": ["klarna"],
            "payment_method_data": {"type": "klarna", "billing_details": billing},
            "return_url": "https://example.com",
        }
        if to and account is None:
            params["transfer_data"] = {"destination": self.accounts[1]}
        made = self.ask("/v1/payment_intents", params, account, allowed=True)
        answer = {"intent": made["id"], "outcome": outcome}
        assert Talk.control(self.talk, "authenticate", answer).status_code == 200
        intent = self.talk.got(f"/v1/payment_intents/{made['id']}", {}, **on(account))
        assert (intent["status"] == "succeeded") == (outcome == "succeeded")
        if outcome == "succeeded":
            self.taken.append((intent["latest_charge"], account))

    @rule(amount=sums, to=st.booleans())
    def debit_by_ach(self, amount: int, to: bool) -> None:
        params: Doc = {"amount": amount, "currency": "usd", "customer": self.customer}
        if to:
            params["destination"] = {"account": self.accounts[1]}
        made = self.ask("/v1/charges", params, None, allowed=True)
        self.taken.append((made["id"], None))

    @rule(kind=st.sampled_from(("card", "bank_account")), part=parts, near=near)
    def pay_out_one_type(self, kind: str, part: int, near: int) -> None:
        free = self._free(kind)
        amount = free // part + near
        if amount >= 100:
            params = {"amount": amount, "currency": "usd", "source_type": kind}
            self.ask("/v1/payouts", params, None, allowed=amount <= free)

    @rule(kind=st.sampled_from(("card", "bank_account")), part=parts, near=near)
    def pass_on_one_type(self, kind: str, part: int, near: int) -> None:
        free = self._free(kind)
        amount = free // part + near
        if amount >= 2:
            params = {"amount": amount, "currency": "usd", "source_type": kind}
            params |= {"destination": self.accounts[1]}
            self.ask("/v1/transfers", params, None, allowed=amount <= free)

    # -- disputed, and given back ------------------------------------------------------------------

    @precondition(lambda self: self.taken)
    @rule(
        pick=pick,
        part=parts,
        near=near,
        name=st.sampled_from(("dispute", "dispute", "inquiry", "early_fraud_warning")),
    )
    def dispute(self, pick: int, part: int, near: int, name: str) -> None:
        id_, account = self.taken[pick % len(self.taken)]
        charge = self.talk.got(f"/v1/charges/{id_}", {}, **on(account))
        rest = max(charge["amount"], charge["amount_captured"]) - charge["amount_refunded"]
        refunds = self.talk.got("/v1/refunds", {"charge": id_, "limit": 100}, **on(account))
        # A dispute ends the refunds that are under way.
        under_way = sum(r["amount"] for r in refunds["data"] if r["status"] == "pending")
        body: Doc = {"charge": id_}
        if name != "early_fraud_warning":
            body["amount"] = max(1, rest // part + near)
        before = self._moved()
        answer = Talk.control(self.talk, f"simulate/{name}", body)
        assert answer.status_code in {200, 400, 409}, answer.text
        if answer.status_code != 200:
            assert self._moved() == before
        elif name == "dispute":
            made = self.talk.got("/v1/disputes", {"charge": id_, "limit": 100}, **on(account))
            gone = [each for each in made["data"] if each["status"] != "won"]
            taken = sum(each["amount"] for each in gone if each["balance_transactions"])
            assert taken <= rest + under_way, (body, charge, made)

    @rule(who=st.integers(0, 2), pick=pick, text=st.sampled_from(TEXTS), close=st.booleans())
    def answer(self, who: int, pick: int, text: str, *, close: bool) -> None:
        account = self.accounts[who]
        disputes = self.talk.got("/v1/disputes", {"limit": 100}, **on(account))["data"]
        if disputes:
            path = f"/v1/disputes/{disputes[pick % len(disputes)]['id']}"
            evidence = {"evidence": {"uncategorized_text": text}}
            self.attempt(f"{path}/close" if close else path, {} if close else evidence, account)

    @precondition(lambda self: self.taken)
    @rule(pick=pick, part=parts, near=near)
    def refund(self, pick: int, part: int, near: int) -> None:
        id_, account = self.taken[pick % len(self.taken)]
        charge = self.talk.got(f"/v1/charges/{id_}", {}, **on(account))
        rest = max(charge["amount"], charge["amount_captured"]) - charge["amount_refunded"]
        amount = rest // part + near
        if amount < 1:
            return
        params = {"charge": id_, "amount": amount}
        made = self.attempt("/v1/refunds", params, account)
        assert made is None or amount <= rest
        if made is None and amount <= rest:
            assert charge["disputed"] or charge["status"] != "succeeded", charge

    @rule(pick=pick, part=parts, near=near)
    def return_a_payment(self, pick: int, part: int, near: int) -> None:
        """A seller gives the platform back what it was given."""
        seller_ = self.accounts[1]
        paid = self.talk.got("/v1/charges", {"limit": 100}, **on(seller_))["data"]
        paid = [each for each in paid if each["source_transfer"]]
        if not paid:
            return
        payment = paid[pick % len(paid)]
        rest = payment["amount"] - payment["amount_refunded"]
        amount = rest // part + near
        if amount >= 1:
            params = {"charge": payment["id"], "amount": amount}
            made = self.ask("/v1/refunds", params, seller_, allowed=amount <= rest)
            transfer = self.talk.got(f"/v1/transfers/{payment['source_transfer']}")
            given = payment["amount_refunded"] + (amount if made else 0)
            assert transfer["amount_reversed"] == given

    def owners(self) -> list[str | None]:
        return self.accounts

    # -- inside ------------------------------------------------------------------------------------

    def _card(self, amount: int, currency: str) -> Doc:
        return {
            "amount": amount,
            "currency": currency,
            "confirm": True,
            "payment_method": "pm_card_bypassPending",
            "payment_method_types": ["card"],
        }

    def _intent(self, id_: str, account: str | None) -> tuple[Doc, Doc]:
        intent = self.talk.got(f"/v1/payment_intents/{id_}", {}, **on(account))
        return intent, self.talk.got(f"/v1/charges/{intent['latest_charge']}", {}, **on(account))

    def _free(self, kind: str) -> int:
        balance = self.talk.got("/v1/balance")["available"]
        return sum(
            each["source_types"].get(kind, 0) for each in balance if each["currency"] == "usd"
        )


# A failing run is told as it was found: shrinking it would take minutes.
Held.TestCase.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, phases=(Phase.explicit, Phase.generate)
)
TestHeld = Held.TestCase
