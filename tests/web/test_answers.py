"""What goes back, whatever was asked: status, headers, bodies, and what is not Stripe's at all."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

import orjson
import pytest
from starlette.testclient import TestClient

from emulator.resources import OPERATIONS
from emulator.resources.customers.customers import CUSTOMERS
from emulator.web.app import Application, build
from emulator.web.inbound import LARGEST_BODY
from emulator.world import Profile, World, Worlds
from tests.talking import NOW, Talk, error

SUPPORT = "Please see https://stripe.com/docs or we can help at https://support.stripe.com/."


# -- URLs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/foo"),
        ("PUT", "/v1/customers"),
        ("PATCH", "/v1/customers/cus_1"),
        ("DELETE", "/v1/customers"),
        ("POST", "/v1/events"),
        ("GET", "/v1"),
        ("GET", "/v2/core/nothing"),
        ("GET", "/v1customers"),
    ],
)
def test_an_unknown_url_or_method_is_refused_in_stripes_words(talk: Talk, method: str, path: str):
    answer = talk.send(method, path)
    refused = error(answer, 404)
    assert refused["message"] == f"Unrecognized request URL ({method}: {path}). {SUPPORT}"
    assert refused["type"] == "invalid_request_error"
    assert "code" not in refused
    assert answer.headers["request-id"].startswith("req_")


@pytest.mark.parametrize("path", ["/v1/customers/", "/v1/customers//sources"])
def test_an_empty_identifier_earns_a_hint(talk: Talk, path: str):
    refused = error(talk.get(path), 404)
    assert "make sure you passed a valid (non-empty) identifier" in refused["message"]


@pytest.mark.parametrize("path", ["/v3/customers", "/favicon.ico"])
def test_elsewhere_there_is_nothing(talk: Talk, path: str):
    assert error(talk.get(path), 404)["message"].startswith(
        f"Unrecognized request URL (GET: {path})."
    )


def test_a_control_route_has_its_method(talk: Talk):
    said = "There is no GET /_emulator/reset here. Did you mean POST /_emulator/reset? "
    assert error(talk.control("reset"), 404)["message"].startswith(said)


def test_what_is_only_stored_says_so_and_a_strict_world_refuses_it(talk: Talk):
    key = "GET /v1/radar/value_lists"
    assert key not in OPERATIONS
    assert talk.get("/v1/radar/value_lists").headers["emulator-fidelity"] == "stored"
    assert "emulator-fidelity" not in talk.get("/v1/customers").headers
    assert talk.control("settings", {"strict": True}).json()["strict"] is True
    refused = error(talk.get("/v1/radar/value_lists"), 501)
    assert (refused["code"], refused["type"]) == ("not_modelled", "api_error")
    assert f"`{key}`" in refused["message"]
    assert talk.control("settings", {"strict": None}).json()["strict"] is None
    assert talk.get("/v1/radar/value_lists").status_code == 200


def test_head_has_no_body_and_options_is_for_browsers(talk: Talk):
    assert talk.send("HEAD", "/v1/customers").status_code == 404
    answer = talk.send("OPTIONS", "/v1/customers", origin="http://shop.example")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]


# -- headers ---------------------------------------------------------------------------------------


def _named(answer: Any) -> dict[str, str]:
    quiet = {"content-type", "content-length", "cache-control", "request-id", "stripe-version"}
    return {name: value for name, value in answer.headers.items() if name not in quiet}


def test_every_answer_has_its_request_id_and_version(talk: Talk):
    answer = talk.get("/v1/customers")
    assert answer.headers["request-id"].startswith("req_")
    assert len(answer.headers["request-id"]) == 18
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-cache, no-store"
    assert _named(answer) == {}


def test_a_post_that_began_is_not_to_be_tried_again(talk: Talk):
    answer = talk.post("/v1/customers", idempotency_key="k")
    assert _named(answer) == {
        "idempotency-key": "k",
        "original-request": answer.headers["request-id"],
        "stripe-should-retry": "false",
    }


def test_a_post_refused_early_says_nothing_of_trying_again(talk: Talk):
    for path, params in (
        ("/v1/customers", {"nonsense": "1"}),
        ("/v1/customers/cus_none", {"name": "Ada"}),
    ):
        answer = talk.post(path, params, idempotency_key="k")
        assert _named(answer) == {
            "idempotency-key": "k",
            "original-request": answer.headers["request-id"],
        }


def test_a_post_without_a_key_is_given_one(talk: Talk):
    first, second = talk.post("/v1/customers"), talk.post("/v1/customers", {"nonsense": "1"})

    keys = [answer.headers["idempotency-key"] for answer in (first, second)]
    assert [str(UUID(key)) for key in keys] == keys
    assert keys[0] != keys[1]
    assert second.headers["original-request"] == second.headers["request-id"]
    assert "stripe-should-retry" in first.headers
    assert "stripe-should-retry" not in second.headers


@pytest.mark.parametrize(
    ("instant", "names"),
    [
        (1_564_617_600, set()),  # August 2019
        (1_580_515_200, set()),  # February 2020
        (1_646_092_800, {"idempotency-key", "original-request", "stripe-should-retry"}),
    ],
)
def test_keys_are_made_up_since_2022(talk: Talk, instant: int, names: set[str]):
    assert talk.control("clock", {"now": instant}).status_code == 200
    assert _named(talk.post("/v1/customers")).keys() == names


@pytest.mark.parametrize(
    ("instant", "names"),
    [
        (1_564_617_600, {"idempotency-key", "original-request"}),
        (1_580_515_200, {"idempotency-key", "original-request", "stripe-should-retry"}),
    ],
)
def test_whether_to_try_again_is_told_since_late_2019(talk: Talk, instant: int, names: set[str]):
    assert talk.control("clock", {"now": instant}).status_code == 200
    assert _named(talk.post("/v1/customers", idempotency_key="k")).keys() == names


def _refused_twice(talk: Talk, path: str, params: dict[str, Any]) -> tuple[bool, bool]:
    """Whether a refusal says not to try again, and whether it is given again to its key."""
    first, second = (talk.post(path, params, idempotency_key=path) for _ in range(2))
    assert first.status_code in {400, 404}
    told = first.headers.get("stripe-should-retry") == "false"
    return told, "idempotent-replayed" in second.headers


def test_what_is_looked_up_late_has_begun(talk: Talk):
    """Observed: these unknown ids are found out when the request is being carried out."""
    customer = talk.customer()["id"]
    given = {"amount": 100, "currency": "usd"}
    monthly = {"recurring": {"interval": "month"}, "product_data": {"name": "Gold"}}
    price = talk.made("/v1/prices", {"unit_amount": 100, "currency": "usd", **monthly})["id"]
    late: list[tuple[str, dict[str, Any]]] = [
        ("/v1/transfers", {**given, "destination": "acct_invalid"}),
        ("/v1/charges", {**given, "customer": customer, "source": "tok_visa"}),
        ("/v1/subscriptions", {"customer": customer, "items": [{"price": price}]}),
    ]
    for path, params in late:
        assert _refused_twice(talk, path, params) == (True, True)


def test_what_payments_look_up_first_has_not_begun(talk: Talk):
    given = {"amount": 100, "currency": "usd", "payment_method_types": ["card"]}
    params = {**given, "transfer_data": {"destination": "acct_invalid"}}
    assert _refused_twice(talk, "/v1/payment_intents", params) == (False, False)


def test_the_version_asked_for_is_the_version_answered(talk: Talk):
    answer = talk.get("/v1/customers", stripe_version="2023-10-16")
    assert answer.headers["stripe-version"] == "2023-10-16"
    beta = talk.get("/v1/customers", stripe_version="2023-10-16; some_beta=v1")
    assert beta.headers["stripe-version"] == "2023-10-16; some_beta=v1"


def test_an_unknown_version_is_refused(talk: Talk):
    refused = error(talk.get("/v1/customers", stripe_version="yesterday"), 400)
    assert refused["message"].startswith("Invalid Stripe API version: yesterday")


def test_refusals_name_their_page_in_the_request_log(talk: Talk):
    answer = talk.get("/v1/customers/cus_none")
    refused = error(answer, 404)
    assert refused["request_log_url"].endswith(f"object={answer.headers['request-id']}")
    assert list(refused) == sorted(refused)
    assert refused["doc_url"] == "https://stripe.com/docs/error-codes/resource-missing"


def test_the_request_log_lay_elsewhere_before_the_workbench(talk: Talk):
    """Observed from October 2023 to December 2025."""
    talk.control("clock", {"now": 1_764_000_000, "mode": "frozen"})
    account = talk.account()
    for named in ({}, {"stripe_account": account}):
        answer = talk.get("/v1/customers/cus_none", **named)
        whose = f"/{account}" if named else ""
        page = f"test/logs/{answer.headers['request-id']}?t=1764000000"
        assert answer.json()["error"]["request_log_url"] == (
            f"https://dashboard.stripe.com{whose}/{page}"
        )


# -- bodies ----------------------------------------------------------------------------------------


def test_objects_begin_with_id_and_object_and_go_on_in_the_alphabets_order(talk: Talk):
    customer = talk.customer(name="Ada", metadata={"b": "2", "a": "1"})
    names = list(customer)
    assert names[:2] == ["id", "object"]
    assert names[2:] == sorted(names[2:])


def test_a_body_may_not_be_larger_than_the_limit(talk: Talk):
    refused = error(talk.send("POST", "/v1/customers", b"a" * (LARGEST_BODY + 1)), 413)
    assert refused["type"] == "invalid_request_error"
    assert talk.get("/v1/customers").status_code == 200


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"name=%ff", "application/x-www-form-urlencoded"),
        (b"name=\xff", "application/x-www-form-urlencoded"),
        (b'{"name": "Ada"}', "application/json"),
        (b"--x", "multipart/form-data; boundary=x"),
        (b"name=Ada", "multipart/form-data"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(talk: Talk, body: bytes, kind: str):
    refused = error(talk.send("POST", "/v1/customers", body, content_type=kind), 400)
    assert refused["type"] == "invalid_request_error"
    assert talk.got("/v1/customers")["data"] == []


def test_a_query_of_a_post_counts_as_parameters(talk: Talk):
    assert talk.made("/v1/customers?name=Ada", {"email": "a@b.co"})["name"] == "Ada"


def test_unknown_parameters_are_refused_everywhere(talk: Talk):
    for answer in (
        talk.get("/v1/customers", {"foo": "1"}),
        talk.post("/v1/customers", {"foo": "1"}),
    ):
        refused = error(answer, 400)
        assert (refused["code"], refused["param"]) == ("parameter_unknown", "foo")
        assert refused["message"] == "Received unknown parameter: foo"


# -- our own faults --------------------------------------------------------------------------------


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Updating a customer does half of its work and then fails."""

    def update(tx: Any, _params: Any, id_: str) -> None:
        customer = tx.get(CUSTOMERS, id_)
        tx.save(CUSTOMERS, {**customer, "name": "half"}, event="customer.updated")
        tx.save(CUSTOMERS, tx.new(CUSTOMERS), event="customer.created")
        tx.hide(id_, {"left": "behind"})
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setitem(OPERATIONS, "POST /v1/customers/{customer}", update)


