"""What a publishable key may see: an object whose client secret its holder knows."""

from __future__ import annotations

from emulator.kernel.errors import requests as refusals
from emulator.kit.resource import Resource
from emulator.kit.setup import Doc, Params
from emulator.kit.tx import Tx


def check_client_secret(tx: Tx, doc: Doc, params: Params) -> None:
    """Refuse a publishable key without the object's client secret, and anybody with a wrong one."""
    given = params.get("client_secret")
    if given is None and tx.caller.publishable:
        raise refusals.client_secret_required()
    if given is not None and given != doc.get("client_secret"):
        raise refusals.wrong_client_secret(str(given))


def read(
    tx: Tx, resource: Resource, id_: str, params: Params, names: frozenset[str] | None = None
) -> Doc | bytes:
    """An object with a client secret, as its bytes for a secret key. names: the fields that a
    publishable key sees; all of them when None.
    """
    raw = tx.raw(resource, id_)
    if raw is None:
        raise tx.missing(resource, id_)
    if not tx.caller.publishable and not params.get("client_secret"):
        return raw

    doc = tx.get(resource, id_)
    check_client_secret(tx, doc, params)
    return doc if names is None else seen(tx, doc, names)


def seen(tx: Tx, doc: Doc, names: frozenset[str]) -> Doc:
    """The document as this caller may see it: with a publishable key only the fields of `names`."""
    if not tx.caller.publishable:
        return doc
    return {name: value for name, value in doc.items() if name in names}
