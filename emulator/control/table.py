"""Every call of the control API, declared once."""

from __future__ import annotations

from typing import Final

from emulator.control import (
    answering,
    faults,
    general_calls,
    openapi,
    request_calls,
    scenarios,
    simulating,
    triggering,
    webhook_calls,
)
from emulator.control.calls import Call, Found, Params
from emulator.control.control import Control

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
    return (*found, _description(found))


def _description(calls: tuple[Call, ...]) -> Call:
    """The call that describes all of them, itself included."""

    async def describe(_params: Params) -> Found:
        return openapi.document((*calls, itself))

    itself = Call(
        "describe", "GET", "/openapi.json", "This document.", describe, "server", notes=False
    )
    return itself
