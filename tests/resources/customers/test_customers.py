"""Customers, and what hangs on them: sources, defaults, payment methods, older versions' lists."""

from __future__ import annotations

from tests.talking import Talk, error

_DISCOUNTS = ("created", "updated", "deleted")


def test_a_new_customer_has_all_its_keys(talk: Talk) -> None:
    made = talk.customer(email="jo@example.com", name="Jo", metadata={"a": "1"})
    assert made["invoice_settings"]["default_payment_method"] is None
    assert (made["tax_exempt"], made["preferred_locales"]) == ("none", [])
    assert (made["email"], made["metadata"]) == ("jo@example.com", {"a": "1"})
    assert len(made["invoice_prefix"]) == 8


def test_an_email_needs_its_at_sign(talk: Talk) -> None:
    found = error(talk.post("/v1/customers", {"email": "nobody"}), 400)
    assert (found["code"], found["param"]) == ("email_invalid", "email")


def test_a_payment_method_given_at_birth_is_attached(talk: Talk) -> None:
    made = talk.customer(payment_method="pm_card_visa")
    listed = talk.got("/v1/payment_methods", {"customer": made["id"]})["data"]
    assert [method["customer"] for method in listed] == [made["id"]]
    assert made["default_source"] is None


def test_a_customer_whose_card_declines_is_not_born(talk: Talk) -> None:
    for params in ({"payment_method": "pm_card_chargeDeclined"}, {"source": "tok_chargeDeclined"}):
        found = error(talk.post("/v1/customers", params), 402)
        assert (found["code"], found["param"]) == ("card_declined", "")
    assert talk.got("/v1/customers")["data"] == []
    assert talk.got("/v1/events")["data"] == []


def test_the_first_source_is_the_default_and_deleting_it_promotes_the_newest(talk: Talk) -> None:
    customer = talk.customer(source="tok_visa")["id"]
    path = f"/v1/customers/{customer}/sources"
    first = talk.got(f"/v1/customers/{customer}")["default_source"]
    talk.made(path, {"source": "tok_amex"})
    newest = talk.made(path, {"source": "tok_jcb"})["id"]

    assert talk.got(f"/v1/customers/{customer}")["default_source"] == first
    gone = talk.delete(f"{path}/{first}").json()
    assert (gone["id"], gone["deleted"]) == (first, True)
    assert talk.got(f"/v1/customers/{customer}")["default_source"] == newest
    assert error(talk.get(f"{path}/{first}"), 404)["code"] == "resource_missing"


def test_a_new_source_on_update_replaces_the_default(talk: Talk) -> None:
    customer = talk.customer(source="tok_visa")
    updated = talk.made(f"/v1/customers/{customer['id']}", {"source": "tok_amex"})
    listed = talk.got(f"/v1/customers/{customer['id']}/sources")["data"]
    assert [card["brand"] for card in listed] == ["American Express"]
    assert updated["default_source"] == listed[0]["id"]


def test_default_source_must_be_the_customers_own(talk: Talk) -> None:
    mine, other = talk.customer(source="tok_visa"), talk.customer(source="tok_visa")
    params = {"default_source": other["default_source"]}
    found = error(talk.post(f"/v1/customers/{mine['id']}", params), 400)
    assert found["param"] == "default_source"


def test_a_test_method_named_twice_with_a_new_customer_is_one(talk: Talk) -> None:
    settings = {"default_payment_method": "pm_card_visa"}
    made = talk.made(
        "/v1/customers", {"payment_method": "pm_card_visa", "invoice_settings": settings}
    )
    (method,) = talk.get(f"/v1/customers/{made['id']}/payment_methods").json()["data"]
    assert made["invoice_settings"]["default_payment_method"] == method["id"]

    settings = {"default_payment_method": "pm_card_mastercard"}
    answer = talk.post(
        "/v1/customers", {"payment_method": "pm_card_visa", "invoice_settings": settings}
    )
    assert answer.json()["error"]["param"] == "invoice_settings[default_payment_method]"


def test_a_default_payment_method_must_be_attached(talk: Talk) -> None:
    customer = talk.customer()["id"]
    loose = talk.got("/v1/payment_methods/pm_card_visa")["id"]
    params = {"invoice_settings": {"default_payment_method": loose}}
    found = error(talk.post(f"/v1/customers/{customer}", params), 400)
    assert found["param"] == "invoice_settings[default_payment_method]"

    talk.made(f"/v1/payment_methods/{loose}/attach", {"customer": customer})
    updated = talk.made(f"/v1/customers/{customer}", params)
    assert updated["invoice_settings"]["default_payment_method"] == loose


