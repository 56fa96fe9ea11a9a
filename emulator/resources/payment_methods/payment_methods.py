"""Payment methods: what a customer pays with, and what every payment asks of it.

Here: the declaration, reading, and what payments do with a payment method. How one is made, saved
to a customer and let go stands in `attaching.py`. Legacy cards, bank accounts and sources take part
in payments as payment methods (`legacy.py`); their ids stay their own.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from emulator.contract import operations
from emulator.contract.blanks import blank
from emulator.contract.specs import sent_fields
from emulator.kernel.errors import instruments as refusals
from emulator.kernel.errors.params import parameter_missing
from emulator.kit import Doc, Params, Resource, Tx
from emulator.kit.editing import merged, merged_metadata, nested
from emulator.resources.payment_methods import debited_accounts, details, instruments, legacy
from emulator.resources.payment_methods.cards import billing_details
from emulator.rules import cards, debits, methods

PAYMENT_METHODS: Final = Resource(
    "payment_method",
    prefix="pm",
    kind="PaymentMethod",
    param="payment_method",
    filters=("customer", "type"),
    editable=("allow_redisplay", "billing_details", "metadata"),
)


# Whose account a customer turns out to have: a test account of the method's own country.
_ACCOUNTS_SHOWN: Final = {
    "bancontact": "BE62510007547061",
    "ideal": "NL39RABO0300065264",
    "sofort": "DE89370400440532013000",
}


@PAYMENT_METHODS.on("GET /v1/payment_methods/{payment_method}")
def retrieve(tx: Tx, _params: Params, id_: str) -> Doc | bytes:
    raw = tx.raw(PAYMENT_METHODS, id_)
    return raw if raw is not None else use(tx, id_, path=True)


# -- finding and making one -----------------------------------------------------------------------


def use(tx: Tx, name: str, param: str = "payment_method", *, path: bool = False) -> Doc:
    """The payment method of this name: an id here, a ready-made name, or a legacy source.

    A ready-made name (`pm_card_visa`) gives a fresh one, saved. param: what the refusal blames.
    path: whether the name stood in the path (404).
    """
    found = tx.find(PAYMENT_METHODS, name) or legacy.as_method(tx, name) or _magic(tx, name)
    if found is not None:
        return found
    owner = tx.owner(name)
    platforms = not tx.is_platform and tx.caller.connect and owner == tx.platform
    elsewhere = path and tx.is_platform and len(tx.setup.store.table("account")) > 1
    status = 404 if path else 400
    raise refusals.no_such_payment_method(
        name, param, status, platforms=platforms, elsewhere=elsewhere
    )


def from_data(tx: Tx, data: Doc, param: str = "") -> Doc:
    """Make and save a payment method of what was typed: type, its hash, billing_details, metadata.

    param: what `data` stands under in the request, empty when it is the whole of it.
    """
    type_ = data.get("type")
    if not type_:
        raise parameter_missing(f"{param}[type]" if param else "type")
    hash_, notes, card = details.typed(tx, type_, data, param)
    needed = _needed(type_)
    if needed and data.get(type_) is None:
        raise parameter_missing(f"{param}[{type_}][{needed}]" if param else f"{type_}[{needed}]")

    made = tx.new(PAYMENT_METHODS, type=type_)
    made[type_] = hash_
    billing = {k: v for k, v in (data.get("billing_details") or {}).items() if v is not None}
    made["billing_details"] = merged(
        _address_of(card), billing, nested(PAYMENT_METHODS.name, "billing_details")
    )
    if data.get("allow_redisplay"):
        made["allow_redisplay"] = data["allow_redisplay"]
    made["metadata"] = merged_metadata(None, data.get("metadata") or {})
    if "number" in notes and type_ == "card":
        address = made["billing_details"]["address"]
        notes["postal_code"] = bool(address["postal_code"])
        notes["line1"] = bool(address["line1"])
        made["card"]["checks"] = instruments.checks(notes)
    tx.hide(made["id"], notes)
    return tx.save(PAYMENT_METHODS, made)


@cache
def _needed(type_: str) -> str | None:
    """The first field without which there is no method of a type: the IBAN of a SEPA debit."""
    taken = sent_fields(operations()["POST /v1/payment_methods"]).get(type_, {})
    fields = taken.get("fields", {})
    return next((name for name, spec in fields.items() if spec.get("required")), None)


def _address_of(card: Doc) -> Doc:
    return billing_details(card) if card else blank("billing_details")


def _magic(tx: Tx, name: str) -> Doc | None:
    """A fresh payment method for a ready-made name, saved."""
    if not name.startswith("pm_"):
        return None
    notes = instruments.magic_card(tx, name)
    if notes is not None:
        return made_of(tx, "card", details.card_hash(tx, notes), notes)
    notes = debited_accounts.magic_account(name)
    if notes is not None:
        return made_of(tx, notes["debit"], debited_accounts.shown_account(tx, notes, {}), notes)
    return None


def made_of(tx: Tx, type_: str, hash_: Doc, notes: Doc) -> Doc:
    """Save a fresh payment method with these details and private notes."""
    made = tx.new(PAYMENT_METHODS, type=type_)
    made[type_] = hash_
    tx.hide(made["id"], notes)
    return tx.save(PAYMENT_METHODS, made)


# -- what is known of one -------------------------------------------------------------------------


def notes_of(tx: Tx, method: Doc) -> Doc:
    """Private notes: see `instruments`; besides, consumed (whether it may no longer be used)."""
    return tx.hidden(method["id"])


def card_of(tx: Tx, method: Doc) -> cards.Card | None:
    """The test card behind a payment method; None for everything else."""
    return instruments.card_behind(notes_of(tx, method))


def card_of_id(tx: Tx, id_: str | None) -> cards.Card | None:
    """The test card behind the payment method, card or source of this id."""
    if id_ is None:
        return None
    return instruments.card_behind(tx.hidden(id_))


def debit_of(tx: Tx, method: Doc) -> debits.DebitedAccount | None:
    """The test bank account behind a payment method, and so what a debit of it comes to."""
    return debited_accounts.account_behind(notes_of(tx, method))


def shown(tx: Tx, method: Doc) -> Doc:
    """The payment method as it stands now, for the errors that carry it whole."""
    return tx.find(PAYMENT_METHODS, method["id"]) or method


def checks_now(method: Doc) -> Doc:
    """The checks a charge shows: those of the card, later charges of it included (observed)."""
    found: Doc = dict(method["card"]["checks"])
    return found


# -- what is done with one ------------------------------------------------------------------------


def check_usable(tx: Tx, method: Doc, customer: str | None) -> None:
    """Refuse one that was used up, and one that belongs to a customer who does not pay here."""
    if notes_of(tx, method).get("consumed"):
        raise refusals.payment_method_used_up()
    owner = method["customer"]
    if owner and not customer:
        raise refusals.belongs_to_customer(owner)
    if owner and owner != customer:
        raise refusals.belongs_to_another(method["id"])


def checked(tx: Tx, method: Doc) -> Doc:
    """It pays: what was given with it is checked from now on, and the object says so."""
    notes = notes_of(tx, method)
    notes["uses"] = notes.get("uses", 0) + 1
    return _with_checks(tx, method, notes)


def with_checks(tx: Tx, method: Doc) -> Doc:
    """Mark the card's checks as done; saved when that changes what clients see."""
    return _with_checks(tx, method, notes_of(tx, method))


