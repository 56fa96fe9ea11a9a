"""Pages as /v2 gives them, at their edges."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from emulator.kernel.errors import Refusal
from emulator.kit.core_pages import CorePage, core_page

FOUND = [{"id": f"thing_{number}"} for number in range(6)]


def _page(url: str | None = None, **params: Any) -> CorePage:
    if url is not None:
        params |= {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        params["limit"] = int(params["limit"])
    return core_page(FOUND, params, "/v2/things")


@pytest.mark.parametrize(
    ("limit", "sizes"),
    [(1, [1] * 6), (2, [2, 2, 2]), (4, [4, 2]), (5, [5, 1]), (6, [6]), (7, [6]), (None, [6])],
)
def test_pages_lead_through_all_and_end_where_it_ends(limit: int | None, sizes: list[int]):
    page = _page(limit=limit)
    seen, turned = [*page.items], [len(page.items)]
    while page.next_page_url is not None:
        page = _page(page.next_page_url)
        seen += page.items
        turned.append(len(page.items))
    assert seen == FOUND
    assert turned == sizes


def test_a_page_leads_back_to_the_one_before():
    first = _page(limit=2)
    assert first.previous_page_url is None
    assert first.next_page_url is not None
    second = _page(first.next_page_url)
    assert second.previous_page_url is not None
    assert _page(second.previous_page_url) == first


def test_filters_go_along_in_the_words_of_a_query():
    page = _page(limit=2, include=["a", "b"], created={"gt": 5}, closed=False, of=None)
    assert page.next_page_url is not None
    query = parse_qs(urlsplit(page.next_page_url).query)
    del query["page"]
    assert query == {
        "limit": ["2"],
        "include[0]": ["a"],
        "include[1]": ["b"],
        "created[gt]": ["5"],
        "closed": ["false"],
    }


@pytest.mark.parametrize("token", ["nope", "é", "dGhpbmdfOQ=="])
def test_a_token_that_nobody_gave_out_is_refused(token: str):
    with pytest.raises(Refusal):
        _page(page=token)
