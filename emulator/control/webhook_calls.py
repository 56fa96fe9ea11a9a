"""The calls about webhooks and events."""

from __future__ import annotations

from typing import Final

from emulator.control import webhooks as schemas
from emulator.control.calls import Call, Schema
from emulator.control.webhooks import Webhooks

_NO_ENDPOINT: Final = {404: "There is no webhook endpoint of this id."}
_NO_EVENT: Final = {404: "There is no such event, or no such webhook endpoint."}
_IN_VAIN: Final = {**_NO_EVENT, 408: "None arrived in time; the message says what did happen."}
_LETTERS: Final[Schema] = {"type": schemas.WAIT["type"]}


def calls(webhooks: Webhooks) -> tuple[Call, ...]:
    """Every call about webhooks and events."""
    return (*_delivering(webhooks), *_reading(webhooks), *_mailboxes(webhooks))


def _delivering(webhooks: Webhooks) -> tuple[Call, ...]:
    return (
        Call(
            "showWebhooks",
            "GET",
            "/webhooks",
            "How the world delivers, its endpoints, and what is held.",
            webhooks.show,
        ),
        Call(
            "changeWebhooks",
            "POST",
            "/webhooks",
            "Hold deliveries or let them go; lose, delay, repeat or reorder some.",
            webhooks.change,
            body=schemas.CHANGE,
            errors=_NO_ENDPOINT,
        ),
        Call(
            "deliverWebhooks",
            "POST",
            "/webhooks/deliver",
            "Deliver what is held and fits, one after the other.",
            webhooks.deliver,
            body=schemas.DELIVER,
        ),
        Call(
            "resendEvent",
            "POST",
            "/webhooks/resend",
            "Send an event again, to any endpoint.",
            webhooks.resend,
            body=schemas.RESEND,
            needs=("event",),
            errors=_NO_EVENT,
        ),
    )


def _reading(webhooks: Webhooks) -> tuple[Call, ...]:
    return (
        Call(
            "waitForWebhook",
            "GET",
            "/webhooks/wait",
            "Wait until an event of a type has arrived.",
            webhooks.wait,
            query=schemas.WAIT,
            needs=("type",),
            errors=_IN_VAIN,
        ),
        Call(
            "waitForWebhookToo",
            "POST",
            "/webhooks/wait",
            "Wait until an event of a type has arrived.",
            webhooks.wait,
            notes=False,
            body=schemas.WAIT,
            needs=("type",),
            errors=_IN_VAIN,
        ),
        Call(
            "listDeliveries",
            "GET",
            "/deliveries",
            "The log of deliveries, newest first: what was sent, and what came back.",
            webhooks.log,
            query=schemas.LOG,
        ),
        Call(
            "followEvents",
            "GET",
            "/events",
            "What happened after a cursor, on every account; with `wait`, as soon as it happens.",
            webhooks.follow,
            query=schemas.FOLLOW,
        ),
    )


def _mailboxes(webhooks: Webhooks) -> tuple[Call, ...]:
    path = "/webhooks/mailbox/{name}"
    return (
        Call(
            "listLetters",
            "GET",
            path,
            "What lies in a mailbox of this process, oldest first.",
            webhooks.letters,
            query=_LETTERS,
        ),
        Call(
            "changeMailbox",
            "POST",
            path,
            "Choose the status that a mailbox answers.",
            webhooks.answer,
            body=schemas.ANSWER,
            needs=("status",),
        ),
        Call("emptyMailbox", "DELETE", path, "Throw a mailbox's letters away.", webhooks.empty),
    )
