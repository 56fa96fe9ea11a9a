"""What the tests of refusals share: rows of their tables, and ways to be refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from tests.resources.market import seller
from tests.talking import Answer, Talk

CARD: Final[dict[str, Any]] = {"amount": 1000, "currency": "usd", "payment_method_types": ["card"]}
PAID: Final = {**CARD, "confirm": True, "payment_method": "pm_card_visa"}
LEGACY: Final = {"amount": 1000, "currency": "usd"}
NOBODY: Final = "acct_1xxxxxxxxxxxxxxx"
_IDS = re.compile(r"\b(acct|card|ch|cus|pi|pm|tok|tr)_[A-Za-z0-9]+\b")


class Row(NamedTuple):
    """How to be refused, and with what.

    known: recorded (observed on the real service), reported (in public error reports or parity
    suites), fragment (the words are known in part) or ours (the words are not known, the rest is).
    words: the message, with ids as `ch_x` and `…` for anything.
    """

    case: Callable[[Talk], Answer]
    known: str
    status: int
    code: str | None
    param: str | None
    words: str


def intent(talk: Talk, **params: Any) -> str:
    return str(talk.made("/v1/payment_intents", {**PAID, **params})["id"])


def charge(talk: Talk, **params: Any) -> str:
    return str(talk.made("/v1/payment_intents", {**PAID, **params})["latest_charge"])


def held(talk: Talk) -> str:
    return str(talk.made("/v1/charges", {**LEGACY, "source": "tok_visa", "capture": False})["id"])


def canceled(talk: Talk) -> str:
    id_ = str(talk.made("/v1/payment_intents", CARD)["id"])
    talk.made(f"/v1/payment_intents/{id_}/cancel")
    return id_


def setup(talk: Talk, **params: Any) -> str:
    return str(talk.made("/v1/setup_intents", {"payment_method_types": ["card"], **params})["id"])


def method(talk: Talk) -> str:
    card = {"type": "card", "card": {"token": "tok_visa"}}
    return str(talk.made("/v1/payment_methods", card)["id"])


def used(talk: Talk) -> str:
    id_ = method(talk)
    intent(talk, payment_method=id_)
    return id_


def attached(talk: Talk) -> str:
    params = {"customer": talk.customer()["id"]}
    return str(talk.made("/v1/payment_methods/pm_card_visa/attach", params)["id"])


def transfer(talk: Talk) -> str:
    intent(talk, payment_method="pm_card_bypassPending")
    params = {"amount": 500, "currency": "usd", "destination": seller(talk)}
    return str(talk.made("/v1/transfers", params)["id"])


def pay(talk: Talk, **params: Any) -> Answer:
    return talk.post("/v1/payment_intents", {**PAID, **params})


def split(talk: Talk, fee: int | None = None, part: int | None = None) -> Answer:
    """A destination charge of 10.00 with a fee, a part, or both."""
    data = {"destination": seller(talk)} | ({} if part is None else {"amount": part})
    return pay(talk, transfer_data=data, **({} if fee is None else {"application_fee_amount": fee}))


def sell(talk: Talk, **params: Any) -> Answer:
    return talk.post("/v1/charges", {**LEGACY, **params})


def send(talk: Talk, **params: Any) -> Answer:
    return talk.post("/v1/transfers", {"amount": 100, "currency": "usd", **params})


def refund(talk: Talk, of: str, **params: Any) -> Answer:
    return talk.post("/v1/refunds", {"charge": of, **params})


def on(talk: Talk, path: str, **params: Any) -> Answer:
    return talk.post(f"/v1/{path}", params)


def capture_part(talk: Talk, part: int) -> Answer:
    data = {"destination": seller(talk), "amount": 800}
    id_ = intent(talk, transfer_data=data, capture_method="manual")
    return on(talk, f"payment_intents/{id_}/capture", amount_to_capture=part)


def reverse_after(talk: Talk, taken: int, amount: int) -> Answer:
    id_ = transfer(talk)
    talk.made(f"/v1/transfers/{id_}/reversals", {"amount": taken})
    return on(talk, f"transfers/{id_}/reversals", amount=amount)


def refund_after(talk: Talk, taken: int, amount: int) -> Answer:
    of = charge(talk)
    talk.made("/v1/refunds", {"charge": of, "amount": taken})
    return refund(talk, of, amount=amount)


def refund_disputed(talk: Talk) -> Answer:
    of = charge(talk, payment_method="pm_card_createDispute")
    talk.advance("1m")
    return refund(talk, of)


def token_again(talk: Talk) -> Answer:
    card = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2030}
    token = talk.made("/v1/tokens", {"card": card})["id"]
    talk.made("/v1/charges", {**LEGACY, "source": token})
    return sell(talk, source=token)


def expired(talk: Talk) -> Answer:
    id_ = held(talk)
    talk.advance("8d")
    return on(talk, f"charges/{id_}/capture")


def me(talk: Talk) -> str:
    return str(talk.got("/v1/account")["id"])


def more_than_its_source(talk: Talk, **params: Any) -> Answer:
    return send(talk, destination=seller(talk), source_transaction=charge(talk), **params)


def compare(talk: Talk, row: Row) -> None:
    """Be refused as the row says."""
    answer = row.case(talk)

    found = answer.json()["error"]
    assert answer.status_code == row.status, found
    assert (found.get("code"), found.get("param")) == (row.code, row.param)
    assert _fits(row.words, found["message"]), found["message"]


def _fits(words: str, message: str) -> bool:
    """Whether a message is these words, ids as `ch_x` and `…` for anything."""
    known, said = (_IDS.sub(r"\1_x", text) for text in (words, message))
    pattern = ".*".join(re.escape(part) for part in known.split("…"))
    return re.fullmatch(pattern, said) is not None
