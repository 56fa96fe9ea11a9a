"""Refusals of OAuth: {"error", "error_description"} instead of Stripe's error object.

`type` is the OAuth error, `message` its description. Words are Stripe's where they were observed or
measured (see each); elsewhere they are ours in the same manner.
"""

from __future__ import annotations

from emulator.kernel.errors.refusal import Refusal


def no_such_application(client_id: str) -> Refusal:
    """Observed."""
    return Refusal(401, "invalid_client", f"No such application: '{client_id}'")


def not_connected(account: str) -> Refusal:
    """Observed."""
    return Refusal(
        401,
        "invalid_client",
        f"This application is not connected to stripe account {account}, or that account does not "
        f"exist.",
    )


def no_authentication() -> Refusal:
    return Refusal(
        401,
        "invalid_client",
        "No authentication was provided. Send your secret API key using the Authorization header, "
        "or as a client_secret POST parameter.",
    )


def bad_authentication(why: str) -> Refusal:
    """why: the sentence with which the API itself would refuse the key."""
    return Refusal(401, "invalid_client", why)


def not_a_secret_key() -> Refusal:
    return bad_authentication("Use the secret key of the platform here.")


def missing(name: str) -> Refusal:
    return Refusal(
        400, "invalid_request", f"No {name.replace('_', ' ')} was provided: send `{name}`."
    )


def grant_type_unsupported(given: str) -> Refusal:
    return Refusal(
        400,
        "unsupported_grant_type",
        f"Unsupported grant type: {given}. Use authorization_code or refresh_token.",
    )


def response_type_unsupported(given: str) -> Refusal:
    return Refusal(
        400, "unsupported_response_type", f"Unsupported response type: {given}. Use code."
    )


def scope_invalid(given: str) -> Refusal:
    return Refusal(400, "invalid_scope", f"Invalid scope: {given}. Use read_only or read_write.")


def scope_wider(given: str, allowed: str) -> Refusal:
    return Refusal(
        400,
        "invalid_scope",
        f"Requested scope {given} exceeds the scope that was granted, {allowed}.",
    )


def redirect_uri_invalid(given: str) -> Refusal:
    return Refusal(400, "invalid_redirect_uri", f"Invalid redirect URI '{given}'.")


def code_unknown(code: str) -> Refusal:
    """Measured."""
    return Refusal(400, "invalid_grant", f"Authorization code does not exist: {code}")


def code_expired(code: str) -> Refusal:
    return Refusal(400, "invalid_grant", f"Authorization code expired: {code}")


def code_used() -> Refusal:
    """Measured. What was given out is taken back in the same transaction, hence `keep`."""
    return Refusal(
        400,
        "invalid_grant",
        "This authorization code has already been used. All tokens issued with this code have "
        "been revoked.",
        keep=True,
    )


def refresh_token_unknown(token: str) -> Refusal:
    return Refusal(400, "invalid_grant", f"Refresh token does not exist: {token}")


def account_controlled(account: str) -> Refusal:
    """The code is documented, the words are ours."""
    return Refusal(
        400,
        "no_deauth_on_controlled_account",
        f"This application controls the account {account} and cannot be disconnected from it. "
        "Reject the account instead.",
    )


def account_unavailable(account: str) -> Refusal:
    return Refusal(400, "invalid_request", f"The account {account} cannot be connected.")


def account_refused(why: str) -> Refusal:
    """why: the sentence with which creating such an account is refused."""
    return Refusal(400, "invalid_request", why)
