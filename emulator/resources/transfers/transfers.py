"""Transfers: one account of the platform gives part of its balance to another, and takes it back.

A transfer shows as `tr_` on the giver and as a payment `py_` on the receiver; a reversal as `trr_`
on the giver and as a refund `pyr_` of that payment. Both sides are one ledger entry.
"""

from __future__ import annotations

from typing import Final

import orjson

from emulator.kernel.currency import share
from emulator.kernel.errors import captures, objects, payments
from emulator.kernel.errors import money as refusals
from emulator.kernel.errors.params import parameter_missing
from emulator.kit import (
    Doc,
    Params,
    Resource,
    Tx,
    available,
    envelope,
    get_within,
    lists,
    lists_within,
    retrieves,
    updates,
)
from emulator.kit.editing import edit, merged_metadata
from emulator.resources.accounts.availability import check_flow
from emulator.resources.accounts.state import (
    ACCOUNTS,
    account_of,
    country_of,
    currency_of,
    has_capability,
)
from emulator.resources.charges import portions
from emulator.resources.charges.charges import CHARGES, brought
from emulator.resources.transfers import application_fees, receiving
from emulator.rules import methods, settlement
from emulator.rules.accounts import countries

TRANSFERS: Final = Resource(
    "transfer",
    prefix="tr",
    filters=("destination", "source_transaction", "transfer_group"),
    editable=("description", "metadata"),
)
REVERSALS: Final = Resource(
    "transfer_reversal", prefix="trr", kind="transfer reversal", filters=("transfer",)
)
RECEIVING: Final = ("transfers", "crypto_transfers", "legacy_payments")


@TRANSFERS.on("POST /v1/transfers")
def create(tx: Tx, params: Params) -> Doc:
    destination, currency = params["destination"], params["currency"]
    check_destination(tx, destination, "destination")
    if not tx.is_platform:
        check_region(tx, "destination")
    charge = _source(tx, params)
    amount = params.get("amount") or (_whole(tx, charge) if charge else None)
    if amount is None:
        raise parameter_missing("amount")
    kind = params.get("source_type") or (_source_type(charge) if charge else "card")
    if charge is None and not _may_overdraw(tx) and amount > available(tx, currency, kind):
        raise refusals.balance_insufficient()
    return make(
        tx,
        amount=amount,
        currency=currency,
        destination=destination,
        charge=charge,
        transfer_group=_group(tx, charge, params.get("transfer_group")),
        description=params.get("description"),
        metadata=params.get("metadata"),
        available_on=_available_on(tx, charge),
        source_type=kind,
    )


retrieves(TRANSFERS, "GET /v1/transfers/{transfer}")
lists(TRANSFERS, "GET /v1/transfers")
updates(TRANSFERS, "POST /v1/transfers/{transfer}", event="transfer.updated")


@REVERSALS.on("POST /v1/transfers/{id}/reversals")
def create_reversal(tx: Tx, params: Params, id_: str) -> Doc:
    transfer = tx.get(TRANSFERS, id_)
    rest = transfer["amount"] - transfer["amount_reversed"]
    if rest <= 0:
        raise refusals.transfer_fully_reversed(id_)
    amount = params.get("amount") or rest
    if amount > rest:
        raise refusals.reversal_too_large(amount, rest, transfer["currency"])
    return reverse(
        tx,
        transfer,
        amount,
        metadata=params.get("metadata"),
        refund_application_fee=bool(params.get("refund_application_fee")),
    )


lists_within(REVERSALS, "GET /v1/transfers/{id}/reversals", TRANSFERS, "transfer")


@REVERSALS.on("GET /v1/transfers/{transfer}/reversals/{id}")
def retrieve_reversal(tx: Tx, _params: Params, transfer: str, id_: str) -> Doc:
    tx.get(TRANSFERS, transfer)
    return get_within(tx, REVERSALS, id_, transfer=transfer)


