"""Readers of Terminal, their places, and the tokens with which apps connect to them.

States of a reader: online, whatever it does; `action` says what that is. Only simulated readers can
be registered: nobody can hold a card to another one here. Their codes are in
`schemas/rules/terminal.json`.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.kernel import files
from emulator.kernel.errors import terminal as refusals
from emulator.kit import Doc, Params, Resource, Tx, deletes, lists, retrieves, updates
from emulator.kit.editing import edit, merged, merged_metadata, nested

_OF_PLACES: Final = (
    "address",
    "address_kana",
    "address_kanji",
    "configuration_overrides",
    "display_name",
    "display_name_kana",
    "display_name_kanji",
    "metadata",
    "phone",
)

LOCATIONS: Final = Resource(
    "terminal.location",
    prefix="tml",
    id_length=14,
    dated=False,
    kind="terminal location",
    param="location",
    editable=_OF_PLACES,
)
READERS: Final = Resource(
    "terminal.reader",
    prefix="tmr",
    id_length=14,
    dated=False,
    kind="terminal reader",
    param="reader",
    filters=("device_type", "location", "serial_number", "status"),
    editable=("label", "metadata"),
)
CONNECTION_TOKENS: Final = Resource("terminal.connection_token", prefix="")

retrieves(LOCATIONS, "GET /v1/terminal/locations/{location}")
lists(LOCATIONS, "GET /v1/terminal/locations")
updates(LOCATIONS, "POST /v1/terminal/locations/{location}")
deletes(LOCATIONS, "DELETE /v1/terminal/locations/{location}")
retrieves(READERS, "GET /v1/terminal/readers/{reader}")
lists(READERS, "GET /v1/terminal/readers")
updates(READERS, "POST /v1/terminal/readers/{reader}")
deletes(READERS, "DELETE /v1/terminal/readers/{reader}")


@LOCATIONS.on("POST /v1/terminal/locations")
def create_location(tx: Tx, params: Params) -> Doc:
    made = tx.new(LOCATIONS)
    for name in ("address", "address_kana", "address_kanji"):
        if params.get(name):
            made[name] = merged(None, params[name], nested(LOCATIONS.name, name))
    plain = {n: v for n, v in params.items() if n != "metadata" and not isinstance(v, dict)}
    edit(made, plain, _OF_PLACES)
    made["metadata"] = merged_metadata(None, params.get("metadata"))
    return tx.save(LOCATIONS, made)


@READERS.on("POST /v1/terminal/readers")
def create(tx: Tx, params: Params) -> Doc:
    """Register a reader. Without a label its registration code is used (documented)."""
    code = params["registration_code"]
    device = _devices().get(code)
    if device is None:
        raise refusals.registration_code_unknown()
    if params.get("location"):
        tx.get(LOCATIONS, params["location"], "location")

    made = tx.new(
        READERS,
        device_type=device,
        label=params.get("label") or code,
        last_seen_at=tx.now * 1000,
        location=params.get("location"),
        metadata=merged_metadata(None, params.get("metadata")),
    )
    made["serial_number"] = _serial(tx, made["id"])
    return tx.save(READERS, made)


@CONNECTION_TOKENS.on("POST /v1/terminal/connection_tokens")
def create_token(tx: Tx, params: Params) -> Doc:
    """A secret for the SDKs of Terminal; it is told once and kept nowhere."""
    count = tx.setup.store.count(CONNECTION_TOKENS.name)
    made: Doc = {"object": CONNECTION_TOKENS.name}
    if params.get("location"):
        made["location"] = tx.get(LOCATIONS, params["location"], "location")["id"]
    return made | {"secret": f"pst_test_{tx.secret(f'connection/{count}', 40)}"}


def _devices() -> dict[str, Any]:
    found: dict[str, Any] = files.table("rules/terminal.json")["registration_codes"]
    return found


def _serial(tx: Tx, id_: str) -> str:
    """Of simulated readers it is a UUID (assumed)."""
    text = "".join(f"{ord(each) % 16:x}" for each in tx.secret(f"{id_}/serial", 32))
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
