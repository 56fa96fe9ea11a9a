"""Several captures of one payment: what the platform and a connected account get of each.

What a capture itself says of its fee, or of the part that goes on, holds for that capture, and
whoever says it with the first says it with every one (documented). What only the payment says is
taken once: of each capture as much as it holds, until it is used up (assumed).
"""

from __future__ import annotations

from typing import Final, NamedTuple

from emulator.kernel.errors import captures as refusals
from emulator.kernel.errors import payments as payment_refusals
from emulator.kit import Doc, Params, Tx

_MOST: Final = 50
_FEE: Final = "application_fee_amount"
_PART: Final = "transfer_data[amount]"


class Portion(NamedTuple):
    """fee: the platform's. part: what goes on to the destination, None for all of it. In minor
    units of the charge's currency.
    """

    fee: int | None
    part: int | None


def portion(tx: Tx, charge: Doc, amount: int, params: Params) -> Portion:
    """How the next capture of `amount` is split; it counts as taken."""
    notes = tx.hidden(charge["id"])
    if notes.get("captures", 0) >= _MOST:
        raise refusals.too_many_captures(_MOST)
    fee, part = params.get(_FEE), (params.get("transfer_data") or {}).get("amount")
    said = [name for name, value in ((_FEE, fee), (_PART, part)) if value is not None]
    for name in notes.get("said", ()):
        if name not in said:
            raise refusals.said_before(name)
    if len(said) > 1:
        raise payment_refusals.fee_and_transfer_amount()
    if part is not None and part > amount:
        raise payment_refusals.capture_below_transfer()
    given = Portion(
        _taken(fee, charge[_FEE], notes.get("fee", 0), amount),
        _taken(part, (charge["transfer_data"] or {}).get("amount"), notes.get("part", 0), amount),
    )
    counted = {
        "captures": notes.get("captures", 0) + 1,
        "said": notes.get("said", said),
        "fee": notes.get("fee", 0) + (given.fee or 0),
        "part": notes.get("part", 0) + (given.part or 0),
    }
    tx.hide(charge["id"], {**notes, **counted})
    return given


def _taken(said: int | None, whole: int | None, before: int, amount: int) -> int | None:
    """What a capture says, or what is left of what the payment says; never above the capture."""
    if said is None and whole is None:
        return None
    return min(amount, max(0, (whole or 0) - before) if said is None else said)


def sums(tx: Tx, charge: Doc) -> Portion:
    """What all captures so far came to."""
    notes = tx.hidden(charge["id"])
    whole = (charge["transfer_data"] or {}).get("amount")
    parted = whole is not None or _PART in notes.get("said", ())
    return Portion(notes.get("fee", 0) or charge[_FEE], notes["part"] if parted else None)


def are_several(tx: Tx, charge: Doc) -> bool:
    """Whether this charge was captured in parts."""
    return "captures" in tx.hidden(charge["id"])
