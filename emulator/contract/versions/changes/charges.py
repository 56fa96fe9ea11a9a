"""Charges, refunds, balance transactions, sources of money: newest change first."""

from __future__ import annotations

from emulator.contract.order import put
from emulator.contract.versions.change import Change, Doc, Fetch, Params, drop, inline

_CHARGES = ("POST /v1/charges", "POST /v1/charges/{charge}")


def _invoice(charge: Doc, fetch: Fetch) -> None:
    if isinstance(charge.get("invoice"), dict):  # expanded
        return
    found = fetch("charge.invoice", charge)
    put(charge, invoice=found[0]["id"] if found else None)


def _refunds(charge: Doc, fetch: Fetch) -> None:
    if "refunds" not in charge:
        found = fetch("charge.refunds", charge)
        put(charge, refunds=inline(f"/v1/charges/{charge['id']}/refunds", found))


def _secure(charge: Doc) -> Doc | None:
    details = charge.get("payment_method_details") or {}
    found: Doc | None = (details.get("card") or {}).get("three_d_secure")
    return found


def _exempted(charge: Doc, _fetch: Fetch) -> None:
    secure = _secure(charge)
    if secure and secure.get("result") == "exempted":
        secure["result"] = "attempt_acknowledged"


def _authenticated(charge: Doc, _fetch: Fetch) -> None:
    secure = _secure(charge)
    if secure:
        result = secure.get("result")
        done = result in ("authenticated", "attempt_acknowledged")
        put(secure, authenticated=result == "authenticated", succeeded=done)
        drop(secure, "result", "result_reason")


def _whole_dispute(charge: Doc, fetch: Fetch) -> None:
    if isinstance(charge.get("dispute"), str):
        found = fetch("charge.dispute", charge)
        charge["dispute"] = found[0] if found else charge["dispute"]


def _card(charge: Doc, _fetch: Fetch) -> None:
    source = charge.get("source")
    card = source if isinstance(source, dict) and source.get("object") == "card" else None
    put(charge, card=dict(card) if card else None)
    if charge.get("status") == "succeeded":
        charge["status"] = "paid"


def _card_param(params: Params) -> None:
    if "card" in params:
        params["source"] = params.pop("card")


def _description(charge: Doc, _fetch: Fetch) -> None:
    put(charge, statement_description=charge.get("statement_descriptor"))


def _description_param(params: Params) -> None:
    if "statement_description" in params:
        params["statement_descriptor"] = params.pop("statement_description")


def _sourced_transfers(transaction: Doc, fetch: Fetch) -> None:
    found = fetch("balance_transaction.sourced_transfers", transaction)
    source = transaction.get("source")
    url = f"/v1/transfers?source_transaction={source if isinstance(source, str) else ''}"
    put(transaction, sourced_transfers=inline(url, found))


def _prevented(dispute: Doc, _fetch: Fetch) -> None:
    if dispute.get("status") == "prevented":
        dispute["status"] = "lost"


CHANGES = (
    Change(
        "2025-09-30",
        "A dispute may be prevented; it was lost (assumed).",
        objects=("dispute",),
        response=_prevented,
    ),
    Change("2025-03-31", "invoice is gone from charges.", objects=("charge",), response=_invoice),
    Change(
        "2022-11-15",
        "Refunds of a charge are only there when expanded.",
        objects=("charge",),
        response=_refunds,
    ),
    Change(
        "2022-08-01",
        "The result of 3D Secure may be exempted.",
        objects=("charge",),
        response=_exempted,
    ),
    Change(
        "2020-08-27",
        "3D Secure has a result instead of authenticated and succeeded.",
        objects=("charge",),
        response=_authenticated,
    ),
    Change(
        "2017-02-14", "A charge names its dispute.", objects=("charge",), response=_whole_dispute
    ),
    Change(
        "2017-01-27",
        "Balance transactions no longer list the transfers made of them.",
        objects=("balance_transaction",),
        response=_sourced_transfers,
    ),
    Change(
        "2015-02-18",
        "Charges have a source, of which a card is one kind; paid is succeeded.",
        objects=("charge",),
        response=_card,
        operations=(*_CHARGES, "POST /v1/customers", "POST /v1/customers/{customer}"),
        request=_card_param,
    ),
    Change(
        "2014-12-17",
        "statement_description is statement_descriptor.",
        objects=("charge",),
        response=_description,
        operations=_CHARGES,
        request=_description_param,
    ),
)
