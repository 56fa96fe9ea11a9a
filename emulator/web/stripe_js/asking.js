// Requests to the server that this script was loaded from, and the shape of what goes wrong.

/** A mistake of the page's own code: thrown, as Stripe.js throws it, never a result. */
class IntegrationError extends Error {
  constructor(message) {
    super(message);
    this.name = "IntegrationError";
  }
}

/** A nested object as a form: {a: {b: 1}, c: ["x"]} is a[b]=1&c[0]=x. */
function form(params) {
  const pairs = new URLSearchParams();
  const add = (name, value) => {
    if (value === undefined || value === null) return;
    if (typeof value !== "object") pairs.append(name, String(value));
    else
      for (const [key, inner] of Object.entries(value)) add(name ? `${name}[${key}]` : key, inner);
  };
  add("", params);
  return pairs;
}

/** What was typed is wrong or missing. */
function invalid(code, message) {
  return { type: "validation_error", code, message };
}

/** What this server does not do. */
function notEmulated(what) {
  const message = `${what} is not emulated by connect-emulator.`;
  return Promise.resolve({ error: { type: "api_error", code: "not_modelled", message } });
}

/**
 * A client of the API with a publishable key.
 * Returns (method, path, params) -> {object} or {error}, never rejects.
 */
function client(key, { stripeAccount, apiVersion }) {
  const headers = { Authorization: `Bearer ${key}` };
  if (stripeAccount) headers["Stripe-Account"] = stripeAccount;
  if (apiVersion) headers["Stripe-Version"] = apiVersion;

  return (method, path, params = {}) =>
    method === "GET"
      ? asked(method, `${path}?${form(params)}`, { headers })
      : asked(method, path, { headers, body: form(params) });
}

/** {object} or {error} of one request. */
async function asked(method, target, sent) {
  try {
    const answer = await fetch(HERE + target, { method, ...sent });
    const read = await answer.json();
    return read.error ? { error: read.error } : { object: read };
  } catch (problem) {
    const message = `The connection to the server failed: ${problem.message}`;
    return { error: { type: "api_connection_error", message } };
  }
}

/** {object} as the result that Stripe.js names after it, {error} as it is. */
function named(name, { object, error }) {
  return error ? { error } : { [name]: object };
}

/**
 * The world that a key belongs to, also one that OAuth gave out for an account; an address with a
 * world in it outweighs the key.
 */
function worldOf(key) {
  const [, name] = /^pk_test_(.*?)(?:_oauth_\w{24})?$/.exec(key) ?? [];
  return HERE.split("/w/")[1] ?? name;
}

/** The address of a page of this server about an object. */
function page(kind, key, id) {
  return `${HERE}/_emulator/${kind}/${worldOf(key)}/${id}`;
}

/** A hash without what says nothing. */
function clean(values) {
  const says = ([, value]) => value !== undefined && value !== null && value !== "";
  return Object.fromEntries(Object.entries(values).filter(says));
}
