"""What Stripe, or the holder of a connected account, decides about it."""

from __future__ import annotations

from typing import Any

from emulator.contract import shape
from emulator.control.simulators.simulator import (
    ACCOUNT,
    account_of,
    id_of,
    one_of,
    perform,
    simulates,
    text,
    whole,
)
from emulator.kernel.errors import simulating as refusals
from emulator.kit import Doc, Tx
from emulator.kit.questions import questions
from emulator.resources import connections, imposing, onboarding
from emulator.resources.account_state import PERSONS
from emulator.rules.accounts import samples

_DAY = 86_400
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


@simulates(
    "Verification ends well, at once, for what runs and for what had failed.",
    when="something was given that verification looks at",
    example={"account": "acct_…", "person": "person_…"},
    needs=("account",),
    account=ACCOUNT,
    person=_PERSON,
    kind=one_of(*_KINDS),
)
def verification_passed(
    tx: Tx, account: str, person: str | None = None, kind: str | None = None
) -> Doc:
    return _verified(tx, account, "verified", person, kind)


@simulates(
    "Verification fails with a code of requirements.errors, at once, even for values that test "
    "mode lets pass. What has to be given again becomes due.",
    when="something was given that verification looks at",
    example={"account": "acct_…", "code": "verification_document_expired"},
    needs=("account",),
    account=ACCOUNT,
    person=_PERSON,
    kind=one_of(*_KINDS),
    code=one_of(*_CODES, usual="verification_failed_other"),
)
def verification_failed(
    tx: Tx,
    account: str,
    person: str | None = None,
    kind: str | None = None,
    code: str = "verification_failed_other",
) -> Doc:
    return _verified(tx, account, code, person, kind)


def _verified(tx: Tx, account: str, verdict: str, person: str | None, kind: str | None) -> Doc:
    account_of(tx, account)
    if person is not None:
        tx.on(account).get(PERSONS, person, param="person")
    found = imposing.verify(tx, account, verdict, kind=kind, person=person)
    if found is None:
        reason = (
            f"Verification has nothing to look at here: {person or account} has given nothing of "
            "that kind yet."
        )
        raise refusals.not_possible("account", reason)
    return found


# -- requirements ---------------------------------------------------------------------------------


@simulates(
    "Stripe asks for one more thing. It is overdue at once, or due by a deadline.",
    when="always; a field that was given is asked for once more",
    example={"account": "acct_…", "requirement": "company.tax_id", "days": 14},
    needs=("account", "requirement"),
    account=ACCOUNT,
    requirement=text(
        "the path of a requirement, such as company.tax_id or person_….verification.document", 200
    ),
    days=whole("a number of days until it is overdue, 0 to 3650", 0, 3650),
    code=one_of(*_CODES),
)
def requirement_added(
    tx: Tx, account: str, requirement: str, days: int = 0, code: str | None = None
) -> Doc:
    _check_requirement(tx, account_of(tx, account), requirement)
    deadline = tx.now + days * _DAY if days else None
    return imposing.demand(tx, account, requirement, deadline=deadline, code=code)


def _check_requirement(tx: Tx, account: Doc, path: str) -> None:
    """Only what somebody can give may be asked for."""
    head, country, kind = path.partition(".")[0], account["country"], account["business_type"]
    if head.startswith("person_"):
        tx.on(account["id"]).get(PERSONS, head, param="requirement")
    nobody = head == "individual" and "individual" not in account
    if nobody or not samples.answers([path], country, kind):
        reason = (
            f"{path!r} is nothing that account {account['id']} can give. Write the path of a "
            "requirement, such as business_profile.url or person_….verification.document."
        )
        raise refusals.not_possible("requirement", reason)


@simulates(
    "The deadline passes of everything that is due.",
    when="requirements.current_deadline is set",
    example={"account": "acct_…"},
    needs=("account",),
    account=ACCOUNT,
)
def requirement_deadline_passed(tx: Tx, account: str) -> Doc:
    if account_of(tx, account)["requirements"]["current_deadline"] is None:
        reason = f"Account {account} has no deadline. Set one with requirement_added and its days."
        raise refusals.not_possible("account", reason)
    return imposing.pass_deadlines(tx, account)


# -- capabilities and accounts --------------------------------------------------------------------


