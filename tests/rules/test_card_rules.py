"""Test cards: how they are found, what they refuse, what stands before a charge."""

from datetime import UTC, datetime

import pytest

from emulator.kernel import files
from emulator.kernel.errors import Refusal
from emulator.rules import cards

NOW = int(datetime(2024, 6, 15, tzinfo=UTC).timestamp())


def found(name: str) -> cards.Card:
    card = cards.by_name(name)
    assert card is not None
    return card


@pytest.mark.parametrize(
    ("name", "number", "brand", "funding", "country"),
    [
        ("pm_card_visa", "4242424242424242", "visa", "credit", "US"),
        ("tok_visa", "4242424242424242", "visa", "credit", "US"),
        ("visa", "4242424242424242", "visa", "credit", "US"),
        ("tok_us", "4242424242424242", "visa", "credit", "US"),
        ("tok_visa_debit", "4000056655665556", "visa", "debit", "US"),
        ("pm_card_mastercard_prepaid", "5105105105105100", "mastercard", "prepaid", "US"),
        ("pm_card_amex", "378282246310005", "amex", "credit", "US"),
        ("pm_card_unionpay", "6200000000000005", "unionpay", "credit", "CN"),
        ("pm_card_jp", "4000003920000003", "visa", "credit", "JP"),
        ("tok_visa_debit_gb_transferFail", "4000058260000211", "visa", "debit", "GB"),
    ],
)
def test_a_card_is_found_by_its_names(name, number, brand, funding, country):
    card = found(name)
    assert (card.number, card.brand, card.funding, card.country) == (
        number,
        brand,
        funding,
        country,
    )


def test_unknown_names_and_numbers_are_no_cards():
    assert cards.by_name("pm_card_nobody") is None
    assert cards.by_number("4242424242424241") is None


def test_spaces_and_dashes_in_numbers_do_not_matter():
    assert cards.by_number("4242 4242-4242 4242") is cards.by_name("tok_visa")


def test_names_without_a_number_of_their_own_decline_in_their_own_way():
    card = found("tok_visa_chargeDeclinedFraudulent")
    assert card.number == "4000000000000002"
    assert card.decline == cards.decline("fraudulent")


def test_every_number_has_its_check_digit_and_every_name_is_unique():
    names = [name for card in cards.cards() for name in card.names]
    assert all(cards.luhn(card.number) for card in cards.cards())
    assert len(names) == len(set(names))


def test_every_row_carries_its_evidence():
    table = files.table("rules/cards.json")
    rows = [*table["cards"], *table["variants"], *table["declines"].values()]
    assert all(row["evidence"].split()[0].strip(";") in WORDS for row in rows)


WORDS = {"observed", "documented", "assumed"}


def test_the_country_of_visa_test_numbers_is_inside_them():
    countries = files.table("rules/cards.json")["country_numbers"]
    inside = {
        card.number: (countries.get(card.number[6:9]), card.country)
        for card in cards.cards()
        if card.number.startswith(("400000", "400005")) and card.number[6:10] != "0404"
    }
    told = {number: pair for number, pair in inside.items() if pair[0]}
    assert len(told) > 60
    assert all(written == known for written, known in told.values())


@pytest.mark.parametrize(
    ("brand", "legacy", "display"),
    [
        ("visa", "Visa", "visa"),
        ("mastercard", "MasterCard", "mastercard"),
        ("amex", "American Express", "american_express"),
        ("diners", "Diners Club", "diners_club"),
        ("unknown", "Unknown", "unknown"),
    ],
)
def test_brands_have_three_spellings(brand, legacy, display):
    card = next(card for card in cards.cards() if card.brand == brand)
    assert cards.legacy_brand(brand) == legacy
    assert card.display_brand == display


