"""Who asks: API keys and the worlds they name. `sk_test_ANY` is a key of world ANY."""

from __future__ import annotations

import logging
import re
from base64 import b64decode
from binascii import Error as Base64Error
from typing import Final, NamedTuple

from emulator.kernel.errors import requests
from emulator.world import may_name

_LOG: Final = logging.getLogger("emulator.keys")
_LONGEST: Final = 255
_REMEMBERED: Final = 10_000
# What OAuth gives out: `sk_test_WORLD_oauth_` and 24 letters, a key of one connected account.
_TOKEN: Final = re.compile(r"(.+)_oauth_[0-9A-Za-z]{24}")
_EPHEMERAL: Final = re.compile(r"(.+)_[0-9A-Za-z]{40}")


class Key(NamedTuple):
    """text: as sent. kind: sk, rk, pk or ek. world: the world's name. token: given out by OAuth."""

    text: str
    kind: str
    world: str
    token: bool = False


_known: dict[bytes, Key] = {}


def read(authorization: bytes | None) -> Key:
    """The key in an Authorization header, Bearer or Basic; refused as Stripe refuses."""
    if not authorization:
        raise requests.no_key()
    found = _known.get(authorization)
    if found is None:
        found = _parse(authorization)
        if len(_known) > _REMEMBERED:
            _known.clear()
        _known[authorization] = found
    return found


def _parse(authorization: bytes) -> Key:
    scheme, _, rest = authorization.partition(b" ")
    if scheme.lower() == b"basic":
        try:
            rest = b64decode(rest.strip(), validate=True).partition(b":")[0]
        except Base64Error:
            raise requests.no_key() from None
    elif scheme.lower() != b"bearer":
        raise requests.no_key()
    elif not rest.strip():
        raise requests.no_key_in_header(scheme.decode("latin-1"))
    return of_text(rest.strip().decode("utf-8", "replace"))


def of_text(text: str) -> Key:
    """The key that a text is."""
    if not text:
        raise requests.no_key()
    kind, _, rest = text.partition("_")
    mode, _, world = rest.partition("_")
    if rest.startswith(("live_", "org_live_")):
        _LOG.error("a live key was sent here; it was refused, and neither stored nor logged")
        raise requests.live_key(kind if kind in {"sk", "rk", "pk"} else "sk")
    if kind not in {"sk", "rk", "pk", "ek"} or mode != "test" or not world or len(text) > _LONGEST:
        raise requests.invalid_key(text)
    longer = (_EPHEMERAL if kind == "ek" else _TOKEN).fullmatch(world)
    name = longer[1] if longer else world
    if not may_name(name) or (kind == "ek" and longer is None):
        raise requests.invalid_key(text)
    return Key(text, kind, name, token=kind != "ek" and longer is not None)
