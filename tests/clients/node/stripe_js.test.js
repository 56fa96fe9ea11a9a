// Stripe.js as this server has it, on a page in jsdom: what elements tell, and what payments do.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { beforeEach, describe, test } from "node:test";
import { card, inside, mounted, open, Shop, tell, type, until } from "./page.js";

let shop;
let page;

beforeEach(async () => {
  shop = new Shop();
  page = await open(shop);
});

/** What the types of @stripe/stripe-js say, a file of them. */
function types(file) {
  const main = createRequire(import.meta.url).resolve("@stripe/stripe-js");
  return readFileSync(join(dirname(main), "..", "dist", "stripe-js", file), "utf8");
}

describe("loading", () => {
  test("loadStripe takes the script that is there", async () => {
    Object.assign(globalThis, { window: page.window, document: page.window.document });
    const { loadStripe } = createRequire(import.meta.url)("@stripe/stripe-js/pure");
    const stripe = await loadStripe("pk_test_loaded");
    assert.equal(typeof stripe.confirmCardPayment, "function");
    assert.equal(page.$("script"), null);
  });

  test("every method of the types is there", () => {
    const named = [...types("stripe.d.ts").matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name);
    assert.ok(named.length > 60);
    const missing = new Set(named.filter((name) => typeof page.stripe[name] !== "function"));
    assert.deepEqual([...missing], []);
  });

  test("every element of the types is there but those of Issuing and the form of Checkout", () => {
    const union = /StripeElementType =([^;]*);/.exec(types("elements-group.d.ts"))[1];
    const named = [...union.matchAll(/'(\w+)'/g)].map(([, name]) => name);
    const elements = page.stripe.elements();
    const missing = named.filter((name) => {
      try {
        return !elements.create(name);
      } catch (problem) {
        assert.equal(problem.name, "IntegrationError");
        return true;
      }
    });
    assert.deepEqual(
      missing.filter((name) => !name.startsWith("issuing")),
      ["paymentForm"],
    );
  });

  test("a secret key is not taken", () => {
    assert.throws(() => page.window.Stripe("sk_test_x"), { name: "IntegrationError" });
  });

  test("what cannot be done here is told as an error", async () => {
    const { error } = await page.stripe.verifyIdentity("vs_1_secret_1");
    assert.equal(error.code, "not_modelled");
  });
});

