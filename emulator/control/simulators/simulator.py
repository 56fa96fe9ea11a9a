"""What a simulator is: something that happens in the outside world, or is decided at Stripe, done
to an object at once.

A simulator is declared with its parameters as JSON Schema (each `description` completes the
sentence "must be …"), an example and the states that allow it; its function gets the platform's
transaction and the parameters, and returns the object that it changed. Objects of any account are
found by their ids alone. What befalls one object in some of its states is declared with `befalls`,
what befalls a connected account with `befalls_account`, everything else with `simulates`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

from emulator import contract
from emulator.contract import versions
from emulator.control.calls import Call, Found, Schema
from emulator.kernel.errors import objects
from emulator.kernel.errors import simulating as refusals
from emulator.kit import Doc, Resource, Tx
from emulator.resources import OPERATIONS
from emulator.resources.accounts.state import ACCOUNTS, currency_of
from emulator.rules import exchange

Run = Callable[..., Doc]

_ARTICLES: Final = "aeiou"


@dataclass(frozen=True, slots=True, eq=False)
class Simulator:
    """call: its route, parameters and their check. when: which states allow it, in words."""

    name: str
    about: str
    run: Run
    call: Call
    when: str
    example: Found

    def shown(self) -> Found:
        """What GET /_emulator/simulate tells of it."""
        return {
            "name": self.name,
            "about": self.about,
            "when": self.when,
            "parameters": self.call.schema(),
            "example": self.example,
        }


SIMULATORS: Final[dict[str, Simulator]] = {}


def simulates(
    about: str,
    *,
    when: str,
    example: Found,
    needs: Sequence[str] = (),
    **params: Any,
) -> Callable[[Run], Run]:
    """Declare a simulator under its function's name. params: the JSON Schema of each parameter."""

    def declare(run: Run) -> Run:
        name = run.__name__
        call = Call(
            f"simulate_{name}",
            "POST",
            f"/simulate/{name}",
            about,
            _nothing,
            body=params,
            needs=tuple(needs),
        )
        SIMULATORS[name] = Simulator(name, about, run, call, when, example)
        return run

    return declare


def befalls(
    resource: Resource,
    states: Sequence[str],
    deed: str,
    about: str,
    *,
    besides: str = "",
    example: Found | None = None,
    **params: Any,
) -> Callable[[Run], Run]:
    """Declare a simulator that befalls one object, named by its id, in some of its states. Its
    function gets the transaction as the object's account sees it, the object, and the `params`.

    deed: what it cannot do in other states. besides: what must hold, too, in words.
    """
    param = resource.name.replace(".", "_")

    def declare(change: Run) -> Run:
        @wraps(change)
        def run(tx: Tx, **given: Any) -> Doc:
            mine, doc = tx.locate(resource, given.pop(param), param)
            expect(doc, states, deed)
            return change(mine, doc, **given)

        return simulates(
            about,
            when=f"the {resource.kind} is {' or '.join(states)}{besides}",
            example={param: f"{resource.prefix}_…", **(example or {})},
            needs=(param,),
            **{param: id_of(resource.kind, resource.prefix), **params},
        )(run)

    return declare


def befalls_account(
    about: str, *, when: str, needs: Sequence[str] = (), example: Found | None = None, **params: Any
) -> Callable[[Run], Run]:
    """Declare a simulator that befalls one connected account, whatever its state. Its function gets
    the platform's transaction, the account, and the `params`.
    """

    def declare(change: Run) -> Run:
        @wraps(change)
        def run(tx: Tx, account: str, **given: Any) -> Doc:
            return change(tx, account_of(tx, account), **given)

        return simulates(
            about,
            when=when,
            example={"account": "acct_…", **(example or {})},
            needs=("account", *needs),
            account=ACCOUNT,
            **params,
        )(run)

    return declare


async def _nothing(*_arguments: Any) -> Found:
    """A simulator is carried out by `simulating.run`, which knows all of them."""
    raise NotImplementedError


# -- parameters -----------------------------------------------------------------------------------


def id_of(kind: str, prefix: str) -> Schema:
    """The id of an object of any account."""
    article = "an" if kind[0] in _ARTICLES else "a"
    text = f"the id of {article} {kind} ({prefix}_…)"
    return {"type": "string", "minLength": 1, "maxLength": 255, "description": text}


def one_of(*words: str, usual: str | None = None) -> Schema:
    text = f"one of {', '.join(words)}"
    shown: Schema = {"type": "string", "enum": [*words], "description": text}
    return shown if usual is None else {**shown, "default": usual}


def whole(text: str, least: int = 1, most: int = 99_999_999_999) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most, "description": text}


def text(description: str, longest: int = 500) -> Schema:
    return {
        "type": "string",
        "minLength": 1,
        "maxLength": longest,
        "description": description,
    }


AMOUNT: Final = whole("a whole number of minor units, from 1")
CURRENCY: Final = text("a currency, three small letters", 3)
ACCOUNT: Final = id_of("connected account", "acct")


# -- for the functions ----------------------------------------------------------------------------


def expect(doc: Doc, allowed: Sequence[str], deed: str) -> None:
    """Refuse an object whose status is none of these. deed: what it then cannot do."""
    if doc["status"] not in allowed:
        kind = str(doc["object"]).replace("_", " ")
        raise refusals.wrong_state(kind, doc["id"], doc["status"], deed, allowed)


def account_of(tx: Tx, id_: str) -> Doc:
    """A connected account of the platform."""
    found = tx.on(tx.platform).find(ACCOUNTS, id_)
    if found is None or found.get("deleted") or id_ == tx.platform:
        raise objects.no_such("account", id_, "account", 404)
    return found


def acting(tx: Tx, account: str | None) -> Tx:
    """The transaction as this account sees it; the platform's when none is named."""
    if account in {None, tx.platform}:
        return tx.on(tx.platform)
    account_of(tx, str(account))
    return tx.on(str(account))


def counted_in(tx: Tx, currency: str | None) -> str:
    """The currency that was named, or the account's own."""
    if currency is not None and not exchange.known(currency):
        raise refusals.unknown_currency(currency)
    return currency or currency_of(tx)


def perform(tx: Tx, method: str, path: str, params: Found) -> Doc:
    """What a client's request of this account would do, its parameters checked as Stripe does; the
    object that it answers with.
    """
    found = contract.find(method, path)
    assert found is not None, path
    key = found.operation.key
    checked = contract.coerce(found.operation, params, tx.version.date)
    adapted = versions.adapt_request(key, checked, tx.version)
    made: Doc = OPERATIONS[key](tx, adapted, *found.path_params.values())
    return made
