// What the SDK for Node leans on in every call, and the class of each refusal.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import Stripe from "stripe";
import { clientOf, Ear, Mailbox, Marketplace, on } from "./marketplace.js";

const CARD = {
  amount: 2_000,
  currency: "usd",
  payment_method: "pm_card_visa",
  automatic_payment_methods: { enabled: true, allow_redirects: "never" },
  capture_method: "automatic",
  confirm: true,
};

let shop;
let worlds = 0;

beforeEach(() => {
  worlds += 1;
  shop = new Marketplace(`Conventions${worlds}`);
});
afterEach(async () => assert.deepEqual(await shop.audit(), []));

test("a list pages itself both ways", async () => {
  const names = Array.from({ length: 23 }, (_, number) => `Customer ${number}`);
  for (const name of names) await shop.stripe.customers.create({ name });

  const forwards = await shop.stripe.customers.list({ limit: 10 }).autoPagingToArray({ limit: 99 });
  assert.deepEqual(forwards.map((each) => each.name), names.toReversed());

  const oldest = forwards.at(-1).id;
  const asked = { limit: 10, ending_before: oldest };
  const backwards = await shop.stripe.customers.list(asked).autoPagingToArray({ limit: 99 });
  assert.deepEqual(new Set(backwards.map((each) => each.name)), new Set(names.slice(1)));
});

test("one idempotency key makes one payment", async () => {
  const options = { idempotencyKey: "order 6735" };
  const first = await shop.stripe.paymentIntents.create(CARD, options);
  const again = await shop.stripe.paymentIntents.create(CARD, options);

  assert.deepEqual({ ...again, lastResponse: 0 }, { ...first, lastResponse: 0 });
  assert.equal(again.lastResponse.headers["idempotent-replayed"], "true");
  assert.equal((await shop.stripe.charges.list()).data.length, 1);
});

test("expansion reaches into what is inside", async () => {
  const customer = await shop.stripe.customers.create({ name: "Jenny Rosen" });
  const expand = ["customer", "latest_charge.balance_transaction"];
  const paid = await shop.stripe.paymentIntents.create({ ...CARD, customer: customer.id, expand });

  assert.equal(paid.customer.name, "Jenny Rosen");
  assert.equal(paid.latest_charge.balance_transaction.net, 2_000 - 88);
});

test("a delivery that was tampered with is not accepted", async () => {
  const mailbox = await new Mailbox().open();
  try {
    const ear = await Ear.of(shop, mailbox, "/", false);
    await shop.stripe.customers.create({ name: "Jenny Rosen" });
    assert.deepEqual((await ear.heard()).map((event) => event.type), ["customer.created"]);

    const [letter] = mailbox.letters;
    const body = Buffer.from(letter.body.toString().replace("Jenny", "Penny"));
    const { StripeSignatureVerificationError } = Stripe.errors;
    assert.throws(() => ear.open({ ...letter, body }), StripeSignatureVerificationError);
  } finally {
    await mailbox.close();
  }
});

const REFUSALS = {
  "a decline": {
    act: () => shop.stripe.paymentIntents.create({ ...CARD, payment_method: "pm_card_visa_chargeDeclined" }),
    raises: { type: "StripeCardError", code: "card_declined", decline_code: "generic_decline", statusCode: 402 },
  },
  "too little money": {
    act: async () =>
      shop.stripe.transfers.create({
        amount: 1,
        currency: "usd",
        destination: await shop.seller("custom"),
      }),
    raises: { type: "StripeInvalidRequestError", code: "balance_insufficient", statusCode: 400 },
  },
  "an idempotency key used twice": {
    act: async () => {
      await shop.stripe.customers.create({ name: "A" }, { idempotencyKey: "one" });
      await shop.stripe.customers.create({ name: "B" }, { idempotencyKey: "one" });
    },
    raises: { type: "StripeIdempotencyError", statusCode: 400 },
  },
  "a bad parameter": {
    act: () => shop.stripe.paymentIntents.create({ ...CARD, amount: "many" }),
    raises: { type: "StripeInvalidRequestError", code: "parameter_invalid_integer", param: "amount" },
  },
  "a parameter that is missing": {
    act: () => shop.stripe.paymentIntents.create({ currency: "usd" }),
    raises: { type: "StripeInvalidRequestError", code: "parameter_missing", param: "amount" },
  },
  "an unknown id": {
    act: () => shop.stripe.customers.retrieve("cus_none"),
    raises: { type: "StripeInvalidRequestError", code: "resource_missing", statusCode: 404 },
  },
  "no key": {
    act: () => clientOf("nonsense").customers.list(),
    raises: { type: "StripeAuthenticationError", statusCode: 401 },
  },
  "a stranger's account": {
    act: () => shop.stripe.balance.retrieve({}, on("acct_1NotConnected0000")),
    raises: { type: "StripePermissionError", code: "account_invalid", statusCode: 403 },
  },
};

for (const [what, { act, raises }] of Object.entries(REFUSALS)) {
  test(`${what} raises ${raises.type}`, async () => {
    const error = await act().then(
      () => assert.fail("nothing was refused"),
      (found) => found,
    );
    const seen = Object.fromEntries(Object.keys(raises).map((name) => [name, error[name]]));
    assert.deepEqual(seen, raises, error.message);
  });
}
