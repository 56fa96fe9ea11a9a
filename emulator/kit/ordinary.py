"""The operations that need no code of their own: retrieve, list, update and delete."""

from __future__ import annotations

from collections.abc import Callable

from emulator.kit import listing
from emulator.kit.editing import edit
from emulator.kit.resource import Resource
from emulator.kit.setup import Doc, Params
from emulator.kit.tx import Tx


def retrieves(resource: Resource, key: str, *, publishable: bool = False) -> None:
    """`GET …/{id}`: the stored bytes, or the document as `view` shows it now."""

    def retrieve(tx: Tx, _params: Params, *path: str) -> bytes | Doc:
        raw = tx.raw(resource, path[-1])
        if raw is None:
            raise tx.missing(resource, path[-1])
        return resource.shown(tx, raw)

    resource.on(key, publishable=publishable)(retrieve)


def lists(resource: Resource, key: str) -> None:
    """`GET …`: a page of this account's objects."""

    def list_(tx: Tx, params: Params) -> listing.Page:
        return listing.page(tx, resource, params)

    resource.on(key)(list_)


def lists_within(resource: Resource, key: str, whole: Resource, field: str = "") -> None:
    """`GET …/{id}/…`: a page of the parts of an object of `whole`, which must be there. field: what
    names it in each of them, where that is not what they are declared to be `within`.
    """

    def list_(tx: Tx, params: Params, id_: str) -> listing.Page:
        tx.get(whole, id_)
        fixed: Doc = {field or resource.within: id_}
        return listing.page(tx, resource, params, **fixed)

    resource.on(key)(list_)


def get_within(tx: Tx, resource: Resource, id_: str, **whole: str) -> Doc:
    """A part of an object; refused (404) when there is none, or it is another one's (assumed).

    whole: the field that names what it is a part of, and the id that must stand there.
    """
    found = tx.get(resource, id_)
    if any(found[name] != value for name, value in whole.items()):
        raise tx.missing(resource, id_)
    return found


def updates(
    resource: Resource,
    key: str,
    event: str | None = None,
    guard: Callable[[Tx, Doc, Params], None] | None = None,
) -> None:
    """`POST …/{id}`: sets the resource's editable fields. guard: refuses what may not be
    changed.
    """

    def update(tx: Tx, params: Params, *path: str) -> Doc:
        doc = tx.get(resource, path[-1])
        if guard:
            guard(tx, doc, params)
        return tx.save(resource, edit(doc, params, resource.editable), event=event)

    resource.on(key)(update)


def deletes(resource: Resource, key: str, event: str | None = None) -> None:
    """`DELETE …/{id}`."""

    def delete(tx: Tx, _params: Params, *path: str) -> Doc:
        return tx.delete(resource, tx.get(resource, path[-1]), event=event)

    resource.on(key)(delete)
