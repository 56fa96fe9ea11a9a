"""The page of the customer portal."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.control import Control
from emulator.control.people import portal
from emulator.kernel import currency
from emulator.kernel.errors import Refusal
from emulator.kit import Doc
from emulator.web import forms
from emulator.web.pages import layout
from emulator.web.pages.visiting import readable, world_of

_GOES_ON: Final = frozenset({"active", "past_due", "trialing", "unpaid"})
_TITLES: Final = {
    "payment_method_update": "Your payment method",
    "subscription_cancel": "Cancel your subscription",
    "subscription_update": "Change your subscription",
    "subscription_update_confirm": "Confirm your changes",
}


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
            there = portal.act(world, id_, deed, {**sent, "payment_method": sent.get("ready")})
        except Refusal as refusal:
            return _page(portal.look(world, id_), refusal.message)
        return layout.go(there or str(request.url))

    path = "/_emulator/portal/{world}/{session}"
    return [Route(path, show, methods=["GET"]), Route(path, act, methods=["POST"])]


def _page(seen: portal.Portal, problem: str = "") -> Response:
    if seen.flow is not None and not seen.is_done:
        return _flow_page(seen, seen.flow, problem)
    if seen.flow is not None and seen.flow["after_completion"]["type"] == "hosted_confirmation":
        said = seen.flow["after_completion"]["hosted_confirmation"] or {}
        return layout.page("Done", layout.paragraph(said.get("custom_message") or "Thank you."))
    return layout.page(
        "Your subscriptions",
        _who(seen),
        *layout.problems(problem),
        *(_subscription(each, seen) for each in seen.subscriptions),
        *_invoices(seen),
        *_card(seen.offers),
        layout.form(layout.deeds([("leave", "Back")])),
    )


def _flow_page(seen: portal.Portal, flow: Doc, problem: str) -> Response:
    """The one deed that the session leads to, and nothing else."""
    kind = flow["type"]
    of = (flow.get(kind) or {}).get("subscription")
    subscription = next((each for each in seen.subscriptions if each["id"] == of), None)
    parts = _card(seen.offers)
    if subscription is not None:
        parts = [_described(subscription, seen)]
        if kind == "subscription_cancel":
            parts.append(_button("cancel", "Cancel", subscription))
        elif kind == "subscription_update":
            parts += _choices(subscription, seen)
        else:
            parts += [_proposed(flow[kind], seen), _button("confirm", "Confirm", subscription)]
    back = layout.form(layout.deeds([("leave", "Back")]))
    return layout.page(
        _TITLES.get(kind, "Your subscriptions"),
        _who(seen),
        *layout.problems(problem),
        *parts,
        back,
    )


def _who(seen: portal.Portal) -> str:
    return layout.paragraph(seen.customer["email"] or seen.customer["id"], "soft")


def _described(subscription: Doc, seen: portal.Portal) -> str:
    ends = ", ends with this period" if subscription["cancel_at_period_end"] else ""
    return layout.group(
        ", ".join(_item(item, seen.products) for item in subscription["items"]["data"]),
        layout.paragraph(f"{subscription['status'].replace('_', ' ').capitalize()}{ends}"),
        layout.paragraph(subscription["id"], "soft"),
    )


def _subscription(subscription: Doc, seen: portal.Portal) -> str:
    said = _described(subscription, seen)
    if subscription["status"] not in _GOES_ON:
        return said
    ends = subscription["cancel_at_period_end"]
    if not ends:
        said += "".join(_choices(subscription, seen))
    if not seen.offers["subscription_cancel"]["enabled"]:
        return said
    return said + _button(*(("resume", "Keep it") if ends else ("cancel", "Cancel")), subscription)


def _button(deed: str, label: str, subscription: Doc) -> str:
    return layout.form(layout.deeds([(deed, label)]), hidden={"subscription": subscription["id"]})


def _choices(subscription: Doc, seen: portal.Portal) -> list[str]:
    """What a subscription to one thing can be changed to, where that is offered."""
    how = seen.offers["subscription_update"]
    items = subscription["items"]["data"]
    if not how["enabled"] or len(items) != 1:
        return []
    labels = {each["id"]: _item({"price": each}, seen.products) for each in seen.prices}
    fields = [layout.choice("price", "Change to", labels, items[0]["price"]["id"])]
    if "quantity" in how["default_allowed_updates"]:
        fields.append(layout.text_field("quantity", "How many", value=str(items[0]["quantity"])))
    hidden = {"subscription": subscription["id"]}
    return [layout.form(*fields, layout.deeds([("update", "Change")]), hidden=hidden)]


def _proposed(asked: Doc, seen: portal.Portal) -> str:
    """What a flow would make of the subscription."""
    known = {each["id"]: each for each in seen.prices}
    said = [
        _item({**given, "price": known[given["price"]]}, seen.products)
        if given.get("price") in known
        else f"{given.get('quantity', 1)} of it"
        for given in asked["items"]
    ]
    return layout.group("To be", layout.paragraph(", ".join(said)))


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
