"""External accounts: the bank accounts and debit cards to which an account is paid out.

One per currency is the default; payouts go there. Numbers are kept in private notes: `number` of a
bank account or a card, `outcome` (`paid` or the failure_code of payouts to it), `ownership` (what
the check of its owner says). Bank accounts of customers are something else: see `bank_accounts`.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.contract.blanks import blank
from emulator.kernel.errors import Refusal, refuse
from emulator.kernel.errors.params import parameter_missing
from emulator.kit import Doc, Page, Params, Tx, listing
from emulator.kit.editing import edit
from emulator.resources.accounts.standing import settle
from emulator.resources.accounts.state import EXTERNAL_ACCOUNTS, account_of, controller_of, reach
from emulator.resources.payment_methods import instruments, tokens
from emulator.rules import cards
from emulator.rules.accounts import banks, requirements, types
from emulator.rules.accounts.facts import met

# Not documented; as long as the identity of a person takes (assumed).
OWNERSHIP_SECONDS: Final = 10
_EDITABLE: Final = (
    "account_holder_name",
    "account_holder_type",
    "account_type",
    "address_city",
    "address_country",
    "address_line1",
    "address_line2",
    "address_state",
    "address_zip",
    "metadata",
    "name",
)


# -- what clients do: under the present path, and under the one of before 2015 --------------------


@EXTERNAL_ACCOUNTS.on(
    "POST /v1/accounts/{account}/external_accounts",
    "POST /v1/accounts/{account}/bank_accounts",
)
def create(tx: Tx, params: Params, account_id: str) -> Doc:
    account = _open(tx, account_id, writing=True)
    param = "bank_account" if "bank_account" in params else "external_account"
    if not params.get(param):
        raise parameter_missing(param)
    made = add(tx, account, params[param], param, metadata=params.get("metadata"))
    if params.get("default_for_currency"):
        _make_default(tx.on(account_id), made)
    notes = tx.hidden(account["id"])
    if "imposed" in notes:
        notes["imposed"] = met(notes["imposed"], ["external_account"])
    settle(tx, account, notes)
    tx.on(account_id).emit("account.external_account.created", made)
    return made


@EXTERNAL_ACCOUNTS.on(
    "GET /v1/accounts/{account}/external_accounts/{id}",
    "GET /v1/accounts/{account}/bank_accounts/{id}",
)
def retrieve(tx: Tx, _params: Params, account_id: str, id_: str) -> Doc:
    _open(tx, account_id)
    return _get(tx.on(account_id), id_)


@EXTERNAL_ACCOUNTS.on(
    "GET /v1/accounts/{account}/external_accounts",
    "GET /v1/accounts/{account}/bank_accounts",
)
def list_(tx: Tx, params: Params, account_id: str) -> Page:
    _open(tx, account_id)
    return listing.page(tx.on(account_id), EXTERNAL_ACCOUNTS, params)


@EXTERNAL_ACCOUNTS.on(
    "POST /v1/accounts/{account}/external_accounts/{id}",
    "POST /v1/accounts/{account}/bank_accounts/{id}",
)
def update(tx: Tx, params: Params, account_id: str, id_: str) -> Doc:
    account = _open(tx, account_id)
    mine = tx.on(account_id)
    found = _get(mine, id_)
    edit(found, params, [name for name in _EDITABLE if name in found])
    if found["object"] == "card":
        found |= instruments.renewed(tx, found, params)
    if params.get("default_for_currency"):
        _make_default(mine, found)
    _recover(mine, found)
    _prove(mine, found, params.get("documents") or {})
    found = mine.save(EXTERNAL_ACCOUNTS, found, event="account.external_account.updated")
    _settled(tx, account)
    return found


@EXTERNAL_ACCOUNTS.on(
    "DELETE /v1/accounts/{account}/external_accounts/{id}",
    "DELETE /v1/accounts/{account}/bank_accounts/{id}",
)
def delete(tx: Tx, _params: Params, account_id: str, id_: str) -> Doc:
    account = _open(tx, account_id, writing=True)
    mine = tx.on(account_id)
    found = _get(mine, id_)
    others = sum(1 for _ in mine.all(EXTERNAL_ACCOUNTS, currency=found["currency"])) - 1
    refuse(
        banks.check_delete(
            default_for_currency=found["default_for_currency"],
            currency=found["currency"],
            default_currency=account["default_currency"],
            others=others,
        )
    )

    gone = mine.delete(EXTERNAL_ACCOUNTS, found, event="account.external_account.deleted")
    _settled(tx, account)
    return gone


# -- by itself ------------------------------------------------------------------------------------


@EXTERNAL_ACCOUNTS.job
def check_ownership(tx: Tx, doc: Doc) -> None:
    """The check of who owns a bank account has ended; a failed one asks for a document."""
    account = account_of(tx)
    if account.get("deleted"):
        return
    ownership = tx.hidden(doc["id"]).get("ownership")
    doc["requirements"] = requirements.of_external_account(ownership=ownership, errored=False)
    doc["status"] = "verification_failed" if ownership == "asks_document" else "new"
    tx.save(EXTERNAL_ACCOUNTS, doc, event="account.external_account.updated")
    _settled(tx, account)


# -- used by payouts ------------------------------------------------------------------------------


def payout_destination(tx: Tx, currency: str, id_: str | None = None) -> Doc | None:
    """Where this account's payouts in a currency go: the named external account, or the default
    one.
    """
    if id_ is not None:
        return tx.find(EXTERNAL_ACCOUNTS, id_)
    held = tx.all(EXTERNAL_ACCOUNTS, currency=currency)
    return next((doc for doc in held if doc["default_for_currency"]), None)


def payout_outcome(tx: Tx, external_account: Doc) -> str:
    """How a payout there ends by its number: `paid`, or the failure_code."""
    return str(tx.hidden(external_account["id"]).get("outcome", "paid"))


def fail(tx: Tx, external_account: Doc) -> Doc:
    """A payout came back: the account is errored until it is changed, and scheduled
    payouts stop.
    """
    if external_account["status"] == "errored":
        return external_account
    external_account["status"] = "errored"
    if external_account["object"] == "bank_account":
        external_account["requirements"] = requirements.of_external_account(
            ownership=tx.hidden(external_account["id"]).get("ownership"), errored=True
        )
    event = "account.external_account.updated"
    failed = tx.save(EXTERNAL_ACCOUNTS, external_account, event=event)
    _settled(tx, account_of(tx))
    return failed


def restore(tx: Tx, external_account: Doc) -> Doc:
    """An errored one works again, as if it had been changed."""
    _recover(tx, external_account)
    event = "account.external_account.updated"
    restored = tx.save(EXTERNAL_ACCOUNTS, external_account, event=event)
    _settled(tx, account_of(tx))
    return restored


# -- used by accounts -----------------------------------------------------------------------------


def add(
    tx: Tx, account: Doc, sent: Any, param: str = "external_account", metadata: Doc | None = None
) -> Doc:
    """A new external account from a hash or a token, saved but not yet announced."""
    hash_, token = _read(tx, account, sent, param)
    mine = tx.on(account["id"])
    if hash_.get("object") == "card":
        made = _card(mine, account, hash_, token, param)
    else:
        made = _bank(mine, account, hash_, token, param)
    made["metadata"] = metadata or hash_.get("metadata") or {}
    made["default_for_currency"] = payout_destination(mine, made["currency"]) is None
    return mine.save(EXTERNAL_ACCOUNTS, made)


def replace(tx: Tx, account: Doc, sent: Any, param: str = "external_account") -> Doc:
    """An account's new default for its currency; the old default goes."""
    made = add(tx, account, sent, param)
    mine = tx.on(account["id"])
    old = payout_destination(mine, made["currency"])
    if old is not None and old["id"] != made["id"]:
        mine.delete(EXTERNAL_ACCOUNTS, old, event="account.external_account.deleted")
    made["default_for_currency"] = True
    made = mine.save(EXTERNAL_ACCOUNTS, made)
    mine.emit("account.external_account.created", made)
    return made


