"""Accounts: the platform's own, and the ones connected to it.

What is due, what is enabled and what belongs to an account is worked out in `standing.py`; how
parameters are laid over it in `details.py`. The platform's own account is always in order and is
shown slim.
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import Refusal, refuse
from emulator.kernel.errors import accounts as refusals
from emulator.kit import Doc, Params, Tx, lists
from emulator.resources.accounts import browser_tokens, external_accounts, persons
from emulator.resources.accounts.availability import check_available
from emulator.resources.accounts.capabilities import request
from emulator.resources.accounts.details import apply, apply_settings, check, check_schedule, fresh
from emulator.resources.accounts.standing import settle
from emulator.resources.accounts.state import (
    ACCOUNTS,
    account_of,
    agreement_of,
    controller_of,
    country_of,
    reach,
    shown,
)
from emulator.rules import settlement
from emulator.rules.accounts import capabilities, countries, forms, profiles, types
from emulator.rules.accounts.types import Controller

_OWN: Final = (
    "id",
    "object",
    "capabilities",
    "charges_enabled",
    "country",
    "default_currency",
    "details_submitted",
    "payouts_enabled",
    "settings",
    "type",
)
_CAPABILITIES_SINCE: Final = "2019-02-19"
_OWN_CAPABILITIES: Final = ("card_payments", "transfers")


# -- what clients do ------------------------------------------------------------------------------


@ACCOUNTS.on("POST /v1/accounts")
def create(tx: Tx, params: Params) -> Doc:
    if not tx.is_platform:
        raise refusals.platform_account_required()
    params = _with_token(tx, _with_country(tx, params))
    controller = _controller(params)
    country = params.get("country") or country_of(tx)
    asked = frozenset(name for name, on in capabilities.requested_in(params).items() if on)
    granted = capabilities.granted_unasked(controller.dashboard, asked, country, tx.version.date)
    refuse(types.check_create(params, controller, (*asked, *granted)))
    check_available(tx, params, country, controller, asked)
    made = make(tx, params, controller, country, asked, granted=granted)
    ACCOUNTS.tell(tx, "created", made)
    return made


def make(
    tx: Tx,
    params: Params,
    controller: Controller,
    country: str,
    requested: frozenset[str],
    core: Doc | None = None,
    granted: tuple[str, ...] = (),
) -> Doc:
    """A new account of the platform, once it is clear that it may be made.

    params: as in a create, whoever sent them. core: what only /v2 knows of it. granted: the
    capabilities that it gets without having asked. Refused when a value in them cannot be.
    """
    check(tx, params, country, params.get("business_type"), creating=True)
    agreement = (params.get("tos_acceptance") or {}).get("service_agreement") or "full"
    check_schedule(tx, params, country, agreement)

    account = _found(tx, params, controller, country)
    notes: Doc = {"requested_at": dict.fromkeys(sorted({*requested, *granted}), tx.now)}
    if granted:
        notes["granted"] = list(granted)
    if core is not None:
        notes["core"] = core
    account = apply(tx, account, notes, _with_category(tx, params, controller))
    told = params.get("business_profile") or {}
    if core is None and told.get("product_description", "") is None:
        account["business_profile"]["product_description"] = ""  # kept as it was sent (observed)
    return _complete(tx, account, notes, params)


@ACCOUNTS.on("GET /v1/accounts/{account}")
def retrieve(tx: Tx, _params: Params, id_: str) -> Doc:
    return shown(tx, reach(tx, id_))


@ACCOUNTS.on("GET /v1/account")
def retrieve_own(tx: Tx, _params: Params) -> Doc:
    return shown(tx, account_of(tx))


lists(ACCOUNTS, "GET /v1/accounts")


@ACCOUNTS.on("POST /v1/accounts/{account}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    account = reach(tx, id_)
    if id_ == tx.platform:
        return _update_own(tx, account, params)
    params = _with_token(tx, params)
    notes = tx.hidden(id_)
    controller = controller_of(account)
    refuse(types.check_terms(params, controller))
    refuse(
        types.check_update(
            _today(params),
            controller,
            id_,
            locked=notes.get("locked", False),
            schedule_only=_is_schedule(params.get("settings")),
        )
    )
    business_type = params.get("business_type") or account["business_type"]
    check(tx, params, account["country"], business_type, creating=False)
    check_schedule(tx, params, account["country"], agreement_of(account))
    wanted = (params.get("tos_acceptance") or {}).get("service_agreement")
    accepted = account["tos_acceptance"].get("date")
    refuse(profiles.check_agreement(agreement_of(account), wanted, accepted))

    request(tx, account, notes, capabilities.requested_in(params))
    return _complete(tx, apply(tx, account, notes, params), notes, params)


@ACCOUNTS.on("POST /v1/account")
def update_own(tx: Tx, params: Params) -> Doc:
    return update(tx, params, tx.account)


@ACCOUNTS.on("DELETE /v1/accounts/{account}")
def delete(tx: Tx, _params: Params, id_: str) -> Doc:
    account = reach(tx, id_)
    if id_ == tx.platform:
        raise refusals.own_account_not_deletable()
    ACCOUNTS.tell(tx, "deleted", account)
    return tx.on(tx.platform).delete(ACCOUNTS, account)


@ACCOUNTS.on("POST /v1/accounts/{account}/reject")
def reject(tx: Tx, params: Params, id_: str) -> Doc:
    account = _judged_by_platform(tx, id_)
    notes = tx.hidden(id_)
    notes["rejected"] = _rejection(params["reason"])
    notes["pays_out_rejected"] = params.get("payouts_action") == "none"
    return settle(tx, account, notes)


@ACCOUNTS.on("POST /v1/accounts/{account}/unreject")
def unreject(tx: Tx, _params: Params, id_: str) -> Doc:
    account = _judged_by_platform(tx, id_)
    notes = tx.hidden(id_)
    notes["rejected"] = None
    return settle(tx, account, notes)


def onboard(tx: Tx, id_: str, params: Params) -> Doc:
    """The account's holder submits Stripe's own form, and accepts the terms with it.

    tx: the platform's. params: as in an update, whoever may write them otherwise.
    """
    account = tx.get(ACCOUNTS, id_)
    business_type = params.get("business_type") or account["business_type"]
    check(tx, params, account["country"], business_type, creating=False)

    notes = tx.hidden(id_) | {"onboarded": True}
    if controller_of(account).dashboard == "full":
        # Nobody may ask for them there: Stripe does, when the account is onboarded (assumed).
        granted = dict.fromkeys(_OWN_CAPABILITIES, tx.now)
        notes["requested_at"] = granted | notes.get("requested_at", {})
    terms = {"tos_acceptance": {"date": tx.now, "ip": tx.caller.ip}}
    return _complete(tx, apply(tx, account, notes, params | terms), notes, params)


def _judged_by_platform(tx: Tx, id_: str) -> Doc:
    account = reach(tx, id_)
    if id_ == tx.platform:
        raise refusals.reject_not_liable()
    refuse(types.check_reject(controller_of(account)))
    return account


def _rejection(reason: str) -> str:
    """disabled_reason after `rejected.platform_`; the finer reasons of 2026 are kinds of fraud
    (assumed).
    """
    if reason.startswith("fraud"):
        return "fraud"
    return reason if reason == "terms_of_service" else "other"


# -- the platform's own ---------------------------------------------------------------------------


def found_platform(tx: Tx, country: str) -> None:
    """Make the platform's own account, with which a world begins: in order, with a test bank
    account.
    """
    id_ = f"acct_1{tx.secret('platform', 15)}"
    tx.setup.platform = tx.account = id_
    tx.setup.application = f"ca_{tx.secret('application', 32)}"
    whole = tx.new(ACCOUNTS, id_, country=country, type="standard")
    whole |= {
        "capabilities": dict.fromkeys(_OWN_CAPABILITIES, "active"),
        "charges_enabled": True,
        "default_currency": countries.country(country).default_currency,
        "details_submitted": True,
        "payouts_enabled": True,
        "settings": _own_settings(tx, country),
    }
    account = {name: whole[name] for name in _OWN}
    tx.on("").save(ACCOUNTS, account)
    example = {
        key: value for key, value in countries.country(country).bank.example.items() if value
    }
    bank = {"object": "bank_account", "country": country, **example}
    external_accounts.add(tx, account, bank)


def _own_settings(tx: Tx, country: str) -> Doc:
    controller = Controller.of_type("standard")
    # The observed platform pays itself out by hand; here it also keeps test money where it was put.
    delay = settlement.delay(country, established=True)
    schedule = {"delay_days": delay.days, "interval": "manual"}
    settings = profiles.settings(country, controller, {}, None, schedule=schedule, now=tx.now)
    del settings["invoices"]
    del settings["card_payments"]["decline_on"]
    return settings


def _update_own(tx: Tx, account: Doc, params: Params) -> Doc:
    """Settings alone; all else of its own account a platform changes in the Dashboard."""
    others = sorted(params.keys() - {"settings"})
    if others:
        raise refusals.no_permission_for_parameter(others[0], account["id"])
    if params.get("settings"):
        apply_settings(tx, account, params["settings"])
    return settle(tx, account, {})


# -- inside ---------------------------------------------------------------------------------------


def _controller(params: Params) -> Controller:
    found = types.controller_of(params)
    if isinstance(found, Refusal):
        raise found
    return found


def _today(params: Params) -> list[str]:
    """The names of parameters, in today's words."""
    return ["external_account" if name == "bank_account" else name for name in params]


