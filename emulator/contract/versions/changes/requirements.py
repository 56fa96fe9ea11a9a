"""What accounts, persons and capabilities lack: how it was named before, newest change first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from emulator.contract.versions.change import Change, Doc, Fetch, Params, Response
from emulator.kernel import files

_HASHES: Final = ("requirements", "future_requirements")
_ARRAYS: Final = ("currently_due", "eventually_due", "past_due", "pending_verification")
_ALTERNATIVES: Final = ("alternative_fields_due", "original_fields_due")
_JUDGED: Final = ("account", "capability", "person")
# What stood for all that is asked of one kind of person, and of whether all of them are known.
_RELATIONSHIPS: Final = {
    "representative": "relationship.representative",
    "owners": "relationship.owner",
    "directors": "relationship.director",
    "executives": "relationship.executive",
    "company.owners_provided": "relationship.owner",
    "company.directors_provided": "relationship.director",
    "company.executives_provided": "relationship.executive",
}


def _hashes(doc: Doc) -> Iterator[Doc]:
    for name in _HASHES:
        if isinstance(doc.get(name), dict):
            yield doc[name]


def _of_roles(doc: Doc, _fetch: Fetch) -> None:
    for hash_ in _hashes(doc):
        for name in _ARRAYS:
            if name in hash_:
                hash_[name] = _roles(hash_[name])
        for each in hash_.get("alternatives") or ():
            each.update({name: _roles(each[name]) for name in _ALTERNATIVES})
        for each in hash_.get("errors") or ():
            each["requirement"] = _role(each["requirement"])


def _of_roles_in_spec(spec: Doc, _fetch: Fetch) -> None:
    for fields in spec.get("verification_fields", {}).values():
        fields.update({name: _roles(paths) for name, paths in fields.items()})


def _roles(paths: Iterable[str]) -> list[str]:
    return sorted({_role(path) for path in paths})


def _role(path: str) -> str:
    return _RELATIONSHIPS.get(path) or _RELATIONSHIPS.get(path.partition(".")[0], path)


def _less_precise(codes: Sequence[str], older: str) -> Response:
    """Turns back errors with any of these codes."""
    newer = frozenset(codes)

    def less_precise(doc: Doc, _fetch: Fetch) -> None:
        for hash_ in _hashes(doc):
            for error in hash_.get("errors") or ():
                if error["code"] in newer:
                    error["code"] = older

    return less_precise


def _presence(params: Params) -> None:
    documents: Any = params.get("documents")
    if isinstance(documents, dict) and "proof_of_registration" in documents:
        documents["proof_of_business_presence"] = documents.pop("proof_of_registration")


CHANGES: Final = (
    Change(
        "2026-09-30",
        "proof_of_registration became proof_of_business_presence.",
        operations=("POST /v1/accounts", "POST /v1/accounts/{account}"),
        request=_presence,
    ),
    *(
        Change(
            row["since"],
            f"Errors of requirements may be {row['codes'][0]} and the like.",
            objects=_JUDGED,
            response=_less_precise(row["codes"], row["older"]),
        )
        for row in files.table("versions/requirement_codes.json")["rows"]
    ),
    Change(
        "2020-08-27",
        "What a kind of person has to tell is named one by one.",
        objects=("account", "capability"),
        response=_of_roles,
        came="2019-02-19",
    ),
    Change(
        "2020-08-27",
        "The same in what a country asks for.",
        objects=("country_spec",),
        response=_of_roles_in_spec,
        came="2019-02-19",
    ),
)
