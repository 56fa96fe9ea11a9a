"""Accounts as /v2 sees them: the same accounts as /v1's, under other names.

Nothing is stored twice: what is written here goes through the rules of /v1, and what is read is
made from what /v1 keeps. Only closed accounts, which /v1 does not show any more, are kept as they
were last seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from emulator.kernel.errors import accounts as account_refusals
from emulator.kernel.errors import core as refusals
from emulator.kernel.errors import requests
from emulator.kit import CorePage, Doc, Params, Resource, Tx, core_page
from emulator.resources.accounts import accounts
from emulator.resources.accounts.availability import check_available
from emulator.resources.accounts.details import show_name
from emulator.resources.accounts.standing import settle
from emulator.resources.accounts.state import (
    ACCOUNTS,
    country_of,
    people,
    reach,
    representative,
    shown,
)
from emulator.resources.core import tokens
from emulator.resources.events import core_events
from emulator.rules.accounts import core_account, countries, forms, two_views, types
from emulator.rules.accounts.types import Controller

CORE_ACCOUNTS: Final = Resource("v2.core.account", prefix="acct", kind="account")

_URL: Final = "/v2/core/accounts"
_PAID: Final = frozenset({"merchant", "recipient"})


@CORE_ACCOUNTS.on("POST /v2/core/accounts")
def create(tx: Tx, params: Params) -> Doc:
    if not tx.is_platform:
        raise account_refusals.platform_account_required()
    include = params.pop("include", None) or ()
    params = tokens.laid_under(tx, params)
    country, controller = _country(tx, params), _controller(params)
    asked = frozenset(name for name, on in _requested(params).items() if on)
    sent = two_views.account_in(params)
    sent.setdefault("tos_acceptance", {})["service_agreement"] = _agreement(tx, params, country)
    # /v1 refuses capabilities for accounts with the full Dashboard; /v2 takes them (documented).
    checked = frozenset() if controller.dashboard == "full" else asked
    check_available(tx, sent, country, controller, checked, alone=True)

    sent["metadata"] = params.get("metadata") or {}
    core = _core({}, params)
    core["dashboard"] = bool(params.get("dashboard"))
    core["responsible"] = bool((params.get("defaults") or {}).get("responsibilities"))
    made = accounts.make(tx, sent, controller, country, asked, core)
    return _shown(tx, made["id"], include)


@CORE_ACCOUNTS.on("GET /v2/core/accounts/{id}")
def retrieve(tx: Tx, params: Params, id_: str) -> Doc:
    include = params.get("include") or ()
    closed = tx.on(tx.platform).find(CORE_ACCOUNTS, id_)
    if closed is not None:
        return core_account.included(closed, include)
    return _shown(tx, _open(tx, id_)["id"], include)


@CORE_ACCOUNTS.on("GET /v2/core/accounts")
def list_(tx: Tx, params: Params) -> CorePage:
    """Open accounts, or closed ones; narrowed to those that have all the named configurations."""
    if params.get("closed"):
        found = list(tx.all(CORE_ACCOUNTS))
    else:
        found = [view(tx, doc) for doc in tx.all(ACCOUNTS) if doc["id"] != tx.platform]
    wanted = set(params.get("applied_configurations") or ())
    kept = [doc for doc in found if wanted <= set(doc["applied_configurations"])]
    return core_page([core_account.included(doc, ()) for doc in kept], params, _URL)


@CORE_ACCOUNTS.on("POST /v2/core/accounts/{id}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    include = params.pop("include", None) or ()
    _open(tx, id_)
    params = tokens.laid_under(tx, params)
    _check_update(params)
    sent = two_views.account_in(params)
    wanted = _requested(params)
    if wanted:
        sent["capabilities"] = {name: {"requested": on} for name, on in wanted.items()}
    if "metadata" in params:
        sent["metadata"] = params["metadata"]
    if sent:
        accounts.update(tx, sent, id_)
    notes = tx.hidden(id_)
    notes["core"] = _core(dict(notes.get("core") or {}), params)
    account = tx.on(tx.platform).get(ACCOUNTS, id_)
    if "display_name" in params:
        show_name(tx, account, notes)
    settle(tx, account, notes)
    return _shown(tx, id_, include)


@CORE_ACCOUNTS.on("POST /v2/core/accounts/{id}/close")
def close(tx: Tx, params: Params, id_: str) -> Doc:
    account = _open(tx, id_)
    whole = view(tx, account)
    named = params.get("applied_configurations")
    if named is not None and sorted(named) != whole["applied_configurations"]:
        raise refusals.other_configurations(whole["applied_configurations"])

    accounts.delete(tx, {}, id_)
    closed = tx.on(tx.platform).save(CORE_ACCOUNTS, whole | {"closed": True})
    core_events.tell(tx.on(tx.platform), "v2.core.account.closed", id_)
    return core_account.included(closed, ())


# -- used by what belongs to accounts -------------------------------------------------------------


def view(tx: Tx, account: Doc) -> Doc:
    """The whole v2 view of a stored v1 account."""
    individual = representative(people(tx, account["id"]))
    return core_account.view(shown(tx, account), individual, tx.hidden(account["id"]))


# -- inside ---------------------------------------------------------------------------------------


def _open(tx: Tx, id_: str) -> Doc:
    """A connected account that is neither closed nor the platform's own."""
    account = reach(tx, id_)
    if id_ == tx.platform:
        raise requests.account_invalid(tx.caller.key, id_)
    return account


