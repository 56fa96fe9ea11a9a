"""API versions by name: `2019-08-14`, `2025-03-31.basil`, `2025-08-27.preview`, and with betas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from emulator.contract.versions.change import day
from emulator.kernel import files
from emulator.kernel.errors import requests as errors

_USUAL = "2026-08-26.dahlia"
_BETA = re.compile(r"[a-z0-9_]+=v[0-9]+")
_PREVIEW = ".preview"
_FIRST_PREVIEW = "2024-09-30"


@dataclass(frozen=True, slots=True)
class Version:
    """What a request asked to be answered in.

    text: as it was sent, betas and all; answers carry it back. date: `YYYY-MM-DD`, which orders
    versions. betas: `name=vN`, in the order they were sent.
    """

    text: str
    date: str
    betas: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The published name, without betas."""
        return self.text.partition(";")[0].strip()

    @property
    def knows(self) -> str:
        """Its date, marked when it is a preview: previews know parameters that others do not."""
        return f"{self.date}{_PREVIEW}" if self.name.endswith(_PREVIEW) else self.date

    def before(self, date: str) -> bool:
        """Whether this version is older than the one published on that date."""
        return self.date < date


@cache
def names() -> tuple[str, ...]:
    """Every published version, oldest first."""
    return tuple(files.table("versions/versions.json")["versions"])


def usual(instant: int) -> str:
    """The version of a platform that begins at an instant (seconds): the newest one published by
    then, at most 2026-08-26.dahlia, which the SDKs of the contract speak.
    """
    published = [name for name in names() if name <= _USUAL and day(name[:10]) <= instant]
    return published[-1] if published else names()[0]


@lru_cache(maxsize=256)
def parse(header: str) -> Version:
    """The version that a `Stripe-Version` header names.

    Betas stand behind the name (`2023-10-16; feature_beta=v1`). A `.preview` name is taken for any
    date on which a version was published since previews exist. Anything else is refused.
    """
    name, *betas = (part.strip() for part in header.split(";"))
    betas = [beta for beta in betas if beta]
    if not _known(name) or not all(_BETA.fullmatch(beta) for beta in betas):
        raise errors.invalid_api_version(header)

    return Version(header, name[:10], tuple(betas))


def _known(name: str) -> bool:
    if name.endswith(_PREVIEW):
        date = name.removesuffix(_PREVIEW)
        return date >= _FIRST_PREVIEW and any(known[:10] == date for known in names())
    return name in names()


NEWEST = parse(names()[-1])
