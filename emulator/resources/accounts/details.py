"""How parameters become an account: checked first, then laid over what is there.

Order of refusals: the type and who may set what, then country and availability, then field by
field.
"""

from __future__ import annotations

from typing import Final

from emulator.contract.blanks import blank
from emulator.kernel.errors import account_details as refusals
from emulator.kernel.errors import refuse
from emulator.kernel.errors.params import parameter_missing
from emulator.kit import Doc, Params, Tx
from emulator.kit.editing import merged, merged_metadata, nested
from emulator.resources.accounts.documents import (
    check_documents,
    check_file,
    with_files,
    with_images,
)
from emulator.resources.accounts.state import agreement_of, controller_of, country_of, remember
from emulator.rules import descriptors
from emulator.rules.accounts import countries, forms, persons, profiles
from emulator.rules.accounts.facts import flatten, met
from emulator.rules.accounts.types import Controller

_REMEMBERED: Final = (
    "business_profile",
    "company",
    "documents",
    "email",
    "settings",
    "tos_acceptance",
)
# A client's clock may run ahead of the server's a little (observed: by some seconds).
_CLOCKS_DIFFER: Final = 60
# Mid 2025: hosted invoices offer to keep the payment method (observed: always in April, offer in
# August).
_OFFERED_SINCE: Final = 1_751_328_000
# Accounts made in older versions have no prefix but the one they are given (observed: version
# 2019-08-14, to 2026).
_PREFIXED: Final = "2023-10-16"
_ANCHORS: Final = (
    ("weekly_anchor", "weekly_payout_days", "weekly"),
    ("monthly_anchor", "monthly_payout_days", "monthly"),
)
_PLAIN: Final = ("business_type", "default_currency", "email")
# What a picture is uploaded for; that either will do for both is assumed.
_PICTURES: Final = ("business_icon", "business_logo")


# -- checking -------------------------------------------------------------------------------------


def check(
    tx: Tx, params: Params, country: str, business_type: str | None, *, creating: bool
) -> None:
    """Refuse values that an account cannot have, whoever sends them."""
    if params.get("email"):
        refuse(profiles.check_email(params["email"]))
    if business_type is not None:
        refuse(profiles.check_business_type(business_type, country))
    if params.get("default_currency"):
        refuse(countries.check_default_currency(params["default_currency"], country))
    check_documents(tx, params)
    check_documents(tx, params.get("company") or {}, "company")
    _check_branding(tx, (params.get("settings") or {}).get("branding") or {})
    _check_business(params.get("business_profile") or {})
    _check_company(params.get("company") or {}, country, business_type, creating=creating)
    refuse(profiles.check_terms(params.get("tos_acceptance") or {}, tx.now + _CLOCKS_DIFFER))


def _check_branding(tx: Tx, branding: Doc) -> None:
    """Pictures are files, of the account or of its platform."""
    for name in ("primary_color", "secondary_color"):
        if branding.get(name):
            refuse(profiles.check_color(branding[name], f"settings[branding][{name}]"))
    for name in ("icon", "logo"):
        check_file(tx, branding.get(name), f"settings[branding][{name}]", *_PICTURES)


def _check_business(profile: Doc) -> None:
    if profile.get("mcc"):
        refuse(profiles.check_mcc(profile["mcc"]))
    if profile.get("url"):
        refuse(profiles.check_url(profile["url"]))
    if profile.get("support_email"):
        email = profile["support_email"]
        refuse(profiles.check_email(email, "business_profile[support_email]"))
    if profile.get("support_phone"):
        phone = profile["support_phone"]
        refuse(persons.check_phone(phone, "business_profile[support_phone]"))


def _check_company(
    company: Doc, country: str, business_type: str | None, *, creating: bool
) -> None:
    if creating and company.get("ownership_declaration"):
        raise refusals.ownership_declaration_not_allowed()
    if company.get("phone"):
        refuse(persons.check_phone(company["phone"], "company[phone]"))
    if company.get("structure"):
        refuse(profiles.check_structure(company["structure"], business_type, country))
    elsewhere = (company.get("address") or {}).get("country")
    if elsewhere and elsewhere != country:
        raise refusals.address_country(country)


