"""PII tokens: a number that a browser told Stripe, and the platform only names."""

from __future__ import annotations

from typing import Any

import pytest

from tests.resources.market import seller
from tests.talking import Talk, error

_REFUSED = "111111111"  # documented: this number matches nobody


def _token(talk: Talk, number: str, name: str = "id_number") -> str:
    return str(talk.made("/v1/tokens", {"pii": {name: number}})["id"])


def _codes(talk: Talk, account: str) -> set[str]:
    talk.advance("1m")
    found: Any = talk.got(f"/v1/accounts/{account}")["requirements"]["errors"]
    return {each["code"] for each in found}


@pytest.mark.parametrize("name", ["id_number", "personal_id_number"])
def test_the_number_in_a_token_is_verified_as_if_it_had_been_sent(talk: Talk, name: str):
    account = seller(talk)
    path, sent = f"/v1/accounts/{account}", {"individual": {"id_number": ""}}
    sent["individual"]["id_number"] = _token(talk, _REFUSED, name)
    talk.made(path, sent)
    assert _codes(talk, account) == {"verification_failed_keyed_identity"}
    talk.made(path, {"individual": {"id_number": _token(talk, "222222222", name)}})
    assert _codes(talk, account) == set()


def test_a_token_of_a_number_serves_once_and_must_be_known(talk: Talk):
    path = f"/v1/accounts/{seller(talk)}"
    sent = {"individual": {"id_number": _token(talk, "000000000")}}
    talk.made(path, sent)
    assert error(talk.post(path, sent), 400)["code"] == "token_already_used"
    elsewhere = {"individual": {"id_number": "pii_1OxStripeJsMadeThis12345"}}
    assert talk.made(path, elsewhere)["individual"]["id_number_provided"] is True
    talk.control("settings", {"browser_tokens": False})
    assert error(talk.post(path, elsewhere), 400)["code"] == "resource_missing"
