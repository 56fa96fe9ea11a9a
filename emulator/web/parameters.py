"""What a request asks for: its query and its body, with the types of the contract."""

from __future__ import annotations

from typing import Any, Final

from emulator import contract
from emulator.kernel.errors import requests
from emulator.web import forms
from emulator.web.inbound import Inbound

Params = dict[str, Any]

_REMEMBERED: Final = 2_000
_LONGEST: Final = 256
# Of these nobody can change what is remembered.
_UNCHANGING: Final = frozenset({str, int, bool, type(None)})

_known: dict[tuple[str, bytes, str], Params] = {}


def read(operation: contract.Operation, inbound: Inbound, version: str) -> Params:
    """The parameters of a request, for the caller to keep; refused as Stripe refuses.

    version: as `contract.coerce` takes it.
    """
    if inbound.body:
        sent = forms.decode(inbound.query) if inbound.query else {}
        return contract.coerce(operation, sent | _body(inbound), version)
    at = operation.key, inbound.query, version
    found = _known.get(at)
    if found is None:
        found = contract.coerce(operation, forms.decode(inbound.query), version)
        _remember(at, found)
    return found.copy()


def _remember(at: tuple[str, bytes, str], found: Params) -> None:
    """Keep what a query means: clients ask the same over and over, and to find out takes a tenth of
    the time that a page of a list takes.
    """
    if len(at[1]) > _LONGEST or not {each.__class__ for each in found.values()} <= _UNCHANGING:
        return
    if len(_known) > _REMEMBERED:
        _known.clear()
    _known[at] = found


def _body(inbound: Inbound) -> Params:
    kind = inbound.content_type.strip()
    if inbound.path.startswith("/v2/"):
        return forms.decode_json(inbound.body)
    if kind.startswith(b"multipart/form-data"):
        return forms.decode_multipart(inbound.body, kind)
    if kind.startswith(b"application/json"):
        raise requests.not_a_form()
    return forms.decode(inbound.body)
