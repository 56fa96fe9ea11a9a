"""What Stripe once answered can be played: cassettes of VCR and vcrpy, and HAR."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml

from emulator.kernel import instants
from emulator.scenario import Mistake, Report, load
from emulator.web import staging
from tests.talking import Talk, form

Exchange = dict[str, Any]


class Recorder:
    """Asks a world, and keeps what was asked and answered as test suites do."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.kept: list[Exchange] = []

    def ask(self, method: str, path: str, params: Any = None, **headers: str) -> Any:
        body = form(params or {}).decode()
        said = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        said |= {name.replace("_", "-").title(): value for name, value in headers.items()}
        sent = {name.lower(): value for name, value in said.items()}
        answer = self.talk.send(method, path, body.encode(), **sent)
        self.kept.append(
            {
                "method": method,
                "uri": f"https://api.stripe.com{path}",
                "headers": said,
                "body": body,
                "status": answer.status_code,
                "answered": dict(answer.headers),
                "answer": answer.text,
                "at": instants.rfc3339(self.talk.control("clock").json()["now"]),
            }
        )
        return answer.json()

    def change(self, index: int, change: Callable[[Any], Any]) -> None:
        """As if Stripe had answered otherwise."""
        answer = json.loads(self.kept[index]["answer"])
        change(answer)
        self.kept[index]["answer"] = json.dumps(answer)


def _vcr(kept: list[Exchange]) -> str:
    listed = [
        {
            "request": {
                "method": each["method"].lower(),
                "uri": each["uri"],
                "body": {"encoding": "UTF-8", "string": each["body"]},
                "headers": {name: [value] for name, value in each["headers"].items()},
            },
            "response": {
                "status": {"code": each["status"], "message": ""},
                "headers": {name: [value] for name, value in each["answered"].items()},
                "body": {"encoding": "UTF-8", "string": each["answer"]},
            },
            "recorded_at": each["at"],
        }
        for each in kept
    ]
    return str(yaml.safe_dump({"http_interactions": listed, "recorded_with": "VCR 6.1.0"}))


def _vcrpy(kept: list[Exchange]) -> str:
    listed = [
        {
            "request": {
                "method": each["method"],
                "uri": each["uri"],
                "body": each["body"] or None,
                "headers": {name: [value] for name, value in each["headers"].items()},
            },
            "response": {
                "status": {"code": each["status"], "message": "OK"},
                "headers": {"Date": [each["at"]]},
                "body": {"string": each["answer"].encode()},
            },
        }
        for each in kept
    ]
    return str(yaml.safe_dump({"interactions": listed, "version": 1}))


def _har(kept: list[Exchange]) -> str:
    entries = [
        {
            "startedDateTime": each["at"],
            "request": {
                "method": each["method"],
                "url": each["uri"],
                "headers": [{"name": n, "value": v} for n, v in each["headers"].items()],
                "postData": {"text": each["body"]},
            },
            "response": {
                "status": each["status"],
                "headers": [],
                "content": {"text": each["answer"]},
            },
        }
        for each in kept
    ]
    return json.dumps({"log": {"entries": entries}})


def _play(folder: Path, text: str, name: str = "cassette.yml") -> Report:
    path = folder / name
    path.write_text(text)
    return asyncio.run(staging.play(load(path)))


@pytest.fixture
def recorder(talk: Talk) -> Recorder:
    return Recorder(talk)


def _a_sale(recorder: Recorder) -> None:
    """A connected account sells; its customer pays by a card that was kept."""
    sent = {"type": "standard", "country": "US", "email": "a@b.example"}
    on = {"Stripe_Account": recorder.ask("POST", "/v1/accounts", sent)["id"]}
    recorder.talk.control("onboard", {"account": on["Stripe_Account"]})
    customer = recorder.ask("POST", "/v1/customers", {"name": "Ada"})["id"]
    recorder.ask("POST", "/v1/payment_methods/pm_card_visa/attach", {"customer": customer})
    recorder.ask("GET", f"/v1/customers/{customer}?expand[]=sources")
    recorder.talk.advance("3d")
    intent = recorder.ask(
        "POST", "/v1/payment_intents", {"amount": 900, "currency": "usd", "customer": customer}
    )
    recorder.ask("GET", f"/v1/payment_intents/{intent['id']}", stripe_version="2022-11-15")
    recorder.ask("POST", "/v1/customers", {"email": "not an address"}, **on)
    recorder.ask("GET", "/v1/customers", **on)


@pytest.mark.parametrize(
    ("written", "name"), [(_vcr, "a.yml"), (_vcrpy, "a.yaml"), (_har, "a.json")]
)
def test_a_cassette_passes_where_the_answers_are_the_same(
    recorder: Recorder, tmp_path: Path, written: Callable[[Any], str], name: str
):
    _a_sale(recorder)
    report = _play(tmp_path, written(recorder.kept), name)
    assert [each.message for each in report.failures] == []
    assert report.scenario.left_out == 0
    steps = [each.step.verb for each in report.results]
    assert steps == ["post", "post", "post", "get", "until", "post", "get", "post", "get"]
    assert recorder.kept[0]["answer"] not in report.scenario.about


