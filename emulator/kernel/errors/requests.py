"""Refusals about who asks, where and how: keys, accounts, URLs, versions, idempotency, bodies."""

from __future__ import annotations

from emulator.kernel.errors.refusal import IDEMPOTENCY, INVALID, Refusal, invalid

_SUPPORT = "Please see https://stripe.com/docs or we can help at https://support.stripe.com/."


def mask(key: str) -> str:
    """A key as Stripe shows it back: its first letters and last four, the rest starred."""
    if len(key) <= 12:
        return "*" * max(len(key) - 4, 0) + key[-4:]
    return key[:8] + "*" * (len(key) - 12) + key[-4:]


def no_key() -> Refusal:
    return Refusal(
        401,
        INVALID,
        "You did not provide an API key. You need to provide your API key in the Authorization "
        "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See "
        "https://stripe.com/docs/api#authentication for details, or we can help at "
        "https://support.stripe.com/.",
    )


def no_key_in_header(scheme: str) -> Refusal:
    """An Authorization header with nothing behind its scheme."""
    return Refusal(
        401,
        INVALID,
        "You did not provide an API key, though you did set your Authorization header to "
        f'"{scheme}". '
        f"Using {scheme} auth, your Authorization header should look something like "
        f"'Authorization: {scheme} YOUR_SECRET_KEY'. See "
        "https://stripe.com/docs/api#authentication for details, or we can help at "
        "https://support.stripe.com/.",
    )


def invalid_key(key: str) -> Refusal:
    return Refusal(401, INVALID, f"Invalid API Key provided: {mask(key)}")


def live_key(kind: str) -> Refusal:
    """A live key must never reach an emulator: refused loudly, and never shown or logged."""
    return Refusal(
        401,
        INVALID,
        f"A live key ({kind}_live_…) was sent to connect-emulator. Live keys are refused here, and "
        "this one was neither stored nor logged; consider rolling it. Use any key of the form "
        "sk_test_NAME.",
        "livemode_mismatch",
        documented=False,
    )


def secret_key_required() -> Refusal:
    return Refusal(
        403,
        INVALID,
        "This API call cannot be made with a publishable API key. Please use a secret API key. "
        "You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.",
        "secret_key_required",
    )


def key_expired(key: str) -> Refusal:
    return Refusal(401, INVALID, f"Expired API Key provided: {mask(key)}", "api_key_expired")


def ephemeral_key_insufficient() -> Refusal:
    """Wording assumed."""
    return Refusal(
        403,
        INVALID,
        "This API call cannot be made with an ephemeral key: it may only act for the object that "
        "it was made for. Please use a secret API key.",
    )


def account_invalid(key: str, account: str) -> Refusal:
    """The account is unknown or not connected; `key` is shown with its middle hidden."""
    return Refusal(
        403,
        INVALID,
        f"The provided key '{mask(key)}' does not have access to account '{account}' (or that "
        "account does not exist). Application access may have been revoked.",
        "account_invalid",
    )


def account_mismatch() -> Refusal:
    return invalid(
        "The account specified in the path of /v1/accounts/:account does not match the account "
        "specified in the Stripe-Account header."
    )


def unknown_url(method: str, path: str) -> Refusal:
    hint = ""
    if path.endswith("/") or "//" in path:
        hint = (
            "If you are trying to list objects, remove the trailing slash. If you are trying to "
            "retrieve an object, make sure you passed a valid (non-empty) identifier in your code. "
        )
    message = f"Unrecognized request URL ({method}: {path}). {hint}{_SUPPORT}"
    return Refusal(404, INVALID, message)


def not_modelled(operation: str) -> Refusal:
    """Not Stripe's: the operation exists, but this emulator does not play it yet."""
    return Refusal(
        501,
        "api_error",
        f"connect-emulator does not model `{operation}` yet. The operation exists in Stripe's API; "
        "what is modelled is listed at /_emulator/info.",
        "not_modelled",
        documented=False,
    )


def invalid_api_version(version: str) -> Refusal:
    return invalid(
        f"Invalid Stripe API version: {version}. You may only use published versions; the newest "
        "one is listed at https://stripe.com/docs/upgrades."
    )


def client_secret_required() -> Refusal:
    return Refusal(
        401,
        INVALID,
        "This API call cannot be made with a publishable API key without the client_secret of the "
        "object.",
        "parameter_missing",
        "client_secret",
    )


def idempotency_mismatch(key: str) -> Refusal:
    return Refusal(
        400,
        IDEMPOTENCY,
        "Keys for idempotent requests can only be used with the same parameters they were first "
        f"used with. Try using a key other than '{key}' if you meant to execute a different "
        "request.",
    )


