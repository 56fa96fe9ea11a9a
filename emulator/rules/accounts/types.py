"""Account types and controllers: how they map, what is refused, who may set and see which field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from emulator.kernel.errors import Refusal, accounts

TYPES: Final = ("standard", "express", "custom")
_KYC: Final = frozenset({"business_type", "company", "individual", "external_account", "persons"})
_STILL_SHOWN_OF_COMPANY: Final = ("name", "name_kana", "name_kanji", "structure")
_STILL_SHOWN_OF_PERSON: Final = (
    "id",
    "object",
    "account",
    "created",
    "first_name",
    "first_name_kana",
    "first_name_kanji",
    "last_name",
    "last_name_kana",
    "last_name_kanji",
    "relationship",
)
# `capabilities` is refused in words of its own, `settings` but for the payout schedule.
_STANDARD_MAY_SET: Final = frozenset(
    {"metadata", "default_currency", "email", "account_token", "capabilities"}
)
_STANDARD_BEFORE: Final = frozenset(
    {"business_profile", "business_type", "company", "individual", "external_account", "settings"}
)
_NOT_CONTROLLED: Final = (
    "id",
    "object",
    "capabilities",
    "charges_enabled",
    "country",
    "default_currency",
    "details_submitted",
    "future_requirements",
    "payouts_enabled",
    "requirements",
    "settings",
    "type",
)


@dataclass(frozen=True, slots=True)
class Controller:
    """Who answers for what. dashboard: full, express or none; the others: who is in charge.

    fees: account or application; losses, collection: stripe or application. type_: the type asked
    for, when the account was made with one: it decides how fees.payer reads.
    """

    dashboard: str = "full"
    fees: str = "account"
    losses: str = "stripe"
    collection: str = "stripe"
    type_: str | None = None

    @classmethod
    def of_type(cls, type_: str) -> Self:
        """The controller behind `standard`, `express` or `custom`."""
        return cls(*_BY_TYPE[type_], type_)

    @classmethod
    def of_params(cls, controller: Mapping[str, Any]) -> Self:
        """The controller asked for, Stripe's defaults filled in."""
        return cls(
            _inner(controller, "stripe_dashboard", "type") or "full",
            _inner(controller, "fees", "payer") or "account",
            _inner(controller, "losses", "payments") or "stripe",
            controller.get("requirement_collection") or "stripe",
        )

    def reported_type(self) -> str:
        """`type` in the response: the one asked for, else standard for its exact likeness
        or none.
        """
        if self.type_ is not None:
            return self.type_
        return "standard" if self._values() == _BY_TYPE["standard"] else "none"

    def like(self) -> str:
        """The type whose rules apply: by the Dashboard, for accounts made with a controller."""
        return {"full": "standard", "express": "express", "none": "custom"}[self.dashboard]

    def shown(self, *, controlling: bool) -> dict[str, Any]:
        """The `controller` hash; to others than the controlling platform only that it exists."""
        if not controlling:
            return {"type": "application"}
        payer = self.fees
        if self.type_ in {"express", "custom"}:
            payer = f"application_{self.type_}"
        return {
            "fees": {"payer": payer},
            "is_controller": True,
            "losses": {"payments": self.losses},
            "requirement_collection": self.collection,
            "stripe_dashboard": {"type": self.dashboard},
            "type": "application",
        }

    def _values(self) -> tuple[str, str, str, str]:
        return (self.dashboard, self.fees, self.losses, self.collection)


_BY_TYPE: Final[dict[str, tuple[str, str, str, str]]] = {
    "standard": ("full", "account", "stripe", "stripe"),
    "express": ("express", "application", "application", "stripe"),
    "custom": ("none", "application", "application", "application"),
}
_NAMES: Final = {
    "dashboard": "stripe_dashboard][type",
    "fees": "fees][payer",
    "losses": "losses][payments",
    "collection": "requirement_collection",
}
# Each line: these values together are refused (documented 2025).
_REFUSED: Final[tuple[dict[str, str], ...]] = (
    {"collection": "application", "losses": "stripe"},
    {"collection": "application", "fees": "account"},
    {"collection": "application", "dashboard": "express"},
    {"collection": "application", "dashboard": "full"},
    {"dashboard": "express", "losses": "stripe"},
    {"dashboard": "express", "fees": "account"},
    {"dashboard": "full", "losses": "application"},
    {"dashboard": "full", "fees": "application"},
    {"losses": "application", "fees": "account"},
    {"dashboard": "none", "collection": "stripe", "losses": "application"},
)


def controller_of(params: Mapping[str, Any]) -> Controller | Refusal:
    """The controller that a create asks for, by `type` or by `controller`, or why it is refused."""
    type_, controller = params.get("type"), params.get("controller")
    if type_ is not None and controller:
        return accounts.type_and_controller()
    if type_ is not None:
        return Controller.of_type(type_) if type_ in TYPES else accounts.type_unknown(type_)
    asked = Controller.of_params(controller or {})
    return check_combination(asked) or asked


