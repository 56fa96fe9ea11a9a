"""Every dated change, newest first."""

from emulator.contract.versions.change import Change
from emulator.contract.versions.changes import (
    accounts,
    alerts,
    billing,
    charges,
    checkout,
    credit_notes,
    customers,
    payments,
    refusals,
    requirements,
    schedules,
    transfers,
)

_TOPICS = (
    refusals,
    payments,
    charges,
    checkout,
    customers,
    accounts,
    requirements,
    transfers,
    billing,
    schedules,
    credit_notes,
    alerts,
)

CHANGES: tuple[Change, ...] = tuple(
    sorted(
        (change for topic in _TOPICS for change in topic.CHANGES),
        key=lambda change: change.version,
        reverse=True,
    )
)
