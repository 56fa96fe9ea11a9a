"""Cards that are held to a reader: what a payment method and its charges show of them."""

from __future__ import annotations

from typing import Final

from emulator.kit import Doc, Tx
from emulator.kit.editing import nested
from emulator.resources.payment_methods import details, instruments, payment_methods
from emulator.rules import cards, methods

# What a simulated reader reads when no number is given (documented).
_USUAL: Final = {"card_present": "4242424242424242", "interac_present": "4506445006931933"}
_READ: Final = "contact_emv"
# What the chip tells, the same of every test card (documented by example).
_RECEIPT: Final = {
    "account_type": "credit",
    "application_cryptogram": "DFB03DEC75E60CBB",
    "application_preferred_name": "Stripe Credit",
    "authorization_code": "123456",
    "authorization_response_code": "3030",
    "cardholder_verification_method": "approval",
    "dedicated_file_name": "A000000003101001",
    "terminal_verification_results": "8000008000",
    "transaction_status_information": "6800",
}


def present(tx: Tx, type_: str, number: str | None) -> Doc:
    """A fresh payment method of the card that somebody holds to a reader; refused when there is no
    such test card.
    """
    month, year = cards.default_expiry(tx.now)
    typed = {"number": number or _USUAL[type_], "exp_month": month, "exp_year": year}
    notes = instruments.typed_card(tx, typed) | {"used": True}
    return payment_methods.made_of(tx, type_, _shown(tx, type_, notes), notes)


def of_charge(tx: Tx, charge: Doc, method: Doc, *, approved: bool) -> Doc:
    """`charge.payment_method_details[type]`."""
    type_ = method["type"]
    known, made = method[type_], _blank("charge", "payment_method_details", type_)
    made |= {name: value for name, value in known.items() if name in made}
    made |= {
        "network": known["brand"],
        "network_transaction_id": tx.secret(f"network/{charge['id']}", 15).lower(),
        "receipt": dict(_RECEIPT, account_type=_account_type(type_, known["funding"])),
    }
    if type_ == "card_present":
        made |= {
            "amount_authorized": charge["amount"] if approved else None,
            "incremental_authorization_supported": False,
            "overcapture_supported": False,
        }
        if approved and not charge["captured"]:
            made["capture_before"] = tx.now + methods.holds_seconds(type_, None, off_session=False)
    return dict(sorted(made.items()))


def generate_card(tx: Tx, method: Doc, customer: str | None, **made_from: Doc | str) -> Doc:
    """The card that later payments are made with, of one that was held to a reader (documented).

    made_from: `charge` and `payment_method_details`, or `setup_attempt`.
    """
    notes = instruments.passed_on(payment_methods.notes_of(tx, method)) | {"set_up": True}
    made = payment_methods.made_of(tx, "card", details.card_hash(tx, notes), notes)
    nothing = dict.fromkeys(("charge", "payment_method_details", "setup_attempt"))
    made["card"]["generated_from"] = nothing | made_from
    if customer:
        return payment_methods.attach(tx, made, customer)
    return tx.save(payment_methods.PAYMENT_METHODS, made)


def _shown(tx: Tx, type_: str, notes: Doc) -> Doc:
    card = instruments.card_behind(notes)
    assert card is not None
    made = _blank("payment_method", type_)
    known = instruments.shown_card(tx, notes) | {"brand": card.brand, "read_method": _READ}
    made |= {name: value for name, value in known.items() if name in made}
    made["networks"] = {"available": [*card.networks], "preferred": None}
    return made


def _blank(*place: str) -> Doc:
    """Every key that is always there, with null."""
    fields = nested(*place)["fields"]
    return {name: None for name, facts in sorted(fields.items()) if not facts.get("optional")}


def _account_type(type_: str, funding: str) -> str:
    if type_ == "interac_present":
        return "checking"
    return "credit" if funding == "credit" else "checking"