describe("a card element", () => {
  test("tells what is typed into it", async () => {
    const { element, events } = await card(page);
    const { elementType, empty, complete, error, brand, value } = events.at(-1);
    assert.deepEqual([elementType, empty, complete, error], ["card", false, true, undefined]);
    assert.deepEqual([brand, value.postalCode], ["visa", "94107"]);
    assert.match(page.$("#one").className, /StripeElement--complete/);
    element.clear();
    assert.deepEqual([events.at(-1).empty, events.at(-1).complete], [true, false]);
    element.unmount();
    assert.equal(page.$("#one").className, "");
  });

  test("shows numbers in groups", async () => {
    await card(page, { cardnumber: "378282246310005", "exp-date": "0534" });
    const value = (name) => inside(page, "#one").querySelector(`[name="${name}"]`).value;
    assert.equal(value("cardnumber"), "3782 822463 10005");
    assert.equal(value("exp-date"), "05 / 34");
  });

  for (const [name, text, code] of [
    ["cardnumber", "4242", "incomplete_number"],
    ["cardnumber", "4242424242424241", "invalid_number"],
    ["exp-date", "1", "incomplete_expiry"],
    ["exp-date", "1220", "invalid_expiry_year_past"],
    ["exp-date", "1399", "invalid_expiry_year"],
    ["exp-date", "1334", "invalid_expiry_month"],
    ["cvc", "12", "incomplete_cvc"],
    ["postal", "9", "incomplete_zip"],
  ]) {
    test(`says ${code} of ${text}`, async () => {
      const { element, events } = await card(page, { [name]: text });
      assert.equal(events.at(-1).error.code, code);
      assert.equal(events.at(-1).error.type, "validation_error");
      assert.match(page.$("#one").className, /StripeElement--invalid/);
      const { error } = await page.stripe.createToken(element);
      assert.equal(error.code, code);
      const shown = inside(page, "#one").querySelector(`[name="${name}"]`);
      assert.equal(shown.getAttribute("aria-invalid"), "true");
    });
  }

  test("says a month of this year that is over is in the past", async () => {
    const now = new Date();
    if (now.getMonth() === 0) return;
    const year = String(now.getFullYear()).slice(2);
    const { events } = await card(page, { "exp-date": `01${year}` });
    assert.equal(events.at(-1).error.code, "invalid_expiry_month_past");
  });

  test("keeps what was typed when it is mounted elsewhere", async () => {
    const { element } = await card(page);
    element.mount("#two");
    await until(() => inside(page, "#two").querySelector("[name=cvc]")?.value === "123");
    assert.equal(page.$("#one iframe"), null);
    element.destroy();
    assert.throws(() => element.mount("#one"), { name: "IntegrationError" });
  });

  test("stands in its form as a field of it would", async () => {
    const form = page.window.document.createElement("form");
    page.$("#one").before(form);
    form.append(page.$("#one"));
    form.insertAdjacentHTML("afterbegin", '<label for="one">Card</label>');
    let submitted = 0;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      submitted += 1;
    });
    const { element } = await card(page);
    let focused = 0;
    let escaped = 0;
    element.on("focus", () => {
      focused += 1;
    });
    element.once("escape", () => {
      escaped += 1;
    });
    page.$("label").click();
    assert.equal(focused, 1);
    const press = (key) => {
      const about = { key, bubbles: true };
      inside(page, "#one")
        .querySelector("[name=cvc]")
        .dispatchEvent(new page.window.KeyboardEvent("keydown", about));
    };
    press("Enter");
    assert.equal(submitted, 1);
    press("Escape");
    press("Escape");
    assert.equal(escaped, 1);
  });

  test("has a frame as Stripe's tests look for", async () => {
    await card(page);
    const frame = page.$("#one iframe");
    assert.match(frame.name, /^__privateStripeFrame\d+$/);
    assert.equal(frame.title, "Secure card payment input frame");
    for (const input of inside(page, "#one").querySelectorAll("input")) {
      assert.ok(input.getAttribute("aria-label"));
      assert.ok(input.ownerDocument.querySelector(`label[for="${input.id}"]`));
    }
  });
});

describe("what elements are worth", () => {
  test("tokens, sources and payment methods", async () => {
    const { element } = await card(page);
    const { stripe } = page;
    const billing_details = { name: "Jenny" };
    const { token } = await stripe.createToken(element, { name: "Jenny" });
    assert.deepEqual([token.card.last4, token.card.name], ["4242", "Jenny"]);
    const { source } = await stripe.createSource(element);
    assert.equal(source.type, "card");
    for (const made of [
      await stripe.createPaymentMethod({ type: "card", card: element, billing_details }),
      await stripe.createPaymentMethod("card", element, { billing_details }),
      await stripe.createPaymentMethod({ element, params: { billing_details } }),
    ]) {
      assert.equal(made.paymentMethod.billing_details.name, "Jenny");
      assert.equal(made.paymentMethod.billing_details.address.postal_code, "94107");
    }
  });

  test("tokens of what a page knows itself", async () => {
    const bank = { country: "US", currency: "usd", routing_number: "110000000" };
    const account = { business_type: "individual", tos_shown_and_accepted: true };
    for (const [name, data, prefix] of [
      ["bank_account", { ...bank, account_number: "000123456789" }, "btok_"],
      ["pii", { personal_id_number: "000000000" }, "pii_"],
      ["account", account, "ct_"],
      ["person", { person: { first_name: "Jenny" } }, "cpt_"],
    ]) {
      const { token } = await page.stripe.createToken(name, data);
      assert.ok(token.id.startsWith(prefix));
    }
  });

  test("an account made of a token has what the browser sent", async () => {
    const individual = { first_name: "Jenny", last_name: "Rosen" };
    const sent = { business_type: "individual", individual, tos_shown_and_accepted: true };
    const { token } = await page.stripe.createToken("account", sent);
    const params = { type: "custom", country: "FR", account_token: token.id };
    const capabilities = { card_payments: { requested: true }, transfers: { requested: true } };
    const made = await shop.ask("POST", "/v1/accounts", { ...params, capabilities });
    assert.equal(made.individual.first_name, "Jenny");
  });

  test("split card fields belong together", async () => {
    const elements = page.stripe.elements();
    const { element } = await mounted(elements, "cardNumber", "#one");
    await mounted(elements, "cardExpiry", "#two");
    await mounted(elements, "cardCvc", "#three");
    type(page, "#one", { cardnumber: "378282246310005" });
    type(page, "#two", { "exp-date": "12 / 34" });
    const { error } = await page.stripe.createToken(element);
    assert.equal(error.code, "incomplete_cvc");
    type(page, "#three", { cvc: "1234" });
    const { token } = await page.stripe.createToken(element);
    assert.equal(token.card.brand, "American Express");
  });

  test("an IBAN is checked by its digits", async () => {
    const { element, events } = await mounted(page.stripe.elements(), "iban", "#one");
    type(page, "#one", { iban: "DE89370400440532013001" });
    assert.equal(events.at(-1).error.code, "invalid_iban");
    type(page, "#one", { iban: "DE89370400440532013000" });
    const billing_details = { name: "Jenny", email: "jenny@example.com" };
    const sent = { type: "sepa_debit", sepa_debit: element, billing_details };
    const { paymentMethod } = await page.stripe.createPaymentMethod(sent);
    assert.equal(paymentMethod.sepa_debit.last4, "3000");
  });
});

