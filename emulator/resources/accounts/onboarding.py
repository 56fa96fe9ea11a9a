"""What an account's holder does on Stripe's own form: sees what is due, answers it, accepts the
terms.

Answers go by the paths of requirements (`individual.first_name`, `person_….dob.day`,
`external_account. account_number`). They go through the same checks as an update by the
platform; only who may write what is not asked, because everything here is the holder's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from emulator import contract
from emulator.contract.versions import NEWEST
from emulator.kit import Doc, Params, Tx
from emulator.resources.accounts import external_accounts, persons
from emulator.resources.accounts.details import apply, check
from emulator.resources.accounts.standing import settle
from emulator.resources.accounts.state import ACCOUNTS, PERSONS, controller_of
from emulator.rules.accounts import capabilities, samples

_ROLES: Final = {
    "representative": "representative",
    "owners": "owner",
    "directors": "director",
    "executives": "executive",
    "legal_guardian": "legal_guardian",
}
_MOST_ROUNDS: Final = 8
# Nobody can send these to the API: they are made on the form itself.
_ONLY_HERE: Final = "proof_of_liveness"
# Requirements that name a field otherwise than the parameter that gives it.
_RENAMED: Final = {"company.business_vat_id_number": "company.vat_id"}
Answers = Mapping[str, str]


def due(tx: Tx, id_: str, collect: str = "currently_due") -> list[str]:
    """What the account still owes, without what nobody could answer here."""
    account = _of(tx, id_)
    found: list[str] = account["requirements"][collect]
    country, type_ = account["country"], account["business_type"]
    return [path for path in found if samples.answers([path], country, type_)]


def give(tx: Tx, id_: str, answers: Answers) -> Doc:
    """Lay answers over the account; empty ones are left out. Returns the account as its platform
    sees it.
    """
    account = _of(tx, id_)
    own, people = _sorted_out(answers)
    accepts = own.pop("tos_acceptance", None)
    if "external_account" in own:
        fixed = {"object": "bank_account", "country": account["country"]}
        own["external_account"] = {**fixed, **own["external_account"]}
    params = _coerced(f"/v1/accounts/{id_}", own)
    business_type = params.get("business_type") or account["business_type"]
    check(tx, params, account["country"], business_type, creating=False)

    notes = tx.hidden(id_)
    _request_usual(tx, account, notes)
    if accepts:
        params["tos_acceptance"] = {"date": tx.now, "ip": tx.caller.ip}
    account = apply(tx, account, notes, params)
    touched: dict[str, Doc | None] = {}
    for head, given in people.items():
        touched |= _person(tx, account, notes, head, given)
    if params.get("external_account"):
        external_accounts.replace(tx, account, params["external_account"])
    return settle(tx, account, notes, touched)


def complete(tx: Tx, id_: str, collect: str = "currently_due") -> Doc:
    """Answer all that is due with values that pass, and submit."""
    give(tx, id_, {})
    for _ in range(_MOST_ROUNDS):
        waiting = due(tx, id_, collect)
        if not waiting:
            break
        account = _of(tx, id_)
        give(tx, id_, samples.answers(waiting, account["country"], account["business_type"]))
    return submit(tx, id_)


def submit(tx: Tx, id_: str) -> Doc:
    """The holder has seen the form to its end: details_submitted."""
    account = _of(tx, id_)
    return settle(tx, account, tx.hidden(id_) | {"onboarded": True})


# -- inside
# -------------------------------------------------------------------------------------------


def _of(tx: Tx, id_: str) -> Doc:
    return tx.on(tx.platform).get(ACCOUNTS, id_, param="account")


def _request_usual(tx: Tx, account: Doc, notes: Doc) -> None:
    """Accounts with a Dashboard that asked for nothing get the usual capabilities by onboarding.

    Documented for Standard; assumed for Express, where the platform's settings would say.
    """
    if notes.get("requested_at") or controller_of(account).dashboard == "none":
        return
    names = [n for n in capabilities.automatic() if capabilities.in_country(n, account["country"])]
    notes["requested_at"] = dict.fromkeys(names, tx.now)


def _sorted_out(answers: Answers) -> tuple[Doc, dict[str, Doc]]:
    """Answers as nested parameters: the account's own, and those of each person by name."""
    own: Doc = {}
    people: dict[str, Doc] = {}
    for path, value in answers.items():
        head, _, rest = path.partition(".")
        if value == "" and not path.endswith("full_name_aliases"):
            continue
        if head == "individual" or head in _ROLES or head.startswith("person_"):
            _nest(people.setdefault(head, {}), rest, value)
        else:
            _nest(own, _RENAMED.get(path, path), value)
    return own, people


def _nest(into: Doc, path: str, value: str) -> None:
    *outer, last = path.split(".")
    for step in outer:
        into = into.setdefault(step, {})
    if last == "files":
        into[last] = [value]
    elif outer and outer[-1] == "verification":
        into[last] = {"front": value}
    else:
        into[last] = value


def _coerced(path: str, sent: Doc) -> Params:
    found = contract.find("POST", path)
    assert found is not None
    return contract.coerce(found.operation, sent, NEWEST.date)


def _person(tx: Tx, account: Doc, notes: Doc, head: str, given: Doc) -> dict[str, Doc | None]:
    """One person's answers; returns what `settle` wants to know of whom they changed."""
    params = _person_params(account["id"], given)
    if head == "individual":
        return persons.set_individual(tx, account, notes, params)
    if head in _ROLES:
        params["relationship"] = {**(params.get("relationship") or {}), _ROLES[head]: True}
        persons.check(tx, account, None, params)
        return {persons.make(tx, account, params)["id"]: None}
    before = tx.on(account["id"]).get(PERSONS, head)
    persons.check(tx, account, head, params)
    persons.change(tx, account, notes, before, params)
    return {head: before}


def _person_params(account: str, given: Doc) -> Params:
    live: Any = given.get("verification", {}).pop(_ONLY_HERE, None)
    params = _coerced(f"/v1/accounts/{account}/persons", given)
    if live is not None:
        params["verification"] = {**(params.get("verification") or {}), _ONLY_HERE: live}
    return params
