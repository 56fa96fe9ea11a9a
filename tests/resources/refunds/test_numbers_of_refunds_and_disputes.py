"""What is counted in refunds and disputes: references, deadlines, lengths, and what comes back."""

from __future__ import annotations

import pytest

from emulator.world import World
from tests.resources.market import Doc, books_hold, events, fund, held, on, pay
from tests.resources.shops import Row, row, rows, shop
from tests.talking import NOW, Talk, error

_DAY = 86_400


def _disputed(talk: Talk, **more: object) -> Doc:
    pay(talk, 1_000, "pm_card_createDispute", **more)
    talk.advance("2s")
    (dispute,) = talk.got("/v1/disputes")["data"]
    return dict(dispute)


def test_a_refund_is_found_by_sixteen_digits(talk: Talk) -> None:
    """Observed: the network's reference comes some seconds later."""
    charge = pay(talk, 1_000)
    refund = talk.made("/v1/refunds", {"charge": charge["id"]})
    assert refund["destination_details"]["card"]["reference_status"] == "pending"
    talk.advance("10s")

    card = talk.got(f"/v1/refunds/{refund['id']}")["destination_details"]["card"]
    assert (len(card["reference"]), card["reference"].isdigit()) == (16, True)
    assert card["reference_status"] == "available"


@pytest.mark.parametrize(
    ("card", "first", "last", "refunded"),
    [
        ("pm_card_pendingRefund", "pending", "succeeded", 1_000),
        ("pm_card_refundFail", "succeeded", "failed", 0),
    ],
)
def test_how_refunds_of_test_cards_end(
    talk: Talk, card: str, first: str, last: str, refunded: int
) -> None:
    """What a failed refund brings back is as pending as what it took."""
    charge = pay(talk, 1_000, card)
    refund = talk.made("/v1/refunds", {"charge": charge["id"]})
    assert refund["status"] == first
    talk.advance("1m")

    found = talk.got(f"/v1/refunds/{refund['id']}")
    after = talk.got(f"/v1/charges/{charge['id']}")
    assert found["status"] == last
    assert (after["amount_refunded"], after["refunded"]) == (refunded, refunded == 1_000)
    assert (held(talk), held(talk, part="pending")) == (0, 941 - refunded)
    if last == "failed":
        back = row(talk, "refund_failure")
        assert found["failure_balance_transaction"] == back["id"]
        assert back["available_on"] == row(talk, "refund")["available_on"]
    assert books_hold(talk)


def test_a_dispute_comes_within_two_seconds_and_is_due_on_the_ninth_day(talk: Talk) -> None:
    """Observed."""
    dispute = _disputed(talk)

    assert dispute["evidence_details"]["due_by"] == (NOW // _DAY + 10) * _DAY - 1
    assert dispute["evidence_details"]["submission_count"] == 0
    assert len(dispute["balance_transactions"]) == 1


def test_evidence_has_its_twenty_seven_fields(talk: Talk) -> None:
    """Observed; enhanced evidence has been there beside them since 2024 (documented)."""
    evidence = _disputed(talk)["evidence"]

    assert len(evidence.keys() - {"enhanced_evidence"}) == 27


# With `uncategorized_text`, those that may have 20,000 characters each.
_LONG_TEXTS = (
    "access_activity_log",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "duplicate_charge_explanation",
    "product_description",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
)


@pytest.mark.parametrize(("length", "status"), [(150_000, 200), (150_001, 400)])
def test_evidence_is_of_150000_characters_at_most(talk: Talk, length: int, status: int) -> None:
    path = f"/v1/disputes/{_disputed(talk)['id']}"
    texts = dict.fromkeys(_LONG_TEXTS, "x" * 20000)
    texts["uncategorized_text"] = "y" * (length - 20_000 * len(_LONG_TEXTS))
    assert talk.post(path, {"evidence": texts, "submit": False}).status_code == status


def test_evidence_that_is_kept_counts_as_well(talk: Talk) -> None:
    path = f"/v1/disputes/{_disputed(talk)['id']}"
    texts = dict.fromkeys(_LONG_TEXTS, "x" * 20000)
    talk.made(path, {"evidence": texts, "submit": False})
    for length, status in ((10_000, 200), (10_001, 400), (9_999, 200)):
        sent = {"evidence": {"uncategorized_text": "y" * length}, "submit": False}
        assert talk.post(path, sent).status_code == status
    shorter = {"refund_policy_disclosure": "x", "uncategorized_text": "y" * 20_000}
    sent = {"evidence": shorter, "submit": False}
    talk.made(path, sent)


def test_evidence_is_submitted_once(talk: Talk) -> None:
    path = f"/v1/disputes/{_disputed(talk)['id']}"
    staged = talk.made(path, {"evidence": {"uncategorized_text": "a"}, "submit": False})
    assert (staged["status"], staged["evidence_details"]["submission_count"]) == (
        "needs_response",
        0,
    )
    assert staged["evidence_details"]["has_evidence"]

    sent = talk.made(path, {"submit": True})
    assert (sent["status"], sent["evidence_details"]["submission_count"]) == ("under_review", 1)
    error(talk.post(path, {"evidence": {"uncategorized_text": "b"}}), 400)


@pytest.mark.parametrize(
    ("text", "told", "entries"),
    [
        ("winning_evidence", ["updated", "funds_reinstated", "updated", "closed"], 2),
        ("losing_evidence", ["updated", "updated", "closed"], 1),
    ],
)
def test_what_is_told_of_a_dispute(talk: Talk, text: str, told: list[str], entries: int) -> None:
    dispute = _disputed(talk)
    before = events(talk)
    assert before[-2:] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    path = f"/v1/disputes/{dispute['id']}"
    talk.made(path, {"evidence": {"uncategorized_text": text}})
    talk.advance("10s")

    assert events(talk)[len(before) :] == [f"charge.dispute.{each}" for each in told]
    assert len(talk.got(path)["balance_transactions"]) == entries


def test_mexico_gives_the_fee_of_a_dispute_back(talk: Talk) -> None:
    """Documented: nowhere else does winning bring it back today; the fee itself is assumed."""
    account = shop(talk, "MX")
    pay(talk, 100_000, "pm_card_createDispute", currency="mxn", stripe_account=account)
    talk.advance("2s")
    (dispute,) = talk.got("/v1/disputes", **on(account))["data"]
    path = f"/v1/disputes/{dispute['id']}"
    talk.made(path, {"evidence": {"uncategorized_text": "winning_evidence"}}, **on(account))
    talk.advance("10s")

    assert rows(talk, account)[1:] == [
        Row("adjustment", "dispute", -100_000, 30_000, -130_000, "mxn"),
        Row("adjustment", "dispute_reversal", 100_000, -30_000, 130_000, "mxn"),
    ]


def test_what_is_left_after_a_refund_is_disputed(talk: Talk, world: World) -> None:
    """Documented: only the remainder is withdrawn."""
    from emulator.resources.charges.charges import CHARGES
    from emulator.resources.disputes import disputes

    charge = fund(talk, 1_000)
    talk.made("/v1/refunds", {"charge": charge["id"], "amount": 400})
    with world.transaction(world.caller()) as tx:
        disputes.open_dispute(tx, tx.get(CHARGES, charge["id"]))

    assert rows(talk)[-1] == Row("adjustment", "dispute", -600, 1_500, -2_100)
    assert talk.got(f"/v1/charges/{charge['id']}")["amount_refunded"] == 400
