"""Disputes: which words decide a test, and which status follows. Facts in `disputes.json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from emulator.kernel import files
from emulator.kernel.instants import DAY
from emulator.rules.calendars import day_of

CaseType = Literal["chargeback", "inquiry", "compliance", "block", "resolution"]
Verdict = Literal["won", "lost", "escalated"]
_TABLE = "rules/disputes.json"
_CLOSED = frozenset({"won", "lost", "warning_closed", "prevented"})
_OPEN = frozenset({"needs_response", "warning_needs_response"})


def reasons() -> tuple[str, ...]:
    """Every reason a dispute can have."""
    return tuple(files.table(_TABLE)["reasons"])


def due_by(created: int) -> int:
    """The deadline of a dispute: 23:59:59 UTC, nine days after it came (observed)."""
    days: int = files.table("rules/settlement.json")["dispute_due_days"]
    return (day_of(created) + days + 1) * DAY - 1


def network_reason_code(brand: str, reason: str) -> str | None:
    """The network's own code for a reason; None where the network has none."""
    codes: Mapping[str, str] = files.table(_TABLE)["network_reason_codes"].get(brand, {})
    return codes.get(reason)


def file_fields() -> frozenset[str]:
    """The fields of evidence that hold the id of a file."""
    return frozenset(files.table(_TABLE)["file_fields"])


def is_final(method: str) -> bool:
    """Whether a dispute of this payment method is lost from the start: those of bank debits are
    (documented; the status that says so is assumed).
    """
    return method in files.table(_TABLE)["final"]


def method_details(method: str) -> dict[str, Any] | None:
    """dispute.payment_method_details of a method that is no card; None where Stripe tells
    nothing.
    """
    found: dict[str, Any] | None = files.table(_TABLE)["methods"].get(method)
    return None if found is None else dict(found)


def is_inquiry(status: str) -> bool:
    return status.startswith("warning_")


def first_status(case_type: CaseType) -> str:
    """The status in which a dispute is born."""
    if case_type == "inquiry":
        return "warning_needs_response"
    return "prevented" if case_type in {"block", "resolution"} else "needs_response"


def withdraws(case_type: CaseType) -> bool:
    """Whether the money leaves the account at once; an inquiry only asks."""
    return case_type in {"chargeback", "compliance"}


def submitted_status(status: str) -> str:
    """The status once evidence is submitted."""
    return "warning_under_review" if is_inquiry(status) else "under_review"


def verdict(evidence: Mapping[str, Any]) -> Verdict | None:
    """What `uncategorized_text` decides in tests; None leaves the dispute under review."""
    text = str(evidence.get("uncategorized_text") or "").strip()
    decided: Verdict | None = files.table(_TABLE)["keywords"].get(text)
    return decided


def status_after(status: str, decided: Verdict) -> str:
    """Where a verdict leads: an inquiry closes unless it is escalated to a chargeback."""
    if decided == "escalated":
        return "needs_response" if is_inquiry(status) else status
    return "warning_closed" if is_inquiry(status) else decided


def closed_status(status: str) -> str:
    """Where giving up leads, be it by closing the dispute or by letting its deadline pass."""
    return "warning_closed" if is_inquiry(status) else "lost"


def is_closed(status: str) -> bool:
    return status in _CLOSED


def accepts_evidence(status: str) -> bool:
    return status in _OPEN


def is_charge_refundable(status: str) -> bool:
    """Open chargebacks hold the charge; inquiries and won disputes do not (observed)."""
    return status == "won" or is_inquiry(status)
