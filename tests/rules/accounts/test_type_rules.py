"""Types and controllers, and who may set and see what."""

from __future__ import annotations

from itertools import product

import pytest

from emulator.kernel.errors import Refusal
from emulator.rules.accounts import types
from emulator.rules.accounts.types import Controller

CUSTOM = {
    "stripe_dashboard": {"type": "none"},
    "fees": {"payer": "application"},
    "losses": {"payments": "application"},
    "requirement_collection": "application",
}


@pytest.mark.parametrize(
    ("params", "reported", "payer"),
    [
        ({"type": "standard"}, "standard", "account"),
        ({"type": "express"}, "express", "application_express"),
        ({"type": "custom"}, "custom", "application_custom"),
        ({}, "standard", "account"),
        ({"controller": CUSTOM}, "none", "application"),
        ({"controller": {"stripe_dashboard": {"type": "none"}}}, "none", "account"),
    ],
)
def test_types_and_controllers_map_to_each_other(params, reported, payer) -> None:
    controller = types.controller_of(params)
    assert isinstance(controller, Controller)
    assert controller.reported_type() == reported
    shown = controller.shown(controlling=True)
    assert shown["fees"]["payer"] == payer
    assert controller.shown(controlling=False) == {"type": "application"}


def test_type_and_controller_exclude_each_other() -> None:
    refusal = types.controller_of({"type": "custom", "controller": CUSTOM})
    assert isinstance(refusal, Refusal)
    assert "mutually exclusive" in refusal.message


@pytest.mark.parametrize("type_", ["none", "", "Custom"])
def test_other_types_do_not_exist(type_) -> None:
    assert isinstance(types.controller_of({"type": type_}), Refusal)


def test_exactly_five_combinations_are_accepted() -> None:
    accepted = {
        combination
        for combination in product(
            ("full", "express", "none"),
            ("account", "application"),
            ("stripe", "application"),
            ("stripe", "application"),
        )
        if types.check_combination(Controller(*combination)) is None
    }
    assert accepted == {
        ("full", "account", "stripe", "stripe"),
        ("express", "application", "application", "stripe"),
        ("none", "application", "application", "application"),
        ("none", "account", "stripe", "stripe"),
        ("none", "application", "stripe", "stripe"),
    }


def test_custom_accounts_name_a_country_and_capabilities() -> None:
    custom = Controller.of_type("custom")
    missing = types.check_create({}, custom, ("transfers",))
    assert missing is not None
    assert missing.param == "country"
    without = types.check_create({"country": "US"}, custom, ())
    assert without is not None
    assert without.param == "capabilities"
    assert types.check_create({"country": "US"}, custom, ("transfers",)) is None
    assert types.check_create({}, Controller.of_type("express"), ()) is None


@pytest.mark.parametrize(
    ("type_", "terms", "refused"),
    [
        ("custom", {"date": 1}, False),
        ("express", {"date": 1}, True),
        ("standard", {"ip": "1.1.1.1"}, True),
        ("express", {"service_agreement": "recipient"}, False),
    ],
)
def test_only_custom_accounts_have_their_terms_accepted_for_them(type_, terms, refused) -> None:
    refusal = types.check_terms({"tos_acceptance": terms}, Controller.of_type(type_))
    assert (refusal is not None) is refused


@pytest.mark.parametrize(
    ("type_", "name", "before", "after"),
    [
        ("custom", "individual", True, True),
        ("express", "individual", True, False),
        ("express", "business_profile", True, True),
        ("express", "metadata", True, True),
        ("standard", "individual", True, False),
        ("standard", "business_profile", True, False),
        ("standard", "metadata", True, True),
        ("standard", "capabilities", True, True),
    ],
)
def test_who_may_set_what_before_and_after_a_link(type_, name, before, after) -> None:
    controller = Controller.of_type(type_)
    for locked, allowed in ((False, before), (True, after)):
        refusal = types.check_update([name], controller, "acct_1", locked=locked)
        assert (refusal is None) is allowed
        if refusal is not None:
            assert refusal.status == 403
            assert refusal.message == (
                "This application does not have the required permissions for the parameter "
                f"'{name}' on account 'acct_1'."
            )


def test_persons_are_closed_after_a_link() -> None:
    express = Controller.of_type("express")
    assert types.check_persons(express, "acct_1", locked=False) is None
    assert types.check_persons(express, "acct_1", locked=True) is not None
    assert types.check_persons(Controller.of_type("custom"), "acct_1", locked=True) is None


ACCOUNT = {
    "id": "acct_1",
    "object": "account",
    "business_profile": {"mcc": None, "product_description": "x"},
    "capabilities": {},
    "company": {"name": "A", "phone": "1"},
    "email": None,
    "individual": {"id": "person_1", "first_name": "Ada", "email": "ada@example.com"},
    "login_links": {},
    "settings": {"payouts": {}, "card_payments": {"decline_on": {}, "x": 1}},
    "tos_acceptance": {"date": 1, "ip": "1.1.1.1"},
    "type": "custom",
}


@pytest.mark.parametrize(
    ("type_", "locked", "present", "absent"),
    [
        ("custom", True, {"individual", "company", "email"}, {"login_links"}),
        ("express", False, {"individual", "login_links"}, set()),
        ("express", True, {"company", "individual", "login_links"}, set()),
        ("standard", False, {"email", "individual", "company"}, {"login_links"}),
        ("standard", True, {"email", "individual", "company"}, {"login_links"}),
    ],
)
def test_what_each_type_shows(type_, locked, present, absent) -> None:
    seen = types.shown(ACCOUNT, Controller.of_type(type_), controlling=True, locked=locked)
    assert present <= set(seen)
    assert not absent & set(seen)
    if locked and type_ == "express":
        assert seen["company"] == {"name": "A"}
        assert seen["individual"] == {"id": "person_1", "first_name": "Ada"}
        assert "product_description" not in seen["business_profile"]


def test_names_were_hidden_with_the_rest_before() -> None:
    express = Controller.of_type("express")
    seen = types.shown(ACCOUNT, express, controlling=True, locked=True, named=False)
    assert not {"business_type", "company", "individual"} & set(seen)
    assert types.shown(ACCOUNT, express, controlling=True, locked=False, named=False) == {
        **ACCOUNT,
        "tos_acceptance": {"date": 1},
    }


def test_a_stranger_sees_little() -> None:
    seen = types.shown(ACCOUNT, Controller.of_type("standard"), controlling=False, locked=False)
    assert set(seen) == {"id", "object", "capabilities", "settings", "type"}
    assert seen["settings"] == {"card_payments": {"x": 1}}


def test_terms_read_differently_by_type() -> None:
    terms = {"date": 1, "ip": "1.1.1.1", "user_agent": None, "service_agreement": "recipient"}
    assert set(types.terms_shown(terms, Controller.of_type("custom"))) == set(terms)
    assert types.terms_shown({"date": 1}, Controller.of_type("express")) == {"date": 1}
    empty = types.terms_shown({}, Controller.of_type("express"))
    assert empty == {"date": None, "ip": None, "user_agent": None}
    signed = types.terms_shown(terms, Controller.of_type("standard"))
    assert signed == {"date": 1, "service_agreement": "recipient"}


def test_rejecting() -> None:
    custom, standard = Controller.of_type("custom"), Controller.of_type("standard")
    assert types.check_reject(custom) is None
    assert types.check_reject(standard) is not None
