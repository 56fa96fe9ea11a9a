"""Sources (`src_…`), and how any legacy thing to pay with is found: cards and bank accounts too.

States of a source: pending (the customer has to authorise it), chargeable, consumed, failed,
canceled.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.contract.blanks import blank
from emulator.kernel.errors import instruments as refusals
from emulator.kernel.errors.params import parameter_missing
from emulator.kit import Doc, Params, Tx
from emulator.kit.access import read
from emulator.kit.editing import edit, merged_metadata
from emulator.resources.payment_methods import (
    bank_accounts,
    cards,
    debited_accounts,
    instruments,
    tokens,
)
from emulator.resources.payment_methods.bank_accounts import BANK_ACCOUNTS
from emulator.resources.payment_methods.cards import CARDS
from emulator.resources.payment_methods.legacy import SOURCES
from emulator.rules import cards as card_rules

__all__ = ["BANK_ACCOUNTS", "CARDS", "SOURCES"]

_REDIRECTING: Final = frozenset(
    {"alipay", "bancontact", "eps", "giropay", "ideal", "klarna", "multibanco", "p24", "sofort"}
)
_LOCAL: Final = "http://localhost:12111"
# 2019-07-15. Observed: mandates said no interval up to 2019-02-28, `variable` from 2019-12-16 on.
_INTERVALS_SINCE: Final = 1_563_148_800
_IN_CARD: Final = (
    "address_line1_check",
    "address_zip_check",
    "brand",
    "country",
    "cvc_check",
    "dynamic_last4",
    "exp_month",
    "exp_year",
    "fingerprint",
    "funding",
    "last4",
    "name",
    "tokenization_method",
)


@SOURCES.on("POST /v1/sources", publishable=True)
def create(tx: Tx, params: Params) -> Doc:
    type_ = params.get("type")
    token = tokens.spend(tx, params["token"], "token") if params.get("token") else None
    if type_ is None:
        if token is None:
            raise parameter_missing("type")
        type_ = "card" if token["type"] == "card" else "sepa_debit"
    source = _blank(tx, type_, params)
    if type_ == "card":
        _card(tx, source, token, params)
    elif type_ == "three_d_secure":
        _secure(tx, source, params)
    elif type_ == "sepa_debit":
        _debit(tx, source, token, params)
    elif type_ in _REDIRECTING:
        _redirecting(tx, source, params)
    else:
        raise refusals.source_type_unknown(type_)
    event = "source.chargeable" if source["status"] == "chargeable" else None
    return tx.save(SOURCES, source, event=event)


@SOURCES.on("GET /v1/sources/{source}", publishable=True)
def retrieve(tx: Tx, params: Params, id_: str) -> Doc | bytes:
    return read(tx, SOURCES, id_, params)


@SOURCES.on("POST /v1/sources/{source}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    source = tx.get(SOURCES, id_)
    edit(source, params, ("amount", "metadata"))
    source["owner"] |= _owner(params)
    acceptance = (params.get("mandate") or {}).get("acceptance")
    if acceptance and "mandate" in source:
        source["mandate"]["acceptance"] |= acceptance
    return tx.save(SOURCES, source)


def authenticate(tx: Tx, source: Doc, outcome: str) -> Doc:
    """The customer came back: `succeeded` makes it chargeable, `failed` fails it."""
    source["redirect"]["status"] = outcome
    done = outcome == "succeeded"
    source["status"] = "chargeable" if done else "failed"
    if source["type"] == "three_d_secure" and done:
        source["three_d_secure"]["authenticated"] = True
    return tx.save(SOURCES, source, event=f"source.{source['status']}")


# -- finding what a parameter names ---------------------------------------------------------------


def of_parameter(tx: Tx, source: Any, param: str = "source") -> Doc:
    """What pays without a customer: a token (spent), a card hash or a source, as a charge shows it.

    The object is saved, so that `payment_methods.use` finds it by its id.
    """
    if isinstance(source, dict):
        return _kept(tx, tokens.of_card(tx, source), None, None)
    if tokens.is_token(source):
        return _kept(tx, tokens.spend(tx, source, param), None, None)
    found = find(tx, source)
    if found is None:
        raise refusals.no_such_source(source, param)
    if found["object"] == "source" and found["status"] != "chargeable":
        raise refusals.source_not_chargeable(found["status"])
    return found


def of_customer(tx: Tx, customer: Doc, id_: str) -> Doc:
    """A customer's source by id, or any payment method of theirs; refused when it is not theirs."""
    found = find(tx, id_) if isinstance(id_, str) else None
    if found is not None and found.get("customer") == customer["id"]:
        return found
    if tokens.is_token(id_):
        raise refusals.no_such_card_of(customer["id"], id_)
    raise refusals.no_linked_source(customer["id"], str(id_))


