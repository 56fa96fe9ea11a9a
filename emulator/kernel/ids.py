"""Stripe-shaped ids that depend on nothing but a seed, a prefix and a count.

A random stream would do for one run, but then one extra event shifts every later id and every
golden file with it. Counting per prefix keeps `tr_` ids still when `evt_` ids move.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

_LETTERS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE_62 = bytes(_LETTERS[byte % 62] for byte in range(256))


def letters(seed: str, name: str, length: int) -> str:
    """`length` letters of base 62 (at most 64), a pure function of `seed` and `name`."""
    digest = _begun(seed, length).copy()
    digest.update(name.encode())
    return digest.digest().translate(_BASE_62).decode()


@lru_cache(maxsize=512)
def _begun(seed: str, length: int) -> blake2b:
    """The hash of a seed, to be gone on with: of a copy."""
    return blake2b(f"{seed}/".encode(), digest_size=length)


def fraction(seed: str, name: str) -> float:
    """A number from 0 up to but not including 1, a pure function of `seed` and `name`."""
    return int.from_bytes(blake2b(f"{seed}/{name}".encode(), digest_size=6).digest()) / 2**48


def digits(seed: str, name: str, length: int) -> str:
    """`length` decimal digits, a pure function of `seed` and `name`."""
    value = int.from_bytes(blake2b(f"{seed}/{name}".encode(), digest_size=16).digest())
    return str(value % 10**length).zfill(length)


def uuid(seed: str, name: str) -> str:
    """A UUID of version 4, a pure function of `seed` and `name`."""
    digest = _begun(seed, 16).copy()
    digest.update(name.encode())
    text = digest.hexdigest()
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"
