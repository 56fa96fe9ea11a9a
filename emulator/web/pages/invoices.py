"""The page on which an invoice is seen and paid, and its PDF."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.control import Control
from emulator.control.people import invoices as bills
from emulator.kernel import currency
from emulator.resources.files import papers
from emulator.web import forms
from emulator.web.pages import layout
from emulator.web.pages.visiting import readable, world_of


def routes(control: Control) -> list[Route]:
    """The page, what its buttons do, and the same on paper."""

    @readable
    async def show(request: Request) -> Response:
        bill = bills.look(world_of(control, request), request.path_params["invoice"])
        return _page(bill)

    @readable
    async def act(request: Request) -> Response:
        deed = forms.decode(await request.body()).get("deed", "")
        bills.pay(world_of(control, request), request.path_params["invoice"], deed)
        return layout.go(request.url.path)

    @readable
    async def paper(request: Request) -> Response:
        bill = bills.look(world_of(control, request), request.path_params["invoice"])
        return Response(papers.pdf(_written(bill)), media_type="application/pdf")

    path = "/_emulator/invoices/{world}/{invoice}"
    return [
        Route(path, show, methods=["GET"]),
        Route(path, act, methods=["POST"]),
        Route(f"{path}/pdf", paper, methods=["GET"]),
    ]


def _page(bill: bills.Bill) -> Response:
    invoice = bill.invoice
    amount = currency.display(invoice["amount_remaining"], invoice["currency"])
    shown = [layout.paragraph(line, "soft") for line in _lines(bill)]
    if invoice["status"] != "open":
        return layout.page(
            f"Invoice {invoice['number']}", *shown, layout.paragraph(f"It is {invoice['status']}.")
        )
    return layout.page(
        f"Invoice {invoice['number']}",
        layout.paragraph(amount, "amount"),
        *shown,
        layout.form(layout.deeds(tuple(bills.CARDS.items()))),
        layout.paragraph(invoice["id"], "soft"),
    )


def _lines(bill: bills.Bill) -> list[str]:
    return [
        f"{line['description']}: {currency.display(line['amount'], line['currency'])}"
        for line in bill.lines
    ]


def _written(bill: bills.Bill) -> list[str]:
    invoice = bill.invoice
    total = currency.display(invoice["total"], invoice["currency"])
    return [f"Invoice {invoice['number']}", *_lines(bill), f"Total {total}, {invoice['status']}"]
