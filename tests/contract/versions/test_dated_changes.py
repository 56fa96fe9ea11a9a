"""Each dated change, in the last version before it and in the first one with it."""

from __future__ import annotations

from typing import Any

from emulator.contract.versions import CHANGES, NEEDS, Doc
from emulator.contract.versions.change import day
from tests.contract.versions.support import Neighbours, before, from_, made, only, show


def both(date: str, doc: Doc, **found: Any) -> tuple[Doc, Doc]:
    """The document as shown before a date and from it on."""
    assert only(date, doc["object"])
    copy = {**doc}
    return show(copy, before(date), **found), show({**doc}, from_(date), **found)


def test_changes_are_newest_first_and_say_what_they_are_about() -> None:
    dates = [change.version for change in CHANGES]

    assert dates == sorted(dates, reverse=True)
    for change in CHANGES:
        assert change.about
        assert bool(change.response) == bool(change.objects)
        assert bool(change.request) == bool(change.operations)


def test_payment_intents_listed_their_charges() -> None:
    charge = made("charge", id="ch_1")

    old, new = both(
        "2022-11-15", made("payment_intent", id="pi_1"), payment_intent__charges=[charge]
    )

    assert old["charges"]["url"] == "/v1/charges?payment_intent=pi_1"
    assert old["charges"]["total_count"] == 1
    assert old["charges"]["data"][0]["refunds"]["url"] == "/v1/charges/ch_1/refunds"
    assert "charges" not in new


def test_intents_and_charges_named_their_invoice() -> None:
    for name in ("payment_intent", "charge"):
        found = {f"{name}__invoice": [{"id": "in_1"}]}
        old, new = both("2025-03-31", made(name), **found)
        assert old["invoice"] == "in_1"
        assert "invoice" not in new
        assert both("2025-03-31", made(name))[0]["invoice"] is None


def test_payment_intents_spoke_of_sources() -> None:
    action = {"type": "redirect_to_url", "redirect_to_url": {"url": "u"}}
    intent = made("payment_intent", status="requires_action", next_action=action)

    old, new = both("2019-02-11", intent)

    assert old["status"] == "requires_source_action"
    assert old["next_source_action"]["authorize_with_url"] == {"url": "u"}
    assert "allowed_source_types" in old
    assert "payment_method_types" not in old
    assert "payment_method_types" in new


def test_refunds_stood_inside_a_charge() -> None:
    refunds = [made("refund", id=f"re_{n}") for n in range(11)]

    old, new = both("2022-11-15", made("charge"), charge__refunds=refunds)

    assert old["refunds"]["total_count"] == 11
    assert len(old["refunds"]["data"]) == 10
    assert old["refunds"]["has_more"]
    assert "refunds" not in new


def test_expanded_refunds_are_left_alone() -> None:
    charge = made("charge", refunds={"object": "list", "data": [], "has_more": False, "url": "u"})

    assert show(charge, "2020-08-27")["refunds"]["url"] == "u"


def _secure(result: str) -> Doc:
    secure = {"result": result, "result_reason": None, "version": "2.1.0"}
    return made(
        "charge", payment_method_details={"type": "card", "card": {"three_d_secure": secure}}
    )


def test_the_result_of_3d_secure() -> None:
    old, new = both("2022-08-01", _secure("exempted"))
    assert (
        old["payment_method_details"]["card"]["three_d_secure"]["result"] == "attempt_acknowledged"
    )
    new = show(_secure("exempted"), "2022-08-01")
    assert new["payment_method_details"]["card"]["three_d_secure"]["result"] == "exempted"

    oldest = show(_secure("authenticated"), before("2020-08-27"))
    assert oldest["payment_method_details"]["card"]["three_d_secure"] == {
        "authenticated": True,
        "succeeded": True,
        "version": "2.1.0",
    }


def test_charges_carried_their_whole_dispute() -> None:
    dispute = made("dispute", id="dp_1")

    old, new = both("2017-02-14", made("charge", dispute="dp_1"), charge__dispute=[dispute])

    assert old["dispute"]["id"] == "dp_1"
    assert new["dispute"] == "dp_1"


def test_balance_transactions_listed_the_transfers_made_of_them() -> None:
    old, new = both("2017-01-27", made("balance_transaction", source="ch_1"))

    assert old["sourced_transfers"]["url"] == "/v1/transfers?source_transaction=ch_1"
    assert "sourced_transfers" not in new


def test_charges_had_a_card_and_were_paid() -> None:
    card = made("card", id="card_1")

    old, new = both("2015-02-18", made("charge", status="succeeded", source=card))

    assert (old["card"]["id"], old["status"]) == ("card_1", "paid")
    assert ("card" in new, new["status"]) == (False, "succeeded")


def test_statement_description() -> None:
    old, new = both("2014-12-17", made("charge", statement_descriptor="SHOP"))

    assert old["statement_description"] == "SHOP"
    assert "statement_description" not in new


