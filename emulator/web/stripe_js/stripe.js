// Stripe(key, options): what the other files add up to.

class Stripe {
  constructor(key, options = {}) {
    if (typeof key !== "string" || !key)
      throw new IntegrationError(
        "Please call Stripe() with your publishable key. You used an empty string.",
      );
    if (!/^pk_|^ek_|^uk_/.test(key))
      throw new IntegrationError(
        "You should not use your secret key with Stripe.js. Please pass a publishable key instead.",
      );
    this._apiKey = key;
    this._keyMode = "test";
    this.ask = client(key, options);
    this.account = options.stripeAccount;
    this.collected = new Map();
  }

  registerAppInfo() {}

  _registerWrapper() {}

  // -- elements -----------------------------------------------------------------------------------

  elements(options = {}) {
    return new Elements(this, options);
  }

  /** The types that a payment element offers: {types}, or {error} when the intent is not there. */
  async offered(options) {
    if (options.known) return options.known;
    const { clientSecret, mode, currency, paymentMethodTypes, payment_method_types } = options;
    if (clientSecret) {
      const { path } = intentOf(clientSecret);
      const { object, error } = await this.ask("GET", path, { client_secret: clientSecret });
      return error ? { error } : { types: object.payment_method_types, intent: object };
    }
    const named = paymentMethodTypes ?? payment_method_types ?? options.allowedPaymentMethodTypes;
    if (named || !mode) return { types: named ?? ["card"] };
    const reuse =
      mode !== "payment" || Boolean(options.setupFutureUsage ?? options.setup_future_usage);
    const manual = (options.captureMethod ?? options.capture_method) === "manual";
    const query = form({ key: this._apiKey, account: this.account, currency, manual, reuse });
    const read = await asked("GET", `/_emulator/stripe.js/methods?${query}`);
    const without = options.excludedPaymentMethodTypes ?? [];
    return read.error
      ? { error: read.error }
      : { types: read.object.types.filter((type) => !without.includes(type)) };
  }

  // -- tokens, sources, payment methods -----------------------------------------------------------

  async createToken(what, data = {}) {
    const sent = isElement(what) ? ofElement(what, data) : ofName(what, data);
    return sent.error ? sent : named("token", await this.ask("POST", "/v1/tokens", sent));
  }

  async createSource(what, data = {}) {
    if (!isElement(what)) return named("source", await this.ask("POST", "/v1/sources", what));
    const { error, hash, billing } = held(what);
    if (error) return { error };
    const type = typeOfElement(what);
    const owner = billing ? { owner: billing } : {};
    const sent = over({ type, [type]: hash, ...owner }, data);
    return named("source", await this.ask("POST", "/v1/sources", sent));
  }

  async createPaymentMethod(first, element, more) {
    const { error, data } = await methodOf(first, element, more);
    return error
      ? { error }
      : named("paymentMethod", await this.ask("POST", "/v1/payment_methods", data));
  }

  async createConfirmationToken({ elements, params = {}, payment_method }) {
    const { payment_method_data, ...rest } = params;
    const sent = { ...rest, payment_method };
    if (elements) {
      const { error } = await elements.submit();
      if (error) return { error };
      sent.payment_method_data = dataOf(elements, payment_method_data);
      sent.shipping ??= elements.shipping();
      sent.setup_future_usage ??=
        elements.options.setupFutureUsage ?? elements.options.setup_future_usage;
    }
    return named("confirmationToken", await this.ask("POST", "/v1/confirmation_tokens", sent));
  }

  // -- intents ------------------------------------------------------------------------------------

  retrievePaymentIntent(secret) {
    return this.#retrieve(secret, INTENTS.pi);
  }

  retrieveSetupIntent(secret) {
    return this.#retrieve(secret, INTENTS.seti);
  }

  confirmPayment(options) {
    return this.#confirmElements(options, INTENTS.pi);
  }

  confirmSetup(options) {
    return this.#confirmElements(options, INTENTS.seti);
  }

  async handleNextAction({ clientSecret }) {
    const { kind, path } = intentOf(clientSecret);
    const { object, error } = await this.ask("GET", path, { client_secret: clientSecret });
    return told(kind, error ? { error } : await handled(this, clientSecret, object));
  }

  async handleCardAction(secret) {
    intentOf(secret, INTENTS.pi);
    return this.handleNextAction({ clientSecret: secret });
  }