def idempotency_in_use(key: str) -> Refusal:
    return Refusal(
        409,
        IDEMPOTENCY,
        "There is currently another in-progress request using this Idempotent Key (that probably "
        f"means you submitted twice, and the other request is still going through): {key}. Please "
        "try again later.",
        "idempotency_key_in_use",
    )


def idempotency_key_empty() -> Refusal:
    return invalid("Idempotency Key must be a non-empty string.")


def idempotency_key_long(length: int) -> Refusal:
    return invalid(
        f"Idempotency Key can be at most 255 characters, but yours is {length} characters."
    )


def body_too_large(limit: int) -> Refusal:
    return Refusal(413, INVALID, f"The request body is larger than the allowed {limit} bytes.")


def not_a_form() -> Refusal:
    return invalid(
        "Invalid request: this endpoint takes parameters as application/x-www-form-urlencoded (or "
        "multipart/form-data), not as JSON. You may need to set the Content-Type of your request."
    )


def bad_encoding() -> Refusal:
    return invalid("Invalid request: the parameters are not valid UTF-8.")


def bad_json() -> Refusal:
    return invalid("Invalid request: the body is not a valid JSON object.")


def bad_multipart() -> Refusal:
    return invalid("Invalid request: the multipart body could not be read.")


def too_deep() -> Refusal:
    return invalid("Invalid request: the parameters are nested too deeply.")


def too_many_parameters(limit: int) -> Refusal:
    return invalid(f"Invalid request: more than {limit} parameters were sent.")


def conflicting_parameters(param: str) -> Refusal:
    return invalid(
        f"Invalid request: `{param}` was sent both as a value and as a hash or array.", None, param
    )


def internal(seed: str, request_id: str) -> Refusal:
    """Our own bug: an assertion failed. Names what is needed to see it again."""
    return Refusal(
        500,
        "api_error",
        "connect-emulator failed on this request, which is a bug of ours. Please report it with "
        f"the seed ({seed}) and the request id ({request_id}); the server's log holds the trace.",
    )


def internal_call(method: str, path: str) -> Refusal:
    """The same outside of /v1 and /v2."""
    return Refusal(
        500,
        "api_error",
        f"connect-emulator failed on {method} {path}, which is a bug of ours. Please report it "
        "with what was sent; the server's log holds the trace.",
    )


def not_expandable(path: str) -> Refusal:
    """Observed, without a param."""
    return invalid(f"This property cannot be expanded ({path}).")


def not_expandable_in_list(path: str) -> Refusal:
    """Observed."""
    return invalid(
        f"This property cannot be expanded ({path}). You may want to try expanding 'data.{path}' "
        "instead."
    )


def not_expandable_any_more(name: str) -> Refusal:
    """Observed: the wording for a field that older versions have."""
    return invalid(f"This property cannot be expanded because it doesn't exist: {name}.")


def total_not_included() -> Refusal:
    """Observed, of lists; searches count."""
    return invalid("This property cannot be included (total_count)")


def expansion_too_deep(path: str, levels: int) -> Refusal:
    refusal = invalid(
        f"You cannot expand more than {levels} levels of a property. Property: {path}",
        "property_expansion_max_depth",
    )
    refusal.documented = False
    return refusal


def both_cursors() -> Refusal:
    return invalid(
        "Received both starting_after and ending_before parameters. Please pass in only one."
    )


def parameters_exclusive(*names: str) -> Refusal:
    return invalid(
        f"You may only specify one of these parameters: {', '.join(names)}.",
        "parameters_exclusive",
        names[0],
    )


def wrong_client_secret(given: str) -> Refusal:
    return invalid(
        "The client_secret provided does not match the client_secret of this object: "
        f"{mask(given)}",
        None,
        "client_secret",
    )


def bad_page(token: str) -> Refusal:
    """A `page` that no answer has given out (assumed wording)."""
    return invalid(f"Invalid page token: {token[:100]}", None, "page")


def no_such_request(id_: str) -> Refusal:
    """For the control API: the log keeps the latest requests only."""
    return Refusal(
        404, INVALID, f"The log holds no request {id_}. It may have gone already.", None, "id"
    )


def request_was_cut(id_: str) -> Refusal:
    """For the control API: a request that the log does not hold whole."""
    return invalid(
        f"The body of {id_} was too long for the log. Use POST /_emulator/requests with "
        '{"keep": "all"} before you make such requests.',
        None,
        "id",
    )
