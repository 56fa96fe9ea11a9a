"""How tests pay, and how they have questions answered."""

from __future__ import annotations

from typing import Any

from tests.talking import Talk

PAY = {"amount": 2000, "currency": "usd", "confirm": True, "payment_method_types": ["card"]}


def pay(talk: Talk, card: str = "pm_card_visa", amount: int = 2000, **headers: str) -> Any:
    """The answer to a payment that is confirmed at once."""
    return talk.post(
        "/v1/payment_intents", {**PAY, "amount": amount, "payment_method": card}, **headers
    )


def declined(
    talk: Talk, card: str = "pm_card_visa", amount: int = 2000, **headers: str
) -> str | None:
    """The decline code of a payment, None when it went through."""
    body = pay(talk, card, amount, **headers).json()
    return body["error"]["decline_code"] if "error" in body else None


def queue(talk: Talk, question: str, answer: str, **more: Any) -> Any:
    body = {"question": question, "answer": answer, **more}
    found = talk.control("answers", body)
    assert found.status_code == 200, found.text
    return found.json()["data"][0]


def uses(talk: Talk) -> list[Any]:
    found: list[Any] = talk.control("answers").json()["used"]
    return found


def waiting(talk: Talk) -> list[Any]:
    found: list[Any] = talk.control("answers").json()["data"]
    return found
