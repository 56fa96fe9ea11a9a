"""Early fraud warnings: an issuer reports a charge as fraud, before any dispute.

One calls for action until the charge is refunded or disputed.
"""

from __future__ import annotations

from typing import Final

from emulator.kit import Doc, Resource, Tx, lists, retrieves

WARNINGS: Final = Resource(
    "radar.early_fraud_warning",
    prefix="issfr",
    kind="early fraud warning",
    filters=("charge", "payment_intent"),
)

retrieves(WARNINGS, "GET /v1/radar/early_fraud_warnings/{early_fraud_warning}")
lists(WARNINGS, "GET /v1/radar/early_fraud_warnings")


def warn(tx: Tx, charge: Doc, fraud_type: str = "made_with_stolen_card") -> Doc:
    """The issuer reports a charge."""
    warning = tx.new(
        WARNINGS,
        actionable=not charge["refunded"] and not charge["disputed"],
        charge=charge["id"],
        fraud_type=fraud_type,
    )
    if charge["payment_intent"]:
        warning["payment_intent"] = charge["payment_intent"]
    return tx.save(WARNINGS, warning, event="radar.early_fraud_warning.created")


def settle(tx: Tx, charge: Doc) -> None:
    """What a charge was reported for has been acted on."""
    for warning in [*tx.all(WARNINGS, charge=charge["id"])]:
        if warning["actionable"]:
            warning["actionable"] = False
            tx.save(WARNINGS, warning, event="radar.early_fraud_warning.updated")