def check_schedule(tx: Tx, params: Params, country: str, agreement: str) -> None:
    """Refuse a payout schedule that the country or the platform's own does not allow."""
    schedule = ((params.get("settings") or {}).get("payouts") or {}).get("schedule") or {}
    if schedule:
        own = country_of(tx.on(tx.platform))
        floor = countries.minimum_delay(own) if own == country else 0
        delay, interval = schedule.get("delay_days"), schedule.get("interval")
        refuse(countries.check_schedule_numbers(schedule))
        refuse(countries.check_schedule(country, agreement, interval, delay, floor))


# -- making ---------------------------------------------------------------------------------------


def fresh(tx: Tx, account: Doc, params: Params, controller: Controller) -> Doc:
    """A new account's settings, profile and company, before what was sent is laid over them."""
    country, agreement = account["country"], agreement_of(account)
    profile = params.get("business_profile") or {}
    sent = ((params.get("settings") or {}).get("payouts") or {}).get("schedule") or {}
    account["controller"] = controller.shown(controlling=True)
    account["type"] = controller.reported_type()
    account["settings"] = profiles.settings(
        country,
        controller,
        profile,
        legal_name(params),
        schedule=countries.default_schedule(country, agreement, sent.get("interval"), tx.now),
        now=tx.now,
    )
    if tx.version.before(_PREFIXED):
        account["settings"]["card_payments"]["statement_descriptor_prefix"] = None
    if tx.now >= _OFFERED_SINCE:
        account["settings"]["invoices"]["hosted_payment_method_save"] = "offer"
    account["company"] = _company(country, forms.company_keys(country, agreement, tx.now))
    if controller.dashboard == "express":
        account["login_links"] = _no_links(account["id"])
    return account


def _company(country: str, more: Doc) -> Doc:
    """A company hash of which nothing is known; in Japan its address stands in both scripts."""
    company = blank("company") | more
    address = company.pop("address") | {"country": country}
    if country == "JP":
        company |= {name: {**address, "town": None} for name in forms.JAPANESE}
    else:
        company["address"] = address
    return dict(sorted(company.items()))


def _no_links(account: str) -> Doc:
    url = f"/v1/accounts/{account}/login_links"
    return {"object": "list", "data": [], "has_more": False, "total_count": 0, "url": url}


def legal_name(params: Params) -> str | None:
    """The name of the company or of the individual in parameters."""
    person = params.get("individual") or {}
    names = [person[name] for name in ("first_name", "last_name") if person.get(name)]
    return (params.get("company") or {}).get("name") or " ".join(names) or None


# -- laying over ----------------------------------------------------------------------------------


def apply(tx: Tx, account: Doc, notes: Doc, params: Params) -> Doc:
    """Lay parameters over an account and remember them; both are changed in place."""
    for name in _PLAIN:
        if name in params:
            account[name] = params[name]
    if "metadata" in params:
        account["metadata"] = merged_metadata(account.get("metadata"), params["metadata"])
    _remember(tx, notes, params)
    if "imposed" in notes:
        notes["imposed"] = met(notes["imposed"], [*flatten(params), *params])
    _apply_profile(account, params.get("business_profile"))
    if params.get("company"):
        sent = with_files(tx, params["company"])
        account["company"] = forms.company_shown(
            account.get("company") or blank("company"), sent, account["country"]
        )
    if params.get("tos_acceptance"):
        account["tos_acceptance"] = forms.laid_over(
            account.get("tos_acceptance"), params["tos_acceptance"]
        )
    if params.get("settings"):
        apply_settings(tx, account, params["settings"])
    _name(tx, account, notes, params)
    if account["business_type"] is None and "company" not in notes["sent"]:
        account.pop("company", None)
    elif account["business_type"] is not None:
        account.setdefault("company", blank("company"))
    return account


