"""The page on which somebody lets an application have their account, or makes one for it."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from emulator.control.people import connecting
from emulator.control.people.connecting import Asked
from emulator.kernel.errors import Refusal
from emulator.web.pages import layout

_MOST_SHOWN = 50
_NEW = "new"
_BUTTONS = (
    ("connect", "Connect my Stripe account"),
    ("skip", "Skip this form"),
    ("deny", "Cancel"),
)
_SCOPES = {
    "read_only": "It wants to see the account's data and change nothing.",
    "read_write": "It wants to see the account's data and to act for it.",
}


def question(asked: Asked, problem: str = "", status: int = 200) -> Response:
    """The page itself."""
    name = asked.world.setup.settings.get("application_name", "This platform")
    known = connecting.candidates(asked.world) if asked.type == "standard" else []
    accounts = [
        layout.one_of("account", _said(account), account["id"], chosen=not at)
        for at, account in enumerate(known[:_MOST_SHOWN])
    ]
    new = layout.one_of("account", "A new account", _NEW, chosen=not accounts)
    details = (
        layout.text_field("country", "Country", "two letters", asked.country),
        layout.text_field("email", "Email", "holder@example.com", asked.email),
    )
    return layout.page(
        f"{name} wants to connect",
        layout.paragraph(_SCOPES[asked.scope], "soft"),
        *layout.problems(problem),
        layout.form(
            layout.group("Which account?", *accounts, new),
            layout.group("If it is new", *details),
            layout.paragraph("Skipping makes a new account that can charge at once.", "soft"),
            layout.deeds(_BUTTONS),
        ),
        status=status,
    )


def answered(asked: Asked, sent: dict[str, Any]) -> Response:
    """What its buttons do: back to the application with a code, or without."""
    deed = sent.get("deed")
    if deed == "deny":
        return _back(asked, connecting.denied(asked), "Nothing was connected.")
    chosen = sent.get("account") or _NEW
    skipped = deed == "skip"
    try:
        code = connecting.authorize(
            asked.world,
            None if skipped or chosen == _NEW else str(chosen),
            scope=asked.scope,
            type_=asked.type,
            country=asked.country if skipped else str(sent.get("country") or asked.country).upper(),
            email=str(sent.get("email") or asked.email) or None,
        )
    except Refusal as refusal:
        return question(asked, refusal.message, refusal.status)
    return _back(asked, connecting.allowed(asked, code), f"The authorization code: {code}")


def _back(asked: Asked, there: str, otherwise: str) -> Response:
    if asked.redirect_uri:
        return layout.go(there)
    return layout.page(
        "Done", layout.paragraph(otherwise), layout.paragraph("No redirect_uri was sent.", "soft")
    )


def _said(account: dict[str, Any]) -> str:
    about = account.get("email") or account["business_profile"].get("name") or "no name yet"
    return f"{about} ({account['id']}, {account['country']})"