describe("confirming", () => {
  test("a card pays", async () => {
    const { client_secret: secret } = await shop.intent();
    const { element } = await card(page);
    const sent = { payment_method: { card: element, billing_details: { name: "Jenny" } } };
    const { paymentIntent } = await page.stripe.confirmCardPayment(secret, sent);
    assert.equal(paymentIntent.status, "succeeded");
  });

  test("a declined card is an error with its intent", async () => {
    const { client_secret: secret } = await shop.intent();
    const { element } = await card(page, { cardnumber: "4000000000009995" });
    const sent = { payment_method: { card: element } };
    const { error } = await page.stripe.confirmCardPayment(secret, sent);
    assert.deepEqual(
      [error.type, error.code, error.decline_code],
      ["card_error", "card_declined", "insufficient_funds"],
    );
    assert.equal(error.payment_intent.status, "requires_payment_method");
  });

  test("a card is kept for later", async () => {
    const { client_secret: secret } = await shop.setup();
    const { element } = await card(page);
    const { setupIntent } = await page.stripe.confirmCardSetup(secret, {
      payment_method: { card: element },
    });
    assert.equal(setupIntent.status, "succeeded");
  });

  test("a direct charge is made on its account", async () => {
    const capabilities = { card_payments: { requested: true }, transfers: { requested: true } };
    const account = { type: "custom", country: "US", capabilities };
    const { id } = await shop.ask("POST", "/v1/accounts", account);
    await shop.control("onboard", { account: id });
    const { client_secret: secret } = await shop.intent({}, { "Stripe-Account": id });
    const theirs = await open(shop, { stripeAccount: id, apiVersion: "2024-06-20" });
    const { element } = await card(theirs);
    const sent = { payment_method: { card: element } };
    const { paymentIntent } = await theirs.stripe.confirmCardPayment(secret, sent);
    assert.equal(paymentIntent.status, "succeeded");
    const { error } = await page.stripe.retrievePaymentIntent(secret);
    assert.equal(error.code, "resource_missing");
  });

  test("a client secret of something else is a mistake of the page", async () => {
    const { client_secret: secret } = await shop.setup();
    await assert.rejects(page.stripe.confirmCardPayment(secret), { name: "IntegrationError" });
  });

  test("an account chosen at a bank pays", async () => {
    const { client_secret: clientSecret } = await shop.intent({
      payment_method_types: ["us_bank_account"],
    });
    const params = { payment_method_type: "us_bank_account" };
    const chosen = await page.stripe.collectBankAccountForPayment({ clientSecret, params });
    assert.equal(chosen.paymentIntent.status, "requires_confirmation");
    const { paymentIntent } = await page.stripe.confirmUsBankAccountPayment(clientSecret);
    assert.equal(paymentIntent.status, "processing");
  });

  test("an account that was typed is proven by microdeposits", async () => {
    const { client_secret: secret } = await shop.intent({
      payment_method_types: ["us_bank_account"],
    });
    const typed = { routing_number: "110000000", account_number: "000123456789" };
    const us_bank_account = { ...typed, account_holder_type: "individual" };
    const sent = { payment_method: { us_bank_account, billing_details: { name: "Jenny" } } };
    const first = await page.stripe.confirmUsBankAccountPayment(secret, sent);
    assert.equal(first.paymentIntent.next_action.type, "verify_with_microdeposits");
    const proof = { descriptor_code: "SM11AA" };
    const { paymentIntent } = await page.stripe.verifyMicrodepositsForPayment(secret, proof);
    assert.equal(paymentIntent.status, "processing");
  });
});

