"""Every call of the control API, declared once."""

from __future__ import annotations

from typing import Final

from emulator.control import faults
from emulator.control.calls import Call

_NO_FAULT: Final = {404: "There is no fault of this id."}

CALLS: Final[tuple[Call, ...]] = (
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
