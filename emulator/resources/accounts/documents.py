"""Documents of accounts and persons: uploaded files, or test documents by their names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from emulator.kernel.errors import setups as refusals
from emulator.kit import Doc, Tx
from emulator.resources.files.files import FILES

# Test images from Stripe's documentation, and the ready-made names that mean the same.
_IMAGES: Final = {
    "failed.png": "file_identity_document_failure",
    "success.png": "file_identity_document_success",
}
# Names of test documents that nobody uploads.
_READY_MADE: Final = "file_identity_document_"
# What their papers are uploaded for.
_PERSON: Final = ("identity_document",)
_COMPANY: Final = ("additional_verification", *_PERSON)


def check_documents(tx: Tx, sent: Doc, prefix: str = "") -> None:
    """Refuse documents that are no files: test images by their ready-made names, or uploads for
    the purpose (documented) that papers of a company, of a person or of other kinds have; those
    of a person will do for a company's (observed).
    """
    purposes = _COMPANY if prefix == "company" else _PERSON
    for kind, sides in (sent.get("verification") or {}).items():
        for side, id_ in (sides or {}).items():
            check_file(tx, id_, nested_name(prefix, "verification", kind, side), *purposes)
    for kind, each in (sent.get("documents") or {}).items():
        for at, id_ in enumerate((each or {}).get("files") or ()):
            param = nested_name(prefix, "documents", kind, "files", str(at))
            check_file(tx, id_, param, "account_requirement")


def check_file(tx: Tx, id_: str | None, param: str, *purposes: str) -> None:
    """Refuse the id of a file that nobody uploaded, or that was uploaded for something else."""
    if not id_ or id_.startswith(_READY_MADE):
        return
    file = tx.peek(FILES, id_)
    if file is None:
        raise tx.missing(FILES, id_, param)
    if file["purpose"] not in purposes:
        raise refusals.file_of_other_purpose(file, purposes, param)


def nested_name(*names: str) -> str:
    """A parameter's name: `individual[verification][document]`; empty names fall away."""
    first, *rest = filter(None, names)
    return first + "".join(f"[{name}]" for name in rest)


def with_files(tx: Tx, sent: Doc) -> Doc:
    """What was sent, the ready-made names of test documents replaced by files of this account."""
    return _with_sides(tx, sent, _file)


def with_images(tx: Tx, sent: Doc) -> Doc:
    """What was sent, uploaded test images known by their names replaced by ready-made names."""
    return _with_sides(tx, sent, _image)


def _with_sides(tx: Tx, sent: Doc, replaced: Callable[[Tx, str | None], str | None]) -> Doc:
    verification = sent.get("verification")
    if not isinstance(verification, dict):
        return sent
    out: dict[str, Any] = {}
    for kind, sides in verification.items():
        given = sides or {}
        out[kind] = {side: replaced(tx, name) for side, name in given.items()}
    return {**sent, "verification": out}


def _image(tx: Tx, name: str | None) -> str | None:
    file = tx.peek(FILES, name) if name else None
    return _IMAGES.get(file["filename"] or "", name) if file else name


def _file(tx: Tx, name: str | None) -> str | None:
    if name is not None and name.startswith(_READY_MADE):
        return tx.new_id("file")
    return name
