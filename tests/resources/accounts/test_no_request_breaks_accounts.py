"""Whatever is sent to the operations of accounts, they answer: a result or a refusal, no
failure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from emulator.web.app import build
from emulator.world import Profile, Worlds
from tests.resources.accounts import asking
from tests.resources.accounts.applicants import COMPANY, INDIVIDUAL, OWNER
from tests.talking import NOW, Talk

_ANSWERED: Final = 500
_PLACE: Final = re.compile(r"{(\w+)}")
Ids = dict[str, list[str]]


@pytest.fixture(scope="module")
def talk() -> Iterator[Talk]:
    app = build(Worlds(Profile(seed="fuzz", start=NOW, frozen=True)))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Talk(client)


@pytest.fixture(scope="module")
def ids(talk: Talk) -> Ids:
    """What may stand in a path: accounts of every type, the platform's own, and parts of them."""
    made: Any = [
        talk.made("/v1/accounts", params)
        for params in (
            INDIVIDUAL,
            COMPANY,
            {"type": "express", "country": "US"},
            {"type": "standard"},
            {},
        )
    ]
    person = talk.made(f"/v1/accounts/{made[1]['id']}/persons", OWNER)
    banks = [bank["id"] for one in made[:2] for bank in one["external_accounts"]["data"]]
    own = talk.got("/v1/account")["id"]
    return {
        "account": [*(one["id"] for one in made), own, "acct_nope"],
        "capability": ["card_payments", "transfers", "legacy_payments", "treasury", "nope"],
        "country": ["US", "GB", "MX", "xx", "United States"],
        "id": [*banks, "ba_nope"],
        "person": [person["id"], "person_nope"],
    }


def path_of(key: str, ids: Ids, draw: Any) -> str:
    return _PLACE.sub(lambda place: draw(st.sampled_from(ids[place[1]])), key.partition(" ")[2])


@pytest.mark.parametrize("key", asking.operations())
def test_an_operation_answers_whatever_it_is_sent(talk: Talk, ids: Ids, key: str):
    # Requests that change things are worth more tries than those that only look.
    tries = 40 if key.startswith("POST") else 12

    @settings(
        max_examples=tries,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(params=asking.parameters(key), data=st.data(), wait=st.integers(0, 30))
    def asks(params: dict[str, Any], data: st.DataObject, wait: int) -> None:
        method, path = key.partition(" ")[0], path_of(key, ids, data.draw)
        if method == "DELETE" and "acct" in path and path.count("/") == 3:
            path = "/v1/accounts/acct_nope"
        send = {"GET": talk.get, "POST": talk.post}.get(method)
        answer = talk.delete(path) if send is None else send(path, params)
        assert answer.status_code < _ANSWERED, (path, params, answer.text)
        if wait % 5 == 0:
            talk.advance(f"{wait}s")

    asks()
