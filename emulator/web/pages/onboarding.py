"""The page behind an account link: what is due, with a place to answer it."""

from __future__ import annotations

from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.control import Control
from emulator.control.people import onboarding
from emulator.control.people.onboarding import Visit
from emulator.kernel.errors import Refusal
from emulator.kit import Doc
from emulator.rules.accounts import samples
from emulator.web import forms
from emulator.web.pages import layout
from emulator.web.pages.visiting import readable, world_of
from emulator.world import World

_BUTTONS = (
    ("fill", "Fill in test values and submit"),
    ("submit", "Submit what I typed"),
    ("leave", "Leave"),
)
# In the order in which the groups stand on the page.
_HEADS = {
    "business_type": "Business",
    "business_profile": "Business",
    "company": "Company",
    "individual": "You",
    "representative": "The representative",
    "owners": "An owner",
    "directors": "A director",
    "executives": "An executive",
    "legal_guardian": "A legal guardian",
    "documents": "Documents",
    "external_account": "Bank account",
    "settings": "Payments",
    "tos_acceptance": "Terms of service",
}
_PERSON = "A person"
_GROUPS = (*dict.fromkeys(_HEADS.values()), _PERSON)
_LABELS = {
    "business_profile.mcc": "Category code (mcc)",
    "business_profile.url": "Website",
    "dob.day": "Date of birth, day",
    "dob.month": "Date of birth, month",
    "dob.year": "Date of birth, year",
    "id_number": "Identity number",
    "settings.payments.statement_descriptor": "Statement descriptor",
    "ssn_last_4": "Last four digits of the social security number",
    "verification.document": "Identity document",
    "verification.proof_of_liveness": "Proof of being there in person",
}
_TYPES = {
    "": "Choose",
    "individual": "Individual",
    "company": "Company",
    "non_profit": "Non-profit",
    "government_entity": "Government entity",
}
_DOCUMENTS = {
    "": "Choose a test document",
    "file_identity_document_success": "A document that is accepted",
    "file_identity_document_failure": "A document that is refused",
}


def routes(control: Control) -> list[Route]:
    """The page, and what its form does."""

    @readable
    async def show(request: Request) -> Response:
        world, account, token = _where(control, request)
        if request.method == "HEAD":  # looking whether it is there must not use it up
            return Response()
        return _answered(onboarding.open_link(world, account, token))

    @readable
    async def act(request: Request) -> Response:
        world, account, token = _where(control, request)
        sent = forms.decode(await request.body())
        deed = sent.pop("deed", None)
        if deed is None:
            return _left(onboarding.submit(world, account, token, sent))
        if deed == "leave":
            return _answered(onboarding.leave(world, account, token))
        return _answered(_given(world, account, token, sent, fill=deed == "fill"))

    path = "/_emulator/onboarding/{world}/{account}/{token}"
    return [Route(path, show, methods=["GET"]), Route(path, act, methods=["POST"])]


def _where(control: Control, request: Request) -> tuple[World, str, str]:
    path = request.path_params
    return world_of(control, request), path["account"], path["token"]


def _given(
    world: World, account: str, token: str, sent: dict[str, str], *, fill: bool
) -> Visit | Response:
    """What the form leads to; a value that is refused leads back to it."""
    try:
        found = onboarding.answer(world, account, token, sent, fill=fill)
    except Refusal as refusal:
        visit = onboarding.look(world, account, token)
        return _form(visit, refusal.message, sent, 400)
    if found.there is None:
        return _form(found, "This is still missing." if sent else "Nothing was filled in.", sent)
    return found


def _answered(visit: Visit | Response) -> Response:
    if isinstance(visit, Response):
        return visit
    return _form(visit) if visit.there is None else _left(visit.there)


def _left(there: str) -> Response:
    if there:
        return layout.go(there)
    return layout.page(
        "You can close this page",
        layout.paragraph("The account link named no address to return to.", "soft"),
    )


def _form(
    visit: Visit, problem: str = "", sent: dict[str, str] | None = None, status: int = 200
) -> Response:
    account = visit.account
    about = f"{account['id']} · {account['type']} account in {account['country']}"
    parts = [layout.paragraph(about, "soft")]
    errors = account["requirements"]["errors"]
    parts += layout.problems(problem, *(f"{e['requirement']}: {e['reason']}" for e in errors))
    if not visit.due:
        parts.append(layout.paragraph("Nothing is due. Submit to finish."))
    parts.append(_inputs(visit, sent or {}))
    return layout.page("Complete your account", *parts, status=status)


def _inputs(visit: Visit, sent: dict[str, str]) -> str:
    """The form. Its first button is not shown: it is the one that the Enter key presses."""
    grouped = groupby(sorted(visit.due, key=_place), key=_group)
    return layout.form(
        '<button name="deed" value="submit" hidden></button>',
        layout.deeds(_BUTTONS[:1]) if visit.due else "",
        *(
            layout.group(name, *_fields(list(paths), visit.account, sent))
            for name, paths in grouped
        ),
        layout.deeds(_BUTTONS),
    )


def _group(path: str) -> str:
    return _HEADS.get(path.partition(".")[0], _PERSON)


def _place(path: str) -> tuple[int, bool]:
    """Groups in their order; what kind of business it is comes first of all."""
    return _GROUPS.index(_group(path)), path != "business_type"


def _fields(paths: list[str], account: Doc, sent: dict[str, str]) -> list[str]:
    found = []
    for path in paths:
        if path == "external_account":
            numbers = samples.bank(account["country"]).items()
            found += [_text(f"{path}.{name}", value, sent) for name, value in numbers]
        elif path == "tos_acceptance.date":
            found.append(layout.tick(path, "I accept the terms of service"))
        elif path != "tos_acceptance.ip":
            found.append(_field(path, account, sent))
    return found


def _field(path: str, account: Doc, sent: dict[str, str]) -> str:
    value = sent.get(path, "")
    hint = samples.sample(path, account["country"], account["business_type"]) or ""
    if path == "business_type":
        return layout.choice(path, _label(path), _TYPES, value)
    if hint == samples.DOCUMENT:
        return layout.choice(path, _label(path), _DOCUMENTS, value)
    if hint == "true":
        return layout.tick(path, _label(path), ticked=bool(value))
    return _text(path, hint, sent)


def _text(path: str, hint: str, sent: dict[str, str]) -> str:
    return layout.text_field(path, _label(path), hint, sent.get(path, ""))


def _label(path: str) -> str:
    """`individual.address.line1` reads `Address, line1`; the holder stands over the group."""
    if path in _LABELS:
        return _LABELS[path]
    steps = [step for step in path.split(".") if step != "files"]
    own = steps[1:] if len(steps) > 1 else steps
    plain = ", ".join(step.replace("_", " ") for step in own).capitalize()
    return _LABELS.get(".".join(own), plain)
