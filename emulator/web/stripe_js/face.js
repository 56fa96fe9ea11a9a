// The face of an element: its frame, and the fields in it.

const STYLED =
  "backgroundColor color fontFamily fontSize fontStyle fontVariant fontWeight letterSpacing " +
  "lineHeight padding textAlign textDecoration textShadow textTransform";
const HALF = "expiry cvc country postalCode locality administrativeArea";
const SHEET = `
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.4 system-ui, sans-serif }
form { display: flex; flex-wrap: wrap; gap: .5rem }
label { flex: 1 1 45%; font-size: .85em }
label.wide { flex-basis: 100% }
input, select { display: block; width: 100%; margin-top: .15rem; padding: .6rem; font: inherit;
  font-size: 1rem; color: inherit; background: transparent; border: 1px solid #b9c2cc;
  border-radius: 5px }
form.bare { flex-wrap: nowrap; gap: .25rem }
.bare label { flex: 1 1 20% }
.bare label:first-of-type { flex-grow: 3 }
.bare input, .bare select { margin: 0; padding: 1px; border: 0; outline: 0 }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
[role=tablist] { display: flex; flex-wrap: wrap; gap: .4rem; margin-bottom: .6rem }
[role=tab] { padding: .5rem .8rem; font: inherit; color: inherit; background: transparent;
  cursor: pointer; border: 1px solid #b9c2cc; border-radius: 5px }
[role=tab][aria-selected=true] { color: #3f5bd8; border-color: #3f5bd8 }
[aria-invalid=true] { color: #b3261e; border-color: #b3261e }
.Error { margin: .2rem 0 0; color: #b3261e; font-size: .85em }
p.soft { margin: 0; flex-basis: 100%; color: #66727f }`;

/** An HTML element. parts: what is in it. An attribute that is false or undefined is left out. */
function make(doc, tag, attributes = {}, ...parts) {
  const made = doc.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name === "style")
      made.style.cssText = value; // a page's policy may forbid the attribute
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...parts);
  return made;
}

let frames = 0;

/** A frame of the page's own origin, named as Stripe.js names its own; its document is empty. */
function openFrame(place, title, style) {
  frames += 1;
  const frame = make(document, "iframe", {
    name: `__privateStripeFrame${frames}`,
    title,
    allow: "payment *; publickey-credentials-get *",
    scrolling: "no",
    style,
  });
  place.append(frame);
  const doc = frame.contentDocument;
  doc.open(); // else some browsers put another empty document in its place a moment later
  doc.write(
    '<!doctype html><html lang="en"><head><meta charset="utf-8"></head><body></body></html>',
  );
  doc.close();
  doc.title = title;
  dress(doc);
  return { frame, doc };
}

/** The style sheet, in the way that a page's policy does not forbid where there is one. */
function dress(doc) {
  if (!doc.adoptedStyleSheets) {
    doc.head.append(make(doc, "style", {}, SHEET));
    return;
  }
  const sheet = new doc.defaultView.CSSStyleSheet();
  sheet.replaceSync(SHEET);
  doc.adoptedStyleSheets = [sheet];
}

class Face {
  constructor(element, place) {
    const { bare, title } = element.kind;
    Object.assign(this, { element, place, bare, shown: new Map() });
    const style = "margin:0;padding:0;border:none;display:block;position:relative";
    this.holder = make(document, "div", { class: "__PrivateStripeElement", style });
    place.replaceChildren(this.holder);
    const height = bare ? "1.4em" : "1px";
    const sized = `border:none;display:block;width:1px;min-width:100%;height:${height}`;
    Object.assign(this, openFrame(this.holder, title, sized));
    this.doc.onkeydown = (event) => this.#pressed(event);
    const { ResizeObserver: Watch } = this.doc.defaultView;
    if (Watch) new Watch(() => this.#fit()).observe(this.doc.body);
    this.pointed = ({ target }) => this.#pointed(target);
    document.addEventListener("click", this.pointed);
  }

  remove() {
    document.removeEventListener("click", this.pointed);
    this.holder.remove();
  }

  focus() {
    this.doc.querySelector("input, select")?.focus();
  }

  /** Build what stands in the frame anew; what was typed stays, and who is where stays there. */
  fill() {
    const { bare, doc, element } = this;
    const { id: at } = doc.activeElement ?? {};
    this.shown.clear();
    const inside = make(doc, "form", { class: bare && "bare", novalidate: true });
    inside.addEventListener("submit", (event) => event.preventDefault());
    inside.append(...element.names.map((name) => this.#field(name)));
    const around =
      element.elementType === "payment" ? [this.#tabs(), inside, this.#hint()] : [inside];
    doc.body.replaceChildren(...around.filter(Boolean));
    if (at) doc.getElementById(at)?.focus();
    this.#style();
    this.#fit();
  }

  /** Enter submits the form that the element stands in, as it would from a field of that form. */
  #pressed({ key, target }) {
    const { elementType } = this.element;
    if (key === "Escape") this.element.tell("escape", { elementType });
    if (key === "Enter" && target.matches("input")) this.place.closest("form")?.requestSubmit();
  }

  /** Who points at the label of the element's place means its first field. */
  #pointed(target) {
    const label = target.closest?.("label");
    if (label && this.place.id && label.htmlFor === this.place.id) this.focus();
  }

  /** Say what is wrong with a field; nothing, when wrong is null. */
  show(name, wrong) {
    const found = this.shown.get(name);
    if (!found) return;
    found.input.setAttribute("aria-invalid", String(Boolean(wrong)));
    found.error.textContent = wrong?.message ?? "";
    found.error.hidden = !wrong;
    this.#fit();
  }

  // -- the parts ----------------------------------------------------------------------------------

  #tabs() {
    const { doc, element } = this;
    if (element.types.length < 2) return null;
    const tabs = element.types.map((type) => {
      const selected = String(type === element.type);
      const known = { id: `${type}-tab`, value: type, "data-testid": type };
      const tab = make(
        doc,
        "button",
        { type: "button", role: "tab", "aria-selected": selected, ...known },
        titleOf(type),
      );
      tab.addEventListener("click", () => element.choose(type));
      return tab;
    });
    return make(doc, "div", { role: "tablist", "aria-label": "Payment methods" }, ...tabs);
  }

  #hint() {
    if (this.element.names.length) return null;
    return make(this.doc, "p", { class: "soft" }, "The next step follows after you submit.");
  }

