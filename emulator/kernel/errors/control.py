"""Refusals of our own control API: not Stripe's words, but Stripe's shape."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from emulator.kernel.errors.refusal import INVALID, Refusal, invalid


def clock_backwards(now: int, instant: int) -> Refusal:
    return invalid(
        f"The clock stands at {now} and cannot go back to {instant}: this world already holds "
        "objects. Use POST /_emulator/reset first, or another key.",
        "clock_backwards",
        "now",
    )


def bad_duration(text: str) -> Refusal:
    return invalid(
        f"Invalid duration: {text}. Write a number and a unit, such as 90s, 15m, 12h, 3d or 2w.",
        None,
        "advance",
    )


def bad_control_value(param: str, wanted: str) -> Refusal:
    return invalid(f"Invalid {param}: must be {wanted}", None, param)


def missing_control_param(param: str) -> Refusal:
    return invalid(f"Missing: {param}.", "parameter_missing", param)


def unknown_control_params(names: list[str], known: list[str], meant: str | None = None) -> Refusal:
    hint = f" Did you mean {meant}?" if meant else ""
    return invalid(
        f"Received unknown parameters: {', '.join(names)}.{hint} "
        f"Known here: {', '.join(known) or 'none'}.",
        "parameter_unknown",
        names[0],
    )


def check_names(body: Iterable[str], known: Sequence[str]) -> None:
    """Refuse names that a control call does not know."""
    if unknown := [name for name in body if name not in known]:
        raise unknown_control_params(unknown, list(known))


def no_such_call(method: str, path: str, meant: str | None) -> Refusal:
    hint = f" Did you mean {meant}?" if meant else ""
    return Refusal(
        404, INVALID, f"There is no {method} {path} here.{hint} GET /_emulator lists every call."
    )


def no_such_page(id_: str) -> Refusal:
    return Refusal(404, INVALID, f"There is nothing here by the name of '{id_}'.")


def no_such_link() -> Refusal:
    return Refusal(
        404, INVALID, "There is no such account link. Make a new one with POST /v1/account_links."
    )


def no_such_file_link() -> Refusal:
    return Refusal(404, INVALID, "There is no such link to a file, or it has expired.")


def no_such_login() -> Refusal:
    return Refusal(
        404,
        INVALID,
        "There is no such login link. Make a new one with POST /v1/accounts/:id/login_links.",
    )


def link_not_open() -> Refusal:
    return Refusal(
        410,
        INVALID,
        "This account link was submitted or left already. Make a new one with POST "
        "/v1/account_links.",
    )


def nothing_to_authenticate(id_: str, status: str) -> Refusal:
    return invalid(
        f"Nobody has to authenticate {id_}: its status is {status}. Only what waits for its "
        "customer on a page (requires_action, or a pending source) can be authenticated.",
        "intent_unexpected_state",
        "intent",
    )


def option_misplaced(flag: str, belongs: str) -> Refusal:
    return invalid(f"{flag} goes with {belongs}.", None, flag)


def country_fixed(country: str) -> Refusal:
    return invalid(
        f"The platform is in {country}, and its country can only be changed before anything "
        "exists. Use POST /_emulator/reset first, or another key.",
        "country_fixed",
        "country",
    )