describe("3-D Secure", () => {
  /** Answer the challenge that opens over the page. */
  async function answer(intent, outcome) {
    const frame = await until(() => page.$("[role=dialog] iframe"));
    const challenge = await until(() => frame.contentDocument.querySelector("#challengeFrame"));
    assert.equal(challenge.name, "stripe-challenge-frame");
    const shown = await (await fetch(challenge.src)).text();
    assert.match(shown, /id="test-source-authorize-3ds"/);
    await shop.control("authenticate", { intent, outcome });
    challenge.dispatchEvent(new page.window.Event("load"));
  }

  for (const [outcome, status] of [
    ["succeeded", "succeeded"],
    ["failed", "requires_payment_method"],
  ]) {
    test(`a challenge that ${outcome} ends in ${status}`, async () => {
      const { id, client_secret: secret } = await shop.intent();
      const { element } = await card(page, { cardnumber: "4000002500003155" });
      const sent = { payment_method: { card: element }, return_url: "http://shop.example/done" };
      const result = page.stripe.confirmCardPayment(secret, sent);
      await answer(id, outcome);
      const { paymentIntent, error } = await result;
      assert.equal((paymentIntent ?? error.payment_intent).status, status);
      if (error) assert.equal(error.code, "payment_intent_authentication_failure");
      assert.equal(page.$("[role=dialog]"), null);
    });
  }

  test("a server that confirms itself leaves the challenge to the page", async () => {
    const confirmed = { confirm: true, use_stripe_sdk: true, confirmation_method: "manual" };
    const method = "pm_card_threeDSecure2Required";
    const made = await shop.intent({ ...confirmed, payment_method: method });
    const result = page.stripe.handleCardAction(made.client_secret);
    await answer(made.id, "succeeded");
    assert.equal((await result).paymentIntent.status, "requires_confirmation");
  });

  test("a code on the customer's phone is asked for in the same way", async () => {
    await shop.control("worlds", { name: shop.name, country: "PL" });
    const types = ["blik"];
    const made = await shop.intent({ currency: "pln", payment_method_types: types });
    const payment_method_options = { blik: { code: "777123" } };
    const sent = { payment_method: { blik: {} }, payment_method_options };
    const result = page.stripe.confirmBlikPayment(made.client_secret, sent);
    await answer(made.id, "succeeded");
    assert.equal((await result).paymentIntent.status, "succeeded");
  });

  test("actions can be left to the page", async () => {
    const { client_secret: secret } = await shop.intent();
    const { element } = await card(page, { cardnumber: "4000002500003155" });
    const sent = { payment_method: { card: element } };
    const options = { handleActions: false };
    const { paymentIntent } = await page.stripe.confirmCardPayment(secret, sent, options);
    assert.equal(paymentIntent.status, "requires_action");
  });
});