def _with_checks(tx: Tx, method: Doc, notes: Doc) -> Doc:
    """The same, and keep the notes."""
    first = "exp_month" in notes and not notes.get("used")
    if first:
        notes["used"] = True
    tx.hide(method["id"], notes)
    if not first:
        return method
    method["card"]["checks"] = instruments.checks(notes)
    if method["id"].startswith("pm_"):
        return tx.save(PAYMENT_METHODS, method)
    legacy.checked(tx, method["id"], notes)
    return method


def verify(tx: Tx, method: Doc, customer: str | None = None) -> Doc:
    """Ask the card whether it may be kept (attaching to a customer, setting up); a decline is
    raised.
    """
    notes = notes_of(tx, method)
    if "exp_month" not in notes:
        return method
    instruments.verify(tx, dict(notes), customer, method["id"])
    return _with_checks(tx, method, notes)


def attach(tx: Tx, method: Doc, customer: str) -> Doc:
    """Save it to a customer, without asking the card, and announce that."""
    method["customer"] = customer
    return tx.save(PAYMENT_METHODS, method, event="payment_method.attached")


def generate_debit(tx: Tx, method: Doc, customer: str | None, **made_from: str) -> Doc | None:
    """The SEPA debit that later payments are made with, of a method that only pays once itself;
    None for all others. made_from: the charge or setup_attempt that showed the account.
    """
    known = methods.of_type(method["type"])
    if known is None or known.reusable in {None, method["type"]}:
        return None
    number = _ACCOUNTS_SHOWN.get(method["type"], _ACCOUNTS_SHOWN["sofort"])
    notes: Doc = {"debit": known.reusable, "routing": None, "number": number, "set_up": True}
    made = made_of(tx, str(known.reusable), debited_accounts.shown_account(tx, notes, {}), notes)
    made["billing_details"] = method["billing_details"]
    made["sepa_debit"]["generated_from"] = {"charge": None, "setup_attempt": None} | made_from
    return attach(tx, made, customer) if customer else tx.save(PAYMENT_METHODS, made)


def consume(tx: Tx, method: Doc) -> None:
    """It has paid and belongs to nobody: it may not be used again."""
    notes = notes_of(tx, method)
    notes["consumed"] = True
    tx.hide(method["id"], notes)
    legacy.consumed(tx, method["id"])


def set_up(tx: Tx, method: Doc) -> None:
    """The customer agreed, and was authenticated, to payments without them."""
    notes = notes_of(tx, method)
    notes["set_up"] = True
    tx.hide(method["id"], notes)
