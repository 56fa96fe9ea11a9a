// Every create, retrieve, update, list and delete of the SDK for Node: `survey` tells where each one
// asks, `call FILE` calls those of a plan and tells what went wrong.

import { readFileSync } from "node:fs";
import Stripe from "stripe";

const OPTIONS = { apiVersion: Stripe.API_VERSION };
const ORDINARY = /^(create|retrieve|update|list|del)/;

/** Every resource of a client with its name: `customers`, `v2.core.accounts`. */
function* resources(node, name = "", seen = new Set([node])) {
  for (const [key, value] of Object.entries(node)) {
    if (key.startsWith("_") || value === null || typeof value !== "object") continue;
    if (seen.has(value)) continue;
    seen.add(value);
    const path = name ? `${name}.${key}` : key;
    if (typeof value._makeRequest === "function") yield [path, value];
    if (value.constructor !== Object && !(value instanceof Map)) yield* resources(value, path, seen);
  }
}

/** Its methods that ask, with how many ids each takes before parameters and options. */
function* methods(stripe) {
  for (const [name, resource] of resources(stripe)) {
    for (const method of Object.getOwnPropertyNames(Object.getPrototypeOf(resource))) {
      const call = resource[method];
      if (!ORDINARY.test(method) || typeof call !== "function" || call.length < 2) continue;
      yield { name: `${name}.${method}`, resource, method, places: call.length - 2 };
    }
  }
}

function survey(stripe) {
  const found = [];
  for (const { name, resource, method, places } of methods(stripe)) {
    resource._makeRequest = (verb, path) => found.push({ name, verb, path });
    resource[method](...Array.from({ length: places }, () => "place"), {}, {});
    delete resource._makeRequest;
  }
  console.log(JSON.stringify(found));
}

async function call(stripe, plan) {
  const named = new Map(plan.map((each) => [each.name, each]));
  const wrong = [];
  for (const { name, resource, method } of methods(stripe)) {
    const todo = named.get(name);
    if (todo === undefined) continue;
    if (name === "files.create") todo.params.file = { data: Buffer.from("%PDF-1.4"), name: "receipt.pdf" };
    try {
      const answer = await resource[method](...todo.ids, todo.params, OPTIONS);
      const fault = misfit(answer, todo);
      if (fault) wrong.push(`${name}: ${fault}`);
    } catch (error) {
      if (!(todo.refusable && error.statusCode < 500)) wrong.push(`${name}: ${error.message}`);
    }
  }
  console.log(JSON.stringify(wrong));
}

function misfit(answer, { kind, object }) {
  if (kind === "list" && !Array.isArray(answer.data)) return "is no list";
  if (kind === "deleted" && !answer.deleted && !object.startsWith("v2.")) return "is not deleted";
  const whole = kind === "object" && !object.includes("|");
  return whole && answer.object !== object ? `is a ${answer.object}, not a ${object}` : null;
}

const url = new URL(process.env.EMULATOR_URL ?? "http://127.0.0.1:1");
const stripe = new Stripe("sk_test_services", {
  host: url.hostname,
  port: Number(url.port),
  protocol: "http",
  maxNetworkRetries: 0,
  telemetry: false,
});
if (process.argv[2] === "survey") survey(stripe);
else await call(stripe, JSON.parse(readFileSync(process.argv[3], "utf8")));
