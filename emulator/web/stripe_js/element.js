// An element: what was typed into it, what is told of that, and where it stands on the page.

const CLASSES = {
  base: "StripeElement",
  complete: "StripeElement--complete",
  empty: "StripeElement--empty",
  focus: "StripeElement--focus",
  invalid: "StripeElement--invalid",
};

class Element extends Told {
  constructor(group, type, options = {}) {
    super();
    if (!KINDS[type]) {
      throw new IntegrationError(`"${type}" is not the name of an Element that can be created.`);
    }
    Object.assign(this, { group, elementType: type, _elementType: type, options });
    this.kind = KINDS[type];
    this.values = { country: "US", ...prefilled(type, options) };
    this.left = new Set();
    this.chosen = null;
    this.face = null;
    this.destroyed = false;
  }

  // -- what is in it ------------------------------------------------------------------------------

  /** The names of the fields that stand in it now. */
  get names() {
    if (this.elementType === "payment") return this.#asked();
    const { hidePostalCode, fields } = this.options;
    const names = this.kind.fields.split(" ").filter(Boolean);
    if (fields?.phone === "always") names.push("phone");
    const spared = [hidePostalCode && "postal", fields?.name === "never" && "name"];
    return names.filter((name) => !spared.includes(name));
  }

  /** What the chosen method asks for, but for what the page says that it knows itself. */
  #asked() {
    const never = this.options.fields?.billingDetails ?? {};
    const spares = (name, inner) =>
      never === "never" ||
      (inner
        ? never.address === "never" || never.address?.[inner] === "never"
        : never[name] === "never");
    const spared = Object.keys(BILLED).filter((name) => spares(name, BILLED[name]));
    if (this.group.billing())
      spared.push(...Object.keys(BILLED).filter((name) => BILLED[name]), "name");
    if (this.type === "card" && !POSTAL_WANTED.includes(this.values.country)) {
      spared.push("postalCode");
    }
    const asked = (ASKED[this.type] ?? "").split(" ");
    return asked.filter((name) => name && !spared.includes(name));
  }

  /** The types that a payment element offers, in its order; the first is chosen at first. */
  get types() {
    const order = this.options.paymentMethodOrder ?? [];
    const rank = (type) => (order.includes(type) ? order.indexOf(type) : order.length);
    return [...this.group.types].sort((a, b) => rank(a) - rank(b));
  }

  get type() {
    return this.chosen ?? this.types[0];
  }

  value(name) {
    return this.values[name] ?? "";
  }

  /** What is wrong with a field, null when nothing is. */
  wrong(name) {
    return FIELDS[name].check?.(this.value(name), this.values) ?? null;
  }

  /** What is wrong and shown: what more typing cannot put right, and what was left unfinished. */
  seen(name) {
    const found = this.wrong(name);
    return found && this.value(name) && (found.final || this.left.has(name)) ? found : null;
  }

  get complete() {
    return this.names.every((name) => !this.wrong(name));
  }

  get empty() {
    return this.names.every((name) => FIELDS[name].options || !this.value(name));
  }

  /** The first thing that keeps it from being submitted, as an error; all of them are shown. */
  problem() {
    const found = this.names.map((name) => [name, this.wrong(name)]).filter(([, wrong]) => wrong);
    for (const [name, wrong] of found) this.face?.show(name, wrong);
    this.#dress(found.length > 0);
    return found.length ? invalid(found[0][1].code, found[0][1].message) : null;
  }

  // -- what is told of it -------------------------------------------------------------------------

  /** A change event. */
  event() {
    const { elementType, empty, complete } = this;
    const about = { elementType, empty, complete };
    if (elementType === "payment") {
      return { ...about, collapsed: false, value: { type: this.type } };
    }
    if (elementType.endsWith("ddress")) {
      const elementMode = this.options.mode ?? "shipping";
      return { ...about, elementMode, isNewAddress: true, value: this.contact() };
    }
    const error = this.names.map((name) => this.seen(name)).find(Boolean);
    about.error = error && invalid(error.code, error.message);
    if (elementType === "card") about.value = { postalCode: this.value("postal") };
    if (this.names.includes("cardnumber")) about.brand = brandOf(this.value("cardnumber"));
    if (elementType === "iban") about.country = this.value("iban").slice(0, 2);
    if (this.kind.fields === "email") about.value = { email: this.value("email") };
    if (BANKS[elementType]) about.value = this.value(elementType);
    return about;
  }

  async getValue() {
    const { complete, isNewAddress, value } = this.event();
    return { complete, isNewAddress, value };
  }

  /** Name and address, as the address element tells them. */
  contact() {
    const named = Object.entries(BILLED).filter(([, inner]) => inner);
    const address = Object.fromEntries(named.map(([name, inner]) => [inner, this.value(name)]));
    address.line2 ||= null;
    const said = { name: this.value("name"), address };
    return this.names.includes("phone") ? { ...said, phone: this.value("phone") } : said;
  }

  /** Somebody typed into a field, or chose. */
  typed(name, text) {
    this.values[name] = text;
    this.left.delete(name);
    if (name === "country" && this.elementType === "payment") this.face.fill();
    this.#changed(name);
  }

  entered() {
    this.#mark("focus", true);
    this.tell("focus", { elementType: this.elementType });
  }

  abandoned(name) {
    this.#mark("focus", false);
    this.left.add(name);
    this.tell("blur", { elementType: this.elementType });
    if (this.seen(name)) this.#changed(name);
  }

  choose(type) {
    this.chosen = type;
    this.face.fill();
    this.#changed();
  }

  #changed(name) {
    if (name) this.face?.show(name, this.seen(name));
    this.#dress();
    this.tell("change", this.event());
  }

  // -- on the page --------------------------------------------------------------------------------

  mount(where) {
    this.#alive();
    const place = typeof where === "string" ? document.querySelector(where) : where;
    if (!place) throw new IntegrationError(`There is no DOM element "${where}" to mount in.`);
    if (this.face?.place === place && place.contains(this.face.frame)) return;
    this.unmount();
    this.face = new Face(this, place);
    this.#dress();
    this.#open(this.face);
  }

  async #open(face) {
    const { elementType } = this;
    if (elementType === "payment") this.tell("loaderstart", { elementType });
    const { error } = await this.group.loaded;
    if (this.face !== face) return;
    if (error && elementType === "payment") {
      this.tell("loaderror", { elementType, error });
      return;
    }
    face.fill();
    const wallets = elementType === "expressCheckout" && { availablePaymentMethods: undefined };
    this.tell("ready", { elementType, ...wallets });
    if (elementType === "payment" || elementType.endsWith("ddress")) {
      this.tell("change", this.event());
    }
  }

  unmount() {
    if (!this.face) return;
    for (const names of Object.values(this.#classes())) this.face.place.classList.remove(...names);
    this.face.remove();
    this.face = null;
  }

  destroy() {
    this.#alive();
    this.unmount();
    this.destroyed = true;
    this.group.forget(this);
  }

  update(options = {}) {
    this.#alive();
    Object.assign(this.options, options);
    Object.assign(this.values, prefilled(this.elementType, options));
    this.face?.fill();
    return this;
  }

  focus() {
    this.face?.focus();
  }

  blur() {
    this.face?.doc.activeElement?.blur();
  }

  clear() {
    this.values = { country: this.values.country };
    this.left.clear();
    this.face?.fill();
    this.#changed();
  }

  collapse() {
    return this;
  }

  #alive() {
    if (!this.destroyed) return;
    throw new IntegrationError("This Element was destroyed. Please create a new one.");
  }

  // -- the classes of the place where it stands ---------------------------------------------------

  #classes() {
    const split = ([state, names]) => [state, names.split(/\s+/).filter(Boolean)];
    return Object.fromEntries(Object.entries({ ...CLASSES, ...this.options.classes }).map(split));
  }

  #mark(state, on) {
    const names = this.#classes()[state];
    if (this.face && names) this.face.place.classList[on ? "add" : "remove"](...names);
  }

  #dress(wrong = this.names.some((name) => this.seen(name))) {
    this.#mark("base", true);
    this.#mark("empty", this.empty);
    this.#mark("complete", this.complete && !this.empty);
    this.#mark("invalid", wrong);
  }
}

/** What the options of an element fill in beforehand. */
function prefilled(type, { value, defaultValues }) {
  const { address = {}, name, email, phone } = defaultValues?.billingDetails ?? defaultValues ?? {};
  const found = { name, email, phone };
  for (const [field, inner] of Object.entries(BILLED)) if (inner) found[field] = address[inner];
  if (type === "card") found.postal = value?.postalCode;
  if (BANKS[type]) found[type] = value;
  return clean(found);
}
