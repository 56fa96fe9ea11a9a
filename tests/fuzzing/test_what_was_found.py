"""What the fuzzer has found once, as requests of their own."""

from __future__ import annotations

from typing import Any, Final

import orjson
import pytest

from tests.talking import NOW, Talk, error

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
    meter = {"display_name": "Calls", "event_name": "c", "default_aggregation": {"formula": "sum"}}
    talk.made("/v1/billing/meters", meter)
    payload = {"a": None, "stripe_customer_id": talk.customer()["id"], "value": "1"}
    body = orjson.dumps({"event_name": "c", "payload": payload})
    made = talk.send("POST", "/v2/billing/meter_events", body, content_type="application/json")
    assert made.json()["payload"] == {n: value for n, value in payload.items() if value}


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


PRICED: Final = {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Mug"}}
LINES: Final = [{"price_data": PRICED, "quantity": 1}]
PORTAL: Final = "/v1/billing_portal/configurations"


@pytest.mark.parametrize(
    ("path", "params", "place", "shown"),
    [
        (
            "/v1/account",
            {"settings": {"card_payments": {"decline_on": {"avs_failure": True}}}},
            "settings.card_payments.decline_on",
            {"avs_failure": True, "cvc_failure": False},
        ),
        (
            "/v1/balance_settings",
            {"payments": {"settlement_timing": {"start_of_day": {"hour": 9}}}},
            "payments.settlement_timing.start_of_day",
            {"hour": 9, "minutes": 0, "timezone": "Etc/UTC"},
        ),
        (
            PORTAL,
            {
                "features": {
                    "payment_method_update": {"enabled": True},
                    "subscription_update": {
                        "enabled": True,
                        "products": [{"product": "p", "prices": ["q"]}],
                    },
                }
            },
            "features.subscription_update.products.0.adjustable_quantity",
            {"enabled": False, "maximum": None, "minimum": 0},
        ),
        (
            "/v1/checkout/sessions",
            {
                "line_items": LINES,
                "success_url": "https://example.com",
                "after_expiration": {"recovery": {"enabled": True}},
            },
            "after_expiration.recovery.allow_promotion_codes",
            False,
        ),
        (
            "/v1/checkout/sessions",
            {
                "line_items": LINES,
                "success_url": "https://example.com",
                "branding_settings": {"font_family": ""},
            },
            "branding_settings.font_family",
            "default",
        ),
        (
            "/v1/payment_intents",
            {
                "amount": 500,
                "currency": "usd",
                "payment_method_options": {"card": {"installments": {"plan": ""}}},
            },
            "payment_method_options.card.installments.enabled",
            False,
        ),
        (
            "/v1/payment_links",
            {"line_items": LINES, "payment_intent_data": {"description": "Mug"}},
            "payment_intent_data.metadata",
            {},
        ),
        (
            "/v1/payment_links",
            {"line_items": LINES, "subscription_data": {"description": "Mugs"}},
            "subscription_data.invoice_settings.issuer",
            {"type": "self"},
        ),
    ],
)
def test_a_hash_that_is_sent_in_part_is_shown_whole(
    talk: Talk, path: str, params: Any, place: str, shown: Any
):
    found = talk.made(path, params)
    for step in place.split("."):
        found = found[int(step) if step.isdecimal() else step]
    assert found == shown


def test_rules_for_a_currency_can_be_taken_back(talk: Talk):
    rules = {"payments": {"payouts": {"automatic_transfer_rules_by_currency": {"usd": ""}}}}
    shown = talk.made("/v1/balance_settings", rules)["payments"]["payouts"]
    assert "automatic_transfer_rules_by_currency" not in shown


@pytest.mark.parametrize(("month", "year"), [("soon", "2030"), ("13", "2030"), ("1", "1999")])
def test_a_card_is_renewed_until_a_month_that_there_is(talk: Talk, month: str, year: str):
    customer = talk.made("/v1/customers", {"source": "tok_visa"})
    path = f"/v1/customers/{customer['id']}/sources/{customer['default_source']}"
    refused = error(talk.post(path, {"exp_month": month, "exp_year": year}), 402)
    assert refused["param"] in {"exp_month", "exp_year"}
    assert talk.made(path, {"exp_month": "7"})["exp_month"] == 7


@pytest.mark.parametrize("deed", ["capture", "increment_authorization"])
def test_a_fee_that_nobody_owes_cannot_be_taken_later(talk: Talk, deed: str):
    wanted = {"card": {"request_incremental_authorization": "if_available"}}
    params = {"amount": 500, "currency": "usd", "payment_method_types": ["card"], "confirm": True}
    params |= {"capture_method": "manual", "payment_method": "pm_card_visa"}
    held = talk.made("/v1/payment_intents", params | {"payment_method_options": wanted})["id"]
    more = {"application_fee_amount": 100} | ({} if deed == "capture" else {"amount": 900})
    refused = error(talk.post(f"/v1/payment_intents/{held}/{deed}", more), 400)
    assert refused["param"] == "transfer_data[destination]"


def test_a_choice_needs_something_to_choose_from(talk: Talk):
    field = {"key": "size", "type": "dropdown", "label": {"type": "custom", "custom": "Size"}}
    params = {"line_items": LINES, "custom_fields": [field]}
    refused = error(talk.post("/v1/payment_links", params), 400)
    assert refused["param"] == "custom_fields[0][dropdown]"


def test_what_pays_once_is_not_set_up(talk: Talk):
    automatic = {"automatic_payment_methods": {"enabled": True}}
    intent = talk.made("/v1/setup_intents", automatic)["id"]
    data = {"payment_method_data": {"type": "customer_balance"}}
    error(talk.post(f"/v1/setup_intents/{intent}/confirm", data), 400)


def test_a_phase_ends_after_it_starts(talk: Talk):
    monthly = {"items": [{"price": _monthly(talk)}]}
    params = {"customer": talk.customer(source="tok_visa")["id"], "start_date": "now"}
    past = {**monthly, "end_date": 1}
    refused = error(talk.post("/v1/subscription_schedules", params | {"phases": [past]}), 400)
    assert refused["param"] == "phases[0][end_date]"
    made = talk.made("/v1/subscription_schedules", params | {"phases": [monthly]})
    phases = [{**monthly, "start_date": NOW, "trial_end": "now"}]
    changed = talk.made(f"/v1/subscription_schedules/{made['id']}", {"phases": phases})
    assert changed["phases"][0]["trial_end"] is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("trial_period_days", 731),
        ("trial_end", 10**12),
        ("billing_cycle_anchor_config", {"day_of_month": 1, "month": 13}),
        ("billing_cycle_anchor_config", {"day_of_month": 1, "hour": 24}),
    ],
)
def test_a_subscription_knows_its_calendar(talk: Talk, name: str, value: Any):
    params = {"customer": talk.customer()["id"], "items": [{"price": _monthly(talk)}]}
    refused = error(talk.post("/v1/subscriptions", params | {name: value}), 400)
    assert refused["param"].startswith(name)


