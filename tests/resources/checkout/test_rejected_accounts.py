"""Nothing is sold any more through an account that was rejected, whatever was open before."""

from __future__ import annotations

from typing import Any

import pytest

from tests.resources.checkout.selling import paying, price
from tests.resources.market import on, seller
from tests.talking import Talk, error


def _pay(talk: Talk, session: str) -> Any:
    payer = {"session": session, "payment_method": "pm_card_visa", "email": "ada@example.com"}
    return error(talk.control("checkout", payer), 400)["message"]


def _reject(talk: Talk, account: str) -> None:
    talk.made(f"/v1/accounts/{account}/reject", {"reason": "fraud"})


@pytest.mark.parametrize("mode", ["direct", "destination", "on_behalf_of", "setup", "subscription"])
def test_an_open_session_is_refused_when_it_is_paid(talk: Talk, mode: str) -> None:
    account = seller(talk)
    sent: dict[str, Any] = {**paying(1_000), "success_url": "https://a.example"}
    data: dict[str, Any] = {"transfer_data": {"destination": account}}
    if mode == "on_behalf_of":
        data["on_behalf_of"] = account
    if mode in {"destination", "on_behalf_of"}:
        sent["payment_intent_data"] = data
    if mode == "subscription":
        sent["mode"] = mode
        sent["line_items"][0]["price_data"]["recurring"] = {"interval": "month"}
    if mode == "setup":
        sent = {"mode": mode, "currency": "usd", "success_url": "https://a.example"}
    headers = on(account) if mode in {"direct", "setup", "subscription"} else {}
    session = talk.made("/v1/checkout/sessions", sent, **headers)["id"]
    _reject(talk, account)

    assert "capabilit" in _pay(talk, session)
    found = talk.got(f"/v1/checkout/sessions/{session}", **headers)
    unpaid = "no_payment_required" if mode == "setup" else "unpaid"
    assert (found["status"], found["payment_status"]) == ("open", unpaid)
    assert talk.got("/v1/charges", **headers)["data"] == []


def test_a_link_is_refused_when_it_is_paid(talk: Talk) -> None:
    account = seller(talk)
    made = talk.made(
        "/v1/payment_links",
        {
            "line_items": [{"price": price(talk, 500), "quantity": 1}],
            "transfer_data": {"destination": account},
        },
    )
    _reject(talk, account)
    talk.send("GET", made["url"].partition("12111")[2])
    sessions = talk.got("/v1/checkout/sessions", {"payment_link": made["id"]})["data"]
    assert "destination account needs" in _pay(talk, sessions[0]["id"])
