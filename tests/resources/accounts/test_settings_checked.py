"""Settings and documents that an account cannot have are refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.talking import Talk, error


@pytest.mark.parametrize(
    ("branding", "param"),
    [
        ({"primary_color": "red"}, "primary_color"),
        ({"secondary_color": "#12345"}, "secondary_color"),
        ({"icon": "file_nope"}, "icon"),
        ({"logo": "cus_nope"}, "logo"),
    ],
)
def test_branding_wants_colors_and_files(talk: Talk, branding: Any, param: str) -> None:
    params = {"settings": {"branding": branding}}
    for path in ("/v1/accounts", f"/v1/accounts/{talk.account()}"):
        sent = params | ({"type": "express"} if path == "/v1/accounts" else {})
        assert error(talk.post(path, sent), 400)["param"] == f"settings[branding][{param}]"


def test_branding_takes_files_of_the_platform_and_of_the_account(talk: Talk) -> None:
    account = talk.account()
    body = (
        b'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbusiness_icon\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="i.png"\r\n\r\nx\r\n'
        b"--b--\r\n"
    )
    kind = "multipart/form-data; boundary=b"
    of_account: dict[str, str] = {"stripe_account": account}
    for headers in ({}, of_account):
        made = talk.send("POST", "/v1/files", body, content_type=kind, **headers).json()
        branding = {"icon": made["id"], "primary_color": "#A1b2C3"}
        changed = talk.made(f"/v1/accounts/{account}", {"settings": {"branding": branding}})
        assert changed["settings"]["branding"]["icon"] == made["id"]


def test_the_default_currency_is_one_of_the_country(talk: Talk) -> None:
    path = f"/v1/accounts/{talk.account()}"
    refused = error(talk.post(path, {"default_currency": "eur"}), 400)
    assert refused["param"] == "default_currency"
    assert talk.made(path, {"default_currency": "usd"})["default_currency"] == "usd"


@pytest.mark.parametrize(
    ("sent", "param"),
    [
        (
            {"individual": {"verification": {"document": {"front": "file_nope"}}}},
            "individual[verification][document][front]",
        ),
        (
            {"company": {"verification": {"document": {"back": "cus_nope"}}}},
            "company[verification][document][back]",
        ),
        (
            {"documents": {"company_license": {"files": ["file_nope"]}}},
            "documents[company_license][files][0]",
        ),
    ],
)
def test_documents_are_files(talk: Talk, sent: Any, param: str) -> None:
    path = f"/v1/accounts/{talk.account()}"
    refused = error(talk.post(path, {"business_type": "individual", **sent}), 400)
    assert (refused["code"], refused["param"]) == ("resource_missing", param)


def test_documents_of_persons_are_files(talk: Talk) -> None:
    path = f"/v1/accounts/{talk.account()}/persons"
    sent = {"verification": {"additional_document": {"front": "file_nope"}}}
    refused = error(talk.post(path, sent), 400)
    assert refused["param"] == "verification[additional_document][front]"
    ready = {"verification": {"document": {"front": "file_identity_document_success"}}}
    assert talk.post(path, ready).status_code == 200
