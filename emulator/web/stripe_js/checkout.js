// Checkout inside a page: whole (embedded), or as elements that the page lays out itself.

const SESSION_PATH = "/_emulator/stripe.js/session";
let embedded = null;

/** A session's id, from its client secret. */
function sessionOf(secret) {
  const id = typeof secret === "string" ? secret.split("_secret_")[0] : "";
  if (id.startsWith("cs_") && secret.includes("_secret_")) return id;
  throw new IntegrationError(`This is not the client secret of a Checkout Session: ${secret}.`);
}

/** The page of a session in a frame of the page. */
class EmbeddedCheckout {
  constructor(url, onComplete) {
    if (embedded) throw new IntegrationError("There can be only one Embedded Checkout at a time.");
    embedded = this;
    this.url = url;
    this.heard = ({ data, origin, source }) => {
      const own = this.frame && source === this.frame.contentWindow && url.startsWith(origin);
      if (!own || data?.of !== "checkout") return;
      if (data.there) leave(data.there);
      else onComplete?.();
    };
    window.addEventListener("message", this.heard);
  }

  mount(where) {
    const place = typeof where === "string" ? document.querySelector(where) : where;
    if (!place) throw new IntegrationError(`There is no DOM element "${where}" to mount in.`);
    this.unmount();
    this.frame = make(document, "iframe", {
      name: "embedded-checkout",
      title: "Secure checkout frame",
      src: this.url,
      allow: "payment *",
      style: "border:none;display:block;width:100%;min-height:52rem",
    });
    place.append(this.frame);
  }

  unmount() {
    this.frame?.remove();
    this.frame = null;
  }

  destroy() {
    this.unmount();
    window.removeEventListener("message", this.heard);
    if (embedded === this) embedded = null;
  }
}

// -- elements -------------------------------------------------------------------------------------

const CREATED = {
  Payment: ["payment"],
  BillingAddress: ["address", { mode: "billing" }],
  ShippingAddress: ["address", { mode: "shipping" }],
  ExpressCheckout: ["expressCheckout"],
  CurrencySelector: ["currencySelector"],
  ContactDetails: ["contactDetails"],
  TaxId: ["taxId"],
  Terms: ["terms"],
  LinkSignup: ["linkSignup"],
};
/** What would change the total before the session is submitted. */
const NOT_HERE = [
  "addOptionalLineItem",
  "removeOptionalLineItem",
  "updateLineItemQuantity",
  "updateTaxIdInfo",
];

class Checkout extends Told {
  constructor(stripe, secret, { elementsOptions = {}, defaultValues = {} } = {}) {
    super();
    this.stripe = stripe;
    this.said = { ...defaultValues };
    this.ready = Promise.resolve(secret).then((found) => this.#look(found));
    const types = this.ready.then(({ error }) =>
      error ? { error } : { types: this.found.session.payment_method_types },
    );
    this.group = new Elements(stripe, { ...elementsOptions, known: types });
    for (const [name, [type, fixed]] of Object.entries(CREATED)) {
      this[`get${name}Element`] = () => this.group.getElement(type, fixed);
      this[`create${name}Element`] = (options) => this.#create(type, { ...options, ...fixed });
    }
  }

  changeAppearance(appearance) {
    this.group.update({ appearance });
  }

  loadFonts() {}

  async loadActions() {
    const { error } = await this.ready;
    if (error) return { type: "error", error: { message: error.message, code: null } };
    return { type: "success", actions: this.actions() };
  }

  /** What a page may do, each answering {type: "success", session} or {type: "error", error}. */
  actions() {
    const says = (name) => async (value) => this.#changed({ [name]: value });
    const found = {
      getSession: () => this.session(),
      confirm: (options) => this.#confirm(options),
      runServerUpdate: (update) => this.#updated(update),
      validateElements: () => this.#validated(),
      applyPromotionCode: (code) => this.#choose({ promotion_code: code }, "invalidCode"),
      removePromotionCode: () => this.#choose({ promotion_code: "" }),
      updateShippingOption: (id) => this.#choose({ shipping_rate: id }),
      updateEmail: (email) => this.#email(email),
      updateBillingAddress: says("billingAddress"),
      updateBusinessName: says("businessName"),
      updateIndividualName: says("individualName"),
      updatePhoneNumber: says("phoneNumber"),
      updateShippingAddress: says("shippingAddress"),
    };
    for (const name of NOT_HERE) {
      const message = `checkout.${name} is not emulated by connect-emulator.`;
      found[name] = async () => ({ type: "error", error: { message, code: null } });
    }
    return found;
  }

  // -- what is known of it ------------------------------------------------------------------------

  async #look(secret) {
    this.secret = secret;
    sessionOf(secret);
    const { object, error } = await asked("GET", `${SESSION_PATH}?${form(this.#who())}`);
    if (object) this.found = object;
    return { error };
  }

