"""Every create, retrieve, update, list and delete that the SDK for Python has, called through its
own services with the least that each takes.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import Any, Final, NamedTuple

import pytest
import stripe
from starlette.testclient import TestClient

from emulator.contract import Operation, find
from emulator.fuzzing.needs import NEEDS
from emulator.fuzzing.recipes import funded
from emulator.web.app import build
from emulator.world import Profile, Worlds
from tests.clients.services import ids_in, may_be_refused, operation_at
from tests.resources.stored.making import Made
from tests.talking import NOW, Talk

_BASE: Final = "http://testserver"
_METHODS: Final = ("create", "delete", "list", "retrieve", "update")
# A path that leads nowhere, to learn by which one a method asks.
_ANYTHING: Final = "place"


class Method(NamedTuple):
    """name: `v1.customers.tax_ids.create`. places: how many ids it takes first."""

    name: str
    call: Callable[..., Any]
    places: int


class Asked(Exception):
    """What a method would have asked."""


class Inside(stripe.HTTPClient):
    """Carries requests to an application in this process; `looking` only tells where they go."""

    name = "inside"

    def __init__(self, client: TestClient) -> None:
        super().__init__()
        self.client = client
        self.looking = True

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        **_: Any,
    ) -> tuple[Any, int, Mapping[str, str]]:
        if self.looking:
            raise Asked(method.upper(), url.removeprefix(_BASE).partition("?")[0])
        found = self.client.request(method, url, headers=dict(headers or {}), content=post_data)
        return found.content, found.status_code, found.headers

    def close(self) -> None:
        """There is nothing to close."""


def _methods(service: Any, name: str) -> Iterator[Method]:
    """The methods of a service and of those below it."""
    for inner in type(service).__annotations__:
        if not inner.startswith("_"):
            yield from _methods(getattr(service, inner), f"{name}.{inner}")
    for method in _METHODS:
        call = getattr(type(service), method, None)
        if call is not None:
            parameters = [*inspect.signature(call).parameters][1:]
            places = [each for each in parameters if each not in {"params", "options"}]
            yield Method(f"{name}.{method}", getattr(service, method), len(places))


def _client() -> tuple[stripe.StripeClient, Inside]:
    inside = Inside(TestClient(build(Worlds(Profile(seed="sdk", start=NOW, frozen=True)))))
    bases: Any = {"api": _BASE, "files": _BASE, "meter_events": _BASE}
    return stripe.StripeClient("sk_test_sdk", base_addresses=bases, http_client=inside), inside


CLIENT, INSIDE = _client()
MAKER = Made(Talk(INSIDE.client, "sk_test_sdk"))
funded(MAKER.spoken)
METHODS: Final = [*_methods(CLIENT.v1, "v1"), *_methods(CLIENT.v2, "v2")]


def _operation(method: Method) -> Operation:
    INSIDE.looking = True
    params = {"file": b""} if method.name == "v1.files.create" else {}
    try:
        method.call(*[_ANYTHING] * method.places, params)
    except Asked as asked:
        verb, path = asked.args
    finally:
        INSIDE.looking = False
    return operation_at(verb, path)


def test_the_sdk_has_methods_for_what_the_contract_describes():
    assert len(METHODS) > 350


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_a_method_of_the_sdk_works(method: Method):
    operation = _operation(method)
    path = MAKER.path(operation)
    MAKER.prepare(operation, path)
    params = MAKER.least(operation)
    if operation.key == "POST /v1/files":
        params = {"file": BytesIO(b"%PDF-1.4"), "purpose": "dispute_evidence"}
    try:
        found = method.call(*ids_in(operation, path), params)
    except stripe.InvalidRequestError as refused:
        if may_be_refused(operation):
            return
        pytest.fail(f"{method.name}: {refused}")
    if operation.kind == "list":
        assert isinstance(found.data, list)
    elif operation.kind == "deleted" and path.startswith("/v1/"):
        assert found.deleted
    elif "|" not in operation.returns and operation.kind == "object":
        assert found.object == operation.returns


def test_there_is_a_recipe_only_for_operations_that_exist():
    for key in NEEDS:
        method, _, path = key.partition(" ")
        found = find(method, path)
        assert found is not None
        assert found.operation.key == key
