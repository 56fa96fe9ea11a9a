"""Broken and hostile requests to every operation: refused in Stripe's form, never an error of
ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from emulator.contract import current, find, operations
from emulator.contract.specs import sent_fields
from emulator.contract.versions import NEWEST
from emulator.web.app import build
from emulator.web.inbound import LARGEST_BODY
from emulator.world import Profile, Worlds
from tests.talking import NOW, Answer, Talk, error

FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
PARTS: Final = "multipart/form-data; boundary=x"
_DEEP: Final = b'{"a":' * 2_000 + b"1" + b"}" * 2_000

# media type, body and the beginning of what the refusal says
BROKEN_FORMS: Final = [
    (FORM, b"a=\xff", "Invalid request: the parameters are not valid UTF-8."),
    (FORM, b"a=%ff", "Invalid request: the parameters are not valid UTF-8."),
    (FORM, b"%ff=a", "Invalid request: the parameters are not valid UTF-8."),
    (FORM, b"a" + b"[b]" * 50 + b"=1", "Invalid request: the parameters are nested too deeply."),
    (FORM, b"&".join(b"a%d=1" % n for n in range(1_001)), "Invalid request: more than 1000"),
    (FORM, b"metadata=1&metadata[b]=2", "Invalid request: `metadata[b]` was sent both as a value"),
    (FORM, b"metadata[b]=2&metadata=1", "Invalid request: `metadata` was sent both as a value"),
    (FORM, b"nope_[][]=1", "Invalid request: `nope_[][]` was sent both as a value"),
    (FORM, b"[=1", "Received unknown parameter: ["),
    (FORM, b"nope_=%", "Received unknown parameter: nope_"),
    (FORM, b"nope_=%00", "Received unknown parameter: nope_"),
    (FORM, b"{}", "Received unknown parameter: {}"),
    (JSON, b'{"a": 1}', "Invalid request: this endpoint takes parameters as"),
    ("multipart/form-data", b"x", "Invalid request: the multipart body could not be read."),
    (PARTS, b"garbage", "Invalid request: the multipart body could not be read."),
    (PARTS, b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nv', "Invalid request: the"),
    (PARTS, b'--x\r\nContent-Disposition: form-data; name="\xff"\r\n\r\nv\r\n--x--\r\n', "Invalid"),
]
BROKEN_JSON: Final = [
    *[(JSON, raw, "") for raw in (b"[]", b"1", b'"a"', b"null", b'{"a":', b'{"a": NaN}', _DEEP)],
    *[(JSON, raw, "") for raw in (b'{"a": "\\ud800"}', b'{"a": "\xff"}', b"a=1", b"\x00")],
]


@pytest.fixture(scope="module")
def world() -> Talk:
    app = build(Worlds(Profile(seed="hostile", start=NOW, frozen=True)))
    return Talk(TestClient(app, raise_server_exceptions=False))


def _posts() -> Iterator[tuple[str, tuple[str, bytes, str]]]:
    """Each POST with a few of the broken bodies in turn, so that all meet all kinds of paths."""
    forms, texts = cycle(BROKEN_FORMS), cycle(BROKEN_JSON)
    for key, operation in current(NEWEST.date).items():
        if operation.method == "POST":
            turn = texts if operation.path.startswith("/v2/") else forms
            yield from ((key, next(turn)) for _ in range(2))


def _path(key: str) -> str:
    return re.sub(r"{\w+}", "nope", key.partition(" ")[2])


def _message(answer: Answer) -> str:
    return str(error(answer, 400)["message"])


def test_broken_bodies_are_refused(world: Talk):
    for key, (kind, raw, says) in _posts():
        message = _message(world.send("POST", _path(key), raw, content_type=kind))
        assert message.startswith(says), (key, raw[:60])


def test_broken_queries_are_refused(world: Talk):
    queries = cycle(["nope_=%ff", "nope_[a][b]=1", "nope_=" + "x" * 9_000, "%5b=%", "nope_=%00"])
    for key, query in zip(current(NEWEST.date), queries, strict=False):
        assert _message(world.send(key.partition(" ")[0], f"{_path(key)}?{query}"))


def test_methods_that_are_not_allowed_are_unknown_addresses(world: Talk):
    for path in sorted({_path(key) for key in operations()}):
        for method in ("GET", "POST", "PUT"):
            if find(method, path) is None:
                refused = error(world.send(method, path), 404)
                said = f"Unrecognized request URL ({method}: {path})."
                assert refused["message"].startswith(said)


def _lists() -> Iterator[str]:
    for key, operation in current(NEWEST.date).items():
        taken = sent_fields(operation)
        if "starting_after" in taken and not any(s.get("required") for s in taken.values()):
            yield key


def test_cursors_of_other_types_are_refused(world: Talk):
    customer = world.customer()["id"]
    upcoming = "GET /v1/invoices/upcoming/lines"  # wants to know whose, first
    for key in _lists():
        if "{" in key or key in {"GET /v1/customers", upcoming}:
            continue
        for cursor in ("starting_after", "ending_before"):
            refused = error(world.get(_path(key), {cursor: customer}), 400)
            said = refused.get("code"), refused.get("param")
            assert said == ("resource_missing", cursor), (key, refused)


def test_expand_is_looked_at(world: Talk):
    customer: Any = world.customer()["id"]
    path = f"/v1/customers/{customer}"
    cases = {
        "expand=x": "Invalid array",
        "expand[a]=x": "Invalid array",
        "expand[][a]=x": 'Invalid string: {"a": "x"}',
        "expand[]=nope": "This property cannot be expanded (nope).",
        "expand[]=a.b.c.d.e": "You cannot expand more than 4 levels of a property.",
        "expand[]=": "You passed an empty string for 'expand[0]'.",
    }
    for query, says in cases.items():
        assert _message(world.send("GET", f"{path}?{query}")).startswith(says)
    listed = world.send("GET", "/v1/customers?expand[]=sources")
    hint = "You may want to try expanding 'data.sources' instead."
    assert _message(listed) == f"This property cannot be expanded (sources). {hint}"


def test_a_body_over_the_limit_is_refused(world: Talk):
    for path in ("/v1/customers", "/v2/core/accounts", "/v1/radar/value_lists"):
        answer = world.send("POST", path, b"a" * (LARGEST_BODY + 1), content_type=FORM)
        assert error(answer, 413)["type"] == "invalid_request_error"
