// Connect.js: embedded components of an account, each a page of this server in a frame.

const TAGS =
  "account-onboarding account-management notification-banner payments payment-details " +
  "payment-disputes disputes-list payouts payouts-list payout-details balances " +
  "instant-payouts-promotion issuing-card issuing-cards-list financial-account " +
  "financial-account-transactions documents tax-registrations tax-settings balance-report " +
  "payout-reconciliation-report";
/** What pages set on components, beside what every one has. */
const SETTERS =
  "setOnLoadError setOnLoaderStart setFullTermsOfServiceUrl setRecipientTermsOfServiceUrl " +
  "setPrivacyPolicyUrl setSkipTermsOfServiceCollection setCollectionOptions setOnExit " +
  "setOnStepChange setOnSectionOpen setOnNotificationsChange setOnInstantPayoutsPromotionLoaded " +
  "setOnInstantPayoutCreated setDefaultCard setCardSwitching setFetchEphemeralKey " +
  "setShowSpendControls setIssuingProgram setFinancialAccount setDefaultFilters setPayment " +
  "setOnClose setOnDisputesLoaded setHideProductTaxCodeSelector setDisplayHeadOfficeCountries " +
  "setOnTaxSettingsUpdated setOnAfterTaxRegistrationAdded setDisplayCountries " +
  "setOnAfterTaxRegistrationExpired setPayout setOnReportAvailabilityLoaded";

/** What the components of one init() have in common: a key, and the secret of the session. */
class Connection {
  constructor({ publishableKey, fetchClientSecret, metaOptions = {} }) {
    this.key = publishableKey;
    this.fetch = fetchClientSecret;
    this.secret = metaOptions.eagerClientSecretPromise ?? fetchClientSecret();
    this.secret.catch(() => {}); // each component tells of it when it is shown
    this.components = new Set();
  }

  /** The address of a component's page. */
  async page(component, more) {
    const query = new URLSearchParams({ secret: await this.secret, ...more });
    return `${page("components", this.key, component.replaceAll("-", "_"))}?${query}`;
  }

  logout() {
    for (const component of this.components) component.leave();
  }
}

/** The class of one component's element. */
function componentOf(tag) {
  return class extends HTMLElement {
    #connection = null;
    #frame = null;
    #said = {};

    connectedCallback() {
      window.addEventListener("message", this.#hear);
      this.#show();
    }

    disconnectedCallback() {
      window.removeEventListener("message", this.#hear);
      this.leave();
    }

    setConnector(connection) {
      this.#connection = connection;
      connection.components.add(this);
      this.#show();
    }

    leave() {
      this.#frame?.remove();
      this.#frame = null;
    }

    /** A value or a listener that the page has set; the frame is not opened anew for it. */
    said(name, value) {
      this.#said[name] = value;
    }

    async #show() {
      if (!this.#connection || !this.isConnected || this.#frame) return;
      const frame = document.createElement("iframe");
      Object.assign(frame, { title: tag.replaceAll("-", " "), name: `stripe-connect-${tag}` });
      frame.style.cssText = "border:none;display:block;width:100%;min-height:40rem";
      this.#frame = frame;
      await new Promise((resolve) => setTimeout(resolve)); // until the page has set its listeners
      this.#said.setOnLoaderStart?.({ elementTagName: tag });
      try {
        const collect = this.#said.setCollectionOptions?.fields;
        frame.src = await this.#connection.page(tag, collect ? { collect } : {});
      } catch (problem) {
        this.#failed(String(problem?.message ?? problem));
        return;
      }
      if (this.#frame === frame) this.append(frame);
    }

    #hear = ({ data, origin, source }) => {
      const own = this.#frame && source === this.#frame.contentWindow && HERE.startsWith(origin);
      if (!own || data?.of !== "component") return;
      if (data.what === "exit") this.#said.setOnExit?.();
      if (data.what === "error") this.#failed(data.message);
      const total = Number(data.total);
      if (data.what === "shown")
        this.#said.setOnNotificationsChange?.({ total, actionRequired: total });
    };

    #failed(message) {
      const error = { type: "api_error", message };
      this.#said.setOnLoadError?.({ elementTagName: tag, error });
    }
  };
}

for (const tag of TAGS.split(" ")) {
  const made = componentOf(tag);
  for (const name of SETTERS.split(" ")) {
    const set = function set(value) {
      this.said(name, value);
    };
    Object.assign(made.prototype, { [name]: set, [`${name}InternalOnly`]: set });
  }
  if (!customElements.get(`stripe-connect-${tag}`)) {
    customElements.define(`stripe-connect-${tag}`, made);
  }
}

/** Make components of one account session. */
function init(params) {
  const connect = new Connection(params);
  const create = (tag) => {
    const made = document.createElement(`stripe-connect-${tag}`);
    if (!made.setConnector) throw new IntegrationError(`There is no component "${tag}".`);
    made.setConnector(connect);
    return made;
  };
  const instance = { connect, create, update() {}, logout: async () => connect.logout() };
  return Object.assign(instance, { debugInstance: async () => instance });
}

const waiting = window.StripeConnect?.onLoad;
window.StripeConnect = Object.assign(window.StripeConnect ?? {}, { init });
waiting?.();
