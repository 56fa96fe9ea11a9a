"""3-D Secure and other redirects by one call: what the customer would do on the page of their
bank.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from emulator.kernel.errors import control as refusals
from emulator.kit import Doc
from emulator.resources import authenticating
from emulator.resources.authenticating import OUTCOMES
from emulator.world import World

_SETTLED: Final = (
    "succeeded",
    "requires_capture",
    "requires_confirmation",
    "chargeable",
    "consumed",
)


class Challenge(NamedTuple):
    """doc: the intent or source. waits: whether the customer has something to do."""

    doc: Doc
    waits: bool


def look(world: World, id_: str) -> Challenge:
    """What stands behind the address in `next_action` of an intent or `redirect` of a source."""
    with world.transaction(world.caller()) as tx:
        doc = authenticating.find(tx, id_)
        return Challenge(doc, authenticating.waits(doc))


def authenticate(world: World, id_: str, outcome: str) -> tuple[Doc, str | None]:
    """Pass (`succeeded`), fail (`failed`) or leave (`canceled`) the challenge of an intent or
    source.

    Returns it as it is afterwards, and the address to which the customer is sent back, if there
    is one.
    """
    if outcome not in OUTCOMES:
        raise refusals.bad_control_value("outcome", "one of " + ", ".join(OUTCOMES))
    with world.transaction(world.caller()) as tx:
        back = authenticating.return_url(authenticating.find(tx, id_))
        doc = authenticating.authenticate(tx, id_, outcome)
    return doc, _with_outcome(back, doc) if back else None


async def answer(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """POST /_emulator/authenticate: {"intent": "pi_…", "outcome": "succeeded" | "failed" |
    "canceled"}.
    """
    refusals.check_names(body, ("intent", "outcome"))
    id_, outcome = body.get("intent"), body.get("outcome", "succeeded")
    if not isinstance(id_, str):
        raise refusals.bad_control_value(
            "intent", "the id of a payment intent, setup intent or source"
        )
    doc, there = authenticate(world, id_, str(outcome))
    return {"intent": id_, "object": doc["object"], "status": doc["status"], "return_url": there}


def _with_outcome(url: str, doc: Doc) -> str:
    """The address to return to with the parameters that Stripe adds."""
    name = doc["object"]
    found = urlsplit(url)
    pairs = [*parse_qsl(found.query, keep_blank_values=True), (name, doc["id"])]
    if name == "source":
        pairs = [
            *pairs[:-1],
            ("client_secret", doc["client_secret"]),
            ("livemode", "false"),
            pairs[-1],
        ]
    else:
        pairs += [(f"{name}_client_secret", doc["client_secret"]), ("redirect_status", _said(doc))]
    return found._replace(query=urlencode(pairs)).geturl()


def _said(doc: Doc) -> str:
    if doc["status"] == "processing":
        return "pending"
    return "succeeded" if doc["status"] in _SETTLED else "failed"
