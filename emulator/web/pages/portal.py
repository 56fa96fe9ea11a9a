"""The page of the customer portal."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.control import Control, portal
from emulator.kernel import currency
from emulator.kernel.errors import Refusal
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
        try:
            portal.act(world, id_, deed, {**sent, "payment_method": sent.get("ready")})
        except Refusal as refusal:
            return _page(portal.look(world, id_), refusal.message)
        return layout.go(str(request.url))

    path = "/_emulator/portal/{world}/{session}"
    return [Route(path, show, methods=["GET"]), Route(path, act, methods=["POST"])]


def _page(seen: portal.Portal, problem: str = "") -> Response:
    customer = seen.customer
    return layout.page(
        "Your subscriptions",
        layout.paragraph(customer["email"] or customer["id"], "soft"),
        *layout.problems(problem),
        *(_subscription(each, seen) for each in seen.subscriptions),
        *_invoices(seen),
        *_card(seen.offers),
        layout.form(layout.deeds([("leave", "Back")])),
    )


def _subscription(subscription: Doc, seen: portal.Portal) -> str:
    ends = ", ends with this period" if subscription["cancel_at_period_end"] else ""
    said = layout.group(
        ", ".join(_item(item, seen.products) for item in subscription["items"]["data"]),
        layout.paragraph(f"{subscription['status'].replace('_', ' ').capitalize()}{ends}"),
        layout.paragraph(subscription["id"], "soft"),
    )
    cancel = seen.offers["subscription_cancel"]
    if not cancel["enabled"] or subscription["status"] not in _GOES_ON:
        return said
    deed = ("resume", "Keep it") if subscription["cancel_at_period_end"] else ("cancel", "Cancel")
    hidden = {"subscription": subscription["id"]}
    return said + layout.form(layout.deeds([deed]), hidden=hidden)


def _item(item: Doc, products: dict[str, str]) -> str:
    """What is subscribed to and, where a unit of it has one price, what that is."""
    price = item["price"]
    name: str = products.get(price["product"], price["product"])
    if price["unit_amount"] is None or price["recurring"] is None:
        return name
    costs = currency.display(price["unit_amount"], price["currency"])
    every, interval = price["recurring"]["interval_count"], price["recurring"]["interval"]
    rhythm = f"each {interval}" if every == 1 else f"every {every} {interval}s"
    return f"{item.get('quantity', 1)} × {name}, {costs} {rhythm}"


def _invoices(seen: portal.Portal) -> list[str]:
    if not seen.offers["invoice_history"]["enabled"] or not seen.invoices:
        return []
    return [layout.group("Invoices", *(_invoice(each) for each in seen.invoices))]


def _invoice(invoice: Doc) -> str:
    total = currency.display(invoice["total"], invoice["currency"])
    said = f"{invoice['number'] or invoice['id']}: {total}, {invoice['status']}"
    there = invoice["hosted_invoice_url"]
    return layout.link(said, there) if there else layout.paragraph(said)


def _card(offers: Doc) -> list[str]:
    if not offers["payment_method_update"]["enabled"]:
        return []
    field = layout.text_field("ready", "Another way to pay", "pm_card_visa")
    return [layout.form(layout.group("Payment", field), layout.deeds([("card", "Use it")]))]
