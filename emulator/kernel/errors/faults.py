"""What Stripe answers when it is too busy or broken: here only when a fault asks for it.

Wording: lock_timeout recorded; rate limits and account creation from public reports; 500 assumed.
"""

from __future__ import annotations

from emulator.kernel.errors.refusal import API, INVALID, Refusal, invalid


def rate_limited(reason: str = "global-rate") -> Refusal:
    """429 rate_limit. reason: which limit, as Stripe-Rate-Limited-Reason names it."""
    return Refusal(
        429,
        INVALID,
        "Testmode request rate limit exceeded, the rate limits in testmode are lower than "
        "livemode. You can learn more about rate limits here https://stripe.com/docs/rate-limits.",
        "rate_limit",
        headers={"Stripe-Rate-Limited-Reason": reason},
    )


def accounts_too_quickly() -> Refusal:
    """Accounts have a limit of their own, which answers 400 and has no code."""
    return invalid(
        "Sorry, you're creating accounts too quickly. You should limit your requests to less than "
        "5 creation attempts per second with a test key, or less than 30 with a live key."
    )


def lock_timeout() -> Refusal:
    return Refusal(
        429,
        INVALID,
        "This object cannot be accessed right now because another API request or Stripe process "
        "is currently accessing it. If you see this error intermittently, retry the request. If "
        "you see this error frequently and are making multiple concurrent requests to a single "
        "object, make your requests serially or at a lower rate.",
        "lock_timeout",
        should_retry=True,
    )


def server_error() -> Refusal:
    """Stripe broke down; whether the request was carried out cannot be told from it."""
    return Refusal(
        500,
        API,
        "Sorry! There was an error while talking to one of our backends. We have already been "
        "notified of the problem, but please contact support@stripe.com with any questions you "
        "may have.",
    )


def bad_fault_header(text: str, known: list[str]) -> Refusal:
    return invalid(
        f"Invalid Emulator-Fault header: {text}. Write one of {', '.join(known)}, if you like with "
        "=SECONDS behind it; several are joined by commas.",
        None,
        "Emulator-Fault",
    )


def no_such_fault(id_: str) -> Refusal:
    return Refusal(404, INVALID, f"There is no fault {id_} in this world.", None, "id")