def _remember(tx: Tx, notes: Doc, params: Params) -> None:
    before = notes.get("sent", {})
    given = {name: params[name] for name in _REMEMBERED if name in params}
    if given.get("company"):
        given["company"] = with_images(tx, given["company"])
    sent = forms.merged(before, given)
    old, new = flatten(before), flatten(sent)
    if profiles.terms_void(old, new) and not params.get("tos_acceptance"):
        void_terms(sent)
        new = flatten(sent)
    remember(notes, sent, new, old, tx.now)


def void_terms(sent: Doc) -> None:
    """Numbers that were verified have changed: the terms must be accepted again."""
    terms = sent.get("tos_acceptance", {})
    sent["tos_acceptance"] = forms.without(terms, ("date", "ip", "user_agent"))


def _apply_profile(account: Doc, profile: Doc | None) -> None:
    if profile:
        laid = forms.laid_over(account["business_profile"], profile)
        account["business_profile"] = forms.with_addresses(laid, account["country"])


def _delay_anew(tx: Tx, account: Doc, schedule: Doc, asked: Doc) -> None:
    """Payouts by hand have a delay of their own, unless one was asked for (observed)."""
    if "delay_days" not in asked:
        usual = countries.default_schedule(
            account["country"], agreement_of(account), schedule["interval"], tx.now
        )
        schedule["delay_days"] = usual["delay_days"]


def apply_settings(tx: Tx, account: Doc, sent: Doc) -> None:
    """Lay `settings` over those of an account: a schedule keeps what its interval needs, and a
    descriptor brings its prefix along.
    """
    asked = (sent.get("payouts") or {}).get("schedule") or {}
    was = account["settings"]["payouts"]["schedule"]["interval"]
    settings = merged(account["settings"], sent, nested("account", "settings"))
    schedule = settings["payouts"]["schedule"]
    if "manual" in {was, schedule["interval"]} and was != schedule["interval"]:
        _delay_anew(tx, account, schedule, asked)
    if asked.get("delay_days") == "minimum":
        schedule["delay_days"] = countries.minimum_delay(account["country"])
    for name, several, interval in _ANCHORS:
        if schedule["interval"] != interval:
            schedule.pop(name, None)
            schedule.pop(several, None)
        elif not (schedule.get(name) or schedule.get(several)):
            raise parameter_missing(f"settings[payouts][schedule][{name}]")
    descriptor = (sent.get("payments") or {}).get("statement_descriptor")
    prefix = (sent.get("card_payments") or {}).get("statement_descriptor_prefix")
    account["settings"] = settings
    if descriptor and not prefix:
        _prefix(tx, account, descriptors.shortened(descriptor))


def show_name(tx: Tx, account: Doc, notes: Doc) -> None:
    """The name in the Dashboard: the one that /v2 set, `display_name`, else made of the profile.

    Both views tell of the same name (assumed: both are documented as the Dashboard's).
    """
    chosen = (notes.get("core") or {}).get("display_name")
    name = chosen or profiles.display_name(account["business_profile"], tx.now)
    account["settings"]["dashboard"]["display_name"] = name


def _name(tx: Tx, account: Doc, notes: Doc, params: Params) -> None:
    """Names that follow from other names until somebody sets them."""
    profile, company = account["business_profile"], account.get("company")
    sent: Doc = notes["sent"].get("business_profile", {})
    profile["name"] = profiles.business_name(sent, company)
    if "business_profile" in params or "core" in notes:
        show_name(tx, account, notes)
    payments = account["settings"]["payments"]
    if not payments["statement_descriptor"] and account["country"] != "JP":
        found = profiles.statement_descriptor(
            account["country"], sent, legal_name(params), controller_of(account)
        )
        if found:
            payments["statement_descriptor"] = found
            _prefix(tx, account, profiles.descriptor_prefix(found))


def _prefix(tx: Tx, account: Doc, short: str | None) -> None:
    """A descriptor brings its prefix along."""
    if not tx.version.before(_PREFIXED):
        account["settings"]["card_payments"]["statement_descriptor_prefix"] = short