describe("the payment element", () => {
  const CARD = { number: "4242424242424242", expiry: "12 / 34", cvc: "123", postalCode: "94107" };

  test("offers what the intent takes, and pays", async () => {
    const types = ["card", "ideal", "sepa_debit"];
    const made = await shop.intent({ currency: "eur", payment_method_types: types });
    const elements = page.stripe.elements({ clientSecret: made.client_secret });
    const { events } = await mounted(elements, "payment", "#one");
    const tabs = [...inside(page, "#one").querySelectorAll("[role=tab]")];
    assert.deepEqual(
      tabs.map((tab) => tab.value),
      types,
    );
    const { error } = await elements.submit();
    assert.equal(error.code, "incomplete_number");
    tabs[2].click();
    assert.equal(events.at(-1).value.type, "sepa_debit");
    const typed = { iban: "DE89370400440532013000", name: "Jenny", email: "jenny@example.com" };
    type(page, "#one", typed);
    const result = await page.stripe.confirmPayment({ elements, redirect: "if_required" });
    assert.equal(result.paymentIntent.status, "processing");
  });

  test("tells of an intent that is not there", async () => {
    const elements = page.stripe.elements({ clientSecret: "pi_1_secret_1" });
    await assert.rejects(mounted(elements, "payment", "#one"), /No such payment_intent/);
  });

  test("offers before there is an intent what one would take", async () => {
    const elements = page.stripe.elements({ mode: "payment", amount: 900, currency: "eur" });
    const { element } = await mounted(elements, "payment", "#one");
    assert.ok(element.types.includes("bancontact"));
    await elements.update({ currency: "usd" });
    assert.ok(!element.types.includes("bancontact"));
  });

  test("a confirmation token carries all that the elements hold", async () => {
    const elements = page.stripe.elements({ mode: "payment", amount: 900, currency: "usd" });
    await mounted(elements, "payment", "#one");
    await mounted(elements, "address", "#two", { mode: "shipping" });
    await mounted(elements, "linkAuthentication", "#three");
    type(page, "#one", CARD);
    const place = { addressLine1: "1 Main Street", locality: "Springfield" };
    type(page, "#two", { name: "Jenny", ...place, administrativeArea: "IL", postalCode: "62701" });
    type(page, "#three", { email: "jenny@example.com" });
    const params = { return_url: "http://shop.example/done" };
    const { confirmationToken } = await page.stripe.createConfirmationToken({ elements, params });
    const preview = confirmationToken.payment_method_preview;
    assert.equal(preview.billing_details.email, "jenny@example.com");
    const paid = await shop.ask("POST", "/v1/payment_intents", {
      amount: 900,
      currency: "usd",
      confirm: true,
      confirmation_token: confirmationToken.id,
    });
    assert.deepEqual([paid.status, paid.shipping.address.city], ["succeeded", "Springfield"]);
  });

  test("a page that knows the address itself is not asked for it", async () => {
    const { client_secret: clientSecret } = await shop.intent();
    const elements = page.stripe.elements({ clientSecret });
    const fields = { billingDetails: { address: "never" } };
    await mounted(elements, "payment", "#one", { fields });
    const { postalCode: _, ...rest } = CARD;
    assert.equal(inside(page, "#one").querySelector("[name=postalCode]"), null);
    type(page, "#one", rest);
    const address = { country: "FR", postal_code: "75001" };
    const payment_method_data = { billing_details: { address } };
    const { paymentIntent } = await page.stripe.confirmPayment({
      elements,
      confirmParams: { payment_method_data },
      redirect: "if_required",
    });
    assert.equal(paymentIntent.status, "succeeded");
    const { payment_method: id } = paymentIntent;
    const method = await shop.ask("GET", `/v1/payment_methods/${id}`);
    assert.equal(method.billing_details.address.postal_code, "75001");
  });

  test("wants to know where to return to", async () => {
    const { client_secret: clientSecret } = await shop.intent();
    const elements = page.stripe.elements({ clientSecret });
    await assert.rejects(page.stripe.confirmPayment({ elements }), { name: "IntegrationError" });
  });
});