def check_combination(controller: Controller) -> Refusal | None:
    """Refuse values that do not go together."""
    for line in _REFUSED:
        if all(getattr(controller, name) == value for name, value in line.items()):
            this, that = list(line.items())[:2]
            return accounts.controller_combination(_said(this), _said(that))
    return None


def check_create(
    params: Mapping[str, Any], controller: Controller, requested: Iterable[str]
) -> Refusal | None:
    """What a create must bring, or must not, given who will control the account.

    A country when the platform collects requirements. Capabilities, too; what is granted to those
    who ask in an older version is among `requested`.
    """
    if controller.collection == "application":
        if not params.get("country"):
            return accounts.country_required("custom")
        if not tuple(requested):
            return accounts.capabilities_required()
    return check_terms(params, controller)


def check_terms(params: Mapping[str, Any], controller: Controller) -> Refusal | None:
    """Only who collects the requirements may accept the terms; the agreement may always
    be named.
    """
    terms = params.get("tos_acceptance") or {}
    accepted = [name for name in ("date", "ip", "user_agent") if terms.get(name) not in (None, "")]
    if accepted and controller.collection == "stripe":
        return accounts.tos_on_behalf()
    return None


def check_update(
    names: Iterable[str],
    controller: Controller,
    account: str,
    *,
    locked: bool,
    schedule_only: bool = False,
) -> Refusal | None:
    """Refuse parameters the platform may not set. locked: an account link or session was made.

    Express: everything before, no personal data after. Standard: little beside metadata after.
    schedule_only: of `settings` only the payout schedule was sent, which the controller of a
    Standard account may always set (documented).
    """
    if controller.collection == "application":
        return None
    for name in sorted(set(names)):
        if name == "settings" and schedule_only:
            continue
        if locked and (name in _KYC or (controller.dashboard == "full" and not _standard(name))):
            return accounts.no_permission_for_parameter(name, account)
        if controller.dashboard == "full" and not _standard(name) and name not in _STANDARD_BEFORE:
            return accounts.no_permission_for_parameter(name, account)
    return None


def check_persons(controller: Controller, account: str, *, locked: bool) -> Refusal | None:
    """Refuse the persons of an account once Stripe collects them itself."""
    if controller.collection == "stripe" and locked:
        return accounts.no_permission_for_endpoint(account)
    return None


def check_reject(controller: Controller) -> Refusal | None:
    """Only accounts for whose losses the platform answers can be rejected by it."""
    return None if controller.losses == "application" else accounts.reject_not_liable()


def shown(
    account: Mapping[str, Any],
    controller: Controller,
    *,
    controlling: bool,
    locked: bool,
    named: bool = True,
) -> dict[str, Any]:
    """The keys of an account that its reader sees, in the order they stand.

    Others than the controlling platform see twelve keys. Accounts whose requirements Stripe
    collects lose personal data once locked. named: whether names are shown all the same.
    """
    if not controlling:
        return _slim(account)
    out = dict(account)
    if controller.collection == "stripe" and locked:
        _hide_personal(out, named=named)
    out["tos_acceptance"] = terms_shown(account.get("tos_acceptance") or {}, controller)
    if controller.dashboard != "express":
        out.pop("login_links", None)
    return out


def terms_shown(terms: Mapping[str, Any], controller: Controller) -> dict[str, Any]:
    """tos_acceptance: all of it to who may give it, the date alone to others, the agreement when
    it is the recipient one."""
    date = terms.get("date")
    if controller.collection == "stripe" and date is not None:
        out = {"date": date}
    else:
        out = {"date": date, "ip": terms.get("ip"), "user_agent": terms.get("user_agent")}
    if terms.get("service_agreement") == "recipient":
        out["service_agreement"] = "recipient"
    return dict(sorted(out.items()))


def _slim(account: Mapping[str, Any]) -> dict[str, Any]:
    out = {key: account[key] for key in _NOT_CONTROLLED if key in account}
    settings = {k: v for k, v in (out.get("settings") or {}).items() if k != "payouts"}
    if "card_payments" in settings:
        cards = settings["card_payments"]
        settings["card_payments"] = {k: v for k, v in cards.items() if k != "decline_on"}
    out["settings"] = settings
    return out


def _hide_personal(out: dict[str, Any], *, named: bool) -> None:
    person, company = out.get("individual"), out.get("company") or {}
    if named:
        names = {key: company[key] for key in _STILL_SHOWN_OF_COMPANY if company.get(key)}
        out["company"] = {"name": None, **names}
        if person is not None:
            out["individual"] = {k: person[k] for k in _STILL_SHOWN_OF_PERSON if k in person}
    else:
        for key in ("business_type", "company", "individual"):
            out.pop(key, None)
    profile = out.get("business_profile") or {}
    out["business_profile"] = {k: v for k, v in profile.items() if k != "product_description"}


def _standard(name: str) -> bool:
    return name in _STANDARD_MAY_SET


def _inner(hash_: Mapping[str, Any], outer: str, name: str) -> str | None:
    value: str | None = (hash_.get(outer) or {}).get(name)
    return value


def _said(pair: tuple[str, str]) -> str:
    return f"controller[{_NAMES[pair[0]]}]={pair[1]}"
