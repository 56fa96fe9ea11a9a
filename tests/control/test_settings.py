"""What a world can be set to, and that it makes a difference."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.world import Profile, Worlds
from tests.talking import NOW, Talk, error


def test_settings_change_and_go_back(talk: Talk):
    changed = {"availability": "current", "pricing": {"bps": 100}, "application_name": "Shop"}
    assert changed.items() <= talk.control("settings", changed).json().items()
    shown = talk.control("settings", {"pricing": None, "availability": None}).json()
    assert (shown["pricing"], shown["availability"]) == (None, "overview")
    assert shown["application"].startswith("ca_")
    assert talk.control("settings").json() == shown


def _paid_in_euros(talk: Talk) -> Any:
    """The balance transaction of a payment of 10.00 EUR."""
    wanted = {
        "amount": 1000,
        "capture_method": "automatic",
        "currency": "eur",
        "confirm": True,
        "payment_method": "pm_card_visa",
        "payment_method_types": ["card"],
        "expand": ["latest_charge.balance_transaction"],
    }
    paid = talk.made("/v1/payment_intents", wanted)
    return paid["latest_charge"]["balance_transaction"]


def test_a_platform_keeps_other_currencies_unless_it_is_set_not_to(talk: Talk):
    assert _paid_in_euros(talk)["currency"] == "eur"
    talk.control("settings", {"settlement_currencies": []})
    assert _paid_in_euros(talk)["currency"] == "usd"
    talk.control("settings", {"settlement_currencies": ["eur"]})
    assert _paid_in_euros(talk)["currency"] == "eur"


def test_rates_of_ones_own_convert(talk: Talk):
    talk.control("settings", {"rates": {"eur": 0.5}, "settlement_currencies": []})
    usual = _paid_in_euros(talk)
    talk.control("settings", {"rates": {"eur": 0.25}})
    dear = _paid_in_euros(talk)
    assert dear["exchange_rate"] == pytest.approx(2 * usual["exchange_rate"])
    assert dear["amount"] == pytest.approx(2 * usual["amount"], abs=1)


def test_unknown_tokens_count_as_made_in_a_browser_unless_set_not_to(talk: Talk):
    wanted = {
        "type": "custom",
        "country": "US",
        "account_token": "ct_" + "a" * 24,
        "capabilities": {
            "card_payments": {"requested": True},
            "transfers": {"requested": True},
        },
    }
    assert talk.made("/v1/accounts", wanted)["business_type"] == "individual"
    talk.control("settings", {"browser_tokens": False})
    assert error(talk.post("/v1/accounts", wanted), 400)["param"] == "account_token"


def test_a_country_is_chosen_before_anything_exists(talk: Talk):
    assert talk.control("settings", {"country": "FR"}).json()["country"] == "FR"
    assert talk.got("/v1/account")["default_currency"] == "eur"
    talk.control("clock", {"now": NOW - 86_400})
    assert talk.control("settings").json()["country"] == "FR"
    talk.customer()
    assert talk.control("settings", {"country": "FR"}).status_code == 200
    assert error(talk.control("settings", {"country": "US"}), 400)["code"] == "country_fixed"


def test_a_platform_is_of_the_version_it_is_set_to(talk: Talk):
    usual = talk.control("settings").json()["version"]
    assert talk.control("settings", {"version": "2022-11-15"}).json()["version"] == "2022-11-15"
    talk.control("clock", {"now": NOW - 86_400})
    made = talk.made("/v1/products", {"name": "Tea"})
    assert made["features"] == []
    [event] = talk.got("/v1/events", {"type": "product.created"})["data"]
    assert event["api_version"] == "2022-11-15"
    assert event["data"]["object"] == made
    assert talk.control("settings", {"version": None}).json()["version"] == usual
    assert talk.got(f"/v1/products/{made['id']}")["marketing_features"] == []


def test_a_reset_gives_the_servers_settings_back(talk: Talk):
    talk.control("settings", {"country": "FR", "availability": "current"})
    talk.control("reset", {})
    shown = talk.control("settings").json()
    assert (shown["country"], shown["availability"]) == ("US", "overview")


def test_what_the_server_was_started_with_is_the_usual_value():
    world = Worlds(Profile(seed="test", availability="current", country="DE")).get("main")
    assert world.setup.settings["availability"] == "current"
    world.restart_in("FR")
    assert world.setup.settings["availability"] == "current"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("availability", "tomorrow"),
        ("version", "2022-11-14"),
        ("version", 2022),
        ("country", "XX"),
        ("country", "us"),
        ("pricing", {"bps": "290"}),
        ("pricing", {"percent": 3}),
        ("pricing", {"bps": -1}),
        ("pricing", []),
        ("rates", {"eur": 0}),
        ("rates", {"xyz": 1}),
        ("application_name", " "),
        ("application_name", "x" * 101),
        ("application_url", "example.com"),
        ("browser_tokens", "no"),
        ("instant_payout_fee_bps", 10_001),
        ("instant_payout_fee_bps", True),
        ("settlement_currencies", "eur"),
        ("settlement_currencies", ["xyz"]),
        ("weather", "fine"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(talk: Talk, setting: str, value: Any):
    assert error(talk.control("settings", {setting: value}), 400)["param"] == setting
