"""Ephemeral keys: for one customer, one version of the API and one hour."""

from __future__ import annotations

from tests.talking import Talk, error


def test_an_ephemeral_key_lives_an_hour(talk: Talk) -> None:
    customer = talk.customer()["id"]
    made = talk.made("/v1/ephemeral_keys", {"customer": customer}, stripe_version="2023-10-16")
    assert made["associated_objects"] == [{"id": customer, "type": "customer"}]
    assert made["expires"] - made["created"] == 3600
    assert made["secret"].startswith("ek_test_")

    assert talk.delete(f"/v1/ephemeral_keys/{made['id']}").json()["id"] == made["id"]
    error(talk.delete(f"/v1/ephemeral_keys/{made['id']}"), 404)
    error(talk.post("/v1/ephemeral_keys", None, stripe_version="2023-10-16"), 400)


def test_an_ephemeral_key_is_made_for_the_version_of_its_client(talk: Talk):
    refused = error(talk.post("/v1/ephemeral_keys", {"customer": talk.customer()["id"]}), 400)
    assert refused["message"].startswith("The Stripe-Version header is required")
