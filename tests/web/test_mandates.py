"""The page of a mandate."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from tests.talking import Talk


def _mandate(talk: Talk, method: str, type_: str) -> Any:
    params = {
        "confirm": True,
        "payment_method": method,
        "payment_method_types": [type_],
        "mandate_data": {"customer_acceptance": {"type": "offline"}},
    }
    made = talk.made("/v1/setup_intents", params)
    return talk.got(f"/v1/mandates/{made['mandate']}")


def test_a_mandate_can_be_read_and_withdrawn(talk: Talk):
    mandate = _mandate(talk, "pm_sepaDebit_success_de", "sepa_debit")
    details = mandate["payment_method_details"]["sepa_debit"]
    path = urlsplit(details["url"]).path
    page = talk.client.get(path)
    assert page.status_code == 200
    for text in ("SEPA Direct Debit", details["reference"], "3000", "active", mandate["id"]):
        assert text in page.text
    gone = talk.client.post(path)
    assert "inactive" in gone.text
    assert "Withdraw" not in gone.text
    assert talk.got(f"/v1/mandates/{mandate['id']}")["status"] == "inactive"
    told = talk.got("/v1/events", {"type": "mandate.updated"})["data"]
    assert len(told) == 1
    talk.client.post(path)
    assert len(talk.got("/v1/events", {"type": "mandate.updated"})["data"]) == 1
    unknown = talk.client.get(path.replace(mandate["id"], "mandate_none"))
    assert (unknown.status_code, "No such mandate" in unknown.text) == (404, True)
