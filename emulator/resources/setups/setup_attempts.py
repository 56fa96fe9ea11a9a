"""Setup attempts: each try to confirm a setup intent, and how it ended."""

from __future__ import annotations

from typing import Final

from emulator.contract.blanks import blank
from emulator.kit import Doc, Resource, Tx, lists
from emulator.kit.editing import nested

SETUP_ATTEMPTS: Final = Resource("setup_attempt", prefix="setatt", filters=("setup_intent",))

lists(SETUP_ATTEMPTS, "GET /v1/setup_attempts")


def begin(tx: Tx, intent: Doc, method: Doc, status: str) -> Doc:
    """Record a try to confirm an intent with a payment method."""
    made = tx.new(
        SETUP_ATTEMPTS,
        application=intent["application"],
        attach_to_self=bool(intent.get("attach_to_self")),
        customer=intent["customer"],
        flow_directions=intent["flow_directions"],
        on_behalf_of=intent["on_behalf_of"],
        payment_method=method["id"],
        payment_method_details=_details(method),
        setup_intent=intent["id"],
        status=status,
        usage=intent["usage"],
    )
    return tx.save(SETUP_ATTEMPTS, made)


def end(tx: Tx, id_: str | None, status: str, error: Doc | None = None) -> None:
    """How the try ended: succeeded, failed or abandoned."""
    attempt = tx.find(SETUP_ATTEMPTS, id_) if id_ else None
    if attempt is not None:
        tx.save(SETUP_ATTEMPTS, attempt | {"status": status, "setup_error": error})


def authenticated(tx: Tx, id_: str | None, *, passed: bool) -> None:
    """What came of the challenge, under the attempt's card."""
    attempt = tx.find(SETUP_ATTEMPTS, id_) if id_ else None
    if attempt is None or "card" not in attempt["payment_method_details"]:
        return
    attempt["payment_method_details"]["card"]["three_d_secure"] = {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05" if passed else None,
        "result": "authenticated" if passed else "failed",
        "result_reason": None if passed else "rejected",
        "transaction_id": tx.secret(f"3ds/{attempt['setup_intent']}", 36).lower(),
        "version": "2.2.0",
    }
    tx.save(SETUP_ATTEMPTS, attempt)


def generated(tx: Tx, id_: str, debit: Doc, mandate: str) -> None:
    """The attempt showed an account, which is debited from now on."""
    attempt = tx.get(SETUP_ATTEMPTS, id_)
    details = attempt["payment_method_details"]
    details[details["type"]] |= {
        "generated_sepa_debit": debit["id"],
        "generated_sepa_debit_mandate": mandate,
        "iban_last4": debit["sepa_debit"]["last4"],
    }
    tx.save(SETUP_ATTEMPTS, attempt)


def generated_card(tx: Tx, id_: str, card: str) -> None:
    """The attempt left a card that can be charged later."""
    attempt = tx.get(SETUP_ATTEMPTS, id_)
    details = attempt["payment_method_details"]
    details[details["type"]]["generated_card"] = card
    tx.save(SETUP_ATTEMPTS, attempt)


def _details(method: Doc) -> Doc:
    type_ = method["type"]
    if type_ != "card":
        facts = nested(SETUP_ATTEMPTS.name, "payment_method_details", type_).get("fields", {})
        shown = sorted(name for name, fact in facts.items() if not fact.get("optional"))
        return {type_: dict.fromkeys(shown), "type": type_}
    made = blank("setup_attempt.payment_method_details.card")
    made.update({name: method["card"][name] for name in made if name in method["card"]})
    return {"card": made | {"network": method["card"]["brand"]}, "type": "card"}
