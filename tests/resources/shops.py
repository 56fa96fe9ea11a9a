"""Accounts that charge in their own countries, and what their balances show as a table of rows."""

from __future__ import annotations

from typing import NamedTuple

from tests.resources.market import BANK, Doc, lines, seller
from tests.talking import Talk

# The exchange rates at which the flows were observed: what a shop in Singapore or Canada is given
# for a US dollar is this less two percent.
_OBSERVED = {"sgd": 1.31774 / 0.98, "cad": 1.35576 / 0.98}


class Row(NamedTuple):
    """One balance transaction: amounts in minor units of its currency."""

    type: str
    category: str
    amount: int
    fee: int
    net: int
    currency: str = "usd"


def shop(talk: Talk, country: str = "US", bank: Doc | None = BANK) -> str:
    """The id of an account of a country, ready to charge and to receive transfers."""
    if country == "US":
        return seller(talk, bank)
    params: Doc = {
        "type": "custom",
        "country": country,
        "business_type": "individual",
        "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
    }
    account = str(talk.made("/v1/accounts", params)["id"])
    onboarded = talk.control("onboard", {"account": account})
    assert onboarded.status_code == 200, onboarded.text
    talk.advance("1m")
    assert talk.got(f"/v1/accounts/{account}")["charges_enabled"]
    return account


def observed_rates(talk: Talk) -> None:
    """Convert as the real service did when the flows were observed."""
    assert talk.control("settings", {"rates": _OBSERVED}).status_code == 200


def rows(talk: Talk, account: str | None = None) -> list[Row]:
    """Balance transactions, oldest first."""
    found = lines(talk, account, limit=100)
    return [
        Row(
            line["type"],
            line["reporting_category"],
            line["amount"],
            line["fee"],
            line["net"],
            line["currency"],
        )
        for line in reversed(found)
    ]


def row(talk: Talk, type_: str, account: str | None = None) -> Doc:
    """The only balance transaction of a type."""
    (found,) = lines(talk, account, type=type_)
    return found


def fees(line: Doc) -> dict[str, tuple[int, str]]:
    """What a balance transaction lost in fees: type -> amount and currency."""
    return {each["type"]: (each["amount"], each["currency"]) for each in line["fee_details"]}
