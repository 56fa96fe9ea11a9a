"""Accounts as they were before 2019-02-19: one legal_entity, and its neighbours at the top.

Observed in versions from 2015-01-11 to 2018-05-21.
"""

from __future__ import annotations

from typing import Any

from emulator.contract.order import put
from emulator.contract.versions.change import Doc, Fetch, Params

# Where each old key lies now: in answers and in parameters alike.
_MOVED = {
    "business_logo": ("settings", "branding", "icon"),
    "business_name": ("business_profile", "name"),
    "business_primary_color": ("settings", "branding", "primary_color"),
    "business_url": ("business_profile", "url"),
    "debit_negative_balances": ("settings", "payouts", "debit_negative_balances"),
    "decline_charge_on": ("settings", "card_payments", "decline_on"),
    "display_name": ("settings", "dashboard", "display_name"),
    "payout_schedule": ("settings", "payouts", "schedule"),
    "payout_statement_descriptor": ("settings", "payouts", "statement_descriptor"),
    "product_description": ("business_profile", "product_description"),
    "statement_descriptor": ("settings", "payments", "statement_descriptor"),
    "support_address": ("business_profile", "support_address"),
    "support_email": ("business_profile", "support_email"),
    "support_phone": ("business_profile", "support_phone"),
    "support_url": ("business_profile", "support_url"),
    "timezone": ("settings", "dashboard", "timezone"),
}
# What a platform that does not control the account still saw.
_OUTSIDE = {
    "business_logo",
    "business_name",
    "business_url",
    "display_name",
    "statement_descriptor",
    "support_email",
    "support_phone",
    "timezone",
}
_GONE = (
    "business_profile",
    "business_type",
    "capabilities",
    "company",
    "controller",
    "future_requirements",
    "individual",
    "login_links",
    "requirements",
    "settings",
)
_COMPANY = {"business_name": "name", "business_tax_id": "tax_id", "phone_number": "phone"}
_INDIVIDUAL = {
    "personal_id_number": "id_number",
    "personal_address": "address",
    "personal_email": "email",
    "personal_phone_number": "phone",
}
_PERSON = ("dob", "first_name", "last_name", "ssn_last_4", "maiden_name", "gender", "verification")


def before(account: Doc, fetch: Fetch) -> None:
    """The old shape of an account; `account.keys` is fetched where its creation is answered."""
    if "settings" not in account:
        return

    controlled = "business_profile" in account
    old = {key: _at(account, path) for key, path in _MOVED.items() if controlled or key in _OUTSIDE}
    old["statement_descriptor"] = old["statement_descriptor"] or None  # observed: never empty
    if controlled:
        old["legal_entity"] = _entity(account)
        old["verification"] = _verification(account.get("requirements") or {})
        keys = fetch("account.keys", account)
        if keys:
            old["keys"] = keys[0]
    for key in _GONE:
        account.pop(key, None)
    put(account, **old)


def _at(place: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        place = place.get(key) if isinstance(place, dict) else None
    return place


def _entity(account: Doc) -> Doc:
    person = account.get("individual") or {}
    company = account.get("company") or {}
    nowhere = {"city": None, "country": account.get("country")}
    nowhere |= dict.fromkeys(("line1", "line2", "postal_code", "state"))
    checked = person.get("verification") or {}
    document = checked.get("document") or {}
    entity: Doc = {
        "additional_owners": [],
        "address": company.get("address") or nowhere,
        "business_name": company.get("name"),
        "business_tax_id_provided": company.get("tax_id_provided", False),
        "dob": person.get("dob") or dict.fromkeys(("day", "month", "year")),
        "first_name": person.get("first_name"),
        "last_name": person.get("last_name"),
        "personal_address": person.get("address") or dict(nowhere),
        "type": account.get("business_type"),
        "verification": {
            "details": checked.get("details"),
            "details_code": checked.get("details_code"),
            "document": document.get("front"),
            "document_back": document.get("back"),
            "status": checked.get("status", "pending"),
        },
    }
    if account.get("country") == "US":
        known = person.get("id_number_provided", False)
        put(
            entity,
            personal_id_number_provided=known,
            ssn_last_4_provided=person.get("ssn_last_4_provided", known),
        )
    return entity


def _verification(requirements: Doc) -> Doc:
    reason = requirements.get("disabled_reason")
    if reason and reason.startswith("requirements."):
        reason = "fields_needed" if reason == "requirements.past_due" else None
    return {
        "disabled_reason": reason,
        "due_by": requirements.get("current_deadline"),
        "fields_needed": sorted(
            {_old_name(name) for name in requirements.get("currently_due") or ()}
        ),
    }


def _old_name(field: str) -> str:
    """`individual.dob.day` was `legal_entity.dob.day`, `business_type` its type."""
    for old, path in _MOVED.items():
        if field == ".".join(path):
            return old
    owner, _, rest = field.partition(".")
    if owner == "business_type":
        return "legal_entity.type"
    if owner not in ("individual", "representative", "company"):
        return field

    table = _COMPANY if owner == "company" else _INDIVIDUAL
    for old, new in table.items():
        if rest == new or rest.startswith(new + "."):
            return f"legal_entity.{old}{rest.removeprefix(new)}"
    return f"legal_entity.{rest}"


def adapt(params: Params) -> None:
    """Old parameters of an account, said in the new words."""
    for old, path in _MOVED.items():
        if old in params:
            _set(params, path, params.pop(old))
    entity = params.pop("legal_entity", None)
    if isinstance(entity, dict):
        _adapt_entity(params, entity)


def adapt_token(params: Params) -> None:
    """The same for what an account token carries."""
    account = params.get("account")
    if isinstance(account, dict):
        adapt(account)


def _adapt_entity(params: Params, entity: Doc) -> None:
    if "type" in entity:
        params.setdefault("business_type", entity.pop("type"))
    for old, new in _INDIVIDUAL.items():
        if old in entity:
            _set(params, ("individual", new), entity.pop(old))
    for old, new in _COMPANY.items():
        if old in entity:
            _set(params, ("company", new), entity.pop(old))
    for key in _PERSON:
        if key in entity:
            _set(params, ("individual", key), _document(key, entity.pop(key)))
    if "address" in entity:
        owner = "company" if params.get("business_type") == "company" else "individual"
        _set(params, (owner, "address"), entity.pop("address"))


def _document(key: str, value: Any) -> Any:
    if key != "verification" or not isinstance(value, dict):
        return value
    sides = {"front": value.get("document"), "back": value.get("document_back")}
    return {"document": {side: file for side, file in sides.items() if file}}


def _set(params: Params, path: tuple[str, ...], value: Any) -> None:
    *above, last = path
    for key in above:
        params = params.setdefault(key, {})
    params.setdefault(last, value)
