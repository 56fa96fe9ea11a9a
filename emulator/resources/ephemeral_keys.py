"""Ephemeral keys: an hour's leave for a mobile client to act for one customer."""

from __future__ import annotations

from typing import Any, Final

from emulator.kernel.errors import setups as refusals
from emulator.kit import Doc, Params, Resource, Tx
from emulator.resources.customers import CUSTOMERS

_LIFE: Final = 3600
_SUBJECTS: Final = {
    "customer": "customer",
    "issuing_card": "issuing.card",
    "verification_session": "identity.verification_session",
}

EPHEMERAL_KEYS: Final = Resource("ephemeral_key", prefix="ephkey", param="key")


@EPHEMERAL_KEYS.on("POST /v1/ephemeral_keys")
def create(tx: Tx, params: Params) -> Doc:
    about: list[dict[str, Any]] = [
        {"id": params[name], "type": type_} for name, type_ in _SUBJECTS.items() if params.get(name)
    ]
    if not about:
        raise refusals.ephemeral_key_subject()
    if params.get("customer"):
        tx.get(CUSTOMERS, params["customer"], param="customer")
    key = tx.new(EPHEMERAL_KEYS, associated_objects=about, expires=tx.now + _LIFE)
    secret = f"ek_test_{tx.secret(key['id'], 40)}"
    tx.save(EPHEMERAL_KEYS, key)
    return {**key, "secret": secret}


@EPHEMERAL_KEYS.on("DELETE /v1/ephemeral_keys/{key}")
def delete(tx: Tx, _params: Params, id_: str) -> Doc:
    key = tx.get(EPHEMERAL_KEYS, id_)
    tx.delete(EPHEMERAL_KEYS, key)
    return {**key, "expires": tx.now}
