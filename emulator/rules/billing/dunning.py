"""What is done about invoices that nobody pays: when they are tried again, and what follows.

Facts in `schemas/rules/billing.json`; a world may have others (setting `dunning`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from emulator.kernel import files
from emulator.kernel.instants import DAY

# Within so many days Smart Retries try (documented: one to three weeks, one or two months).
WINDOWS: Final = (7, 14, 21, 30, 60)
ENDS: Final = ("cancel", "unpaid", "past_due")


def _fact(name: str, settings: Mapping[str, Any]) -> Any:
    chosen = settings.get("dunning") or {}
    return chosen.get(name, files.table("rules/billing.json")[name])


def next_attempt(
    failures: int, now: int, settings: Mapping[str, Any], *, first: int, chance: float
) -> int | None:
    """When to try again after so many failures; None when that was the last time.

    first: the instant of the first of them. chance: from 0 to 1, where the choice is Stripe's.
    """
    smart_days = (settings.get("dunning") or {}).get("smart_days")
    if smart_days is not None:
        return _smart(failures, now, smart_days * DAY, first, chance)
    days = _fact("retry_days", settings)
    return now + days[failures - 1] * DAY if failures <= len(days) else None


def _smart(failures: int, now: int, window: int, first: int, chance: float) -> int | None:
    """Smart Retries: so many within the window, one in each equal part of it."""
    retries = int(files.table("rules/billing.json")["smart_retries"])
    if failures > retries:
        return None
    part = window / retries
    return max(now + 3600, first + int(part * (failures - 1 + (1 + chance) / 2)))


def is_hard(decline_code: str | None) -> bool:
    """Whether a decline is final for what was declined: it is not tried again."""
    return decline_code in files.table("rules/billing.json")["hard_declines"]


def after_retries(settings: Mapping[str, Any]) -> str:
    """What becomes of the subscription then: `cancel`, `unpaid` or `past_due`."""
    return str(_fact("after_retries", settings))


def upcoming_seconds() -> int:
    """How long before a renewal `invoice.upcoming` is told."""
    return int(files.table("rules/billing.json")["upcoming_days"]) * DAY


def trial_notice_seconds() -> int:
    """How long before its end a trial is told to end."""
    return int(files.table("rules/billing.json")["trial_notice_days"]) * DAY


def expiring_seconds() -> int:
    """How long before its end a schedule is told to expire (observed)."""
    return int(files.table("rules/billing.json")["expiring_days"]) * DAY


def incomplete_seconds() -> int:
    """How long a subscription waits for its first payment."""
    return int(files.table("rules/billing.json")["incomplete_hours"]) * 3600
