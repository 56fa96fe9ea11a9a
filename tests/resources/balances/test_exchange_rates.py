"""What currencies are worth in each other, as the world's table has it."""

from __future__ import annotations

import pytest

from tests.resources.market import pay
from tests.talking import Talk, error


@pytest.mark.parametrize("version", ["2020-08-27", "2023-10-16", "2026-08-26.dahlia"])
def test_a_rate_says_what_one_unit_is_worth_in_every_currency(talk: Talk, version: str):
    usd = talk.got("/v1/exchange_rates/usd", stripe_version=version)
    assert (usd["id"], usd["object"], usd["rates"]["usd"]) == ("usd", "exchange_rate", 1)
    eur = talk.got("/v1/exchange_rates/eur", stripe_version=version)["rates"]
    assert eur["usd"] * usd["rates"]["eur"] == pytest.approx(1, rel=1e-5)
    assert usd["rates"]["jpy"] > 100 > usd["rates"]["eur"]
    assert usd["rates"].keys() == eur.keys()


def test_rates_are_those_of_the_world(talk: Talk):
    talk.control("settings", {"rates": {"eur": 0.5}})
    assert talk.got("/v1/exchange_rates/eur")["rates"]["usd"] == 2
    assert talk.got("/v1/exchange_rates/usd")["rates"]["eur"] == 0.5
    talk.control("settings", {"settlement_currencies": ["usd"]})
    charge = pay(talk, 1_000, currency="eur")
    line = talk.got(f"/v1/balance_transactions/{charge['balance_transaction']}")
    assert line["exchange_rate"] == pytest.approx(2, rel=0.03)


def test_rates_are_listed_in_pages(talk: Talk):
    first = talk.got("/v1/exchange_rates", {"limit": 3})
    codes = [each["id"] for each in first["data"]]
    assert (codes, first["has_more"]) == (sorted(codes), True)
    after = talk.got("/v1/exchange_rates", {"limit": 1, "starting_after": codes[0]})
    assert [each["id"] for each in after["data"]] == [codes[1]]
    error(talk.get("/v1/exchange_rates", {"starting_after": "xxx"}), 400)
    refused = error(talk.get("/v1/exchange_rates/xxx"), 404)
    assert refused["message"] == "No such exchange rate: 'xxx'"
