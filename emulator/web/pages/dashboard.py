"""The page behind a login link: how an Express account stands, and what it holds."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.control import Control
from emulator.control.people import dashboard
from emulator.kernel import currency
from emulator.kit import Doc
from emulator.web.pages import layout
from emulator.web.pages.visiting import readable, world_of

_STANDING = (("charges_enabled", "Charges"), ("payouts_enabled", "Payouts"))


def routes(control: Control) -> list[Route]:
    """The page; there is nothing to do on it."""

    @readable
    async def show(request: Request) -> Response:
        path = request.path_params
        found = dashboard.look(world_of(control, request), path["account"], path["token"])
        return _overview(found)

    return [Route("/_emulator/express/{world}/{account}/{token}", show, methods=["GET"])]


def _overview(found: dashboard.Overview) -> Response:
    account = found.account
    enabled = [
        layout.paragraph(f"{name}: {'enabled' if account[field] else 'not enabled'}")
        for field, name in _STANDING
    ]
    due = account["requirements"]["currently_due"] or ["nothing"]
    return layout.page(
        "Your Express account",
        layout.paragraph(f"{account['id']} · {account['country']}", "soft"),
        layout.group("Standing", *enabled),
        layout.group("Balance", *held(found.balance)),
        layout.group("Due", *(layout.paragraph(path) for path in due)),
    )


def held(balance: Doc) -> list[str]:
    """What a balance holds, a paragraph each."""
    return [
        layout.paragraph(f"{currency.display(part['amount'], part['currency'])} {name}")
        for name in ("available", "pending")
        for part in balance[name]
    ]
