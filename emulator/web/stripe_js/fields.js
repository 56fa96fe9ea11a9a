// The fields of each kind of element.
//
// A field is {label, hint?, auto?, show?, check?, options?, alone?}. show and check are those of
// checking.js; options make it a choice; alone is its label where it stands without a visible one.

const COUNTRIES =
  "US AE AR AT AU BE BG BR CA CH CL CN CO CY CZ DE DK EE ES FI FR GB GR HK HR HU ID IE IL IN IS " +
  "IT JP KE KR LI LT LU LV MT MX MY NG NL NO NZ PE PH PL PT RO SE SG SI SK TH TR TW UA VN ZA";
const BANKS = {
  epsBank:
    "bank_austria bawag_psk_ag dolomitenbank easybank_ag hypo_bank_burgenland_aktiengesellschaft",
  fpxBank: "affin_bank bank_islam cimb hsbc maybank2u public_bank rhb",
  idealBank: "abn_amro asn_bank bunq ing knab n26 rabobank regiobank revolut sns_bank triodos_bank",
  p24Bank: "alior_bank bank_millennium blik ing mbank_mtransfer santander_przelew24",
};

/** The fields that say who is billed, and what of an address they are. */
const BILLED = {
  name: null,
  email: null,
  phone: null,
  addressLine1: "line1",
  addressLine2: "line2",
  locality: "city",
  administrativeArea: "state",
  postalCode: "postal_code",
  country: "country",
};
/** Where the payment element asks for a postal code beside a card. */
const POSTAL_WANTED = ["CA", "GB", "US"];

function countries() {
  const names = new Intl.DisplayNames(["en"], { type: "region" });
  return COUNTRIES.split(" ").map((code) => [code, names.of(code)]);
}

function banks(kind) {
  const named = BANKS[kind].split(" ").map((bank) => [bank, bank.replaceAll("_", " ")]);
  return [["", "Select bank"], ...named];
}

/** A field that has to hold so many letters. */
function required(name, label, hint, least = 1, auto) {
  const code = `incomplete_${name}`;
  const check = present(code, `Your ${name.replaceAll("_", " ")} is incomplete.`, least);
  return { label, hint, auto, check };
}

const NUMBER = {
  hint: "1234 1234 1234 1234",
  auto: "cc-number",
  show: showNumber,
  check: checkNumber,
};
const EXPIRY = { hint: "MM / YY", auto: "cc-exp", show: showExpiry, check: checkExpiry };
const POSTAL = { label: "ZIP", hint: "12345", auto: "postal-code", check: checkPostal };

const FIELDS = {
  number: { ...NUMBER, label: "Card number" },
  cardnumber: { ...NUMBER, label: "Credit or debit card number", hint: "Card number" },
  expiry: { ...EXPIRY, label: "Expiration date" },
  "exp-date": { ...EXPIRY, label: "Credit or debit card expiration date" },
  cvc: {
    label: "Security code",
    alone: "Credit or debit card CVC/CVV",
    hint: "CVC",
    auto: "cc-csc",
    show: showCvc,
    check: checkCvc,
  },
  postalCode: POSTAL,
  postal: { ...POSTAL, label: "Credit or debit card ZIP", hint: "ZIP" },
  country: { label: "Country", auto: "country", options: countries },
  name: required("name", "Full name", "First and last name", 1, "name"),
  email: { label: "Email", hint: "you@example.com", auto: "email", check: checkEmail },
  phone: { label: "Phone number", hint: "(201) 555-0123", auto: "tel" },
  addressLine1: required("address", "Address line 1", "Street address", 1, "address-line1"),
  addressLine2: { label: "Address line 2", hint: "Apartment, suite …", auto: "address-line2" },
  locality: required("city", "City", "", 1, "address-level2"),
  administrativeArea: { label: "State", auto: "address-level1" },
  iban: { label: "IBAN", hint: "DE00 0000 0000 0000 0000 00", show: showIban, check: checkIban },
  bsb: required("bsb", "BSB", "000-000", 6),
  sortCode: required("sort_code", "Sort code", "10-80-00", 6),
  routingNumber: required("routing_number", "Routing number", "110000000", 9),
  transitNumber: required("transit_number", "Transit number", "11000", 5),
  institutionNumber: required("institution_number", "Institution number", "000", 3),
  accountNumber: required("account_number", "Account number", "000123456789", 4),
  taxId: required("tax_id", "Tax ID", ""),
};
for (const kind of Object.keys(BANKS)) {
  const check = present("incomplete_bank", "Please select a bank.");
  FIELDS[kind] = { label: "Bank", options: () => banks(kind), check };
}

/** What a payment method asks for when it is chosen; those not named ask for nothing. */
const ASKED = {
  acss_debit: "name email institutionNumber transitNumber accountNumber",
  au_becs_debit: "name email bsb accountNumber",
  bacs_debit: "name email sortCode accountNumber country addressLine1 locality postalCode",
  bancontact: "name",
  boleto: "name email taxId country addressLine1 locality administrativeArea postalCode",
  card: "number expiry cvc country postalCode",
  eps: "name",
  klarna: "email country",
  konbini: "name email",
  multibanco: "email",
  oxxo: "name email",
  p24: "name email",
  sepa_debit: "iban name email",
  us_bank_account: "name email routingNumber accountNumber",
};

const ADDRESS = "name country addressLine1 addressLine2 locality administrativeArea postalCode";
const EMPTY = {
  currencySelector: "currency selector",
  expressCheckout: "express checkout",
  linkSignup: "Link signup",
  paymentMethodMessaging: "payment method messaging",
  paymentRequestButton: "payment button",
  taxId: "tax ID",
  terms: "terms",
};

/** Each kind of element: its frame's title, its fields, and whether these stand without labels. */
const KINDS = {
  card: {
    title: "Secure card payment input frame",
    fields: "cardnumber exp-date cvc postal",
    bare: true,
  },
  cardNumber: { title: "Secure card number input frame", fields: "cardnumber", bare: true },
  cardExpiry: { title: "Secure expiration date input frame", fields: "exp-date", bare: true },
  cardCvc: { title: "Secure CVC input frame", fields: "cvc", bare: true },
  iban: { title: "Secure IBAN input frame", fields: "iban", bare: true },
  auBankAccount: {
    title: "Secure bank account input frame",
    fields: "bsb accountNumber",
    bare: true,
  },
  payment: { title: "Secure payment input frame", fields: "" },
  address: { title: "Secure address input frame", fields: ADDRESS },
  shippingAddress: { title: "Secure shipping address input frame", fields: ADDRESS },
  linkAuthentication: { title: "Secure email input frame", fields: "email" },
  contactDetails: { title: "Secure email input frame", fields: "email" },
};
for (const kind of Object.keys(BANKS)) {
  KINDS[kind] = { title: "Secure bank input frame", fields: kind, bare: true };
}
for (const [kind, words] of Object.entries(EMPTY)) {
  KINDS[kind] = { title: `Secure ${words} frame`, fields: "" };
}
