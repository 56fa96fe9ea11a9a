"""What the holder of an account does on the authorize page, and what the platform's server does
next.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from emulator.kernel.errors import oauth as refusals
from emulator.kit import Doc
from emulator.resources.accounts import connections
from emulator.resources.accounts.state import country_of
from emulator.rules.accounts import availability
from emulator.world import World, Worlds


class Asked(NamedTuple):
    """What an application asks for. type: of a new account. redirect_uri: "" when none was
    named.
    """

    world: World
    scope: str
    redirect_uri: str
    state: str | None
    type: str
    country: str
    email: str


def read(worlds: Worlds, params: Mapping[str, Any], type_: str = "standard") -> Asked:
    """The parameters of an authorize address; refused in the order client, response type, scope,
    address. Express accounts are asked for without a response type, too (documented).
    """
    world = by_application(worlds, str(params.get("client_id") or ""))
    kind = params.get("response_type") or ("code" if type_ == "express" else None)
    if not kind:
        raise refusals.missing("response_type")
    if kind != "code":
        raise refusals.response_type_unsupported(str(kind))
    scope = params.get("scope") or ("read_only" if type_ == "standard" else "read_write")
    if scope not in connections.SCOPES:
        raise refusals.scope_invalid(str(scope))
    back = str(params.get("redirect_uri") or "")
    if back and not (urlsplit(back).scheme in {"http", "https"} and urlsplit(back).netloc):
        raise refusals.redirect_uri_invalid(back)
    user = params.get("stripe_user")
    known: Mapping[str, Any] = user if isinstance(user, Mapping) else {}
    country = str(known.get("country") or world.setup.settings["country"]).upper()
    return Asked(
        world, scope, back, params.get("state"), type_, country, str(known.get("email") or "")
    )


def by_application(worlds: Worlds, client_id: str) -> World:
    """The world whose Connect application this is. A world is there once its key was used."""
    if not client_id:
        raise refusals.missing("client_id")
    for world in worlds.all():
        if world.setup.application == client_id:
            return world
    raise refusals.no_such_application(client_id)


def candidates(world: World) -> list[Doc]:
    """The accounts that could be connected, newest first."""
    with world.transaction(world.caller()) as tx:
        return connections.candidates(tx)


def authorize(
    world: World,
    account: str | None = None,
    *,
    scope: str = "read_write",
    type_: str = "standard",
    country: str | None = None,
    email: str | None = None,
) -> str:
    """Say yes: the code that the application gets, good once and for five minutes.

    account: one that exists, or None for a new one, which is complete and charges at once.
    """
    with world.transaction(world.caller()) as tx:
        if account is None:
            own = country_of(tx)
            country = country or own
            case = availability.Case(own, country, type_)
            refusal = availability.check(world.setup.settings["availability"], case).refusal
            if refusal is not None:
                raise refusals.account_refused(refusal.message)
        wish = {
            "account": account,
            "scope": scope,
            "type": type_,
            "country": country,
            "email": email,
        }
        return connections.begin(tx, wish)


def token(world: World, params: Mapping[str, Any]) -> Doc:
    """What POST /oauth/token answers."""
    kind = params.get("grant_type")
    if not kind:
        raise refusals.missing("grant_type")
    names = {"authorization_code": "code", "refresh_token": "refresh_token"}
    if kind not in names:
        raise refusals.grant_type_unsupported(str(kind))
    given = params.get(names[kind])
    if not given:
        raise refusals.missing(names[kind])
    deed = connections.exchange if kind == "authorization_code" else connections.refresh
    with world.transaction(world.caller()) as tx:
        return deed(tx, str(given), params.get("scope"))


def deauthorize(world: World, params: Mapping[str, Any]) -> Doc:
    """What POST /oauth/deauthorize answers."""
    for name in ("client_id", "stripe_user_id"):
        if not params.get(name):
            raise refusals.missing(name)
    if params["client_id"] != world.setup.application:
        raise refusals.no_such_application(str(params["client_id"]))
    account = str(params["stripe_user_id"])
    with world.transaction(world.caller()) as tx:
        connections.deauthorize(tx, account)
    return {"stripe_user_id": account}


def allowed(asked: Asked, code: str) -> str:
    """The address to return to with a code."""
    return _back(asked, {"scope": asked.scope, "code": code})


def denied(asked: Asked) -> str:
    """The address to return to without."""
    return _back(
        asked, {"error": "access_denied", "error_description": "The user denied your request"}
    )


def _back(asked: Asked, more: Mapping[str, str]) -> str:
    found = urlsplit(asked.redirect_uri)
    state = {} if asked.state is None else {"state": asked.state}
    pairs = [*parse_qsl(found.query, keep_blank_values=True), *more.items(), *state.items()]
    return found._replace(query=urlencode(pairs)).geturl()
