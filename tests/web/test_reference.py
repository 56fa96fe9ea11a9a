"""The OpenAPI document and the pages that show it."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from emulator.contract import current, operations
from emulator.contract.openapi import document, operation_id
from emulator.contract.versions import NEWEST
from tests.talking import Talk


@pytest.fixture(scope="module")
def whole() -> Any:
    return document()


def test_the_document_describes_every_operation(talk: Talk):
    answer = talk.client.get("/openapi.json")
    found = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert found["openapi"] == "3.1.0"
    described = {
        f"{method.upper()} {path}": facts
        for path, methods in found["paths"].items()
        for method, facts in methods.items()
    }
    assert described.keys() == current(NEWEST.date).keys()
    assert described["GET /v1/radar/value_lists"]["x-emulator-fidelity"] == "stored"
    assert described["POST /v1/customers"]["x-emulator-fidelity"] == "modelled"
    ids = [facts["operationId"] for facts in described.values()]
    assert len(set(ids)) == len(ids)


def test_the_document_describes_an_older_version_when_it_is_named(talk: Talk):
    found = talk.client.get("/openapi.json?version=2022-11-15").json()
    assert found["info"]["version"] == "2022-11-15"
    product = found["components"]["schemas"]["product"]["else"]
    assert product["properties"]["marketing_features"] == {"not": {}}
    assert "features" in product["required"]
    takes = found["paths"]["/v1/promotion_codes"]["post"]["requestBody"]["content"]
    [form] = takes.values()
    assert "coupon" in form["schema"]["properties"]
    refused = talk.client.get("/openapi.json?version=yesterday")
    assert refused.status_code == 400
    assert refused.json()["error"]["message"].startswith("Invalid Stripe API version: yesterday.")


def test_schemas_are_valid_and_references_lead_somewhere(whole: Any):
    schemas = whole["components"]["schemas"]
    for name, schema in schemas.items():
        assert jsonschema_rs.meta.is_valid(schema), name
    for reference in _references(whole):
        _, *steps = reference.split("/")
        place: Any = whole
        for step in steps:
            place = place[step]


def _references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(_references(each) for each in node.values()))
    return set().union(*(_references(each) for each in node)) if isinstance(node, list) else set()


def test_places_in_paths_are_declared(whole: Any):
    for path, methods in whole["paths"].items():
        for facts in methods.values():
            named = [each["name"] for each in facts["parameters"] if each.get("in") == "path"]
            assert [f"{{{name}}}" for name in named] == [
                step for step in path.split("/") if step.startswith("{")
            ]


def test_links_follow_ids_from_one_operation_to_another(whole: Any):
    created = whole["paths"]["/v1/customers"]["post"]["responses"]["200"]["links"]
    retrieve = created["GetV1CustomersCustomer"]
    assert retrieve["parameters"] == {"customer": "$response.body#/id"}
    assert created["PostV1Quotes"]["requestBody"] == {"customer": "$response.body#/id"}
    made = whole["paths"]["/v1/customers/{customer}/tax_ids"]["post"]["responses"]["200"]["links"]
    assert made["GetV1CustomersCustomerTaxIdsId"]["parameters"] == {
        "customer": "$request.path.customer",
        "id": "$response.body#/id",
    }
    known = {operation_id(each) for each in operations().values()}
    for methods in whole["paths"].values():
        for facts in methods.values():
            links = facts["responses"]["200"].get("links", {})
            assert {link["operationId"] for link in links.values()} <= known


def test_known_values_are_the_only_ones_to_try():
    found = document(["GET /v1/customers/{customer}"], {"customer": ["cus_1"]}, headers=False)
    (place, *_) = found["paths"]["/v1/customers/{customer}"]["get"]["parameters"]
    assert place["schema"] == {"type": "string", "enum": ["cus_1", "customer_nope"]}


def test_a_page_lists_the_operations_and_another_shows_one(talk: Talk):
    page = talk.client.get("/docs").text
    assert "POST /v1/customers" in page
    few = talk.client.get("/docs", params={"q": "value_lists"}).text
    assert "POST /v1/radar/value_lists" in few
    assert "/v1/customers" not in few
    one = talk.client.get("/docs/PostV1RadarValueLists").text
    assert "<b>alias</b>" in one
    assert "string, required" in one
    assert talk.client.get("/docs/Nope").status_code == 404


def test_what_is_searched_for_is_escaped(talk: Talk):
    page = talk.client.get("/docs", params={"q": '"><script>'}).text
    assert "<script>" not in page