@simulates(
    "Stripe disables a capability.",
    when="the capability was requested and is not disabled",
    example={"account": "acct_…", "capability": "transfers"},
    needs=("account", "capability"),
    account=ACCOUNT,
    capability=_CAPABILITY,
    disabled_reason=one_of(*_CAPABILITY_REASONS, usual="other"),
)
def capability_disabled(
    tx: Tx, account: str, capability: str, disabled_reason: str = "other"
) -> Doc:
    _check_requested(tx, account, capability)
    if imposing.is_stopped(tx, account, capability):
        reason = f"Stripe has disabled {capability} of {account} already."
        raise refusals.not_possible("capability", reason)
    return imposing.stop_capability(tx, account, capability, disabled_reason)


@simulates(
    "Stripe lets a capability go on that it had disabled.",
    when="capability_disabled was simulated",
    example={"account": "acct_…", "capability": "transfers"},
    needs=("account", "capability"),
    account=ACCOUNT,
    capability=_CAPABILITY,
)
def capability_restored(tx: Tx, account: str, capability: str) -> Doc:
    _check_requested(tx, account, capability)
    if not imposing.is_stopped(tx, account, capability):
        reason = (
            f"Stripe has not disabled {capability} of {account}: it is inactive only for what "
            "requirements say."
        )
        raise refusals.not_possible("capability", reason)
    return imposing.restore_capability(tx, account, capability)


def _check_requested(tx: Tx, account: str, capability: str) -> None:
    requested = sorted(account_of(tx, account)["capabilities"] or {})
    if capability not in requested:
        names = ", ".join(requested) or "none"
        reason = f"Account {account} did not request {capability}. It requested: {names}."
        raise refusals.not_possible("capability", reason)


@simulates(
    "Stripe stops charges and payouts of an account: under review, listed, rejected …",
    when="Stripe has not disabled the account",
    example={"account": "acct_…", "disabled_reason": "under_review"},
    needs=("account",),
    account=ACCOUNT,
    disabled_reason=one_of(*_ACCOUNT_REASONS, usual="under_review"),
)
def account_disabled(tx: Tx, account: str, disabled_reason: str = "under_review") -> Doc:
    account_of(tx, account)
    held = imposing.disabled_by_stripe(tx, account)
    if held is not None:
        reason = f"Stripe has disabled account {account} already: {held}."
        raise refusals.not_possible("account", reason)
    return imposing.disable(tx, account, disabled_reason)


@simulates(
    "The platform rejects an account, as in its Dashboard.",
    when="the platform answers for the account",
    example={"account": "acct_…", "reason": "fraud"},
    needs=("account",),
    account=ACCOUNT,
    reason=one_of("fraud", "terms_of_service", "other", usual="other"),
)
def account_rejected(tx: Tx, account: str, reason: str = "other") -> Doc:
    account_of(tx, account)
    path = f"/v1/accounts/{account}/reject"
    rejected: Doc = perform(tx, "POST", path, {"reason": reason})
    return rejected


@simulates(
    "Everything that was imposed on an account is taken back: disabled capabilities, demands out "
    "of turn, a rejection.",
    when="something was imposed on the account, or it was rejected",
    example={"account": "acct_…"},
    needs=("account",),
    account=ACCOUNT,
)
def account_restored(tx: Tx, account: str) -> Doc:
    account_of(tx, account)
    notes = tx.hidden(account)
    if not notes.get("imposed") and not notes.get("rejected"):
        reason = f"Nothing was imposed on account {account}, and it was not rejected."
        raise refusals.not_possible("account", reason)
    return imposing.restore(tx, account)


# -- its holder -----------------------------------------------------------------------------------


@simulates(
    "The account's holder answers all that is due on Stripe's form, with values that pass.",
    when="always",
    example={"account": "acct_…"},
    needs=("account",),
    account=ACCOUNT,
    collect=one_of("currently_due", "eventually_due", usual="currently_due"),
)
def onboarding_completed(tx: Tx, account: str, collect: str = "currently_due") -> Doc:
    account_of(tx, account)
    return onboarding.complete(tx, account, collect)


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


@simulates(
    "The holder of an account with a Dashboard of its own revokes the platform's access.",
    when="the account has the full Dashboard and is connected",
    example={"account": "acct_…"},
    needs=("account",),
    account=ACCOUNT,
)
def account_deauthorized(tx: Tx, account: str) -> Doc:
    doc = account_of(tx, account)
    connections.deauthorize(tx, account)
    return doc