# -- inside ---------------------------------------------------------------------------------------


def _open(tx: Tx, account_id: str, *, writing: bool = False) -> Doc:
    account = reach(tx, account_id)
    if writing and account_id != tx.platform:
        locked = tx.hidden(account_id).get("locked", False)
        refuse(
            types.check_update(
                ["external_account"], controller_of(account), account_id, locked=locked
            )
        )
    return account


def _get(tx: Tx, id_: str) -> Doc:
    found = tx.find(EXTERNAL_ACCOUNTS, id_)
    if found is None:
        raise tx.missing(EXTERNAL_ACCOUNTS, id_)
    return found


def _prove(tx: Tx, doc: Doc, documents: Doc) -> None:
    """A document that shows the owner is looked at, and accepted in a while."""
    files = (documents.get("bank_account_ownership_verification") or {}).get("files")
    if not files or doc["object"] != "bank_account":
        return
    tx.hide(doc["id"], tx.hidden(doc["id"]) | {"ownership": "verified"})
    doc["status"] = "new"
    doc["requirements"] = requirements.of_external_account(ownership="checking", errored=False)
    tx.later(tx.now + OWNERSHIP_SECONDS, EXTERNAL_ACCOUNTS, "check_ownership", doc["id"])


def _recover(tx: Tx, doc: Doc) -> None:
    """An errored one that is changed is tried again: scheduled payouts go on."""
    if doc["status"] != "errored":
        return
    doc["status"] = "new"
    if doc["object"] == "bank_account":
        owner = tx.hidden(doc["id"]).get("ownership")
        doc["requirements"] = requirements.of_external_account(ownership=owner, errored=False)


