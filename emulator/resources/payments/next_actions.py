"""What a customer has to do before an intent goes on: its `next_action`. Methods other than cards
want a payment approved on a page, a code scanned, a voucher paid, a bank account proved; what a
card's issuer wants is in `three_d_secure.py`.

A page of this server stands behind every address in it. What the table of methods calls `by_email`
happens without a page, as the billing email says; what nobody pays in time expires.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from emulator.kernel.errors import methods as refusals
from emulator.kernel.instants import DAY
from emulator.kit import Doc, Params, Resource, Tx
from emulator.kit.editing import nested
from emulator.resources.payment_methods import payment_methods
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS
from emulator.rules import calendars, methods

_DEPOSITS_LAST_SECONDS: Final = 10 * DAY
# Assumed: within a test's patience.
_DEPOSITS_FAIL_SECONDS: Final = 5
# What a customer does away from the page.
_ELSEWHERE: Final = ("display_bank_transfer_instructions", "verify_with_microdeposits")
_LOCAL: Final = "http://localhost:12111"


# -- what is to be done ---------------------------------------------------------------------------


def of(tx: Tx, intent: Doc, method: Doc, params: Params) -> Doc | None:
    """What the customer has to do, or None when the payment method can be charged at once."""
    known = methods.of_type(method["type"])
    if known is None:
        return None
    notes = payment_methods.notes_of(tx, method)
    if known.microdeposits and "debit" in notes and not notes.get("verified"):
        return microdeposits(tx, intent)
    if known.action is None or (params.get("off_session") and notes.get("set_up")):
        return None
    if methods.redirects(known.type):
        return _redirect(tx, intent, known, params)
    return _shown(tx, intent, known)


def page_of(tx: Tx, intent: Doc) -> str:
    """The page on which the customer of an intent answers."""
    base = tx.setup.settings.get("base_url", _LOCAL)
    return f"{base}/_emulator/authenticate/{tx.setup.name}/{intent['id']}"


def microdeposits(tx: Tx, intent: Doc) -> Doc:
    """Two small deposits arrive on the next business day, and their amounts prove the account."""
    arrival = calendars.add_business_days("us", calendars.day_of(tx.now), 1) * DAY
    return {
        "type": "verify_with_microdeposits",
        "verify_with_microdeposits": {
            "arrival_date": arrival,
            "hosted_verification_url": page_of(tx, intent),
            "microdeposit_type": "descriptor_code",
        },
    }


def _redirect(tx: Tx, intent: Doc, known: methods.Method, params: Params) -> Doc:
    back = params.get("return_url")
    if not back:
        raise refusals.return_url_needed(known.type)
    kind, page = str(known.action), page_of(tx, intent)
    shown = {"return_url": back, "url": page}
    if kind == "alipay_handle_redirect":
        shown = {"native_data": None, "native_url": None, **shown}
    return {kind: shown, "type": kind}


def _shown(tx: Tx, intent: Doc, known: methods.Method) -> Doc:
    """A code, a voucher or an account to pay to: every field that the contract tells of, filled."""
    kind = str(known.action)
    if kind == "display_bank_transfer_instructions":
        return {kind: _transfer(tx, intent), "type": kind}
    until = expiry(tx, intent, known)
    fields = nested("payment_intent", "next_action")["fields"][kind].get("fields", {})
    return {kind: _filled(tx, intent, fields, until), "type": kind}


def _filled(tx: Tx, intent: Doc, fields: Doc, until: int) -> Doc:
    page, digits = page_of(tx, intent), _digits(tx, intent)
    made: Doc = {}
    for name, spec in sorted(fields.items()):
        if "fields" in spec:
            made[name] = _filled(tx, intent, spec["fields"], until)
        elif name in {"expires_at", "expires_after"}:
            made[name] = until
        elif name.startswith("image_"):
            made[name] = f"{page}?show={name}"
        elif name == "data" or name.endswith("_url") or name == "pdf":
            made[name] = page
        elif name == "entity":
            made[name] = digits[:5]
        else:
            made[name] = digits[: 9 if name == "reference" else 11 if "code" in name else 14]
    return made


def _digits(tx: Tx, intent: Doc) -> str:
    """Twenty-four digits that look random and stay the same for an intent."""
    return "".join(str(ord(letter) % 10) for letter in tx.secret(f"{intent['id']}/number", 24))


def _transfer(tx: Tx, intent: Doc) -> Doc:
    """Where the customer is to send the money to; funding the customer's cash balance pays it."""
    kinds = {"eur": "eu", "gbp": "gb", "jpy": "jp", "mxn": "mx"}
    kind = f"{kinds.get(intent['currency'], 'us')}_bank_transfer"
    return {
        "amount_remaining": intent["amount"],
        "currency": intent["currency"],
        "financial_addresses": [],
        "hosted_instructions_url": page_of(tx, intent),
        "reference": tx.secret(f"{intent['id']}/reference", 12).upper(),
        "type": kind,
    }