  handleCardSetup(secret, element, data = {}) {
    const { payment_method_data = {} } = data;
    return this.confirmCardSetup(secret, {
      payment_method: { card: element, ...payment_method_data },
    });
  }

  handleCardPayment(secret, element, data = {}) {
    const { payment_method_data = {}, ...rest } = isElement(element) ? data : (element ?? {});
    const method = isElement(element)
      ? { payment_method: { card: element, ...payment_method_data } }
      : {};
    return this.confirmCardPayment(secret, { ...rest, ...method });
  }

  verifyMicrodepositsForPayment(secret, data) {
    return this.#verify(secret, data, INTENTS.pi);
  }

  verifyMicrodepositsForSetup(secret, data) {
    return this.#verify(secret, data, INTENTS.seti);
  }

  collectBankAccountForPayment(options) {
    return this.#collect(options, INTENTS.pi);
  }

  collectBankAccountForSetup(options) {
    return this.#collect(options, INTENTS.seti);
  }

  async #retrieve(secret, wanted) {
    const { kind, path } = intentOf(secret, wanted);
    return named(kind.name, await this.ask("GET", path, { client_secret: secret }));
  }

  async #verify(secret, data, wanted) {
    const { kind, path } = intentOf(secret, wanted);
    const sent = { client_secret: secret, ...data };
    return named(kind.name, await this.ask("POST", `${path}/verify_microdeposits`, sent));
  }

  /** confirmPayment and confirmSetup. */
  async #confirmElements(
    { elements, clientSecret, confirmParams = {}, confirmationToken, redirect = "always" },
    wanted,
  ) {
    const secret = clientSecret ?? elements?.options.clientSecret;
    const { kind } = intentOf(secret, wanted);
    if (redirect === "always" && !confirmParams.return_url && !confirmationToken) {
      throw new IntegrationError(
        "confirmParams.return_url is required unless redirect is 'if_required'.",
      );
    }
    const { payment_method_data, ...sent } = confirmParams;
    if (elements) {
      const { error } = await elements.submit();
      if (error) return { error };
      sent.payment_method_data = dataOf(elements, payment_method_data);
      if (kind === INTENTS.pi) sent.shipping ??= elements.shipping();
    } else if (payment_method_data) {
      sent.payment_method_data = payment_method_data;
    }
    sent.confirmation_token = confirmationToken;
    const { object, error } = await this.#confirm(secret, sent);
    if (error || object.status === "requires_payment_method") return told(kind, { object, error });
    return redirect === "always"
      ? leave(returning(confirmParams.return_url, kind, object))
      : { [kind.name]: object };
  }

  /** Confirm, and lead the customer through what comes of it: {object} or {error}. */
  async #confirm(secret, sent, handleActions = true) {
    const { path } = intentOf(secret);
    const body = { client_secret: secret, use_stripe_sdk: true, ...sent };
    const { object, error } = await this.ask("POST", `${path}/confirm`, body);
    if (error || !handleActions) return { object, error };
    return handled(this, secret, object);
  }

  /** confirmXPayment and confirmXSetup of one method. */
  async confirmMethod(type, kind, secret, data = {}, { handleActions = true } = {}) {
    intentOf(secret, kind);
    const { payment_method: method = this.collected.get(secret), ...sent } = data;
    const cvc = sent.payment_method_options?.card?.cvc;
    if (isElement(cvc)) {
      const error = cvc.problem();
      if (error) return { error };
      sent.payment_method_options = {
        card: { ...sent.payment_method_options.card, cvc: cvc.value("cvc") },
      };
    }
    if (method && typeof method === "object") {
      const { error, data: made } = typed(type, method);
      if (error) return { error };
      sent.payment_method_data = made;
    } else if (method) {
      sent.payment_method = method;
    } else if (type !== "card" && !(await this.#hasMethod(secret))) {
      sent.payment_method_data = { type };
    }
    return told(kind, await this.#confirm(secret, sent, handleActions));
  }

  async #hasMethod(secret) {
    const { object } = await this.ask("GET", intentOf(secret).path, { client_secret: secret });
    return Boolean(object?.payment_method);
  }

  /** A customer chooses an account at their bank: it is proven, and the next confirm uses it. */
  async #collect({ clientSecret, params = {} }, wanted) {
    const { kind, path } = intentOf(clientSecret, wanted);
    const { object, error } = await this.ask("GET", path, { client_secret: clientSecret });
    if (error) return { error };
    this.collected.set(clientSecret, PROVEN[params.payment_method_type ?? "us_bank_account"]);
    return {
      [kind.name]: {
        ...object,
        status: "requires_confirmation",
        payment_method: this.collected.get(clientSecret),
      },
    };
  }

  // -- checkout -----------------------------------------------------------------------------------

  async redirectToCheckout({ sessionId }) {
    return leave(page("checkout", this._apiKey, sessionId));
  }

  async createEmbeddedCheckoutPage({ clientSecret, fetchClientSecret, onComplete }) {
    const id = sessionOf(clientSecret ?? (await fetchClientSecret()));
    return new EmbeddedCheckout(`${page("checkout", this._apiKey, id)}?framed=1`, onComplete);
  }

  initEmbeddedCheckout(options) {
    return this.createEmbeddedCheckoutPage(options);
  }

  initCheckoutElementsSdk(options) {
    return new Checkout(this, options.clientSecret, options);
  }

  /** Its older form; the oldest was a promise of an object that had the actions as well. */
  initCheckout(options) {
    const { clientSecret, fetchClientSecret } = options;
    if (!fetchClientSecret) return this.initCheckoutElementsSdk(options);
    const made = new Checkout(this, fetchClientSecret(), options);
    const session = () => made.session();
    return made.ready.then(() => Object.assign(made, made.actions(), { clientSecret, session }));
  }

  initCheckoutFormSdk() {
    throw new IntegrationError("stripe.initCheckoutFormSdk is not emulated by connect-emulator.");
  }

  // -- wallets, and what is not here --------------------------------------------------------------

  paymentRequest(options) {
    const request = Object.assign(new Told(), {
      options,
      canMakePayment: async () => null,
      show() {},
      abort() {},
      isShowing: () => false,
    });
    request.update = (changed) => Object.assign(request.options, changed);
    return request;
  }
}

