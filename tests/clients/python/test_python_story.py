"""The whole story with the official SDK: an account, a charge, a split, a refund, a payout,
webhooks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pytest
import stripe

from tests.clients.python.mailbox import Mailbox
from tests.clients.python.marketplace import Ear, Marketplace, Params, as_any, on

KINDS: Final = ("standard", "express", "custom")

PRICE: Final = 10_000
STRIPE_FEE: Final = 320
"""2.9% of the price and 30 cents."""
SHARE: Final = 1_000
"""What the platform keeps of a sale."""
REFUND: Final = 4_000
PAYOUT: Final = 2_500


@dataclass(frozen=True, slots=True)
class Flow:
    """A way to split a charge, and where every cent of it is afterwards.

    after_sale, after_refund: what platform and seller hold then.
    """

    name: str
    split: Params
    after_sale: tuple[int, int]
    after_refund: tuple[int, int]


FEE: Final[Params] = {"application_fee_amount": SHARE}
DIRECT: Final = Flow("direct", FEE, (1_000, 8_680), (600, 5_080))
DESTINATION: Final = (
    Flow("application fee", {**FEE, "transfer_data": {}}, (680, 9_000), (280, 5_400)),
    Flow("amount", {"transfer_data": {"amount": PRICE - SHARE}}, (680, 9_000), (280, 5_400)),
)
SEPARATE: Final = Flow("separate", {}, (680, 9_000), (280, 5_400))


@pytest.fixture(params=KINDS)
def seller(shop: Marketplace, request: pytest.FixtureRequest) -> str:
    """A connected account of each type."""
    return shop.seller(request.param)


@pytest.fixture
def ears(shop: Marketplace, mailbox: Mailbox) -> tuple[Ear, Ear]:
    """What listens to the platform, and what listens to its connected accounts."""
    platform = Ear(shop, mailbox, "/platform", connect=False)
    return platform, Ear(shop, mailbox, "/connect", connect=True)


def test_a_direct_charge_with_an_application_fee(
    shop: Marketplace, ears: tuple[Ear, Ear], seller: str
) -> None:
    paid = shop.pay(PRICE, seller, **DIRECT.split)
    charge = shop.v1.charges.retrieve(str(paid.latest_charge), {}, on(seller))
    fee = shop.v1.application_fees.retrieve(str(charge.application_fee))

    assert (paid.status, charge.amount_captured) == ("succeeded", PRICE)
    assert (fee.amount, fee.account, fee.charge) == (SHARE, seller, charge.id)
    entry = shop.v1.balance_transactions.retrieve(str(charge.balance_transaction), {}, on(seller))
    details = {detail.type: detail.amount for detail in entry.fee_details}
    assert details == {"stripe_fee": STRIPE_FEE, "application_fee": SHARE}
    assert_held(shop, seller, DIRECT.after_sale)

    refund = shop.v1.refunds.create(
        {"charge": charge.id, "amount": REFUND, "refund_application_fee": True}, on(seller)
    )

    assert refund.status == "succeeded"
    assert shop.v1.application_fees.retrieve(fee.id).amount_refunded == 400
    assert_held(shop, seller, DIRECT.after_refund)
    assert_paid_out(shop, seller, DIRECT.after_refund)
    platform, connect = ears
    assert_heard(platform, "application_fee.created", "application_fee.refunded")
    assert_heard(connect, "payment_intent.succeeded", "charge.succeeded", "charge.refunded")
    assert "charge.succeeded" not in platform.counts()
    assert_payout_heard(connect, seller)


def _to(seller: str, flow: Flow, on_behalf_of: bool) -> Params:
    """What a destination charge says of its split."""
    split: Params = {
        **flow.split,
        "transfer_data": {"destination": seller, **flow.split["transfer_data"]},
    }
    return split | {"on_behalf_of": seller} if on_behalf_of else split


@pytest.mark.parametrize("on_behalf_of", [False, True], ids=["", "on behalf of"])
@pytest.mark.parametrize("flow", DESTINATION, ids=lambda flow: flow.name)
def test_a_destination_charge(
    shop: Marketplace, ears: tuple[Ear, Ear], seller: str, flow: Flow, *, on_behalf_of: bool
) -> None:
    with_fee = "application_fee_amount" in flow.split

    paid = shop.pay(PRICE, **_to(seller, flow, on_behalf_of), expand=["latest_charge.transfer"])
    charge: Any = paid.latest_charge

    assert charge.on_behalf_of == (seller if on_behalf_of else None)
    assert charge.transfer.amount == (PRICE if with_fee else PRICE - SHARE)
    assert charge.transfer.destination == seller
    assert charge.transfer.source_transaction == charge.id
    arrived = shop.v1.charges.retrieve(charge.transfer.destination_payment, {}, on(seller))
    assert (arrived.amount, arrived.source_transfer) == (charge.transfer.amount, charge.transfer.id)
    assert_held(shop, seller, flow.after_sale)

    back: Params = {"payment_intent": paid.id, "amount": REFUND, "reverse_transfer": True}
    refund = shop.v1.refunds.create(
        as_any(back | ({"refund_application_fee": True} if with_fee else {}))
    )

    reversal = shop.v1.transfers.retrieve(charge.transfer.id).reversals.data[0]
    assert refund.transfer_reversal == reversal.id
    assert reversal.amount == charge.transfer.amount * REFUND // PRICE
    assert_held(shop, seller, flow.after_refund)
    assert_paid_out(shop, seller, flow.after_refund)
    platform, connect = ears
    assert_heard(platform, "charge.succeeded", "transfer.created", "payment_intent.succeeded")
    assert_heard(platform, "charge.refunded", "transfer.reversed")
    assert platform.counts()["application_fee.created"] == with_fee
    assert platform.counts()["application_fee.refunded"] == with_fee
    assert_heard(connect, "payment.created", "charge.refunded")
    assert_payout_heard(connect, seller)


def test_a_separate_charge_and_transfer(
    shop: Marketplace, ears: tuple[Ear, Ear], seller: str
) -> None:
    paid = shop.pay(PRICE, transfer_group="order 6735")
    transfer = shop.v1.transfers.create(
        {
            "amount": PRICE - SHARE,
            "currency": "usd",
            "destination": seller,
            "source_transaction": str(paid.latest_charge),
        }
    )

    assert transfer.transfer_group == "order 6735"
    assert_held(shop, seller, SEPARATE.after_sale)

    refund = shop.v1.refunds.create({"payment_intent": paid.id, "amount": REFUND})
    reversal = shop.v1.transfers.reversals.create(transfer.id, {"amount": 3_600})

    assert refund.transfer_reversal is None
    assert (reversal.transfer, reversal.amount) == (transfer.id, 3_600)
    assert_held(shop, seller, SEPARATE.after_refund)
    assert_paid_out(shop, seller, SEPARATE.after_refund)
    platform, connect = ears
    assert_heard(platform, "charge.succeeded", "transfer.created", "transfer.reversed")
    assert_heard(connect, "payment.created")
    assert_payout_heard(connect, seller)


def test_a_transfer_without_a_charge_comes_out_of_what_is_available(shop: Marketplace) -> None:
    seller = shop.seller("custom")
    shop.pay(PRICE)

    transfer = shop.v1.transfers.create({"amount": 9_680, "currency": "usd", "destination": seller})
    shop.v1.transfers.reversals.create(transfer.id, {"amount": 9_680})

    assert shop.v1.transfers.retrieve(transfer.id).reversed is True
    assert_held(shop, seller, (9_680, 0))


def test_a_whole_refund_leaves_the_seller_as_before_and_the_platform_with_the_fee_of_stripe(
    shop: Marketplace,
) -> None:
    seller = shop.seller("express")
    split: Params = {"application_fee_amount": SHARE, "transfer_data": {"destination": seller}}
    paid = shop.pay(PRICE, **split)

    both = {"reverse_transfer": True, "refund_application_fee": True}
    shop.v1.refunds.create(as_any({"payment_intent": paid.id, **both}))

    assert_held(shop, seller, (-STRIPE_FEE, 0))
    assert shop.v1.charges.retrieve(str(paid.latest_charge)).refunded is True


def test_the_older_style_of_the_sdk_tells_the_same_story(
    shop: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe, "api_key", shop.key)
    monkeypatch.setattr(stripe, "api_base", shop.base)
    seller = shop.seller("custom")
    customer = stripe.Customer.create(name="Jenny Rosen", metadata={"order": "6735"})
    method = stripe.PaymentMethod.attach("pm_card_bypassPending", customer=customer.id)

    charged = stripe.PaymentIntent.create(
        amount=PRICE,
        currency="usd",
        customer=customer.id,
        payment_method=method.id,
        automatic_payment_methods={"enabled": True, "allow_redirects": "never"},
        capture_method="automatic",
        confirm=True,
        application_fee_amount=SHARE,
        transfer_data={"destination": seller},
        expand=["latest_charge.balance_transaction"],
    )
    charge: Any = charged.latest_charge
    payout = stripe.Payout.create(amount=PAYOUT, currency="usd", stripe_account=seller)
    refund = stripe.Refund.create(charge=charge.id, amount=REFUND, reverse_transfer=True)

    assert charge.balance_transaction.net == PRICE - STRIPE_FEE
    kept: Any = stripe.Customer.retrieve(customer.id)
    assert kept.metadata["order"] == "6735"
    assert stripe.Charge.retrieve(charge.id).amount_refunded == REFUND
    assert (payout.amount, refund.amount) == (PAYOUT, REFUND)
    assert_held(shop, seller, (680, 9_000 - REFUND - PAYOUT))


# -- what must hold in each of them ---------------------------------------------------------------


def assert_held(shop: Marketplace, seller: str, expected: tuple[int, int]) -> None:
    """Platform and seller hold this much, and their balance transactions say the same."""
    assert (shop.holds(), shop.holds(seller)) == expected
    assert (shop.adds_up(), shop.adds_up(seller)) == expected


def assert_paid_out(shop: Marketplace, seller: str, held: tuple[int, int]) -> None:
    """The seller can pay out; the payout arrives when its day comes."""
    platform, before = held
    payout = shop.v1.payouts.create({"amount": PAYOUT, "currency": "usd"}, on(seller))

    assert payout.status == "pending"
    assert_held(shop, seller, (platform, before - PAYOUT))

    shop.advance("7d")
    assert shop.v1.payouts.retrieve(payout.id, {}, on(seller)).status == "paid"
    assert shop.holds() == platform


def assert_heard(ear: Ear, *types: str) -> None:
    """Each of these came to the endpoint once, signed."""
    counts = ear.counts()
    assert {name: counts[name] for name in types} == dict.fromkeys(types, 1)


def assert_payout_heard(ear: Ear, seller: str) -> None:
    """The seller's payout was announced, with the account it belongs to."""
    counts = ear.counts(seller)
    assert counts["payout.created"] >= 1
    assert counts["payout.paid"] >= 1
