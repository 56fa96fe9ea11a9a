"""How the object of a refusal, and the last error kept in an intent, looked before."""

from __future__ import annotations

import re

from emulator.contract.versions.change import Change, Doc, Fetch, drop

_NO_SUCH = re.compile(r"^(No such [^:]+: )'([^']*)'")
_ALWAYS_DECLINED = ("card_declined", "authentication_required")


def _no_quotes(error: Doc, fetch: Fetch) -> None:
    del fetch
    error["message"] = _NO_SUCH.sub(r"\1\2", error.get("message", ""))


def _bare_code(error: Doc, fetch: Fetch) -> None:
    del fetch
    if error.get("code") not in _ALWAYS_DECLINED:
        drop(error, "decline_code")


def _bare_last_error(intent: Doc, fetch: Fetch) -> None:
    error = intent.get("last_payment_error") or intent.get("last_setup_error")
    if isinstance(error, dict):
        _bare_code(error, fetch)


CHANGES = (
    Change(
        "2025-06-08",
        "Declines whose code says all (incorrect_cvc, expired_card …) carry a decline_code too. "
        "Observed: without until May 2024, with from October 2025.",
        objects=("error",),
        response=_bare_code,
        retroactive=True,
    ),
    Change(
        "2025-06-08",
        "The same in the error that an intent keeps.",
        objects=("payment_intent", "setup_intent"),
        response=_bare_last_error,
        retroactive=True,
    ),
    Change(
        "2020-07-15",
        "Ids in `No such …` stand in quotes. Observed: without in 2019, with in September 2020.",
        objects=("error",),
        response=_no_quotes,
        retroactive=True,
    ),
)
