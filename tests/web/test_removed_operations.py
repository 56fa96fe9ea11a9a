"""Operations that Stripe removed: there in older versions, and from then on as if they had never
been.
"""

from __future__ import annotations

import pytest

from tests.talking import Talk, error

_LAST = "2025-02-24.acacia"
_FIRST = "2025-03-31.basil"
_USAGE = "/v1/subscription_items/si_1/usage_records"
_SUMMARIES = "/v1/subscription_items/si_1/usage_record_summaries"


def _message(talk: Talk, method: str, path: str, version: str) -> str:
    refused = error(talk.send(method, path, b"", stripe_version=version), 404)
    return str(refused["message"])


@pytest.mark.parametrize(("method", "path"), [("POST", _USAGE), ("GET", _SUMMARIES)])
@pytest.mark.parametrize("strict", [False, True])
def test_a_removed_address_is_unknown(talk: Talk, method: str, path: str, *, strict: bool):
    talk.control("settings", {"strict": strict})
    said = f"Unrecognized request URL ({method}: {path})."
    assert _message(talk, method, path, _FIRST).startswith(said)
    before = talk.send(method, path, b"quantity=1" * (method == "POST"), stripe_version=_LAST)
    assert error(before, 404)["message"] == "No such subscription_item: 'si_1'"
    assert "emulator-fidelity" not in before.headers


@pytest.mark.parametrize("rest", ["", "/lines"])
def test_upcoming_is_the_id_of_an_invoice_like_any_other(talk: Talk, rest: str):
    path = f"/v1/invoices/upcoming{rest}"
    assert _message(talk, "GET", path, _FIRST) == "No such invoice: 'upcoming'"
    before = error(talk.get(path, stripe_version=_LAST), 400)
    assert before["message"] != "No such invoice: 'upcoming'"


def test_the_log_tells_where_a_removed_address_is_still_known(talk: Talk):
    talk.send("GET", _SUMMARIES, b"", stripe_version=_FIRST)
    hint = talk.control("requests").json()["data"][0]["hint"]
    assert hint == "It is gone since 2025-03-31; an older Stripe-Version has it."