def test_sources_of_all_kinds_stand_in_one_list(talk: Talk) -> None:
    customer = talk.customer()["id"]
    path = f"/v1/customers/{customer}/sources"
    card = talk.made(path, {"source": "tok_visa"})["id"]
    bank = talk.made(path, {"source": "btok_us_verified"})["id"]
    source = talk.made("/v1/sources", {"type": "card", "token": "tok_visa"})["id"]
    talk.made(path, {"source": source})

    listed = talk.got(path)["data"]
    assert [each["id"] for each in listed] == [source, bank, card]
    page = talk.got(path, {"limit": 1, "starting_after": source})
    assert ([each["id"] for each in page["data"]], page["has_more"]) == ([bank], True)
    before = talk.got(path, {"limit": 1, "ending_before": card})
    assert ([each["id"] for each in before["data"]], before["has_more"]) == ([bank], True)
    before = talk.got(path, {"limit": 2, "ending_before": card})
    assert ([each["id"] for each in before["data"]], before["has_more"]) == ([source, bank], False)
    error(talk.get(path, {"starting_after": source, "ending_before": card}), 400)
    assert [each["id"] for each in talk.got(path, {"object": "card"})["data"]] == [card]
    whole = talk.got(f"/v1/customers/{customer}", {"expand": ["sources"]})
    assert whole["sources"]["total_count"] == 3


def test_older_versions_find_sources_inside(talk: Talk) -> None:
    customer = talk.customer(source="tok_visa")["id"]
    old = talk.got(f"/v1/customers/{customer}", stripe_version="2019-12-03")
    assert [card["object"] for card in old["sources"]["data"]] == ["card"]
    assert old["subscriptions"]["data"] == old["tax_ids"]["data"] == []
    assert "sources" not in talk.got(f"/v1/customers/{customer}")


def test_a_bank_account_is_verified_with_two_deposits(talk: Talk) -> None:
    customer = talk.customer()["id"]
    made = talk.made(f"/v1/customers/{customer}/sources", {"source": "btok_us"})
    path = f"/v1/customers/{customer}/sources/{made['id']}/verify"

    assert made["status"] == "new"
    error(talk.post(path, {"amounts": [1, 2]}), 402)
    assert talk.made(path, {"amounts": [32, 45]})["status"] == "verified"
    error(talk.post(path, {"amounts": [32, 45]}), 400)


def test_a_deleted_customer_is_a_gravestone(talk: Talk) -> None:
    customer = talk.customer(source="tok_visa")["id"]
    saved = talk.made("/v1/payment_methods/pm_card_visa/attach", {"customer": customer})["id"]
    gone = {"id": customer, "object": "customer", "deleted": True}

    assert talk.delete(f"/v1/customers/{customer}").json() == gone
    assert talk.got(f"/v1/customers/{customer}") == gone
    assert talk.got("/v1/customers")["data"] == []
    assert talk.got(f"/v1/payment_methods/{saved}")["customer"] is None
    error(talk.post(f"/v1/customers/{customer}", {"name": "x"}), 404)
    params = {"customer": customer}
    found = error(talk.post("/v1/payment_methods/pm_card_visa/attach", params), 400)
    assert (found["code"], found["param"]) == ("resource_missing", "customer")


def test_each_change_is_announced(talk: Talk) -> None:
    customer = talk.customer(source="tok_visa")["id"]
    talk.made(f"/v1/customers/{customer}", {"name": "Jo"})
    talk.delete(f"/v1/customers/{customer}")
    types = [event["type"] for event in talk.got("/v1/events")["data"]]
    assert types[::-1] == [
        "customer.created",
        "customer.source.created",
        "customer.updated",
        "customer.source.deleted",
        "customer.deleted",
    ]


def test_older_versions_may_ask_how_many_sources_there_are(talk: Talk) -> None:
    """Observed in 2016: include[]=total_count."""
    customer = talk.customer(source="tok_visa")["id"]
    path, counted = f"/v1/customers/{customer}/sources", {"include": ["total_count"]}

    assert talk.got(path, counted, stripe_version="2016-07-06")["total_count"] == 1


def test_a_customer_is_switched_from_one_coupon_to_another(talk: Talk):
    old = {"stripe_version": "2024-06-20"}
    first, other = (
        talk.made("/v1/coupons", {"percent_off": percent, "duration": "once"})["id"]
        for percent in (10, 20)
    )
    made = talk.made("/v1/customers", {"coupon": first}, **old)
    talk.made(f"/v1/customers/{made['id']}", {"coupon": other}, **old)
    talk.made(f"/v1/customers/{made['id']}", {"coupon": ""}, **old)

    told = talk.got("/v1/events", {"types": [f"customer.discount.{each}" for each in _DISCOUNTS]})
    assert [each["type"].rpartition(".")[2] for each in told["data"][::-1]] == [*_DISCOUNTS]
    switched = told["data"][1]["data"]
    assert switched["object"]["source"]["coupon"] == other
    assert switched["previous_attributes"]["source"]["coupon"] == first
