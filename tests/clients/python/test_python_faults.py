"""What Stripe's SDK makes of a server that fails on purpose."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
import stripe


@pytest.fixture
def client(base: str, key: str) -> stripe.StripeClient:
    return stripe.StripeClient(key, base_addresses={"api": base}, max_network_retries=0)


def _fault(base: str, key: str, **body: Any) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    answer = httpx2.post(f"{base}/_emulator/faults", json=body, headers=headers, trust_env=False)
    assert answer.status_code == 200, answer.text


def test_an_answer_lost_on_the_way_is_given_again_to_a_retry(
    base: str, key: str, client: stripe.StripeClient
):
    _fault(base, key, fault="drop-after", method="POST", times=1)
    patient = stripe.StripeClient(key, base_addresses={"api": base}, max_network_retries=1)
    customer = patient.v1.customers.create({"name": "Ada"})
    assert [each.id for each in client.v1.customers.list().data] == [customer.id]


def test_without_retries_it_is_an_error_of_the_connection(
    base: str, key: str, client: stripe.StripeClient
):
    _fault(base, key, fault="drop-before", times=1)
    with pytest.raises(stripe.APIConnectionError):
        client.v1.customers.list()


def test_limits_and_locks_are_rate_limit_errors(base: str, key: str, client: stripe.StripeClient):
    for code in ("rate_limit", "lock_timeout"):
        _fault(base, key, fault=code, times=1)
        with pytest.raises(stripe.RateLimitError) as caught:
            client.v1.customers.list()
        assert f'"code": "{code}"' in str(caught.value.http_body)


def test_a_lock_is_tried_again_by_itself(base: str, key: str):
    _fault(base, key, fault="lock_timeout", times=1)
    patient = stripe.StripeClient(key, base_addresses={"api": base}, max_network_retries=1)
    assert patient.v1.customers.list().data == []
