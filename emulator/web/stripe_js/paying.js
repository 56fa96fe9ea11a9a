// From what elements hold to what requests send, and from a next_action to its end.

/** The methods behind confirmXPayment and confirmXSetup. */
const METHODS = {
  AcssDebit: "acss_debit",
  Affirm: "affirm",
  AfterpayClearpay: "afterpay_clearpay",
  Alipay: "alipay",
  AmazonPay: "amazon_pay",
  AuBecsDebit: "au_becs_debit",
  BacsDebit: "bacs_debit",
  Bancontact: "bancontact",
  Billie: "billie",
  Blik: "blik",
  Boleto: "boleto",
  Card: "card",
  Cashapp: "cashapp",
  CustomerBalance: "customer_balance",
  Eps: "eps",
  Fpx: "fpx",
  Giropay: "giropay",
  GrabPay: "grabpay",
  Ideal: "ideal",
  Klarna: "klarna",
  Konbini: "konbini",
  Mobilepay: "mobilepay",
  Multibanco: "multibanco",
  Oxxo: "oxxo",
  P24: "p24",
  PayByBank: "pay_by_bank",
  PayNow: "paynow",
  PayPal: "paypal",
  Pix: "pix",
  PromptPay: "promptpay",
  RevolutPay: "revolut_pay",
  SepaDebit: "sepa_debit",
  Sofort: "sofort",
  Swish: "swish",
  Twint: "twint",
  UsBankAccount: "us_bank_account",
  WechatPay: "wechat_pay",
};
const INTENTS = {
  pi: {
    path: "/v1/payment_intents",
    name: "paymentIntent",
    object: "payment_intent",
    failed: "last_payment_error",
  },
  seti: {
    path: "/v1/setup_intents",
    name: "setupIntent",
    object: "setup_intent",
    failed: "last_setup_error",
  },
};
const ANSWER_LOOK_MS = 2000;

const isElement = (value) => value instanceof Element;

/** What an intent's client secret says: the id, and which kind of intent it is. */
function intentOf(secret, wanted) {
  const id = typeof secret === "string" ? secret.split("_secret_")[0] : "";
  const kind = INTENTS[id.split("_")[0]];
  if (!kind || !secret.includes("_secret_") || (wanted && kind !== wanted)) {
    throw new IntegrationError(
      `A client secret has the form ID_secret_SECRET. You specified: ${secret}.`,
    );
  }
  return { id, kind, path: `${kind.path}/${id}` };
}

// -- what elements are worth ----------------------------------------------------------------------

/** The card that card elements hold: those of the same group that are split belong together. */
function cardIn(element) {
  const { group } = element;
  const holds =
    element.elementType === "payment"
      ? [element]
      : element.elementType === "card"
        ? [element]
        : ["cardNumber", "cardExpiry", "cardCvc"]
            .map((type) => group.getElement(type))
            .filter(Boolean);
  const value = (...names) =>
    holds.map((each) => names.map((name) => each.value(name)).find(Boolean)).find(Boolean) ?? "";
  const { month, year } = expiryIn(value("expiry", "exp-date"));
  const error = holds.map((each) => each.problem()).find(Boolean);
  return {
    error,
    card: {
      number: digits(value("number", "cardnumber")),
      exp_month: month,
      exp_year: year,
      cvc: value("cvc"),
    },
    postal: value("postal"),
  };
}

/** What one element holds, as the hash of its payment method. */
function held(element) {
  const value = (name) => element.value(name).trim();
  const error = element.problem();
  switch (element.elementType) {
    case "card":
    case "cardNumber": {
      const { card, error: wrong, postal } = cardIn(element);
      return {
        error: wrong,
        hash: card,
        billing: postal ? { address: { postal_code: postal } } : {},
      };
    }
    case "iban":
      return { error, hash: { iban: value("iban").replace(/\s/g, "") } };
    case "auBankAccount":
      return {
        error,
        hash: { bsb_number: digits(value("bsb")), account_number: value("accountNumber") },
      };
    default:
      return { error, hash: { bank: value(element.elementType) } };
  }
}