def _state(world: World) -> Any:
    store = world.setup.store
    content = store.content()
    return content, {
        key: [*store.ids(key)] for entry in content["listed"].values() for key in entry[3]
    }


@pytest.mark.usefixtures("broken")
def test_an_exception_leaves_no_trace_and_is_answered_in_stripes_shape(
    talk: Talk, world: World, caplog: pytest.LogCaptureFixture
):
    talk.made("/v1/webhook_endpoints", {"url": "http://127.0.0.1:9", "enabled_events": ["*"]})
    customer = talk.customer(name="Ada")
    talk.control("clock", {"advance": 0})  # deliveries have been tried
    before = _state(world)

    with caplog.at_level(logging.ERROR):
        answer = talk.post(f"/v1/customers/{customer['id']}", {"name": "Bob"}, idempotency_key="k")

    refused = error(answer, 500)
    assert refused["type"] == "api_error"
    assert "test/main" in refused["message"]
    assert answer.headers["request-id"] in refused["message"]
    assert "ZeroDivisionError" not in answer.text
    assert "ZeroDivisionError" in caplog.text
    assert _state(world) == before


@pytest.mark.usefixtures("broken")
def test_the_server_goes_on_after_an_exception(talk: Talk):
    customer = talk.customer()
    error(talk.post(f"/v1/customers/{customer['id']}"), 500)
    assert talk.got(f"/v1/customers/{customer['id']}") == customer
    assert talk.control("audit").json()["holds"]


