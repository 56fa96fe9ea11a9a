"""How payment methods are made, cloned, changed, saved to a customer and let go."""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import instruments as refusals
from emulator.kernel.errors.params import parameter_missing
from emulator.kit import Doc, Page, Params, Tx, cut, page
from emulator.kit.editing import edit, nested
from emulator.resources.customers.customers import CUSTOMERS
from emulator.resources.payment_methods import instruments, legacy, mandates, payment_methods
from emulator.resources.payment_methods.payment_methods import PAYMENT_METHODS
from emulator.rules import methods

# Types whose hash older versions could change (documented).
_OF_OLD: Final = ("naver_pay", "payto")


@PAYMENT_METHODS.on("POST /v1/payment_methods", publishable=True)
def create(tx: Tx, params: Params) -> Doc:
    if params.get("payment_method"):
        return clone(tx, params["payment_method"], params.get("customer"))
    return payment_methods.from_data(tx, params)


@PAYMENT_METHODS.on("POST /v1/payment_methods/{payment_method}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    method = payment_methods.use(tx, id_, path=True)
    if not method["customer"]:
        raise refusals.update_needs_customer()

    for name in ("card", "us_bank_account", *_OF_OLD):
        if params.get(name) and method["type"] != name:
            raise refusals.update_of_other_type(name, method["type"])

    edit(method, params, PAYMENT_METHODS.editable)
    card = params.get("card") or {}
    if card:
        method["card"] |= instruments.renewed(tx, method["card"], card)
    if (card.get("networks") or {}).get("preferred"):
        method["card"]["networks"]["preferred"] = card["networks"]["preferred"]
    for name in ("account_holder_type", "account_type"):
        if (params.get("us_bank_account") or {}).get(name):
            method["us_bank_account"][name] = params["us_bank_account"][name]
    for name in _OF_OLD:
        _change(method, name, params.get(name) or {})
    return tx.save(PAYMENT_METHODS, method, event="payment_method.updated")


def _change(method: Doc, type_: str, sent: Doc) -> None:
    """Set what its hash shows of what was sent; of an account number it shows the end."""
    sent = dict(sent)
    if sent.get("account_number"):
        sent["last4"] = sent["account_number"][-4:]
    shown = nested(PAYMENT_METHODS.name, type_).get("fields", {})
    if sent:
        method[type_] |= {name: value for name, value in sent.items() if name in shown}


@PAYMENT_METHODS.on("POST /v1/payment_methods/{payment_method}/attach")
def attach(tx: Tx, params: Params, id_: str) -> Doc:
    if params.get("customer") is None:
        raise parameter_missing("customer")
    method = payment_methods.use(tx, id_, path=True)
    customer = tx.get(CUSTOMERS, params["customer"], param="customer")
    return save_to(tx, method, customer["id"])


@PAYMENT_METHODS.on("POST /v1/payment_methods/{payment_method}/detach")
def detach(tx: Tx, _params: Params, id_: str) -> Doc:
    method = payment_methods.use(tx, id_, path=True)
    if not method["customer"]:
        raise refusals.not_attached()

    forget(tx, method)
    if not method["id"].startswith("pm_"):
        return method
    payment_methods.consume(tx, method)
    mandates.end_all(tx, method)
    method["customer"] = None
    return tx.save(PAYMENT_METHODS, method, event="payment_method.detached")


@PAYMENT_METHODS.on("GET /v1/payment_methods")
def list_(tx: Tx, params: Params) -> Page:
    if params.get("customer"):
        tx.get(CUSTOMERS, params["customer"], param="customer")
        return _of_customer(tx, params, params["customer"])
    return page(tx, PAYMENT_METHODS, params)


@PAYMENT_METHODS.on("GET /v1/customers/{customer}/payment_methods")
def list_of_customer(tx: Tx, params: Params, customer: str) -> Page:
    tx.get(CUSTOMERS, customer)
    return _of_customer(tx, params, customer)


def _of_customer(tx: Tx, params: Params, customer: str) -> Page:
    """What a customer can pay with; cards and sources of old are among it (documented)."""
    wanted = params.get("type")
    older = [each for each in legacy.of_customer(tx, customer) if wanted in {None, each["type"]}]
    if not older:
        return page(tx, PAYMENT_METHODS, params, customer=customer)
    own = [m for m in tx.all(PAYMENT_METHODS, customer=customer) if wanted in {None, m["type"]}]
    order = tx.setup.store.sequence
    found = sorted([*own, *older], key=lambda method: order(str(method["id"])), reverse=True)
    return cut(found, params, PAYMENT_METHODS.name, refusals.no_such_payment_method)


@PAYMENT_METHODS.on("GET /v1/customers/{customer}/payment_methods/{payment_method}")
def retrieve_of_customer(tx: Tx, _params: Params, customer: str, id_: str) -> Doc:
    tx.get(CUSTOMERS, customer)
    method = tx.find(PAYMENT_METHODS, id_) or legacy.as_method(tx, id_)
    if method is None or method["customer"] != customer:
        raise refusals.no_such_payment_method(id_, status=404)
    return method


def save_to(tx: Tx, method: Doc, customer: str) -> Doc:
    """Attach a payment method to a customer after asking its card; refused as Stripe refuses it."""
    if payment_methods.notes_of(tx, method).get("consumed"):
        raise refusals.attach_used_up()
    if method["customer"] == customer:
        return method
    if method["customer"]:
        raise refusals.already_attached()
    if methods.pays_once(method["type"]):
        raise refusals.not_attachable(method["type"])

    method = payment_methods.verify(tx, method, customer)
    return payment_methods.attach(tx, method, customer)


def forget(tx: Tx, method: Doc) -> None:
    """A payment method that goes away is no longer its customer's default for invoices."""
    customer = tx.find(CUSTOMERS, method["customer"])
    if customer is None or customer.get("deleted"):
        return
    settings = customer["invoice_settings"]
    if settings["default_payment_method"] == method["id"]:
        settings["default_payment_method"] = None
        tx.save(CUSTOMERS, customer, event="customer.updated")


def clone(tx: Tx, id_: str, customer: str | None) -> Doc:
    """A copy, on this account, of a payment method that the platform or its customer owns."""
    platform = tx.on(tx.platform)
    original = platform.find(PAYMENT_METHODS, id_) or legacy.as_method(platform, id_)
    if original is None:
        original = payment_methods.use(tx, id_)
    if customer is not None:
        platform.get(CUSTOMERS, customer, param="customer")
        if original["customer"] != customer:
            raise refusals.belongs_to_another(id_)
    elif original["customer"]:
        raise refusals.original_needs_customer()

    notes = instruments.passed_on(tx.hidden(original["id"]))
    notes |= {k: v for k, v in tx.hidden(original["id"]).items() if k in {"debit", "routing"}}
    type_ = original["type"]
    made = payment_methods.made_of(tx, type_, original[type_], notes)
    made["billing_details"] = original["billing_details"]
    return tx.save(PAYMENT_METHODS, made)
