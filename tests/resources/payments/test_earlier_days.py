"""Payments look as they did on the day the world's clock shows. Each date stands between two
observations.
"""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.talking import Talk

BY_CARD: Final = {
    "amount": 1000,
    "currency": "usd",
    "confirm": True,
    "payment_method": "pm_card_visa",
    "payment_method_types": ["card"],
}


def _at(talk: Talk, instant: int) -> None:
    assert talk.control("clock", {"now": instant, "mode": "frozen"}).status_code == 200


def _charge(talk: Talk, intent: Any) -> Any:
    return talk.got(f"/v1/charges/{intent['latest_charge']}")


@pytest.mark.parametrize(("instant", "digits"), [(1_746_057_600, 0), (1_754_006_400, 6)])
def test_test_cards_are_approved_with_a_code_since_mid_2025(
    talk: Talk, instant: int, digits: int
) -> None:
    """Observed: null on 2025-05-01, six digits on 2025-08-01."""
    _at(talk, instant)

    card = _charge(talk, talk.made("/v1/payment_intents", BY_CARD))["payment_method_details"][
        "card"
    ]

    assert len(card["authorization_code"] or "") == digits


def test_a_declined_card_has_no_authorization_code(talk: Talk) -> None:
    """Assumed: nothing was authorised."""
    params = {**BY_CARD, "payment_method": "pm_card_chargeDeclined"}
    failed = talk.post("/v1/payment_intents", params).json()["error"]["payment_intent"]

    card = _charge(talk, failed)["payment_method_details"]["card"]

    assert card["authorization_code"] is None


def test_a_capture_keeps_the_day_by_which_it_was_due(talk: Talk) -> None:
    """Observed from 2024 to 2026: seven days after the authorisation, also once captured."""
    intent = talk.made("/v1/payment_intents", {**BY_CARD, "capture_method": "manual"})
    before = _charge(talk, intent)
    talk.made(f"/v1/payment_intents/{intent['id']}/capture")

    after = _charge(talk, intent)["payment_method_details"]["card"]

    assert after["capture_before"] == before["created"] + 7 * 86_400


def _debit(talk: Talk) -> tuple[Any, Any]:
    """A SEPA debit by source: the source, and its pending charge."""
    iban = {"country": "DE", "currency": "eur", "account_number": "DE89370400440532013000"}
    token = talk.made("/v1/tokens", {"bank_account": iban})["id"]
    source = talk.made("/v1/sources", {"type": "sepa_debit", "token": token, "usage": "reusable"})
    customer = talk.customer(source=source["id"])["id"]
    params = {"amount": 10_000, "currency": "eur", "source": source["id"], "customer": customer}
    return source, talk.made("/v1/charges", params)


@pytest.mark.parametrize(
    ("instant", "interval"), [(1_551_362_400, None), (1_576_503_000, "variable")]
)
def test_mandates_of_sources_tell_their_interval_since_2019(
    talk: Talk, instant: int, interval: str | None
) -> None:
    """Observed: null on 2019-02-28, variable on 2019-12-16."""
    _at(talk, instant)

    assert _debit(talk)[0]["mandate"]["interval"] == interval


@pytest.mark.parametrize(("instant", "shown"), [(1_586_359_500, True), (1_592_760_180, False)])
def test_pending_debits_had_a_receipt_until_2020(talk: Talk, instant: int, shown: bool) -> None:
    """Observed: a receipt on 2020-04-08, none on 2020-06-21."""
    _at(talk, instant)

    charge = _debit(talk)[1]

    assert charge["status"] == "pending"
    assert (charge["receipt_url"] is not None) is shown


@pytest.mark.parametrize(
    ("instant", "fee", "days"),
    [(1_586_359_500, 105, 2), (1_671_833_520, 35, 5), (1_733_843_700, 35, 10)],
)
def test_sepa_debits_cost_and_settled_otherwise(
    talk: Talk, instant: int, fee: int, days: int
) -> None:
    """Observed: 0.8 % and 0.25 eur to 2021, 0.35 eur since 2022; settled with cards to 2022 (here
    on an American account: two business days), ten days in 2024.
    """
    _at(talk, instant)
    charge = _debit(talk)[1]
    talk.advance("1m")

    paid = talk.got(f"/v1/charges/{charge['id']}", {"expand": ["balance_transaction"]})
    entry = paid["balance_transaction"]

    assert entry["fee"] == fee
    assert entry["available_on"] // 86_400 - instant // 86_400 == days


