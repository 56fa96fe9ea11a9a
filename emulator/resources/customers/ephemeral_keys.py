"""Ephemeral keys: an hour's leave for a mobile client to act for one customer.

Their secrets are keys of the world and of the account that made them: `ek_test_WORLD_` and forty
letters. Private notes: `ephemeral/<secret>` -> the key and its account.
"""

from __future__ import annotations

from typing import Any, Final

import orjson

from emulator.kernel.errors import requests
from emulator.kernel.errors import setups as refusals
from emulator.kit import Doc, Params, Resource, Setup, Tx
from emulator.resources.customers.customers import CUSTOMERS

_LIFE: Final = 3600
_SUBJECTS: Final = {
    "customer": "customer",
    "issuing_card": "issuing.card",
    "verification_session": "identity.verification_session",
}

# What mobile clients do for their customer where the path does not name it (assumed).
_LIST: Final = "GET /v1/payment_methods"
_OF_METHODS: Final = frozenset(
    {
        "POST /v1/payment_methods/{payment_method}",
        "POST /v1/payment_methods/{payment_method}/attach",
        "POST /v1/payment_methods/{payment_method}/detach",
    }
)

EPHEMERAL_KEYS: Final = Resource("ephemeral_key", prefix="ephkey", param="key")


@EPHEMERAL_KEYS.on("POST /v1/ephemeral_keys")
def create(tx: Tx, params: Params) -> Doc:
    if not tx.caller.versioned:
        raise refusals.ephemeral_key_without_version()
    about: list[dict[str, Any]] = [
        {"id": params[name], "type": type_} for name, type_ in _SUBJECTS.items() if params.get(name)
    ]
    if not about:
        raise refusals.ephemeral_key_subject()
    if params.get("customer"):
        tx.get(CUSTOMERS, params["customer"], param="customer")
    key = tx.new(EPHEMERAL_KEYS, associated_objects=about, expires=tx.now + _LIFE)
    secret = f"ek_test_{tx.setup.name}_{tx.secret(key['id'], 40)}"
    tx.save(EPHEMERAL_KEYS, key)
    tx.hide(f"ephemeral/{secret}", {"key": key["id"], "account": tx.account})
    return {**key, "secret": secret}


@EPHEMERAL_KEYS.on("DELETE /v1/ephemeral_keys/{key}")
def delete(tx: Tx, _params: Params, id_: str) -> Doc:
    key = tx.get(EPHEMERAL_KEYS, id_)
    tx.delete(EPHEMERAL_KEYS, key)
    return {**key, "expires": tx.now}


def access(setup: Setup, secret: str) -> tuple[Doc, str]:
    """The key whose secret this is, and the account that it belongs to; refused when there is none
    or its hour is over.
    """
    note = setup.store.raw("hidden", f"ephemeral/{secret}")
    if note is None:
        raise requests.invalid_key(secret)
    known = orjson.loads(note)
    raw = setup.store.raw(EPHEMERAL_KEYS.name, known["key"])
    if raw is None:
        raise requests.invalid_key(secret)
    key: Doc = orjson.loads(raw)
    if setup.clock.now() >= key["expires"]:
        raise requests.key_expired(secret)
    return key, known["account"]


def admit(tx: Tx, key: Doc, operation: str, path: dict[str, str], params: Params) -> None:
    """Refuse what does not concern whom the key is for."""
    own = {each["id"] for each in key["associated_objects"]}
    if not own.isdisjoint(path.values()):
        return
    if operation == _LIST and params.get("customer") in own:
        return
    if operation in _OF_METHODS:
        raw = tx.setup.store.raw("payment_method", path["payment_method"])
        holder = params.get("customer") or (orjson.loads(raw)["customer"] if raw else None)
        if holder in own:
            return
    raise requests.ephemeral_key_insufficient()
