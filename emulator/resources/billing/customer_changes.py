"""How customers are made, changed and deleted, with what they pay with."""

from __future__ import annotations

from typing import Any

from emulator.kernel.errors import billing as billing_refusals
from emulator.kernel.errors import instruments as refusals
from emulator.kernel.errors import taxing
from emulator.kit import Doc, Page, Params, Tx, page
from emulator.kit.editing import edit
from emulator.resources.accounts.state import account_seen
from emulator.resources.billing import creating
from emulator.resources.customers import customer_balance
from emulator.resources.customers.clocks import CLOCKS
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.payment_methods import attaching, customer_sources, payment_methods
from emulator.resources.payment_methods.payment_methods import PAYMENT_METHODS
from emulator.resources.products import discounts
from emulator.resources.tax import assessing, tax_ids

# A plan named with a new customer subscribed them, before 2020-08-27.
_SUBSCRIBING = ("plan", "quantity", "tax_percent", "trial_end")
_MOST_ON_CLOCK = 3  # documented
_NOT_NULL = {"preferred_locales": [], "tax_exempt": "none"}


@CUSTOMERS.on("GET /v1/customers")
def list_(tx: Tx, params: Params) -> Page:
    """Those on test clocks are only there when a clock is named (documented)."""
    clocks = tx.setup.store.ids(tx.key(CLOCKS, {}))
    hides = bool(clocks) and not params.get("test_clock")
    where = (lambda customer: not customer.get("test_clock")) if hides else None
    return page(tx, CUSTOMERS, params, where=where)


@CUSTOMERS.on("POST /v1/customers")
def create(tx: Tx, params: Params) -> Doc:
    customer = tx.new(CUSTOMERS)
    if params.get("test_clock"):
        clock = tx.get(CLOCKS, params["test_clock"], param="test_clock")["id"]
        if sum(1 for _ in tx.all(CUSTOMERS, test_clock=clock)) >= _MOST_ON_CLOCK:
            raise billing_refusals.clock_full(_MOST_ON_CLOCK, "customers")
        customer["test_clock"] = clock
    customer["invoice_prefix"] = tx.secret(f"{customer['id']}/prefix", 8).upper()
    _set(tx, customer, params)
    discounts.give(tx, customer, params)
    source = _given(params)
    made = customer_sources.add(tx, customer, source) if source else None
    method = _paying(tx, params)
    if method is not None:
        method = payment_methods.verify(tx, method, customer["id"])
    customer = tx.save(CUSTOMERS, customer, event="customer.created")
    if made is not None:
        tx.emit("customer.source.created", made)
    if method is not None:
        method = attaching.save_to(tx, method, customer["id"])
    for each in params.get("tax_id_data") or []:
        tax_ids.make(tx, each, customer["id"])
    if customer["balance"]:
        customer_balance.record(tx, customer, customer["balance"], "initial")
    customer = _with_default(tx, customer, params, method)
    if params.get("plan"):
        sent = {n: params[n] for n in _SUBSCRIBING if params.get(n) is not None}
        creating.begin(tx, {**sent, "customer": customer["id"]})
    return tx.get(CUSTOMERS, customer["id"])


@CUSTOMERS.on("POST /v1/customers/{customer}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    customer = tx.get(CUSTOMERS, id_)
    before = customer["balance"]
    _set(tx, customer, params)
    if customer["balance"] != before:
        customer_balance.record(tx, customer, customer["balance"] - before, "adjustment")
    discounts.give(tx, customer, params)
    if _given(params):
        customer_sources.replace_default(tx, customer, _given(params))
    elif params.get("default_source"):
        _choose(tx, customer, params["default_source"])
    _check_default(tx, customer, params)
    return tx.save(CUSTOMERS, customer, event="customer.updated")


@CUSTOMERS.on("DELETE /v1/customers/{customer}")
def delete(tx: Tx, _params: Params, id_: str) -> Doc:
    customer = tx.get(CUSTOMERS, id_)
    for source in customer_sources.all_of(tx, id_):
        customer_sources.remove(tx, source)
    for method in list(tx.all(PAYMENT_METHODS, customer=id_)):
        payment_methods.consume(tx, method)
        tx.save(PAYMENT_METHODS, method | {"customer": None})
    CUSTOMERS.tell(tx, "deleted", customer)
    return tx.delete(CUSTOMERS, customer, event="customer.deleted")


def _set(tx: Tx, customer: Doc, params: Params) -> None:
    email = params.get("email")
    if email and ("@" not in email or " " in email.strip()):
        raise refusals.email_invalid(email)
    edit(customer, params, CUSTOMERS.editable)
    if params.get("balance") and customer["currency"] is None:
        customer["currency"] = account_seen(tx)["default_currency"]
    for name, usual in _NOT_NULL.items():
        if customer[name] is None:
            customer[name] = usual
    asked = params.get("tax") or {}
    if asked:
        tx.hide(customer["id"], {**tx.hidden(customer["id"]), "tax": asked})
    if asked.get("validate_location") == "immediately" and assessing.place_of(customer) is None:
        raise taxing.location_unknown()


def _given(params: Params) -> Any:
    """The source of the request, under any of the names it has had."""
    return params.get("source") or params.get("card") or params.get("bank_account")


def _paying(tx: Tx, params: Params) -> Doc | None:
    if not params.get("payment_method"):
        return None
    method = payment_methods.use(tx, params["payment_method"])
    if method["customer"]:
        raise refusals.already_attached()
    return method


def _with_default(tx: Tx, customer: Doc, params: Params, attached: Doc | None) -> Doc:
    """A default payment method has to be the customer's, so it is looked at once it is attached."""
    if not _check_default(tx, customer, params, attached):
        return customer
    return tx.save(CUSTOMERS, customer)


def _check_default(tx: Tx, customer: Doc, params: Params, attached: Doc | None = None) -> bool:
    """attached: what the same request attached. A test method such as `pm_card_visa` that is named
    twice in it is one and the same (documented in Stripe's guide to test clocks).
    """
    name = (params.get("invoice_settings") or {}).get("default_payment_method")
    if not name:
        return False
    param = "invoice_settings[default_payment_method]"
    if attached is not None and name == params["payment_method"]:
        method = attached
    else:
        method = payment_methods.use(tx, name, param)
    if method["customer"] != customer["id"]:
        raise refusals.belongs_to_another(name, param)
    customer["invoice_settings"]["default_payment_method"] = method["id"]
    return True


def _choose(tx: Tx, customer: Doc, source: str) -> None:
    if customer_sources.find(tx, customer["id"], source) is None:
        raise refusals.no_such_source(source, "default_source")
    customer["default_source"] = source
