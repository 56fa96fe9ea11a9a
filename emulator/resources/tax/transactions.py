"""Tax transactions: what tax a sale bore, for the reports; and what was taken back of it.

A transaction is made of a calculation and never changes; reversals are transactions of their own,
with amounts below zero, and can take back no more than there is.
"""

from __future__ import annotations

from typing import Final

from emulator.kernel.currency import share
from emulator.kernel.errors import taxing as refusals
from emulator.kit import Doc, Params, Resource, Tx, envelope, lists_within, retrieves
from emulator.kit.editing import merged_metadata
from emulator.resources.tax import calculations
from emulator.resources.tax.calculations import CALCULATIONS

TRANSACTIONS: Final = Resource(
    "tax.transaction", prefix="tax", kind="tax transaction", param="transaction"
)


ITEMS: Final = Resource(
    "tax.transaction_line_item",
    prefix="tax_li",
    id_length=14,
    dated=False,
    within="transaction",
)
_SALE: Final = ("currency", "customer", "customer_details", "ship_from_details", "tax_date")
_OF_LINE: Final = ("metadata", "product", "quantity", "reference", "tax_behavior", "tax_code")
_SHIPPING: Final = "shipping"

retrieves(TRANSACTIONS, "GET /v1/tax/transactions/{transaction}")
lists_within(ITEMS, "GET /v1/tax/transactions/{transaction}/line_items", TRANSACTIONS)


@TRANSACTIONS.on("POST /v1/tax/transactions/create_from_calculation")
def create_from_calculation(tx: Tx, params: Params) -> Doc:
    calculation = tx.get(CALCULATIONS, params["calculation"], param="calculation")
    if calculation["expires_at"] <= tx.now:
        raise refusals.calculation_over(calculation["id"])
    made = _new(tx, calculation, params)
    made["posted_at"] = params.get("posted_at") or tx.now
    made["shipping_cost"] = calculation["shipping_cost"]
    for each in reversed(calculations.items_of(tx, calculation["id"])):
        given = {name: each[name] for name in (*_OF_LINE, "amount", "amount_tax")}
        _write(tx, made, given | {"reversal": None})
    return _keep(tx, made)


@TRANSACTIONS.on("POST /v1/tax/transactions/create_reversal")
def create_reversal(tx: Tx, params: Params) -> Doc:
    original = tx.get(TRANSACTIONS, params["original_transaction"], param="original_transaction")
    if original["type"] == "reversal":
        raise refusals.reversal_of_reversal()
    left = _left(tx, original)
    back = _taken_back(tx, original, left, params)
    made = _new(tx, original, params)
    made |= {
        "posted_at": tx.now,
        "reversal": {"original_transaction": original["id"]},
        "type": "reversal",
    }
    for line in reversed(_lines(tx, original["id"])):
        taken = back.get(line["id"])
        if taken:
            of = {"reversal": {"original_line_item": line["id"]}, "type": "reversal"}
            _write(tx, made, {**{name: line[name] for name in _OF_LINE}, **of, **taken})
    if original["shipping_cost"] and back.get(_SHIPPING):
        made["shipping_cost"] = {**original["shipping_cost"], **back[_SHIPPING]}
    _note_left(tx, original, left, back)
    return _keep(tx, made)


# -- inside ---------------------------------------------------------------------------------------


def _new(tx: Tx, of: Doc, params: Params) -> Doc:
    """A transaction of a sale; `reference` names it once and for all."""
    key = f"{tx.account}/tax_references"
    known = tx.hidden(key)
    if params["reference"] in known:
        raise refusals.reference_taken(params["reference"])
    made = tx.new(TRANSACTIONS, reference=params["reference"])
    tx.hide(key, {**known, params["reference"]: made["id"]})
    made |= {name: of[name] for name in _SALE}
    made["metadata"] = merged_metadata(None, params.get("metadata") or {})
    return made


def _write(tx: Tx, transaction: Doc, fields: Doc) -> None:
    tx.save(ITEMS, tx.new(ITEMS, **fields) | {"transaction": transaction["id"]})


def _keep(tx: Tx, transaction: Doc) -> Doc:
    id_ = transaction["id"]
    found = envelope(tx, ITEMS, _url(id_), transaction=id_)
    return tx.save(TRANSACTIONS, transaction | {"line_items": found})


def _lines(tx: Tx, id_: str) -> list[Doc]:
    return list(tx.all(ITEMS, transaction=id_))


def _left(tx: Tx, original: Doc) -> Doc:
    """What nobody has taken back yet: {amount, amount_tax} by line, and of shipping."""
    known = tx.hidden(original["id"]).get("left")
    if known is not None:
        return dict(known)
    parts = {line["id"]: line for line in _lines(tx, original["id"])}
    if original["shipping_cost"]:
        parts[_SHIPPING] = original["shipping_cost"]
    return {
        name: {"amount": part["amount"], "amount_tax": part["amount_tax"]}
        for name, part in parts.items()
    }


def _note_left(tx: Tx, original: Doc, left: Doc, back: Doc) -> None:
    """Remember what is left when some was taken back."""
    for name, taken in back.items():
        left[name] = {key: value + taken[key] for key, value in left[name].items()}
    tx.hide(original["id"], {**tx.hidden(original["id"]), "left": left})


def _taken_back(tx: Tx, original: Doc, left: Doc, params: Params) -> Doc:
    """What a request takes back, by line: amounts below zero."""
    if not any(part["amount"] or part["amount_tax"] for part in left.values()):
        raise refusals.nothing_left()
    if params["mode"] == "full":
        return {name: {k: -v for k, v in part.items()} for name, part in left.items()}
    if params.get("flat_amount") is not None:
        return _spread(left, params["flat_amount"])

    found: Doc = {}
    for at, each in enumerate(params.get("line_items") or []):
        param = f"line_items[{at}]"
        line = tx.get(ITEMS, each["original_line_item"], param=f"{param}[original_line_item]")
        if line["transaction"] != original["id"]:
            raise tx.missing(ITEMS, line["id"], f"{param}[original_line_item]")
        found[line["id"]] = {"amount": each["amount"], "amount_tax": each["amount_tax"]}
    if params.get("shipping_cost"):
        given = params["shipping_cost"]
        found[_SHIPPING] = {"amount": given["amount"], "amount_tax": given["amount_tax"]}
    for name, taken in found.items():
        part = left.get(name, {"amount": 0, "amount_tax": 0})
        if any(taken[key] > 0 or part[key] + taken[key] < 0 for key in part):
            raise refusals.reversed_too_much("shipping_cost" if name == _SHIPPING else "line_items")
    return found


def _spread(left: Doc, flat: int) -> Doc:
    """A flat amount, tax included, taken back from every part by its share."""
    whole = sum(part["amount"] + part["amount_tax"] for part in left.values())
    rest = -flat
    if not 0 < rest <= whole:
        raise refusals.reversed_too_much("flat_amount")
    found: Doc = {}
    for name, part in left.items():
        total = part["amount"] + part["amount_tax"]
        taken = share(total, rest, whole) if whole else 0
        amount = share(part["amount"], taken, total) if total else 0
        found[name] = {"amount": -amount, "amount_tax": amount - taken}
        whole, rest = whole - total, rest - taken
    return found


def _url(id_: str) -> str:
    return f"/v1/tax/transactions/{id_}/line_items"
