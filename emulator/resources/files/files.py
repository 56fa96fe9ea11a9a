"""Files: documents and pictures that are uploaded, and read again at their `url` or by a link."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any, Final

from emulator.kernel.errors import setups as refusals
from emulator.kernel.instants import DAY
from emulator.kit import Doc, Params, Resource, Tx, envelope, lists, retrieves
from emulator.resources.files.links import FILE_LINKS, LINKABLE, link
from emulator.resources.files.papers import Content

_MOST_BYTES: Final = 16 * 1024 * 1024
# Days after which a file of this purpose is gone (dispute evidence observed, the others
# documented).
_LIVES_DAYS: Final = {"dispute_evidence": 270}
# Identity papers can be uploaded, never downloaded (observed).
_SECRET: Final = frozenset({"account_requirement", "additional_verification", "identity_document"})
_MAGIC: Final = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
)
_MEDIA: Final = {
    "csv": b"text/csv",
    "gif": b"image/gif",
    "jpg": b"image/jpeg",
    "pdf": b"application/pdf",
    "png": b"image/png",
}


def _with_links(tx: Tx, file: Doc) -> Doc:
    url = f"/v1/file_links?file={file['id']}"
    file["links"] = envelope(tx, FILE_LINKS, url, total=False, file=file["id"])
    return file


FILES: Final = Resource("file", prefix="file", param="file", filters=("purpose",), view=_with_links)


@FILES.on("POST /v1/files")
def create(tx: Tx, params: Params) -> Doc:
    sent = params["file"]
    if not isinstance(sent, dict) or "content" not in sent:
        raise refusals.file_missing()
    content = bytes(sent["content"])
    if len(content) > _MOST_BYTES:
        raise refusals.file_too_large(_MOST_BYTES)

    purpose = params["purpose"]
    made = tx.new(FILES)
    made |= {
        "expires_at": tx.now + _LIVES_DAYS[purpose] * DAY if purpose in _LIVES_DAYS else None,
        "filename": sent.get("filename"),
        "purpose": purpose,
        "size": len(content),
        "type": _type(content, sent.get("filename") or ""),
    }
    if purpose not in _SECRET:
        here = tx.setup.settings.get("base_url", "http://localhost:12111")
        made["url"] = f"{here}/v1/files/{made['id']}/contents"
        tx.hide(_contents(made["id"]), {"base64": b64encode(content).decode()})
    made = tx.save(FILES, made)
    tx.hide(made["id"], {"purpose": purpose})
    wanted: dict[str, Any] = params.get("file_link_data") or {}
    if wanted.get("create") and purpose in LINKABLE:
        link(tx, made["id"], wanted)
    return _with_links(tx, made)


@FILES.on("GET /v1/files/{file}/contents")
def contents(tx: Tx, _params: Params, id_: str) -> Content:
    found = tx.get(FILES, id_)
    if found["url"] is None:
        raise refusals.file_not_readable(found["purpose"])
    kept = b64decode(tx.hidden(_contents(id_))["base64"])
    return Content(_MEDIA.get(found["type"], b"application/octet-stream"), kept)


retrieves(FILES, "GET /v1/files/{file}")
lists(FILES, "GET /v1/files")


def _contents(file: str) -> str:
    return f"{file}/contents"


def _type(content: bytes, filename: str) -> str:
    """By what the file begins with, else by its name."""
    for start, type_ in _MAGIC:
        if content.startswith(start):
            return type_
    name = filename.rpartition(".")[2].lower() if "." in filename else "txt"
    return "jpg" if name == "jpeg" else name
