"""How a world delivers: at once or on request, and what is to go wrong on the way.

Kept in the world's store, for the whole world or for one endpoint, whose settings come first.
Chance is a function of the seed, the delivery and the try, so one more event shifts nothing.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import orjson

from emulator.kernel import ids
from emulator.kit import Setup, outbox
from emulator.world import World

TABLE: Final = "delivering"
WORLD: Final = "*"
AT_ONCE: Final = "at_once"
HOLD: Final = "hold"
CHAOS: Final = ("drop", "delay", "reorder", "duplicate")
USUAL_DELAY: Final = 60

# Seconds until the next try. Documented: three tries over a few hours in a sandbox, and up to three
# days with growing pauses in live mode; the pauses themselves are assumed.
_HOUR: Final = 3600
SCHEDULES: Final = {
    "test": (_HOUR, 3 * _HOUR),
    "live": tuple(hours * _HOUR for hours in (1, 2, 4, 8, 16, 24, 17)),
}

Choice = dict[str, Any]


class Fate(NamedTuple):
    """What becomes of one try: send, hold, drop, timeout, status, delay, reorder or duplicate.

    number: the status of the answer, or the seconds of the delay.
    """

    word: str
    number: int = 0


SEND: Final = Fate("send")


def chosen(setup: Setup, scope: str) -> Choice:
    """What was set for the world (`*`) or for one endpoint; {} when nothing was."""
    raw = setup.store.raw(TABLE, scope)
    return orjson.loads(raw) if raw else {}


def choose(setup: Setup, scope: str, changes: Choice) -> None:
    """Change what is set; None gives a setting its usual value back."""
    found = {**chosen(setup, scope), **changes}
    found = {name: value for name, value in found.items() if value is not None}
    setup.store.put(TABLE, scope, orjson.dumps(found))


def retries(setup: Setup, endpoint: str) -> tuple[int, ...]:
    """The pauses between tries at an endpoint, in seconds; along a line there is one try."""
    if outbox.is_line(endpoint):
        return ()
    if not setup.store.size(TABLE):
        return SCHEDULES["test"]
    both = {**chosen(setup, WORLD), **chosen(setup, endpoint)}
    return SCHEDULES[both.get("schedule", "test")]


def fate(world: World, delivery: Choice, event: Choice, url: str) -> Fate:
    """What becomes of the next try of a delivery. An instruction that was queued for it comes
    before chance; what was put off once goes out. Nothing that goes along a line is put off.
    """
    setup = world.setup
    tried = len(delivery["attempts"])
    usual = "send"
    if setup.store.size(TABLE):
        with setup.store.transaction():
            usual = _usual(setup, delivery, tried)
    if usual == HOLD:
        return Fate(HOLD)
    entry = setup.store.entry(event["id"])
    assert entry is not None
    about = {
        "attempt": tried + 1,
        "endpoint": delivery["endpoint"],
        "event": event["id"],
        "type": event["type"],
        "url": url,
        **_origin(event),
    }
    with world.transaction(world.caller(entry[2])) as tx:
        found = read(tx.ask("webhook.deliver", usual, lambda: about, magic=False))
    put_off = found.word in {"delay", "reorder"}
    return SEND if put_off and outbox.is_line(delivery["endpoint"]) else found


def _origin(event: Choice) -> Choice:
    """The object that an event is about, and the request that caused it; a thin one names both."""
    if "data" in event and "object" in event["data"]:
        thing, request = event["data"]["object"], event["request"]
    else:
        thing, request = event.get("related_object"), (event.get("reason") or {}).get("request")
    return {"object": (thing or {}).get("id"), "request": (request or {}).get("id")}


def read(word: str) -> Fate:
    """An answer such as `send`, `status:500` or `delay:30s`."""
    name, _, number = word.partition(":")
    if name == "delay":
        return Fate(name, _seconds(number))
    return Fate(name, int(number) if number else 0)


def _seconds(text: str) -> int:
    units = {"s": 1, "m": 60, "h": _HOUR, "d": 24 * _HOUR}
    if text and text[-1] in units:
        return int(text[:-1]) * units[text[-1]]
    return int(text) if text else USUAL_DELAY


def _usual(setup: Setup, delivery: Choice, tried: int) -> str:
    scopes = [(scope, chosen(setup, scope)) for scope in (delivery["endpoint"], WORLD)]
    modes = [found["mode"] for _, found in scopes if "mode" in found]
    if modes and modes[0] == HOLD:
        return HOLD
    if delivery.get("passed"):
        return "send"
    for scope, found in scopes:
        for name in CHAOS:
            if name in found and _happens(setup, scope, found, name, f"{delivery['id']}/{tried}"):
                return f"delay:{found.get('delay_by', USUAL_DELAY)}" if name == "delay" else name
    return "send"


def _happens(setup: Setup, scope: str, found: Choice, name: str, subject: str) -> bool:
    """Whether this strikes now: the next so many, or a share of all, by the seed."""
    wanted = found[name]
    if not isinstance(wanted, dict):
        return bool(ids.fraction(setup.seed, f"webhook/{name}/{subject}") < wanted)
    left = wanted["next"]
    if left:
        choose(setup, scope, {name: {"next": left - 1} if left > 1 else None})
    return bool(left)
