"""Connections: how accounts with a Dashboard of their own give the platform's application
access, by OAuth.

A code is good once, for five minutes, and is exchanged for tokens. An access token works as a
key of that account in the same world. An account that is not connected belongs to nobody but
itself: the platform neither lists nor reaches it, and its events reach no Connect endpoint.
Private notes: `oauth/<code, token or refresh token>` -> what it stands for; `oauth/of/<account>`
-> the tokens given out for it.
"""

from __future__ import annotations

from typing import Any, Final

import orjson

from emulator.kernel.errors import Refusal
from emulator.kernel.errors import oauth as refusals
from emulator.kit import Doc, Setup, Tx
from emulator.resources.accounts import accounts, links, onboarding
from emulator.resources.accounts.state import ACCOUNTS, controller_of

CODE_SECONDS: Final = 300
# Before this version the platform is told the keys of an account that it makes (observed).
_NO_KEYS_SINCE: Final = "2019-02-19"
SCOPES: Final = ("read_only", "read_write")
READ_ONLY: Final = "read_only"


def application(tx: Tx) -> Doc:
    """The platform's Connect application, as events show it."""
    name = str(tx.setup.settings.get("application_name", "Platform"))
    return {"id": tx.setup.application, "object": "application", "name": name}


def candidates(tx: Tx) -> list[Doc]:
    """Accounts whose holder could connect them: those with the full Dashboard, newest first."""
    raws = tx.setup.store.table(ACCOUNTS.name).values()
    found = [orjson.loads(raw) for raw in raws]
    return [doc for doc in reversed(found) if _has_dashboard(tx, doc)]


def begin(tx: Tx, wish: Doc) -> str:
    """A code for what somebody authorised. wish: account (None: a new one, of `type`, with
    country and email), scope.
    """
    if wish["account"] is not None:
        account = _stored(tx, wish["account"])
        if account is None or not _has_dashboard(tx, account):
            raise refusals.account_unavailable(wish["account"])
    code = tx.new_id("ac", 32, dated=False)
    tx.hide(f"oauth/{code}", {**wish, "expires_at": tx.now + CODE_SECONDS, "used": False})
    return code


def exchange(tx: Tx, code: str, scope: str | None) -> Doc:
    """Tokens for a code; a code that comes twice ends the connection it made."""
    wish = tx.hidden(f"oauth/{code}")
    if not wish or "expires_at" not in wish:
        raise refusals.code_unknown(code)
    if wish["used"]:
        if is_connected(tx, wish["account"]):
            end(tx, wish["account"])
        raise refusals.code_used()
    if tx.now >= wish["expires_at"]:
        raise refusals.code_expired(code)
    scope = _within(scope, wish["scope"])
    held = wish["account"] is not None and is_connected(tx, wish["account"])
    id_ = wish["account"] or _made(tx, wish)
    tx.hide(f"oauth/{code}", wish | {"used": True, "account": id_})
    _connect(tx, id_, scope, held=held)
    return _tokens(tx, id_, scope)


def refresh(tx: Tx, token: str, scope: str | None) -> Doc:
    """Fresh tokens for a refresh token; the scope may narrow and not widen."""
    notes = tx.hidden(f"oauth/{token}")
    if not token.startswith("rt_") or not notes or notes["revoked"]:
        raise refusals.refresh_token_unknown(token)
    return _tokens(tx, notes["account"], _within(scope, notes["scope"]))


def deauthorize(tx: Tx, id_: str) -> None:
    """The platform lets go of an account that has a Dashboard of its own."""
    account = tx.on(tx.platform).find(ACCOUNTS, id_)
    if account is None or account.get("deleted"):
        raise refusals.not_connected(id_)
    if controller_of(account).dashboard != "full":
        raise refusals.account_controlled(id_)
    end(tx, id_)


def end(tx: Tx, id_: str) -> None:
    """The connection ends: told to the endpoints that heard of the account, then nobody reaches
    it.
    """
    account = tx.on(tx.platform).get(ACCOUNTS, id_)
    tx.on(id_).emit("account.application.deauthorized", application(tx))
    _revoke(tx, id_)
    tx.setup.store.delete(READ_ONLY, id_)
    tx.on(id_).save(ACCOUNTS, account)


@ACCOUNTS.when("deleted")
def _deleted(tx: Tx, account: Doc) -> None:
    """Who has the full Dashboard is told (documented by what Stripe's command line triggers)."""
    if controller_of(account).dashboard == "full":
        tx.on(account["id"]).emit("account.application.deauthorized", application(tx))


