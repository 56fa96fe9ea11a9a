"""Embedded components: the pages that Connect.js shows in frames."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from tests.talking import Talk


def _secret(talk: Talk, account: str, *components: str) -> str:
    asked = {"account": account, "components": {name: {"enabled": True} for name in components}}
    return str(talk.made("/v1/account_sessions", asked)["client_secret"])


def _page(talk: Talk, component: str, secret: str, more: Mapping[str, str] | None = None):
    asked = {"secret": secret, **(more or {})}
    return talk.client.get(f"/_emulator/components/main/{component}", params=asked)


def _told(text: str) -> dict[str, str]:
    (tag,) = re.findall(r"<script([^>]*)>", text)
    return dict(re.findall(r'data-(\w+)="([^"]*)"', tag))


def test_an_account_is_onboarded_inside_the_page_of_its_platform(talk: Talk):
    account = talk.account()
    form = _page(talk, "account_onboarding", _secret(talk, account, "account_onboarding"))
    assert "Complete your account" in form.text
    done = talk.client.post(str(form.url), data={"deed": "fill"})
    assert _told(done.text) == {"of": "component", "what": "exit"}
    assert talk.got(f"/v1/accounts/{account}")["requirements"]["currently_due"] == []


def test_who_leaves_the_form_is_told_of_too(talk: Talk):
    form = _page(talk, "account_onboarding", _secret(talk, talk.account(), "account_onboarding"))
    left = talk.client.post(str(form.url), data={"deed": "leave"})
    assert _told(left.text)["what"] == "exit"


def test_components_show_what_the_account_has(talk: Talk):
    account = talk.account()
    talk.control("onboard", {"account": account})
    sent = {"amount": 2500, "currency": "usd", "source": "tok_bypassPending"}
    charge = talk.made("/v1/charges", sent, stripe_account=account)
    secret = _secret(talk, account, "payments", "balances", "notification_banner", "payouts")
    assert charge["id"] in _page(talk, "payments", secret).text
    assert "Nothing yet." in _page(talk, "payouts", secret).text
    assert "available" in _page(talk, "balances", secret).text
    assert _told(_page(talk, "notification_banner", secret).text)["total"] == "0"


def test_a_session_opens_only_what_it_enables_and_not_for_ever(talk: Talk):
    secret = _secret(talk, talk.account(), "balances")
    refused = _page(talk, "payouts", secret)
    assert refused.status_code == 400
    assert "components[payouts][enabled]" in _told(refused.text)["message"]
    assert _page(talk, "balances", secret).status_code == 200
    talk.advance("31m")
    assert "expired" in _told(_page(talk, "balances", secret).text)["message"]


@pytest.mark.parametrize("secret", ["", "accs_secret__nope"])
def test_nobody_opens_a_component_without_a_session(talk: Talk, secret: str):
    talk.account()
    assert _page(talk, "balances", secret).status_code == 400


def test_a_form_collects_what_is_asked_for(talk: Talk):
    secret = _secret(talk, talk.account(), "account_onboarding")
    page = _page(talk, "account_onboarding", secret, {"collect": "everything"})
    assert "eventually_due" in _told(page.text)["message"]
    page = _page(talk, "account_onboarding", secret, {"collect": "eventually_due"})
    assert page.status_code == 200


def test_the_script_is_there_at_the_address_of_the_real_one(talk: Talk):
    for path in ("", "/v1.0/connect.js", "/v0.1/connect.js"):
        script = talk.client.get(f"/_emulator/connect.js{path}")
        assert "window.StripeConnect = " in script.text
        assert script.headers["content-type"].startswith("text/javascript")
