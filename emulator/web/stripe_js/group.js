// stripe.elements(): the group in which elements stand.

/** Elements that belong together, and what they know of the payment. */
class Elements extends Told {
  constructor(stripe, options) {
    super();
    if (options.clientSecret) intentOf(options.clientSecret);
    this.stripe = stripe;
    this.options = { ...options };
    this.made = [];
    this.types = ["card"];
    this.loaded = stripe.offered(this.options).then((found) => {
      this.#offer(found);
      return found;
    });
  }

  create(type, options) {
    const alone = !type.endsWith("ddress") && this.getElement(type);
    if (alone) throw new IntegrationError(`There can be only one Element of type ${type}.`);
    const made = new Element(this, type, { ...options });
    this.made.push(made);
    return made;
  }

  /** By its name, or (as old pages do) by what react-stripe-js calls its component. */
  getElement(type, { mode } = {}) {
    const name = typeof type === "string" ? type : type?.__elementType;
    return (
      this.made.find(
        (each) => each.elementType === name && (!mode || each.options.mode === mode),
      ) ?? null
    );
  }

  forget(element) {
    this.made = this.made.filter((each) => each !== element);
  }

  async update(options) {
    Object.assign(this.options, options);
    if (!this.options.clientSecret) this.loaded = this.#again();
    await this.loaded;
    this.tell("update-end");
  }

  /** Link is no tab of its own: it is offered beside cards. */
  #offer({ types = this.types }) {
    const shown = types.filter((type) => type !== "link");
    this.types = shown.length ? shown : types;
  }

  async #again() {
    const found = await this.stripe.offered(this.options);
    this.#offer(found);
    this.getElement("payment")?.face?.fill();
    return found;
  }

  async fetchUpdates() {
    const { error } = await this.#again();
    return error ? { error: { message: error.message, status: error.type } } : {};
  }

  /** The address element whose address is that of the bill. */
  billing() {
    return this.getElement("address", { mode: "billing" });
  }

  async submit() {
    const { error } = await this.loaded;
    const first = error ?? this.made.map((each) => each.problem()).find(Boolean);
    if (first) return { error: first };
    const payment = this.getElement("payment");
    return payment ? { selectedPaymentMethod: payment.type } : {};
  }

  /** What the address elements say of where things are sent, undefined when none does. */
  shipping() {
    const found =
      this.getElement("address", { mode: "shipping" }) ?? this.getElement("shippingAddress");
    return found?.complete ? clean(found.contact()) : undefined;
  }
}
