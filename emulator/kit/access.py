"""What a publishable key may see: an object whose client secret its holder knows."""

from __future__ import annotations

from emulator.kernel.errors import requests as refusals
from emulator.kit.setup import Doc, Params
from emulator.kit.tx import Tx


def check_client_secret(tx: Tx, doc: Doc, params: Params) -> None:
    """Refuse a publishable key without the object's client secret, and anybody with a wrong one."""
    given = params.get("client_secret")
    if given is None and tx.caller.publishable:
        raise refusals.client_secret_required()
    if given is not None and given != doc.get("client_secret"):
        raise refusals.wrong_client_secret(str(given))


def seen(tx: Tx, doc: Doc, names: frozenset[str]) -> Doc:
    """The document as this caller may see it: with a publishable key only the fields of `names`."""
    if not tx.caller.publishable:
        return doc
    return {name: value for name, value in doc.items() if name in names}
