"""Accounts that tests start from."""

from __future__ import annotations

from dataclasses import replace

from emulator.rules.accounts.facts import Facts, Person

OCTOBER_2023 = 1_698_660_000
DECEMBER_2024 = 1_734_500_000
NOW = 1_785_000_000
BOTH = frozenset({"card_payments", "transfers"})
SIGNED = {
    "business_profile.mcc": "5734",
    "business_profile.url": "https://shop.example.com",
    "tos_acceptance.date": "1",
    "tos_acceptance.ip": "203.0.113.1",
}
PERSON = {
    "first_name": "Jenny",
    "last_name": "Rosen",
    "email": "jenny@example.com",
    "phone": "0000000000",
    "dob.day": "1",
    "dob.month": "1",
    "dob.year": "1901",
    "address.line1": "address_full_match",
    "address.city": "Springfield",
    "address.postal_code": "94107",
    "address.state": "CA",
}
US_PERSON = {**PERSON, "id_number": "000000000"}
COMPANY = {
    **SIGNED,
    "company.name": "Rocket",
    "company.tax_id": "000000000",
    "company.phone": "0000000000",
    "company.address.line1": "address_full_match",
    "company.address.city": "Springfield",
    "company.address.postal_code": "94107",
    "company.address.state": "CA",
    "company.directors_provided": "true",
    "company.executives_provided": "true",
}
BOSS = frozenset({"representative", "owner"})


def person(given: dict[str, str], kept: frozenset[str] = frozenset({"representative"})) -> Person:
    return Person("person_1", given, roles=kept)


def individual(country: str, given: dict[str, str], now: int = NOW, **more) -> Facts:
    facts = Facts(
        country,
        now,
        now,
        business_type="individual",
        requested=BOTH,
        given=SIGNED,
        persons=(person(given),),
        external_account=True,
    )
    return replace(facts, **more)


def company(country: str, now: int = NOW, **more) -> Facts:
    facts = Facts(
        country,
        now,
        now,
        business_type="company",
        requested=BOTH,
        given=COMPANY,
        external_account=True,
    )
    return replace(facts, **more)