def is_connected(tx: Tx, id_: str) -> bool:
    return tx.owner(id_) == tx.platform


def access(setup: Setup, token: str) -> Doc | None:
    """What an access token stands for: account, scope, revoked; None when none such was given
    out.
    """
    raw = setup.store.raw("hidden", f"oauth/{token}")
    return None if raw is None else orjson.loads(raw)


def may_only_read(setup: Setup, account: str) -> bool:
    """Whether the platform was given no more than to read this account."""
    return setup.store.raw(READ_ONLY, account) is not None


@ACCOUNTS.when("created")
def give_keys(tx: Tx, account: Doc) -> None:
    """Keys of a new account's own; they are told once, where its creation is answered."""
    if tx.version.before(_NO_KEYS_SINCE):
        given = _tokens(tx, account["id"], "read_write")
        keys = {"secret": given["access_token"], "publishable": given["stripe_publishable_key"]}
        tx.hide(f"keys/{account['id']}", {"request": tx.caller.request, "keys": keys})


def _keys(tx: Tx, account: Doc) -> Doc | None:
    known = tx.hidden(f"keys/{account['id']}")
    return known["keys"] if known and known["request"] == tx.caller.request else None


ACCOUNTS.includes["keys"] = _keys


# -- inside
# -------------------------------------------------------------------------------------------


def _stored(tx: Tx, id_: str) -> Doc | None:
    raw = tx.setup.store.raw(ACCOUNTS.name, id_)
    return None if raw is None else orjson.loads(raw)


def _has_dashboard(tx: Tx, account: Doc) -> bool:
    if account.get("deleted") or account["id"] == tx.platform:
        return False
    return controller_of(account).dashboard == "full"


def _within(asked: str | None, granted: str) -> str:
    if asked is None:
        return granted
    if asked not in SCOPES:
        raise refusals.scope_invalid(asked)
    if SCOPES.index(asked) > SCOPES.index(granted):
        raise refusals.scope_wider(asked, granted)
    return asked


def _made(tx: Tx, wish: Doc) -> str:
    """The account that somebody signed up for on the way, with everything about it in order."""
    params: dict[str, Any] = {
        name: wish[name] for name in ("type", "country", "email") if wish.get(name)
    }
    try:
        id_ = str(accounts.create(tx, params)["id"])
    except Refusal as refusal:
        raise refusals.account_refused(refusal.message) from None
    links.lock(tx, tx.get(ACCOUNTS, id_))
    onboarding.complete(tx, id_)
    return id_


def _connect(tx: Tx, id_: str, scope: str, *, held: bool) -> None:
    """Give the account to the platform, which controls it when it may write.

    held: it was connected before; reading alone then takes nothing away.
    """
    account, notes = _stored(tx, id_), tx.hidden(id_)
    assert account is not None
    if not held or scope == "read_write":
        notes["controlled"] = scope == "read_write"
        tx.hide(id_, notes)
        tx.setup.store.delete(READ_ONLY, id_)
        if scope == READ_ONLY:
            tx.setup.store.put(READ_ONLY, id_, b"true")
    tx.on(tx.platform).save(ACCOUNTS, account)
    tx.on(id_).emit("account.application.authorized", application(tx))


def _tokens(tx: Tx, id_: str, scope: str) -> Doc:
    """New tokens; older ones of the same scope are worth nothing any more."""
    _revoke(tx, id_, scope)
    world = tx.setup.name
    secret, publishable = (
        f"{kind}_test_{world}_{tx.new_id('oauth', 24, dated=False)}" for kind in ("sk", "pk")
    )
    again = tx.new_id("rt", 40, dated=False)
    for name in (secret, publishable, again):
        tx.hide(f"oauth/{name}", {"account": id_, "scope": scope, "revoked": False})
    given = tx.hidden(f"oauth/of/{id_}").get("tokens", [])
    tx.hide(f"oauth/of/{id_}", {"tokens": [*given, secret, publishable, again]})
    return {
        "access_token": secret,
        "livemode": False,
        "refresh_token": again,
        "token_type": "bearer",
        "stripe_publishable_key": publishable,
        "stripe_user_id": id_,
        "scope": scope,
    }


def _revoke(tx: Tx, id_: str, scope: str | None = None) -> None:
    for name in tx.hidden(f"oauth/of/{id_}").get("tokens", []):
        notes = tx.hidden(f"oauth/{name}")
        if scope in {None, notes["scope"]}:
            tx.hide(f"oauth/{name}", notes | {"revoked": True})
