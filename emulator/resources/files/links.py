"""File links: addresses under which a file can be fetched without a key."""

from __future__ import annotations

from typing import Final

from emulator.kernel.errors import instruments as method_refusals
from emulator.kernel.errors import setups as refusals
from emulator.kit import Doc, Params, Resource, Tx, lists, retrieves
from emulator.kit.editing import merged_metadata

_HERE: Final = "http://localhost:12111"
LINKABLE: Final = frozenset(
    {
        "business_icon",
        "business_logo",
        "customer_signature",
        "dispute_evidence",
        "finance_report_run",
        "financial_account_statement",
        "identity_document_downloadable",
        "issuing_regulatory_reporting",
        "pci_document",
        "selfie",
        "sigma_scheduled_query",
        "tax_document_user_upload",
        "terminal_android_apk",
        "terminal_reader_splashscreen",
    }
)


def _with_expired(tx: Tx, found: Doc) -> Doc:
    found["expired"] = found["expires_at"] is not None and found["expires_at"] <= tx.now
    return found


FILE_LINKS: Final = Resource(
    "file_link", prefix="link", param="link", filters=("file",), view=_with_expired
)


@FILE_LINKS.on("POST /v1/file_links")
def create(tx: Tx, params: Params) -> Doc:
    purpose = tx.hidden(params["file"]).get("purpose")
    if purpose is None or tx.owner(params["file"]) != tx.account:
        raise method_refusals.no_such_file(params["file"])
    if purpose not in LINKABLE:
        raise refusals.file_not_linkable(purpose)
    return link(tx, params["file"], params)


@FILE_LINKS.on("POST /v1/file_links/{link}")
def update(tx: Tx, params: Params, id_: str) -> Doc:
    found = tx.get(FILE_LINKS, id_)
    if "expires_at" in params:
        found["expires_at"] = tx.now if params["expires_at"] == "now" else params["expires_at"]
    if "metadata" in params:
        found["metadata"] = merged_metadata(found["metadata"], params["metadata"])
    return _with_expired(tx, tx.save(FILE_LINKS, found))


lists(FILE_LINKS, "GET /v1/file_links")
retrieves(FILE_LINKS, "GET /v1/file_links/{link}")


def link(tx: Tx, file: str, params: Params) -> Doc:
    """Save a link to a file; metadata and expires_at as given."""
    made = tx.new(FILE_LINKS, file=file, expires_at=params.get("expires_at"))
    made["metadata"] = merged_metadata(None, params.get("metadata") or {})
    here, token = tx.setup.settings.get("base_url", _HERE), tx.secret(made["id"], 48)
    made["url"] = f"{here}/_emulator/links/{tx.setup.name}/{token}"
    tx.hide(f"file_link/{token}", {"link": made["id"]})
    return tx.save(FILE_LINKS, made)


def linked(tx: Tx, token: str) -> Doc | None:
    """The link behind an address, whichever account made it, as long as it has not run out."""
    known = tx.hidden(f"file_link/{token}").get("link", "")
    found = tx.on(tx.owner(known) or "").find(FILE_LINKS, known)
    return None if found is None or _with_expired(tx, found)["expired"] else found
