"""Payment methods other than cards: what their customers do, and what becomes of the payment."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from emulator.rules import methods
from tests.properties.quick import Quick
from tests.resources.market import MORE_THAN_CARDS, Doc, books_hold, events, held, lines, on, seller
from tests.talking import Talk, error

_BACK = "https://shop.example.com/back"
_ACCOUNTS: Doc = {
    "acss_debit": {
        "account_number": "000123456789",
        "institution_number": "000",
        "transit_number": "11000",
    },
    "au_becs_debit": {"account_number": "000123456", "bsb_number": "000000"},
    "bacs_debit": {"account_number": "00012345", "sort_code": "108800"},
    "boleto": {"tax_id": "000.000.000-00"},
    "fpx": {"bank": "maybank2u"},
    "nz_bank_account": {
        "account_number": "0000000",
        "bank_code": "11",
        "branch_code": "0000",
        "suffix": "010",
    },
    "sepa_debit": {"iban": "DE89370400440532013000"},
    "sofort": {"country": "DE"},
    "us_bank_account": {"account_number": "000123456789", "routing_number": "110000000"},
}


def _params(type_: str, email: str = "jenny@example.com", **more: object) -> Doc:
    known = methods.known()[type_]
    address = {"country": "DE"}
    billing = {"email": email, "name": "Jenny Rosen", "address": address}
    data: Doc = {"type": type_, "billing_details": billing}
    if type_ in _ACCOUNTS:
        data[type_] = _ACCOUNTS[type_]
    return {
        "amount": 50_000,
        "currency": (known.currencies or ("usd",))[0],
        "confirm": True,
        "payment_method_types": [type_],
        "payment_method_data": data,
        "return_url": _BACK,
        **more,
    }


def _pay(talk: Talk, type_: str, email: str = "jenny@example.com", **more: object) -> Doc:
    return dict(talk.made("/v1/payment_intents", _params(type_, email, **more)))


def _here(talk: Talk, country: str) -> None:
    assert talk.control("settings", {"country": country}).status_code == 200


def _click(talk: Talk, intent: Doc, deed: str) -> str:
    """What the customer does on the page; where it leads back to."""
    url = intent["next_action"]["redirect_to_url"]["url"]
    there = talk.client.post(
        urlsplit(url).path, content=f"deed={deed}".encode(), follow_redirects=False
    )
    return str(there.headers.get("location"))


def _now(talk: Talk, intent: Doc) -> Doc:
    return dict(talk.got(f"/v1/payment_intents/{intent['id']}"))


@pytest.mark.parametrize("type_", sorted(set(methods.known()) - {"ach_debit", "customer_balance"}))
def test_every_method_takes_money_in_its_currency(type_: str) -> None:
    known = methods.known()[type_]
    talk = Quick(seed=type_)
    if known.countries and "US" not in known.countries:
        talk.world.restart_in(known.countries[0])
    if type_ == "payto":
        params = _params(type_, payment_method_data={"type": type_, type_: {"pay_id": "a@b.co"}})
    elif type_ == "naver_pay":
        params = _params(type_, payment_method_data={"type": type_, type_: {"funding": "card"}})
    else:
        params = _params(type_)
    intent = talk.made("/v1/payment_intents", params)
    action = (intent["next_action"] or {}).get("type")
    assert action == ("verify_with_microdeposits" if known.microdeposits else known.action)
    if known.microdeposits:
        path = f"/v1/payment_intents/{intent['id']}/verify_microdeposits"
        intent = talk.made(path, {"amounts": [32, 45]})
    elif known.action is not None:
        assert intent["status"] == "requires_action"
        from emulator.control.people import authentication

        intent, _ = authentication.authenticate(talk.world, intent["id"], "succeeded")
    assert intent["status"] == ("processing" if known.clears_seconds else "succeeded")
    talk.advance("1m")
    intent = talk.got(f"/v1/payment_intents/{intent['id']}", {"expand": ["latest_charge"]})
    charge = intent["latest_charge"]
    assert (intent["status"], charge["paid"]) == ("succeeded", True)
    assert charge["id"].startswith("py_")
    assert charge["payment_method_details"]["type"] == type_
    assert talk.got("/v1/balance_transactions")["data"][0]["type"] == "payment"
    assert books_hold(talk)


@pytest.mark.parametrize(
    ("deed", "status", "code", "said"),
    [
        ("succeeded", "succeeded", None, "succeeded"),
        ("failed", "requires_payment_method", "payment_intent_authentication_failure", "failed"),
        ("canceled", "requires_payment_method", "payment_intent_authentication_failure", "failed"),
    ],
)
def test_a_redirect_leads_to_a_page_and_back(
    talk: Talk, deed: str, status: str, code: str | None, said: str
) -> None:
    intent = _pay(talk, "ideal")
    back = _click(talk, intent, deed)

    assert back.startswith(f"{_BACK}?payment_intent={intent['id']}")
    assert back.endswith(f"redirect_status={said}")
    found = _now(talk, intent)
    assert (found["status"], (found["last_payment_error"] or {}).get("code")) == (status, code)
    assert found["next_action"] is None


def test_a_lender_says_no_in_its_own_words(talk: Talk) -> None:
    for deed, code in (
        ("failed", "payment_method_provider_decline"),
        ("canceled", "payment_method_customer_decline"),
    ):
        intent = _pay(talk, "klarna", currency="usd")
        _click(talk, intent, deed)
        assert _now(talk, intent)["last_payment_error"]["code"] == code


@pytest.mark.parametrize(
    ("email", "before", "after", "status"),
    [
        ("jenny@example.com", "179s", "1s", "succeeded"),
        ("jenny+succeed_immediately@example.com", "2s", "1s", "succeeded"),
        ("expire_immediately@example.com", "2s", "1s", "requires_payment_method"),
        ("expire_with_delay@example.com", "179s", "1s", "requires_payment_method"),
        ("fill_never@example.com", "2d", "2d", "requires_payment_method"),
    ],
)
def test_a_voucher_is_paid_as_the_email_says(
    talk: Talk, email: str, before: str, after: str, status: str
) -> None:
    _here(talk, "MX")
    intent = _pay(talk, "oxxo", email)
    assert intent["next_action"]["oxxo_display_details"]["hosted_voucher_url"].startswith("http")
    talk.advance(before)
    assert _now(talk, intent)["status"] == "requires_action"
    talk.advance(after)

    found = _now(talk, intent)
    assert found["status"] == status
    if status != "succeeded":
        assert found["last_payment_error"]["code"] == "payment_intent_payment_attempt_expired"


def test_a_voucher_lasts_as_long_as_its_options_say(talk: Talk) -> None:
    _here(talk, "BR")
    options = {"boleto": {"expires_after_days": 1}}
    intent = _pay(talk, "boleto", "fill_never@example.com", payment_method_options=options)
    until = intent["next_action"]["boleto_display_details"]["expires_at"]
    assert until == 1_772_495_999  # the end of 2 March 2026

    talk.control("clock", {"now": until})
    assert _now(talk, intent)["status"] == "requires_payment_method"


def test_an_old_voucher_does_not_pay_a_new_attempt(talk: Talk) -> None:
    _here(talk, "MX")
    intent = _pay(talk, "oxxo", "expire_with_delay@example.com")
    talk.advance("1m")
    data = _params("oxxo", "fill_never@example.com")["payment_method_data"]
    path = f"/v1/payment_intents/{intent['id']}/confirm"
    talk.made(path, {"payment_method_data": data, "return_url": _BACK})
    talk.advance("10m")
    assert _now(talk, intent)["status"] == "requires_action"


@pytest.mark.parametrize(
    ("type_", "params", "param"),
    [
        ("ideal", {"currency": "usd"}, "currency"),
        ("oxxo", {}, "payment_method_types"),
        ("ideal", {"capture_method": "manual"}, "capture_method"),
        ("ideal", {"return_url": None}, "return_url"),
        (
            "p24",
            {"payment_method_data": {"type": "p24"}},
            "payment_method_data[billing_details][email]",
        ),
    ],
)
def test_what_a_method_does_not_allow_is_refused(
    talk: Talk, type_: str, params: Doc, param: str
) -> None:
    sent = {name: value for name, value in _params(type_, **params).items() if value is not None}
    assert error(talk.post("/v1/payment_intents", sent), 400)["param"] == param


def test_a_lenders_money_is_taken_later_or_given_up(talk: Talk) -> None:
    for days, status in (("27d", "requires_capture"), ("1d", "canceled")):
        intent = _pay(talk, "klarna", currency="usd", capture_method="manual")
        _click(talk, intent, "succeeded")
        talk.advance(days)
        if status == "canceled":
            talk.advance("27d")
        assert _now(talk, intent)["status"] == status
    captured = _pay(talk, "klarna", currency="usd", capture_method="manual")
    _click(talk, captured, "succeeded")
    done = talk.made(f"/v1/payment_intents/{captured['id']}/capture")
    assert done["amount_received"] == 50_000


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"amounts": [45, 32]}, "processing", None),
        ({"descriptor_code": "SM11AA"}, "processing", None),
        ({"amounts": [10, 11]}, "requires_payment_method", "attempts_exceeded"),
        ({"descriptor_code": "SM44DD"}, "requires_payment_method", "timeout"),
        ({"amounts": [1, 2]}, "requires_action", None),
    ],
)
def test_microdeposits_prove_an_account(
    talk: Talk, sent: Doc, status: str, code: str | None
) -> None:
    intent = _pay(talk, "us_bank_account")
    path = f"/v1/payment_intents/{intent['id']}/verify_microdeposits"
    answer = talk.post(path, sent)

    assert answer.status_code == (200 if status == "processing" else 400)
    found = _now(talk, intent)
    assert found["status"] == status
    if code:
        told = found["last_payment_error"]["code"]
        assert told == f"payment_method_microdeposit_verification_{code}"


def test_the_page_asks_for_the_deposits(talk: Talk) -> None:
    intent = _pay(talk, "us_bank_account")
    url = intent["next_action"]["verify_with_microdeposits"]["hosted_verification_url"]
    path = urlsplit(url).path
    assert "Which deposits" in talk.client.get(path).text
    talk.client.post(path, content=b"deed=verify&first=32&second=45")
    assert _now(talk, intent)["status"] == "processing"


@pytest.mark.parametrize(
    ("number", "wait", "code"),
    [("000666666661", "10s", "failed"), ("000123456789", "10d", "verification_timeout")],
)
def test_deposits_that_do_not_arrive_or_are_forgotten(
    talk: Talk, number: str, wait: str, code: str
) -> None:
    account = {"account_number": number, "routing_number": "110000000"}
    data = {"type": "us_bank_account", "us_bank_account": account}
    intent = _pay(talk, "us_bank_account", payment_method_data=data)
    talk.advance(wait)
    told = _now(talk, intent)["last_payment_error"]["code"]
    assert told == f"payment_method_microdeposit_{code}"


def test_a_debit_that_fails_takes_its_mandate_along(talk: Talk) -> None:
    """Instant verification stands behind the ready-made names."""
    for name, status in (("accountClosed", "inactive"), ("insufficientFunds", "active")):
        params = _params("us_bank_account", payment_method=f"pm_usBankAccount_{name}")
        params.pop("payment_method_data")
        intent = talk.made("/v1/payment_intents", {**params, "expand": ["latest_charge"]})
        assert intent["status"] == "processing"
        details = intent["latest_charge"]["payment_method_details"]["us_bank_account"]
        talk.advance("1m")
        assert _now(talk, intent)["status"] == "requires_payment_method"
        assert talk.got(f"/v1/mandates/{details['mandate']}")["status"] == status


def test_radar_blocks_the_riskiest_account(talk: Talk) -> None:
    params = _params("us_bank_account", payment_method="pm_usBankAccount_riskLevelHighest")
    params.pop("payment_method_data")
    refused = error(talk.post("/v1/payment_intents", params), 402)
    charge = talk.got(f"/v1/charges/{refused['charge']}")
    assert charge["outcome"]["type"] == "blocked"
    assert charge["status"] == "failed"


def test_a_debit_that_never_ends_can_be_canceled(talk: Talk) -> None:
    params = _params("us_bank_account", payment_method="pm_usBankAccount_processing")
    params.pop("payment_method_data")
    intent = talk.made("/v1/payment_intents", params)
    talk.advance("30d")
    assert _now(talk, intent)["status"] == "processing"
    assert talk.made(f"/v1/payment_intents/{intent['id']}/cancel")["status"] == "canceled"
    assert talk.got(f"/v1/charges/{intent['latest_charge']}")["status"] == "failed"


def test_a_canceled_debit_brings_nothing(talk: Talk) -> None:
    params = _params("us_bank_account", payment_method="pm_usBankAccount_success")
    params.pop("payment_method_data")
    intent = talk.made("/v1/payment_intents", params)
    talk.made(f"/v1/payment_intents/{intent['id']}/cancel")
    talk.advance("1d")
    assert lines(talk) == []


def test_ideal_shows_an_account_that_later_payments_debit(talk: Talk) -> None:
    customer = talk.customer()["id"]
    intent = _pay(talk, "ideal", customer=customer, setup_future_usage="off_session")
    _click(talk, intent, "succeeded")
    charge = talk.got(f"/v1/charges/{_now(talk, intent)['latest_charge']}")
    shown = charge["payment_method_details"]["ideal"]
    later = talk.got(f"/v1/payment_methods/{shown['generated_sepa_debit']}")

    assert (later["type"], later["customer"]) == ("sepa_debit", customer)
    assert later["sepa_debit"]["generated_from"]["charge"] == charge["id"]
    params = _params("sepa_debit", customer=customer, payment_method=later["id"])
    params.pop("payment_method_data")
    again = talk.made("/v1/payment_intents", {**params, "off_session": True})
    assert again["status"] == "processing"


def test_a_saved_wallet_pays_without_its_owner(talk: Talk) -> None:
    customer = talk.customer()["id"]
    more: Doc = {"currency": "usd", "customer": customer, "setup_future_usage": "off_session"}
    intent = _pay(talk, "paypal", **more)
    _click(talk, intent, "succeeded")
    params = _params("paypal", **more, payment_method=intent["payment_method"], off_session=True)
    params.pop("payment_method_data")
    assert talk.made("/v1/payment_intents", params)["status"] == "succeeded"


def test_refunds_go_the_way_of_the_method(talk: Talk) -> None:
    _here(talk, "JP")
    intent = _pay(talk, "konbini", "succeed_immediately@example.com")
    talk.advance("3s")
    refund = talk.made("/v1/refunds", {"payment_intent": intent["id"], "amount": 20_000})
    assert refund["status"] == "requires_action"
    mail = refund["next_action"]["display_details"]["email_sent"]
    assert mail["email_sent_to"] == "succeed_immediately@example.com"
    talk.advance("3m")
    assert talk.got(f"/v1/refunds/{refund['id']}")["status"] == "succeeded"

    before = held(talk, part="pending", currency="jpy")
    other = talk.made("/v1/refunds", {"payment_intent": intent["id"]})
    assert held(talk, part="pending", currency="jpy") == before - 30_000
    assert talk.made(f"/v1/refunds/{other['id']}/cancel")["status"] == "canceled"
    talk.advance("10m")
    assert talk.got(f"/v1/refunds/{other['id']}")["status"] == "canceled"
    assert held(talk, part="pending", currency="jpy") + held(talk, currency="jpy") == before
    assert talk.got(f"/v1/charges/{refund['charge']}")["amount_refunded"] == 20_000
    assert books_hold(talk)


def test_what_cannot_go_back_is_refused(talk: Talk) -> None:
    _here(talk, "MX")
    intent = _pay(talk, "oxxo", "succeed_immediately@example.com")
    talk.advance("3s")
    refused = error(talk.post("/v1/refunds", {"payment_intent": intent["id"]}), 400)
    assert refused["code"] == "charge_not_refundable"


def test_methods_pay_for_sellers_too(talk: Talk) -> None:
    account = seller(talk, capabilities=MORE_THAN_CARDS)
    data = {"destination": account}
    intent = _pay(talk, "klarna", currency="usd", transfer_data=data, application_fee_amount=700)
    _click(talk, intent, "succeeded")
    assert [line["net"] for line in lines(talk, account)] == [49_300]
    direct = talk.made("/v1/payment_intents", _params("klarna", currency="usd"), **on(account))
    assert direct["next_action"]["type"] == "redirect_to_url"
    _click(talk, direct, "succeeded")
    assert events(talk, account)[-1] == "payment_intent.succeeded"


def test_an_account_is_paid_by_the_methods_it_may_take(talk: Talk) -> None:
    cards_only = seller(talk)
    answer = talk.post("/v1/payment_intents", _params("klarna", currency="usd"), **on(cards_only))
    assert error(answer, 400)["param"] == "payment_method_types"
    behalf: Doc = {"transfer_data": {"destination": cards_only}, "on_behalf_of": cards_only}
    answer = talk.post("/v1/payment_intents", _params("klarna", currency="usd", **behalf))
    assert error(answer, 400)["param"] == "payment_method_types"
    unknown = _params("klarna", currency="usd", on_behalf_of="acct_unknown")
    assert error(talk.post("/v1/payment_intents", unknown), 400)["param"] == "on_behalf_of"
    passed_on = _params("klarna", currency="usd", transfer_data={"destination": cards_only})
    assert talk.made("/v1/payment_intents", passed_on)["status"] == "requires_action"


@pytest.mark.parametrize("type_", ["oxxo", "customer_balance", "affirm"])
def test_what_pays_once_cannot_be_set_up(talk: Talk, type_: str) -> None:
    answer = talk.post("/v1/setup_intents", {"payment_method_types": [type_]})
    assert error(answer, 400)["param"] == "payment_method_types"
