"""How tests simulate."""

from __future__ import annotations

from typing import Any, Final

from tests.talking import Talk, error

PAY: Final = {
    "amount": 2000,
    "currency": "usd",
    "confirm": True,
    "payment_method": "pm_card_visa",
    "payment_method_types": ["card"],
}


def simulate(talk: Talk, name: str, **params: Any) -> Any:
    found = talk.control(f"simulate/{name}", params)
    assert found.status_code == 200, found.text
    return found.json()


def refused(talk: Talk, name: str, status: int = 400, **params: Any) -> Any:
    return error(talk.control(f"simulate/{name}", params), status)


def types(found: Any) -> list[str]:
    return [event["type"] for event in found["events"]]


def pay(talk: Talk, account: str | None = None, **params: Any) -> Any:
    headers = {"stripe_account": account} if account else {}
    return talk.made("/v1/payment_intents", {**PAY, **params}, **headers)


def debit(talk: Talk) -> str:
    """A bank debit that waits for its bank."""
    intent = pay(
        talk,
        payment_method="pm_usBankAccount_success",
        payment_method_types=["us_bank_account"],
        mandate_data={"customer_acceptance": {"type": "offline"}},
    )
    return str(intent["id"])


def payout(talk: Talk) -> str:
    simulate(talk, "payment", amount=9000, available=True)
    return str(talk.made("/v1/payouts", {"amount": 1000, "currency": "usd"})["id"])
