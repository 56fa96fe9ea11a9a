"""What is known about an account when its requirements are computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

EMPTY: Final[Mapping[str, str]] = {}
NEVER: Final[Mapping[str, int]] = {}
_RENAMED: Final = {
    "company.vat_id": "company.business_vat_id_number",
    "company.registration_number": "company.tax_id",
}
_DECLARATIONS: Final = ("directors_provided", "executives_provided", "owners_provided")
_SENTINELS: Final = frozenset({"full_name_aliases"})


@dataclass(frozen=True, slots=True)
class Person:
    """A person of an account. `given`: requirement path without prefix -> value as it was sent.

    given_at: path -> instant when it was last changed (absent: with the account). roles: the true
    ones of representative, owner, director, executive. percent_ownership: 0 to 100. afterwards:
    documents that came in a request of their own, after other things.
    """

    id: str
    given: Mapping[str, str] = field(default_factory=dict)
    given_at: Mapping[str, int] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    percent_ownership: float = 0.0
    afterwards: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Demand:
    """A requirement that Stripe adds out of turn; it stands until the field is given once more.

    path: with its prefix (`company.tax_id`, `person_….verification.document`). deadline: an
    instant; None when it is overdue from the start. code: of requirements.errors, None without a
    fault.
    """

    path: str
    deadline: int | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Imposed:
    """What Stripe decided about an account, and no rule leads to.

    demands: requirements out of turn. capabilities: name -> disabled_reason. disabled: the whole
    account's disabled_reason. overdue: every deadline counts as passed.
    """

    demands: tuple[Demand, ...] = ()
    capabilities: Mapping[str, str] = field(default_factory=dict)
    disabled: str | None = None
    overdue: bool = False


NOTHING: Final = Imposed()


@dataclass(frozen=True, slots=True)
class Facts:
    """An account at the instant `now`.

    agreement: full or recipient. dashboard: controller.stripe_dashboard.type (full, express, none).
    requested: names of the requested capabilities. given, given_at: as for a person, with prefixes
    (`company.name`); a flag such as company.owners_provided is there only when true. onboarded: the
    hosted form was submitted (accounts whose requirements Stripe collects). submitted:
    details_submitted was true before. enabled: what it could do when it was last judged (charges,
    payouts); a check that runs takes neither away. rejected: why the platform did so, or None;
    pays_out_rejected: its payouts go on all the same. advanced_at: since when eventually due fields
    are due (a requirement card, a threshold). charges_blocked, payouts_blocked: a blocking test
    card was charged. verdicts: what verification answered, by the key of its question: `verified`
    or a code of requirements.errors. imposed: what no rule leads to. granted: capabilities
    among the requested that it has without having asked.
    """

    country: str
    now: int
    created: int
    business_type: str | None = None
    structure: str | None = None
    agreement: str = "full"
    dashboard: str = "none"
    requested: frozenset[str] = frozenset()
    given: Mapping[str, str] = field(default_factory=dict)
    given_at: Mapping[str, int] = field(default_factory=dict)
    persons: tuple[Person, ...] = ()
    external_account: bool = False
    onboarded: bool = False
    submitted: bool = False
    enabled: frozenset[str] = frozenset()
    rejected: str | None = None
    pays_out_rejected: bool = False
    under_review: bool = False
    paused: bool = False
    advanced_at: int | None = None
    charges_blocked: bool = False
    payouts_blocked: bool = False
    verdicts: Mapping[str, str] = field(default_factory=dict)
    imposed: Imposed = NOTHING
    granted: frozenset[str] = frozenset()


def imposed(kept: Mapping[str, Any] | None) -> Imposed:
    """What an account's private notes keep under `imposed`."""
    if not kept:
        return NOTHING
    return Imposed(
        tuple(Demand(**each) for each in kept.get("demands", ())),
        kept.get("capabilities", {}),
        kept.get("disabled"),
        kept.get("overdue", False),
    )


def met(kept: dict[str, Any], given: Iterable[str]) -> dict[str, Any]:
    """What is kept under `imposed` after these requirement paths were given anew."""
    paths = {*given}
    left = [each for each in kept.get("demands", ()) if each["path"] not in paths]
    return {**kept, "demands": left}


def flatten(params: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Request parameters as requirement paths: nested names joined by dots, only what is provided.

    Documents count by kind (`verification.document`, `documents.passport.files`), a declaration
    such as company.owners_provided only when true, a date of birth only by its parts.
    """
    flat: dict[str, str] = {}
    for name, value in params.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            flat.update(flatten(value, f"{path}."))
        elif _provided(name, value):
            flat[_requirement(path)] = _text(value)
    return flat


def roles(relationship: Mapping[str, Any]) -> frozenset[str]:
    """The true flags of a person's relationship hash."""
    return frozenset(
        name for name, value in relationship.items() if value is True or value == "true"
    )


def changed(
    before: Mapping[str, str], given_at: Mapping[str, int], after: Mapping[str, str], now: int
) -> dict[str, int]:
    """The new `given_at`: what is new or different was given at `now`, the rest when it was."""
    return {
        path: given_at[path] if before.get(path) == value and path in given_at else now
        for path, value in after.items()
    }


def documents_afterwards(
    before: Mapping[str, str], known: Iterable[str], after: Mapping[str, str]
) -> list[str]:
    """Which documents came after other things, among those `known` to have and what came now."""
    came = {path for path, value in after.items() if before and before.get(path) != value}
    return sorted(path for path in {*known, *came} & after.keys() if path.endswith("document"))


def _provided(name: str, value: Any) -> bool:
    if name in _DECLARATIONS:
        return value is True or value == "true"
    if name in _SENTINELS:
        return value is not None
    return value is not None and value not in ("", [])


def _requirement(path: str) -> str:
    for side in (".front", ".back"):
        if path.endswith(side) and "verification." in path:
            return path.removesuffix(side)
    return _RENAMED.get(path, path)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ",".join(str(item) for item in value)
    return str(value)