/** What the payment element holds, as payment_method_data. */
function chosenIn(element) {
  const type = element.type;
  const asked = new Set(element.names);
  const value = (name) => (asked.has(name) ? element.value(name).trim() : "");
  const hashes = {
    acss_debit: () => ({
      institution_number: value("institutionNumber"),
      transit_number: value("transitNumber"),
      account_number: value("accountNumber"),
    }),
    au_becs_debit: () => ({
      bsb_number: digits(value("bsb")),
      account_number: value("accountNumber"),
    }),
    bacs_debit: () => ({
      sort_code: digits(value("sortCode")),
      account_number: value("accountNumber"),
    }),
    boleto: () => ({ tax_id: value("taxId") }),
    card: () => cardIn(element).card,
    sepa_debit: () => ({ iban: value("iban").replace(/\s/g, "") }),
    us_bank_account: () => ({
      account_holder_type: "individual",
      routing_number: value("routingNumber"),
      account_number: value("accountNumber"),
    }),
  };
  const address = clean({
    line1: value("addressLine1"),
    city: value("locality"),
    state: value("administrativeArea"),
    postal_code: value("postalCode"),
    country: value("country"),
  });
  const { name, email, phone } = element.options.defaultValues?.billingDetails ?? {};
  const billing = clean({
    name: value("name") || name,
    email: value("email") || email,
    phone,
    address,
  });
  return { type, [type]: hashes[type]?.() ?? {}, billing_details: billing };
}

/** One hash over another, inner hashes too. */
function over(below, above) {
  if (typeof below !== "object" || typeof above !== "object" || !below || !above)
    return above ?? below;
  return Object.keys({ ...below, ...above }).reduce(
    (all, name) => ({ ...all, [name]: over(below[name], above[name]) }),
    {},
  );
}

/** payment_method_data of a group of elements. params: what the page adds to it. */
function dataOf(elements, params = {}) {
  const payment = elements.getElement("payment");
  const single = payment ? null : elements.made.find((each) => each.kind.bare);
  if (!payment && !single)
    throw new IntegrationError(
      "Please provide elements with a mounted Payment Element or card Element.",
    );
  const found = payment
    ? chosenIn(payment)
    : typed(typeOfElement(single), { [typeOfElement(single)]: single }).data;
  const { name, address } = elements.billing()?.contact() ?? {};
  const email = elements.getElement("linkAuthentication")?.value("email");
  const more = { billing_details: clean({ name, email, address: address && clean(address) }) };
  return over(over(found, more), params);
}

function typeOfElement(element) {
  const types = {
    iban: "sepa_debit",
    auBankAccount: "au_becs_debit",
    idealBank: "ideal",
    epsBank: "eps",
    fpxBank: "fpx",
    p24Bank: "p24",
  };
  return types[element.elementType] ?? "card";
}

/** {data} of a payment method, or {error}; elements may stand in `sent` for what they hold. */
function typed(type, sent = {}) {
  const { billing_details: billing = {}, metadata, allow_redisplay, ...rest } = sent;
  const hash = rest[type];
  const found = isElement(hash) ? held(hash) : { hash: hash ?? {} };
  if (found.error) return { error: found.error };
  const billing_details = over(found.billing ?? {}, billing);
  return {
    data: clean({ ...rest, type, [type]: found.hash, billing_details, metadata, allow_redisplay }),
  };
}

// -- what the customer does next ------------------------------------------------------------------