def taken_by(tx: Tx, customer: str, source: Any, metadata: Doc | None = None) -> Doc:
    """Save what a parameter names (token, source, card or bank account hash) to a customer.

    A card is asked first; a decline is raised and nothing is kept.
    """
    if isinstance(source, dict):
        kind = source.get("object") or ("card" if "number" in source else "bank_account")
        made = tokens.of_card if kind == "card" else tokens.of_bank_account
        return _kept(tx, made(tx, source), customer, metadata or source.get("metadata"))
    if isinstance(source, str) and source.startswith("src_"):
        found = tx.get(SOURCES, source, param="source")
        if found["status"] != "chargeable":
            raise refusals.source_not_chargeable(found["status"])
        _verify(tx, found)
        return tx.save(SOURCES, found | {"customer": customer})
    return _kept(tx, tokens.spend(tx, str(source)), customer, metadata)


def find(tx: Tx, id_: str) -> Doc | None:
    """A card, bank account or source by id, or None."""
    for resource in (CARDS, BANK_ACCOUNTS, SOURCES):
        if id_.startswith(f"{resource.prefix}_"):
            return tx.find(resource, id_)
    return None


def _kept(tx: Tx, token: Doc, customer: str | None, metadata: Doc | None) -> Doc:
    """Save what is in a token: for a customer, after asking the card, or for one payment."""
    notes = dict(tokens.notes_of(tx, token))
    if token["type"] == "bank_account":
        return bank_accounts.keep(tx, token["bank_account"], notes, customer, metadata)
    if customer is not None:
        instruments.verify(tx, notes, customer, token["card"]["id"])
    return cards.keep(tx, token["card"], notes, customer, metadata)


def _verify(tx: Tx, source: Doc) -> None:
    notes = tx.hidden(source["id"])
    if "exp_month" in notes:
        instruments.verify(tx, notes, source.get("customer"), source["id"])
        tx.hide(source["id"], notes)
        if "card" in source:
            source["card"] |= cards.checks(notes)


# -- making one -----------------------------------------------------------------------------------


def _blank(tx: Tx, type_: str, params: Params) -> Doc:
    source = tx.new(SOURCES, type=type_)
    owner = _owner(params)
    source |= {
        "amount": params.get("amount"),
        "client_secret": f"src_client_secret_{tx.secret(source['id'], 24)}",
        "currency": params.get("currency"),
        "metadata": merged_metadata(None, params.get("metadata") or {}),
        "statement_descriptor": params.get("statement_descriptor"),
        "usage": params.get("usage") or "reusable",
    }
    source["owner"] |= owner
    return source


def _owner(params: Params) -> Doc:
    owner = {k: v for k, v in (params.get("owner") or {}).items() if v is not None}
    if "address" in owner:
        owner["address"] = blank("address") | owner["address"]
    return owner


def _card(tx: Tx, source: Doc, token: Doc | None, params: Params) -> None:
    if token is None:
        if not params.get("card"):
            raise parameter_missing("card")
        token = tokens.of_card(tx, params["card"])
    notes = tokens.notes_of(tx, token)
    tx.hide(source["id"], notes)
    source["card"] = _card_hash(token["card"], notes)


def _card_hash(card: Doc, notes: Doc) -> Doc:
    made = blank("source.card") | {name: card[name] for name in _IN_CARD}
    behind = instruments.card_behind(notes)
    return made | {"three_d_secure": _enrolment(behind)}


