"""Who pays: the customer of a session."""

from __future__ import annotations

from typing import Final

from emulator.kit import Doc, Tx
from emulator.resources import customer_changes

_KNOWN: Final = ("address", "email", "name", "phone")


def settle(tx: Tx, session: Doc, *, needed: bool) -> None:
    """See to it that the session has a customer when one is needed: its own, or a new one of what
    was said on the page.
    """
    if session["customer"] or not needed:
        return
    said: Doc = session["customer_details"] or {}
    made = customer_changes.create(tx, {name: said[name] for name in _KNOWN if said.get(name)})
    session["customer"] = made["id"]
