"""`billing_mode`: how changes of a subscription are reckoned, and since when that holds.

Classic billing was all there was; flexible billing is usual for who speaks 2025-09-30 or later when
the subscription is made, or the session, quote or schedule that makes it (documented).
"""

from __future__ import annotations

from typing import Any, Final

from emulator.kit import Doc, Tx

_FLEXIBLE_SINCE: Final = "2025-09-30"


def of(tx: Tx, given: Doc | None) -> Doc:
    """The mode that a request asks for, or the usual one. A classic mode was never adopted: it has
    no `updated_at`.
    """
    given = given or {}
    usual = "classic" if tx.version.before(_FLEXIBLE_SINCE) else "flexible"
    if (given.get("type") or usual) == "classic":
        return {"flexible": None, "type": "classic"}
    shown = (given.get("flexible") or {}).get("proration_discounts") or "included"
    return {
        "flexible": {"proration_discounts": shown},
        "type": "flexible",
        "updated_at": tx.now,
    }


def asked(mode: Doc) -> dict[str, Any]:
    """A mode as a parameter, and as what has not begun yet shows it."""
    return {name: mode[name] for name in ("flexible", "type") if mode[name] is not None}
