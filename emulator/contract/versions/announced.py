"""Which events the versions hear of, and under which names.

An event that came with a version is not told to those of older ones, where what it tells had no
event or another one.
"""

from __future__ import annotations

from typing import Any, Final

Doc = dict[str, Any]

_EVERY_REFUND: Final = "2024-10-28"
# refund.failed came then; the other two were known, for refunds that are not of a charge
# (documented).
_SINCE: Final = {
    "invoice.overpaid": ("2025-03-31", False),
    "invoice_payment.paid": ("2025-03-31", False),
    "refund.created": (_EVERY_REFUND, True),
    "refund.failed": (_EVERY_REFUND, False),
    "refund.updated": (_EVERY_REFUND, True),
}
# Name before that version: the one since.
RENAMED: Final = {
    "payment_method.card_automatically_updated": (
        "payment_method.automatically_updated",
        "2020-08-27",
    )
}


def heard(type: str, about: Doc, version: str) -> bool:
    """Whether an account or an endpoint of that version (its name or date) is told of an event."""
    known = _SINCE.get(type)
    if known is None or version >= known[0]:
        return True

    _, unless_charged = known
    return unless_charged and not about.get("charge")


def current_name(type: str, version: str) -> str:
    """What an event that a caller of that version (its name or date) names is called now."""
    new, since = RENAMED.get(type, (type, ""))
    return new if version < since else type
