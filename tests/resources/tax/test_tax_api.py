"""Tax settings, registrations, calculations and transactions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.talking import NOW, Talk, error

_TEXAS = {"country": "US", "state": "TX", "postal_code": "75134"}
_DAY = 86_400


def _register(talk: Talk, **params: Any) -> Any:
    given = {
        "active_from": "now",
        "country": "US",
        "country_options": {"us": {"state": "TX", "type": "state_sales_tax"}},
    }
    return talk.made("/v1/tax/registrations", {**given, **params})


def _calculated(talk: Talk, **params: Any) -> Any:
    given = {
        "currency": "usd",
        "line_items": [{"amount": 1_000, "reference": "a"}, {"amount": 2_000, "reference": "b"}],
        "customer_details": {"address": _TEXAS, "address_source": "shipping"},
        "shipping_cost": {"amount": 500},
        "expand": ["line_items.data.tax_breakdown", "shipping_cost.tax_breakdown"],
    }
    return talk.made("/v1/tax/calculations", {**given, **params})


def _sold(talk: Talk, reference: str = "order_1") -> Any:
    params = {"calculation": _calculated(talk)["id"], "reference": reference}
    return talk.made("/v1/tax/transactions/create_from_calculation", params)


def _reversed(talk: Talk, of: str, reference: str, **params: Any) -> Any:
    sent = {"mode": "partial", "original_transaction": of, "reference": reference, **params}
    return talk.post("/v1/tax/transactions/create_reversal", sent)


def _amounts(transaction: Any) -> list[tuple[int, int]]:
    return [(each["amount"], each["amount_tax"]) for each in transaction["line_items"]["data"]]


def test_settings_are_pending_until_the_head_office_is_known(talk: Talk) -> None:
    shop = {"stripe_account": talk.account()}
    before = talk.got("/v1/tax/settings", **shop)
    assert before["status"] == "pending"
    assert before["status_details"] == {"pending": {"missing_fields": ["head_office"]}}

    sent = {"head_office": {"address": _TEXAS}, "defaults": {"tax_behavior": "inclusive"}}
    after = talk.made("/v1/tax/settings", sent, **shop)
    assert (after["status"], after["defaults"]["tax_behavior"]) == ("active", "inclusive")
    assert after["head_office"]["address"]["state"] == "TX"
    told = talk.got("/v1/events", {"type": "tax.settings.updated"}, **shop)["data"]
    assert [each["data"]["object"] for each in told] == [after]


def test_a_registration_begins_and_ends_with_time(talk: Talk) -> None:
    made = _register(talk, active_from=NOW + _DAY)
    place = f"/v1/tax/registrations/{made['id']}"
    assert made["status"] == "scheduled"
    talk.advance("1d")
    assert talk.got(place)["status"] == "active"
    assert talk.made(place, {"expires_at": "now"})["status"] == "expired"
    for status, count in (("all", 1), ("expired", 1), ("active", 0), ("scheduled", 0)):
        assert len(talk.got("/v1/tax/registrations", {"status": status})["data"]) == count


def test_a_registration_ends_after_it_begins(talk: Talk) -> None:
    made = _register(talk)
    answer = talk.post(f"/v1/tax/registrations/{made['id']}", {"expires_at": NOW - 1})
    assert error(answer, 400)["param"] == "expires_at"


def test_a_calculation_taxes_lines_and_shipping(talk: Talk) -> None:
    _register(talk)
    made = _calculated(talk)

    assert made["amount_total"] == 3_500 + 63 + 125 + 31
    assert (made["tax_amount_exclusive"], made["tax_amount_inclusive"]) == (219, 0)
    assert made["expires_at"] == NOW + 90 * _DAY
    assert _amounts(made) == [(1_000, 63), (2_000, 125)]
    assert made["line_items"]["data"][0]["tax_breakdown"] == [
        {
            "amount": 63,
            "jurisdiction": {
                "country": "US",
                "display_name": "Texas",
                "level": "state",
                "state": "TX",
            },
            "sourcing": "destination",
            "tax_rate_details": {
                "display_name": "Sales Tax",
                "percentage_decimal": "6.25",
                "tax_type": "sales_tax",
            },
            "taxability_reason": "standard_rated",
            "taxable_amount": 1_000,
        }
    ]
    assert made["shipping_cost"]["tax_code"] == "txcd_92010001"
    assert made["shipping_cost"]["tax_breakdown"][0]["amount"] == 31
    (summed,) = made["tax_breakdown"]
    assert (summed["amount"], summed["taxable_amount"]) == (219, 3_500)
    assert talk.got(f"/v1/tax/calculations/{made['id']}/line_items")["data"][0]["amount"] == 1_000


def test_what_is_not_collected_has_no_rate(talk: Talk) -> None:
    made = _calculated(talk)
    (tax,) = made["line_items"]["data"][0]["tax_breakdown"]
    assert (tax["amount"], tax["tax_rate_details"]) == (0, None)
    assert tax["taxability_reason"] == "not_collecting"
    (summed,) = made["tax_breakdown"]
    assert summed["tax_rate_details"]["percentage_decimal"] == "0.0"


def test_an_amount_may_hold_its_tax(talk: Talk) -> None:
    _register(talk)
    line = {"amount": 10_625, "tax_behavior": "inclusive"}
    made = _calculated(talk, line_items=[line], shipping_cost={"amount": 0})
    assert (made["amount_total"], made["tax_amount_inclusive"]) == (10_625, 625)
    (item,) = made["line_items"]["data"]
    assert item["reference"] == item["id"]


def test_a_customer_brings_address_exemption_and_ids(talk: Talk) -> None:
    _register(talk)
    whose = talk.customer(address=_TEXAS, tax_exempt="exempt")["id"]
    made = _calculated(talk, customer=whose, customer_details={})
    assert made["customer_details"]["taxability_override"] == "customer_exempt"
    assert made["customer_details"]["address_source"] == "billing"
    assert made["tax_breakdown"][0]["taxability_reason"] == "customer_exempt"


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({}, "parameter_missing"),
        ({"address": {"country": "US"}}, "customer_tax_location_invalid"),
        ({"ip_address": "8.8.8.8"}, "customer_tax_location_invalid"),
    ],
)
def test_nothing_is_calculated_for_nobody_knows_where(talk: Talk, details: Any, code: str) -> None:
    sent = {"currency": "usd", "line_items": [{"amount": 1_000}], "customer_details": details}
    assert error(talk.post("/v1/tax/calculations", sent), 400)["code"] == code


def test_a_transaction_keeps_what_was_calculated(talk: Talk) -> None:
    _register(talk)
    made = _sold(talk)
    assert (made["type"], made["posted_at"], made["reference"]) == ("transaction", NOW, "order_1")
    assert _amounts(made) == [(1_000, 63), (2_000, 125)]
    assert [each["reference"] for each in made["line_items"]["data"]] == ["a", "b"]
    assert made["shipping_cost"]["amount_tax"] == 31
    shown = talk.got(f"/v1/tax/transactions/{made['id']}")
    assert shown == made
    assert _amounts({"line_items": talk.got(made["line_items"]["url"])}) == _amounts(made)


def test_a_reference_names_one_transaction(talk: Talk) -> None:
    _sold(talk)
    params = {"calculation": _calculated(talk)["id"], "reference": "order_1"}
    refused = error(talk.post("/v1/tax/transactions/create_from_calculation", params), 400)
    assert refused["param"] == "reference"


def test_a_calculation_lives_for_ninety_days(talk: Talk) -> None:
    made = _calculated(talk)
    talk.advance("90d")
    params = {"calculation": made["id"], "reference": "late"}
    error(talk.post("/v1/tax/transactions/create_from_calculation", params), 400)


def test_a_full_reversal_takes_back_all_that_is_left(talk: Talk) -> None:
    _register(talk)
    sold = _sold(talk)
    first = _reversed(talk, sold["id"], "r1", flat_amount=-1_000).json()
    assert (
        sum(sum(each) for each in _amounts(first))
        + sum(first["shipping_cost"][name] for name in ("amount", "amount_tax"))
        == -1_000
    )
    rest = _reversed(talk, sold["id"], "r2", mode="full").json()
    for before, back, more in zip(_amounts(sold), _amounts(first), _amounts(rest), strict=True):
        assert [sum(each) for each in zip(before, back, more, strict=True)] == [0, 0]
    assert rest["reversal"] == {"original_transaction": sold["id"]}
    assert error(_reversed(talk, sold["id"], "r3", mode="full"), 400)
    assert error(_reversed(talk, rest["id"], "r4", mode="full"), 400)


def test_a_line_gives_back_no_more_than_it_has(talk: Talk) -> None:
    _register(talk)
    sold = _sold(talk)
    line = {"original_line_item": sold["line_items"]["data"][1]["id"], "reference": "b"}

    def back(amount: int, tax: int, reference: str) -> Any:
        part = {**line, "amount": amount, "amount_tax": tax}
        return _reversed(talk, sold["id"], reference, line_items=[part])

    assert _amounts(back(-1_500, -94, "r1").json()) == [(-1_500, -94)]
    assert error(back(-501, 0, "r2"), 400)["param"] == "line_items"
    assert error(back(500, 0, "r3"), 400)["param"] == "line_items"
    assert back(-500, -31, "r4").status_code == 200


def test_reversals_name_lines_of_their_own_transaction(talk: Talk) -> None:
    first, other = _sold(talk), _sold(talk, "order_2")
    theirs = other["line_items"]["data"][0]["id"]
    line = {"original_line_item": theirs, "reference": "x", "amount": -1, "amount_tax": 0}
    refused = error(_reversed(talk, first["id"], "r1", line_items=[line]), 400)
    assert refused["param"] == "line_items[0][original_line_item]"