@REVERSALS.on("POST /v1/transfers/{transfer}/reversals/{id}")
def update_reversal(tx: Tx, params: Params, transfer: str, id_: str) -> Doc:
    tx.get(TRANSFERS, transfer)
    reversal = get_within(tx, REVERSALS, id_, transfer=transfer)
    return tx.save(REVERSALS, edit(reversal, params, ("metadata",)))


# -- giving ---------------------------------------------------------------------------------------


def check_destination(tx: Tx, destination: str, param: str, flow: str = "transfer") -> None:
    """Refuse a destination that is unknown, the giver itself, out of reach or may not receive.

    flow: `destination` when the transfer comes of a charge.
    """
    if destination == tx.account:
        raise payments.own_account(param)
    if not is_known(tx, destination):
        raise refusals.no_such_destination(destination, param)
    check_flow(tx, account_of(tx.on(destination)), flow, param)
    if not has_capability(tx, destination, *RECEIVING):
        raise refusals.insufficient_capabilities()


def is_known(tx: Tx, account: str) -> bool:
    """Whether money can go from here to that account: between the platform and those connected to
    it.
    """
    raw = tx.setup.store.raw(ACCOUNTS.name, account)
    if raw is None or not (tx.is_platform or account == tx.platform):
        return False
    if tx.owner(account) == account:  # it left the platform
        return False
    return not orjson.loads(raw).get("deleted")


def _may_overdraw(giver: Tx) -> bool:
    """A debit may take an account below zero where its platform answers for it (observed)."""
    return not giver.is_platform and receiving.is_liable(giver)


def check_debit(tx: Tx, account: str, currency: str) -> None:
    """Refuse to debit an account of the platform: unknown, of another region, at Stripe's risk, or
    in another currency.
    """
    if account == tx.account or not tx.is_platform or not is_known(tx, account):
        raise objects.no_such("source", account, "source", 400)
    debited = tx.on(account)
    check_region(debited, "source")
    if not receiving.is_liable(debited):
        raise refusals.debit_not_liable(account)
    if currency != currency_of(debited):
        raise refusals.debit_currency(currency_of(debited))


def check_region(debited: Tx, param: str) -> None:
    """Refuse to take money from an account of another region than the platform's (documented)."""
    here, there = country_of(debited.on(debited.platform)), country_of(debited)
    if countries.country(here).region != countries.country(there).region:
        raise refusals.debit_across_regions(there, here, param)


def make(
    tx: Tx,
    *,
    amount: int,
    currency: str,
    destination: str,
    charge: Doc | None = None,
    transfer_group: str | None = None,
    description: str | None = None,
    metadata: Doc | None = None,
    application_fee: Doc | None = None,
    available_on: int | None = None,
    source_type: str = "card",
) -> Doc:
    """Give `amount` (minor units of `currency`) to `destination`, less the platform's fee.

    charge: the source transaction. application_fee: begun, not finished. available_on: instant.
    """
    transfer = tx.new(
        TRANSFERS,
        tx.kin_id("tr", charge["id"]) if charge else None,
        amount=amount,
        currency=currency,
        description=description,
        destination=destination,
        metadata=merged_metadata(None, metadata or {}),
        source_transaction=charge["id"] if charge else None,
        source_type=source_type,
        transfer_group=transfer_group,
    )
    transfer["reversals"]["url"] = f"/v1/transfers/{transfer['id']}/reversals"
    payment = receiving.payment(tx, transfer)
    transfer["destination_payment"] = payment["id"]
    if application_fee is not None:
        application_fee["charge"] = payment["id"]
    transfer["balance_transaction"] = receiving.credit(
        tx, transfer, payment, application_fee, available_on=available_on, charge=charge
    )
    return tx.save(TRANSFERS, transfer, event="transfer.created")