def _settled(tx: Tx, account: Doc) -> None:
    settle(tx, account, tx.hidden(account["id"]))


def _make_default(tx: Tx, wanted: Doc) -> None:
    for doc in list(tx.all(EXTERNAL_ACCOUNTS, currency=wanted["currency"])):
        if doc["default_for_currency"] and doc["id"] != wanted["id"]:
            doc["default_for_currency"] = False
            tx.save(EXTERNAL_ACCOUNTS, doc, event="account.external_account.updated")
    wanted["default_for_currency"] = True
    tx.save(EXTERNAL_ACCOUNTS, wanted)


def _read(tx: Tx, account: Doc, sent: Any, param: str) -> tuple[Doc, Doc | None]:
    """The hash behind what was sent, and the token when it was one."""
    if isinstance(sent, dict) and not (sent.get("object") == "card" and sent.get("token")):
        return sent, None
    name = sent["token"] if isinstance(sent, dict) else str(sent)
    if name.startswith("btok_") and not isinstance(made := banks.token(name, param), Refusal):
        return made, None
    owner = (
        tx.on(tx.platform) if tx.on(tx.platform).find(tokens.TOKENS, name) else tx.on(account["id"])
    )
    token = tokens.spend(owner, name, param)
    if token["type"] == "card":
        return {"object": "card", **(sent if isinstance(sent, dict) else {})}, token
    return {"object": "bank_account", **tokens.notes_of(owner, token)["hash"]}, token


def _bank(tx: Tx, account: Doc, hash_: Doc, token: Doc | None, param: str) -> Doc:
    bank = banks.read(hash_, account["country"], param)
    if isinstance(bank, Refusal):
        raise bank
    id_ = token["bank_account"]["id"] if token else tx.new_id("ba")
    notes = {"number": bank.number, "outcome": bank.outcome, "ownership": bank.ownership}
    tx.hide(id_, notes)
    checking = None if bank.ownership is None else "checking"
    asks = requirements.of_external_account(ownership=checking, errored=False)
    if checking:
        tx.later(tx.now + OWNERSHIP_SECONDS, EXTERNAL_ACCOUNTS, "check_ownership", id_)
    return blank("bank_account") | {
        "id": id_,
        "account": account["id"],
        "account_holder_name": hash_.get("account_holder_name"),
        "account_holder_type": hash_.get("account_holder_type"),
        "account_type": bank.account_type,
        "available_payout_methods": bank.available_payout_methods,
        "bank_name": bank.bank_name,
        "country": bank.country,
        "currency": bank.currency,
        "fingerprint": cards.fingerprint(tx.setup.seed, bank.number),
        "last4": bank.last4,
        "requirements": asks,
        "routing_number": bank.routing_number,
        "status": "new",
    }


def _card(tx: Tx, account: Doc, hash_: Doc, token: Doc | None, param: str) -> Doc:
    made = token or tokens.of_card(tx, hash_)
    notes = tx.hidden(made["id"])
    card = instruments.card_behind(notes)
    assert card is not None
    currency = hash_.get("currency") or made["card"].get("currency")
    refuse(banks.check_card(card.funding, currency, account["country"], param))
    out = blank("card.external")
    out |= {name: value for name, value in made["card"].items() if name in out}
    outcome = card.payout or "paid"
    instant = outcome != "instant_unsupported"
    tx.hide(
        out["id"], {**notes, "outcome": "paid" if outcome == "instant_unsupported" else outcome}
    )
    return out | {
        "account": account["id"],
        "available_payout_methods": ["standard", "instant"] if instant else ["standard"],
        "currency": str(currency or account["default_currency"]).lower(),
    }
