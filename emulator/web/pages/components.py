"""The pages that Connect.js shows in frames: embedded components of one account."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.control import Control
from emulator.control.people import components
from emulator.control.people.components import Seen
from emulator.kernel import currency
from emulator.kernel.errors import Refusal
from emulator.kit import Doc
from emulator.web.pages import dashboard, layout
from emulator.web.pages.visiting import world_of
from emulator.world import World

_FORMS = ("account_management", "account_onboarding")
_HEADS = ("Amount", "Status", "Id")


def routes(control: Control) -> list[Route]:
    """The page of each component."""

    async def show(request: Request) -> Response:
        asked = request.query_params
        component = request.path_params["component"]
        try:
            world, secret = world_of(control, request), asked.get("secret", "")
            return _page(request, world, secret, component)
        except Refusal as refusal:
            told = layout.tell(of="component", what="error", message=refusal.message)
            problems = layout.problems(refusal.message)
            return layout.page("This does not work", *problems, told, status=refusal.status)

    return [Route("/_emulator/components/{world}/{component}", show, methods=["GET"])]


def _page(request: Request, world: World, secret: str, component: str) -> Response:
    seen, asked = components.look(world, secret, component), request.query_params
    if component not in _FORMS:
        return _shown(component, seen)
    if "done" in asked:
        told = layout.tell(of="component", what="exit")
        return layout.page("You are done here", _about(seen.account), told)
    back = str(request.url.include_query_params(done="1"))
    collect = asked.get("collect", "currently_due")
    return layout.go(components.begin_onboarding(world, secret, component, back, collect))


def _shown(component: str, seen: Seen) -> Response:
    due = seen.account["requirements"]["currently_due"]
    told = layout.tell(of="component", what="shown", total=str(len(due)))
    if component == "notification_banner":
        parts = [layout.group("Due", *(layout.paragraph(path) for path in due or ["nothing"]))]
    elif seen.listed is not None:
        parts = [layout.table(_HEADS, [_row(doc) for doc in seen.listed])]
    else:
        parts = [layout.group("Balance", *dashboard.held(seen.balance))]
    title = component.replace("_", " ").capitalize()
    return layout.page(title, _about(seen.account), *parts, told)


def _about(account: Doc) -> str:
    return layout.paragraph(f"{account['id']} · {account['country']}", "soft")


def _row(doc: Doc) -> list[layout.Cell]:
    return [currency.display(doc["amount"], doc["currency"]), doc["status"], doc["id"]]
