"""What Stripe decides about a connected account of its own accord: demands out of turn, deadlines,
verdicts of verification, capabilities and accounts that it stops.

Kept in the account's private notes under `imposed`, and judged by the rules together with all else.
tx: the platform's. Everything returns the account as its platform sees it.
"""

from __future__ import annotations

from typing import Any

from emulator.kit import Doc, Tx
from emulator.resources.accounts.standing import settle
from emulator.resources.accounts.state import ACCOUNTS, facts_of
from emulator.rules.accounts import requirements
from emulator.rules.accounts.facts import Facts


def demand(
    tx: Tx, id_: str, path: str, *, deadline: int | None = None, code: str | None = None
) -> Doc:
    """Ask for a field, once more if it was given. deadline: an instant, None for overdue at once.
    code: of requirements.errors, when there is a fault with what was given.
    """
    account, notes = _open(tx, id_)
    made = {"path": path, "deadline": deadline, "code": code}
    others = [each for each in _imposed(notes).get("demands", []) if each["path"] != path]
    return _impose(tx, account, notes, demands=[*others, made])


def pass_deadlines(tx: Tx, id_: str) -> Doc:
    """Let the deadline of everything that is due pass now; it holds until nothing is due."""
    account, notes = _open(tx, id_)
    return _impose(tx, account, notes, overdue=True)


def stop_capability(tx: Tx, id_: str, name: str, reason: str) -> Doc:
    """Disable one capability. reason: its disabled_reason."""
    account, notes = _open(tx, id_)
    stopped = _imposed(notes).get("capabilities", {})
    return _impose(tx, account, notes, capabilities={**stopped, name: reason})


def restore_capability(tx: Tx, id_: str, name: str) -> Doc:
    """Take back what `stop_capability` did."""
    account, notes = _open(tx, id_)
    stopped = {k: v for k, v in _imposed(notes).get("capabilities", {}).items() if k != name}
    return _impose(tx, account, notes, capabilities=stopped)


def is_stopped(tx: Tx, id_: str, name: str) -> bool:
    """Whether Stripe has disabled this capability."""
    return name in _imposed(tx.hidden(id_)).get("capabilities", {})


def disable(tx: Tx, id_: str, reason: str) -> Doc:
    """Stop charges and payouts of the whole account. reason: its disabled_reason."""
    account, notes = _open(tx, id_)
    return _impose(tx, account, notes, disabled=reason)


def disabled_by_stripe(tx: Tx, id_: str) -> str | None:
    """Why Stripe has disabled the account, None when it has not."""
    reason: str | None = _imposed(tx.hidden(id_)).get("disabled")
    return reason


def restore(tx: Tx, id_: str) -> Doc:
    """Take back everything that was imposed on the account, a rejection by the platform too."""
    account, notes = _open(tx, id_)
    notes["rejected"] = None
    notes.pop("imposed", None)
    return settle(tx, account, notes)


def verify(
    tx: Tx, id_: str, verdict: str, *, kind: str | None = None, person: str | None = None
) -> Doc | None:
    """End the checks of an account with a verdict, those that run and those that have ended.

    verdict: `verified` or a code of requirements.errors. kind, person: of which checks; every one
    when None. None comes back when there is nothing to check.
    """
    account, notes = _open(tx, id_)
    asked = requirements.questions(_facts(tx, id_), running=True)
    keys = [
        each.key for each in asked if kind in {None, each.kind} and person in {None, each.person}
    ]
    if not keys:
        return None
    notes["verdicts"] = {**notes.get("verdicts", {}), **dict.fromkeys(keys, verdict)}
    return settle(tx, account, notes)


# -- inside ---------------------------------------------------------------------------------------


def _open(tx: Tx, id_: str) -> tuple[Doc, Doc]:
    return tx.on(tx.platform).get(ACCOUNTS, id_, param="account"), tx.hidden(id_)


def _facts(tx: Tx, id_: str) -> Facts:
    account, notes = _open(tx, id_)
    return facts_of(tx, account, notes)


def _imposed(notes: Doc) -> Doc:
    found: Doc = notes.get("imposed", {})
    return found


def _impose(tx: Tx, account: Doc, notes: Doc, **changes: Any) -> Doc:
    notes["imposed"] = {**_imposed(notes), **changes}
    return settle(tx, account, notes)
