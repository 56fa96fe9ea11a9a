"""Which operation a method and a path mean."""

from __future__ import annotations

import pytest

from emulator.contract import current, find, operations


@pytest.mark.parametrize(
    ("method", "path", "key"),
    [
        ("POST", "/v1/customers", "POST /v1/customers"),
        ("GET", "/v1/charges/search", "GET /v1/charges/search"),
        ("GET", "/v1/charges/ch_1", "GET /v1/charges/{charge}"),
        ("GET", "/v1/invoices/upcoming", "GET /v1/invoices/upcoming"),
        ("POST", "/v1/invoices/create_preview", "POST /v1/invoices/create_preview"),
        ("GET", "/v1/balance/history/txn_1", "GET /v1/balance/history/{id}"),
        ("POST", "/v1/charges/ch_1/refund", "POST /v1/charges/{charge}/refund"),
        ("POST", "/v1/files", "POST /v1/files"),
        ("GET", "/v2/core/accounts/acct_1", "GET /v2/core/accounts/{id}"),
    ],
)
def test_a_path_leads_to_its_operation(method, path, key):
    found = find(method, path)
    assert found is not None
    assert found.operation.key == key


def test_placeholders_give_their_values():
    found = find("GET", "/v1/transfers/tr_1/reversals/trr_2")
    assert found is not None
    assert found.path_params == {"transfer": "tr_1", "id": "trr_2"}


def test_an_id_may_hold_what_a_path_cannot():
    found = find("GET", "/v1/products/a%2Fb%252F%20c/features/d")
    assert found is not None
    assert found.path_params == {"product": "a/b%2F c", "id": "d"}


def test_a_placeholder_is_tried_where_the_literal_does_not_take_the_method():
    found = find("POST", "/v1/charges/search")
    assert found is not None
    assert found.path_params == {"charge": "search"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/customers/"),
        ("GET", "/v1/nothing"),
        ("PUT", "/v1/customers"),
        ("GET", ""),
        ("GET", "/"),
        ("GET", "v1/customers"),
        ("GET", "x/v1/customers"),
        ("GET", "//v1/customers"),
        ("GET", "/v1/customers/cus_1/nothing/at/all"),
    ],
)
def test_other_paths_lead_nowhere(method, path):
    assert find(method, path) is None


def test_every_operation_is_found_under_its_own_path():
    for key, operation in operations().items():
        path = "/".join("x_1" if part[:1] == "{" else part for part in operation.path.split("/"))
        found = find(operation.method, path)
        assert found is not None
        assert found.operation.path.count("{") == operation.path.count("{"), key


def test_an_operation_says_until_when_it_was_there():
    assert operations()["GET /v1/invoices/upcoming"].until == "2025-03-31"
    assert operations()["POST /v1/customers"].until is None
    assert "GET /v1/invoices/upcoming" in current("2025-03-30")
    assert operations().keys() - current("2025-03-31").keys() == set(_GONE)


_GONE = [
    "GET /v1/invoices/upcoming",
    "GET /v1/invoices/upcoming/lines",
    "GET /v1/subscription_items/{subscription_item}/usage_record_summaries",
    "POST /v1/subscription_items/{subscription_item}/usage_records",
]


@pytest.mark.parametrize("key", _GONE)
def test_where_an_operation_is_gone_the_path_leads_to_what_is_left(key):
    method, path = key.replace("{subscription_item}", "si_1").split(" ")
    before, after = find(method, path, "2025-02-24"), find(method, path, "2025-03-31")
    assert before is not None
    assert before.operation.key == key
    left = {"upcoming": "GET /v1/invoices/{invoice}", "lines": "GET /v1/invoices/{invoice}/lines"}
    assert (after.operation.key if after else None) == left.get(path.rpartition("/")[2])


def test_an_operation_says_what_comes_back():
    assert (operations()["GET /v1/transfers"].returns, operations()["GET /v1/transfers"].kind) == (
        "transfer",
        "list",
    )
    assert operations()["DELETE /v1/customers/{customer}"].kind == "deleted"
    assert operations()["GET /v1/charges/search"].kind == "search"
    assert operations()["POST /v1/accounts/{account}/external_accounts"].returns == (
        "bank_account|card"
    )