# -- the same again --------------------------------------------------------------------------------


def _story(app: Application) -> list[Any]:
    """Bytes and headers of every answer in a story with some of everything in it."""
    with TestClient(app) as client:
        talk = Talk(client)
        customer = talk.customer(name="Ada", metadata={"a": "1"})["id"]
        payment = {
            "amount": 2000,
            "currency": "usd",
            "payment_method": "pm_card_visa",
            "payment_method_types": ["card"],
            "confirm": True,
        }
        answers = [
            talk.post("/v1/customers", {"name": "Bob"}),
            talk.post(f"/v1/customers/{customer}", {"name": "Eve"}, idempotency_key="k"),
            talk.post(f"/v1/customers/{customer}", {"name": "Eve"}, idempotency_key="k"),
            talk.post("/v1/payment_intents", payment),
            talk.post("/v1/customers", {"nonsense": "1"}),
            talk.control("clock", {"advance": "8d"}),
            talk.get("/v1/balance_transactions"),
            talk.get("/v1/events", {"limit": 100}),
            talk.get("/v1/account"),
        ]
        return [(a.status_code, a.content, sorted(a.headers.items())) for a in answers]


def _app(seed: str) -> Application:
    return build(Worlds(Profile(seed=seed, start=NOW, frozen=True)))


def test_the_same_seed_and_requests_give_the_same_bytes():
    assert _story(_app("one")) == _story(_app("one"))


def test_another_seed_gives_other_ids():
    (_, one, _), (_, two, _) = _story(_app("one"))[0], _story(_app("two"))[0]
    assert orjson.loads(one)["id"] != orjson.loads(two)["id"]
    assert orjson.loads(one)["name"] == orjson.loads(two)["name"]
