"""Looking around in a browser: worlds, one world at a glance, each object of it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.resources.market import on, pay, seller
from tests.talking import Answer, Talk

WORLDS = "/_emulator/browse"


def _open(talk: Talk, *path: str) -> str:
    found: Answer = talk.client.get("/".join((WORLDS, *path)))
    assert found.status_code == 200, found.text
    return str(found.text)


def _rows(page: str, group: str) -> list[list[str]]:
    """The cells of the table under a heading, as read."""
    inner = page.split(f"<legend>{group}")[1].split("</fieldset>", maxsplit=1)[0]
    rows = re.findall(r"<tr>(<td>.*?)</tr>", inner)
    return [[re.sub("<[^>]*>", "", cell) for cell in row.split("</td>")[:-1]] for row in rows]


def test_a_browser_is_led_to_the_worlds_and_a_program_to_the_index(talk: Talk):
    talk.customer()
    shown = talk.client.get("/", headers={"accept": "text/html,*/*"})
    assert '<a href="/_emulator/browse/main">main</a>' in shown.text
    assert "calls" in talk.client.get("/").json()


def test_a_world_shows_who_holds_what_and_what_happened(talk: Talk):
    account = seller(talk)
    pay(talk, 2_000, application_fee_amount=300, stripe_account=account)
    platform = talk.got("/v1/account")["id"]
    page = _open(talk, "main")
    accounts = {row[0]: row for row in _rows(page, "Accounts")}
    assert [*accounts] == [platform, account]
    assert accounts[platform][-1] == "$3.00 pending"
    assert accounts[account][-1] == "$16.12 pending"
    assert accounts[account][3:5] == ["yes", "yes"]
    (told,) = [row for row in _rows(page, "Latest events") if row[1] == "charge.succeeded"]
    assert told[2].startswith("ch_")
    assert told[3] == account


def test_what_is_due_of_an_account_and_what_was_refused_are_seen(talk: Talk):
    account = talk.account()
    talk.post("/v1/charges", {"amount": 0, "currency": "usd", "source": "tok_visa"})
    page = _open(talk, "main")
    due = talk.got(f"/v1/accounts/{account}")["requirements"]["currently_due"]
    assert due
    assert _rows(page, "Accounts")[1][5] == ", ".join(due)
    asked = _rows(page, "Latest requests")[0]
    assert asked[1] == "POST /v1/charges"
    assert asked[3] == "400"
    assert "greater than or equal to 1" in asked[4]


def test_an_object_shows_its_money_and_leads_to_its_kin(talk: Talk):
    account = seller(talk)
    charge = pay(talk, 2_000, transfer_data={"destination": account})
    page = _open(talk, "main", charge["id"])
    assert "$20.00  card network" in page
    for kin in (charge["balance_transaction"], charge["transfer"], account):
        assert f'<a href="/_emulator/browse/main/{kin}">{kin}</a>' in page
    _open(talk, "main", charge["transfer"])


def test_an_account_shows_its_newest_objects_as_clients_are_shown_them(talk: Talk):
    account = seller(talk)
    pay(talk, 2_000, stripe_account=account)
    talk.advance("10d")
    objects = {row[1]: row for row in _rows(_open(talk, "main", account), "Newest objects")}
    assert objects["charge"][3:5] == ["$20.00", "succeeded"]
    entry = talk.got("/v1/balance_transactions", {"type": "charge"}, **on(account))["data"][0]
    assert objects["balance transaction"][4] == entry["status"] == "available"


def test_every_object_of_a_busy_world_can_be_opened(talk: Talk):
    account = seller(talk)
    charge = pay(talk, 2_000, transfer_data={"destination": account})
    talk.made("/v1/refunds", {"charge": charge["id"], "reverse_transfer": True})
    seen: set[str] = set()
    waiting: list[str] = re.findall(r'href="/_emulator/browse/main/(\w+)"', _open(talk, "main"))
    while waiting:
        id_ = waiting.pop()
        if id_ not in seen:
            seen.add(id_)
            found = re.findall(r'href="/_emulator/browse/main/(\w+)"', _open(talk, "main", id_))
            waiting += found
    assert {id_.split("_")[0] for id_ in seen} > {"acct", "ch", "tr", "trr", "re", "txn", "evt"}


def test_what_clients_wrote_is_text_there(talk: Talk):
    hostile: dict[str, Any] = {"name": "<script>alert(1)</script>", "description": '"><b>&amp;'}
    customer = talk.customer(**hostile)["id"]
    for page in (_open(talk, "main"), _open(talk, "main", customer)):
        assert "<script" not in page
        assert "<b>" not in page


def test_looking_around_is_not_a_request_of_the_world(talk: Talk):
    talk.customer()
    before = talk.control("requests").json()
    _open(talk, "main")
    assert talk.control("requests").json() == before


@pytest.mark.parametrize("path", ["nobody", "main/ch_none", "main/%00", "main/..%2f..", "%ff"])
def test_what_there_is_not_is_said_on_a_page(talk: Talk, path: str):
    talk.customer()
    found = talk.client.get(f"{WORLDS}/{path}")
    assert found.status_code == 404
    assert "Traceback" not in found.text