  #who() {
    return { key: this.stripe._apiKey, secret: this.secret };
  }

  /** The session in the words of Stripe.js. */
  session() {
    const { session, lines, shipping } = this.found;
    const money = (amount) => priced(amount ?? 0, session.currency);
    const details = session.total_details ?? {};
    const payment = this.group.getElement("payment");
    const complete = { type: "complete", paymentStatus: session.payment_status };
    return {
      id: session.id,
      livemode: false,
      status: session.status === "complete" ? complete : { type: session.status },
      canConfirm: session.status === "open" && (payment?.complete ?? true),
      currency: session.currency,
      minorUnitsAmountDivisor: 10 ** decimals(session.currency),
      email: this.said.email ?? session.customer_details?.email ?? session.customer_email ?? null,
      phoneNumber: this.said.phoneNumber ?? null,
      billingAddress: this.said.billingAddress ?? null,
      shippingAddress: this.said.shippingAddress ?? null,
      businessName: this.said.businessName ?? null,
      lineItems: lines.map((line) => lineOf(line, money)),
      total: {
        subtotal: money(session.amount_subtotal),
        total: money(session.amount_total),
        discount: money(details.amount_discount),
        shippingRate: money(details.amount_shipping),
        taxExclusive: money(details.amount_tax),
        taxInclusive: money(0),
        appliedBalance: money(0),
        surcharge: money(0),
        balanceAppliedToNextInvoice: false,
      },
      tax: { status: "ready" },
      shippingOptions: (session.shipping_options ?? []).map(
        ({ shipping_rate: id, shipping_amount }) => ({
          id,
          currency: session.currency,
          displayName: shipping[id] ?? null,
          deliveryEstimate: null,
          ...money(shipping_amount),
        }),
      ),
      ...Object.fromEntries(UNKNOWN.map((name) => [name, null])),
    };
  }

  #create(type, options) {
    const made = this.group.create(type, options);
    return made.on("change", () => this.found && this.tell("change", this.session()));
  }

  #changed(said = {}) {
    Object.assign(this.said, said);
    const session = this.session();
    this.tell("change", session);
    return { type: "success", session };
  }

  #email(email) {
    const wrong = email === null ? null : checkEmail(email);
    if (!wrong) return Promise.resolve(this.#changed({ email }));
    const code = email.trim() ? "invalidEmail" : "incompleteEmail";
    return Promise.resolve({ type: "error", error: { message: wrong.message, code } });
  }

  /** Choose what changes the total. */
  async #choose(choice, code = null) {
    const sent = { ...this.#who(), choice };
    const { object, error } = await asked("POST", SESSION_PATH, { body: form(sent) });
    if (error) return { type: "error", error: { message: error.message, code } };
    this.found = object;
    return this.#changed();
  }

  async #updated(update) {
    await update();
    const { error } = await this.#look(this.secret);
    return error ? failure(error) : this.#changed();
  }

  async #validated() {
    const { error } = await this.group.submit();
    if (!error) return { type: "success", session: this.session() };
    const validation_errors = [{ message: error.message, element: "payment" }];
    const { message } = error;
    return { type: "error", error: { code: "validation_error", message, validation_errors } };
  }

  // -- submitting it ------------------------------------------------------------------------------

  async #confirm({ returnUrl, redirect = "always", paymentMethod, ...said } = {}) {
    Object.assign(this.said, clean(said));
    const { id, error } = paymentMethod ? { id: paymentMethod } : await this.#method();
    if (error) return failure(error);
    const back = returnUrl ?? this.found.session.return_url ?? undefined;
    const there = back?.replace("{CHECKOUT_SESSION_ID}", this.found.session.id);
    const { email, phoneNumber: phone, billingAddress, shippingAddress } = this.said;
    const sent = {
      ...this.#who(),
      payer: {
        payment_method: id,
        return_url: there,
        email: email ?? this.group.getElement("contactDetails")?.value("email"),
        phone,
        address: billingAddress?.address ?? this.group.billing()?.contact().address,
        shipping_details: shippingAddress ?? this.group.shipping(),
      },
    };
    const { object, error: refused } = await asked("POST", SESSION_PATH, { body: form(sent) });
    if (refused) return failure(refused);
    this.found = object;
    if (object.asked) return this.#challenged(object.asked, there, redirect);
    return this.#done(there, redirect);
  }

  async #method() {
    const { error, paymentMethod } = await this.stripe.createPaymentMethod({
      elements: this.group,
    });
    return { error, id: paymentMethod?.id };
  }

  /** The bank asks: cards over the page, other methods on a page of their own. */
  async #challenged(url, there, redirect) {
    if (this.group.getElement("payment")?.type !== "card") return leave(url);
    const look = async () => {
      const { error } = await this.#look(this.secret);
      return error || !this.found.asked ? { error } : null;
    };
    const title = "Secure 3D Secure authentication frame";
    const { error } = await overlay(title, here(url), (frame) => looked(frame, look), false);
    if (error) return failure(error);
    if (this.found.session.status === "complete") return this.#done(there, redirect);
    return failure({ message: "We are unable to authenticate your payment method." });
  }

  #done(there, redirect) {
    if (redirect === "always" && there) return leave(there);
    return this.#changed();
  }
}

