"""Files, and links to them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.talking import NOW, Talk, error


def _upload(talk: Talk, purpose: str, content: bytes, name: str = "a.png") -> Any:
    answer = talk.client.post(
        "/v1/files",
        data={"purpose": purpose},
        files={"file": (name, content)},
        headers={"Authorization": f"Bearer {talk.key}"},
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_file_is_known_by_what_it_holds(talk: Talk) -> None:
    made = _upload(talk, "dispute_evidence", b"%PDF-1.7 ...", "scan.png")
    assert (made["type"], made["size"], made["filename"]) == ("pdf", 12, "scan.png")
    assert made["expires_at"] == NOW + 270 * 86_400
    assert made["url"].endswith(f"/{made['id']}/contents")
    assert talk.got(f"/v1/files/{made['id']}") == made
    assert talk.got("/v1/files", {"purpose": "dispute_evidence"})["data"] == [made]
    assert talk.got("/v1/files", {"purpose": "business_logo"})["data"] == []


def test_identity_papers_cannot_be_fetched_or_linked(talk: Talk) -> None:
    made = _upload(talk, "identity_document", b"x", "id.jpeg")
    assert (made["type"], made["url"], made["expires_at"]) == ("jpg", None, None)
    error(talk.post("/v1/file_links", {"file": made["id"]}), 400)


@pytest.mark.parametrize(
    ("place", "fits", "other"),
    [
        ("individual[verification][document][front]", "identity_document", "dispute_evidence"),
        ("company[verification][document][front]", "additional_verification", "pci_document"),
        ("company[verification][document][front]", "identity_document", "business_icon"),
        ("documents[company_license][files][0]", "account_requirement", "dispute_evidence"),
        ("settings[branding][icon]", "business_icon", "identity_document"),
        ("settings[branding][logo]", "business_logo", "dispute_evidence"),
    ],
)
def test_a_file_is_taken_only_for_its_purpose(
    talk: Talk, place: str, fits: str, other: str
) -> None:
    right, wrong = (_upload(talk, each, b"x")["id"] for each in (fits, other))
    kind = "company" if place.startswith("company") else "individual"
    path = f"/v1/accounts/{talk.account()}"
    talk.made(path, {"business_type": kind})
    refused = error(talk.post(path, {place: wrong}), 400)
    assert refused["param"] == place
    assert f"a purpose of {other}; here it must be" in refused["message"]
    assert fits in refused["message"]
    talk.made(path, {place: right})


def test_evidence_is_uploaded_as_evidence(talk: Talk) -> None:
    sent = {"amount": 900, "currency": "usd", "source": "tok_createDispute"}
    talk.made("/v1/charges", sent)
    talk.advance("1m")
    dispute = talk.got("/v1/disputes")["data"][0]["id"]
    purposes = ("dispute_evidence", "pci_document")
    right, wrong = (_upload(talk, each, b"x")["id"] for each in purposes)
    path = f"/v1/disputes/{dispute}"
    refused = error(talk.post(path, {"evidence": {"receipt": wrong}, "submit": False}), 400)
    assert refused["param"] == "evidence[receipt]"
    kept = talk.made(path, {"evidence": {"receipt": right}, "submit": False})
    assert kept["evidence"]["receipt"] == right


def test_links_stand_in_their_file_and_expire(talk: Talk) -> None:
    file = _upload(talk, "business_logo", b"\x89PNG....")["id"]
    link = talk.made("/v1/file_links", {"file": file, "expires_at": NOW + 60})
    assert [each["id"] for each in talk.got(f"/v1/files/{file}")["links"]["data"]] == [link["id"]]
    assert not link["expired"]

    talk.advance("1m")
    assert talk.got(f"/v1/file_links/{link['id']}")["expired"]
    later = talk.made(f"/v1/file_links/{link['id']}", {"expires_at": ""})
    assert (later["expired"], later["expires_at"]) == (False, None)
    assert error(talk.post("/v1/file_links", {"file": "file_x"}), 400)["param"] == "file"


def test_a_file_is_read_where_it_says(talk: Talk) -> None:
    made = _upload(talk, "dispute_evidence", b"\x89PNG....", "scan.png")
    path = made["url"].removeprefix("http://localhost:12111")
    found = talk.get(path)
    assert (found.content, found.headers["content-type"]) == (b"\x89PNG....", "image/png")
    assert talk.as_key("sk_test_other").get(path).status_code == 404
    assert talk.client.get(path).status_code == 401
    papers = _upload(talk, "identity_document", b"x", "id.jpeg")
    assert talk.get(f"/v1/files/{papers['id']}/contents").status_code == 403


def test_a_link_leads_to_its_file_without_a_key_until_it_expires(talk: Talk) -> None:
    file = _upload(talk, "business_logo", b"GIF89a..")["id"]
    link = talk.made("/v1/file_links", {"file": file, "expires_at": NOW + 60})["url"]
    assert talk.client.get(link).content == b"GIF89a.."
    talk.advance("1m")
    assert talk.client.get(link).status_code == 404
    assert talk.client.get(f"{link}x").status_code == 404


def test_what_is_only_kept_takes_files_of_its_purpose_as_well(talk: Talk) -> None:
    purposes = ("terminal_reader_splashscreen", "terminal_wifi_certificate", "pci_document")
    splash, certificate, other = (_upload(talk, each, b"x")["id"] for each in purposes)
    path = "/v1/terminal/configurations"
    refused = error(talk.post(path, {"bbpos_wisepos_e": {"splashscreen": other}}), 400)
    assert refused["param"] == "bbpos_wisepos_e[splashscreen]"
    made = talk.made(path, {"bbpos_wisepos_e": {"splashscreen": splash}})
    assert made["bbpos_wisepos_e"]["splashscreen"] == splash

    wifi = {"type": "enterprise_eap_peap"}
    eap = {"username": "a", "password": "b", "ssid": "c", "ca_certificate_file": splash}
    changed = f"{path}/{made['id']}"
    refused = error(talk.post(changed, {"wifi": {**wifi, "enterprise_eap_peap": eap}}), 400)
    assert refused["param"] == "wifi[enterprise_eap_peap][ca_certificate_file]"
    eap["ca_certificate_file"] = certificate
    talk.made(changed, {"wifi": {**wifi, "enterprise_eap_peap": eap}})


def test_evidence_of_an_issuer_is_evidence_as_well(talk: Talk) -> None:
    other = _upload(talk, "pci_document", b"x")["id"]
    evidence = {"reason": "other", "other": {"additional_documentation": other}}
    refused = error(talk.post("/v1/issuing/disputes", {"evidence": evidence}), 400)
    assert refused["param"] == "evidence[other][additional_documentation]"
