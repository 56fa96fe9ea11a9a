"""A part is found below what it is a part of, not below another object of the same kind."""

from __future__ import annotations

import pytest

from tests.talking import Talk, error


def _charge(talk: Talk, **params: object) -> dict[str, str]:
    made: dict[str, str] = talk.made(
        "/v1/charges", {"amount": 5_000, "currency": "usd", "source": "tok_bypassPending", **params}
    )
    return made


def _seller(talk: Talk) -> str:
    made = talk.made("/v1/accounts", {"type": "standard"})
    talk.control("onboard", {"account": made["id"]})
    return str(made["id"])


@pytest.fixture
def parts(talk: Talk) -> dict[str, tuple[str, str, str]]:
    """What there are parts of: the path of their list, with the id of the whole and of another,
    and the part's id.
    """
    one, other = _charge(talk), _charge(talk)
    refund = talk.made("/v1/refunds", {"charge": one["id"], "amount": 100})["id"]
    seller = _seller(talk)
    sent = {"amount": 500, "currency": "usd", "destination": seller}
    given, elsewhere = (talk.made("/v1/transfers", sent)["id"] for _ in range(2))
    reversal = talk.made(f"/v1/transfers/{given}/reversals", {"amount": 5})["id"]
    fee, another = (
        _charge(talk, application_fee_amount=50, transfer_data={"destination": seller})[
            "application_fee"
        ]
        for _ in range(2)
    )
    returned = talk.made(f"/v1/application_fees/{fee}/refunds", {"amount": 5})["id"]
    return {
        "/v1/charges/{}/refunds/{}": (one["id"], other["id"], refund),
        "/v1/transfers/{}/reversals/{}": (given, elsewhere, reversal),
        "/v1/application_fees/{}/refunds/{}": (fee, another, returned),
    }


def test_a_part_is_found_below_its_own_whole_only(
    talk: Talk, parts: dict[str, tuple[str, str, str]]
) -> None:
    for path, (whole, other, part) in parts.items():
        assert talk.got(path.format(whole, part))["id"] == part
        assert error(talk.get(path.format(other, part)), 404)["code"] == "resource_missing"


def test_it_cannot_be_changed_below_another(
    talk: Talk, parts: dict[str, tuple[str, str, str]]
) -> None:
    for path, (whole, other, part) in list(parts.items())[1:]:
        sent = {"metadata": {"seen": "yes"}}
        error(talk.post(path.format(other, part), sent), 404)
        assert talk.got(path.format(whole, part))["metadata"] == {}
        assert talk.made(path.format(whole, part), sent)["metadata"] == {"seen": "yes"}
