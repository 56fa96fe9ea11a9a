"""The page of a Checkout Session as the fixtures of Stripe's command line ask for it.

These addresses are not in Stripe's reference; they are its own page's, and the fixtures pay
sessions with them. What they answer at Stripe is more than the session, and not known.
"""

from __future__ import annotations

from emulator.kernel.errors import checkout as refusals
from emulator.kit import Doc, Params, Tx
from emulator.resources.checkout import completing, sessions
from emulator.resources.checkout.sessions import SESSIONS
from emulator.resources.payment_methods.payment_methods import PAYMENT_METHODS

SESSIONS.on("GET /v1/payment_pages/{session}")(sessions.retrieve)


@SESSIONS.on("POST /v1/payment_pages/{session}/confirm")
def confirm(tx: Tx, params: Params, id_: str) -> Doc:
    """The customer pays. expected_amount: the total that they saw, which must be true still."""
    session = tx.find(SESSIONS, id_)
    if session is None:
        raise refusals.no_such_session(id_)
    if params.get("expected_amount") not in {None, session["amount_total"]}:
        raise refusals.another_amount()

    method = tx.find(PAYMENT_METHODS, params["payment_method"]) or {"billing_details": {}}
    billing = {name: told for name, told in method["billing_details"].items() if told}
    payer = {**billing, "payment_method": params["payment_method"]}
    return completing.submit(tx, session, payer)
