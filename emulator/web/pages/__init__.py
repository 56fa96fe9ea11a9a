"""Pages for people: plain HTML that works without JavaScript and loads nothing from elsewhere."""

from starlette.routing import Route

from emulator.control import Control
from emulator.web.pages import authentication, onboarding


def routes(control: Control) -> list[Route]:
    """Every page of this server."""
    return [*onboarding.routes(control), *authentication.routes(control)]


__all__ = ["routes"]
