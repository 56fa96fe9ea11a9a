"""A page of a world that is not there says so, whichever page it is."""

from __future__ import annotations

import pytest

from tests.talking import Talk

_SEEN = ("express/{}/acct_1/1", "pay/{}/plink_1")
_DONE = (
    "authenticate/{}/pi_1",
    "checkout/{}/cs_test_1",
    "invoices/{}/in_1",
    "onboarding/{}/acct_1/1",
    "portal/{}/bps_1",
)


@pytest.mark.parametrize(
    ("method", "page"),
    [*(("GET", page) for page in (*_SEEN, *_DONE)), *(("POST", page) for page in _DONE)],
)
def test_a_page_of_a_world_that_is_not_there_says_so(talk: Talk, method: str, page: str):
    found = talk.client.request(method, f"/_emulator/{page.format('nowhere')}")
    assert found.status_code == 404
    assert "nowhere" in found.text
    assert found.headers["content-type"].startswith("text/html")
