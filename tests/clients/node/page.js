// A page that has loaded Stripe.js from the emulator: jsdom in the place of a browser.

import { JSDOM, VirtualConsole } from "jsdom";

const BASE = process.env.EMULATOR_URL ?? "http://127.0.0.1:12111";
export const GOOD = {
  cardnumber: "4242424242424242",
  "exp-date": "1234",
  cvc: "123",
  postal: "94107",
};

let worlds = 0;

/** Requests with the secret key of a page's world, as the shop's own server makes them. */
export class Shop {
  constructor() {
    worlds += 1;
    this.name = `Browser${worlds}`;
  }

  async ask(method, path, params = {}, headers = {}) {
    const sent = new URLSearchParams(flat(params));
    const key = { Authorization: `Bearer sk_test_${this.name}`, ...headers };
    const body = method === "POST" ? sent : undefined;
    const answer = await fetch(BASE + path, { method, headers: key, body });
    const read = await answer.json();
    if (read.error) throw new Error(read.error.message);
    return read;
  }

  async control(path, body) {
    const headers = { Authorization: `Bearer sk_test_${this.name}` };
    const sent = { method: "POST", headers, body: JSON.stringify(body) };
    return (await fetch(`${BASE}/_emulator/${path}`, sent)).json();
  }

  intent(params = {}, headers = {}) {
    const usual = { amount: 2000, currency: "usd", payment_method_types: ["card"] };
    return this.ask("POST", "/v1/payment_intents", { ...usual, ...params }, headers);
  }

  setup(params = {}) {
    return this.ask("POST", "/v1/setup_intents", { payment_method_types: ["card"], ...params });
  }
}

/** A page with a script of the emulator's. */
export async function load(name) {
  const html = '<div id="one"></div><div id="two"></div><div id="three"></div>';
  const { window } = new JSDOM(html, {
    url: "http://shop.example/pay",
    runScripts: "outside-only",
    virtualConsole: new VirtualConsole(),
  });
  // Nothing of one realm is known in the other: a body is told again in the words of this one.
  window.fetch = (url, { body, ...rest }) =>
    fetch(url, { ...rest, body: body && new URLSearchParams(String(body)) });
  const script = await fetch(`${BASE}/_emulator/${name}`);
  window.eval(await script.text());
  return { window, $: (selector) => window.document.querySelector(selector) };
}

/** A page with Stripe.js; `stripe` is made with the publishable key of the shop's world. */
export async function open(shop, options) {
  const page = await load("stripe.js/v3/");
  return { ...page, stripe: page.window.Stripe(`pk_test_${shop.name}`, options) };
}

/** A frame on the page tells the page something. */
export function tell(page, frame, data) {
  const about = { data, origin: new URL(frame.src).origin, source: frame.contentWindow };
  page.window.dispatchEvent(new page.window.MessageEvent("message", about));
}

/** What stands in the frame of a place on the page. */
export function inside(page, place) {
  return page.$(`${place} iframe`).contentDocument;
}

/** Type into fields of the frame in a place, as somebody would who leaves each afterwards. */
export function type(page, place, texts) {
  const doc = inside(page, place);
  for (const [name, text] of Object.entries(texts)) {
    const input = doc.querySelector(`[name="${name}"]`);
    input.dispatchEvent(new page.window.Event("focus"));
    input.value = text;
    input.dispatchEvent(new page.window.Event("input"));
    input.dispatchEvent(new page.window.Event("blur"));
  }
}

/** An element in a place, when it is ready, with the events that it has told so far. */
export async function mounted(elements, name, place, options) {
  const element = elements.create(name, options);
  const events = [];
  element.on("change", (event) => events.push(event));
  await new Promise((resolve, reject) => {
    element.on("ready", resolve);
    element.on("loaderror", ({ error }) => reject(new Error(error.message)));
    element.mount(place);
  });
  return { element, events };
}

/** A card element that holds a card. */
export async function card(page, texts = {}) {
  const { element, events } = await mounted(page.stripe.elements(), "card", "#one");
  type(page, "#one", { ...GOOD, ...texts });
  return { element, events };
}

/** Look until something is there. */
export async function until(look) {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("it did not come");
}

function flat(value, name = "") {
  if (typeof value !== "object") return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) =>
    flat(inner, name ? `${name}[${key}]` : key),
  );
}
