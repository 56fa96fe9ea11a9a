"""Billing credits: what customers were granted for metered usage, as a ledger of its own.

Each grant's balance is what its transactions come to: credited when it is granted and when an
invoice that used it is void, debited when it is applied, expires or is voided. Credits pay for
lines of metered prices when an invoice is finalised, after discounts and before tax (documented).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from emulator.kernel.errors.params import parameter_missing
from emulator.kit import Doc, Params, Resource, Tx, lists, retrieves
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices import lines
from emulator.resources.invoices.credit_grants import GRANTS
from emulator.resources.invoices.invoices import INVOICES
from emulator.resources.products.prices import PRICES

TRANSACTIONS: Final = Resource(
    "billing.credit_balance_transaction",
    prefix="cbtxn",
    kind="credit balance transaction",
    filters=("credit_grant",),
    within="customer",
)
SUMMARIES: Final = Resource("billing.credit_balance_summary", prefix="")
_LATEST: Final = 2**53

retrieves(TRANSACTIONS, "GET /v1/billing/credit_balance_transactions/{id}")
lists(TRANSACTIONS, "GET /v1/billing/credit_balance_transactions")


@SUMMARIES.on("GET /v1/billing/credit_balance_summary")
def summary(tx: Tx, params: Params) -> Doc:
    """What a customer has left: of one grant, or of all that pay for certain prices."""
    if not params.get("customer"):
        raise parameter_missing("customer")
    customer = tx.get(CUSTOMERS, params["customer"], param="customer")
    found = list(_asked(tx, customer["id"], params["filter"]))
    sums: dict[str, list[int]] = {}
    for grant in found:
        left = balance(tx, grant["id"])
        sum_ = sums.setdefault(grant["amount"]["monetary"]["currency"], [0, 0])
        sum_[0] += left if _is_usable(grant, tx.now) else 0
        sum_[1] += left
    return {
        "object": SUMMARIES.name,
        "balances": [
            {"available_balance": _money(code, usable), "ledger_balance": _money(code, whole)}
            for code, (usable, whole) in sums.items()
        ],
        "customer": customer["id"],
        "customer_account": None,
        "livemode": False,
    }


# -- the ledger -----------------------------------------------------------------------------------


def balance(tx: Tx, grant: str) -> int:
    """What is left of a grant, in minor units."""
    found = tx.all(TRANSACTIONS, credit_grant=grant)
    return sum(
        (1 if each["credit"] else -1)
        * (each["credit"] or each["debit"])["amount"]["monetary"]["value"]
        for each in found
    )


def credit(tx: Tx, grant: Doc, value: int, type_: str, invoice: Doc | None = None) -> Doc:
    """More is in a grant. invoice: {invoice, invoice_line_item} that gave it back."""
    return _write(tx, grant, value, "credit", type_, credits_application_invoice_voided=invoice)


def debit(tx: Tx, grant: Doc, value: int, type_: str, invoice: Doc | None = None) -> Doc:
    """Less is in a grant. invoice: {invoice, invoice_line_item} that it paid for."""
    return _write(tx, grant, value, "debit", type_, credits_applied=invoice)


def _write(tx: Tx, grant: Doc, value: int, side: str, type_: str, **of: Doc | None) -> Doc:
    currency = grant["amount"]["monetary"]["currency"]
    made = tx.new(
        TRANSACTIONS,
        credit_grant=grant["id"],
        effective_at=max(tx.now, grant["effective_at"]) if side == "credit" else tx.now,
        test_clock=grant["test_clock"],
        type=side,
    )
    made[side] = {"amount": _money(currency, value), **of, "type": type_}
    tx.save(TRANSACTIONS, made | {"customer": grant["customer"]})
    tx.emit("billing.credit_balance_transaction.created", made)
    return made


def _money(currency: str, value: int) -> Doc:
    return {"monetary": {"currency": currency, "value": value}, "type": "monetary"}


# -- paying with it -------------------------------------------------------------------------------


def apply(tx: Tx, invoice: Doc) -> None:
    """Let a draft use what its customer was granted; its lines say what they took."""
    usable = [
        grant
        for grant in tx.all(GRANTS, customer=invoice["customer"])
        if _is_usable(grant, tx.now)
        and grant["amount"]["monetary"]["currency"] == invoice["currency"]
    ]
    if not usable:
        return
    lines.reckon(tx, invoice)  # credits pay for what discounts leave
    for line in lines.of_invoice(tx, invoice["id"]):
        _pay(tx, line, sorted(usable, key=_order))


def _pay(tx: Tx, line: Doc, usable: list[Doc]) -> None:
    price = _metered(tx, line)
    if price is None:
        return
    off = sum(each["amount"] for each in line["discount_amounts"])
    left = line["amount"] - off
    taken = []
    for grant in usable:
        value = min(left, balance(tx, grant["id"]))
        if value <= 0 or not _pays_for(grant, price):
            continue
        of = {"invoice": line["invoice"], "invoice_line_item": line["id"]}
        made = debit(tx, grant, value, "credits_applied", of)
        taken.append({"amount": value, "credit_balance_transaction": made["id"]})
        left -= value
    if taken:
        lines.note_credits(tx, line["id"], taken)


@INVOICES.when("void")
def _give_back(tx: Tx, invoice: Doc) -> None:
    """What a void invoice had used is there again (documented)."""
    for each in invoice["total_pretax_credit_amounts"] or ():
        id_ = each.get("credit_balance_transaction")
        if id_ is None:
            continue
        used = tx.get(TRANSACTIONS, id_)
        grant = tx.get(GRANTS, used["credit_grant"])
        of = used["debit"]["credits_applied"]
        credit(tx, grant, each["amount"], "credits_application_invoice_voided", of)


# -- which grants ---------------------------------------------------------------------------------


def _is_usable(grant: Doc, now: int) -> bool:
    over = grant["expires_at"] is not None and grant["expires_at"] <= now
    return grant["effective_at"] <= now and not over and grant["voided_at"] is None


def _order(grant: Doc) -> tuple[Any, ...]:
    """Which is used first (documented)."""
    return (
        grant["priority"],
        grant["expires_at"] or _LATEST,
        grant["category"] != "promotional",
        grant["effective_at"],
        grant["created"],
    )


def _pays_for(grant: Doc, price: str) -> bool:
    prices = grant["applicability_config"]["scope"].get("prices")
    return not prices or any(each["id"] == price for each in prices)


def _metered(tx: Tx, line: Doc) -> str | None:
    """The metered price of a subscription's line."""
    if not (line["parent"] or {}).get("subscription_item_details"):
        return None
    details = (line["pricing"] or {}).get("price_details") or {}
    price = tx.find(PRICES, details.get("price") or "")
    rhythm = (price or {}).get("recurring") or {}
    return str(details["price"]) if rhythm.get("meter") else None


def _asked(tx: Tx, customer: str, wanted: Doc) -> Iterator[Doc]:
    """The grants that a summary is asked about."""
    if wanted["type"] == "credit_grant":
        yield tx.get(GRANTS, wanted.get("credit_grant") or "", param="filter[credit_grant]")
        return
    scope = wanted.get("applicability_scope") or {}
    for grant in tx.all(GRANTS, customer=customer):
        its = grant["applicability_config"]["scope"]
        named = {each["id"] for each in scope.get("prices") or ()}
        if (its.get("price_type") and scope.get("price_type") == its["price_type"]) or (
            named & {each["id"] for each in its.get("prices") or ()}
        ):
            yield grant
