// Connect.js as this server has it, loaded by the unmodified @stripe/connect-js.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { before, test } from "node:test";
import { load, Shop, tell, until } from "./page.js";

const ENABLED = { enabled: true };
const COMPONENTS = { account_onboarding: ENABLED, balances: ENABLED };

let shop;
let page;
let connectJs;

before(async () => {
  shop = new Shop();
  page = await load("connect.js/v1.0/connect.js");
  Object.assign(globalThis, { window: page.window, document: page.window.document });
  connectJs = createRequire(import.meta.url)("@stripe/connect-js");
});

/** Components of the session of a new account. */
async function components() {
  const capabilities = { card_payments: { requested: true }, transfers: { requested: true } };
  const made = { type: "express", country: "US", capabilities };
  const account = await shop.ask("POST", "/v1/accounts", made);
  const asked = { account: account.id, components: COMPONENTS };
  const session = await shop.ask("POST", "/v1/account_sessions", asked);
  const instance = connectJs.loadConnectAndInitialize({
    publishableKey: `pk_test_${shop.name}`,
    fetchClientSecret: async () => session.client_secret,
  });
  return { account, instance };
}

/** A component on the page, with what it has told so far. */
async function shown(instance, tag) {
  const element = instance.create(tag);
  const events = [];
  element.setOnLoaderStart((event) => events.push(event));
  element.setOnLoadError((event) => events.push(event));
  element.setOnExit?.(() => events.push("exit"));
  element.setCollectionOptions?.({ fields: "eventually_due" });
  page.window.document.body.append(element);
  return { element, events, frame: await until(() => element.querySelector("iframe")) };
}

test("every component has every setter of the package", async () => {
  const { instance } = await components();
  const { connectElementTagNames: tags, ConnectElementCustomMethodConfig: setters } = connectJs;
  assert.ok(tags.length > 15);
  for (const tag of tags) {
    const element = page.window.document.createElement(`stripe-connect-${tag}`);
    for (const name of Object.keys(setters[tag] ?? {})) {
      assert.equal(typeof element[`${name}InternalOnly`], "function", name);
    }
    assert.ok(instance.create(tag));
  }
});

test("an account is onboarded in a frame", async () => {
  const { account, instance } = await components();
  const { events, frame } = await shown(instance, "account-onboarding");
  assert.equal(events[0].elementTagName, "account-onboarding");
  assert.match(frame.src, /collect=eventually_due/);
  const form = await fetch(frame.src);
  const body = new URLSearchParams({ deed: "fill" });
  const done = await fetch(form.url, { method: "POST", body });
  const said = await done.text();
  assert.match(said, /data-of="component" data-what="exit"/);
  tell(page, frame, { of: "component", what: "exit" });
  assert.equal(events.at(-1), "exit");
  const now = await shop.ask("GET", `/v1/accounts/${account.id}`);
  assert.equal(now.details_submitted, true);
});

test("what goes wrong in the frame is told as an error", async () => {
  const { instance } = await components();
  const { element, events, frame } = await shown(instance, "balances");
  assert.equal((await fetch(frame.src)).status, 200);
  tell(page, frame, { of: "component", what: "error", message: "It is over." });
  assert.equal(events.at(-1).error.message, "It is over.");
  await instance.logout();
  assert.equal(element.querySelector("iframe"), null);
});