def _is_schedule(settings: Doc | None) -> bool:
    """Whether settings name nothing but the payout schedule."""
    names = {
        f"{outer}.{inner}" for outer, hash_ in (settings or {}).items() for inner in hash_ or ()
    }
    return names == {"payouts.schedule"}


def _with_country(tx: Tx, params: Params) -> Params:
    """Until accounts had capabilities, one without a country was in its platform's (observed)."""
    if params.get("country") or tx.version.date >= _CAPABILITIES_SINCE:
        return params
    return {**params, "country": country_of(tx)}


def _found(tx: Tx, params: Params, controller: Controller, country: str) -> Doc:
    id_ = f"acct_1{tx.new_id('acct', 15, dated=False).removeprefix('acct_')}"
    account = tx.new(ACCOUNTS, id_, country=country)
    account["default_currency"] = countries.country(country).default_currency
    terms = params.get("tos_acceptance") or {}
    if terms.get("service_agreement"):
        account["tos_acceptance"]["service_agreement"] = terms["service_agreement"]
    return fresh(tx, account, params, controller)


def _with_category(tx: Tx, params: Params, controller: Controller) -> Params:
    """Accounts without a Dashboard get a category at once, as their platform answers for them: the
    platform's own, or Stripe's usual one (documented).
    """
    profile: Doc = params.get("business_profile") or {}
    if controller.dashboard != "none" or profile.get("mcc"):
        return params
    category = tx.setup.settings.get("mcc") or profiles.default_mcc()
    return {**params, "business_profile": {**profile, "mcc": category}}


def _complete(tx: Tx, account: Doc, notes: Doc, params: Params) -> Doc:
    """What hangs on an account besides its own fields, then the judgement on all of it."""
    touched: dict[str, Doc | None] = {}
    if params.get("individual"):
        accepts = bool(params.get("tos_acceptance"))
        touched = persons.set_individual(tx, account, notes, params["individual"], accepts=accepts)
    for name in ("external_account", "bank_account"):
        if params.get(name):
            external_accounts.replace(tx, account, params[name], name)
    return settle(tx, account, notes, touched)


def _with_token(tx: Tx, params: Params) -> Params:
    """Parameters with an account token's contents laid under them."""
    token = params.get("account_token")
    if token is None:
        return params
    country = str(params.get("country") or country_of(tx))
    sent = browser_tokens.contents(tx, token, "account_token", country)
    out = {**sent, **forms.without(params, ("account_token",))}
    if "tos_acceptance" in sent:
        out["tos_acceptance"] = {**sent["tos_acceptance"], **(params.get("tos_acceptance") or {})}
    return out