def _source(tx: Tx, params: Params) -> Doc | None:
    """The charge that a transfer takes its money from: it limits amount and currency."""
    if not params.get("source_transaction"):
        return None
    charge = tx.get(CHARGES, params["source_transaction"], param="source_transaction")
    if charge["status"] == "failed" or charge["refunded"]:
        raise refusals.source_not_usable(charge["id"])
    if portions.are_several(tx, charge):
        raise captures.captured_in_parts(charge["id"])
    taken = brought(tx, charge)
    settled = str((taken or charge)["currency"])
    if settled != params["currency"]:
        raise refusals.source_currency(settled, params["currency"])
    made = tx.all(TRANSFERS, source_transaction=charge["id"])
    given = [each["amount"] - each["amount_reversed"] for each in made if not each["reversed"]]
    whole = _whole(tx, charge)
    if (params.get("amount") or whole) + sum(given) > whole:
        raise refusals.above_source(whole, given, settled)
    return charge


def _source_type(charge: Doc) -> str:
    return methods.source_type(charge["payment_method_details"]["type"])


def _whole(tx: Tx, charge: Doc) -> int:
    """What a charge brought in the currency it settled in, before fees."""
    taken = brought(tx, charge)
    return int((taken or charge)["amount"])


def _group(tx: Tx, charge: Doc | None, wanted: str | None) -> str | None:
    if charge is None:
        return wanted
    if charge["transfer_group"] is None:
        charge["transfer_group"] = wanted or f"group_{charge['payment_intent'] or charge['id']}"
        tx.save(CHARGES, charge)
    elif wanted and wanted != charge["transfer_group"]:
        raise refusals.other_group()
    return str(charge["transfer_group"])


def _available_on(tx: Tx, charge: Doc | None) -> int | None:
    """With the charge; of one whose bank has not answered yet, when it is expected to."""
    if charge is None:
        return None
    taken = brought(tx, charge)
    if taken is not None:
        return int(taken["available_on"])
    kind = charge["payment_method_details"]["type"]
    known = methods.of_type(kind)
    answered = charge["created"] + (known.clears_seconds if known else 0)
    own = settlement.method_delay(kind, answered)
    days, counts = (own.days, own.counts) if own else (None, None)
    return settlement.available_on(country_of(tx), answered, days, counts)


# -- taking back ----------------------------------------------------------------------------------


def reverse(
    tx: Tx,
    transfer: Doc,
    amount: int,
    *,
    refund: Doc | None = None,
    metadata: Doc | None = None,
    refund_application_fee: bool = False,
) -> Doc:
    """Take `amount` of a transfer back. refund: the refund of a charge that this belongs to."""
    receiving.check_funds(tx, transfer, amount)
    reversal = tx.new(
        REVERSALS,
        tx.kin_id("trr", refund["id"]) if refund else None,
        amount=amount,
        currency=transfer["currency"],
        metadata=merged_metadata(None, metadata or {}),
        source_refund=refund["id"] if refund else None,
        transfer=transfer["id"],
    )
    fee = _fee_of(tx, transfer) if refund_application_fee else None
    if fee is not None:
        part = share(fee["amount"], amount, transfer["amount"])
        part = min(part, fee["amount"] - fee["amount_refunded"])
        because = refund["id"] if refund else reversal["id"]
        if part:
            platform = tx.on(tx.platform).behind(transfer["id"])
            application_fees.refund(platform, fee, part, because=because)
    taken = receiving.debit(tx.behind(transfer["id"]), transfer, reversal)
    reversal |= {"balance_transaction": taken.entry, "destination_payment_refund": taken.refund}
    tx.save(REVERSALS, reversal)
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] >= transfer["amount"]
    url = transfer["reversals"]["url"]
    transfer["reversals"] = envelope(tx, REVERSALS, url, transfer=transfer["id"])
    tx.save(TRANSFERS, transfer, event="transfer.reversed")
    return reversal


def _fee_of(tx: Tx, transfer: Doc) -> Doc | None:
    receiver = tx.on(transfer["destination"])
    payment = receiver.find(CHARGES, transfer["destination_payment"])
    if payment is None or not payment["application_fee"]:
        return None
    return tx.on(tx.platform).find(application_fees.APPLICATION_FEES, payment["application_fee"])