def test_checkout_modes_had_other_names() -> None:
    old, new = both("2026-03-25", made("checkout.session"))

    assert (old["ui_mode"], new["ui_mode"]) == ("hosted", "hosted_page")


def test_checkout_shipping() -> None:
    details = {"name": "Jane"}
    session = made("checkout.session", collected_information={"shipping_details": details})

    old, new = both("2025-03-31", session)
    assert (old["shipping_details"], "shipping_details" in new) == (details, False)
    assert show({**session}, "2022-08-01")["shipping_details"] == details
    older = show({**session}, before("2022-08-01"))
    assert (older["shipping"], "shipping_details" in older) == (details, False)
    assert "shipping_rate" in older


def test_customers_listed_what_hangs_on_them() -> None:
    source = made("card", id="card_1")

    old, new = both("2020-08-27", made("customer", id="cus_1"), customer__sources=[source])

    assert old["sources"]["data"][0]["id"] == "card_1"
    assert old["subscriptions"]["url"] == "/v1/customers/cus_1/subscriptions"
    assert old["tax_ids"]["total_count"] == 0
    assert not {"sources", "subscriptions", "tax_ids"} & new.keys()


def test_customers_had_other_names_for_money_and_tax() -> None:
    customer = made("customer", balance=5, currency="usd")

    assert both("2022-08-01", customer)[0]["default_currency"] == "usd"
    assert "default_currency" not in both("2022-08-01", customer)[1]
    assert "default_currency" not in show({**customer}, "2020-08-27", 1_650_000_000)
    assert both("2019-12-03", customer)[0]["tax_info"] is None
    assert "tax_info" not in both("2019-12-03", customer)[1]
    assert both("2019-10-17", customer)[0]["account_balance"] == 5
    assert "account_balance" not in both("2019-10-17", customer)[1]


def test_customers_had_cards() -> None:
    card = made("card", id="card_1")
    customer = made("customer", id="cus_1", default_source="card_1")

    old, new = both("2015-02-18", customer, customer__sources=[card])

    assert old["cards"]["data"][0]["id"] == old["default_card"] == "card_1"
    assert old["cards"]["url"] == "/v1/customers/cus_1/cards"
    assert not {"cards", "default_card"} & new.keys()


def test_bank_accounts_had_a_name() -> None:
    old, new = both("2016-02-19", made("bank_account", account_holder_name="Jane"))

    assert (old["name"], "account_holder_name" in old) == ("Jane", False)
    assert new["account_holder_name"] == "Jane"


def test_the_card_of_a_token_had_no_check_and_no_customer() -> None:
    def token() -> Doc:
        card = made("card.token", cvc_check="unchecked", address_zip_check="pass")
        return made("token", card=card)

    old, new = show(token(), "2014-12-08"), show(token(), "2015-01-11")

    seen = [(each["card"]["cvc_check"], each["card"]["address_zip_check"]) for each in (old, new)]
    assert seen == [(None, "pass"), ("unchecked", "pass")]
    assert old["card"]["customer"] is None
    assert "customer" not in new["card"]


def test_a_file_was_a_file_upload() -> None:
    old, new = both("2018-09-24", made("file"))

    assert (old["object"], new["object"]) == ("file_upload", "file")


def test_payouts_were_transfers() -> None:
    old, new = both("2017-04-06", made("payout", id="po_1", arrival_date=7))

    assert (old["object"], old["date"], old["reversed"]) == ("transfer", 7, False)
    assert (new["object"], new["arrival_date"]) == ("payout", 7)


def test_transfers_had_a_date_and_a_status() -> None:
    old, new = both("2017-04-06", made("transfer", created=7))

    assert (old["date"], old["status"], old["type"]) == (7, "paid", "stripe_account")
    assert not {"date", "status", "type"} & new.keys()


def test_coupons_of_discounts_and_promotion_codes() -> None:
    coupon = made("coupon", id="c")
    discount = {"id": "di_1", "object": "discount", "source": {"type": "coupon", "coupon": "c"}}
    code = {"id": "promo_1", "object": "promotion_code", "promotion": {"coupon": "c"}}

    old, new = both("2025-09-30", discount, discount__coupon=[coupon])
    assert old["coupon"]["id"] == "c"
    assert "source" in new
    old, new = both("2025-09-30", code)
    assert old["coupon"] == "c"
    assert "promotion" in new


def test_subscriptions_had_the_period() -> None:
    item = made("subscription_item", current_period_end=9, current_period_start=8)
    subscription = made("subscription")
    subscription["items"] = {"object": "list", "data": [item]}

    new = show({**subscription}, "2025-03-31.basil")
    assert "current_period_end" not in new
    assert new["items"]["data"][0]["current_period_end"] == 9
    old = show({**subscription}, before("2025-03-31"))
    assert (old["current_period_start"], old["current_period_end"]) == (8, 9)
    assert "current_period_end" not in old["items"]["data"][0]


