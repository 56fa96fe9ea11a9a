"""What a refusal looks like as a body."""

from __future__ import annotations

from emulator.kernel.errors import Refusal, doc_url
from emulator.kernel.errors.requests import mask


def test_a_body_holds_what_is_there_in_the_alphabets_order():
    refusal = Refusal(402, "card_error", "No.", "card_declined", "source", {"charge": "ch_1"})
    body = refusal.body()
    assert list(body) == ["charge", "code", "doc_url", "message", "param", "type"]
    assert body["doc_url"] == "https://stripe.com/docs/error-codes/card-declined"


def test_a_body_leaves_out_what_is_absent():
    assert Refusal(400, "api_error", "No.").body() == {"message": "No.", "type": "api_error"}


def test_an_undocumented_code_has_no_page():
    assert "doc_url" not in Refusal(501, "api_error", "No.", "x", documented=False).body()


def test_a_page_has_dashes():
    assert doc_url("a_b_c").endswith("/a-b-c")


def test_a_masked_key_keeps_its_length_and_loses_its_middle():
    key = "sk_test_1234567890"
    assert mask(key) == "sk_test_******7890"
    assert len(mask(key)) == len(key)
    assert mask("abc") == "abc"
