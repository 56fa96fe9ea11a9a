// A platform of our own in a world of its own: what the stories do, in the SDK's own calls.

import http from "node:http";
import Stripe from "stripe";

const BASE = new URL(process.env.EMULATOR_URL ?? "http://127.0.0.1:12111");

const BANK = {
  object: "bank_account",
  country: "US",
  currency: "usd",
  routing_number: "110000000",
  account_number: "000123456789",
};
const INDIVIDUAL = {
  first_name: "Jenny",
  last_name: "Rosen",
  email: "jenny.rosen@example.com",
  phone: "+14155550132",
  dob: { day: 1, month: 1, year: 1901 },
  address: {
    line1: "address_full_match",
    city: "San Francisco",
    state: "CA",
    postal_code: "94111",
    country: "US",
  },
  ssn_last_4: "0000",
  id_number: "000000000",
};

const CAPABILITIES = { card_payments: { requested: true }, transfers: { requested: true } };
const FILLED_IN = {
  "business_profile[product_description]": "Records, new and old",
  "business_profile[support_phone]": "+14155550132",
  "settings[payments][statement_descriptor]": "ROSEN RECORDS",
};

/** The SDK, pointed at the emulator. */
export function clientOf(key) {
  return new Stripe(key, {
    host: BASE.hostname,
    port: BASE.port,
    protocol: "http",
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

/** The SDK's options for acting on a connected account; nothing: on one's own. */
export function on(account) {
  return account === undefined ? {} : { stripeAccount: account };
}

/** One platform: its key, its SDK client, and the control API of its world. */
export class Marketplace {
  constructor(name) {
    this.key = `sk_test_node${name}`;
    this.stripe = clientOf(this.key);
  }

  /** A connected account of a type, ready to be paid and to be paid out; its id. */
  async seller(type) {
    const terms = { tos_acceptance: { date: 1_700_000_000, ip: "203.0.113.7" } };
    const account = await this.stripe.accounts.create({
      type,
      country: "US",
      email: "jenny.rosen@example.com",
      business_type: "individual",
      business_profile: { mcc: "5734", url: "https://shop.example.com", name: "Rosen Records" },
      individual: INDIVIDUAL,
      external_account: BANK,
      ...(type === "custom" ? terms : {}),
      ...(type === "standard" ? {} : { capabilities: CAPABILITIES }),
    });
    if (type !== "custom") await this.onboard(account.id);
    await this.advance("1m");
    const ready = await this.stripe.accounts.retrieve(account.id);
    if (!ready.charges_enabled || !ready.payouts_enabled) {
      throw new Error(`not ready: ${JSON.stringify(ready.requirements)}`);
    }
    return account.id;
  }

  /** Do what the account's holder does at the address of an account link. */
  async onboard(account) {
    const link = await this.stripe.accountLinks.create({
      account,
      type: "account_onboarding",
      return_url: "https://shop.example.com/done",
      refresh_url: "https://shop.example.com/again",
    });
    const body = new URLSearchParams(FILLED_IN);
    const answer = await fetch(link.url, { method: "POST", body, redirect: "manual" });
    if (answer.headers.get("location") !== "https://shop.example.com/done") {
      throw new Error(`${link.url} answers ${answer.status}: ${await answer.text()}`);
    }
  }

  /** Charge a card whose money is available at once; account: on whose account, by header. */
  pay(amount, more = {}, account = undefined) {
    const params = {
      amount,
      currency: "usd",
      payment_method: "pm_card_bypassPending",
      automatic_payment_methods: { enabled: true, allow_redirects: "never" },
      capture_method: "automatic", // the charge shows at once where its money is
      confirm: true,
      ...more,
    };
    return this.stripe.paymentIntents.create(params, on(account));
  }

  /** What an account's balance holds in all, available or not, in cents. */
  async holds(account) {
    const balance = await this.stripe.balance.retrieve({}, on(account));
    const entries = [...balance.available, ...balance.pending];
    return sum(entries.filter((entry) => entry.currency === "usd").map((entry) => entry.amount));
  }

  /** The same, added up from the account's balance transactions. */
  async addsUp(account) {
    const nets = [];
    const all = this.stripe.balanceTransactions.list({ limit: 100 }, on(account));
    for await (const each of all) nets.push(each.net);
    return sum(nets);
  }

  /** Let time pass; returns when everything due has run and every webhook was tried. */
  advance(by) {
    return this.control("POST", "/_emulator/clock", { advance: by });
  }

  /** The laws of money that are broken: none, or the emulator has a bug. */
  async audit() {
    return (await this.control("GET", "/_emulator/audit")).broken;
  }

  async control(method, path, body) {
    const answer = await fetch(new URL(path, BASE), {
      method,
      headers: { Authorization: `Bearer ${this.key}` },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }
}

/** A real HTTP server that receives webhooks and keeps what came, byte for byte. */
export class Mailbox {
  letters = [];

  async open() {
    this.server = http.createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const signature = request.headers["stripe-signature"];
      this.letters.push({ path: request.url, body: Buffer.concat(chunks), signature });
      response.end();
    });
    await new Promise((done) => this.server.listen(0, "127.0.0.1", done));
    this.address = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }
}

/** A webhook endpoint that listens, and checks every signature with the SDK. */
export class Ear {
  static async of(shop, mailbox, path, connect) {
    const ear = Object.assign(new Ear(), { shop, mailbox, path });
    const url = mailbox.address + path;
    const asked = { url, enabled_events: ["*"], connect };
    ear.endpoint = await shop.stripe.webhookEndpoints.create(asked);
    return ear;
  }

  open({ body, signature }) {
    return this.shop.stripe.webhooks.constructEvent(body, signature, this.endpoint.secret);
  }

  /** Every event so far, each proved to be signed with this endpoint's secret. */
  async heard() {
    await this.shop.advance("0s");
    const letters = this.mailbox.letters.filter((letter) => letter.path === this.path);
    return letters.map((letter) => this.open(letter));
  }

  /** How often each type was heard; account: only events of this connected account. */
  async counts(account) {
    const found = {};
    for (const event of await this.heard()) {
      if (account === undefined || event.account === account) {
        found[event.type] = (found[event.type] ?? 0) + 1;
      }
    }
    return found;
  }
}

function sum(numbers) {
  return numbers.reduce((total, each) => total + each, 0);
}
