"""Lists: pages both ways, ranges of time, filters; through HTTP, as clients see them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from emulator.web.app import build
from emulator.world import Profile, Worlds
from tests.talking import NOW, Talk, error

PATH = "/v1/customers"


@pytest.fixture
def ids(talk: Talk) -> list[str]:
    """Twelve customers, newest first, two for each of six seconds."""
    found = []
    for _ in range(6):
        found += [talk.customer()["id"], talk.customer()["id"]]
        talk.advance("1s")
    return found[::-1]


def _ids(page: Any) -> list[str]:
    return [each["id"] for each in page["data"]]


def test_a_list_is_ten_of_the_newest_unless_told_otherwise(talk: Talk, ids: list[str]):
    page = talk.got(PATH)
    assert (page["object"], page["url"], page["has_more"]) == ("list", PATH, True)
    assert list(page) == ["object", "data", "has_more", "url"]
    assert _ids(page) == ids[:10]


@pytest.mark.parametrize(
    ("limit", "size", "more"), [(1, 1, True), (11, 11, True), (12, 12, False), (100, 12, False)]
)
def test_the_limit_is_the_size_of_a_page(
    talk: Talk, ids: list[str], limit: int, size: int, more: bool
):
    page = talk.got(PATH, {"limit": limit})
    assert _ids(page) == ids[:size]
    assert page["has_more"] is more


def test_an_empty_list_is_a_list(talk: Talk):
    assert talk.got(PATH) == {"object": "list", "data": [], "has_more": False, "url": PATH}


def test_pages_follow_each_other_both_ways(talk: Talk, ids: list[str]):
    older = talk.got(PATH, {"limit": 5, "starting_after": ids[4]})
    assert (_ids(older), older["has_more"]) == (ids[5:10], True)
    last = talk.got(PATH, {"limit": 5, "starting_after": ids[9]})
    assert (_ids(last), last["has_more"]) == (ids[10:], False)
    newer = talk.got(PATH, {"limit": 3, "ending_before": ids[6]})
    assert (_ids(newer), newer["has_more"]) == (ids[3:6], True)
    first = talk.got(PATH, {"limit": 3, "ending_before": ids[3]})
    assert (_ids(first), first["has_more"]) == (ids[:3], False)
    assert _ids(talk.got(PATH, {"starting_after": ids[-1]})) == []
    assert _ids(talk.got(PATH, {"ending_before": ids[0]})) == []


def test_a_cursor_holds_its_place_when_others_come_and_go(talk: Talk, ids: list[str]):
    talk.delete(f"{PATH}/{ids[5]}")
    talk.customer()
    assert _ids(talk.got(PATH, {"limit": 2, "starting_after": ids[4]})) == [ids[6], ids[7]]


@pytest.mark.parametrize("param", ["starting_after", "ending_before"])
def test_an_unknown_cursor_is_refused(talk: Talk, param: str):
    refused = error(talk.get(PATH, {param: "cus_none"}), 400)
    assert (refused["code"], refused["param"]) == ("resource_missing", param)
    assert refused["message"] == "No such customer: 'cus_none'"


def test_both_cursors_are_refused(talk: Talk, ids: list[str]):
    refused = error(talk.get(PATH, {"starting_after": ids[0], "ending_before": ids[1]}), 400)
    assert refused["message"].startswith("Received both starting_after and ending_before")


def test_the_cursor_of_events_is_called_a_notification(talk: Talk):
    refused = error(talk.get("/v1/events", {"starting_after": "evt_none"}), 400)
    assert refused["message"] == "No such notification: 'evt_none'"


@pytest.mark.parametrize(
    ("created", "seconds"),
    [
        (NOW + 2, {2}),
        ({"gte": NOW + 4}, {4, 5}),
        ({"gt": NOW + 4}, {5}),
        ({"lt": NOW + 1}, {0}),
        ({"lte": NOW + 1}, {0, 1}),
        ({"gte": NOW + 1, "lt": NOW + 3}, {1, 2}),
        ({"gt": NOW + 3, "lt": NOW + 3}, set()),
        ({"gt": NOW + 99}, set()),
    ],
)
def test_a_range_of_creation_narrows_a_list(
    talk: Talk, ids: list[str], created: Any, seconds: set[int]
):
    page = talk.got(PATH, {"created": created, "limit": 100})
    assert {each["created"] - NOW for each in page["data"]} == seconds
    assert len(page["data"]) == 2 * len(seconds)
    assert not page["has_more"]


def test_a_range_and_a_cursor_hold_together(talk: Talk, ids: list[str]):
    within = {"created": {"gte": NOW + 1, "lte": NOW + 4}, "limit": 3}
    page = talk.got(PATH, {**within, "starting_after": ids[4]})
    assert (_ids(page), page["has_more"]) == (ids[5:8], True)
    page = talk.got(PATH, {**within, "starting_after": ids[7]})
    assert (_ids(page), page["has_more"]) == (ids[8:10], False)


def test_a_filter_narrows_a_list(talk: Talk):
    ada = [talk.customer(email="ada@example.com")["id"] for _ in range(3)]
    talk.customer(email="bob@example.com")
    page = talk.got(PATH, {"email": "ada@example.com", "limit": 2})
    assert (_ids(page), page["has_more"]) == (ada[:0:-1], True)
    assert _ids(talk.got(PATH, {"email": "nobody@example.com"})) == []


def test_a_filter_follows_what_it_filters_by(talk: Talk):
    one, two = talk.customer(email="a@b.co")["id"], talk.customer(email="a@b.co")["id"]
    talk.made(f"{PATH}/{one}", {"email": "c@d.co"})
    assert _ids(talk.got(PATH, {"email": "a@b.co"})) == [two]
    assert _ids(talk.got(PATH, {"email": "c@d.co"})) == [one]
    talk.made(f"{PATH}/{one}", {"email": "a@b.co"})
    assert _ids(talk.got(PATH, {"email": "a@b.co"})) == [two, one]
    talk.delete(f"{PATH}/{two}")
    assert _ids(talk.got(PATH, {"email": "a@b.co"})) == [one]


def test_one_of_several_types_of_event(talk: Talk):
    customer = talk.customer()["id"]
    talk.made(f"{PATH}/{customer}", {"name": "Ada"})
    talk.delete(f"{PATH}/{customer}")
    page = talk.got("/v1/events", {"types": ["customer.created", "customer.deleted"]})
    assert [event["type"] for event in page["data"]] == ["customer.deleted", "customer.created"]


def test_a_list_shows_one_account_only(talk: Talk):
    account = talk.account()
    there = talk.made(PATH, stripe_account=account)
    here = talk.customer()
    assert _ids(talk.got(PATH)) == [here["id"]]
    assert _ids(talk.got(PATH, stripe_account=account)) == [there["id"]]
    refused = error(talk.get(PATH, {"starting_after": there["id"]}), 400)
    assert refused["code"] == "resource_missing"


@given(count=st.integers(0, 12), limit=st.integers(1, 13), backwards=st.booleans())
@settings(max_examples=25)
def test_paging_through_finds_everything_once(count: int, limit: int, backwards: bool):
    with TestClient(build(Worlds(Profile(start=NOW, frozen=True)))) as client:
        talk = Talk(client)
        made = [talk.customer()["id"] for _ in range(count)]
        assert _all(talk, limit, made[0] if backwards and made else None) == made[::-1]


def _all(talk: Talk, limit: int, oldest: str | None) -> list[str]:
    """Every id, newest first, page by page: from the newest, or upwards from the oldest."""
    params: dict[str, Any] = {"limit": limit}
    found = [oldest] if oldest else []
    while True:
        if found:
            params["ending_before" if oldest else "starting_after"] = found[0 if oldest else -1]
        page = talk.got(PATH, params)
        found = [*_ids(page), *found] if oldest else [*found, *_ids(page)]
        if not page["has_more"]:
            return found


def test_older_versions_may_ask_how_many_there_are(talk: Talk, ids: list[str]):
    """Observed in 2016: include[]=total_count, also where the page is smaller."""
    params = {"include": ["total_count"], "limit": 2}

    whole = talk.got(PATH, params, stripe_version="2016-07-06")
    later = talk.got(PATH, {**params, "created": {"gte": NOW + 5}}, stripe_version="2024-06-20")

    assert (whole["total_count"], len(whole["data"]), whole["has_more"]) == (len(ids), 2, True)
    assert (later["total_count"], later["has_more"]) == (2, False)
    assert "total_count" not in talk.got(PATH)


def test_several_filters_narrow_a_list_together(talk: Talk):
    products = [talk.made("/v1/products", {"name": name})["id"] for name in ("Tea", "Jam")]
    price = {"currency": "usd", "unit_amount": 500}
    made = {
        (product, active): talk.made("/v1/prices", {**price, "product": product, "active": active})
        for product in products
        for active in (True, False)
    }
    for (product, active), each in made.items():
        found = talk.got("/v1/prices", {"product": product, "active": active})
        assert _ids(found) == [each["id"]]