@pytest.mark.parametrize(
    ("today", "expiry"),
    [("2024-12-31", (12, 2025)), ("2025-01-01", (1, 2026)), ("2026-02-17", (2, 2027))],
)
def test_magic_names_expire_in_this_month_of_next_year(today, expiry):
    at = int(datetime.fromisoformat(f"{today}T23:59:59+00:00").timestamp())
    assert cards.default_expiry(at) == expiry


def test_fingerprints_follow_seed_and_number():
    one = cards.fingerprint("seed", "4242 4242 4242 4242")
    assert len(one) == 16
    assert one == cards.fingerprint("seed", "4242424242424242")
    assert one != cards.fingerprint("other", "4242424242424242")
    assert one != cards.fingerprint("seed", "4000056655665556")


@pytest.mark.parametrize(
    ("number", "code", "decline_code"),
    [
        ("4242424242424241", "incorrect_number", None),
        ("42424242424", "invalid_number", None),
        ("42424242424242424242", "invalid_number", None),
        ("4242x24242424242", "invalid_number", None),
        ("", "invalid_number", None),
        ("4539578763621486", "card_declined", "testmode_decline"),
    ],
)
def test_numbers_that_are_no_test_cards_are_refused(number, code, decline_code):
    with pytest.raises(Refusal) as caught:
        cards.check_number(number)
    assert caught.value.status == 402
    assert caught.value.code == code
    assert caught.value.extra.get("decline_code") == decline_code
    assert not caught.value.keep


def test_a_test_number_is_taken():
    assert cards.check_number("4242 4242 4242 4242") is cards.by_name("pm_card_visa")


@pytest.mark.parametrize(
    ("month", "year", "code"),
    [
        (0, 2025, "invalid_expiry_month"),
        (1, 2025, None),
        (12, 2025, None),
        (13, 2025, "invalid_expiry_month"),
        (5, 2024, "invalid_expiry_month"),
        (6, 2024, None),
        (6, 24, None),
        (12, 2023, "invalid_expiry_year"),
        (12, 23, "invalid_expiry_year"),
        (12, 2074, None),
        (12, 2075, "invalid_expiry_year"),
    ],
)
def test_a_card_expires_with_its_month_and_within_fifty_years(month, year, code):
    if code is None:
        cards.check_expiry(month, year, NOW)
        return
    with pytest.raises(Refusal) as caught:
        cards.check_expiry(month, year, NOW)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("cvc", "brand", "fine"),
    [
        ("12", "visa", False),
        ("123", "visa", True),
        ("1234", "visa", False),
        ("12a", "visa", False),
        ("99", "amex", False),
        ("123", "amex", True),
        ("1234", "amex", True),
        ("12345", "amex", False),
    ],
)
def test_security_codes(cvc, brand, fine):
    if fine:
        cards.check_cvc(cvc, brand)
        return
    with pytest.raises(Refusal) as caught:
        cards.check_cvc(cvc, brand)
    assert (caught.value.code, caught.value.param) == ("invalid_cvc", "cvc")


# What the issuer answers


@pytest.mark.parametrize(
    ("name", "doing", "off_session", "declined"),
    [
        ("visa", "charge", False, None),
        ("visa_chargeDeclined", "attach", False, "generic_decline"),
        ("visa_chargeDeclined", "charge", False, "generic_decline"),
        ("chargeCustomerFail", "attach", False, None),
        ("chargeCustomerFail", "charge", False, "generic_decline"),
        ("radarBlock", "attach", False, None),
        ("radarBlock", "charge", True, "radar_block"),
    ],
)
def test_when_cards_decline(name, doing, off_session, declined):
    no = cards.answer(found(name), doing, off_session=off_session)
    assert (no.name if no else None) == declined


def test_a_canceled_indian_mandate_refuses_only_without_the_customer():
    card = cards.by_number("4000003560000263")
    assert card is not None
    assert cards.answer(card, "charge") is None
    no = cards.answer(card, "charge", off_session=True)
    assert no is not None
    assert "doc_url" not in cards.refusal(no).body()