const PROVEN = { us_bank_account: "pm_usBankAccount_success" };

/** A token's contents that elements hold. */
function ofElement(element, data) {
  const { error, hash } = held(element);
  if (error) return { error };
  if (element.elementType === "cardCvc") return { cvc_update: { cvc: element.value("cvc") } };
  if (element.elementType === "iban") {
    const bank = { country: hash.iban.slice(0, 2), account_number: hash.iban };
    return { bank_account: { ...bank, ...data } };
  }
  const { postal } = cardIn(element);
  return { card: { ...clean({ address_zip: postal }), ...hash, ...data } };
}

/** A token's contents that the page names. */
function ofName(type, data) {
  if (type === "cvc_update") return isElement(data) ? ofElement(data, {}) : { cvc_update: data };
  if (type === "pii") return { pii: { id_number: data.personal_id_number, ...data } };
  if (["account", "bank_account", "person"].includes(type)) return { [type]: data[type] ?? data };
  throw new IntegrationError(
    `A token is made of an Element or of a kind of details. You provided: ${type}.`,
  );
}

/** {data} of a payment method in each way in which a page may describe it. */
async function methodOf(first, element, more) {
  if (typeof first === "string") {
    return isElement(element) ? typed(first, { [first]: element, ...more }) : typed(first, element);
  }
  const { elements, element: single, params } = first;
  if (elements) {
    const { error } = await elements.submit();
    return error ? { error } : { data: dataOf(elements, params) };
  }
  if (single) {
    const type = typeOfElement(single);
    return typed(type, { ...params, [type]: single });
  }
  return typed(first.type, first);
}

for (const [name, type] of Object.entries(METHODS)) {
  Stripe.prototype[`confirm${name}Payment`] = function confirm(secret, data, options) {
    return this.confirmMethod(type, INTENTS.pi, secret, data, options);
  };
  Stripe.prototype[`confirm${name}Setup`] = function confirm(secret, data, options) {
    return this.confirmMethod(type, INTENTS.seti, secret, data, options);
  };
}
for (const name of [
  "collectBankAccountToken",
  "collectFinancialConnectionsAccounts",
  "createEphemeralKeyNonce",
  "createRadarSession",
  "initializePricing",
  "processOrder",
  "retrieveOrder",
  "verifyIdentity",
]) {
  Stripe.prototype[name] = () => notEmulated(`stripe.${name}`);
}

/** The release that the page asked for in the address of its script: `clover` or 3. */
const [, release] = /\/([a-z]+)\/stripe\.js/.exec(document.currentScript?.src) ?? [];
window.Stripe = Object.assign((key, options) => new Stripe(key, options), {
  version: release ?? 3,
});
