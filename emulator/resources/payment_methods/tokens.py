"""Tokens: details sent once, and used once, so that a server never sees them.

The ready-made names (`tok_visa`, `btok_us_verified`) stand for a fresh token each time they are
used.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.contract.blanks import blank
from emulator.kernel.errors import Refusal
from emulator.kernel.errors import instruments as refusals
from emulator.kit import Doc, Params, Resource, Tx
from emulator.resources.payment_methods import cards, instruments
from emulator.rules import cards as card_rules
from emulator.rules.accounts import banks, countries

# 2020-10-29, between two observations: cards of other countries than the US in their currency.
_CURRENCIES_SINCE: Final = 1_603_929_600
TOKENS: Final = Resource("token", prefix="tok", param="token")

_PREFIXES: Final = {
    "account": "ct",
    "bank_account": "btok",
    "card": "tok",
    "cvc_update": "cvctok",
    "person": "cpt",
    "pii": "pii",
}


@TOKENS.on("POST /v1/tokens", publishable=True)
def create(tx: Tx, params: Params) -> Doc:
    if params.get("customer"):
        return _of_customer(tx, params)
    if isinstance(params.get("card"), dict):
        return tx.save(TOKENS, of_card(tx, params["card"], tx.caller.ip))
    if params.get("bank_account") is not None:
        return tx.save(TOKENS, of_bank_account(tx, params["bank_account"], ip=tx.caller.ip))
    for type_ in ("account", "person", "pii", "cvc_update"):
        if type_ in params:
            notes = {"hash": params[type_] or {}, "agent": _agent(tx)}
            return tx.save(TOKENS, _blank(tx, type_, notes, tx.caller.ip))
    raise refusals.token_without_contents()


@TOKENS.on("GET /v1/tokens/{token}", publishable=True)
def retrieve(tx: Tx, _params: Params, id_: str) -> Doc:
    found = tx.find(TOKENS, id_)
    if found is not None:
        return found
    made = _magic(tx, id_, "token")
    if made is None:
        raise tx.missing(TOKENS, id_)
    return tx.save(TOKENS, made)


def _agent(tx: Tx) -> str | None:
    """What the caller's browser calls itself."""
    sent = tx.caller.agent
    return None if sent is None else sent.decode("utf-8", "replace")


def spend(tx: Tx, token: str, param: str = "source") -> Doc:
    """The token of this name, used from now on.

    What is behind it stands in `notes_of(tx, token)`; refused when it is unknown or was used
    before.
    """
    found = tx.find(TOKENS, token)
    if found is None:
        found = _magic(tx, token, param)
        if found is None:
            raise refusals.no_such_token(token, param)
    elif found["used"]:
        raise refusals.token_already_used(token, param)
    found["used"] = True
    return tx.save(TOKENS, found)


def notes_of(tx: Tx, token: Doc) -> Doc:
    """Private notes: a card's (see `instruments`), or what was sent of anything else in `hash`."""
    return tx.hidden(token["id"])


def is_token(name: object) -> bool:
    """Whether a text has the form of a token of something to pay with."""
    return isinstance(name, str) and name.startswith(("tok_", "btok_"))


def of_card(tx: Tx, hash_: Doc, ip: str | None = None) -> Doc:
    """A token, not yet saved, of a card whose details somebody typed."""
    return _with_card(tx, instruments.typed_card(tx, hash_), hash_, ip)


def of_bank_account(
    tx: Tx, hash_: Doc, param: str = "bank_account", ip: str | None = None, status: str = "new"
) -> Doc:
    """A token, not yet saved, of a bank account (country, account_number, routing_number …)."""
    # Which currencies its account may hold is asked when it becomes an external account.
    bank = banks.read(hash_, str(hash_.get("country") or "").upper(), param)
    if isinstance(bank, Refusal):
        raise bank
    made = _blank(tx, "bank_account", {"hash": {**hash_, "country": bank.country}}, ip)
    shown = blank("bank_account.token")
    shown |= {
        "id": tx.new_id("ba"),
        "account_holder_name": hash_.get("account_holder_name"),
        "account_holder_type": hash_.get("account_holder_type"),
        "account_type": hash_.get("account_type"),
        "bank_name": bank.bank_name,
        "country": bank.country,
        "currency": bank.currency,
        "fingerprint": card_rules.fingerprint(tx.setup.seed, bank.number),
        "last4": bank.last4,
        "routing_number": bank.routing_number,
        "status": status,
    }
    made["bank_account"] = shown
    return made


def _with_card(tx: Tx, notes: Doc, hash_: Doc, ip: str | None) -> Doc:
    made = _blank(tx, "card", notes, ip)
    made["card"] = cards.shown(tx, notes, hash_)
    return made


def _blank(tx: Tx, type_: str, notes: dict[str, Any], ip: str | None) -> Doc:
    made = tx.new(TOKENS, tx.new_id(_PREFIXES[type_]), type=type_, client_ip=ip)
    tx.hide(made["id"], notes)
    return made


def _magic(tx: Tx, name: str, param: str) -> Doc | None:
    """A fresh token for a ready-made name, not yet saved."""
    if name.startswith("btok_"):
        hash_ = banks.token(name, param)
        if isinstance(hash_, Refusal):
            return None
        status = "verified" if "verified" in name else "new"
        return of_bank_account(tx, hash_, param, status=status)
    notes = instruments.magic_card(tx, name) if name.startswith("tok_") else None
    return (
        None if notes is None else _with_card(tx, notes, {"currency": _currency(tx, notes)}, None)
    )


def _currency(tx: Tx, notes: Doc) -> str | None:
    """Of a ready-made card: its country's, where Stripe has accounts there.

    Observed: usd to April 2020, of a Japanese card jpy from May 2021 on, of a Chinese one none;
    other countries are assumed.
    """
    card = instruments.card_behind(notes)
    home = card.country if card else None
    if tx.now < _CURRENCIES_SINCE or home is None:
        return "usd"
    return countries.country(home).default_currency if countries.known(home) else None


def _of_customer(tx: Tx, params: Params) -> Doc:
    """A token on a connected account of what one of the platform's customers pays with."""
    owner = tx.on(tx.platform)
    customer = owner.setup.store.raw("customer", params["customer"])
    if customer is None or owner.owner(params["customer"]) != tx.platform:
        raise refusals.no_such_customer(params["customer"])
    id_ = params.get("card") or _default_source(owner, params["customer"])
    found = owner.find(cards.CARDS, id_) if isinstance(id_, str) else None
    if found is None:
        raise refusals.no_such_source(str(id_), "card")
    kept = owner.hidden(found["id"])
    hash_ = {**found, "currency": kept.get("currency")}  # which only tokens show
    made = _with_card(tx, instruments.passed_on(kept), hash_, tx.caller.ip)
    return tx.save(TOKENS, made)


def _default_source(tx: Tx, customer: str) -> str | None:
    for card in tx.all(cards.CARDS, customer=customer):
        return str(card["id"])
    return None
