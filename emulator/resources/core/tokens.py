"""Account and person tokens of /v2: identity details sent once by a browser, and used once."""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import core as refusals
from emulator.kernel.instants import rfc3339
from emulator.kit import Doc, Params, Resource, Tx
from emulator.kit.editing import merged

ACCOUNT_TOKENS: Final = Resource(
    "v2.core.account_token", prefix="accttok", id_length=40, dated=False, kind="account token"
)
PERSON_TOKENS: Final = Resource(
    "v2.core.account_person_token", prefix="perstok", id_length=40, dated=False, kind="person token"
)

_LIFE_SECONDS: Final = 600


@ACCOUNT_TOKENS.on("POST /v2/core/account_tokens", publishable=True)
def create_of_account(tx: Tx, params: Params) -> Doc:
    return _make(tx, ACCOUNT_TOKENS, params)


@ACCOUNT_TOKENS.on("GET /v2/core/account_tokens/{id}", publishable=True)
def retrieve_of_account(tx: Tx, _params: Params, id_: str) -> Doc:
    return tx.get(ACCOUNT_TOKENS, id_)


@PERSON_TOKENS.on("POST /v2/core/accounts/{account_id}/person_tokens", publishable=True)
def create_of_person(tx: Tx, params: Params, _account: str) -> Doc:
    return _make(tx, PERSON_TOKENS, params)


@PERSON_TOKENS.on("GET /v2/core/accounts/{account_id}/person_tokens/{id}", publishable=True)
def retrieve_of_person(tx: Tx, _params: Params, _account: str, id_: str) -> Doc:
    return tx.get(PERSON_TOKENS, id_)


def laid_under(tx: Tx, params: Params, param: str = "account_token") -> Params:
    """Parameters with a token's contents laid under them; the token is used from now on."""
    token = params.pop(param, None)
    if token is None:
        return params
    resource = ACCOUNT_TOKENS if param == "account_token" else PERSON_TOKENS
    home = tx.on(tx.platform)
    found = home.get(resource, token, param)
    if found["used"] or home.hidden(token)["until"] <= tx.now:
        raise refusals.token_used(param)
    home.save(resource, found | {"used": True})
    whole: Params = merged(home.hidden(token)["sent"], params, {})
    return whole


def _make(tx: Tx, resource: Resource, params: Params) -> Doc:
    id_ = tx.new_id(resource.prefix, resource.id_length, dated=False)
    until = tx.now + _LIFE_SECONDS
    tx.hide(id_, {"sent": params, "until": until})
    token = {
        "id": id_,
        "object": resource.name,
        "created": rfc3339(tx.now),
        "expires_at": rfc3339(until),
        "livemode": False,
        "used": False,
    }
    return tx.on(tx.platform).save(resource, token)
