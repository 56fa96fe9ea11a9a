"""Whatever is given, the arrays agree."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.rules.accounts import requirements
from emulator.rules.accounts.countries import every
from emulator.rules.accounts.facts import Facts, Person
from emulator.rules.accounts.needs import table
from tests.rules.accounts.examples import COMPANY, US_PERSON

PATHS = sorted(
    {
        name
        for row in table()["rows"]
        for stage in ("now", "later", "next")
        for scope, names in row.get(stage, {}).items()
        if scope != "account"
        for name in names
        if not name.startswith("@")
    }
    | set(US_PERSON)
)
VALUES = st.sampled_from(
    ["1", "1901", "000000000", "111111111", "222222222", "address_no_match", "0000000000", "x"]
)
GIVEN = st.dictionaries(st.sampled_from(PATHS), VALUES)
ACCOUNT = st.dictionaries(st.sampled_from(sorted(COMPANY)), VALUES)


@st.composite
def accounts(draw) -> Facts:
    now = draw(st.integers(1_690_000_000, 1_790_000_000))
    people = tuple(
        Person(
            f"person_{number}",
            draw(GIVEN),
            {},
            frozenset(draw(st.sets(st.sampled_from(["owner", "director", "representative"])))),
            draw(st.sampled_from([0.0, 50.0, 100.0])),
        )
        for number in range(draw(st.integers(0, 2)))
    )
    return Facts(
        draw(st.sampled_from(every())),
        now + draw(st.sampled_from([0, 10, 60, 3_000_000])),
        now,
        business_type=draw(st.sampled_from(["individual", "company", "non_profit", None])),
        agreement=draw(st.sampled_from(["full", "recipient"])),
        dashboard=draw(st.sampled_from(["none", "express", "full"])),
        requested=frozenset(draw(st.sets(st.sampled_from(["card_payments", "transfers"])))),
        given=draw(ACCOUNT),
        persons=people,
        external_account=draw(st.booleans()),
        advanced_at=draw(st.sampled_from([None, now])),
    )


@settings(max_examples=150, deadline=None)
@given(accounts())
def test_the_arrays_always_agree(facts) -> None:
    standing = requirements.evaluate(facts)
    for shown in (standing.requirements, standing.future_requirements):
        past, due, ever = (set(shown[k]) for k in ("past_due", "currently_due", "eventually_due"))
        assert past <= due <= ever
        assert all(shown[k] == sorted(shown[k]) for k in ("past_due", "eventually_due"))
        assert {error["requirement"] for error in shown["errors"]} <= due
    active = {name for name, status in standing.capabilities.items() if status == "active"}
    for name in active:
        assert requirements.of_capability(facts, name)["requirements"]["past_due"] == []
    assert not standing.charges_enabled or active
    assert not standing.payouts_enabled or (active and facts.external_account)
    enabled = standing.charges_enabled and standing.payouts_enabled
    assert (standing.requirements["disabled_reason"] is None) is enabled
    assert standing.requirements["current_deadline"] is None or (
        standing.charges_enabled or standing.payouts_enabled
    )


@settings(max_examples=60, deadline=None)
@given(accounts(), GIVEN)
def test_giving_more_never_asks_for_what_was_given(facts, more) -> None:
    fuller = replace(
        facts, persons=tuple(replace(p, given={**p.given, **more}) for p in facts.persons)
    )
    standing = requirements.evaluate(replace(fuller, now=facts.created, advanced_at=None))
    for shown in standing.persons.values():
        faulty = {error["requirement"] for error in shown["requirements"]["errors"]}
        asked = set(shown["requirements"]["currently_due"]) - faulty
        assert asked.isdisjoint(more)
