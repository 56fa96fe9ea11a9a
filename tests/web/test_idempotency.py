"""Idempotency keys: the same answer again, for a day of the world's time."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from emulator.web.app import Application
from tests.talking import KEY, Talk, error

PATH = "/v1/customers"


def test_the_same_request_is_answered_from_what_was_kept(talk: Talk):
    first = talk.post(PATH, {"name": "Ada"}, idempotency_key="k")
    again = talk.post(PATH, {"name": "Ada"}, idempotency_key="k")
    assert again.content == first.content
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert first.headers["original-request"] == first.headers["request-id"]
    assert again.headers.get_list("original-request") == [first.headers["request-id"]]
    assert again.headers["request-id"] != first.headers["request-id"]
    assert again.headers["idempotency-key"] == "k"
    assert len(talk.got(PATH)["data"]) == 1


@pytest.mark.parametrize(
    ("path", "params"),
    [(PATH, {"name": "Bob"}), (PATH, {}), ("/v1/webhook_endpoints", {"name": "Ada"})],
)
def test_another_request_under_the_key_is_refused(talk: Talk, path: str, params: dict[str, Any]):
    talk.made(PATH, {"name": "Ada"}, idempotency_key="k")
    answer = talk.post(path, params, idempotency_key="k")
    refused = error(answer, 400)
    assert refused["type"] == "idempotency_error"
    assert "Keys for idempotent requests can only be used with the same" in refused["message"]
    assert "'k'" in refused["message"]
    assert len(talk.got(PATH)["data"]) == 1


def test_a_key_is_kept_for_a_day_of_the_worlds_time(talk: Talk):
    first = talk.made(PATH, idempotency_key="k")
    talk.advance("86399s")
    assert talk.made(PATH, idempotency_key="k") == first
    talk.advance("1s")
    later = talk.post(PATH, {"name": "Bob"}, idempotency_key="k")
    assert later.status_code == 200
    assert later.json()["id"] != first["id"]
    assert "idempotent-replayed" not in later.headers


def test_what_is_too_old_to_be_asked_for_is_forgotten(talk: Talk, world):
    for number in range(5):
        talk.made(PATH, idempotency_key=f"k{number}")
    talk.advance("1d")
    talk.made(PATH, idempotency_key="new")
    assert world.setup.store.size("idempotency") == 1


def test_each_account_has_keys_of_its_own(talk: Talk):
    account = talk.account()
    here = talk.made(PATH, {"name": "Ada"}, idempotency_key="k")
    there = talk.made(PATH, {"name": "Bob"}, idempotency_key="k", stripe_account=account)
    assert there["id"] != here["id"]


def test_each_world_has_keys_of_its_own(talk: Talk):
    other = talk.as_key("sk_test_other")
    talk.made(PATH, {"name": "Ada"}, idempotency_key="k")
    assert other.made(PATH, {"name": "Bob"}, idempotency_key="k")["name"] == "Bob"


def test_refusals_of_parameters_are_not_kept(talk: Talk):
    error(talk.post(PATH, {"nonsense": "1"}, idempotency_key="k"), 400)
    assert talk.post(PATH, {"name": "Ada"}, idempotency_key="k").status_code == 200


def test_a_decline_is_kept(talk: Talk):
    params = {
        "amount": 1000,
        "currency": "usd",
        "payment_method": "pm_card_chargeDeclined",
        "payment_method_types": ["card"],
        "confirm": True,
    }
    first = talk.post("/v1/payment_intents", params, idempotency_key="k")
    again = talk.post("/v1/payment_intents", params, idempotency_key="k")
    assert error(first, 402)["code"] == "card_declined"
    assert again.content == first.content
    assert again.status_code == 402
    assert again.headers["idempotent-replayed"] == "true"
    assert len(talk.got("/v1/charges")["data"]) == 1


def test_a_multipart_boundary_does_not_make_another_request(talk: Talk):
    def sent(boundary: str) -> Any:
        body = f'--{boundary}\r\nContent-Disposition: form-data; name="name"\r\n\r\nA\r\n'
        return talk.send(
            "POST",
            PATH,
            f"{body}--{boundary}--\r\n".encode(),
            content_type=f"multipart/form-data; boundary={boundary}",
            idempotency_key="k",
        )

    assert sent("aaa").status_code == 200
    assert sent("bbb").headers["idempotent-replayed"] == "true"


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (" ", "Idempotency Key must be a non-empty string."),
        ("k" * 256, "at most 255 characters, but yours is 256 characters"),
    ],
)
def test_a_key_that_is_none_is_refused(talk: Talk, key: str, message: str):
    assert message in error(talk.post(PATH, idempotency_key=key), 400)["message"]


def test_a_key_may_have_255_letters(talk: Talk):
    assert talk.post(PATH, idempotency_key="k" * 255).status_code == 200


def test_only_posts_have_idempotency_keys(talk: Talk):
    customer = talk.customer()
    for _ in range(2):
        answer = talk.get(f"{PATH}/{customer['id']}", idempotency_key="k")
        assert "idempotency-key" not in answer.headers
        assert "original-request" not in answer.headers
    gone = talk.delete(f"{PATH}/{customer['id']}", idempotency_key="k")
    assert gone.headers["idempotency-key"] == "k"
    assert "original-request" not in gone.headers


# -- two requests at once, which the usual client cannot send -------------------------------------


class _Slow:
    """A request whose body comes in two parts, the second when it is told to come."""

    def __init__(self, app: Application, **headers: str) -> None:
        names = {"authorization": f"Bearer {KEY}", "idempotency-key": "k", **headers}
        self.app = app
        self.scope = {
            "type": "http",
            "method": "POST",
            "path": PATH,
            "query_string": b"",
            "client": ("127.0.0.1", 1),
            "headers": [(name.encode(), value.encode()) for name, value in names.items()],
        }
        self.parts: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.parts.put_nowait({"type": "http.request", "body": b"name=", "more_body": True})
        self.sent: list[Any] = []

    def begin(self) -> asyncio.Task[None]:
        return asyncio.create_task(self.app(self.scope, self.parts.get, self._send))

    def finish(self) -> None:
        self.parts.put_nowait({"type": "http.request", "body": b"Ada"})

    def vanish(self) -> None:
        self.parts.put_nowait({"type": "http.disconnect"})

    async def _send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int | None:
        return self.sent[0]["status"] if self.sent else None


def _together(app: Application, **second: str) -> tuple[_Slow, _Slow]:
    """Two requests under one key, of which the first is answered last."""

    async def run() -> tuple[_Slow, _Slow]:
        one, two = _Slow(app), _Slow(app, **second)
        first = one.begin()
        await asyncio.sleep(0)
        two.finish()
        await two.begin()
        one.finish()
        await first
        return one, two

    return asyncio.run(run())


def test_a_key_in_flight_is_refused(app: Application):
    one, two = _together(app)
    assert (one.status, two.status) == (200, 409)
    assert b"idempotency_key_in_use" in two.sent[1]["body"]
    assert any(name == b"request-id" for name, _ in two.sent[0]["headers"])


def test_the_way_a_key_is_written_does_not_matter(app: Application):
    basic = "Basic c2tfdGVzdF9tYWluOg=="
    assert _together(app, authorization=basic)[1].status == 409


@pytest.mark.parametrize("header", ["authorization", "idempotency-key"])
def test_another_world_or_another_key_is_not_in_the_way(app: Application, header: str):
    other = {"authorization": "Bearer sk_test_other", "idempotency-key": "k2"}
    one, two = _together(app, **{header: other[header]})
    assert (one.status, two.status) == (200, 200)


def test_half_a_request_is_not_carried_out(app: Application):
    async def run() -> _Slow:
        one = _Slow(app)
        first = one.begin()
        await asyncio.sleep(0)
        one.vanish()
        await first
        return one

    assert asyncio.run(run()).sent == []
    assert app.worlds.all() == []
    one, _ = _together(app)
    assert one.status == 200
