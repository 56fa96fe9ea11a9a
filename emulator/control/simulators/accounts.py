"""What Stripe, or the holder of a connected account, decides about it."""

from __future__ import annotations

from typing import Any

from emulator.contract import shape
from emulator.control.simulators.simulator import (
    ACCOUNT,
    account_of,
    befalls_account,
    id_of,
    one_of,
    perform,
    simulates,
    text,
    whole,
)
from emulator.kernel.errors import simulating as refusals
from emulator.kernel.instants import DAY
from emulator.kit import Doc, Tx
from emulator.kit.questions import questions
from emulator.resources.accounts import connections, imposing, onboarding
from emulator.resources.accounts.state import PERSONS
from emulator.rules.accounts import samples

_KINDS = ("identity", "address", "company_address", "company_tax_id", "url")
_CODES = questions()["account.verify"].answers[1:]


def _reasons(object_: str) -> tuple[str, ...]:
    """The values of disabled_reason that somebody at Stripe decides on."""
    field = shape(object_)["fields"]["requirements"]["fields"]["disabled_reason"]
    return tuple(
        value
        for value in field["values"]
        if not value.startswith(("requirements.", "action_required.", "rejected.platform"))
    )


_ACCOUNT_REASONS = _reasons("account")
_CAPABILITY_REASONS = _reasons("capability")
_CAPABILITY = text("a capability of the account, such as transfers", 100)
_PERSON = id_of("person", "person")


# -- verification ---------------------------------------------------------------------------------


@befalls_account(
    "Verification ends well, at once, for what runs and for what had failed.",
    when="something was given that verification looks at",
    example={"person": "person_…"},
    person=_PERSON,
    kind=one_of(*_KINDS),
)
def verification_passed(
    tx: Tx, account: Doc, person: str | None = None, kind: str | None = None
) -> Doc:
    return _verified(tx, account, "verified", person, kind)


@befalls_account(
    "Verification fails with a code of requirements.errors, at once, even for values that test "
    "mode lets pass. What has to be given again becomes due; an account that is enabled stays so "
    "until its deadline.",
    when="something was given that verification looks at",
    example={"code": "verification_document_expired"},
    person=_PERSON,
    kind=one_of(*_KINDS),
    code=one_of(*_CODES, usual="verification_failed_other"),
)
def verification_failed(
    tx: Tx,
    account: Doc,
    person: str | None = None,
    kind: str | None = None,
    code: str = "verification_failed_other",
) -> Doc:
    return _verified(tx, account, code, person, kind)


def _verified(tx: Tx, account: Doc, verdict: str, person: str | None, kind: str | None) -> Doc:
    if person is not None:
        tx.on(account["id"]).get(PERSONS, person, param="person")
    found = imposing.verify(tx, account["id"], verdict, kind=kind, person=person)
    if found is None:
        raise refusals.nothing_to_verify(person or account["id"])
    return found


# -- requirements ---------------------------------------------------------------------------------


@befalls_account(
    "Stripe asks for one more thing. It is overdue at once, or due by a deadline.",
    when="always; a field that was given is asked for once more",
    example={"requirement": "company.tax_id", "days": 14},
    needs=("requirement",),
    requirement=text(
        "the path of a requirement, such as company.tax_id or person_….verification.document", 200
    ),
    days=whole("a number of days until it is overdue, 0 to 3650", 0, 3650),
    code=one_of(*_CODES),
)
def requirement_added(
    tx: Tx, account: Doc, requirement: str, days: int = 0, code: str | None = None
) -> Doc:
    _check_requirement(tx, account, requirement)
    deadline = tx.now + days * DAY if days else None
    return imposing.demand(tx, account["id"], requirement, deadline=deadline, code=code)


def _check_requirement(tx: Tx, account: Doc, path: str) -> None:
    """Only what somebody can give may be asked for."""
    head, country, kind = path.partition(".")[0], account["country"], account["business_type"]
    if head.startswith("person_"):
        tx.on(account["id"]).get(PERSONS, head, param="requirement")
    nobody = head == "individual" and "individual" not in account
    if nobody or not samples.answers([path], country, kind):
        raise refusals.not_a_requirement(account["id"], path)


@befalls_account(
    "The deadline passes of everything that is due.",
    when="requirements.current_deadline is set",
)
def requirement_deadline_passed(tx: Tx, account: Doc) -> Doc:
    if account["requirements"]["current_deadline"] is None:
        raise refusals.no_deadline(account["id"])
    return imposing.pass_deadlines(tx, account["id"])


