"""What the SDK leans on in every call: lists that page themselves, retries, expansion."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.clients.python.marketplace import CARDS_ONLY, Marketplace, as_any, client_of, on

COUNT = 23


@pytest.fixture
def names(shop: Marketplace) -> list[str]:
    """More customers than a page holds, oldest first."""
    found = [f"Customer {number}" for number in range(COUNT)]
    for name in found:
        shop.v1.customers.create({"name": name})
    return found


@pytest.mark.parametrize("limit", [1, 10, COUNT, 100])
def test_a_list_pages_itself_forwards(shop: Marketplace, names: list[str], limit: int) -> None:
    page = shop.v1.customers.list({"limit": limit})

    assert [str(each.name) for each in page.auto_paging_iter()] == names[::-1]


@pytest.mark.parametrize("limit", [1, 10, COUNT, 100])
def test_a_list_pages_itself_backwards(shop: Marketplace, names: list[str], limit: int) -> None:
    newest = shop.v1.customers.list({"limit": 100}).data
    page = shop.v1.customers.list({"limit": limit, "ending_before": newest[-1].id})

    assert [str(each.name) for each in page.auto_paging_iter()] == names[1:]


def test_a_list_is_filtered_while_it_pages(shop: Marketplace, names: list[str]) -> None:
    created = shop.v1.customers.list({"limit": 1}).data[0].created

    later = shop.v1.customers.list({"created": {"gt": created + 3600}})
    sooner = shop.v1.customers.list({"created": {"lte": created + 3600}, "limit": 7})

    assert list(later.auto_paging_iter()) == []
    assert len(list(sooner.auto_paging_iter())) == len(names)


def test_one_idempotency_key_makes_one_payment(shop: Marketplace) -> None:
    params = as_any(
        {
            "amount": 2_000,
            "currency": "usd",
            "payment_method": "pm_card_visa",
            "automatic_payment_methods": CARDS_ONLY,
            "confirm": True,
        }
    )
    first = shop.v1.payment_intents.create(params, {"idempotency_key": "order 6735"})
    again = shop.v1.payment_intents.create(params, {"idempotency_key": "order 6735"})

    assert first.id == again.id
    assert again.to_dict() == first.to_dict()
    assert headers(again)["Idempotent-Replayed"] == "true"
    assert headers(again)["Original-Request"] == headers(first)["Request-Id"]
    assert "Idempotent-Replayed" not in headers(first)
    assert len(shop.v1.charges.list().data) == 1


def test_a_key_counts_on_each_account_for_itself(shop: Marketplace) -> None:
    seller = shop.seller("custom")
    own = shop.v1.customers.create({"name": "A"}, {"idempotency_key": "one"})
    theirs = shop.v1.customers.create(
        {"name": "A"}, as_any({"idempotency_key": "one", **on(seller)})
    )

    assert own.id != theirs.id


def test_a_key_is_forgotten_after_a_day(shop: Marketplace) -> None:
    first = shop.v1.customers.create({"name": "A"}, {"idempotency_key": "one"})
    shop.advance("25h")
    second = shop.v1.customers.create({"name": "B"}, {"idempotency_key": "one"})

    assert first.id != second.id


def test_expansion_reaches_four_levels(shop: Marketplace) -> None:
    seller = shop.seller("custom")
    customer = shop.v1.customers.create({"name": "Jenny Rosen"})
    paid = shop.pay(
        10_000,
        customer=customer.id,
        transfer_data={"destination": seller},
        expand=["customer", "latest_charge.transfer.balance_transaction"],
    )
    found: Any = paid

    assert found.customer.name == "Jenny Rosen"
    assert found.latest_charge.transfer.balance_transaction.amount == -10_000
    listed: Any = shop.v1.payment_intents.list({"expand": ["data.latest_charge.customer"]}).data[0]
    assert listed.latest_charge.customer.id == customer.id
    assert listed.customer == customer.id


def test_worlds_do_not_see_each_other(shop: Marketplace) -> None:
    customer = shop.v1.customers.create({"name": "Jenny Rosen"})
    stranger = client_of(shop.base, shop.key + "Other").v1

    with pytest.raises(stripe.InvalidRequestError) as refused:
        stranger.customers.retrieve(customer.id)

    assert refused.value.code == "resource_missing"
    assert stranger.accounts.retrieve_current().id != shop.v1.accounts.retrieve_current().id


def test_a_restricted_key_opens_the_same_world(shop: Marketplace) -> None:
    customer = shop.v1.customers.create({"name": "Jenny Rosen"})
    restricted = client_of(shop.base, shop.key.replace("sk_", "rk_"))

    assert restricted.v1.customers.retrieve(customer.id).name == "Jenny Rosen"


def headers(found: stripe.StripeObject) -> Any:
    """The headers of the answer that an object came with."""
    assert found.last_response is not None
    return found.last_response.headers
