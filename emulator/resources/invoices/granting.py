"""What clients do with credit grants: grant, change, expire and void them."""

from __future__ import annotations

from emulator.kernel.errors import metering as refusals
from emulator.kernel.errors.params import parameter_missing
from emulator.kit import Doc, Params, Tx
from emulator.kit.editing import edit
from emulator.resources.customers import clocks
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.invoices import credit_grants, crediting
from emulator.resources.invoices.credit_grants import GRANTS
from emulator.resources.invoices.crediting import TRANSACTIONS
from emulator.resources.products.prices import PRICES


@GRANTS.on("POST /v1/billing/credit_grants")
def create(tx: Tx, params: Params) -> Doc:
    if not params.get("customer"):
        raise parameter_missing("customer")
    customer = tx.get(CUSTOMERS, params["customer"], param="customer")
    tx = clocks.of_customer(tx, customer["id"])
    _check(tx, params)
    grant = credit_grants.new(tx, customer, params)
    _check_end(tx, grant)
    grant = tx.save(GRANTS, grant, event="billing.credit_grant.created")
    crediting.credit(tx, grant, grant["amount"]["monetary"]["value"], "credits_granted")
    _plan(tx, grant)
    return grant


@GRANTS.on("POST /v1/billing/credit_grants/{id}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    tx, grant = _use(tx, id_, "update")
    edit(grant, params, GRANTS.editable)
    if "expires_at" in params:
        _check_end(tx, grant)
        _plan(tx, grant)
    return _changed(tx, grant)


@GRANTS.on("POST /v1/billing/credit_grants/{id}/expire")
def expire(tx: Tx, _params: Params, id_: str) -> Doc:
    tx, grant = _use(tx, id_, "expire")
    _run_dry(tx, grant, "credits_expired")
    return _changed(tx, grant | {"expires_at": tx.now})


@GRANTS.on("POST /v1/billing/credit_grants/{id}/void")
def void(tx: Tx, _params: Params, id_: str) -> Doc:
    tx, grant = _use(tx, id_, "void")
    used = (each["debit"] for each in tx.all(TRANSACTIONS, credit_grant=id_) if each["debit"])
    if any(each["type"] == "credits_applied" for each in used):
        raise refusals.grant_used()
    _run_dry(tx, grant, "credits_voided")
    return _changed(tx, grant | {"voided_at": tx.now})


@GRANTS.job
def run_out(tx: Tx, grant: Doc, at: int) -> None:
    """The credits expire, as far as they are left."""
    if grant["expires_at"] == at and grant["voided_at"] is None:
        _run_dry(tx, grant, "credits_expired")


# -- inside ---------------------------------------------------------------------------------------


def _check(tx: Tx, params: Params) -> None:
    money = params["amount"].get("monetary")
    if not money:
        raise parameter_missing("amount[monetary]")
    if money["value"] <= 0:
        raise refusals.grant_of_nothing()
    scope = params["applicability_config"]["scope"]
    if bool(scope.get("price_type")) == bool(scope.get("prices")):
        raise refusals.grant_scope()
    for at, each in enumerate(scope.get("prices") or []):
        param = f"applicability_config[scope][prices][{at}][id]"
        price = tx.get(PRICES, each["id"], param=param)
        if not (price["recurring"] or {}).get("meter"):
            raise refusals.grant_for_unmetered(param)


def _check_end(tx: Tx, grant: Doc) -> None:
    end = grant["expires_at"]
    if end is not None and end <= max(tx.now, grant["effective_at"]):
        raise refusals.grant_end_past()


def _use(tx: Tx, id_: str, deed: str) -> tuple[Tx, Doc]:
    """A grant that is still good, and the time it lives in."""
    grant = tx.get(GRANTS, id_)
    tx = clocks.at(tx, grant["test_clock"])
    if grant["voided_at"] is not None:
        raise refusals.grant_over(deed, "voided")
    if grant["expires_at"] is not None and grant["expires_at"] <= tx.now:
        raise refusals.grant_over(deed, "expired")
    return tx, grant


def _plan(tx: Tx, grant: Doc) -> None:
    end = grant["expires_at"]
    if end is not None:
        clocks.later(tx, grant, end, GRANTS, "run_out", at=end)


def _run_dry(tx: Tx, grant: Doc, why: str) -> None:
    left = crediting.balance(tx, grant["id"])
    if left:
        crediting.debit(tx, grant, left, why)


def _changed(tx: Tx, grant: Doc) -> Doc:
    return tx.save(GRANTS, grant | {"updated": tx.now}, event="billing.credit_grant.updated")
