"""What the fuzzer has found once, as requests of their own."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.talking import Talk, error

NEWEST: Final = "2026-10-28.endive"
RATE: Final = {"display_name": "Post", "fixed_amount": {"amount": 500, "currency": "usd"}}


@pytest.mark.parametrize("amount", [0, -5])
def test_nothing_cannot_be_put_into_a_cash_balance(talk: Talk, amount: int):
    path = f"/v1/test_helpers/customers/{talk.customer()['id']}/fund_cash_balance"
    refused = error(talk.post(path, {"amount": amount, "currency": "usd"}), 400)
    assert refused["param"] == "amount"


def test_a_method_that_lacks_what_it_needs_is_refused(talk: Talk):
    refused = error(talk.post("/v1/payment_methods", {"type": "boleto"}), 400)
    assert refused["param"] == "boleto[tax_id]"
    made = talk.made("/v1/payment_methods", {"type": "naver_pay"})
    assert made["naver_pay"]["funding"] == "card"


def test_a_dispute_says_how_it_was_answered_in_the_newest_version(talk: Talk):
    paid = {"amount": 2_000, "currency": "usd", "confirm": True}
    paid |= {"payment_method": "pm_card_createDispute", "payment_method_types": ["card"]}
    talk.made("/v1/payment_intents", paid)
    dispute = talk.got("/v1/disputes", {}, stripe_version=NEWEST)["data"][0]
    assert dispute["evidence_details"]["submission_method"] == "not_submitted"
    assert dispute["payment_method_details"]["card"]["network"] == "visa"
    path, evidence = f"/v1/disputes/{dispute['id']}", {"uncategorized_text": "sent"}
    answered = talk.made(path, {"evidence": evidence}, stripe_version=NEWEST)
    assert answered["evidence_details"]["submission_method"] == "manual"


def test_part_of_a_date_of_birth_has_no_place_in_the_second_view(talk: Talk):
    made: Any = talk.send("POST", "/v2/core/accounts", b"{}", content_type="application/json")
    account = made.json()["id"]
    talk.made(f"/v1/accounts/{account}", {"business_type": "company"})
    person = talk.made(f"/v1/accounts/{account}/persons", {"first_name": "Jenny"})
    found = talk.got(f"/v2/core/accounts/{account}/persons/{person['id']}")
    assert found.get("date_of_birth") is None


def test_lists_of_the_portal_that_are_cleared_are_empty(talk: Talk):
    updates = {"enabled": True, "allowed_updates": ["email"]}
    path = "/v1/billing_portal/configurations"
    made = talk.made(path, {"features": {"customer_update": updates}})
    cleared = {"features": {"customer_update": {"allowed_updates": ""}}}
    changed = talk.made(f"{path}/{made['id']}", cleared)
    assert changed["features"]["customer_update"]["allowed_updates"] == []


def test_a_rate_has_an_amount_and_says_how_others_are_taxed(talk: Talk):
    assert error(talk.post("/v1/shipping_rates", {"display_name": "Post"}), 400)["param"] == (
        "fixed_amount"
    )
    made = talk.made("/v1/shipping_rates", RATE)
    more = {"fixed_amount": {"currency_options": {"eur": {"amount": 400}}}}
    changed = talk.made(f"/v1/shipping_rates/{made['id']}", more)
    assert changed["fixed_amount"]["currency_options"]["eur"]["tax_behavior"] == "unspecified"


def test_an_item_costs_no_more_than_anybody_could_owe(talk: Talk):
    item = {"customer": talk.customer()["id"], "currency": "usd"}
    item |= {"unit_amount_decimal": "9" * 12, "quantity": 10**12}
    refused = error(talk.post("/v1/invoiceitems", item, stripe_version=NEWEST), 400)
    assert refused["code"] == "amount_too_large"


def test_null_is_no_value_of_a_map_of_texts(talk: Talk):
    body = b'{"event_name": "used", "payload": {"a": null, "b": "1"}}'
    made = talk.send("POST", "/v2/billing/meter_events", body, content_type="application/json")
    assert made.json()["payload"] == {"b": "1"}


def test_a_method_takes_the_changes_of_its_own_type_alone(talk: Talk):
    customer = talk.customer()["id"]
    method = talk.made("/v1/payment_methods/pm_card_visa/attach", {"customer": customer})["id"]
    change = {"us_bank_account": {"account_type": "savings"}}
    refused = error(talk.post(f"/v1/payment_methods/{method}", change), 400)
    assert refused["param"] == "us_bank_account"


def test_a_link_counts_the_sessions_that_were_completed(talk: Talk):
    data = {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Mug"}}
    params: dict[str, Any] = {"line_items": [{"price_data": data, "quantity": 1}]}
    params |= {"restrictions": {"completed_sessions": {"limit": 3}}}
    link = talk.made("/v1/payment_links", params)
    assert link["restrictions"]["completed_sessions"] == {"count": 0, "limit": 3}
    place = talk.client.get("/" + link["url"].split("/", 3)[3], follow_redirects=False)
    session = place.headers["location"].rpartition("/")[2]
    assert talk.control("checkout", {"session": session}).status_code == 200
    found = talk.got(f"/v1/payment_links/{link['id']}")
    assert found["restrictions"]["completed_sessions"] == {"count": 1, "limit": 3}


def test_documents_of_persons_say_what_they_are_made_of(talk: Talk):
    body = b'{"documents": {"visa": {"files": [], "type": "files"}}}'
    made: Any = talk.send("POST", "/v2/core/accounts", b"{}", content_type="application/json")
    path = f"/v2/core/accounts/{made.json()['id']}/persons"
    person: Any = talk.send("POST", path, body, content_type="application/json").json()
    assert person["documents"]["visa"] == {"files": [], "type": "files"}


def test_a_quote_begins_at_an_instant_or_when_it_is_accepted(talk: Talk):
    price = {"currency": "usd", "unit_amount": 500, "recurring": {"interval": "month"}}
    made = talk.made("/v1/prices", price | {"product_data": {"name": "Plan"}})["id"]
    params: dict[str, Any] = {"customer": talk.customer()["id"], "line_items": [{"price": made}]}
    params["subscription_data"] = {"effective_date": "current_period_end"}
    assert talk.made("/v1/quotes", params)["subscription_data"]["effective_date"] is None


def test_summaries_of_all_time_by_the_hour_hold_the_hours_that_were_used(talk: Talk):
    customer = talk.customer()["id"]
    counted = {
        "display_name": "Calls",
        "event_name": "calls",
        "default_aggregation": {"formula": "sum"},
    }
    meter = talk.made("/v1/billing/meters", counted)["id"]
    for value in ("3", "4"):
        payload = {"stripe_customer_id": customer, "value": value}
        talk.made("/v1/billing/meter_events", {"event_name": "calls", "payload": payload})
    path = f"/v1/billing/meters/{meter}/event_summaries"
    span = {"customer": customer, "start_time": 0, "end_time": 10**17}
    for window in ("hour", "day"):
        found = talk.got(path, span | {"value_grouping_window": window})["data"]
        assert [each["aggregated_value"] for each in found] == [7.0]


def test_fields_of_a_link_say_whether_they_may_be_left_out(talk: Talk):
    data = {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Mug"}}
    field = {"key": "size", "type": "text", "label": {"type": "custom", "custom": "Size"}}
    params = {"line_items": [{"price_data": data, "quantity": 1}], "custom_fields": [field]}
    [shown] = talk.made("/v1/payment_links", params)["custom_fields"]
    assert (shown["optional"], shown["key"]) == (False, "size")
    assert shown["text"] == {"default_value": None, "maximum_length": None, "minimum_length": None}


@pytest.mark.parametrize(
    ("kind", "given", "status"),
    [
        ("amazon_eventbridge", b'{"aws_account_id": "1", "aws_region": "us-east-1"}', "pending"),
        (
            "azure_event_grid",
            b'{"azure_region": "a","azure_resource_group_name":"b","azure_subscription_id": "c"}',
            "never_activated",
        ),
    ],
)
def test_a_cloud_bus_is_kept_and_never_activated(talk: Talk, kind: str, given: bytes, status: str):
    body = (
        b'{"name": "n", "type": "%s", "event_payload": "thin", "enabled_events": ["*"], "%s": %s}'
    )
    raw = body % (kind.encode(), kind.encode(), given)
    path = "/v2/core/event_destinations"
    made: Any = talk.send("POST", path, raw, content_type="application/json").json()
    assert status in made[kind].values()
