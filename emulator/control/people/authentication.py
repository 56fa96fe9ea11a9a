"""3-D Secure and other redirects by one call: what the customer would do on the page of their
bank.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from emulator.kernel.errors import control as refusals
from emulator.kit import Doc, Resource, Tx
from emulator.resources.payment_methods import sources
from emulator.resources.payment_methods.sources import SOURCES
from emulator.resources.payments import authenticating, microdeposits, next_actions
from emulator.resources.payments.payment_intents import PAYMENT_INTENTS
from emulator.resources.setups import setting_up
from emulator.resources.setups.setup_intents import SETUP_INTENTS
from emulator.world import World

OUTCOMES: Final = ("succeeded", "failed", "canceled", "expired")
_KINDS: Final = (PAYMENT_INTENTS, SETUP_INTENTS, SOURCES)
_SETTLED: Final = (
    "succeeded",
    "requires_capture",
    "requires_confirmation",
    "chargeable",
    "consumed",
)

BODY: Final[dict[str, Any]] = {
    "intent": {
        "type": "string",
        "description": "the id of a payment intent, setup intent or source",
    },
    "outcome": {"enum": [*OUTCOMES], "description": "one of " + ", ".join(OUTCOMES)},
}


class Challenge(NamedTuple):
    """doc: the intent or source. waits: whether the customer has something to do. deposits: whether
    it waits for the amounts of microdeposits.
    """

    doc: Doc
    waits: bool
    deposits: bool


def look(world: World, id_: str) -> Challenge:
    """What stands behind the address in `next_action` of an intent or `redirect` of a source."""
    with world.transaction(world.caller()) as tx:
        _, doc = _find(tx, id_)
        deposits = doc["object"] != "source" and microdeposits.awaited(doc)
        return Challenge(doc, _waits(doc), deposits)


def authenticate(world: World, id_: str, outcome: str) -> tuple[Doc, str | None]:
    """Pass (`succeeded`), fail (`failed`), leave (`canceled`) or miss (`expired`) the challenge of
    an intent or source.

    Returns it as it is afterwards, and the address to which the customer is sent back, if there
    is one.
    """
    if outcome not in OUTCOMES:
        raise refusals.bad_control_value("outcome", "one of " + ", ".join(OUTCOMES))
    with world.transaction(world.caller()) as tx:
        _, doc = _find(tx, id_)
        back = _return_url(doc)
        doc = carry_out(tx, id_, outcome)
    return doc, _with_outcome(back, doc) if back else None


def carry_out(tx: Tx, id_: str, outcome: str) -> Doc:
    """The same within a transaction. Returns the intent or source as it is afterwards."""
    mine, doc = _find(tx, id_)
    if not _waits(doc):
        raise refusals.nothing_to_authenticate(id_, doc["status"])
    if doc["object"] == "payment_intent":
        return authenticating.authenticate(mine, doc, outcome)
    told = "succeeded" if outcome == "succeeded" else "failed"
    if doc["object"] == "setup_intent":
        return setting_up.authenticate(mine, doc, told)
    return sources.authenticate(mine, doc, told)


def prove(world: World, id_: str, sent: dict[str, Any]) -> Doc:
    """What the customer types of the microdeposits: `first` and `second` in cents, or the
    `descriptor_code`.
    """
    code = sent.get("descriptor_code")
    amounts = [sent.get("first"), sent.get("second")]
    if not code and not all(str(each).isdecimal() for each in amounts):
        raise refusals.bad_control_value("first", "a whole number of cents, as `second`")
    known = {"descriptor_code": code} if code else {"amounts": [int(str(x)) for x in amounts]}
    with world.transaction(world.caller()) as tx:
        mine, doc = _find(tx, id_)
        deed = setting_up if doc["object"] == "setup_intent" else microdeposits
        return dict(deed.verify_microdeposits(mine, known, id_))


async def answer(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """POST /_emulator/authenticate: {"intent": "pi_…", "outcome": "succeeded" | "failed" |
    "canceled"}.
    """
    id_, outcome = body["intent"], body.get("outcome", "succeeded")
    doc, there = authenticate(world, id_, outcome)
    return {"intent": id_, "object": doc["object"], "status": doc["status"], "return_url": there}


def _find(tx: Tx, id_: str) -> tuple[Tx, Doc]:
    """The intent or source of this id, and the transaction as its account sees it."""
    return tx.locate(_kind(id_), id_, "intent")


def _kind(id_: str) -> Resource:
    prefix = id_.partition("_")[0]
    for resource in _KINDS:
        if resource.prefix == prefix:
            return resource
    raise refusals.bad_control_value("intent", "the id of a payment intent, setup intent or source")


def _waits(doc: Doc) -> bool:
    """Whether it waits for its customer to authenticate."""
    if doc["object"] == "source":
        return bool(doc["status"] == "pending" and doc.get("redirect"))
    return next_actions.waits(doc)


def _return_url(doc: Doc) -> str | None:
    """Where the customer came from, None when nobody said."""
    action = doc.get("redirect") or (doc.get("next_action") or {}).get("redirect_to_url") or {}
    url: str | None = action.get("return_url")
    return url


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
