"""Simulators of what people do on pages of Stripe's that are not here: they prove who they are, and
link their bank accounts.
"""

from __future__ import annotations

from typing import Final

from emulator.control.simulators.simulator import id_of, simulates
from emulator.kit import Doc, Tx
from emulator.resources import STORED

_SESSION: Final = "identity.verification_session"
_LINKING: Final = "financial_connections.session"
_OPEN: Final = "the verification session requires input"


@simulates(
    "A person proves on Stripe's page who they are; a report tells of it.",
    when=_OPEN,
    example={"verification_session": "vs_…"},
    needs=("verification_session",),
    verification_session=id_of("verification session", "vs"),
)
def identity_verified(tx: Tx, verification_session: str) -> Doc:
    return STORED.befall(tx, _SESSION, verification_session, "verify")


@simulates(
    "What a person shows on Stripe's page does not prove who they are; a report says why.",
    when=_OPEN,
    example={"verification_session": "vs_…"},
    needs=("verification_session",),
    verification_session=id_of("verification session", "vs"),
)
def identity_rejected(tx: Tx, verification_session: str) -> Doc:
    return STORED.befall(tx, _SESSION, verification_session, "reject")


@simulates(
    "A person links a bank account in a session of Financial Connections.",
    when="always",
    example={"session": "fcsess_…"},
    needs=("session",),
    session=id_of("session of Financial Connections", "fcsess"),
)
def financial_account_linked(tx: Tx, session: str) -> Doc:
    return STORED.befall(tx, _LINKING, session, "link")