def _enrolment(card: card_rules.Card | None) -> str:
    """What a source's card says of 3-D Secure: optional where supported but not asked for."""
    if card is None or not card.three_d_secure:
        return "not_supported"
    return "optional" if card.authentication in {"never", "frictionless"} else "required"


def _secure(tx: Tx, source: Doc, params: Params) -> None:
    """A one-off source of a card that the customer is to authenticate, when its bank takes part."""
    of = (params.get("three_d_secure") or {}).get("card")
    if not of:
        raise parameter_missing("three_d_secure[card]")
    for name in ("amount", "currency"):
        if params.get(name) is None:
            raise parameter_missing(name)
    found = find(tx, of)
    if found is None:
        raise refusals.no_such_source(of, "three_d_secure[card]")
    tx.hide(source["id"], tx.hidden(of))
    behind = instruments.card_behind(tx.hidden(of))
    asks = behind is not None and (
        behind.authentication != "never" or "threeDSecureOptional" in behind.names
    )
    source |= {"flow": "redirect", "usage": "single_use"}
    source["three_d_secure"] = {
        "authenticated": False,
        "card": of,
        "customer": found.get("customer"),
    }
    source["owner"]["address"] = source["owner"]["address"] or blank("address")
    _pose(tx, source, params, "pending" if asks else "not_required")
    source["three_d_secure"] |= _secured_card(tx, source)


def _secured_card(tx: Tx, source: Doc) -> Doc:
    notes = tx.hidden(source["id"])
    card = cards.shown(tx, notes, {})
    return _card_hash(card, notes)


def _debit(tx: Tx, source: Doc, token: Doc | None, params: Params) -> None:
    if token is not None:
        hash_ = tokens.notes_of(tx, token)["hash"]
        iban, name = hash_["account_number"], hash_.get("account_holder_name")
        source["currency"] = token["bank_account"]["currency"]
    else:
        iban, name = (params.get("sepa_debit") or {}).get("iban"), None
        source["currency"] = params.get("currency") or "eur"
    notes = debited_accounts.typed_account("sepa_debit", {"iban": iban}, "sepa_debit")
    tx.hide(source["id"], notes)
    shown = debited_accounts.shown_account(tx, notes, {})
    reference = tx.secret(f"mandate/{source['id']}", 16).upper()
    url = f"{tx.setup.settings.get('base_url', _LOCAL)}/_emulator/mandates/{source['id']}"
    source["sepa_debit"] = blank("source.sepa_debit") | {
        "bank_code": shown["bank_code"] or None,
        "branch_code": shown["branch_code"] or None,
        "country": shown["country"],
        "fingerprint": shown["fingerprint"],
        "last4": shown["last4"],
        "mandate_reference": reference,
        "mandate_url": url,
    }
    source["mandate"] = blank("source.mandate") | {"reference": reference, "url": url}
    if tx.now < _INTERVALS_SINCE:
        source["mandate"]["interval"] = None
    owner = source["owner"]
    owner["name"] = owner["name"] or name
    owner["address"] = owner["address"] or blank("address") | {"country": shown["country"]}


def _redirecting(tx: Tx, source: Doc, params: Params) -> None:
    source |= {"flow": "redirect", "usage": params.get("usage") or "single_use"}
    source[source["type"]] = params.get(source["type"]) or {}
    _pose(tx, source, params, "pending")


def _pose(tx: Tx, source: Doc, params: Params, status: str) -> None:
    back = (params.get("redirect") or {}).get("return_url")
    if not back:
        raise parameter_missing("redirect[return_url]")
    base = tx.setup.settings.get("base_url", _LOCAL)
    page = f"{base}/_emulator/authenticate/{tx.setup.name}/{source['id']}"
    source["redirect"] = blank("source.redirect") | {
        "return_url": back,
        "status": status,
        "url": f"{page}?client_secret={source['client_secret']}",
    }
    source["status"] = "pending" if status == "pending" else "chargeable"
