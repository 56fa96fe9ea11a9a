"""How refusals were worded on earlier days, and what a deletion left."""

from __future__ import annotations

import pytest

from emulator.contract.versions import Doc
from tests.contract.versions.support import NOW, made, show


def _declined(code: str) -> Doc:
    return {"code": code, "decline_code": code, "type": "card_error", "message": "No."}


@pytest.mark.parametrize(("code", "kept"), [("incorrect_cvc", False), ("card_declined", True)])
def test_only_general_codes_had_a_decline_code(code: str, *, kept: bool) -> None:
    early, late = 1_715_000_000, 1_765_000_000
    intent = made("payment_intent", last_payment_error=_declined(code))
    refusal = {"error": {**_declined(code), "payment_intent": intent}}

    shown = show(refusal, "2023-10-16", early)["error"]

    assert ("decline_code" in shown) is kept
    assert ("decline_code" in shown["payment_intent"]["last_payment_error"]) is kept
    assert "decline_code" in show({"error": _declined(code)}, "2023-10-16", late)["error"]


def test_ids_in_messages_had_no_quotes() -> None:
    refusal = {"error": {"message": "No such customer: 'cus_1'; and 'more'", "type": "x"}}

    assert show(refusal, "2019-05-16", 1_565_000_000)["error"]["message"] == (
        "No such customer: cus_1; and 'more'"
    )
    assert (
        "'cus_1'"
        in show(
            {"error": {"message": "No such customer: 'cus_1'", "type": "x"}}, "2019-05-16", NOW
        )["error"]["message"]
    )


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (1_565_000_000, "payment_method: pm_1"),
        (1_585_000_000, "PaymentMethod: pm_1"),
        (1_600_000_000, "PaymentMethod: 'pm_1'"),
    ],
)
def test_missing_payment_methods_had_their_path_name(instant: int, words: str) -> None:
    """Observed: payment_method in August 2019, PaymentMethod later, with quotes from 2020 on."""
    refusal = {"error": {"message": "No such PaymentMethod: 'pm_1'", "type": "x"}}

    assert show(refusal, "2019-05-16", instant)["error"]["message"] == f"No such {words}"


def test_the_statuses_that_may_be_captured_were_listed() -> None:
    """Observed in August 2019."""
    words = "Only a PaymentIntent with a status of requires_capture may be captured."
    refusal = {"error": {"message": words, "type": "x"}}

    assert show(refusal, "2019-05-16", 1_565_000_000)["error"]["message"].endswith(
        "with one of the following statuses may be captured: requires_capture."
    )


@pytest.mark.parametrize(("instant", "named"), [(1_488_196_800, False), (1_711_929_600, True)])
def test_what_was_deleted_once_said_only_its_id(instant: int, named: bool) -> None:
    """Observed: without object in February 2017, with it in April 2024."""
    gone = {"id": "acct_1", "object": "account", "deleted": True}

    assert ("object" in show(gone, "2016-07-06", instant)) is named


@pytest.mark.parametrize(
    ("type_", "early"), [("invalid_request_error", set()), ("card_error", {"code"})]
)
def test_only_cards_had_codes_and_nothing_had_a_page(type_: str, early: set[str]) -> None:
    """Observed: `No such customer` without a code in 2016 and 2017."""
    refusal = {"error": {"message": "No.", "type": type_, "code": "missing", "doc_url": "x"}}
    before, since = 1_488_196_800, 1_540_000_000

    assert show(refusal, "2016-07-06", since)["error"].keys() >= {"code", "doc_url"}
    assert show(refusal, "2016-07-06", before)["error"].keys() == {"message", "type"} | early


@pytest.mark.parametrize(("day", "words"), [(1_568_000_000, "Invalid positive integer"), (NOW, "")])
def test_amounts_below_one_were_no_positive_integers(day: int, words: str) -> None:
    """Observed before 2020; the newer words since May 2020."""
    told = "This value must be greater than or equal to 1."
    refusal = {"error": {"message": told, "param": "amount", "type": "x"}}

    assert show(refusal, "2014-12-08", day)["error"]["message"] == (words or told)