/** Fields of a session that stay empty here. */
const UNKNOWN = [
  "currencyOptions",
  "discountAmounts",
  "lastPaymentError",
  "nameCollection",
  "optionalItems",
  "recurring",
  "savedPaymentMethods",
  "shipping",
  "surcharge",
  "taxAmounts",
  "taxIdInfo",
];

function failure({ message, type, code, decline_code: declined }) {
  if (type !== "card_error") return { type: "error", error: { message, code: null } };
  const paymentFailed = { declineCode: declined ?? code ?? null };
  return { type: "error", error: { message, code: "paymentFailed", paymentFailed } };
}

function decimals(currency) {
  const format = new Intl.NumberFormat("en", { style: "currency", currency: currency ?? "usd" });
  return format.resolvedOptions().maximumFractionDigits;
}

/** An amount in minor units, as Stripe.js tells it. */
function priced(minorUnitsAmount, currency) {
  const style = { style: "currency", currency: currency ?? "usd" };
  const amount = minorUnitsAmount / 10 ** decimals(currency);
  return { minorUnitsAmount, amount: new Intl.NumberFormat("en", style).format(amount) };
}

function lineOf(line, money) {
  return {
    id: line.id,
    name: line.description,
    description: null,
    quantity: line.quantity,
    priceId: line.price?.id,
    unitAmount: money(line.price?.unit_amount),
    unitAmountDecimal: null,
    subtotal: money(line.amount_subtotal),
    total: money(line.amount_total),
    discount: money(line.amount_discount),
    taxExclusive: money(line.amount_tax),
    taxInclusive: money(0),
    images: [],
    isRemovable: false,
    ...Object.fromEntries(
      ["adjustableQuantity", "discountAmounts", "pricing", "recurring", "taxAmounts"].map(
        (name) => [name, null],
      ),
    ),
    unitLabel: null,
    transformQuantity: null,
  };
}
