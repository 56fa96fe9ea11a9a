"""Customers and what hangs on them, newest change first."""

from __future__ import annotations

from emulator.contract.order import put
from emulator.contract.versions.change import Change, Doc, Fetch, Params, drop, inline, rename

_WRITE = ("POST /v1/customers", "POST /v1/customers/{customer}")
_INSIDE = ("sources", "subscriptions", "tax_ids")


def _currency(customer: Doc, _fetch: Fetch) -> None:
    put(customer, default_currency=customer.get("currency"))


def _lists(customer: Doc, fetch: Fetch) -> None:
    for name in _INSIDE:
        if name not in customer:
            url = f"/v1/customers/{customer['id']}/{name}"
            put(customer, **{name: inline(url, fetch(f"customer.{name}", customer))})


def _tax_info(customer: Doc, _fetch: Fetch) -> None:
    put(customer, tax_info=None, tax_info_verification=None)


def _account_balance(customer: Doc, _fetch: Fetch) -> None:
    put(customer, account_balance=customer.get("balance", 0))


def _account_balance_param(params: Params) -> None:
    if "account_balance" in params:
        params["balance"] = params.pop("account_balance")


def _no_tax_ids(customer: Doc, _fetch: Fetch) -> None:
    drop(customer, "tax_ids")


def _cards(customer: Doc, _fetch: Fetch) -> None:
    sources = customer.get("sources")
    if not isinstance(sources, dict):
        return

    cards = [dict(card) for card in sources["data"] if card.get("object") == "card"]
    put(
        customer,
        cards=inline(f"/v1/customers/{customer['id']}/cards", cards),
        default_card=customer.get("default_source"),
    )


def _default_card_param(params: Params) -> None:
    if "default_card" in params:
        params["default_source"] = params.pop("default_card")


def _holder(account: Doc, _fetch: Fetch) -> None:
    rename(account, "account_holder_name", "name")


def _holder_param(params: Params) -> None:
    for key in ("bank_account", "external_account", "source"):
        bank = params.get(key)
        if isinstance(bank, dict) and "name" in bank and "number" not in bank:
            bank["account_holder_name"] = bank.pop("name")


def _unchecked(token: Doc, _fetch: Fetch) -> None:
    card = token.get("card")
    if not isinstance(card, dict):
        return
    put(card, customer=None)
    for key in ("address_line1_check", "address_zip_check", "cvc_check"):
        if card.get(key) == "unchecked":
            card[key] = None


CHANGES = (
    Change(
        "2022-08-01",
        "default_currency is gone; older versions had it beside currency from then on.",
        objects=("customer",),
        response=_currency,
        since="2022-08-01",
    ),
    Change(
        "2020-08-27",
        "Sources, subscriptions and tax ids of a customer are only there when expanded.",
        objects=("customer",),
        response=_lists,
    ),
    Change("2019-12-03", "tax_info is gone.", objects=("customer",), response=_tax_info),
    Change(
        "2019-10-17",
        "account_balance is balance.",
        objects=("customer",),
        response=_account_balance,
        operations=_WRITE,
        request=_account_balance_param,
    ),
    Change(
        "2019-04-04",
        "Customers list their tax ids. Observed: without in February 2019, with in May.",
        objects=("customer",),
        response=_no_tax_ids,
        retroactive=True,
    ),
    Change(
        "2016-02-19",
        "A bank account's name is account_holder_name.",
        objects=("bank_account",),
        response=_holder,
        operations=("POST /v1/tokens", "POST /v1/accounts", "POST /v1/accounts/{account}"),
        request=_holder_param,
    ),
    Change(
        "2015-02-18",
        "Customers have sources, of which cards are one kind.",
        objects=("customer",),
        response=_cards,
        operations=_WRITE,
        request=_default_card_param,
    ),
    Change(
        "2015-01-11",
        "Checks of the card of a token are unchecked, and no customer is named. Observed: null in "
        "2014-12-08, as now in 2016-07-06; the day is assumed.",
        objects=("token",),
        response=_unchecked,
    ),
)
