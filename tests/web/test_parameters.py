"""What a request asks for is found out once; nobody can spoil it for the next one."""

from __future__ import annotations

import pytest

from emulator import contract
from emulator.kernel.errors import Refusal
from emulator.web import parameters
from emulator.web.inbound import Inbound
from tests.talking import Talk, error

_VERSION = "2026-10-28"


def read(query: bytes, version: str = _VERSION, path: str = "/v1/customers") -> parameters.Params:
    scope = {"method": "GET", "path": path, "query_string": query, "headers": []}
    found = contract.find("GET", path)
    assert found
    return parameters.read(found.operation, Inbound(scope), version)


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        (b"", {}),
        (b"limit=3&email=a%40b.com", {"limit": 3, "email": "a@b.com"}),
        (b"expand[]=data.default_source", {"expand": ["data.default_source"]}),
        (b"created[gt]=5", {"created": {"gt": 5}}),
    ],
)
def test_who_changes_what_a_request_asks_for_changes_it_for_nobody_else(
    query: bytes, asked: parameters.Params
):
    for _ in range(3):
        found = read(query)
        assert found == asked
        for value in found.values():
            if isinstance(value, list | dict):
                value.clear()
        found.clear()


def test_a_query_means_something_else_to_another_operation_and_another_version():
    assert read(b"customer=cus_1&limit=2", path="/v1/charges") == {"customer": "cus_1", "limit": 2}
    with pytest.raises(Refusal, match="unknown parameter"):
        read(b"customer=cus_1&limit=2")
    assert read(b"include[]=total_count", "2018-01-01") == {"include": ["total_count"]}
    with pytest.raises(Refusal, match="unknown parameter"):
        read(b"include[]=total_count")


def test_what_is_refused_is_refused_again():
    for _ in range(2):
        with pytest.raises(Refusal, match="Invalid integer"):
            read(b"limit=many")


def test_what_stands_in_the_body_of_a_get_counts(talk: Talk) -> None:
    """As one of Stripe's engineers shows it, in stripe-node's issue 230."""
    for _ in range(3):
        talk.customer()
    kind = "application/x-www-form-urlencoded"
    some = talk.send("GET", "/v1/customers", b"limit=1", content_type=kind).json()
    assert (len(some["data"]), some["has_more"]) == (1, True)
    refused = talk.send("GET", "/v1/customers?limit=1", b"bogus=1", content_type=kind)
    assert error(refused, 400)["param"] == "bogus"
