"""Payment links: each visit is a session of its own."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

from emulator.contract import json_schema
from tests.resources.checkout.selling import events, paying, price, submit, subscribing
from tests.talking import Talk, error


def _conforms(thing: Any) -> None:
    Draft202012Validator(json_schema(thing["object"])).validate(thing)


def _link(talk: Talk, **more: Any) -> Any:
    items = paying(1500)["line_items"]
    return talk.made("/v1/payment_links", {"line_items": items, **more})


def _open(talk: Talk, link: Any) -> Any:
    """Somebody follows the link: the session that they are sent to."""
    path = "/" + link["url"].split("/", 3)[3]
    answer = talk.client.get(path, follow_redirects=False)
    return answer.headers.get("location", "").rpartition("/")[2] or answer


def test_each_visit_is_a_session_of_its_own(talk: Talk) -> None:
    link = _link(talk, metadata={"campaign": "7"})
    _conforms(link)
    first, second = _open(talk, link), _open(talk, link)
    assert first != second
    session = talk.got(f"/v1/checkout/sessions/{first}")
    assert (session["payment_link"], session["amount_total"]) == (link["id"], 1500)
    assert session["metadata"] == {"campaign": "7"}
    assert submit(talk, first)["url"].endswith("/done")
    found = talk.got("/v1/checkout/sessions", {"payment_link": link["id"]})["data"]
    assert [each["status"] for each in found] == ["open", "complete"]
    assert "payment_link.created" in events(talk)


def test_a_link_that_is_off_opens_nothing(talk: Talk) -> None:
    link = _link(talk, inactive_message="The sale is over.")
    talk.made(f"/v1/payment_links/{link['id']}", {"active": False})
    assert "The sale is over." in _open(talk, link).text


def test_a_limit_of_completed_sessions_closes_a_link(talk: Talk) -> None:
    link = _link(talk, restrictions={"completed_sessions": {"limit": 1}})
    submit(talk, _open(talk, link))
    assert _open(talk, link).status_code == 400


def test_a_link_takes_a_fee_for_the_platform(talk: Talk) -> None:
    account = talk.account()
    talk.control("onboard", {"account": account})
    talk.advance("1d")
    split = {"application_fee_amount": 300, "transfer_data": {"destination": account}}
    link = _link(talk, **split)
    session = submit(talk, _open(talk, link))["session"]
    intent = talk.got(f"/v1/payment_intents/{session['payment_intent']}")
    assert intent["application_fee_amount"] == 300
    assert intent["transfer_data"]["destination"] == account


def test_a_link_sells_subscriptions_too(talk: Talk) -> None:
    items = subscribing(price(talk, 900))["line_items"]
    link = talk.made("/v1/payment_links", {"line_items": items})
    session = submit(talk, _open(talk, link))["session"]
    assert talk.got(f"/v1/subscriptions/{session['subscription']}")["status"] == "active"


def test_lines_of_a_link_are_listed(talk: Talk) -> None:
    link = _link(talk)
    [line] = talk.got(f"/v1/payment_links/{link['id']}/line_items")["data"]
    assert (line["description"], line["amount_total"]) == ("Mug", 1500)
    assert error(talk.post("/v1/payment_links", {}), 400)["param"].startswith("line_items")
