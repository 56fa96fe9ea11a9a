"""The page of a mandate, at the address in its `payment_method_details`: who may debit what, and a
button to withdraw it.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.control import Control
from emulator.control.people import mandates
from emulator.control.people.mandates import Agreement
from emulator.web.pages import layout
from emulator.web.pages.visiting import readable, world_of

_SCHEMES: Final = {
    "au_becs_debit": "BECS Direct Debit",
    "bacs_debit": "Bacs Direct Debit",
    "sepa_debit": "SEPA Direct Debit",
}


def routes(control: Control) -> list[Route]:
    """The page, and what its button does."""

    @readable
    async def show(request: Request) -> Response:
        return _page(mandates.look(world_of(control, request), request.path_params["mandate"]))

    @readable
    async def withdraw(request: Request) -> Response:
        return _page(mandates.withdraw(world_of(control, request), request.path_params["mandate"]))

    path = "/_emulator/mandates/{world}/{mandate}"
    return [Route(path, show, methods=["GET"]), Route(path, withdraw, methods=["POST"])]


def _page(found: Agreement) -> Response:
    mandate, method = found.mandate, found.method
    kind = mandate["payment_method_details"]["type"]
    details = mandate["payment_method_details"][kind]
    payer = (method or {}).get("billing_details", {}).get("name")
    last4 = ((method or {}).get(kind) or {}).get("last4")
    once = mandate["type"] == "single_use"
    facts = {
        "Creditor": found.merchant,
        "Payer": payer,
        "Account": f"•••• {last4}" if last4 else None,
        "Reference": details.get("reference"),
        "For": "one payment" if once else "every payment that is agreed on",
        "Status": mandate["status"],
    }
    parts = [layout.fact(name, str(value)) for name, value in facts.items() if value]
    if mandate["status"] != "inactive":
        parts.append(layout.form(layout.deeds((("withdraw", "Withdraw it"),))))
    parts.append(layout.paragraph(mandate["id"], "soft"))
    return layout.page(f"Mandate for {_SCHEMES.get(kind, 'debits')}", *parts)
