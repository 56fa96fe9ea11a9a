"""The script for browsers, and what a publishable key may do with it."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import emulator.web
from emulator.web.app import Application
from tests.talking import Talk, error

_SCRIPTS = ("stripe", "connect")
_BACK = "https://shop.example/done"
_3DS = {"number": "4000002500003155", "exp_month": 12, "exp_year": 2034, "cvc": "123"}


@pytest.fixture
def browser(talk: Talk) -> Talk:
    """The same world as a page sees it."""
    return talk.as_key("pk_test_main")


@pytest.mark.parametrize(
    "path", ["", "/v3/", "/v3", "/basil/stripe.js", "/clover/stripe.js", "/v3/fingerprinted/a.js"]
)
def test_the_script_is_there_at_every_address_of_the_real_one(talk: Talk, path: str):
    answer = talk.client.get(f"/_emulator/stripe.js{path}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "window.Stripe = " in answer.text


def test_the_script_asks_the_address_that_it_came_from(app: Application):
    with TestClient(app, base_url="http://emulator.test:8080") as client:
        script = client.get("/_emulator/stripe.js").text
        assert 'const HERE = "http://emulator.test:8080";' in script
        script = client.get("/w/shop/_emulator/stripe.js").text
        assert 'const HERE = "http://emulator.test:8080/w/shop";' in script


def test_the_scripts_hold_every_file_of_their_folder(talk: Talk):
    script = "".join(talk.client.get(f"/_emulator/{name}.js").text for name in _SCRIPTS)
    folder = Path(str(emulator.web.__file__)).parent / "stripe_js"
    files = sorted(folder.iterdir())
    assert len(files) > 5
    assert [file.name for file in files if file.read_text("utf-8") not in script] == []


def test_a_page_of_another_origin_may_send_a_key(talk: Talk):
    asked = {"origin": "http://shop.example", "access_control_request_headers": "authorization"}
    answer = talk.send("OPTIONS", "/v1/payment_methods", **asked)
    allowed = answer.headers.get_list("access-control-allow-headers", split_commas=True)
    assert "Authorization" in allowed


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("currency=eur", "bancontact", "cashapp"),
        ("currency=USD", "card", "bancontact"),
        ("currency=eur&manual=true", "card", "bancontact"),
        ("", "card", "bancontact"),
    ],
)
def test_elements_offer_what_an_intent_would_take(
    talk: Talk, query: str, there: str, not_there: str
):
    url = f"/_emulator/stripe.js/methods?key=pk_test_main&{query}"
    answer = talk.client.get(url)
    assert answer.headers["access-control-allow-origin"] == "*"
    types = answer.json()["types"]
    assert there in types
    assert not_there not in types


def test_an_account_offers_what_it_has_switched_on(talk: Talk):
    account = talk.account()
    listed = talk.got("/v1/payment_method_configurations", {}, stripe_account=account)
    off = {"klarna": {"display_preference": {"preference": "off"}}}
    path = f"/v1/payment_method_configurations/{listed['data'][0]['id']}"
    talk.made(path, off, stripe_account=account)
    url = "/_emulator/stripe.js/methods?key=pk_test_main&currency=usd"
    assert "klarna" in talk.client.get(url).json()["types"]
    assert "klarna" not in talk.client.get(f"{url}&account={account}").json()["types"]


@pytest.mark.parametrize(
    ("query", "status"),
    [("key=pk_test_main&account=acct_1", 403), ("key=pk_live_main", 401), ("", 401)],
)
def test_who_asks_for_somebody_else_is_told_nothing(talk: Talk, query: str, status: int):
    error(talk.client.get(f"/_emulator/stripe.js/methods?{query}"), status)


# -- checkout -------------------------------------------------------------------------------------

_PRICE = {"currency": "usd", "unit_amount": 1500, "product_data": {"name": "Tea"}}
_TEA = {"mode": "payment", "line_items": [{"quantity": 2, "price_data": _PRICE}]}


def _session(talk: Talk, **params: object) -> dict[str, str]:
    made: dict[str, str] = talk.made("/v1/checkout/sessions", {**_TEA, **params})
    return made


def test_a_session_is_read_with_its_secret_alone(talk: Talk):
    made = _session(talk, ui_mode="custom", return_url=_BACK)
    url = "/_emulator/stripe.js/session?key=pk_test_main&secret="
    found = talk.client.get(url + made["client_secret"]).json()
    assert found["session"]["id"] == made["id"]
    assert [line["description"] for line in found["lines"]] == ["Tea"]
    error(talk.client.get(f"{url}{made['id']}_secret_x"), 404)
    error(talk.client.get(f"{url}{_session(talk, success_url=_BACK)['id']}"), 404)
    error(talk.client.get(url), 404)


def test_a_session_is_paid_with_its_secret(talk: Talk):
    made = _session(talk, ui_mode="custom", return_url=_BACK)
    known = {"key": "pk_test_main", "secret": made["client_secret"]}
    path = "/_emulator/stripe.js/session"
    declined = {**known, "payer[payment_method]": "pm_card_chargeDeclined"}
    answer = talk.client.post(path, data=declined)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert error(answer, 402)["code"] == "card_declined"
    asked = {**known, "payer[payment_method]": "pm_card_authenticationRequired"}
    found = talk.client.post(path, data=asked).json()
    assert "/_emulator/authenticate/" in found["asked"]
    talk.client.post(found["asked"], data={"deed": "succeeded"})
    paid = talk.got(f"/v1/checkout/sessions/{made['id']}")
    assert paid["payment_status"] == "paid"


def test_a_page_chooses_before_it_pays_and_not_afterwards(talk: Talk):
    coupon = talk.made("/v1/coupons", {"percent_off": 50})["id"]
    promotion = {"type": "coupon", "coupon": coupon}
    talk.made("/v1/promotion_codes", {"code": "HALF", "promotion": promotion})
    made = _session(talk, ui_mode="custom", return_url=_BACK, allow_promotion_codes=True)
    known = {"key": "pk_test_main", "secret": made["client_secret"]}
    path = "/_emulator/stripe.js/session"
    chosen = {**known, "choice[promotion_code]": "HALF"}
    assert talk.client.post(path, data=chosen).json()["session"]["amount_total"] == 1500
    dropped = {**known, "choice[promotion_code]": ""}
    assert talk.client.post(path, data=dropped).json()["session"]["amount_total"] == 3000
    senseless = {**known, "choice[promotion_code][x]": "HALF", "payer": "nobody"}
    assert talk.client.post(path, data=senseless).json()["session"]["amount_total"] == 3000
    paid = {**known, "payer[payment_method]": "pm_card_visa"}
    assert talk.client.post(path, data=paid).json()["session"]["status"] == "complete"
    error(talk.client.post(path, data=chosen), 400)


@pytest.mark.parametrize(
    ("params", "there"),
    [({"return_url": _BACK}, _BACK), ({"redirect_on_completion": "never"}, "")],
)
def test_a_page_in_a_frame_tells_the_page_around_it(talk: Talk, params: dict[str, str], there: str):
    made = _session(talk, ui_mode="embedded", **params)
    url = f"/_emulator/checkout/main/{made['id']}?framed=1"
    assert "parent.postMessage" not in talk.client.get(url).text
    page = talk.client.post(url, data={"deed": "submit", "ready": "pm_card_visa"})
    assert f'data-of="checkout" data-id="{made["id"]}" data-there="{there}"' in page.text
    script = re.findall(r"<script[^>]*>(.*?)</script>", page.text)[0]
    known = b64encode(sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{known}'" in page.headers["content-security-policy"]
    assert page.text.count("<script") == 1
    assert "parent.postMessage" in talk.client.get(url).text


# -- what a publishable key may do ----------------------------------------------------------------


def _token(browser: Talk, **params: object) -> str:
    data = {"type": "card", "card": _3DS}
    sent = {"payment_method_data": data, "return_url": _BACK, **params}
    return str(browser.made("/v1/confirmation_tokens", sent)["id"])


def test_a_page_makes_confirmation_tokens(talk: Talk, browser: Talk):
    shipping = {"name": "Jenny", "address": {"line1": "1 Main Street"}}
    token = _token(browser, shipping=shipping, setup_future_usage="off_session")
    made = talk.made(
        "/v1/payment_intents",
        {"amount": 900, "currency": "usd", "confirm": True, "confirmation_token": token},
    )
    assert made["status"] == "requires_action"
    assert made["setup_future_usage"] == "off_session"
    assert made["shipping"]["name"] == "Jenny"
    assert made["next_action"]["type"] == "use_stripe_sdk"
    again = {"amount": 900, "currency": "usd", "confirm": True, "confirmation_token": token}
    assert "was used before" in error(talk.post("/v1/payment_intents", again), 400)["message"]


def test_a_setup_intent_takes_a_confirmation_token(talk: Talk, browser: Talk):
    sent = {"confirm": True, "confirmation_token": _token(browser)}
    made = talk.made("/v1/setup_intents", sent)
    assert made["status"] == "requires_action"
    intent = talk.made("/v1/setup_intents")
    path = f"/v1/setup_intents/{intent['id']}/confirm"
    confirmed = talk.made(path, {"confirmation_token": _token(browser)})
    assert confirmed["next_action"]["type"] == "use_stripe_sdk"


def test_what_a_request_says_outweighs_its_confirmation_token(talk: Talk, browser: Talk):
    token = _token(browser, setup_future_usage="off_session")
    intent = talk.made("/v1/payment_intents", {"amount": 900, "currency": "usd"})
    path = f"/v1/payment_intents/{intent['id']}/confirm"
    sent = {"confirmation_token": token, "setup_future_usage": "on_session"}
    assert talk.made(path, sent)["setup_future_usage"] == "on_session"


@pytest.mark.parametrize(
    ("sdk", "action"), [(True, "use_stripe_sdk"), (False, "redirect_to_url"), (None, None)]
)
def test_stripe_js_opens_the_challenge_itself(talk: Talk, *, sdk: bool | None, action: str | None):
    sent = {"payment_method_data": {"type": "card", "card": _3DS}, "confirm": True}
    told = {} if sdk is None else {"use_stripe_sdk": sdk}
    params = {"amount": 900, "currency": "usd", **sent, **told, "return_url": _BACK}
    made = talk.made("/v1/payment_intents", params)
    assert made["next_action"]["type"] == (action or "redirect_to_url")


def test_the_buttons_of_the_challenge_have_the_names_of_stripes_own(talk: Talk):
    sent = {"payment_method_data": {"type": "card", "card": _3DS}, "confirm": True}
    params = {"amount": 900, "currency": "usd", "use_stripe_sdk": True, **sent}
    made = talk.made("/v1/payment_intents", params)
    url = made["next_action"]["use_stripe_sdk"]["three_ds_method_url"]
    page = talk.client.get(url).text
    named = re.findall(r'value="(\w+)"[^>]* id="([\w-]+)"', page)
    assert named == [
        ("succeeded", "test-source-authorize-3ds"),
        ("failed", "test-source-fail-3ds"),
    ]


def test_a_page_proves_microdeposits_with_the_secret_of_the_intent(talk: Talk, browser: Talk):
    bank = {"routing_number": "110000000", "account_number": "000123456789"}
    account = {**bank, "account_holder_type": "individual"}
    billing = {"name": "Jenny"}
    data = {"type": "us_bank_account", "us_bank_account": account, "billing_details": billing}
    types = {"payment_method_types": ["us_bank_account"]}
    intent = talk.made("/v1/payment_intents", {"amount": 900, "currency": "usd", **types})
    known = {"client_secret": intent["client_secret"]}
    path = f"/v1/payment_intents/{intent['id']}"
    browser.made(f"{path}/confirm", {**known, "payment_method_data": data})
    proof = {"descriptor_code": "SM11AA"}
    error(browser.post(f"{path}/verify_microdeposits", proof), 401)
    assert browser.made(f"{path}/verify_microdeposits", {**known, **proof})["status"] == (
        "processing"
    )


@pytest.mark.parametrize(
    "sent", [b"key=%ff", b"\xff", b"key=1&key[b]=2", b"a" + b"[b]" * 300 + b"=1"]
)
def test_what_cannot_be_read_is_refused(talk: Talk, sent: bytes):
    assert talk.client.post("/_emulator/stripe.js/session", content=sent).status_code == 400
