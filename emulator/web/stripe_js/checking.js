// What is typed into fields: how it is shown, and what is wrong with it. No page is touched here.
//
// A check answers null, or {code, message, final}: final when more typing cannot put it right.

const BRANDS = [
  ["amex", /^3[47]/, [15]],
  ["diners", /^3(0[0-5]|[689])/, [14, 16]],
  ["jcb", /^35/, [16]],
  ["discover", /^6(011|4[4-9]|5)/, [16]],
  ["unionpay", /^(62|81)/, [16, 17, 18, 19]],
  ["mastercard", /^(5[1-5]|2[2-7])/, [16]],
  ["visa", /^4/, [13, 16]],
];

const digits = (text) => text.replace(/\D/g, "");

function brandOf(number) {
  const found = BRANDS.find(([, begins]) => begins.test(digits(number)));
  return found ? found[0] : "unknown";
}

function lengthsOf(number) {
  const found = BRANDS.find(([, begins]) => begins.test(digits(number)));
  return found ? found[2] : [16];
}

/** The check digit that all card numbers end in. */
function passesLuhn(number) {
  const sum = [...number].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

function problem(code, message, final = false) {
  return { code, message, final };
}

function checkNumber(text) {
  const number = digits(text);
  const lengths = lengthsOf(number);
  if (lengths.includes(number.length) && passesLuhn(number)) return null;
  if (number.length >= Math.max(...lengths)) {
    return problem("invalid_number", "Your card number is invalid.", true);
  }
  return problem("incomplete_number", "Your card number is incomplete.");
}

function checkExpiry(text, _values, now = new Date()) {
  const typed = digits(text);
  if (typed.length < 4 || typed.length === 5)
    return problem("incomplete_expiry", "Your card’s expiration date is incomplete.");
  const { month, year } = expiryIn(text);
  const thisYear = now.getFullYear();
  if (year < thisYear) {
    const message = "Your card’s expiration year is in the past.";
    return problem("invalid_expiry_year_past", message, true);
  }
  if (year > thisYear + 50) {
    return problem("invalid_expiry_year", "Your card’s expiration year is invalid.", true);
  }
  if (month < 1 || month > 12) {
    return problem("invalid_expiry_month", "Your card’s expiration date is invalid.", true);
  }
  if (year === thisYear && month <= now.getMonth()) {
    return problem(
      "invalid_expiry_month_past",
      "Your card’s expiration date is in the past.",
      true,
    );
  }
  return null;
}

function checkCvc(text, values) {
  const number = values.number ?? values.cardnumber;
  const brand = number === undefined ? null : brandOf(number);
  const wanted = brand === "amex" ? [4] : brand === null || brand === "unknown" ? [3, 4] : [3];
  if (wanted.includes(digits(text).length)) return null;
  return problem("incomplete_cvc", "Your card’s security code is incomplete.");
}

function checkPostal(text, values) {
  const least = (values.country ?? "US") === "US" && /^[\d\s-]*$/.test(text) ? 5 : 3;
  return text.trim().length >= least
    ? null
    : problem("incomplete_zip", "Your postal code is incomplete.");
}

function checkEmail(text) {
  if (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text.trim())) return null;
  return text.trim()
    ? problem("invalid_email", "Your email is invalid.")
    : problem("incomplete_email", "Your email is incomplete.");
}

/** Country, two check digits, and a remainder of 1 when letters count as 10 to 35. */
function checkIban(text) {
  const iban = text.replace(/\s/g, "").toUpperCase();
  if (iban.length < 15) return problem("incomplete_iban", "The IBAN you entered is incomplete.");
  const spelled = (iban.slice(4) + iban.slice(0, 4)).replace(/[A-Z]/g, (letter) =>
    parseInt(letter, 36),
  );
  const rest = [...spelled].reduce((left, digit) => (left * 10 + Number(digit)) % 97, 0);
  return rest === 1 ? null : problem("invalid_iban", "The IBAN you entered is invalid.");
}

/** A check of something that only has to be there. */
function present(code, message, least = 1) {
  return (text) => (text.trim().length >= least ? null : problem(code, message));
}

// -- how it is shown ------------------------------------------------------------------------------

function showNumber(text) {
  const number = digits(text).slice(0, Math.max(...lengthsOf(text)));
  const groups = brandOf(number) === "amex" ? /^(\d{1,4})(\d{1,6})?(\d{1,5})?/ : /(\d{1,4})/g;
  const parts =
    brandOf(number) === "amex" ? (number.match(groups) ?? []).slice(1) : number.match(groups);
  return (parts ?? []).filter(Boolean).join(" ");
}

function showExpiry(text, before = "") {
  if (text.length < before.length) return text;
  const [, typedMonth, typedYear] = /^\s*(\d)\s*\/(.*)$/.exec(text) ?? [];
  let typed = digits(typedMonth ? `0${typedMonth}${typedYear}` : text);
  if (/^[2-9]/.test(typed)) typed = `0${typed}`;
  if (typed.length === 6 && typed.slice(2, 4) === "20") typed = typed.slice(0, 2) + typed.slice(4);
  else if (typed.length > 4 && typed.slice(2, 4) !== "20") typed = typed.slice(0, 4);
  return typed.length < 2 ? typed : `${typed.slice(0, 2)} / ${typed.slice(2, 6)}`;
}

const showCvc = (text) => digits(text).slice(0, 4);

const showIban = (text) =>
  text
    .replace(/\s/g, "")
    .toUpperCase()
    .replace(/(.{4})(?=.)/g, "$1 ");

function expiryIn(text) {
  const typed = digits(text);
  const year = Number(typed.slice(2));
  return { month: Number(typed.slice(0, 2)), year: year < 100 ? 2000 + year : year };
}
