"""What goes on in a world: enough of everything, and what it answers from here on."""

from __future__ import annotations

from tests.talking import Talk
from tests.webhooks.mailing import told


def busy(talk: Talk) -> str:
    """A world in which something of everything has happened; the id of its account."""
    account = talk.account()
    told(talk, "onboard", {"account": account})
    talk.customer(name="Zoë")
    params = {"amount": 5000, "currency": "usd", "confirm": True, "payment_method": "pm_card_visa"}
    talk.made(
        "/v1/payment_intents",
        {**params, "payment_method_types": ["card"], "transfer_data": {"destination": account}},
        idempotency_key="kept",
    )
    talk.made("/v1/payment_intents", {**params, "payment_method_types": ["card"]})
    talk.advance("1d")
    return account


def play(talk: Talk) -> list[bytes]:
    """The bytes of what a world answers from here on."""
    answers = [
        talk.post("/v1/customers", {"name": "next"}),
        talk.post("/v1/payouts", {"amount": 100, "currency": "usd"}),
        talk.get("/v1/balance"),
        talk.get("/v1/events", {"limit": 100}),
        talk.get("/v1/balance_transactions", {"limit": 100}),
    ]
    talk.advance("10d")
    return [each.content for each in [*answers, talk.get("/v1/events", {"limit": 100})]]