/** A page of this server in a frame over the page. until(frame) answers when it is to close. */
async function overlay(title, url, until, closable) {
  const shade = make(document, "div", {
    style: "position:fixed;inset:0;z-index:2147483647;background:rgba(20,24,28,.6)",
    role: "dialog",
    "aria-modal": "true",
    "aria-label": title,
  });
  document.body.append(shade);
  const { doc, frame } = openFrame(shade, title, "border:none;width:100%;height:100%");
  frame.removeAttribute("scrolling");
  const inner = make(doc, "iframe", {
    id: "challengeFrame",
    name: "stripe-challenge-frame",
    title,
    src: url,
    style:
      "display:block;width:min(36rem,96vw);height:90vh;margin:4vh auto 0;border:0;" +
      "border-radius:10px;background:#fff",
  });
  const close = make(
    doc,
    "button",
    {
      type: "button",
      style: "position:absolute;top:1rem;right:1rem;padding:.5rem 1rem;font:inherit",
    },
    "Close",
  );
  doc.body.append(inner, ...(closable ? [close] : []));
  const before = document.activeElement;
  inner.focus();
  const closed = new Promise((resolve) => close.addEventListener("click", () => resolve(null)));
  try {
    return await Promise.race([closed, until(inner)]);
  } finally {
    shade.remove();
    before?.focus?.();
  }
}

/** Resolves when look() finds something: at each page that the frame shows, and now and then. */
function looked(frame, look) {
  return new Promise((resolve) => {
    let timer;
    const again = async () => {
      const found = await look();
      if (found && timer) clearInterval(timer);
      if (found) resolve(found);
    };
    frame.addEventListener("load", again);
    timer = setInterval(() => (frame.isConnected ? again() : clearInterval(timer)), ANSWER_LOOK_MS);
  });
}

/** The address of a page of this server, at the origin that this script came from. */
function here(url) {
  const { pathname, search } = new URL(url);
  return HERE + pathname + search;
}

/** An address to leave for; the page goes away, so that nothing comes after it. */
function leave(url) {
  window.location.assign(url);
  return new Promise(() => {});
}

/**
 * The page of a voucher, a code, instructions or a question on the customer's phone; none when the
 * action is of another kind.
 */
function shownPage(action, key, id) {
  if (action.type === "blik_authorize") return page("authenticate", key, id);
  const about = action[action.type] ?? {};
  if (/bank_transfer|microdeposits/.test(action.type)) return null;
  return about.hosted_voucher_url ?? about.hosted_instructions_url ?? about.mobile_auth_url ?? null;
}

/** Lead the customer through what an intent waits for. Answers the intent as it is afterwards. */
async function handled({ ask, _apiKey: key }, secret, intent) {
  const action = intent.next_action;
  if (intent.status !== "requires_action" || !action) return { object: intent };
  const { path } = intentOf(secret);
  const away = action[action.type]?.url;
  if (away) return leave(away);

  const { stripe_js, three_ds_method_url } = action.use_stripe_sdk ?? {};
  const asked = stripe_js ?? three_ds_method_url;
  const url = asked ?? shownPage(action, key, intent.id);
  if (!url) return { object: intent };
  let last = { object: intent };
  const look = async () => {
    last = await ask("GET", path, { client_secret: secret });
    return last.error || last.object.status !== "requires_action" ? last : null;
  };
  const title = asked
    ? "Secure 3D Secure authentication frame"
    : "Secure payment instructions frame";
  return (await overlay(title, here(url), (frame) => looked(frame, look), !asked)) ?? last;
}

/** What a page is told of an intent: it, or the error of its last attempt. */
function told(kind, { object, error }) {
  if (error) return { error };
  if (object.status === "requires_payment_method" && object[kind.failed]) {
    return { error: { ...object[kind.failed], [kind.object]: object } };
  }
  return { [kind.name]: object };
}

const REDIRECTED = {
  canceled: "failed",
  processing: "pending",
  requires_payment_method: "failed",
};

/** The address that a customer is sent to after paying. */
function returning(url, kind, intent) {
  const there = new URL(url, window.location.href);
  there.searchParams.set(kind.object, intent.id);
  there.searchParams.set(`${kind.object}_client_secret`, intent.client_secret);
  there.searchParams.set("redirect_status", REDIRECTED[intent.status] ?? "succeeded");
  return there.href;
}
