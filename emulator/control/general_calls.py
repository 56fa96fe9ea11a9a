"""The calls about the server and about one world as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emulator.control import check, clocks, settings, trace
from emulator.control.calls import Call, Schema
from emulator.control.people import authentication, checkout, onboarding
from emulator.control.worlds import NAMED, PROFILE

if TYPE_CHECKING:
    from emulator.control.control import Control

_NO_WORLD: Final = {404: "There is no such world."}
_TAKEN: Final = {409: "There is a world of this name already."}
_NO_SNAPSHOT: Final = {404: "This world has no such snapshot."}
_NO_OBJECT: Final = {404: "There is no such object."}
_FORMAT: Final[Schema] = {"enum": ["json", "text"], "description": "json or text"}


def calls(control: Control) -> tuple[Call, ...]:
    """Every call about the server and about one world as a whole."""
    return (
        *_server(control),
        *_worlds(control),
        *_world(control),
        *_moments(control),
        *_time(control),
        *_settings(),
        Call(
            "trace",
            "GET",
            "/trace/{id}",
            "Where each cent of an object went.",
            trace.answer,
            query={"format": _FORMAT},
            errors=_NO_OBJECT,
        ),
        *_deeds(),
        *_customers_deeds(),
    )


def _server(control: Control) -> tuple[Call, ...]:
    return (
        Call(
            "health", "GET", "/health", "Whether the server answers.", control.health, of="server"
        ),
        Call(
            "info",
            "GET",
            "/info",
            "The version, and every operation that is modelled.",
            control.info,
            of="server",
        ),
    )


def _worlds(control: Control) -> tuple[Call, ...]:
    keeper = control.keeper
    return (
        Call(
            "listWorlds",
            "GET",
            "/worlds",
            "Every world that came to be.",
            keeper.show_all,
            "server",
        ),
        Call(
            "createWorld",
            "POST",
            "/worlds",
            "Make a world with a profile of its own.",
            keeper.create,
            "server",
            body=PROFILE,
            needs=("name",),
            errors=_TAKEN,
        ),
        Call(
            "importWorld",
            "POST",
            "/worlds/import",
            "Make a world from a file that was exported.",
            keeper.take_in,
            "server",
            query=NAMED,
            whole="file",
            errors=_TAKEN,
        ),
    )


def _world(control: Control) -> tuple[Call, ...]:
    keeper = control.keeper
    return (
        Call("showWorld", "GET", "/world", "One world.", keeper.show, errors=_NO_WORLD),
        Call(
            "deleteWorld",
            "DELETE",
            "/world",
            "Delete a world.",
            keeper.delete,
            errors=_NO_WORLD,
            notes=False,
        ),
        Call("resetWorld", "POST", "/reset", "The world as it began.", keeper.reset, notes=False),
        Call(
            "forkWorld",
            "POST",
            "/fork",
            "Another world that goes on from here.",
            keeper.fork,
            notes=False,
            body=NAMED,
            needs=("name",),
            errors=_TAKEN,
        ),
        Call("exportWorld", "GET", "/export", "The world as a file for TinyDB.", keeper.export),
    )


def _moments(control: Control) -> tuple[Call, ...]:
    keeper = control.keeper
    return (
        Call("listSnapshots", "GET", "/snapshots", "The snapshots of the world.", keeper.snapshots),
        Call(
            "takeSnapshot",
            "POST",
            "/snapshots",
            "Keep the world as it is now, under a name.",
            keeper.snapshot,
            notes=False,
            body=NAMED,
            needs=("name",),
        ),
        Call(
            "restoreSnapshot",
            "POST",
            "/snapshots/{snapshot}/restore",
            "The world as it was then, its time included.",
            keeper.restore,
            notes=False,
            errors=_NO_SNAPSHOT,
        ),
        Call(
            "deleteSnapshot",
            "DELETE",
            "/snapshots/{snapshot}",
            "Forget a snapshot.",
            keeper.forget,
            notes=False,
            errors=_NO_SNAPSHOT,
        ),
    )


def _time(control: Control) -> tuple[Call, ...]:
    return (
        Call(
            "showClock",
            "GET",
            "/clock",
            "What time it is, how it passes, and what is due next.",
            control.clocks.show,
        ),
        Call(
            "changeClock",
            "POST",
            "/clock",
            "Move the clock; answers when what fell due on the way has happened.",
            control.clocks.change,
            body=clocks.BODY,
        ),
        Call(
            "auditWorld",
            "GET",
            "/audit",
            "Rebuild the books from their entries.",
            control.audit,
        ),
    )


def _settings() -> tuple[Call, ...]:
    return (
        Call("showSettings", "GET", "/settings", "What the world is set to.", settings.show),
        Call(
            "changeSettings",
            "POST",
            "/settings",
            "Change what is named; null gives a setting its usual value back.",
            settings.change,
            body=settings.SCHEMA,
        ),
    )


def _deeds() -> tuple[Call, ...]:
    return (
        Call(
            "check",
            "POST",
            "/check",
            "What the availability rules say of one case, without making anything.",
            check.answer,
            notes=False,
            body=check.BODY,
        ),
    )


def _customers_deeds() -> tuple[Call, ...]:
    """What a person would do on a page of this server."""
    return (
        Call(
            "authenticate",
            "POST",
            "/authenticate",
            "End a 3-D Secure challenge, or another wait for a customer.",
            authentication.answer,
            body=authentication.BODY,
            needs=("intent",),
            errors=_NO_OBJECT,
        ),
        Call(
            "checkout",
            "POST",
            "/checkout",
            "Do what a customer would do on the page of a Checkout Session.",
            checkout.answer,
            body=checkout.BODY,
            needs=("session",),
            errors=_NO_OBJECT,
        ),
        Call(
            "onboard",
            "POST",
            "/onboard",
            "Fill in what an account still lacks.",
            onboarding.answer_all,
            body=onboarding.BODY,
            needs=("account",),
            errors=_NO_OBJECT,
        ),
    )
