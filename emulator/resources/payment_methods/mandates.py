"""Mandates: the customer's leave to debit their account, or (in India) to charge their card again.

States: pending, active, inactive. They come to be when an intent is confirmed; clients only read
them.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.contract.blanks import blank
from emulator.kernel.errors import instruments as refusals
from emulator.kit import Doc, Resource, Tx, retrieves
from emulator.resources.payment_methods import debited_accounts, payment_methods

MANDATES: Final = Resource(
    "mandate", prefix="mandate", param="mandate", filters=("payment_method",)
)
NEEDED: Final = debited_accounts.BANK_TYPES
_LOCAL: Final = "http://localhost:12111"

# What a card mandate shows where nothing was said of it (observed).
_UNSAID: Final = dict.fromkeys(("description", "end_date", "interval_count", "supported_types"))

retrieves(MANDATES, "GET /v1/mandates/{mandate}", publishable=True)


def make(
    tx: Tx, method: Doc, mandate_data: Doc | None = None, single_use: Doc | None = None
) -> Doc:
    """Save a mandate for a payment method: for good, or for one payment (amount, currency).

    mandate_data: its `customer_acceptance`, as it was sent; the present request stands in for it.
    """
    made = tx.new(MANDATES, payment_method=method["id"])
    made["customer_acceptance"] = _acceptance(tx, mandate_data)
    if single_use is not None:
        made.pop("multi_use")
        made |= {
            "single_use": {"amount": single_use["amount"], "currency": single_use["currency"]},
            "type": "single_use",
        }
    type_ = method["type"]
    made["payment_method_details"] = {type_: _details(tx, made["id"], type_), "type": type_}
    return tx.save(MANDATES, made)


def for_card(tx: Tx, method: Doc, options: Doc, mandate_data: Doc | None = None) -> Doc | None:
    """Save the mandate that an intent's `payment_method_options.card` asks for, if they do and the
    card is of a country that has such mandates: India alone (observed).
    """
    asked, card = options.get("mandate_options"), payment_methods.card_of(tx, method)
    if not asked or card is None or card.country != "IN":
        return None
    made = make(tx, method, mandate_data)
    tx.hide(made["id"], {"most": asked["amount"]})
    return made


def named(tx: Tx, id_: str | None) -> str | None:
    """The mandate that a payment relies on, which has to hold (documented)."""
    if id_ is not None and tx.get(MANDATES, id_, "mandate")["status"] == "inactive":
        raise refusals.mandate_invalid()
    return id_


def most(tx: Tx, mandate: str) -> int | None:
    """What a card's mandate was said to be good for, minor units; None where nothing was said."""
    found: int | None = tx.hidden(mandate).get("most")
    return found


def end(tx: Tx, mandate: str, status: str = "inactive") -> None:
    """It holds no longer: used up, revoked, or refused by the bank."""
    found = tx.find(MANDATES, mandate)
    if found is not None and found["status"] != status:
        tx.save(MANDATES, found | {"status": status}, event="mandate.updated")


def used(tx: Tx, mandate: str) -> None:
    """A payment relied on it: a mandate for a single payment is used up (observed)."""
    found = tx.find(MANDATES, mandate)
    if found is not None and found["type"] == "single_use":
        end(tx, mandate)


def end_all(tx: Tx, method: Doc) -> None:
    """A payment method that goes away takes its mandates with it (observed)."""
    for mandate in list(tx.all(MANDATES, payment_method=method["id"])):
        end(tx, mandate["id"])


def lost(tx: Tx, charge: Doc) -> None:
    """The leave that a debit relied on is gone: its payer disputed it (documented for ACH), or the
    bank does not know of it.
    """
    details = charge["payment_method_details"]
    mandate = (details.get(details["type"]) or {}).get("mandate")
    if mandate:
        end(tx, mandate)


def _acceptance(tx: Tx, mandate_data: Doc | None) -> Doc:
    sent = (mandate_data or {}).get("customer_acceptance") or {}
    type_ = sent.get("type") or "online"
    made: dict[str, Any] = {"accepted_at": sent.get("accepted_at"), "type": type_}
    if type_ == "offline":
        return {**made, "offline": {}}
    online = sent.get("online") or {}
    made["online"] = {
        "ip_address": online.get("ip_address") or tx.caller.ip,
        "user_agent": online.get("user_agent"),
    }
    return dict(sorted(made.items()))


def _details(tx: Tx, id_: str, type_: str) -> Doc:
    reference = tx.secret(f"mandate/{id_}", 16).upper()
    base = tx.setup.settings.get("base_url", _LOCAL)
    url = f"{base}/_emulator/mandates/{tx.setup.name}/{id_}"
    if type_ == "sepa_debit":
        return blank("mandate.payment_method_details.sepa_debit") | {
            "reference": reference,
            "url": url,
        }
    if type_ == "bacs_debit":
        return {
            "network_status": "accepted",
            "reference": reference,
            "revocation_reason": None,
            "url": url,
        }
    return {"url": url} if type_ == "au_becs_debit" else {}


def card_options(sent: Doc) -> Doc:
    """`payment_method_options.card.mandate_options` of an intent, from what was sent."""
    return dict(sorted({**_UNSAID, **sent}.items()))
