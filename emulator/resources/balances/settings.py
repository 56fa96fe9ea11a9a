"""Balance settings: how and when an account is paid out, and how long its payments settle.

The newer face of the account's `settings.payouts`: both show and change the same things.
"""

from __future__ import annotations

from typing import Any, Final

from emulator.contract.previous import differences
from emulator.kernel.errors import money as refusals
from emulator.kernel.errors import refuse
from emulator.kit import Doc, Params, Resource, Tx
from emulator.resources.accounts.standing import settle
from emulator.resources.accounts.state import account_of, agreement_of
from emulator.resources.balances.automatic_payouts import minimum_note, schedule_of, settings_of
from emulator.rules import settlement
from emulator.rules.accounts import countries

_LONGEST_DELAY: Final = 31
_START_OF_DAY: Final = {"hour": 0, "minutes": 0, "timezone": "Etc/UTC"}

BALANCE_SETTINGS: Final = Resource("balance_settings", prefix="")


@BALANCE_SETTINGS.on("GET /v1/balance_settings")
def retrieve(tx: Tx, _params: Params) -> Doc:
    return shown(tx)


@BALANCE_SETTINGS.on("POST /v1/balance_settings")
def update(tx: Tx, params: Params) -> Doc:
    payments = params.get("payments") or {}
    account = account_of(tx)
    wanted, timing = payments.get("payouts") or {}, payments.get("settlement_timing") or {}
    _check(account, wanted.get("schedule") or {}, timing.get("delay_days_override"))
    for currency, least in (wanted.get("minimum_balance_by_currency") or {}).items():
        if (least or 0) < 0:
            raise refusals.minimum_below_zero(currency)
    before = shown(tx)

    kept = settings_of(account)
    kept["schedule"] = _scheduled(account, wanted.get("schedule") or {}, timing)
    if payments.get("debit_negative_balances") is not None:
        kept["debit_negative_balances"] = payments["debit_negative_balances"]
    if "statement_descriptor" in wanted:
        kept["statement_descriptor"] = wanted["statement_descriptor"]
    account["settings"] = {**account["settings"], "payouts": kept}
    settle(tx, account, tx.hidden(account["id"]))
    _note(tx, wanted, timing)

    after = shown(tx)
    previous = differences(before, after)
    if previous:
        tx.emit("balance_settings.updated", after, previous=previous)
    return after


def shown(tx: Tx) -> Doc:
    """The balance_settings object of this account."""
    account, notes = account_of(tx), tx.hidden(minimum_note(tx.account))
    schedule, kept = schedule_of(account), settings_of(account)
    enabled = tx.is_platform or account.get("payouts_enabled")
    override = notes.get("delay_days_override")
    timing = {
        "delay_days": schedule.get("delay_days", settlement.minimum_delay(account["country"])),
        "start_of_day": notes.get("start_of_day") or _START_OF_DAY,
    }
    if override is not None:
        timing["delay_days_override"] = override
    rules = notes.get("automatic_transfer_rules")
    return {
        "object": "balance_settings",
        "payments": {
            "debit_negative_balances": bool(kept.get("debit_negative_balances")),
            "payouts": {
                # Left out rather than null, which the SDK for Python cannot read (assumed).
                **({"automatic_transfer_rules_by_currency": rules} if rules else {}),
                "minimum_balance_by_currency": notes.get("minimum_balance_by_currency"),
                "schedule": _shown_schedule(schedule),
                "statement_descriptor": kept.get("statement_descriptor"),
                "status": "enabled" if enabled else "disabled",
            },
            "settlement_timing": dict(sorted(timing.items())),
        },
    }


def _shown_schedule(schedule: Doc) -> Doc:
    found: Doc = {"interval": schedule.get("interval", "manual")}
    if found["interval"] == "monthly":
        anchor = schedule.get("monthly_anchor") or 1
        found["monthly_payout_days"] = schedule.get("monthly_payout_days") or [anchor]
    if found["interval"] == "weekly":
        anchor = schedule.get("weekly_anchor") or "monday"
        found["weekly_payout_days"] = schedule.get("weekly_payout_days") or [anchor]
    return found


def _check(account: Doc, schedule: Doc, override: int | None) -> None:
    interval = schedule.get("interval") or schedule_of(account).get("interval")
    for name, only in (("weekly_payout_days", "weekly"), ("monthly_payout_days", "monthly")):
        if schedule.get(name) and interval != only:
            raise refusals.payout_days_need_interval(name, only)
    if any(not 1 <= day <= _LONGEST_DELAY for day in schedule.get("monthly_payout_days") or ()):
        raise refusals.payout_day_unknown()
    if override is not None and not 0 <= override <= _LONGEST_DELAY:
        raise refusals.delay_too_long(_LONGEST_DELAY)
    refuse(
        countries.check_schedule(
            account["country"], agreement_of(account), schedule.get("interval"), override, 0
        )
    )


def _scheduled(account: Doc, wanted: Doc, timing: dict[str, Any]) -> Doc:
    """settings.payouts.schedule after an update; an unset override means the least delay."""
    schedule = schedule_of(account)
    interval = wanted.get("interval")
    if interval and interval != schedule.get("interval"):
        kept = {"delay_days": schedule.get("delay_days")}
        schedule = {**kept, "interval": interval}
    if wanted.get("weekly_payout_days"):
        days = wanted["weekly_payout_days"]
        schedule |= {"weekly_payout_days": days, "weekly_anchor": days[0]}
    if wanted.get("monthly_payout_days"):
        numbers = wanted["monthly_payout_days"]
        schedule |= {"monthly_payout_days": numbers, "monthly_anchor": numbers[0]}
    if "delay_days_override" in timing:
        least = settlement.minimum_delay(account["country"])
        override = timing["delay_days_override"]
        schedule["delay_days"] = least if override is None else override
    return dict(sorted(schedule.items()))


def _note(tx: Tx, wanted: Doc, timing: Doc) -> None:
    """What the account itself does not show."""
    name = minimum_note(tx.account)
    notes = tx.hidden(name)
    if "minimum_balance_by_currency" in wanted:
        given = wanted["minimum_balance_by_currency"]
        held = {**(notes.get("minimum_balance_by_currency") or {}), **(given or {})}
        left = {code: least for code, least in held.items() if least is not None}
        notes["minimum_balance_by_currency"] = (left or None) if given is not None else None
    if "automatic_transfer_rules_by_currency" in wanted:
        given = wanted["automatic_transfer_rules_by_currency"]
        notes["automatic_transfer_rules"] = {c: r for c, r in (given or {}).items() if r}
    if "delay_days_override" in timing:
        notes["delay_days_override"] = timing["delay_days_override"]
    if "start_of_day" in timing:
        begins = notes.get("start_of_day") or _START_OF_DAY
        notes["start_of_day"] = begins | (timing["start_of_day"] or _START_OF_DAY)
    tx.hide(name, notes)
