"""Which versions there are, and how they are named."""

from __future__ import annotations

import pytest

from emulator.contract.versions import NEWEST, names, parse, usual
from emulator.contract.versions.change import day
from emulator.kernel.errors import Refusal
from tests.talking import Talk, error


def test_the_newest_is_the_last_of_129_published() -> None:
    assert len(names()) == 129
    assert NEWEST.text == "2026-10-28.endive"
    assert list(names()) == sorted(names())


@pytest.mark.parametrize("name", names())
def test_every_published_name_is_taken_as_it_is(name: str) -> None:
    version = parse(name)

    assert (version.text, version.name, version.date) == (name, name, name[:10])
    assert version.betas == ()


def test_betas_stand_behind_the_name_and_are_shown_back() -> None:
    text = "2023-10-16; risk_in_requirements_beta=v1;other_beta=v2"

    version = parse(text)

    assert version.text == text
    assert version.name == "2023-10-16"
    assert version.betas == ("risk_in_requirements_beta=v1", "other_beta=v2")


def test_previews_exist_since_september_2024() -> None:
    assert parse("2025-08-27.preview").date == "2025-08-27"
    for name in ("2024-06-20.preview", "2025-08-26.preview"):
        with pytest.raises(Refusal):
            parse(name)


@pytest.mark.parametrize(
    "text", ["", "2026-10-28", "2019-08-15", "x", "2019-08-14; nonsense", "; a=v1"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse(text)

    assert refused.value.status == 400
    assert text in refused.value.message


def test_versions_are_ordered_by_their_date() -> None:
    assert parse("2025-03-31.basil").before("2025-04-30")
    assert not parse("2025-03-31.basil").before("2025-03-31")


@pytest.mark.parametrize(
    ("began", "version"),
    [
        ("2011-01-01", names()[0]),
        ("2025-12-14", "2025-11-17.clover"),
        ("2025-12-15", "2025-12-15.clover"),
        ("2026-08-26", "2026-08-26.dahlia"),
        ("2026-12-01", "2026-08-26.dahlia"),
    ],
)
def test_a_platform_speaks_the_newest_version_of_the_day_it_began(began: str, version: str) -> None:
    assert usual(day(began)) == version


def test_a_clock_that_starts_in_the_past_speaks_as_stripe_did_then(talk: Talk) -> None:
    talk.control("clock", {"now": day("2025-12-20"), "mode": "frozen"})

    heard = talk.get("/v1/balance").headers["stripe-version"]
    talk.advance("400d")

    assert heard == talk.get("/v1/balance").headers["stripe-version"] == "2025-12-15.clover"


def test_previews_know_parameters_that_others_do_not(talk: Talk) -> None:
    account = talk.account()
    components = {name: {"enabled": True} for name in ("capital_overview", "payments")}
    asked = {"account": account, "components": components}
    refused = error(talk.post("/v1/account_sessions", asked), 400)
    assert refused["param"] == "components[capital_overview]"

    preview = "2025-04-30.preview"
    made = talk.made("/v1/account_sessions", asked, stripe_version=preview)["components"]
    assert [name for name, each in made.items() if each["enabled"]] == [
        "capital_overview",
        "payments",
    ]
    without = {**asked, "components": {"nothing": {"enabled": True}}}
    error(talk.post("/v1/account_sessions", without, stripe_version=preview), 400)
