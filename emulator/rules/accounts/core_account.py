"""An account as /v2 (/v2/core) shows it: made from what /v1 keeps of it, section by section.

Sections that were not asked for (`include`) are null. Notes that only /v2 knows (`core` among the
account's private notes): `applied` (configurations given without a capability), `contact_phone`,
`dashboard` (False: without one), `display_name`, `locales`, `customer` (the whole configuration),
`recipient` (requested capabilities that /v1 has no name for), `responsible` (False: none named).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from emulator.kernel.instants import rfc3339
from emulator.rules.accounts import two_views

Hash = dict[str, Any]

CONFIGURATIONS: Final = ("customer", "merchant", "recipient")
SECTIONS: Final = (
    *(f"configuration.{name}" for name in CONFIGURATIONS),
    "defaults",
    "future_requirements",
    "identity",
    "requirements",
)
_LISTS: Final = ("past_due", "currently_due", "eventually_due", "pending_verification")
_REJECTIONS: Final = {
    "rejected.fraud": "rejected_fraud",
    "rejected.incomplete_verification": "rejected_incomplete_verification",
    "rejected.listed": "rejected_listed",
    "rejected.other": "rejected_other",
    "rejected.platform_fraud": "rejected_platform_fraud",
    "rejected.platform_other": "rejected_platform_other",
    "rejected.platform_terms_of_service": "rejected_platform_terms_of_service",
    "rejected.terms_of_service": "rejected_terms_of_service",
}
_FEES: Final = {"account": "stripe"}


def view(account: Mapping[str, Any], individual: Hash | None, notes: Mapping[str, Any]) -> Hash:
    """The whole v2 account. account: as /v1 shows it to its platform. individual: its v1 person."""
    core: Mapping[str, Any] = notes.get("core") or {}
    said = two_views.account_out(account)
    configuration = _configuration(account, notes, core, said.get("configuration") or {})
    return {
        "id": account["id"],
        "object": "v2.core.account",
        "applied_configurations": sorted(name for name, each in configuration.items() if each),
        "closed": False,
        "configuration": configuration,
        "contact_email": account.get("email"),
        "contact_phone": core.get("contact_phone"),
        "created": rfc3339(account["created"]),
        "dashboard": _dashboard(account, core),
        "defaults": _defaults(account, core, said.get("defaults") or {}),
        "display_name": _display_name(account),
        "future_requirements": _requirements(account["future_requirements"], notes, later=True),
        "identity": _identity(account, individual, said.get("identity") or {}),
        "livemode": False,
        "metadata": dict(account.get("metadata") or {}),
        "requirements": _requirements(account["requirements"], notes),
    }


def included(whole: Mapping[str, Any], sections: Iterable[str]) -> Hash:
    """The account with the sections asked for and null in place of the others."""
    wanted = set(sections)
    shown = dict(whole)
    for name in ("defaults", "future_requirements", "identity", "requirements"):
        if name not in wanted:
            shown[name] = None
    kept = {
        name: each if f"configuration.{name}" in wanted else None
        for name, each in whole["configuration"].items()
    }
    shown["configuration"] = kept if any(kept.values()) else None
    return shown


def person_view(person: Mapping[str, Any], country: str, updated: int | None = None) -> Hash:
    """A v1 person as /v2 shows it, apart from what tells it from `identity.individual`."""
    return {
        "id": person["id"],
        "object": "v2.core.account_person",
        "account": person["account"],
        **dict(sorted(two_views.person_out(person, country).items())),
        "created": rfc3339(person["created"]),
        "metadata": dict(person.get("metadata") or {}),
        "updated": rfc3339(person["created"] if updated is None else updated),
    }


# -- sections -------------------------------------------------------------------------------------


def _display_name(account: Mapping[str, Any]) -> str | None:
    named: str | None = (account["settings"].get("dashboard") or {}).get("display_name")
    return named


def _dashboard(account: Mapping[str, Any], core: Mapping[str, Any]) -> str | None:
    if core.get("dashboard") is False:
        return None
    return str(account["controller"]["stripe_dashboard"]["type"])


def _defaults(account: Mapping[str, Any], core: Mapping[str, Any], said: Hash) -> Hash:
    controller = account["controller"]
    known = core.get("responsible") is not False
    payer = controller["fees"]["payer"]
    return {
        "currency": said.get("currency"),
        "locales": core.get("locales"),
        "profile": {
            name: (said.get("profile") or {}).get(name)
            for name in ("business_url", "doing_business_as", "product_description")
        },
        "responsibilities": {
            "fees_collector": _FEES.get(payer, payer) if known else None,
            "losses_collector": controller["losses"]["payments"] if known else None,
            "requirements_collector": controller["requirement_collection"],
        },
    }


def _identity(account: Mapping[str, Any], individual: Hash | None, said: Hash) -> Hash:
    found: Hash = {
        "attestations": said.get("attestations"),
        "business_details": None,
        "country": account["country"].lower(),
        "entity_type": account.get("business_type"),
        "individual": None,
    }
    if account.get("business_type") == "individual" and individual is not None:
        person = person_view(individual, account["country"])
        found["individual"] = person
    elif account.get("company"):
        details = said.get("business_details") or {}
        numbers = two_views.company_numbers_given(account["company"], account["country"])
        details["id_numbers"] = numbers
        if details.get("documents"):
            details["documents"] = two_views.with_kinds(details["documents"])
        found["business_details"] = dict(sorted(details.items()))
    return found


# -- configurations -------------------------------------------------------------------------------


def _configuration(
    account: Mapping[str, Any], notes: Mapping[str, Any], core: Mapping[str, Any], said: Hash
) -> Hash:
    applied: set[str] = set(core.get("applied") or ())
    held: dict[str, Hash] = {"merchant": {}, "recipient": {}}
    for name, capability in (notes.get("capabilities") or {}).items():
        place = two_views.capability_out(name)
        if place:
            applied.add(place[0])
            _place(held[place[0]], place[1], _standing(capability))
    if account.get("type") == "standard":
        applied.add("merchant")
    payouts = _payouts(account)
    for name in applied & {"merchant", "recipient"}:
        if held[name] or name == "merchant":
            _place(held[name], "stripe_balance.payouts", payouts)
    for path in core.get("recipient") or ():
        _place(held["recipient"], path, payouts)
    return {
        "customer": _customer(core) if "customer" in applied else None,
        "merchant": _merchant(said, held["merchant"]) if "merchant" in applied else None,
        "recipient": (
            {"applied": True, "capabilities": held["recipient"] or None}
            if "recipient" in applied
            else None
        ),
    }


def _merchant(said: Hash, capabilities: Hash) -> Hash:
    merchant = said.get("merchant") or {}
    return dict(
        sorted(
            {
                "applied": True,
                "bacs_debit_payments": None,
                "branding": None,
                "card_payments": None,
                "mcc": None,
                "statement_descriptor": None,
                "support": None,
                **merchant,
                "capabilities": capabilities,
            }.items()
        )
    )


def _customer(core: Mapping[str, Any]) -> Hash:
    sent: Hash = core.get("customer") or {}
    asked = sent.get("capabilities") or {}
    status = {"status": "active", "status_details": []}
    capabilities = {name: status for name, each in asked.items() if each.get("requested")}
    return dict(sorted({"applied": True, **sent, "capabilities": capabilities}.items()))


def _place(held: Hash, path: str, standing: Hash) -> None:
    outer, _, inner = path.partition(".")
    if inner:
        held[outer] = dict(sorted({**held.get(outer, {}), inner: standing}.items()))
    else:
        held[outer] = standing


def _standing(capability: Mapping[str, Any]) -> Hash:
    """A v1 capability object as v2 says how it stands (which detail goes with what: assumed)."""
    status, needs = capability["status"], capability["requirements"]
    if status == "active":
        return {"status": "active", "status_details": []}
    rejected = _REJECTIONS.get(needs.get("disabled_reason") or "")
    if rejected:
        return _detailed("rejected", rejected, "contact_stripe")
    if status == "pending" or (needs["pending_verification"] and not needs["currently_due"]):
        return _detailed("pending", "requirements_pending_verification", "no_resolution")
    return _detailed("restricted", "requirements_past_due", "provide_info")


def _payouts(account: Mapping[str, Any]) -> Hash:
    if account.get("payouts_enabled"):
        return {"status": "active", "status_details": []}
    rejected = _REJECTIONS.get(account["requirements"].get("disabled_reason") or "")
    if rejected:
        return _detailed("rejected", rejected, "contact_stripe")
    return _detailed("restricted", "requirements_past_due", "provide_info")


def _detailed(status: str, code: str, resolution: str) -> Hash:
    return {"status": status, "status_details": [{"code": code, "resolution": resolution}]}


# -- requirements ---------------------------------------------------------------------------------


def _requirements(
    hash_: Mapping[str, Any], notes: Mapping[str, Any], *, later: bool = False
) -> Hash:
    entries: dict[tuple[str, str | None], Hash] = {}
    for list_name in _LISTS:
        for path in hash_.get(list_name) or ():
            key = two_views.requirement_out(path)
            if key not in entries:
                entries[key] = _entry(key, path, list_name, hash_, notes)
    worst = next((name for name in _LISTS[:3] if hash_.get(name)), None)
    deadline = hash_.get("current_deadline")
    summary = {"status": worst, "time": rfc3339(deadline) if deadline else None} if worst else None
    found: Hash = {
        "alternatives": [],
        "entries": list(entries.values()),
        "summary": {"minimum_deadline": summary},
    }
    if later:
        found["minimum_transition_date"] = rfc3339(deadline) if deadline else None
    return dict(sorted(found.items()))


def _entry(
    key: tuple[str, str | None],
    path: str,
    list_name: str,
    hash_: Mapping[str, Any],
    notes: Mapping[str, Any],
) -> Hash:
    """One requirement, with the capabilities that it holds back.

    What waits for verification is Stripe's to act on; its deadline reads eventually_due (assumed).
    """
    description, person = key
    status = list_name if list_name != "pending_verification" else "eventually_due"
    errors = [
        {"code": each["code"], "description": each["reason"]}
        for each in hash_.get("errors") or ()
        if each["requirement"] == path
    ]
    return {
        "awaiting_action_from": "stripe" if list_name == "pending_verification" else "user",
        "description": description,
        "errors": errors,
        "impact": {"restricts_capabilities": _held_back(path, notes)},
        "minimum_deadline": {"status": status},
        "reference": {"inquiry": None, "resource": person, "type": "person"} if person else None,
        "requested_reasons": [{"code": "routine_verification" if errors else "routine_onboarding"}],
    }


def _held_back(path: str, notes: Mapping[str, Any]) -> list[Hash]:
    found = []
    for name, capability in sorted((notes.get("capabilities") or {}).items()):
        place = two_views.capability_out(name)
        status = next(
            (each for each in _LISTS[:3] if path in (capability["requirements"].get(each) or ())),
            None,
        )
        if place and status:
            found.append(
                {
                    "capability": place[1],
                    "configuration": place[0],
                    "deadline": {"status": status},
                }
            )
    return found
