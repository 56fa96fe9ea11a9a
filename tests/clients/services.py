"""What the tests of the SDKs' own services share: which operation a method asks, and whether it is
rightly refused.
"""

from __future__ import annotations

from typing import Final

from emulator.contract import Operation, find
from emulator.fuzzing.making import makes_nothing
from emulator.resources.stored.plans import plan

# Because of what was made for them.
_REFUSED: Final = {
    "DELETE /v1/accounts/{account}/external_accounts/{id}",  # the default one stays
    "DELETE /v1/customers/{customer}/discount",  # it has none
    "DELETE /v1/subscriptions/{subscription_exposed_id}/discount",  # it has none
    "GET /v1/customers/{customer}/payment_methods/{payment_method}",  # of another customer
    "POST /v1/billing/meter_event_adjustments",  # of an event that is not there
    "POST /v1/billing/meter_events",  # of a meter that is not there
    "POST /v2/billing/meter_event_adjustments",  # of an event that is not there
    "POST /v2/billing/meter_events",  # of a meter that is not there
    "POST /v1/invoices/{invoice}/update_lines",  # of lines that are not there
}


def operation_at(method: str, path: str) -> Operation:
    found = find(method, path)
    assert found is not None, (method, path)
    return found.operation


def ids_in(operation: Operation, path: str) -> list[str]:
    """What stands in the placeholders of the operation's path."""
    steps = zip(operation.path.split("/"), path.split("/"), strict=True)
    return [given for step, given in steps if step.startswith("{")]


def may_be_refused(operation: Operation) -> bool:
    """Whether nothing that clients can send makes it succeed, or not what was made for it."""
    hopeless = makes_nothing(operation) or plan(operation).deed == "clear"
    return hopeless or operation.key in _REFUSED
