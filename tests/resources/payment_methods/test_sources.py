"""Sources: reusable cards, SEPA debits with their mandate, one-off sources behind a redirect."""

from __future__ import annotations

from typing import Any

from emulator.resources.payment_methods import sources
from emulator.resources.payment_methods.legacy import SOURCES
from emulator.world import World
from tests.talking import Talk, error

BACK = {"redirect": {"return_url": "https://example.com/back"}}


def _secured(talk: Talk, number: str) -> Any:
    card = {"number": number, "exp_month": 12, "exp_year": 2030, "cvc": "123"}
    source = talk.made("/v1/sources", {"type": "card", "card": card})
    params = {
        "type": "three_d_secure",
        "amount": 1000,
        "currency": "eur",
        "three_d_secure": {"card": source["id"]},
        **BACK,
    }
    return talk.made("/v1/sources", params)


def test_a_card_becomes_a_source(talk: Talk) -> None:
    made = talk.made("/v1/sources", {"type": "card", "token": "tok_visa", "usage": "reusable"})
    assert (made["status"], made["usage"], made["flow"]) == ("chargeable", "reusable", "none")
    assert (made["card"]["brand"], made["card"]["three_d_secure"]) == ("Visa", "optional")
    assert "customer" not in made
    assert talk.got(f"/v1/sources/{made['id']}") == made


def test_an_iban_becomes_a_source_with_a_mandate(talk: Talk) -> None:
    hash_ = {
        "country": "DE",
        "currency": "eur",
        "account_number": "DE89370400440532013000",
        "account_holder_name": "Jo",
    }
    token = talk.made("/v1/tokens", {"bank_account": hash_})["id"]
    made = talk.made("/v1/sources", {"type": "sepa_debit", "token": token, "amount": 52})

    assert (made["amount"], made["currency"], made["status"]) == (52, "eur", "chargeable")
    debit = made["sepa_debit"]
    assert (debit["bank_code"], debit["branch_code"], debit["last4"]) == ("37040044", None, "3000")
    assert made["mandate"]["reference"] == debit["mandate_reference"]
    assert (made["owner"]["name"], made["owner"]["address"]["country"]) == ("Jo", "DE")


def test_a_source_knows_the_customer_it_was_given_to(talk: Talk) -> None:
    source = talk.made("/v1/sources", {"type": "card", "token": "tok_visa"})["id"]
    customer = talk.customer(source=source)["id"]
    assert talk.got(f"/v1/sources/{source}")["customer"] == customer

    gone = talk.delete(f"/v1/customers/{customer}/sources/{source}").json()
    assert gone["status"] == "consumed"
    error(talk.post("/v1/customers", {"source": source}), 400)


def test_three_d_secure_is_asked_only_of_cards_that_take_part(talk: Talk) -> None:
    assert _secured(talk, "4242424242424242")["redirect"]["status"] == "not_required"
    waiting = _secured(talk, "4000000000003055")
    assert (waiting["status"], waiting["redirect"]["status"]) == ("pending", "pending")
    error(talk.post("/v1/customers", {"source": waiting["id"]}), 400)


def test_coming_back_from_the_redirect_decides(talk: Talk, world: World) -> None:
    for outcome, status in (("succeeded", "chargeable"), ("failed", "failed")):
        id_ = _secured(talk, "4000000000003055")["id"]
        with world.transaction(world.caller()) as tx:
            sources.authenticate(tx, tx.get(SOURCES, id_), outcome)
        made = talk.got(f"/v1/sources/{id_}")
        assert (made["status"], made["redirect"]["status"]) == (status, outcome)
        assert made["three_d_secure"]["authenticated"] is (outcome == "succeeded")
        assert talk.got("/v1/events")["data"][0]["type"] == f"source.{status}"


def test_a_source_can_be_described_later(talk: Talk) -> None:
    made = talk.made("/v1/sources", {"type": "card", "token": "tok_visa"})
    params = {"metadata": {"a": "1"}, "owner": {"email": "jo@example.com"}}
    updated = talk.made(f"/v1/sources/{made['id']}", params)
    assert (updated["metadata"], updated["owner"]["email"]) == ({"a": "1"}, "jo@example.com")


def test_what_cannot_be_a_source_is_refused(talk: Talk) -> None:
    assert error(talk.post("/v1/sources"), 400)["param"] == "type"
    error(talk.post("/v1/sources", {"type": "ideal", "amount": 1, "currency": "eur"}), 400)
    assert error(talk.get("/v1/sources/src_x"), 404)["param"] == "source"
