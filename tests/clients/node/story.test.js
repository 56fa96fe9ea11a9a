// The whole story with the official SDK for Node: an account, a charge, a split, a refund, a payout.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { Ear, Mailbox, Marketplace, on } from "./marketplace.js";

const PRICE = 10_000;
const STRIPE_FEE = 320; // 2.9% of the price and 30 cents
const SHARE = 1_000; // what the platform keeps of a sale
const REFUND = 4_000;
const PAYOUT = 2_500;

let mailbox;
let shop;
let worlds = 0;

before(async () => {
  mailbox = await new Mailbox().open();
});
after(() => mailbox.close());
beforeEach(() => {
  mailbox.letters = [];
  worlds += 1;
  shop = new Marketplace(`Story${worlds}`);
});
afterEach(async () => assert.deepEqual(await shop.audit(), []));

for (const type of ["standard", "express", "custom"]) {
  describe(`a ${type} account`, () => {
    let seller;
    let platform;
    let connect;

    beforeEach(async () => {
      platform = await Ear.of(shop, mailbox, "/platform", false);
      connect = await Ear.of(shop, mailbox, "/connect", true);
      seller = await shop.seller(type);
    });

    test("sells by direct charge", async () => {
      const paid = await shop.pay(PRICE, { application_fee_amount: SHARE }, seller);
      const charge = await shop.stripe.charges.retrieve(
        paid.latest_charge,
        { expand: ["balance_transaction"] },
        on(seller),
      );

      assert.equal(paid.status, "succeeded");
      assert.deepEqual(
        Object.fromEntries(charge.balance_transaction.fee_details.map((d) => [d.type, d.amount])),
        { stripe_fee: STRIPE_FEE, application_fee: SHARE },
      );
      await assertHeld(seller, 1_000, 8_680);

      const whole = { charge: charge.id, amount: REFUND, refund_application_fee: true };
      await shop.stripe.refunds.create(whole, on(seller));

      await assertHeld(seller, 600, 5_080);
      await assertPaidOut(seller, 600, 5_080);
      await assertHeard(platform, "application_fee.created", "application_fee.refunded");
      await assertHeard(connect, "charge.succeeded", "payment_intent.succeeded", "charge.refunded");
      await assertPayoutHeard(connect, seller);
    });

    for (const onBehalf of [false, true]) {
      for (const withFee of [true, false]) {
        const how = withFee ? "application fee" : "amount";
        test(`sells by destination charge, ${how}${onBehalf ? ", on behalf of" : ""}`, async () => {
          const part = withFee ? {} : { amount: PRICE - SHARE };
          const paid = await shop.pay(PRICE, {
            transfer_data: { destination: seller, ...part },
            ...(withFee ? { application_fee_amount: SHARE } : {}),
            ...(onBehalf ? { on_behalf_of: seller } : {}),
            expand: ["latest_charge.transfer"],
          });
          const { transfer } = paid.latest_charge;

          assert.equal(transfer.amount, withFee ? PRICE : PRICE - SHARE);
          assert.equal(transfer.destination, seller);
          await assertHeld(seller, 680, 9_000);

          await shop.stripe.refunds.create({
            payment_intent: paid.id,
            amount: REFUND,
            reverse_transfer: true,
            ...(withFee ? { refund_application_fee: true } : {}),
          });

          await assertHeld(seller, 280, 5_400);
          await assertPaidOut(seller, 280, 5_400);
          await assertHeard(platform, "charge.succeeded", "transfer.created", "charge.refunded");
          await assertHeard(platform, "transfer.reversed", "payment_intent.succeeded");
          await assertHeard(connect, "payment.created", "charge.refunded");
          await assertPayoutHeard(connect, seller);
        });
      }
    }

    test("sells by separate charge and transfer", async () => {
      const paid = await shop.pay(PRICE);
      const transfer = await shop.stripe.transfers.create({
        amount: PRICE - SHARE,
        currency: "usd",
        destination: seller,
        source_transaction: paid.latest_charge,
      });
      await assertHeld(seller, 680, 9_000);

      await shop.stripe.refunds.create({ payment_intent: paid.id, amount: REFUND });
      await shop.stripe.transfers.createReversal(transfer.id, { amount: 3_600 });

      await assertHeld(seller, 280, 5_400);
      await assertPaidOut(seller, 280, 5_400);
      await assertHeard(platform, "charge.succeeded", "transfer.created", "transfer.reversed");
      await assertHeard(connect, "payment.created");
      await assertPayoutHeard(connect, seller);
    });
  });
}

/** Platform and seller hold this much, and their balance transactions say the same. */
async function assertHeld(seller, platform, held) {
  assert.deepEqual([await shop.holds(), await shop.holds(seller)], [platform, held]);
  assert.deepEqual([await shop.addsUp(), await shop.addsUp(seller)], [platform, held]);
}

/** The seller can pay out; the payout arrives when its day comes. */
async function assertPaidOut(seller, platform, held) {
  const asked = { amount: PAYOUT, currency: "usd" };
  const payout = await shop.stripe.payouts.create(asked, on(seller));
  assert.equal(payout.status, "pending");
  await assertHeld(seller, platform, held - PAYOUT);

  await shop.advance("7d");
  const arrived = await shop.stripe.payouts.retrieve(payout.id, {}, on(seller));
  assert.equal(arrived.status, "paid");
}

/** Each of these came to the endpoint once, signed. */
async function assertHeard(ear, ...types) {
  const counts = await ear.counts();
  for (const type of types) assert.equal(counts[type], 1, `${type}: ${JSON.stringify(counts)}`);
}

/** The seller's payout was announced, with the account it belongs to. */
async function assertPayoutHeard(ear, seller) {
  const counts = await ear.counts(seller);
  assert.ok(counts["payout.created"] >= 1 && counts["payout.paid"] >= 1, JSON.stringify(counts));
}
