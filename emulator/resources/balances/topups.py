"""Top-ups: money that the platform adds to its balance from a bank account of its own.

States: pending -> succeeded | failed | canceled, and succeeded -> reversed when the bank takes it
back. In tests the source decides (btok_us_verified and its failing kin).
"""

from __future__ import annotations

from typing import Final

from emulator.contract.blanks import blank
from emulator.kernel.errors import Refusal, objects
from emulator.kernel.errors import money as refusals
from emulator.kernel.instants import DAY
from emulator.kit import (
    Doc,
    Lifecycle,
    Note,
    Params,
    Resource,
    Tx,
    lists,
    post,
    retrieves,
    updates,
)
from emulator.kit.editing import merged_metadata
from emulator.ledger import BANK, Move, balance_of
from emulator.resources.accounts.state import country_of
from emulator.rules import payouts as rules
from emulator.rules import settlement
from emulator.rules.accounts import banks

_CARRIED: Final = ("description", "statement_descriptor", "transfer_group")
_REVERSAL_SECONDS: Final = DAY
_TEXT: Final = "Top-up"

TOPUPS: Final = Resource(
    "topup",
    prefix="tu",
    param="topup",
    filters=("status",),
    ranges=("amount",),
    editable=("description", "metadata"),
    lifecycle=Lifecycle(
        start="pending",
        steps={
            ("pending", "succeeded"): "topup.succeeded",
            ("pending", "failed"): "topup.failed",
            ("pending", "canceled"): "topup.canceled",
            ("succeeded", "reversed"): "topup.reversed",
        },
    ),
)

retrieves(TOPUPS, "GET /v1/topups/{topup}")
lists(TOPUPS, "GET /v1/topups")
updates(TOPUPS, "POST /v1/topups/{topup}")


@TOPUPS.on("POST /v1/topups")
def create(tx: Tx, params: Params) -> Doc:
    if not tx.is_platform:
        raise refusals.topup_needs_platform()
    topup = tx.new(
        TOPUPS,
        amount=params["amount"],
        currency=params["currency"],
        metadata=merged_metadata(None, params.get("metadata") or {}),
    )
    topup |= {name: params.get(name) for name in _CARRIED}
    topup["source"], outcome = _source(tx, params)
    expected = settlement.method_delay("us_bank_account", tx.now, testmode=False)
    expected = expected or settlement.delay(country_of(tx))
    topup["expected_availability_date"] = settlement.available_on(
        country_of(tx), tx.now, expected.days, expected.counts
    )
    tx.save(TOPUPS, topup, event="topup.created")
    tx.later(topup["expected_availability_date"], TOPUPS, "clear", topup["id"], outcome=outcome)
    return topup


@TOPUPS.on("POST /v1/topups/{topup}/cancel")
def cancel(tx: Tx, _params: Params, id_: str) -> Doc:
    topup = tx.get(TOPUPS, id_)
    if not TOPUPS.allows(topup, "canceled"):
        raise refusals.topup_not_pending(topup["status"])
    return tx.step(TOPUPS, topup, "canceled")


def _source(tx: Tx, params: Params) -> tuple[Doc, str]:
    """The bank account as a source object, and how a debit of it ends."""
    given = params.get("source") or "btok_us_verified"
    hash_ = banks.token(given, "source") if given.startswith("btok_") else None
    if isinstance(hash_, Refusal):
        raise hash_
    if hash_ is None:
        raise objects.no_such("source", given, "source", 400)
    bank = banks.read(hash_, country_of(tx), "source")
    if isinstance(bank, Refusal):
        raise bank
    source = blank("source") | {
        "id": tx.new_id("src"),
        "client_secret": f"src_client_secret_{tx.secret(f'{given}/{tx.now}', 24)}",
        "created": tx.now,
        "currency": params["currency"],
        "type": "ach_debit",
        "ach_debit": {
            "bank_name": bank.bank_name,
            "country": bank.country,
            "last4": bank.last4,
            "routing_number": bank.routing_number,
            "type": "individual",
        },
    }
    head = {name: source.pop(name) for name in ("id", "object")}
    return head | dict(sorted(source.items())), bank.outcome


# -- what happens by itself -----------------------------------------------------------------------


@TOPUPS.job
def clear(tx: Tx, topup: Doc, outcome: str) -> None:
    """The bank's answer to the debit."""
    if topup["status"] != "pending":
        return
    usual = "succeeded" if outcome == "paid" else outcome
    answer = tx.ask("topup.clear", usual, lambda: _about(topup))
    if answer not in {"succeeded", "reversed"}:
        fail(tx, topup, answer)
        return
    succeed(tx, topup)
    if answer == "reversed":
        tx.later(tx.now + _REVERSAL_SECONDS, TOPUPS, "take_back", topup["id"])


def succeed(tx: Tx, topup: Doc) -> Doc:
    """The money is there."""
    move = Move("topup", BANK, balance_of(tx.account), topup["amount"], topup["currency"])
    notes = {"topup": Note(topup["id"], topup["description"] or _TEXT)}
    topup["balance_transaction"] = post(tx, topup["id"], [move], notes)["topup"]
    return tx.step(TOPUPS, topup, "succeeded")


def fail(tx: Tx, topup: Doc, code: str) -> Doc:
    """The bank said no: nothing moves."""
    topup |= {
        "failure_code": code,
        "failure_message": rules.FAILURES.get(code, rules.FAILURES["declined"]),
    }
    return tx.step(TOPUPS, topup, "failed")


def _about(topup: Doc) -> Doc:
    return {"topup": topup["id"], "amount": topup["amount"], "currency": topup["currency"]}


@TOPUPS.job
def take_back(tx: Tx, topup: Doc) -> None:
    """The bank takes back what it had paid."""
    if TOPUPS.allows(topup, "reversed"):
        move = Move(
            "topup_reversal", balance_of(tx.account), BANK, topup["amount"], topup["currency"]
        )
        post(tx, topup["id"], [move], {"topup_reversal": Note(topup["id"], "Top-up reversal")})
        tx.step(TOPUPS, topup, "reversed")
