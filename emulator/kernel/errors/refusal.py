"""What a refusal is. Its wording is made by the constructors in the modules beside this one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec

_P = ParamSpec("_P")

INVALID = "invalid_request_error"
CARD = "card_error"
IDEMPOTENCY = "idempotency_error"
API = "api_error"


@dataclass(eq=False)
class Refusal(Exception):
    """An expected refusal, answered to the caller. Bugs raise AssertionError instead.

    status: HTTP status. extra: further keys of Stripe's error object (decline_code, charge, …).
    keep: the work done so far is committed all the same (a declined payment leaves its traces).
    rule: our own name of the rule behind it, for the explain header; never part of the body.
    documented: whether `code` has a page of its own, so that `doc_url` is shown.
    headers: further ones of its answer. begun: whether it was met while the request was being
    carried out, where neither status nor code tell.
    """

    status: int
    type: str
    message: str
    code: str | None = None
    param: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    keep: bool = False
    rule: str | None = None
    documented: bool = True
    should_retry: bool | None = None
    headers: dict[str, str] | None = None
    begun: bool | None = None

    def body(self) -> dict[str, Any]:
        """Stripe's error object, keys in alphabetical order, absent keys left out."""
        shown: dict[str, Any] = {"message": self.message, "type": self.type, **self.extra}
        if self.code is not None:
            shown["code"] = self.code
            if self.documented:
                shown["doc_url"] = doc_url(self.code)
        if self.param is not None:
            shown["param"] = self.param
        return dict(sorted(shown.items()))


def doc_url(code: str) -> str:
    """The page of Stripe's documentation that explains an error code."""
    return f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"


def invalid(message: str, code: str | None = None, param: str | None = None) -> Refusal:
    """The commonest refusal: 400 invalid_request_error."""
    return Refusal(400, INVALID, message, code, param)


def refuse(refusal: Refusal | None) -> None:
    """Raise what a rule has found, if it has."""
    if refusal is not None:
        raise refusal


def ruled(make: Callable[_P, Refusal]) -> Callable[_P, Refusal]:
    """Name the rule behind a constructor's refusals for the explain header: after itself,
    or finer.
    """

    @wraps(make)
    def made(*args: _P.args, **named: _P.kwargs) -> Refusal:
        refusal = make(*args, **named)
        refusal.rule = refusal.rule or make.__name__
        return refusal

    return made
