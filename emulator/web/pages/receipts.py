"""The page of a receipt, at the `receipt_url` of a charge."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.control import Control
from emulator.control.people import receipts as found
from emulator.kernel import currency
from emulator.kernel.instants import rfc3339
from emulator.kit import Doc
from emulator.web.pages import layout
from emulator.web.pages.visiting import readable, world_of


def routes(control: Control) -> list[Route]:
    """The page."""

    @readable
    async def show(request: Request) -> Response:
        return _page(found.look(world_of(control, request), request.path_params["charge"]))

    return [Route("/_emulator/receipts/{world}/{charge}", show, methods=["GET"])]


def _page(receipt: found.Receipt) -> Response:
    charge = receipt.charge

    def shown(amount: int) -> str:
        return currency.display(amount, charge["currency"])

    return layout.page(
        f"Receipt from {receipt.merchant}",
        layout.paragraph(shown(charge["amount"]), "amount"),
        layout.fact("Paid on", _day(charge)),
        layout.fact("Paid with", _method(charge["payment_method_details"])),
        *([layout.fact("For", charge["description"])] if charge["description"] else []),
        *(layout.fact(item.name, shown(item.amount)) for item in receipt.items),
        *(
            layout.fact(f"Refund of {_day(refund)}", shown(refund["amount"]))
            for refund in receipt.refunds
        ),
        layout.paragraph(charge["id"], "soft"),
    )


def _day(doc: Doc) -> str:
    return rfc3339(doc["created"])[:10]


def _method(details: Doc) -> str:
    """`visa •••• 4242`, or what kind of method it was."""
    kind = details["type"]
    inner = details.get(kind) or {}
    name = str(inner.get("brand") or kind).replace("_", " ")
    return f"{name} •••• {inner['last4']}" if inner.get("last4") else name
