"""The page of a Checkout Session, and the address of a payment link that leads to one."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.control import Control
from emulator.control.people import checkout
from emulator.kernel import currency
from emulator.kernel.errors import Refusal
from emulator.kit import Doc
from emulator.web import forms
from emulator.web.pages import layout
from emulator.web.pages.visiting import readable, world_of
from emulator.world import World

_CARD: Final = {"number": "4242424242424242", "exp": "12/34", "cvc": "123"}
_SUBMITS: Final = {"payment": "Pay", "setup": "Save", "subscription": "Subscribe"}


def routes(control: Control) -> list[Route]:
    """The page, what its buttons do, and the door of payment links."""

    @readable
    async def show(request: Request) -> Response:
        world, id_ = world_of(control, request), request.path_params["session"]
        seen, there = checkout.look(world, id_), checkout.returned(world, id_)
        if there or (_is_framed(request) and seen.session["status"] == "complete"):
            return _done(request, seen.session, there)
        return _page(seen)

    @readable
    async def act(request: Request) -> Response:
        world, id_ = world_of(control, request), request.path_params["session"]
        sent = forms.decode(await request.body())
        return _act(request, world, id_, sent)

    @readable
    async def open_link(request: Request) -> Response:
        world = world_of(control, request)
        return layout.go(checkout.open_link(world, request.path_params["link"]))

    async def thanks(_: Request) -> Response:
        return layout.page("Thank you", layout.paragraph("Your payment was successful."))

    return [
        Route("/_emulator/checkout/{world}/{session}", show, methods=["GET"]),
        Route("/_emulator/checkout/{world}/{session}", act, methods=["POST"]),
        Route("/_emulator/pay/{world}/{link}", open_link, methods=["GET"]),
        Route("/_emulator/pay/{world}/{link}/done", thanks, methods=["GET"]),
    ]


def _act(request: Request, world: World, id_: str, sent: Doc) -> Response:
    if sent.get("deed") == "leave":
        seen = checkout.look(world, id_)
        back = seen.session["cancel_url"]
        return layout.go(back) if back else _page(seen)
    if sent.get("deed") == "expire":
        checkout.expire(world, id_)
        return layout.page("This session has expired", layout.paragraph(id_, "soft"))
    try:
        session, there = checkout.submit_patiently(world, id_, _payer(request, sent))
    except Refusal as refusal:
        return _page(checkout.look(world, id_), refusal.message, sent)
    if there and session["status"] != "complete":
        return layout.go(there)
    return _done(request, session, there)


def _done(request: Request, session: Doc, there: str | None) -> Response:
    """The session is complete: on to where the seller wants the customer. In a frame of the
    seller's page, that page is told.
    """
    said = layout.paragraph(f"{session['id']} is {session['status']}.")
    if _is_framed(request):
        told = layout.tell(of="checkout", id=session["id"], there=there or "")
        return layout.page("Thank you", said, told)
    return layout.go(there) if there else layout.page("Thank you", said)


def _is_framed(request: Request) -> bool:
    """Whether Stripe.js shows the page inside another."""
    return "framed" in request.query_params


def _payer(request: Request, sent: Doc) -> Doc:
    """What the form says of who pays, and with what."""
    payer: Doc = {
        name: sent[name] for name in ("email", "name", "promotion_code") if sent.get(name)
    }
    payer["return_url"] = str(request.url.replace(query="framed=1" * _is_framed(request)))
    payer["type"] = sent.get("type", "card")
    if sent.get("ready"):
        payer["payment_method"] = sent["ready"]
    elif payer["type"] == "card":
        month, _, year = str(sent.get("exp", "")).partition("/")
        payer["card"] = {
            "number": str(sent.get("number", "")).replace(" ", ""),
            "exp_month": _whole(month),
            "exp_year": _whole(year) + 2000 if len(year.strip()) == 2 else _whole(year),
            "cvc": sent.get("cvc", ""),
        }
    if sent.get("shipping_rate"):
        payer["shipping_rate"] = sent["shipping_rate"]
    if isinstance(sent.get("address"), dict) and sent["address"].get("country"):
        payer["address"] = sent["address"]
    fields = sent.get("field")
    if isinstance(fields, dict):
        payer["custom_fields"] = fields
    return payer


def _whole(text: str) -> int:
    return int(text) if text.strip().isdecimal() else 0


def _page(seen: checkout.Seen, problem: str = "", sent: Doc | None = None) -> Response:
    """The page itself. sent: what was typed already, and was refused."""
    session, typed = seen.session, sent or {}
    if session["status"] != "open":
        said = layout.paragraph(f"{session['id']} is {session['status']}.", "soft")
        return layout.page("This session is over", said)
    codes = layout.text_field(
        "promotion_code", "Promotion code", "", _text(typed, "promotion_code")
    )
    return layout.page(
        "Checkout" if seen.seller.startswith("acct_") else seen.seller,
        *layout.problems(problem),
        _total(session),
        *(_line(line) for line in seen.lines),
        layout.form(
            *_about_payer(session, typed),
            *_shipping(seen, typed),
            *([codes] if seen.codes else []),
            *_means(session, typed),
            layout.deeds(_buttons(session)),
        ),
        layout.paragraph(session["id"], "soft"),
    )


def _text(sent: Doc, name: str, usual: str = "") -> str:
    """A field of the form as it was typed."""
    value = sent.get(name, usual)
    return value if isinstance(value, str) else usual


def _total(session: Doc) -> str:
    if session["amount_total"] is None:
        return layout.paragraph("Save a way to pay later.", "soft")
    return layout.paragraph(
        currency.display(session["amount_total"], session["currency"]), "amount"
    )


def _line(line: Doc) -> str:
    amount = currency.display(line["amount_total"], line["currency"])
    return layout.paragraph(f"{line['quantity']} × {line['description']}: {amount}")


def _about_payer(session: Doc, typed: Doc) -> list[str]:
    details = session["customer_details"] or {}
    email, name = (details.get(field) or checkout.PAYER[field] for field in ("email", "name"))
    return [
        layout.text_field("email", "Email", value=_text(typed, "email", email)),
        layout.text_field("name", "Name", value=_text(typed, "name", name)),
        *_address(session),
        *(_custom(field, typed) for field in session["custom_fields"]),
    ]


def _custom(field: Doc, typed: Doc) -> str:
    """A field that the seller added: text, a number, or a choice."""
    known = typed.get("field")
    value = _text(known if isinstance(known, dict) else {}, field["key"])
    name, label = f"field[{field['key']}]", field["label"]["custom"]
    if field["type"] != "dropdown":
        return layout.text_field(name, label, value=value)
    offered = {each["value"]: each["label"] for each in field["dropdown"]["options"]}
    return layout.choice(name, label, {"": "Choose", **offered}, value)


def _address(session: Doc) -> list[str]:
    """Where the customer is, when tax is worked out by it."""
    if not session["automatic_tax"]["enabled"]:
        return []
    known = (session["customer_details"] or {}).get("address") or {}
    names = {"country": "Country", "state": "State", "postal_code": "Postal code"}
    return [
        layout.text_field(f"address[{name}]", label, value=known.get(name) or "")
        for name, label in names.items()
    ]


def _shipping(seen: checkout.Seen, typed: Doc) -> list[str]:
    session = seen.session
    options = {}
    for each in session["shipping_options"]:
        costs = currency.display(each["shipping_amount"], session["currency"])
        options[each["shipping_rate"]] = f"{seen.shipping[each['shipping_rate']]}: {costs}"
    if not options:
        return []
    return [layout.choice("shipping_rate", "Shipping", options, _text(typed, "shipping_rate"))]


def _means(session: Doc, typed: Doc) -> list[str]:
    types = {name: name.replace("_", " ") for name in session["payment_method_types"]}
    card = [
        layout.text_field(name, label, value=_text(typed, name, _CARD[name]))
        for name, label in (("number", "Number"), ("exp", "Expires"), ("cvc", "CVC"))
    ]
    ready, hint = "Or a ready-made payment method", "pm_card_chargeDeclined"
    return [
        layout.choice("type", "Pay with", types, _text(typed, "type")),
        layout.group("Card", *card),
        layout.text_field("ready", ready, hint, _text(typed, "ready")),
    ]


def _buttons(session: Doc) -> list[tuple[str, str]]:
    leave = [("leave", "Back")] if session["cancel_url"] else []
    return [("submit", _SUBMITS[session["mode"]]), *leave, ("expire", "Let it expire")]