# -- capabilities and accounts --------------------------------------------------------------------


@befalls_account(
    "Stripe disables a capability.",
    when="the capability was requested and is not disabled",
    example={"capability": "transfers"},
    needs=("capability",),
    capability=_CAPABILITY,
    disabled_reason=one_of(*_CAPABILITY_REASONS, usual="other"),
)
def capability_disabled(
    tx: Tx, account: Doc, capability: str, disabled_reason: str = "other"
) -> Doc:
    _check_requested(account, capability)
    if imposing.is_stopped(tx, account["id"], capability):
        raise refusals.capability_disabled_already(account["id"], capability)
    return imposing.stop_capability(tx, account["id"], capability, disabled_reason)


@befalls_account(
    "Stripe lets a capability go on that it had disabled.",
    when="capability_disabled was simulated",
    example={"capability": "transfers"},
    needs=("capability",),
    capability=_CAPABILITY,
)
def capability_restored(tx: Tx, account: Doc, capability: str) -> Doc:
    _check_requested(account, capability)
    if not imposing.is_stopped(tx, account["id"], capability):
        raise refusals.capability_not_disabled(account["id"], capability)
    return imposing.restore_capability(tx, account["id"], capability)


def _check_requested(account: Doc, capability: str) -> None:
    requested = sorted(account["capabilities"] or {})
    if capability not in requested:
        raise refusals.not_requested(account["id"], capability, requested)


@befalls_account(
    "Stripe stops charges and payouts of an account: under review, listed, rejected …",
    when="Stripe has not disabled the account",
    example={"disabled_reason": "under_review"},
    disabled_reason=one_of(*_ACCOUNT_REASONS, usual="under_review"),
)
def account_disabled(tx: Tx, account: Doc, disabled_reason: str = "under_review") -> Doc:
    held = imposing.disabled_by_stripe(tx, account["id"])
    if held is not None:
        raise refusals.account_disabled_already(account["id"], held)
    return imposing.disable(tx, account["id"], disabled_reason)


@befalls_account(
    "The platform rejects an account, as in its Dashboard.",
    when="the platform answers for the account",
    example={"reason": "fraud"},
    reason=one_of("fraud", "terms_of_service", "other", usual="other"),
)
def account_rejected(tx: Tx, account: Doc, reason: str = "other") -> Doc:
    path = f"/v1/accounts/{account['id']}/reject"
    return perform(tx, "POST", path, {"reason": reason})


@befalls_account(
    "Everything that was imposed on an account is taken back: disabled capabilities, demands out "
    "of turn, a rejection.",
    when="something was imposed on the account, or it was rejected",
)
def account_restored(tx: Tx, account: Doc) -> Doc:
    notes = tx.hidden(account["id"])
    if not notes.get("imposed") and not notes.get("rejected"):
        raise refusals.nothing_imposed(account["id"])
    return imposing.restore(tx, account["id"])


# -- its holder -----------------------------------------------------------------------------------


@befalls_account(
    "The account's holder answers all that is due on Stripe's form, with values that pass.",
    when="always",
    collect=one_of("currently_due", "eventually_due", usual="currently_due"),
)
def onboarding_completed(tx: Tx, account: Doc, collect: str = "currently_due") -> Doc:
    return onboarding.complete(tx, account["id"], collect)


@simulates(
    "The holder of an account with a Dashboard of its own connects it to the platform by OAuth: a "
    "new account, or one that was connected before.",
    when="the account has the full Dashboard",
    example={"country": "US"},
    account=ACCOUNT,
    country=text("a country, two capital letters", 2),
    email=text("an email address"),
    scope=one_of(*connections.SCOPES, usual="read_write"),
)
def account_connected(
    tx: Tx, account: str | None = None, scope: str = "read_write", **params: Any
) -> Doc:
    wish = {"account": account, "type": "standard", "scope": scope, "email": "", **params}
    wish.setdefault("country", tx.setup.settings["country"])
    platform = tx.on(tx.platform)
    found = connections.exchange(platform, connections.begin(platform, wish), scope)
    return account_of(tx, found["stripe_user_id"])


@befalls_account(
    "The holder of an account with a Dashboard of its own revokes the platform's access.",
    when="the account has the full Dashboard and is connected",
)
def account_deauthorized(tx: Tx, account: Doc) -> Doc:
    connections.deauthorize(tx, account["id"])
    return account
