"""Reviews: payments that wait for a person to look at them."""

from __future__ import annotations

from emulator.resources.charges.charges import CHARGES
from emulator.resources.disputes import disputes
from emulator.resources.payments import reviews
from emulator.world import World
from tests.resources.market import Doc, events, on, pay, seller
from tests.talking import Talk, error

_RISKY = "pm_card_riskLevelElevated"


def _reviewed(talk: Talk, **more: object) -> tuple[Doc, Doc]:
    charge = pay(talk, 1_000, _RISKY, **more)
    return charge, dict(talk.got(f"/v1/reviews/{charge['review']}"))


def test_elevated_risk_is_reviewed(talk: Talk) -> None:
    charge, review = _reviewed(talk)

    assert (review["open"], review["reason"], review["opened_reason"]) == (True, "rule", "rule")
    assert (review["charge"], review["payment_intent"]) == (charge["id"], charge["payment_intent"])
    assert charge["outcome"]["type"] == "manual_review"
    intent = talk.got(f"/v1/payment_intents/{charge['payment_intent']}")
    assert (intent["review"], intent["status"]) == (review["id"], "succeeded")
    assert "review.opened" in events(talk)


def test_a_review_is_approved_once(talk: Talk) -> None:
    _, review = _reviewed(talk)
    path = f"/v1/reviews/{review['id']}/approve"
    done = talk.made(path)

    assert (done["open"], done["reason"], done["closed_reason"]) == (False, "approved", "approved")
    assert talk.got("/v1/reviews")["data"] == []
    assert events(talk)[-1] == "review.closed"
    error(talk.post(path), 400)


def test_open_reviews_are_listed_on_their_account(talk: Talk) -> None:
    account = seller(talk)
    charge = pay(talk, 1_000, _RISKY, stripe_account=account)
    (review,) = talk.got("/v1/reviews", **on(account))["data"]

    assert review["charge"] == charge["id"]
    assert talk.got("/v1/reviews")["data"] == []


def test_what_happens_to_the_charge_ends_its_review(talk: Talk, world: World) -> None:
    refunded, first = _reviewed(talk)
    talk.made("/v1/refunds", {"charge": refunded["id"], "amount": 400})
    assert talk.got(f"/v1/reviews/{first['id']}")["open"]
    talk.made("/v1/refunds", {"charge": refunded["id"]})
    fraud, second = _reviewed(talk)
    talk.made("/v1/refunds", {"charge": fraud["id"], "reason": "fraudulent"})
    disputed, third = _reviewed(talk)
    with world.transaction(world.caller()) as tx:
        disputes.open_dispute(tx, tx.get(CHARGES, disputed["id"]))
    held, fourth = _reviewed(talk, capture_method="manual")
    talk.made(f"/v1/payment_intents/{held['payment_intent']}/cancel")

    closed = [talk.got(f"/v1/reviews/{each['id']}") for each in (first, second, third, fourth)]
    assert [each["closed_reason"] for each in closed] == [
        "refunded",
        "refunded_as_fraud",
        "disputed",
        "canceled",
    ]


def test_somebody_puts_a_charge_into_review(talk: Talk, world: World) -> None:
    charge = pay(talk, 1_000)
    with world.transaction(world.caller()) as tx:
        review = reviews.open_review(tx, tx.get(CHARGES, charge["id"]))

    assert review["opened_reason"] == "manual"
    assert talk.got(f"/v1/charges/{charge['id']}")["review"] == review["id"]
