"""`expand`: ids become what they name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.talking import Talk, error

PAYMENT = {
    "amount": 2000,
    "currency": "usd",
    "payment_method": "pm_card_visa",
    "payment_method_types": ["card"],
    "capture_method": "automatic",
    "confirm": True,
}


@pytest.fixture
def payment(talk: Talk) -> Any:
    customer = talk.customer(name="Ada")["id"]
    return talk.made("/v1/payment_intents", {**PAYMENT, "customer": customer})


def _expanded(talk: Talk, payment: Any, *paths: str) -> Any:
    return talk.got(f"/v1/payment_intents/{payment['id']}", {"expand": [*paths]})


def test_an_id_becomes_its_object(talk: Talk, payment: Any):
    found = _expanded(talk, payment, "customer")
    assert found["customer"] == talk.got(f"/v1/customers/{payment['customer']}")
    assert {**found, "customer": payment["customer"]} == payment


def test_several_paths_and_several_levels(talk: Talk, payment: Any):
    found = _expanded(talk, payment, "customer", "latest_charge.balance_transaction")
    assert found["customer"]["name"] == "Ada"
    assert found["latest_charge"]["balance_transaction"]["type"] == "charge"


def test_four_levels_are_followed(talk: Talk, payment: Any):
    path = "latest_charge.payment_intent.latest_charge.balance_transaction"
    found = _expanded(talk, payment, path)
    deepest = found["latest_charge"]["payment_intent"]["latest_charge"]["balance_transaction"]
    assert deepest["object"] == "balance_transaction"


def test_five_levels_are_too_many(talk: Talk, payment: Any):
    path = "latest_charge.payment_intent.latest_charge.payment_intent.customer"
    answer = talk.get(f"/v1/payment_intents/{payment['id']}", {"expand": [path]})
    refused = error(answer, 400)
    assert refused["code"] == "property_expansion_max_depth"
    assert refused["message"] == (
        f"You cannot expand more than 4 levels of a property. Property: {path}"
    )
    assert "doc_url" not in refused


@pytest.mark.parametrize(
    "path", ["amount", "nothing", "data.customer", "object", "metadata", "payment_method_types"]
)
def test_what_cannot_be_expanded_is_refused(talk: Talk, payment: Any, path: str):
    answer = talk.get(f"/v1/payment_intents/{payment['id']}", {"expand": [path]})
    refused = error(answer, 400)
    assert refused["message"].startswith(f"This property cannot be expanded ({path})")


def test_deeper_steps_that_lead_nowhere_are_ignored(talk: Talk, payment: Any):
    assert _expanded(talk, payment, "customer.nothing")["customer"]["name"] == "Ada"


def test_lists_are_expanded_below_data(talk: Talk, payment: Any):
    page = talk.got("/v1/payment_intents", {"expand": ["data.customer"]})
    assert [each["customer"]["name"] for each in page["data"]] == ["Ada"]
    assert list(page) == ["object", "data", "has_more", "url"]
    said = {
        "customer": "This property cannot be expanded (customer). You may want to try expanding "
        "'data.customer' instead.",
        "total_count": "This property cannot be included (total_count)",
    }
    for path, message in said.items():
        refused = error(talk.get("/v1/payment_intents", {"expand": [path]}), 400)
        assert refused["message"] == message
        assert "param" not in refused


@pytest.mark.parametrize(
    ("url", "path", "status"),
    [
        ("customers", "data.nothing", 400),
        ("customers", "data.id", 400),
        ("customers", "data..", 400),
        ("customers", "nothing", 400),
        ("customers", "data.a.b.c.d", 400),
        ("customers", "data", 200),
        ("customers", "data.sources", 200),
        ("customers", "data.invoice_settings.default_payment_method", 200),
        ("customers", "data.metadata", 400),
        ("charges", "data.balance_transaction.source", 200),
        ("charges", "data.refunds.data.balance_transaction", 200),
        ("accounts", "data.individual", 200),
    ],
)
def test_empty_lists_know_what_could_be_expanded(talk: Talk, url: str, path: str, status: int):
    answer = talk.get(f"/v1/{url}", {"expand": [path]})
    assert answer.status_code == status, answer.text
    if url == "customers":
        talk.customer()
        assert talk.get(f"/v1/{url}", {"expand": [path]}).status_code == status


@pytest.mark.parametrize(
    ("kind", "field", "last", "first"),
    [
        ("payment_intents", "charges", "2022-08-01", "2022-11-15"),
        ("payment_intents", "charges.data.refunds", "2020-08-27", "2026-08-26.dahlia"),
        ("payment_intents", "invoice", "2025-02-24.acacia", "2025-03-31.basil"),
        ("invoices", "payment_intent", "2025-02-24.acacia", "2025-03-31.basil"),
        ("invoices", "subscription", "2025-02-24.acacia", "2025-03-31.basil"),
    ],
)
def test_a_field_that_went_can_be_expanded_where_it_was(
    talk: Talk, kind: str, field: str, last: str, first: str
):
    words = f"This property cannot be expanded because it doesn't exist: {field.partition('.')[0]}."
    made = {"payment_intents": {"amount": 500, "currency": "usd"}}

    def check(path: str, expand: str) -> None:
        talk.got(path, {"expand": [expand]}, stripe_version=last)
        refused = error(talk.get(path, {"expand": [expand]}, stripe_version=first), 400)
        assert refused["message"] == words

    path = f"/v1/{kind}"
    check(path, f"data.{field}")
    id_ = talk.made(path, made.get(kind) or {"customer": talk.customer()["id"]})["id"]
    check(path, f"data.{field}")
    check(f"{path}/{id_}", field)


def test_a_field_that_went_is_ignored_further_in(talk: Talk, payment: Any):
    found = _expanded(talk, payment, "latest_charge.invoice")
    assert "invoice" not in found["latest_charge"]


def test_older_versions_count_the_whole_list_when_asked(talk: Talk, payment: Any):
    talk.made("/v1/payment_intents", PAYMENT)
    asked = {"limit": 1, "expand": ["total_count", "data.customer"]}
    page = talk.got("/v1/payment_intents", asked, stripe_version="2025-02-24.acacia")
    assert page["total_count"] == 2
    assert page["data"][0]["customer"] is None
    refused = error(talk.get("/v1/payment_intents", asked, stripe_version="2025-03-31.basil"), 400)
    assert refused["message"] == "This property cannot be included (total_count)"


def test_what_is_made_can_be_expanded_at_once(talk: Talk):
    made = talk.made("/v1/payment_intents", {**PAYMENT, "expand": ["latest_charge"]})
    assert made["latest_charge"]["object"] == "charge"


def test_a_refused_expansion_makes_nothing(talk: Talk):
    error(talk.post("/v1/customers", {"expand": ["nothing"]}), 400)
    assert talk.got("/v1/customers")["data"] == []


@pytest.mark.parametrize("path", ["transfer_data", "last_payment_error", "amount_details"])
def test_a_hash_may_be_asked_for_whatever_it_holds(talk: Talk, payment: Any, path: str):
    assert _expanded(talk, payment, path)[path] == payment[path]


def test_the_source_of_a_charge_may_be_asked_for(talk: Talk):
    charge = talk.made("/v1/charges", {"amount": 500, "currency": "usd", "source": "tok_visa"})
    found = talk.got(f"/v1/charges/{charge['id']}", {"expand": ["source"]})
    assert found["source"] == charge["source"]


def test_null_stays_null(talk: Talk):
    made = talk.made("/v1/payment_intents", {"amount": 2000, "currency": "usd"})
    assert _expanded(talk, made, "customer")["customer"] is None


@pytest.mark.parametrize("path", ["transfer_data.destination", "transfer_data.destination.company"])
def test_a_path_through_an_empty_hash_leads_nowhere(talk: Talk, payment: Any, path: str):
    found = _expanded(talk, payment, path)
    assert found["transfer_data"] is None


def test_a_path_that_no_hash_could_have_is_refused(talk: Talk, payment: Any):
    answer = talk.get(f"/v1/payment_intents/{payment['id']}", {"expand": ["transfer_data.nothing"]})
    assert "cannot be expanded" in error(answer, 400)["message"]


def test_what_is_asked_below_a_hash_that_appears_on_request_is_ignored(talk: Talk):
    product = talk.made("/v1/products", {"name": "Tea"})["id"]
    options = {"eur": {"unit_amount": 900}}
    sent = {"currency": "usd", "unit_amount": 1000, "product": product, "currency_options": options}
    price = talk.made("/v1/prices", {**sent, "expand": ["currency_options.eur.tiers"]})
    assert price["currency_options"]["eur"]["unit_amount"] == 900


def test_the_list_of_charges_of_older_versions_is_opened(talk: Talk, payment: Any):
    paths = ["charges.data.balance_transaction", "charges.data.customer"]
    path, old = f"/v1/payment_intents/{payment['id']}", {"stripe_version": "2020-08-27"}
    (charge,) = talk.got(path, {"expand": paths}, **old)["charges"]["data"]
    assert charge["balance_transaction"]["object"] == "balance_transaction"
    assert charge["customer"]["name"] == "Ada"
    assert charge["refunds"]["data"] == []


def test_an_id_that_is_not_there_is_not_there_expanded(talk: Talk, payment: Any):
    path = f"/v1/charges/{payment['latest_charge']}"
    plain = talk.got(path)

    assert "transfer" not in plain
    assert talk.got(path, {"expand": ["transfer.reversals"]}) == plain


def test_a_text_cannot_be_expanded_though_an_older_version_shows_more(talk: Talk):
    draft = talk.made("/v1/invoices", {"customer": talk.customer()["id"]})
    refused = talk.get(f"/v1/invoices/{draft['id']}", {"expand": ["number"]})
    assert error(refused, 400)["message"] == "This property cannot be expanded (number)."


def test_nothing_can_be_expanded_in_an_answer_that_is_no_object(talk: Talk):
    refused = talk.post("/v1/stripecli/sessions", {"device_name": "x", "expand": ["nothing"]})
    assert "cannot be expanded" in error(refused, 400)["message"]
