"""The page of the customer portal."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.control import Control, portal
from emulator.kernel import currency
from emulator.kit import Doc
from emulator.web import forms
from emulator.web.pages import layout
from emulator.web.pages.visiting import readable, world_of

_GOES_ON: Final = frozenset({"active", "past_due", "trialing", "unpaid"})


def routes(control: Control) -> list[Route]:
    """The page, and what its buttons do."""

    @readable
    async def show(request: Request) -> Response:
        return _page(portal.look(world_of(control, request), request.path_params["session"]))

    @readable
    async def act(request: Request) -> Response:
        world, id_ = world_of(control, request), request.path_params["session"]
        sent = forms.decode(await request.body())
        deed = str(sent.get("deed", ""))
        if deed == "leave":
            back = portal.look(world, id_).session["return_url"]
            return layout.go(back or str(request.url))
        portal.act(world, id_, deed, {**sent, "payment_method": sent.get("ready")})
        return layout.go(str(request.url))

    path = "/_emulator/portal/{world}/{session}"
    return [Route(path, show, methods=["GET"]), Route(path, act, methods=["POST"])]


def _page(seen: portal.Portal) -> Response:
    customer = seen.customer
    return layout.page(
        "Your subscriptions",
        layout.paragraph(customer["email"] or customer["id"], "soft"),
        *(_subscription(each, seen.offers) for each in seen.subscriptions),
        *_invoices(seen),
        *_card(seen.offers),
        layout.form(layout.deeds([("leave", "Back")])),
    )


def _subscription(subscription: Doc, offers: Doc) -> str:
    ends = " · ends with this period" if subscription["cancel_at_period_end"] else ""
    said = layout.paragraph(f"{subscription['id']} is {subscription['status']}{ends}")
    if not offers["subscription_cancel"]["enabled"] or subscription["status"] not in _GOES_ON:
        return said
    deed = ("resume", "Keep it") if subscription["cancel_at_period_end"] else ("cancel", "Cancel")
    hidden = {"subscription": subscription["id"]}
    return said + layout.form(layout.deeds([deed]), hidden=hidden)


def _invoices(seen: portal.Portal) -> list[str]:
    if not seen.offers["invoice_history"]["enabled"] or not seen.invoices:
        return []
    lines = [
        layout.paragraph(
            f"{invoice['number'] or invoice['id']}: "
            f"{currency.display(invoice['total'], invoice['currency'])}, {invoice['status']}"
        )
        for invoice in seen.invoices
    ]
    return [layout.group("Invoices", *lines)]


def _card(offers: Doc) -> list[str]:
    if not offers["payment_method_update"]["enabled"]:
        return []
    field = layout.text_field("ready", "Another way to pay", "pm_card_visa")
    return [layout.form(layout.group("Payment", field), layout.deeds([("card", "Use it")]))]
