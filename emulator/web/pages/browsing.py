"""Looking around in a browser: the worlds, one world at a glance, and each object of it. Nothing
can be changed here, and looking leaves no trace in the request log.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.control import Control, overview
from emulator.control.openapi import PREFIX
from emulator.control.overview import Holder
from emulator.control.worlds import shown
from emulator.kernel import currency
from emulator.kernel.instants import legible
from emulator.kit import Doc
from emulator.web.pages import layout
from emulator.web.pages.layout import Cell
from emulator.web.pages.visiting import readable, world_of
from emulator.world import World

HERE: Final = f"{PREFIX}/browse"

_POCKETS: Final = ("available", "pending", "connect_reserved")
_ID: Final = re.compile(r"\b[a-z]{2,}(?:_[a-z0-9]+)*_\w{8,}")
_MOST_REQUESTS: Final = 30


def routes(control: Control) -> list[Route]:
    @readable
    async def worlds(_request: Request) -> Response:
        return _worlds(control.worlds.all())

    @readable
    async def one(request: Request) -> Response:
        world = world_of(control, request)
        asked = await control.requests.list_(world, {"limit": _MOST_REQUESTS})
        clock = await control.clocks.show(world, {})
        return _world(world, overview.look(world), asked["data"], clock["due"])

    @readable
    async def each(request: Request) -> Response:
        world = world_of(control, request)
        return _object(world, overview.show(world, request.path_params["id"]))

    return [
        Route(HERE, worlds, methods=["GET"]),
        Route(f"{HERE}/{{world}}", one, methods=["GET"]),
        Route(f"{HERE}/{{world}}/{{id}}", each, methods=["GET"]),
    ]


def _worlds(found: list[World]) -> Response:
    about = [(world, shown(world)) for world in found]
    rows: list[list[Cell]] = [
        [
            (told["name"], f"{HERE}/{world.name}"),
            legible(told["now"]),
            told["clock"],
            told["country"],
            str(told["objects"]),
            str(told["requests"]),
        ]
        for world, told in about
    ]
    return layout.page(
        "Worlds",
        layout.paragraph(
            "One for each key that was used: sk_test_NAME names the world NAME.", "soft"
        ),
        layout.table(("World", "Its time", "Clock", "Country", "Objects", "Requests"), rows),
        wide=True,
    )


def _world(world: World, seen: overview.Overview, asked: list[Doc], due: list[Doc]) -> Response:
    told, now = shown(world), legible(world.now())
    more = (
        f" (the platform and the newest of {seen.in_all})"
        if seen.in_all > len(seen.accounts)
        else ""
    )
    return layout.page(
        f"World {world.name}",
        layout.paragraph(
            f"{now} · clock {told['clock']} · {told['country']} · key {told['key']}",
            "soft",
        ),
        layout.link("All worlds", HERE),
        layout.group(f"Accounts{more}", _accounts(world, seen.accounts)),
        layout.group("Latest events", _events(world, seen.events)),
        layout.group("Latest requests", _requests(world, asked)),
        layout.group("Due next", _due(world, due)),
        wide=True,
    )


def _accounts(world: World, holders: list[Holder]) -> str:
    heads = ("Account", "Type", "Country", "Charges", "Payouts", "Due", "Holds")
    return layout.table(heads, [_account(world, each) for each in holders])


def _account(world: World, holder: Holder) -> list[Cell]:
    account = holder.account
    due = account.get("requirements", {}).get("currently_due") or []
    return [
        _link(world, account["id"]),
        account.get("type") or "by controller",
        account.get("country") or "",
        _yes(account.get("charges_enabled")),
        _yes(account.get("payouts_enabled")),
        ", ".join(due),
        ", ".join(_held(holder.balance)),
    ]


def _held(balance: Doc) -> Iterator[str]:
    for pocket in _POCKETS:
        for part in balance.get(pocket, ()):
            if part["amount"]:
                yield f"{_money(part)} {pocket.replace('_', ' ')}"


def _events(world: World, found: list[tuple[str, Doc]]) -> str:
    rows: list[list[Cell]] = [
        [
            legible(event["created"]),
            (event["type"], f"{HERE}/{world.name}/{event['id']}"),
            _link(world, event["data"]["object"].get("id", "")),
            _link(world, account),
        ]
        for account, event in found
    ]
    return layout.table(("When", "Event", "Object", "Account"), rows)


def _requests(world: World, asked: list[Doc]) -> str:
    rows: list[list[Cell]] = [
        [
            legible(each["at"]),
            f"{each['method']} {each['path']}",
            _link(world, each["account"]),
            str(each["status"] or "lost"),
            (each["error"] or {}).get("message", ""),
        ]
        for each in asked
    ]
    return layout.table(("When", "Request", "Account", "Status", "Refusal"), rows)


def _due(world: World, due: list[Doc]) -> str:
    rows: list[list[Cell]] = [
        [
            legible(each["when"]),
            each["job"],
            _link(world, each["object"]),
            _link(world, each["account"]),
        ]
        for each in due
    ]
    return layout.table(("When", "What", "Object", "Account"), rows)


def _object(world: World, whole: overview.Whole) -> Response:
    text = orjson.dumps(whole.doc, option=orjson.OPT_INDENT_2).decode()
    about = (
        layout.group("Where its money went", layout.text(whole.money, _links(world, whole.money)))
        if whole.money
        else layout.group("Newest objects", _possessions(world, whole.has))
    )
    return layout.page(
        whole.doc["id"],
        layout.paragraph(f"{whole.doc['object']} on {whole.account}", "soft"),
        layout.link(f"World {world.name}", f"{HERE}/{world.name}"),
        about,
        layout.group("As it is", layout.text(text, _links(world, text))),
        wide=True,
    )


def _possessions(world: World, found: list[Doc]) -> str:
    rows: list[list[Cell]] = [
        [
            legible(doc["created"]) if isinstance(doc.get("created"), int) else "",
            doc["object"].replace("_", " "),
            _link(world, doc["id"]),
            _money(doc) if isinstance(doc.get("amount"), int) and doc.get("currency") else "",
            str(doc.get("status") or ""),
            str(doc.get("description") or doc.get("name") or ""),
        ]
        for doc in found
    ]
    return layout.table(("When", "What", "Object", "Amount", "Status", "About"), rows)


def _links(world: World, text: str) -> dict[str, str]:
    """Where the ids in a text lead: those of objects that there are."""
    store = world.setup.store
    known = (id_ for id_ in set(_ID.findall(text)) if store.entry(id_) is not None)
    return {id_: f"{HERE}/{world.name}/{id_}" for id_ in known}


def _link(world: World, id_: str) -> Cell:
    known = world.setup.store.entry(id_) is not None
    return (id_, f"{HERE}/{world.name}/{id_}") if known else id_


def _money(part: Doc) -> str:
    return currency.display(part["amount"], part["currency"])


def _yes(value: Any) -> str:
    return "yes" if value else "no"
