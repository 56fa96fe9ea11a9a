"""What the balance transactions of each account add up to, as a bookkeeper would sum them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

from tests.properties.quick import Quick
from tests.resources.market import Doc, on


class Share(NamedTuple):
    """net: minor units. on: the instant from which it counts as available."""

    net: int
    on: int


class Ledgers:
    """For each account, every balance transaction it has shown so far, but those of balances that
    are kept apart; None is the platform.
    """

    def __init__(self, talk: Quick) -> None:
        self.talk = talk
        self.shares: dict[tuple[str | None, str], list[Share]] = defaultdict(list)
        self.last: dict[str | None, str] = {}
        self.seen = 0

    def read(self, account: str | None) -> list[Doc]:
        """Take in what is new on an account; every new balance transaction agrees with itself."""
        params: Doc = {"limit": 100}
        found: list[Doc] = []
        while True:
            if account in self.last:
                params["ending_before"] = self.last[account]
            page = self.talk.got("/v1/balance_transactions", params, **on(account))
            found += reversed(page["data"])
            if page["data"]:
                self.last[account] = page["data"][0]["id"]
            if not page["has_more"] or not page["data"]:
                break
        for each in found:
            assert each["net"] == each["amount"] - each["fee"], each
            assert each["fee"] == sum(part["amount"] for part in each["fee_details"]), each
            assert {part["currency"] for part in each["fee_details"]} <= {each["currency"]}, each
            assert each["available_on"] >= each["created"], each
            if each["balance_type"] != "payments":
                continue
            self.shares[account, each["currency"]].append(Share(each["net"], each["available_on"]))
        self.seen += len(found)
        return found

    def check(self, account: str | None) -> None:
        """The balance says what the balance transactions sum to, in every currency."""
        self.read(account)
        balance = self.talk.got("/v1/balance", {}, **on(account))
        now, told = self.talk.now, _told(balance)
        mine = {c: shares for (who, c), shares in self.shares.items() if who == account}
        for currency in {*mine, *(code for _, code in told)}:
            shares = mine.get(currency, [])
            free = sum(share.net for share in shares if share.on <= now)
            later = sum(share.net for share in shares if share.on > now)
            assert told["available", currency] == free, (account, currency)
            assert told["pending", currency] == later, (account, currency)


def _told(balance: Doc) -> Counter[tuple[str, str]]:
    told: Counter[tuple[str, str]] = Counter()
    for part in ("available", "pending"):
        for each in balance[part]:
            told[part, each["currency"]] += each["amount"]
            assert each["amount"] == sum(each["source_types"].values()), each
    return told