@pytest.mark.parametrize(
    ("name", "cvc", "postal_code", "declined"),
    [
        ("cvcCheckFail", False, True, None),
        ("cvcCheckFail", True, False, "incorrect_cvc"),
        ("avsZipFail", True, False, None),
        ("avsZipFail", False, True, "incorrect_zip"),
        ("avsLine1Fail", True, True, None),
        ("avsUnchecked", True, True, None),
    ],
)
def test_checks_decline_only_what_was_given(name, cvc, postal_code, declined):
    no = cards.answer(found(name), "charge", cvc=cvc, postal_code=postal_code)
    assert (no.name if no else None) == declined


def test_checks_are_null_then_unchecked_then_known():
    card = found("avsUnchecked")
    assert cards.checks(card, cvc=True, postal_code=False, line1=False, used=False) == {
        "address_line1_check": None,
        "address_postal_code_check": None,
        "cvc_check": "unchecked",
    }
    assert cards.checks(card, cvc=True, postal_code=True, line1=True) == {
        "address_line1_check": "unavailable",
        "address_postal_code_check": "unavailable",
        "cvc_check": "pass",
    }


@pytest.mark.parametrize(
    ("name", "off_session", "set_up", "mandate", "wanted"),
    [
        ("visa", False, False, False, "none"),
        ("authenticationRequiredOnSetup", False, True, False, "challenge"),
        ("authenticationRequiredOnSetup", True, False, False, "refuse"),
        ("authenticationRequiredOnSetup", True, True, False, "none"),
        ("authenticationRequired", True, True, False, "refuse"),
        ("authenticationRequired", False, False, False, "challenge"),
        ("authenticationRequiredSetupForOffSession", True, False, False, "none"),
        ("authenticationRequiredSetupForOffSession", False, False, False, "challenge"),
        ("threeDSecureRequired", True, False, False, "refuse"),
        ("threeDSecureOptional", False, False, False, "none"),
        ("in", False, False, False, "none"),
        ("in", False, False, True, "challenge"),
        ("in", True, False, True, "none"),
    ],
)
def test_what_stands_before_a_charge(name, off_session, set_up, mandate, wanted):
    card = found(name)
    got = cards.demand(card, off_session=off_session, set_up=set_up, mandate=mandate)
    assert got == wanted


@pytest.mark.parametrize(
    ("number", "off_session", "wanted"),
    [("4000000032200000", False, "frictionless"), ("4000000032200000", True, "none")],
)
def test_some_cards_authenticate_without_asking(number, off_session, wanted):
    assert cards.demand(cards.check_number(number), off_session=off_session) == wanted


@pytest.mark.parametrize(
    ("name", "code", "decline_code"),
    [
        ("authenticationRequiredOnSetup", "authentication_required", "authentication_required"),
        ("threeDSecureRequired", "card_declined", "generic_decline"),
    ],
)
def test_a_challenge_nobody_can_answer_is_a_decline(name, code, decline_code):
    no = cards.unasked(found(name))
    assert (no.code, no.decline_code) == (code, decline_code)


def test_after_a_challenge_the_issuer_may_still_say_no():
    then = cards.after_challenge(
        found("authenticationRequiredChargeDeclinedInsufficientFunds"),
    )
    assert then == cards.decline("insufficient_funds")
    assert cards.after_challenge(found("authenticationRequired")) is None
    assert cards.after_challenge(found("threeDSecureOptionalProcessingError")) is None


def test_a_failing_lookup_matters_only_where_a_challenge_was_demanded():
    card = found("threeDSecureOptionalProcessingError")
    assert cards.unauthenticated(card, "none") is None
    assert cards.unauthenticated(card, "challenge") == cards.decline("generic_decline")
    assert cards.unauthenticated(found("visa"), "challenge") is None


def test_who_is_not_there_cannot_be_asked():
    found_ = found("authenticationRequired")
    assert cards.unauthenticated(found_, "refuse") == cards.unasked(found_)
