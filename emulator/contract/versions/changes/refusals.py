"""How the object of a refusal, the last error kept in an intent, and what a deletion leaves looked
before.
"""

from __future__ import annotations

import re

from emulator.contract.versions.change import Change, Doc, Fetch, drop

_NO_SUCH = re.compile(r"^(No such [^:]+: )'([^']*)'")
_OLDER_WORDS = (
    ("No such PaymentMethod:", "No such payment_method:"),
    (
        "with a status of requires_capture may be captured.",
        "with one of the following statuses may be captured: requires_capture.",
    ),
)
_LEAST_IS_ONE = "This value must be greater than or equal to 1."
_ALWAYS_DECLINED = ("card_declined", "authentication_required")


def _no_quotes(error: Doc, _fetch: Fetch) -> None:
    error["message"] = _NO_SUCH.sub(r"\1\2", error.get("message", ""))


def _older_words(error: Doc, _fetch: Fetch) -> None:
    message = error.get("message", "")
    for now, then in _OLDER_WORDS:
        message = message.replace(now, then)
    error["message"] = message


def _positive(error: Doc, _fetch: Fetch) -> None:
    if error.get("param") == "amount" and error.get("message") == _LEAST_IS_ONE:
        error["message"] = "Invalid positive integer"


def _bare_code(error: Doc, _fetch: Fetch) -> None:
    if error.get("code") not in _ALWAYS_DECLINED:
        drop(error, "decline_code")


def _bare_last_error(intent: Doc, fetch: Fetch) -> None:
    error = intent.get("last_payment_error") or intent.get("last_setup_error")
    if isinstance(error, dict):
        _bare_code(error, fetch)


def _bare(error: Doc, _fetch: Fetch) -> None:
    drop(error, "doc_url")
    if error.get("type") != "card_error":
        drop(error, "code")


def _nameless(gone: Doc, _fetch: Fetch) -> None:
    drop(gone, "object")


_NO_SOURCE = "This customer has no attached payment source"
_NO_SOURCE_OR_METHOD = f"{_NO_SOURCE} or default payment method."


def _no_advice(error: Doc, _fetch: Fetch) -> None:
    if error.get("message", "").startswith(_NO_SOURCE_OR_METHOD):
        error["message"] = _NO_SOURCE_OR_METHOD


def _no_method(error: Doc, _fetch: Fetch) -> None:
    if error.get("message", "").startswith(_NO_SOURCE_OR_METHOD):
        error["message"] = _NO_SOURCE


CHANGES = (
    Change(
        "2023-07-01",
        "Customers without a payment method are advised to add one. Observed: August 2021 and "
        "March 2025.",
        objects=("error",),
        response=_no_advice,
        retroactive=True,
    ),
    Change(
        "2020-08-01",
        "What customers lack may be a default payment method, too. Observed: November 2019 and "
        "August 2021.",
        objects=("error",),
        response=_no_method,
        retroactive=True,
    ),
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
    Change(
        "2020-02-01",
        "Amounts below 1 are told the least that there is. Observed: the older words in 2018 and "
        "2019, the newer in May 2020; the day is assumed.",
        objects=("error",),
        response=_positive,
        retroactive=True,
    ),
    Change(
        "2020-01-15",
        "PaymentMethod and not payment_method is missing, one status may be captured. Observed: "
        "the older words in August 2019, the newer name with and without quotes; the day is "
        "assumed.",
        objects=("error",),
        response=_older_words,
        retroactive=True,
    ),
    Change(
        "2017-10-31",
        "Refusals link to the page of their code, and not only those of cards have one. Observed: "
        "neither to February 2017, the page in May 2018, both in August 2019; the day is assumed.",
        objects=("error",),
        response=_bare,
        retroactive=True,
    ),
    Change(
        "2018-05-21",
        "What is left of a deleted object says what it was. Observed: accounts, customers, cards "
        "and plans without it to February 2017, all with it since 2024; the day is assumed.",
        objects=("deleted",),
        response=_nameless,
        retroactive=True,
    ),
)
