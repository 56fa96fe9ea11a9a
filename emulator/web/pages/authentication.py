"""The page of the customer's bank: one question, three answers."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.control import Control, authentication
from emulator.kernel import currency
from emulator.kernel.errors import Refusal
from emulator.kit import Doc
from emulator.web import forms
from emulator.web.pages import layout
from emulator.web.pages.visiting import world_of

_BUTTONS = (("succeeded", "Complete"), ("failed", "Fail"), ("canceled", "Cancel"))


def routes(control: Control) -> list[Route]:
    """The page, and what its buttons do."""

    async def show(request: Request) -> Response:
        try:
            found = authentication.look(world_of(control, request), request.path_params["intent"])
        except Refusal as refusal:
            return layout.refused(refusal)
        return _question(found.doc) if found.waits else _nothing(found.doc)

    async def act(request: Request) -> Response:
        try:
            deed = forms.decode(await request.body()).get("deed", "")
            world = world_of(control, request)
            doc, there = authentication.authenticate(world, request.path_params["intent"], deed)
        except Refusal as refusal:
            return layout.refused(refusal)
        return layout.go(there) if there else _nothing(doc)

    path = "/_emulator/authenticate/{world}/{intent}"
    return [Route(path, show, methods=["GET"]), Route(path, act, methods=["POST"])]


def _question(doc: Doc) -> Response:
    amount = doc.get("amount")
    if amount is None:
        asked = layout.paragraph("Somebody wants to keep a way to charge you later.")
    else:
        asked = layout.paragraph(currency.display(amount, doc["currency"]), "amount")
    return layout.page(
        "Is this you?",
        layout.paragraph("The test bank asks you to authenticate.", "soft"),
        asked,
        layout.form(layout.deeds(_BUTTONS)),
        layout.paragraph(doc["id"], "soft"),
    )


def _nothing(doc: Doc) -> Response:
    return layout.page(
        "Nothing to authenticate",
        layout.paragraph(
            f"{doc['id']} is {doc['status'].replace('_', ' ')}. You can close this page."
        ),
    )