  #field(name) {
    const { bare, doc, element } = this;
    const id = `${element.elementType === "payment" ? "payment" : "Field"}-${name}Input`;
    const error = make(doc, "p", {
      id: `Field-${name}Error`,
      class: bare ? "Error hidden" : "Error",
      role: "alert",
      hidden: true,
    });
    const input = FIELDS[name].options ? this.#choice(name) : this.#text(name);
    input.id = id;
    input.value = element.value(name);
    this.#listen(input, name);
    this.shown.set(name, { input, error });
    const text = make(doc, "span", { class: bare ? "hidden" : "Label" }, this.#label(name));
    return make(
      doc,
      "label",
      { for: id, class: !HALF.includes(name) && "wide" },
      text,
      input,
      error,
    );
  }

  #label(name) {
    return (this.bare && FIELDS[name].alone) || FIELDS[name].label;
  }

  /** The attributes that a text and a choice have in common. */
  #common(name) {
    const { check, auto } = FIELDS[name];
    const { disabled, readOnly } = this.element.options;
    return {
      name,
      class: "Input",
      autocomplete: auto,
      "aria-label": this.#label(name),
      "aria-invalid": "false",
      "aria-describedby": `Field-${name}Error`,
      "aria-required": check ? "true" : undefined,
      disabled: Boolean(disabled || readOnly),
    };
  }

  #text(name) {
    const { auto, hint } = FIELDS[name];
    return make(this.doc, "input", {
      ...this.#common(name),
      type: auto === "email" ? "email" : "text",
      placeholder: this.element.options.placeholder ?? hint,
      inputmode: auto?.startsWith("cc-") ? "numeric" : undefined,
    });
  }

  #choice(name) {
    const { doc, element } = this;
    const only = name === "country" && element.options.allowedCountries;
    const offered = FIELDS[name].options().filter(([value]) => !only || only.includes(value));
    if (!offered.some(([value]) => value === element.value(name))) {
      element.values[name] = offered[0][0];
    }
    const options = offered.map(([value, text]) => make(doc, "option", { value }, text));
    return make(doc, "select", this.#common(name), ...options);
  }

  #listen(input, name) {
    const { element } = this;
    const { show } = FIELDS[name];
    input.addEventListener("input", () => {
      const text = show ? show(input.value, element.value(name)) : input.value;
      if (text !== input.value) input.value = text;
      element.typed(name, text);
    });
    input.addEventListener("focus", () => element.entered());
    input.addEventListener("blur", () => element.abandoned(name));
  }

  // -- how it looks -------------------------------------------------------------------------------

  #style() {
    const { group, options } = this.element;
    const {
      fontFamily,
      colorText: color,
      fontSizeBase: fontSize,
    } = group.options.appearance?.variables ?? {};
    Object.assign(this.doc.body.style, clean({ fontFamily, color, fontSize }));
    const wanted = Object.entries(options.style?.base ?? {});
    const base = Object.fromEntries(wanted.filter(([name]) => STYLED.split(" ").includes(name)));
    for (const { input } of this.shown.values()) Object.assign(input.style, base);
  }

  #fit() {
    const height = this.doc.body.scrollHeight;
    if (height) this.frame.style.height = `${height + (this.bare ? 0 : 4)}px`;
  }
}

function titleOf(type) {
  const known = {
    eps: "EPS",
    ideal: "iDEAL",
    p24: "Przelewy24",
    sepa_debit: "SEPA Debit",
    us_bank_account: "US bank account",
  };
  const words = type.replaceAll("_", " ");
  return known[type] ?? words[0].toUpperCase() + words.slice(1);
}