def _shown(tx: Tx, id_: str, include: Iterable[str]) -> Doc:
    return core_account.included(view(tx, tx.on(tx.platform).get(ACCOUNTS, id_)), include)


def _country(tx: Tx, params: Params) -> str:
    """Where the account is: what was sent in lower case counts like upper case."""
    sent = (params.get("identity") or {}).get("country")
    country = str(sent or country_of(tx)).upper()
    if not countries.known(country):
        raise account_refusals.country_code_invalid(country)
    return country


def _controller(params: Params) -> Controller:
    """Who answers for what. The platform collects requirements where there is no Dashboard and it
    answers for losses; else Stripe does (documented).
    """
    shares: Doc = (params.get("defaults") or {}).get("responsibilities") or {}
    configured = _configured(params) & _PAID
    if configured and not shares:
        raise refusals.field_missing("defaults.responsibilities")
    if configured and not params.get("dashboard"):
        raise refusals.field_missing("dashboard")
    dashboard = params.get("dashboard") or "none"
    losses = shares.get("losses_collector") or "application"
    fees = "account" if shares.get("fees_collector") == "stripe" else "application"
    own = dashboard == "none" and losses == "application"
    controller = Controller(dashboard, fees, losses, "application" if own else "stripe")
    if types.check_combination(controller) is not None:
        raise refusals.responsibilities(dashboard, shares)
    return controller


def _configured(params: Params) -> set[str]:
    """The configurations that a request gives to an account."""
    return {name for name, each in (params.get("configuration") or {}).items() if each is not None}


def _requested(params: Params) -> dict[str, bool]:
    """/v1's names of the capabilities that are asked for, or given back."""
    found: dict[str, bool] = {}
    for configuration, path, on in _capabilities(params):
        name = two_views.capability_in(configuration, path)
        if name is not None:
            found[name] = on
    return found


def _capabilities(params: Params) -> Iterator[tuple[str, str, bool]]:
    """(configuration, path, requested) of each capability in a request."""
    for configuration, sent in (params.get("configuration") or {}).items():
        for name, each in ((sent or {}).get("capabilities") or {}).items():
            if each is None:
                continue
            if "requested" in each:
                yield configuration, name, bool(each["requested"])
                continue
            for inner, deeper in each.items():
                if deeper is not None:
                    yield configuration, f"{name}.{inner}", bool(deeper["requested"])


def _agreement(tx: Tx, params: Params, country: str) -> str:
    """Who only receives, in a country other than the platform's, does so under the recipient
    agreement (assumed: v2 has no word for it).
    """
    abroad = country != country_of(tx.on(tx.platform))
    return "recipient" if abroad and _configured(params) == {"recipient"} else "full"


def _core(core: Doc, params: Params) -> Doc:
    """What only /v2 has a word for, after a request. Shape: see `core_account`."""
    core["applied"] = sorted({*core.get("applied", ()), *_configured(params)})
    for name in ("contact_phone", "display_name"):
        if name in params:
            core[name] = params[name]
    if "locales" in (params.get("defaults") or {}):
        core["locales"] = params["defaults"]["locales"]
    customer = (params.get("configuration") or {}).get("customer")
    if customer is not None:
        core["customer"] = forms.merged(core.get("customer") or {}, customer)
    beyond = {
        path: on
        for configuration, path, on in _capabilities(params)
        if configuration == "recipient" and two_views.capability_in("recipient", path) is None
    }
    held = {*core.get("recipient", ()), *(path for path, on in beyond.items() if on)}
    core["recipient"] = sorted(held - {path for path, on in beyond.items() if not on})
    return core


def _check_update(params: Params) -> None:
    """Refuse what is settled when an account is made."""
    if (params.get("defaults") or {}).get("responsibilities"):
        raise refusals.not_changeable("defaults.responsibilities")