def test_subscriptions_and_plans_of_old() -> None:
    assert both("2020-08-27", made("subscription"))[0]["tax_percent"] is None
    assert "tax_percent" not in both("2020-08-27", made("subscription"))[1]
    old, new = both("2019-10-17", made("subscription", start_date=3))
    assert (old["billing"], old["start"]) == ("charge_automatically", 3)
    assert (new["collection_method"], new["start_date"]) == ("charge_automatically", 3)
    assert "tiers" in both("2020-08-27", made("plan"))[0]
    assert "tiers" not in both("2020-08-27", made("plan"))[1]
    product = made("product", name="Gold")
    old, new = both("2018-02-05", made("plan", product="prod_1"), plan__product=[product])
    assert (old["name"], "product" in old) == ("Gold", False)
    assert ("name" in new, new["product"]) == (False, "prod_1")


def test_aggregate_usage() -> None:
    price = made("price", recurring={"interval": "month"})

    assert show({**price, "recurring": {}}, before("2025-03-31"))["recurring"] == {
        "aggregate_usage": None
    }
    assert "aggregate_usage" not in show(price, "2025-03-31.basil")["recurring"]
    assert "aggregate_usage" in show(made("plan"), before("2025-03-31"))


def test_products_had_features() -> None:
    old, new = both("2024-04-10", made("product"))

    assert ("features" in old, "features" in new) == (True, False)


def test_percents_were_whole() -> None:
    old, new = both("2018-07-27", made("coupon", percent_off=25.0))

    assert (type(old["percent_off"]), type(new["percent_off"])) == (int, float)


def test_invoices_named_subscription_and_payment() -> None:
    parent = {"subscription_details": {"metadata": {}, "subscription": "sub_1"}}
    known = {"payment_intent": "pi_1", "charge": "ch_1"}
    invoice = made("invoice", status="paid", parent=parent)

    old, new = both("2025-03-31", invoice, invoice__attributes=[known])

    assert (old["subscription"], old["payment_intent"], old["charge"]) == ("sub_1", "pi_1", "ch_1")
    assert old["paid"]
    assert "parent" not in old
    assert ("subscription" in new, new["parent"]) == (False, parent)


def test_invoices_of_old() -> None:
    invoice = made("invoice", created=5, status="uncollectible", rendering={"pdf": {}})

    old, new = both("2024-04-10", invoice)
    assert (old["rendering_options"], old["rendering"]) == (
        {"amount_tax_display": None},
        {"pdf": {}},
    )
    older = show(dict(invoice), "2023-08-16", day("2023-09-27"))
    assert ("rendering_options" in older, "rendering" in older) == (True, False)
    assert ("rendering_options" in new, "rendering" in new) == (False, True)
    old, new = both("2019-10-17", invoice)
    assert ("billing" in old, "billing" in new) == (True, False)
    old, new = both("2019-03-14", invoice)
    assert (old["date"], "created" in old, "application_fee" in old) == (5, False, True)
    assert (new["created"], "date" in new) == (5, False)
    old, new = both("2018-11-08", invoice)
    assert (old["closed"], old["forgiven"], "status" in old) == (True, True, False)
    assert new["status"] == "uncollectible"


def test_lines_and_items_of_invoices() -> None:
    details = {"invoice_item": "ii_1", "subscription": "sub_1", "subscription_item": "si_1"}
    pricing = {"unit_amount_decimal": "10"}
    line = made("line_item", parent={"subscription_item_details": details}, pricing=pricing)
    price = made("price", id="price_1")

    old, new = both("2025-03-31", line, line_item__price=[price])
    assert (old["type"], old["subscription_item"], old["invoice_item"]) == (
        "invoiceitem",
        "si_1",
        "ii_1",
    )
    assert (old["price"]["id"], "parent" in old) == ("price_1", False)
    assert ("price" in new, new["pricing"]) == (False, pricing)
    old, new = both("2025-03-31", made("invoiceitem", pricing=pricing))
    assert (old["unit_amount"], old["unit_amount_decimal"], "pricing" in old) == (10, "10", False)
    assert "pricing" in new


def test_every_kind_that_is_fetched_is_declared() -> None:
    neighbours = Neighbours()
    for change in CHANGES:
        for name in change.objects:
            if change.response is not None:
                change.response(_sample(name), neighbours)

    assert set(neighbours.asked) == set(NEEDS)


def _sample(name: str) -> Doc:
    if name in ("country_spec", "discount", "promotion_code", "deleted"):
        return {"id": "x", "object": name}
    if name == "price":
        return made(name, recurring={"usage_type": "metered"})
    if name == "error":
        return {"message": "No.", "type": "card_error"}
    return made(name, **({"dispute": "dp_1"} if name == "charge" else {}))