def foresee_deposits(tx: Tx, resource: Resource, intent: Doc, method: Doc) -> None:
    """Microdeposits that the bank does not take fail; those that nobody verifies in time, too."""
    account = payment_methods.debit_of(tx, method)
    when, code = tx.now + _DEPOSITS_LAST_SECONDS, "verification_timeout"
    if account is not None and account.outcome == "microdeposits_fail":
        when, code = tx.now + _DEPOSITS_FAIL_SECONDS, "failed"
    tx.later(when, resource, "give_up_deposits", intent["id"], of=method["id"], code=code)


# -- asking for it -------------------------------------------------------------------------------


def pose(tx: Tx, intent: Doc, action: Doc) -> Doc:
    """Ask the customer: the intent waits in requires_action with what is to be done next."""
    intent["next_action"] = action
    return tx.step(PAYMENT_INTENTS, intent, "requires_action")


def waits(intent: Doc) -> bool:
    """Whether an intent waits for its customer to authenticate, on the page or without it."""
    action = intent["next_action"] or {}
    return bool(intent["status"] == "requires_action" and action.get("type") not in _ELSEWHERE)


def remember(tx: Tx, intent: Doc) -> None:
    """The customer passed the challenge with this payment method, and need not pass it again."""
    tx.hide(intent["id"], tx.hidden(intent["id"]) | {"authenticated": intent["payment_method"]})


def is_remembered(tx: Tx, intent: Doc) -> bool:
    """Whether the challenge was passed with the payment method that the intent has now."""
    passed_with: str | None = tx.hidden(intent["id"]).get("authenticated")
    return passed_with is not None and passed_with == intent["payment_method"]


# -- when it is done -------------------------------------------------------------------------------


def expiry(tx: Tx, intent: Doc, known: methods.Method) -> int:
    """Until when a code or voucher can be paid: as the options say, by days to their end."""
    options = intent["payment_method_options"].get(known.type) or {}
    said: dict[str, Any] = {name: options.get(name) for name in known.life}
    if said.get("expires_at"):
        return int(said["expires_at"])
    if said.get("expires_after_seconds"):
        return tx.now + int(said["expires_after_seconds"])
    days = said.get("expires_after_days")
    if days is None:
        return tx.now + (known.lasts_seconds or DAY)
    day = datetime.fromtimestamp(tx.now, UTC).replace(hour=23, minute=59, second=59)
    return int(day.timestamp()) + int(days) * DAY


def foresee(tx: Tx, intent: Doc, method: Doc) -> None:
    """Put on the agenda what becomes of an action that the customer was just asked for."""
    known = methods.of_type(method["type"])
    if known is None:
        return
    if known.action is None:
        foresee_deposits(tx, PAYMENT_INTENTS, intent, method)
        return
    ahead = methods.ahead(known, method["billing_details"]["email"])
    usual = "waits" if ahead is None else ahead.fate
    said = tx.ask("customer.act", usual, lambda: _about(intent, method))
    asked = tx.now
    tx.hide(intent["id"], tx.hidden(intent["id"]) | {"asked": asked})
    if said in {"succeeded", "failed", "expired", "canceled"}:
        seconds = ahead.seconds if ahead else 0
        tx.later(asked + seconds, PAYMENT_INTENTS, "act", intent["id"], said=said, asked=asked)
    if known.lasts_seconds is not None:
        until = expiry(tx, intent, known)
        tx.later(until, PAYMENT_INTENTS, "act", intent["id"], said="expired", asked=asked)


def _about(intent: Doc, method: Doc) -> Doc:
    known = {name: intent[name] for name in ("amount", "currency", "customer")}
    return known | {
        "email": method["billing_details"]["email"],
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "type": method["type"],
    }
