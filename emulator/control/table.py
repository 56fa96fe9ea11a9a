"""Every call of the control API, declared once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from emulator import __version__
from emulator.contract.nearest import nearest
from emulator.control import (
    answering,
    faults,
    general_calls,
    openapi,
    request_calls,
    scenarios,
    simulating,
    webhook_calls,
)
from emulator.control.calls import Call, Found, Params
from emulator.control.control import Control
from emulator.control.triggers import triggering

_NO_FAULT: Final = {404: "There is no fault of this id."}
_NO_INSTRUCTION: Final = {404: "No instruction of this id waits."}

CALLS: Final[tuple[Call, ...]] = (
    Call(
        "listSimulators",
        "GET",
        "/simulate",
        "What can be made to happen at once, with parameters and examples.",
        simulating.table,
    ),
    Call(
        "simulate",
        "POST",
        "/simulate/{name}",
        "Make something happen at once: see the list for names and parameters.",
        simulating.simulate,
        errors={404: "There is no such simulator, or no object of this id."},
        free=True,
    ),
    Call(
        "listQuestions",
        "GET",
        "/questions",
        "The questions that decide outcomes, with every answer.",
        answering.table,
    ),
    Call(
        "listAnswers",
        "GET",
        "/answers",
        "The instructions that wait to answer a question, and those that have.",
        answering.show,
    ),
    Call(
        "addAnswers",
        "POST",
        "/answers",
        "Queue an instruction, or a list of them.",
        answering.add,
        body=answering.BODY,
        listed="answers",
    ),
    Call("removeAnswers", "DELETE", "/answers", "Take all away.", answering.forget),
    Call(
        "removeAnswer",
        "DELETE",
        "/answers/{id}",
        "Take one instruction away.",
        answering.forget,
        errors=_NO_INSTRUCTION,
    ),
    Call(
        "listFaults",
        "GET",
        "/faults",
        "The faults that are set, with how many requests each has seen and struck.",
        faults.show,
    ),
    Call(
        "addFault",
        "POST",
        "/faults",
        "Let matching requests fail from now on.",
        faults.add,
        body=faults.BODY,
        needs=("fault",),
    ),
    Call("removeFaults", "DELETE", "/faults", "Take every fault away.", faults.clear),
    Call(
        "removeFault",
        "DELETE",
        "/faults/{id}",
        "Take one fault away.",
        faults.remove,
        errors=_NO_FAULT,
    ),
)


def calls(control: Control) -> tuple[Call, ...]:
    """Every call, for one server."""
    found = (
        *general_calls.calls(control),
        *CALLS,
        *triggering.calls(control.stage),
        *webhook_calls.calls(control.webhooks),
        *scenarios.calls(control.stage),
        *request_calls.calls(control.requests),
    )
    whole = (_index(found), *found)
    return (*whole, _description(whole))


def _index(calls: tuple[Call, ...]) -> Call:
    """The call that whoever looks for one finds first."""

    async def index(_params: Params) -> Found:
        return {
            "name": "connect-emulator",
            "version": __version__,
            "api": "Stripe's API is at /v1 and /v2, for any key of the form sk_test_NAME.",
            "calls": {f"{each.method} {openapi.PREFIX}{each.path}": each.about for each in calls},
            "described": f"GET {openapi.PREFIX}/openapi.json describes every call with what it "
            "takes, GET /docs Stripe's operations.",
        }

    return Call(
        "index",
        "GET",
        "",
        "Every call of this API, in a sentence each.",
        index,
        "server",
        notes=False,
    )


def meant(method: str, path: str, known: Iterable[Call]) -> str | None:
    """The call of the control API that a request for an unknown one was most likely meant to be.

    path: below the prefix. Answered as `METHOD /_emulator/path`.
    """
    word = path.strip("/").partition("/")[0]
    same = [each for each in known if each.path.split("/")[1:2] == [word]]
    if not same:
        words = {each.path.split("/")[1] for each in known if each.path}
        close = nearest(word, words)
        same = [each for each in known if close and each.path.split("/")[1:2] == [close]]
    best = next((each for each in same if each.method == method), None) or next(iter(same), None)
    return f"{best.method} {openapi.PREFIX}{best.path}" if best else None


def _description(calls: tuple[Call, ...]) -> Call:
    """The call that describes all of them, itself included."""

    async def describe(_params: Params) -> Found:
        return openapi.document((*calls, itself))

    itself = Call(
        "describe", "GET", "/openapi.json", "This document.", describe, "server", notes=False
    )
    return itself
