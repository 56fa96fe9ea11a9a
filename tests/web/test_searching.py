"""Searching over HTTP: pages, totals and refusals."""

from __future__ import annotations

from emulator.contract import operations
from tests.talking import Talk, error


def test_a_search_pages_through_what_matches(talk: Talk):
    ids = [talk.customer(metadata={"team": "a"})["id"] for _ in range(3)]
    talk.customer(metadata={"team": "b"})
    asked = {"query": 'metadata["team"]:"a"', "limit": 2, "expand": ["total_count"]}
    first = talk.got("/v1/customers/search", asked)
    assert (first["object"], first["url"]) == ("search_result", "/v1/customers/search")
    assert (first["has_more"], first["total_count"]) == (True, 3)
    assert [each["id"] for each in first["data"]] == [ids[2], ids[1]]
    rest = talk.got("/v1/customers/search", {**asked, "page": first["next_page"], "expand": []})
    assert [each["id"] for each in rest["data"]] == [ids[0]]
    assert (rest["has_more"], rest["next_page"]) == (False, None)
    assert "total_count" not in rest


def test_found_objects_expand(talk: Talk):
    customer = talk.customer()
    intent = {"amount": 100, "currency": "usd", "customer": customer["id"]}
    talk.made("/v1/payment_intents", intent)
    query = {"query": f'customer:"{customer["id"]}"', "expand": ["data.customer"]}
    assert talk.got("/v1/payment_intents/search", query)["data"][0]["customer"] == customer


def test_a_page_that_nobody_gave_out_is_refused(talk: Talk):
    asked = {"query": "created>0", "page": "nope"}
    assert error(talk.get("/v1/customers/search", asked), 400)["param"] == "page"


def test_a_query_is_required(talk: Talk):
    assert error(talk.get("/v1/customers/search"), 400)["param"] == "query"


def test_texts_stand_in_quotes_and_numbers_may(talk: Talk) -> None:
    talk.made("/v1/customers", {"name": "Jane", "metadata": {"n": "5"}})
    for query in ("name:jane", "metadata['n']:five", "name:Jane AND email:null"):
        refused = error(talk.get("/v1/customers/search", {"query": query}), 400)
        assert "must be quoted" in refused["message"]
    for query in ("metadata['n']:5", "created>0", "email:null", "name:'Jane'"):
        assert len(talk.got("/v1/customers/search", {"query": query})["data"]) == 1


def test_searching_began_in_2020(talk: Talk) -> None:
    params = {"query": "email:null"}
    for version, status in (("2020-03-02", 400), ("2020-08-27", 200)):
        answer = talk.get("/v1/customers/search", params, stripe_version=version)
        assert answer.status_code == status


def test_searches_are_modelled(talk: Talk) -> None:
    searched = [key for key in operations() if key.startswith("GET /v1/") and "/search" in key]
    assert len(searched) == 7
    for key in searched:
        answer = talk.get(key.partition(" ")[2], {"query": "created>0"})
        assert answer.status_code in {200, 400}, answer.text
        assert "emulator-fidelity" not in answer.headers
