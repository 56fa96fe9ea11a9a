"""What no payment may ask for: amounts out of bounds, and Connect parameters that do not go
together.
"""

from __future__ import annotations

from typing import Any

from emulator.kernel.errors import methods as method_refusals
from emulator.kernel.errors import objects, refuse
from emulator.kernel.errors import payments as refusals
from emulator.kernel.errors.params import parameter_missing
from emulator.kit import Doc, Tx
from emulator.kit.editing import nested
from emulator.resources.accounts.availability import check_flow
from emulator.resources.accounts.state import account_seen, controller_of, has_capability
from emulator.resources.transfers import transfers
from emulator.rules import amounts, debits, descriptors, methods
from emulator.rules.accounts import profiles


def check_bank(tx: Tx, destination: str, type_: str) -> None:
    """Refuse a destination that has no bank account for what such a charge brings (observed)."""
    currencies = debits.receivers_currencies(type_, tx.now)
    held = account_seen(tx.on(destination)).get("external_accounts") or {"data": []}
    if currencies and {each["currency"] for each in held["data"]}.isdisjoint(currencies):
        raise refusals.receiver_without_bank(type_, currencies)


def check_split(tx: Tx, order: Doc) -> None:
    """Refuse Connect parameters that do not go together, before anything is done.

    order: an intent or the parameters of a charge.
    """
    amount, fee = order["amount"], order.get("application_fee_amount")
    transfer = order.get("transfer_data") or {}
    destination = transfer.get("destination")
    for name, account in (
        ("on_behalf_of", order.get("on_behalf_of")),
        ("transfer_data[destination]", destination),
    ):
        if account and account == tx.account:
            raise refusals.own_account(name)
    check_flow(tx, account_seen(tx), "direct")
    if order.get("on_behalf_of"):
        check_merchant(tx, order["on_behalf_of"])
        _check_behalf(order, destination)
    if destination:
        # Settled for the one who receives it, a charge may leave the region (documented).
        flow = "on_behalf_of" if order.get("on_behalf_of") == destination else "destination"
        transfers.check_destination(tx, destination, "transfer_data[destination]", flow=flow)
    if fee is not None:
        _check_fee(tx, order, fee, transfer)
    if (transfer.get("amount") or 0) > amount:
        raise refusals.transfer_above_amount()


def _check_fee(tx: Tx, order: Doc, fee: int, transfer: Doc) -> None:
    """An application fee wants another account to come from; a fee of nothing is none."""
    destination = transfer.get("destination")
    if tx.is_platform and not destination:
        raise refusals.fee_needs_connect()
    if transfer.get("amount") is not None:
        raise refusals.fee_and_transfer_amount()
    if fee > order["amount"]:
        raise refusals.fee_above_amount(order["amount"], order["currency"])
    if fee:
        payee = account_seen(tx.on(destination) if destination else tx)
        check_flow(tx, payee, "application_fee", "application_fee_amount")


def _check_behalf(order: Doc, destination: str | None) -> None:
    """A card's payment is settled for the account that receives it."""
    by_card = "card" in (order.get("payment_method_types") or ["card"])
    if destination and destination != order["on_behalf_of"] and by_card:
        raise refusals.behalf_of_another()


def check_texts(params: Doc) -> None:
    """Refuse what a statement cannot show, and an address that no receipt can be sent to."""
    if params.get("statement_descriptor"):
        # Five letters are for an account's own: a payment was made with four (observed).
        descriptors.check(params["statement_descriptor"], least=1)
    if params.get("statement_descriptor_suffix"):
        descriptors.check_suffix(params["statement_descriptor_suffix"])
    email = params.get("receipt_email")
    if email:
        refuse(profiles.check_email(email, "receipt_email"))


def check_merchant(tx: Tx, account: str) -> None:
    """Refuse an `on_behalf_of` that is unknown here, or that the world's rules do not let
    charge.
    """
    if not transfers.is_known(tx, account):
        raise objects.no_such("on_behalf_of", account, "on_behalf_of", 400)
    check_flow(tx, account_seen(tx.on(account)), "on_behalf_of", "on_behalf_of")


def check_amount(tx: Tx, amount: int, currency: str) -> None:
    """Refuse an amount that no charge of this account can have."""
    account = account_seen(tx)
    amounts.check_charge(
        amount,
        currency,
        settlement=account["default_currency"],
        account_country=account["country"],
        rates=tx.setup.settings.get("rates"),
    )


def check_methods(tx: Tx, intent: Doc) -> None:
    """Refuse an intent that names methods which its merchant, its currency or its way of capturing
    does not allow.
    """
    if intent["automatic_payment_methods"] is not None:
        return
    merchant = account_seen(tx.on(intent["on_behalf_of"] or tx.account))
    for type_ in intent["payment_method_types"]:
        _check_type(type_, intent, merchant["country"])


def check_capabilities(tx: Tx, params: Doc) -> None:
    """Refuse methods whose capability the connected account that is paid does not have. Link comes
    with cards.
    """
    behalf = params.get("on_behalf_of") or tx.account
    if behalf == tx.platform or not (behalf == tx.account or transfers.is_known(tx, behalf)):
        return
    merchant = account_seen(tx.on(behalf))
    known = nested("account", "capabilities").get("fields", {})
    for type_ in params["payment_method_types"]:
        name = methods.capability(type_, params["currency"])
        if type_ in {"card", "link"} or name not in known:
            continue
        if (merchant.get("capabilities") or {}).get(name) != "active":
            raise method_refusals.type_not_activated(type_)


def check_may_charge(tx: Tx, on_behalf_of: str | None, type_: str) -> None:
    """Refuse to charge for an account that may not take cards, at the moment of charging (observed
    by others). In test mode a Standard account that nobody has onboarded may (observed).
    """
    account = on_behalf_of or tx.account
    if account == tx.platform or has_capability(tx, account, "card_payments", "legacy_payments"):
        return
    merchant = account_seen(tx.on(account))
    if not merchant["capabilities"] and controller_of(merchant).dashboard == "full":
        return
    if on_behalf_of:
        raise refusals.behalf_without_cards()
    if type_ == "card":
        raise refusals.charge_without_cards()


def check_method(intent: Doc, method: Doc) -> None:
    """Refuse a payment method that cannot pay this intent's currency, or lacks what it needs."""
    known = methods.of_type(method["type"])
    if known is None:
        return
    _check_currency(known, intent["currency"])
    for name in known.needs:
        if _given(method, name) is None:
            raise parameter_missing(f"payment_method_data[{name.replace('[', '][', 1)}")


def _check_type(type_: str, intent: Doc, country: str) -> None:
    known = methods.of_type(type_)
    if known is None:
        return
    if known.countries is not None and country not in known.countries:
        raise method_refusals.type_not_activated(type_)
    _check_currency(known, intent["currency"])
    if intent["capture_method"] == "manual" and known.manual_days is None:
        raise method_refusals.no_manual_capture(type_)


def _check_currency(known: methods.Method, currency: str) -> None:
    if known.currencies is not None and currency not in known.currencies:
        raise method_refusals.currency_of_method(currency, known.type, known.currencies)


def _given(method: Doc, name: str) -> Any:
    """What stands under a parameter's name: billing_details[address][country]."""
    found: Any = method
    for part in name.replace("]", "").split("["):
        found = (found or {}).get(part)
    return found