describe("checkout", () => {
  const price_data = { currency: "usd", unit_amount: 1500, product_data: { name: "Tea" } };
  const TEA = { mode: "payment", line_items: [{ quantity: 2, price_data }] };

  const session = (params) => shop.ask("POST", "/v1/checkout/sessions", { ...TEA, ...params });

  /** A checkout of elements on the page, with a card in its payment element. */
  async function laidOut(made, number) {
    const { client_secret: clientSecret } = made;
    const checkout = page.stripe.initCheckoutElementsSdk({ clientSecret });
    const { actions } = await checkout.loadActions();
    const element = checkout.createPaymentElement();
    const ready = new Promise((resolve) => element.on("ready", resolve));
    element.mount("#one");
    await ready;
    type(page, "#one", { number, expiry: "12 / 34", cvc: "123", postalCode: "94107" });
    return { checkout, actions };
  }

  test("a page lays out the elements of a session and pays it", async () => {
    const made = await session({ ui_mode: "elements", return_url: "http://shop.example/done" });
    const { checkout, actions } = await laidOut(made, "4242424242424242");
    const heard = [];
    checkout.on("change", (found) => heard.push(found));
    assert.equal(actions.getSession().total.total.amount, "$30.00");
    assert.equal((await actions.updateEmail("jenny")).error.code, "invalidEmail");
    await actions.updateEmail("jenny@example.com");
    const done = await actions.confirm({ redirect: "if_required" });
    const { type: status, paymentStatus } = done.session.status;
    assert.deepEqual([status, paymentStatus], ["complete", "paid"]);
    assert.equal(heard.at(-1).id, made.id);
    const paid = await shop.ask("GET", `/v1/checkout/sessions/${made.id}`);
    assert.equal(paid.customer_details.email, "jenny@example.com");
  });

  test("a declined card leaves the session open", async () => {
    const made = await session({ ui_mode: "elements", return_url: "http://shop.example/done" });
    const { actions } = await laidOut(made, "4000000000000002");
    const { type: outcome, error } = await actions.confirm();
    assert.deepEqual([outcome, error.code], ["error", "paymentFailed"]);
    assert.equal(error.paymentFailed.declineCode, "generic_decline");
    assert.equal(actions.getSession().status.type, "open");
  });

  test("a code and a way of shipping change the total", async () => {
    const { id: coupon } = await shop.ask("POST", "/v1/coupons", { percent_off: 50 });
    const promotion = { type: "coupon", coupon };
    await shop.ask("POST", "/v1/promotion_codes", { code: "HALF", promotion });
    const rate = (name, amount) => ({
      shipping_rate_data: {
        display_name: name,
        type: "fixed_amount",
        fixed_amount: { amount, currency: "usd" },
      },
    });
    const made = await session({
      ui_mode: "elements",
      return_url: "http://shop.example/done",
      allow_promotion_codes: true,
      shipping_options: [rate("Slow", 0), rate("Fast", 500)],
    });
    const { actions } = await laidOut(made, "4242424242424242");
    const total = () => actions.getSession().total.total.minorUnitsAmount;
    const wrong = await actions.applyPromotionCode("NOPE");
    assert.equal(wrong.error.code, "invalidCode");
    await actions.applyPromotionCode("half");
    assert.equal(total(), 1500);
    const [, fast] = actions.getSession().shippingOptions;
    assert.deepEqual([fast.displayName, fast.amount], ["Fast", "$5.00"]);
    await actions.updateShippingOption(fast.id);
    assert.equal(total(), 2000);
    await actions.removePromotionCode();
    assert.equal(total(), 3500);
    await actions.confirm({ redirect: "if_required" });
    const paid = await shop.ask("GET", `/v1/checkout/sessions/${made.id}`);
    assert.deepEqual([paid.payment_status, paid.amount_total], ["paid", 3500]);
  });

  test("what would change the total is told as not emulated", async () => {
    const made = await session({ ui_mode: "elements", return_url: "http://shop.example/done" });
    const { actions } = await laidOut(made, "4242424242424242");
    const { type: outcome, error } = await actions.updateLineItemQuantity({ quantity: 3 });
    assert.equal(outcome, "error");
    assert.match(error.message, /not emulated/);
  });

  test("the page of a session stands in a frame that tells when it is done", async () => {
    const made = await session({ ui_mode: "embedded_page", redirect_on_completion: "never" });
    let done = 0;
    const fetchClientSecret = async () => made.client_secret;
    const onComplete = () => {
      done += 1;
    };
    const options = { fetchClientSecret, onComplete };
    const checkout = await page.stripe.createEmbeddedCheckoutPage(options);
    checkout.mount("#one");
    const frame = page.$("#one iframe");
    tell(page, frame, { of: "something else" });
    assert.equal(done, 0);
    tell(page, frame, { of: "checkout", id: made.id, there: "" });
    assert.equal(done, 1);
    const again = page.stripe.createEmbeddedCheckoutPage(options);
    await assert.rejects(again, { name: "IntegrationError" });
    checkout.destroy();
    assert.equal(page.$("iframe"), null);
  });
});

test("no wallets are there", async () => {
  assert.equal(await page.stripe.paymentRequest({}).canMakePayment(), null);
  const elements = page.stripe.elements({ mode: "payment", amount: 900, currency: "usd" });
  const element = elements.create("expressCheckout");
  const ready = new Promise((resolve) => element.on("ready", resolve));
  element.mount("#one");
  assert.equal((await ready).availablePaymentMethods, undefined);
});