def test_changes_are_reckoned_within_the_period(talk: Talk):
    customer = talk.made("/v1/customers", {"source": "tok_visa"})["id"]
    params = {"customer": customer, "items": [{"price": _monthly(talk)}]}
    id_ = talk.made("/v1/subscriptions", params)["id"]
    more = {"items": [{"price": _monthly(talk)}], "proration_date": NOW + 40 * 86_400}
    refused = error(talk.post(f"/v1/subscriptions/{id_}", more), 400)
    assert refused["param"] == "proration_date"


def test_a_quote_may_begin_from_one_that_is_empty_still(talk: Talk):
    first = talk.made("/v1/quotes")["id"]
    made = talk.made("/v1/quotes", {"from_quote": {"quote": first}})
    assert made["from_quote"] == {"is_revision": False, "quote": first}


def test_an_alert_may_sound_at_once(talk: Talk):
    meter = {"display_name": "Calls", "event_name": "c", "default_aggregation": {"formula": "sum"}}
    threshold = {"gte": 0, "meter": talk.made("/v1/billing/meters", meter)["id"]}
    params: dict[str, Any] = {"alert_type": "usage_threshold", "title": "Calls"}
    params["usage_threshold"] = threshold | {"recurrence": "one_time"}
    assert talk.made("/v1/billing/alerts", params)["usage_threshold"]["gte"] == 0


def test_a_quote_for_nobody_is_a_paper_once_it_is_canceled(talk: Talk):
    quote = talk.made("/v1/quotes")["id"]
    talk.made(f"/v1/quotes/{quote}/cancel")
    assert talk.get(f"/v1/quotes/{quote}/pdf").content.startswith(b"%PDF-")


@pytest.mark.parametrize("token", ["tok_visa", "btok_us_verified"])
def test_what_is_saved_the_old_way_says_when_as_a_method(talk: Talk, token: str):
    customer = talk.made("/v1/customers", {"source": token})
    source = customer["default_source"]
    assert talk.got(f"/v1/payment_methods/{source}")["created"] == NOW


def test_of_what_is_deleted_nothing_is_expanded(talk: Talk):
    customer = talk.customer()["id"]
    path = f"/v1/customers/{customer}"
    gone: Any = talk.delete(f"{path}?expand[]=invoice_credit_balance&expand[]=sources").json()
    assert gone == talk.got(path, {"expand": ["sources"]})
    assert gone == {"id": customer, "object": "customer", "deleted": True}


def _monthly(talk: Talk) -> str:
    price = talk.made("/v1/prices", PRICED | {"recurring": {"interval": "month"}})
    return str(price["id"])


def test_an_item_in_no_currency_is_in_that_of_the_account(talk: Talk):
    params = {"customer": talk.customer()["id"], "unit_amount_decimal": "5"}
    assert talk.made("/v1/invoiceitems", params)["currency"] == "usd"
