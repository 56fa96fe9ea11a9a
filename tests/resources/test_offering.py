"""Which payment methods intents and sessions take, and the configuration that chooses them."""

from __future__ import annotations

from typing import Any

from tests.talking import Talk

INTENT = {"amount": 2000, "currency": "usd"}
SESSION = {
    "mode": "setup",
    "currency": "usd",
    "success_url": "https://example.com/done",
}


def configurations(talk: Talk, **more: Any) -> set[str]:
    """What an intent, a setup intent and a session say chose their payment methods."""
    made = [
        talk.made("/v1/payment_intents", {**INTENT, **more}),
        talk.made("/v1/setup_intents", more),
        talk.made("/v1/checkout/sessions", {**SESSION, **more}),
    ]
    return {each["payment_method_configuration_details"]["id"] for each in made}


def test_an_account_has_one_default_configuration(talk: Talk):
    (chosen,) = configurations(talk)
    assert chosen.startswith("pmc_1")
    assert len(chosen) == len("pmc_") + 24


def test_a_request_may_name_another_configuration(talk: Talk):
    assert configurations(talk, payment_method_configuration="pmc_named") == {"pmc_named"}


def test_types_that_a_request_names_leave_no_configuration_to_choose(talk: Talk):
    for path, params in (("payment_intents", INTENT), ("setup_intents", {})):
        made = talk.made(f"/v1/{path}", {**params, "payment_method_types": ["card"]})
        assert made["payment_method_types"] == ["card"]
        assert made["payment_method_configuration_details"] is None
        assert made["automatic_payment_methods"] is None


def test_methods_that_send_customers_away_can_be_left_out(talk: Talk):
    stays = {"automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}}
    for path, params in (("payment_intents", INTENT), ("setup_intents", {})):
        usual = talk.made(f"/v1/{path}", params)
        here = talk.made(f"/v1/{path}", {**params, **stays})
        assert here["automatic_payment_methods"]["allow_redirects"] == "never"
        assert set(here["payment_method_types"]) < set(usual["payment_method_types"])
