"""What a world was asked is written down, and asks for the same bytes again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from emulator.scenario import load, of_bytes, ready_files
from emulator.scenario.reading import read
from emulator.web import asking, staging
from emulator.web.app import Application, build
from emulator.world import Profile, Worlds
from tests.talking import NOW, Talk
from tests.webhooks.mailing import told

CARD = {"payment_method": "pm_card_visa", "payment_method_types": ["card"], "confirm": True}


def _recorded(talk: Talk) -> str:
    answer = talk.control("scenarios/recorded")
    assert answer.status_code == 200, answer.text
    return answer.text


def _steps(text: str) -> Any:
    return read(text.encode(), "recorded.yaml").value["when"]


def _answers(app: Application, world: str) -> list[tuple[str, bytes]]:
    """What the API answered, as the log has it."""
    from emulator.control.requests import recorded

    found = recorded(app.worlds.get(world))
    return [(each.sent.target, each.answer) for each in found if each.kind == "api"]


def _again(text: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes]]:
    """What it answers when the scenario is played."""
    apps: list[Application] = []

    def built(*args: Any) -> Application:
        apps.append(build(*args))
        return apps[-1]

    monkeypatch.setattr(staging, "build", built)
    scenario = of_bytes(text.encode(), "recorded.yaml")
    report = asyncio.run(staging.play(scenario))
    assert report.failures == []
    looks = sum(1 for step in scenario.steps if step.part == "then")
    found = _answers(apps[0], scenario.world)
    return found[: len(found) - looks]


def _a_day(talk: Talk) -> None:
    """Something of everything."""
    account = talk.account()
    told(talk, "onboard", {"account": account})
    hook = {"url": "https://mailbox.test/box", "enabled_events": ["charge.succeeded"]}
    talk.made("/v1/webhook_endpoints", hook)
    customer = talk.customer(name="Zoë ${x}", metadata={"number": "007", "on": "no", "n": "12e3"})
    told(talk, "answers", {"question": "card.charge", "answer": "expired_card"})
    talk.post("/v1/payment_intents", {"amount": 100, "currency": "usd", **CARD})
    payment = talk.made(
        "/v1/payment_intents",
        {"amount": 5000, "currency": "usd", "customer": customer["id"], **CARD},
        idempotency_key=f"for-{customer['id']}",
        stripe_version="2023-10-16",
    )
    talk.advance("3d")
    talk.made("/v1/customers", {"name": "theirs"}, stripe_account=account)
    talk.made("/v1/transfers", {"amount": 900, "currency": "usd", "destination": account})
    talk.get(f"/v1/charges/{payment['latest_charge']}", {"expand": ["customer"]})
    talk.get("/v1/customers", {"limit": 1, "created": {"gte": 1}})
    talk.get("/v1/customers/cus_unknown")
    talk.send("POST", "/v1/customers", b"email[=broken&%zz", content_type="text/plain")
    talk.as_key("pk_test_main").get("/v1/customers")
    told(talk, "clock", {"now": told(talk, "clock")["now"] + 77})
    for content in (b"plain text", b"\x89PNG\r\n\x1a\n\x00\xff"):
        part = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
        body = part % (b"purpose", b"", b"dispute_evidence")
        body += part % (b"file", b'; filename="a.png"', content) + b"--x--\r\n"
        talk.send("POST", "/v1/files", body, content_type="multipart/form-data; boundary=x")
    talk.delete(f"/v1/customers/{customer['id']}")


def test_a_recording_asks_for_the_same_bytes(
    talk: Talk, app: Application, monkeypatch: pytest.MonkeyPatch
):
    _a_day(talk)
    text = _recorded(talk)
    answers = _answers(app, "main")
    assert len(answers) > 12
    assert _again(text, monkeypatch) == answers


def test_what_was_returned_is_referred_to(talk: Talk):
    _a_day(talk)
    text = _recorded(talk)
    steps = _steps(text)
    assert {"onboard": "${account.id}"} in steps
    assert {"advance": "3d"} in steps
    sent = [each for each in steps if each.get("post") == "/v1/payment_intents"]
    assert sent[0]["refused"] == {"status": 402, "code": "expired_card"}
    assert sent[1]["with"]["customer"] == "${customer.id}"
    assert sent[1]["key"] == "for-${customer.id}"
    assert sent[1]["is"] == {"status": "succeeded"}
    assert "acct_1" not in text


def test_the_balances_of_the_end_are_expected(talk: Talk):
    _a_day(talk)
    then = read(_recorded(talk).encode(), "recorded.yaml").value["then"]
    assert then == [
        {"balance": "platform", "is": {"usd": {"available": 3925}}},
        {"balance": "${account.id}", "is": {"usd": {"available": 900}}},
    ]


def test_a_reset_begins_a_new_recording(talk: Talk):
    talk.customer(name="Ada")
    told(talk, "reset", {})
    talk.customer(name="Ben")
    assert [each["with"] for each in _steps(_recorded(talk))] == [{"name": "Ben"}]


def test_every_instant_of_a_running_clock_is_said(monkeypatch: pytest.MonkeyPatch):
    app = build(Worlds(Profile(seed="7")))
    with TestClient(app, client=("127.0.0.1", 50_000)) as client:
        talk = Talk(client)
        talk.customer(name="Ada")
        talk.advance("2w")
        talk.customer(name="Ben")
        text, answers = _recorded(talk), _answers(app, "main")
    assert _again(text, monkeypatch) == answers


@pytest.mark.parametrize("path", ready_files()[::3], ids=lambda path: path.stem)
def test_ready_scenarios_are_recorded_and_played_again(path, monkeypatch: pytest.MonkeyPatch):
    """What a scenario asks is a long conversation; the recording of it must say the same."""
    apps: list[Application] = []
    make: Callable[..., Application] = build

    def built(*args: Any) -> Application:
        apps.append(make(*args))
        return apps[-1]

    monkeypatch.setattr(staging, "build", built)
    scenario = load(path)
    asyncio.run(staging.play(scenario))
    app = apps[0]
    stage = app.control.stage
    world = app.worlds.get(scenario.name)
    text = asyncio.run(stage.recorded(world, {}))
    assert _again(text, monkeypatch) == _answers(app, scenario.name)


def test_forms_are_written_as_sdks_write_them():
    sent = {"a": {"b": True, "c": None}, "d": ["x y", 1], "e[f]": "&"}
    assert asking.form(sent) == "a[b]=true&a[c]=&d[0]=x+y&d[1]=1&e[f]=%26"
    assert NOW
