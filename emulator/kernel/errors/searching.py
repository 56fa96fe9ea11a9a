"""Refusals of search queries."""

from __future__ import annotations

from emulator.kernel.errors.refusal import Refusal, invalid


def unreadable() -> Refusal:
    return invalid(
        "We were unable to parse your search query. Try using the format "
        '`metadata["key"]:"value"` to query for metadata or key:"value" to query for other fields.',
        None,
        "query",
    )


def unsupported_field(field: str, resource: str) -> Refusal:
    return invalid(
        f"Field `{field}` is an unsupported search field for resource `{resource}`. See "
        f"http://stripe.com/docs/search#query-fields-for-{resource.replace('_', '-')} for a list "
        "of supported fields.",
        None,
        "query",
    )


def unsupported_operator(field: str, operator: str) -> Refusal:
    """Assumed wording."""
    return invalid(f"Field `{field}` does not support the operator `{operator}`.", None, "query")


def mixed() -> Refusal:
    """AND and OR in one query (assumed wording)."""
    return invalid(
        "You cannot combine `AND` and `OR` in the same search query.",
        None,
        "query",
    )


def substring_too_short(least: int) -> Refusal:
    """Assumed wording."""
    return invalid(f"Substring searches with `~` need at least {least} characters.", None, "query")


def not_a_number(field: str, value: str) -> Refusal:
    """Assumed wording."""
    return invalid(f"Field `{field}` is numeric, but `{value}` is no number.", None, "query")


def too_many_clauses(most: int) -> Refusal:
    """Assumed wording."""
    return invalid(f"A search query can have at most {most} clauses.", None, "query")


def not_quoted(field: str, value: str) -> Refusal:
    """Assumed wording."""
    return invalid(
        f'The value of the field `{field}` must be quoted: {field}:"{value}".', None, "query"
    )


def version_too_old(version: str, least: str) -> Refusal:
    """Assumed wording."""
    return invalid(
        f"Search is not available in API version {version}. The minimum version is {least}: send a "
        "newer one in the Stripe-Version header."
    )
