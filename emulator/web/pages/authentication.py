"""The page of the customer's bank or wallet: one question, a few answers. It stands behind every
address in a `next_action`.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.control import Control
from emulator.control.people import authentication
from emulator.kernel import currency
from emulator.kernel.errors import Refusal
from emulator.kit import Doc
from emulator.web import forms
from emulator.web.pages import layout
from emulator.web.pages.visiting import readable, world_of
from emulator.world import World

_BUTTONS = (("succeeded", "Complete"), ("failed", "Fail"), ("canceled", "Cancel"))
_OF_METHODS = (
    ("succeeded", "Authorize"),
    ("failed", "Fail"),
    ("canceled", "Cancel"),
    ("expired", "Let it expire"),
)
# As on Stripe's own test page (observed in browser tests).
_IDS = {"succeeded": "test-source-authorize-3ds", "failed": "test-source-fail-3ds"}


def routes(control: Control) -> list[Route]:
    """The page, and what its buttons do."""

    @readable
    async def show(request: Request) -> Response:
        found = authentication.look(world_of(control, request), request.path_params["intent"])
        if found.deposits:
            return _deposits(found.doc)
        return _question(found.doc) if found.waits else _nothing(found.doc)

    @readable
    async def act(request: Request) -> Response:
        sent = forms.decode(await request.body())
        world, id_ = world_of(control, request), request.path_params["intent"]
        if sent.get("deed") == "verify":
            return _verified(world, id_, sent)
        doc, there = authentication.authenticate(world, id_, sent.get("deed", ""))
        return layout.go(there) if there else _nothing(doc)

    path = "/_emulator/authenticate/{world}/{intent}"
    return [Route(path, show, methods=["GET"]), Route(path, act, methods=["POST"])]


def _question(doc: Doc) -> Response:
    amount, action = doc.get("amount"), (doc.get("next_action") or {}).get("type", "")
    if amount is None:
        asked = layout.paragraph("Somebody wants to keep a way to charge you later.")
    else:
        asked = layout.paragraph(currency.display(amount, doc["currency"]), "amount")
    plain = action in {"", "redirect_to_url", "use_stripe_sdk"}
    return layout.page(
        "Is this you?" if plain else "Pay this?",
        layout.paragraph("The test bank asks you to approve.", "soft"),
        asked,
        layout.form(layout.deeds(_BUTTONS if plain else _OF_METHODS, _IDS)),
        layout.paragraph(doc["id"], "soft"),
    )


def _verified(world: World, id_: str, sent: Doc) -> Response:
    try:
        return _nothing(authentication.prove(world, id_, sent))
    except Refusal as refusal:
        found = authentication.look(world, id_)
        if not found.deposits:
            raise
        return _deposits(found.doc, refusal.message)


def _deposits(doc: Doc, problem: str = "") -> Response:
    return layout.page(
        "Which deposits arrived?",
        *layout.problems(problem),
        layout.paragraph("Two amounts in cents, or the code on the statement.", "soft"),
        layout.form(
            layout.text_field("first", "First amount", "32"),
            layout.text_field("second", "Second amount", "45"),
            layout.text_field("descriptor_code", "Code", "SM11AA"),
            layout.deeds((("verify", "Verify"),)),
        ),
        layout.paragraph(doc["id"], "soft"),
    )


def _nothing(doc: Doc) -> Response:
    return layout.page(
        "Nothing to authenticate",
        layout.paragraph(
            f"{doc['id']} is {doc['status'].replace('_', ' ')}. You can close this page."
        ),
    )
