"""Account and person tokens, and those of numbers, that a browser made.

Their purpose is that the platform's server never sees what is in them, so in live mode only
Stripe.js makes them, and Stripe's own asks no other server. A well-formed token that
this world has not made is therefore taken as made by Stripe.js, for an individual whose details
pass every check. The world's setting `browser_tokens: false` refuses such tokens as unknown.
"""

from __future__ import annotations

import re
from typing import Any, Final

from emulator.kit import Doc, Tx
from emulator.resources.payment_methods import tokens
from emulator.resources.payment_methods.tokens import TOKENS
from emulator.rules.accounts import samples

_PII: Final = "pii"
_FORM: Final = re.compile(rf"(ct|cpt|{_PII})_[A-Za-z0-9]{{24}}")
_ANY_NUMBER: Final = "000000000"
_PATHS: Final = (
    "address.city",
    "address.line1",
    "address.postal_code",
    "address.state",
    "dob.day",
    "dob.month",
    "dob.year",
    "email",
    "first_name",
    "id_number",
    "last_name",
    "phone",
)


def contents(tx: Tx, token: str, param: str, country: str) -> Doc:
    """What is in an account or person token, which is used from now on.

    country: where the holder of a token made elsewhere is taken to live.
    """
    if _made_elsewhere(tx, token):
        return _sample(tx, token, country)
    found = tokens.spend(tx, token, param)
    notes = tokens.notes_of(tx, found)
    sent: Doc = notes.get("hash", {})
    if sent.pop("tos_shown_and_accepted", False):
        sent["tos_acceptance"] = {
            "date": found["created"],
            "ip": found["client_ip"],
            "user_agent": notes.get("agent"),
        }
    return sent


def number(tx: Tx, text: str, param: str, country: str) -> str:
    """The number in a PII token, which is used from now on; any other text is the number itself.

    A token made elsewhere holds one that passes every check.
    """
    if not text.startswith(f"{_PII}_"):
        return text
    if _made_elsewhere(tx, text):
        return str(samples.sample("id_number", country, "individual") or _ANY_NUMBER)
    found = tokens.spend(tx, text, param)
    sent = tokens.notes_of(tx, found).get("hash", {})
    return str(sent.get("id_number") or sent.get("personal_id_number") or "")


def _made_elsewhere(tx: Tx, token: str) -> bool:
    taken = tx.setup.settings.get("browser_tokens", True)
    return bool(taken and _FORM.fullmatch(token) and tx.find(TOKENS, token) is None)


def _sample(tx: Tx, token: str, country: str) -> Doc:
    person: dict[str, Any] = {}
    for path in _PATHS:
        value = samples.sample(path, country, "individual")
        if value is None:
            continue
        outer, _, inner = path.partition(".")
        if inner:
            person.setdefault(outer, {})[inner] = int(value) if outer == "dob" else value
        else:
            person[outer] = value
    person["address"] = {**person.get("address", {}), "country": country}
    if token.startswith("cpt_"):
        return person
    return {
        "business_type": "individual",
        "individual": person,
        "tos_acceptance": {"date": tx.now, "ip": tx.caller.ip, "user_agent": None},
    }