@pytest.mark.parametrize(("instant", "chosen"), [(1_612_875_179, False), (1_692_649_792, True)])
def test_the_dashboard_chooses_methods_since_august_2023(
    talk: Talk, instant: int, chosen: bool
) -> None:
    """Observed in every version: cards alone on 2021-02-09, the Dashboard's on 2023-08-21."""
    _at(talk, instant)

    paying = talk.made("/v1/payment_intents", {"amount": 1000, "currency": "usd"})
    setting_up = talk.made("/v1/setup_intents")

    for intent in (paying, setting_up):
        assert (intent.get("automatic_payment_methods") is not None) is chosen
        assert (len(intent["payment_method_types"]) > 1) is chosen


def test_a_card_mandate_shows_what_was_not_said_of_it(talk: Talk) -> None:
    """Observed: description, end_date and interval_count are null where nothing was sent."""
    said = {
        "reference": "r",
        "amount_type": "maximum",
        "amount": 1000,
        "start_date": 1_772_366_400,
        "interval": "sporadic",
        "supported_types": ["india"],
    }
    options = {"card": {"mandate_options": said}}
    params = {"amount": 1000, "currency": "usd", "payment_method_types": ["card"]}
    intent = talk.made("/v1/payment_intents", {**params, "payment_method_options": options})

    unsaid = {"description": None, "end_date": None, "interval_count": None}
    shown = intent["payment_method_options"]["card"]["mandate_options"]
    assert shown == said | unsaid


def test_a_customers_card_shows_how_to_reach_its_holder(talk: Talk) -> None:
    """Observed in December 2025: email and phone, null, on the source of a customer's charge."""
    customer = talk.customer(source="tok_visa")["id"]
    paid = talk.made("/v1/charges", {"amount": 5000, "currency": "usd", "customer": customer})

    assert (paid["source"]["email"], paid["source"]["phone"]) == (None, None)


@pytest.mark.parametrize("path", ["/v1/payment_intents", "/v1/setup_intents"])
def test_named_methods_that_are_taken_back_leave_the_choice_to_the_dashboard(
    talk: Talk, path: str
) -> None:
    """Assumed: an empty list of types is none."""
    sums = {"amount": 1000, "currency": "usd"} if "payment" in path else {}
    intent = talk.made(path, {"payment_method_types": ["card"], **sums})["id"]

    after = talk.made(f"{path}/{intent}", {"payment_method_types": ""})

    assert len(after["payment_method_types"]) > 1
    assert after["automatic_payment_methods"]["enabled"]


def test_a_payments_descriptor_may_be_shorter_than_an_accounts(talk: Talk) -> None:
    """Observed in 2019: `p105` on a payment."""
    intent = talk.made("/v1/payment_intents", {**BY_CARD, "statement_descriptor": "p105"})

    assert intent["statement_descriptor"] == "p105"


def _challenge(talk: Talk, **more: Any) -> Any:
    card = {"payment_method": "pm_card_authenticationRequired"}
    intent = talk.made("/v1/payment_intents", {**BY_CARD, **card}, **more)
    assert (intent["status"], intent["next_action"]["type"]) == (
        "requires_action",
        "use_stripe_sdk",
    )
    return intent["id"], intent["next_action"]["use_stripe_sdk"]


def test_challenges_led_to_a_page_of_stripes_up_to_2023(talk: Talk) -> None:
    """Observed up to 2023-12-29, of cards from four countries."""
    _at(talk, 1_703_851_200)
    intent, told = _challenge(talk)
    assert told.keys() == {"source", "stripe_js", "type"}
    assert told["type"] == "three_d_secure_redirect"
    assert intent in told["stripe_js"]


def test_challenges_name_the_networks_directory_server_since_2024(talk: Talk) -> None:
    """Observed since 2024-02-06; the page stands there because Stripe's scripts cannot come here
    (assumed).
    """
    _at(talk, 1_707_220_800)
    account = talk.account()
    assert talk.control("onboard", {"account": account}).status_code == 200
    talk.advance("1m")
    intent, told = _challenge(talk, stripe_account=account)

    assert told["type"] == "stripe_3ds2_fingerprint"
    assert (told["directory_server_name"], told["merchant"]) == ("visa", account)
    assert told["three_d_secure_2_source"].startswith(f"payatt_{intent[3:19]}")
    assert intent in told["three_ds_method_url"]
    sealed = told["directory_server_encryption"]
    assert (sealed["algorithm"], sealed["directory_server_id"]) == ("RSA", "A000000003")
    for text in (sealed["certificate"], *sealed["root_certificate_authorities"]):
        assert text.startswith("-----BEGIN CERTIFICATE-----\n")
