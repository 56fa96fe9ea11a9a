"""Which payment methods intents and sessions take, and the configuration that chooses them."""

from __future__ import annotations

from typing import Any

from tests.talking import Talk, error

CONFIGURATIONS = "/v1/payment_method_configurations"
SWITCHED_OFF = {"overridable": None, "value": "off"}

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
    made = talk.made(CONFIGURATIONS, {"name": "Shop"})["id"]
    assert configurations(talk, payment_method_configuration=made) == {made}
    sent = {**INTENT, "payment_method_configuration": "pmc_named"}
    refused = error(talk.post("/v1/payment_intents", sent), 400)
    assert (refused["code"], refused["param"]) == (
        "resource_missing",
        "payment_method_configuration",
    )


def test_the_default_configuration_is_there_from_the_first(talk: Talk):
    (chosen,) = configurations(talk)
    default = talk.got(f"{CONFIGURATIONS}/{chosen}")
    assert [each["id"] for each in talk.got(CONFIGURATIONS)["data"]] == [chosen]
    assert (default["name"], default["is_default"], default["parent"]) == ("Default", True, None)
    preference = {"overridable": None, "preference": "none", "value": "on"}
    assert default["card"] == {"available": True, "display_preference": preference}
    other = talk.got(CONFIGURATIONS, stripe_account=talk.account())["data"]
    assert [each["is_default"] for each in other] == [True]
    assert other[0]["id"] != chosen


def test_what_is_switched_off_is_not_offered(talk: Talk):
    (default,) = configurations(talk)
    off = {"link": {"display_preference": {"preference": "off"}}}
    talk.made(f"{CONFIGURATIONS}/{default}", off)
    made = [
        talk.made("/v1/payment_intents", INTENT),
        talk.made("/v1/setup_intents"),
        talk.made("/v1/checkout/sessions", SESSION),
    ]
    assert not [each for each in made if "link" in each["payment_method_types"]]

    none = {"display_preference": {"preference": "none"}}
    child = talk.made(CONFIGURATIONS, {"link": none, "parent": default})
    assert child["link"]["display_preference"] == {**none["display_preference"], **SWITCHED_OFF}
    sent = {"display_preference": {"preference": "on"}}
    child = talk.made(f"{CONFIGURATIONS}/{child['id']}", {"link": sent, "active": False})
    assert (child["link"]["display_preference"]["value"], child["active"]) == ("on", False)
    chosen = talk.made("/v1/setup_intents", {"payment_method_configuration": child["id"]})
    assert "link" in chosen["payment_method_types"]
    details = {"id": child["id"], "parent": default}
    assert chosen["payment_method_configuration_details"] == details
    found = talk.got(CONFIGURATIONS, {"active": False})["data"]
    assert [each["id"] for each in found] == [child["id"]]


def test_a_payment_needs_something_to_be_paid_with(talk: Talk):
    off = {"display_preference": {"preference": "off"}}
    names = ("card", "klarna", "link")
    bare = talk.made(CONFIGURATIONS, dict.fromkeys(names, off))["id"]
    sent = {"payment_method_configuration": bare}
    refused = error(talk.post("/v1/setup_intents", sent), 400)
    assert refused["message"].startswith("No valid payment method types")


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
