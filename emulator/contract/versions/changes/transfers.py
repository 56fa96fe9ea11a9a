"""Payouts and transfers, events and files, newest change first."""

from __future__ import annotations

from emulator.contract.order import put
from emulator.contract.versions.announced import RENAMED
from emulator.contract.versions.change import Change, Doc, Fetch, drop, inline, rename

_OLD_NAMES = {new: old for old, (new, _) in RENAMED.items()}
_PAYOUT = "payout."
_TRANSFER = "transfer."


def _one_kind(payout: Doc, _fetch: Fetch) -> None:
    """A payout was a transfer to a bank account."""
    rename(payout, "arrival_date", "date")
    drop(payout, "automatic", "original_payout", "reversed_by", "failure_balance_transaction")
    drop(payout, "reconciliation_status", "payout_method", "trace_id")
    put(
        payout,
        object="transfer",
        amount_reversed=0,
        destination_payment=None,
        recipient=None,
        reversals=inline(f"/v1/transfers/{payout['id']}/reversals", ()),
        reversed=False,
        source_transaction=None,
        transfer_group=None,
    )


def _dated(transfer: Doc, _fetch: Fetch) -> None:
    if "type" not in transfer:
        put(
            transfer,
            application_fee=None,
            date=transfer["created"],
            failure_code=None,
            failure_message=None,
            method="standard",
            recipient=None,
            statement_descriptor=None,
            status="paid",
            type="stripe_account",
        )


def _one_kind_of_event(event: Doc, _fetch: Fetch) -> None:
    kind = event.get("type") or ""
    if kind.startswith(_PAYOUT):
        event["type"] = _TRANSFER + kind.removeprefix(_PAYOUT)


def _request_id(event: Doc, _fetch: Fetch) -> None:
    request = event.get("request")
    if isinstance(request, dict):
        event["request"] = request.get("id")
    rename(event, "account", "user_id")


def _of_cards(event: Doc, _fetch: Fetch) -> None:
    event["type"] = _OLD_NAMES.get(event.get("type") or "", event.get("type"))


def _upload(file: Doc, _fetch: Fetch) -> None:
    put(file, object="file_upload")


CHANGES = (
    Change(
        "2020-08-27",
        "payment_method.card_automatically_updated is payment_method.automatically_updated.",
        objects=("event",),
        response=_of_cards,
    ),
    Change("2018-09-24", "file_upload is file.", objects=("file",), response=_upload),
    Change(
        "2017-05-25",
        "The request of an event has an id and an idempotency key; user_id is account.",
        objects=("event",),
        response=_request_id,
    ),
    Change(
        "2017-04-06",
        "Transfers to bank accounts are payouts.",
        objects=("payout",),
        response=_one_kind,
    ),
    Change(
        "2017-04-06",
        "Transfers go from account to account at once: no date, no status of their own.",
        objects=("transfer",),
        response=_dated,
    ),
    Change(
        "2017-04-06",
        "Events of payouts were events of transfers.",
        objects=("event",),
        response=_one_kind_of_event,
    ),
)