@pytest.mark.parametrize(
    ("index", "change", "path"),
    [
        (1, lambda answer: answer.update(name="Eve"), "name"),
        (1, lambda answer: answer.update(created=answer["created"] - 3 * 86_400), "created"),
        (2, lambda answer: answer["card"].update(last4="1881"), "card.last4"),
        (4, lambda answer: answer.update(customer=None), "customer"),
        (5, lambda answer: answer.update(status="succeeded"), "status"),
        (6, lambda answer: answer["error"].update(code="email_taken"), "code"),
        (7, lambda answer: answer.update(has_more=True), "has_more"),
    ],
)
def test_what_is_answered_otherwise_is_told(
    recorder: Recorder, tmp_path: Path, index: int, change: Callable[[Any], Any], path: str
):
    _a_sale(recorder)
    recorder.change(index, change)
    (failure,) = _play(tmp_path, _vcr(recorder.kept)).failures
    assert [each.path for each in failure.differences] == [path]


def test_a_client_secret_is_the_one_that_this_world_gave(recorder: Recorder, tmp_path: Path):
    intent = recorder.ask("POST", "/v1/setup_intents", {"payment_method_types": ["card"]})
    sent = {"client_secret": intent["client_secret"], "payment_method": "pm_card_visa"}
    path = f"/v1/setup_intents/{intent['id']}/confirm"
    publishable = {"authorization": "Bearer pk_test_main"}
    recorder.ask("POST", path, sent, **publishable)
    report = _play(tmp_path, _vcr(recorder.kept))
    assert report.failures == []
    asked = report.results[1].step.body
    assert asked["body"].startswith("client_secret=${answer1.client_secret}&")
    assert asked["as"] == "publishable"


def test_what_this_world_cannot_know_is_left_out(recorder: Recorder, tmp_path: Path):
    before = recorder.talk.customer(name="Eve")["id"]
    recorder.ask("GET", f"/v1/customers/{before}")
    recorder.ask("GET", "/v1/customers")
    recorder.ask("POST", "/v1/customers", {"name": "Ada"}, authorization="Bearer sk_live_x")
    recorder.ask("GET", "/v1/customers/cus_none")
    recorder.ask("PUT", "/v1/customers")
    recorder.ask("GET", f"/v1/customers/{before}/none")
    recorder.change(-1, lambda answer: answer.update(error="a text"))
    mine = recorder.ask("POST", "/v1/customers", {"name": "Ada"})["id"]
    recorder.kept[-1]["uri"] = "https://example.com/v1/customers"
    recorder.ask("GET", f"/v1/customers/{mine}")
    report = _play(tmp_path, _vcr(recorder.kept))
    assert report.failures == []
    assert report.scenario.left_out == 7
    assert [each.step.body["get"] for each in report.results] == ["/v1/customers/cus_none"]


def test_funds_can_be_given_before_a_cassette_begins(recorder: Recorder, tmp_path: Path):
    funds = {"amount": 9_000, "currency": "usd", "source": "tok_bypassPending"}
    recorder.talk.made("/v1/charges", funds)
    recorder.ask("POST", "/v1/payouts", {"amount": 5_000, "currency": "usd"})
    (failure,) = _play(tmp_path, _vcr(recorder.kept)).failures
    assert "insufficient" in failure.message
    (tmp_path / "funds.yaml").write_text(
        f"about: Funds\ngiven: [{{post: /v1/charges, with: {json.dumps(funds)}}}]"
    )
    whole = "about: A payout\ninclude: [funds.yaml, cassette.yml]\n"
    assert _play(tmp_path, whole, "story.yaml").failures == []


def test_texts_in_base64_are_read(recorder: Recorder, tmp_path: Path):
    recorder.ask("POST", "/v1/customers", {"name": "Zoë ${now}"})
    text = _vcr(recorder.kept)
    sent = b64encode(urlencode({"name": "Zoë ${now}"}).encode()).decode()
    assert "string: name=" in text
    text = text.replace("string: name=Zo%C3%AB+%24%7Bnow%7D", f"string: !binary {sent}")
    assert "!binary" in text
    assert _play(tmp_path, text).failures == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("http_interactions:\n- request: {method: get}\n", 2),
        ("interactions:\n- request:\n    method: get\n    uri: 5\n  response: {}\n", 2),
        ("log:\n  entries:\n  - {}\n", 3),
        ("http_interactions:\n- request: {method: get, uri: x, headers: {}}\n  response: 1\n", 2),
    ],
)
def test_what_is_no_exchange_is_told_with_its_line(tmp_path: Path, text: str, line: int):
    (tmp_path / "broken.yml").write_text(text)
    with pytest.raises(Mistake, match="no request with its answer") as caught:
        load(tmp_path / "broken.yml")
    assert caught.value.place.line == line
