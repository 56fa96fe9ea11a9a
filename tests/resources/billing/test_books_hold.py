"""Whatever happens to a subscription: invoices add up, and what they say was paid was charged."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from emulator.web.app import build
from emulator.world import Profile, Worlds
from tests.resources.subscribers import customer, price, subscribe
from tests.talking import NOW, Talk

_CHANGES = st.one_of(
    st.tuples(st.just("quantity"), st.integers(1, 40), st.sampled_from(["always_invoice", "none"])),
    st.tuples(st.just("price"), st.integers(0, 2), st.sampled_from(["always_invoice", "none"])),
    st.tuples(st.just("advance"), st.integers(1, 3_000_000), st.just("")),
    st.tuples(st.just("anchor"), st.just(0), st.just("create_prorations")),
)


@settings(max_examples=10)
@given(
    st.lists(_CHANGES, min_size=1, max_size=6),
    st.sampled_from(["classic", "flexible"]),
    st.sampled_from([0, 7, 33.3]),
)
def test_invoices_add_up(changes: list[tuple[str, int, str]], mode: str, percent: float):
    app = build(Worlds(Profile(seed="test", start=NOW, frozen=True)))
    with TestClient(app, raise_server_exceptions=False) as client:
        talk = Talk(client)
        payer = _story(talk, changes, mode, percent)
        _check(talk, payer)


def _story(talk: Talk, changes: list[tuple[str, int, str]], mode: str, percent: float) -> str:
    payer = customer(talk)
    costs = [price(talk, 1_999), price(talk, 12_345, "year"), price(talk, 701, "week")]
    params: dict[str, Any] = {"billing_mode": {"type": mode}}
    if percent:
        coupon = talk.made("/v1/coupons", {"percent_off": percent, "duration": "forever"})
        params["discounts"] = [{"coupon": coupon["id"]}]
    made = subscribe(talk, costs[0], payer, **params)
    path, item = f"/v1/subscriptions/{made['id']}", made["items"]["data"][0]["id"]
    for what, value, behaviour in changes:
        if what == "advance":
            talk.advance(f"{value}s")
            continue
        sent: dict[str, Any] = {"proration_behavior": behaviour}
        if what == "anchor":
            sent["billing_cycle_anchor"] = "now"
        else:
            changed = {"price": costs[value]} if what == "price" else {"quantity": value}
            sent["items"] = [{"id": item, **changed}]
        talk.made(path, sent, stripe_version="2026-08-26.dahlia")
    return payer


def _check(talk: Talk, payer: str) -> None:
    invoices = talk.got("/v1/invoices", {"limit": 100})["data"]
    for invoice in invoices:
        lines = talk.got(f"/v1/invoices/{invoice['id']}/lines", {"limit": 100})["data"]
        off = sum(each["amount"] for each in invoice["total_discount_amounts"])
        assert invoice["total"] == sum(line["amount"] for line in lines) - off
        if invoice["status"] == "paid":
            assert invoice["amount_paid"] == invoice["amount_due"]
            moved = invoice["ending_balance"] - invoice["starting_balance"]
            assert invoice["amount_due"] + moved == invoice["total"]
    charged = sum(each["amount"] for each in talk.got("/v1/charges", {"limit": 100})["data"])
    assert charged == sum(each["amount_paid"] for each in invoices)
    changes = talk.got(f"/v1/customers/{payer}/balance_transactions", {"limit": 100})["data"]
    balance = talk.got(f"/v1/customers/{payer}")["balance"]
    assert balance == sum(each["amount"] for each in changes)
    assert talk.control("audit").json()["holds"] is True
