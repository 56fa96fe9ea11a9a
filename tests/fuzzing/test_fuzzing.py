"""A bounded run of the fuzzer over all operations, and that it finds what is planted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

import pytest

from emulator import fuzzing
from emulator.contract import current, find, operations
from emulator.contract.specs import Fields, Spec
from emulator.contract.versions import NEWEST, parse
from emulator.fuzzing import Line, Plan, Run, cases, recipes, shrinking
from emulator.fuzzing.checks import Fault, Watch, of_answer
from emulator.fuzzing.line import Exchange
from emulator.fuzzing.places import PLACES
from emulator.fuzzing.pool import Pool
from emulator.fuzzing.varying import Variations
from emulator.resources import OPERATIONS
from emulator.scenario import Answered, Asked
from emulator.web import asking
from emulator.web.app import build
from emulator.world import Profile, Worlds
from tests.talking import NOW

LineTo = Callable[[str], Line]
_SECONDS: Final = 16.0
_EVERY: Final = 7


@pytest.fixture
def line_to() -> Iterator[LineTo]:
    worlds = Worlds(Profile(seed="fuzz", start=NOW, frozen=True))
    app = build(worlds)
    worlds.on_commit = None
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        yield lambda world: Line(asking.locally(app, world), loop)


def _run(line_to: LineTo, **plan: Any) -> fuzzing.Report:
    fresh = iter(range(1_000))
    lines = line_to("fuzz"), line_to("witness")
    return Run(Plan(**plan), *lines, lambda: line_to(f"again{next(fresh)}")).go()


def test_nothing_is_found_in_a_short_run_over_all_operations(line_to: LineTo):
    report = _run(line_to, seed=11, seconds=_SECONDS)
    assert report.findings == []
    assert len(report.reached) > 0.93 * len(operations())
    assert report.share > 0.3


def test_one_thing_more_than_the_least_at_a_time_finds_nothing(line_to: LineTo):
    run = Run(Plan(every=_EVERY), line_to("varied"), line_to("witness"), lambda: line_to("again"))
    recipes.funded(line_to("varied"))
    there = current(NEWEST.date)
    for key in sorted(there):
        run._vary(there[key])
    assert run.report.findings == []
    assert len(run.report.answered) > 0.8 * len(there)


def test_made_up_requests_of_each_modelled_operation_find_nothing(line_to: LineTo):
    line = line_to("made_up")
    run = Run(Plan(), line, line_to("witness"), lambda: line_to("again"))
    recipes.funded(line)
    for key in sorted(OPERATIONS, key=lambda key: (key.startswith("DELETE"), key)):
        operation = operations()[key]
        known = run._pool.known(operation)
        cases.of_operation(operation, known, 0, {"positive": 2, "negative": 1}, line)
    assert run.report.findings == []
    assert len(run.report.reached) > 0.99 * len(OPERATIONS.keys() & current(NEWEST.date))


def test_nothing_is_found_when_each_operation_is_asked_in_an_older_version(line_to: LineTo):
    report = _run(line_to, seconds=0, version=parse("2022-11-15"))
    assert report.findings == []
    assert len(report.answered) > 0.94 * len(current("2022-11-15"))


def test_each_place_can_be_made_and_is_one_of_its_operation(line_to: LineTo):
    line = line_to("places")
    recipes.funded(line)
    for key, place in PLACES.items():
        method, path = key.split(" ")[0], place(line)
        found = find(method, path)
        assert found is not None
        assert found.operation.key == key


def test_what_an_event_names_is_looked_for_whatever_its_id_holds(line_to: LineTo):
    line = line_to("named")
    watch = Watch(line, line_to("witness"), Pool())
    line.made("/v1/coupons", {"id": "a/b?c#d%2F \u00e9", "percent_off": 5, "duration": "once"})
    assert watch.look() == []


def test_each_choice_and_each_inner_parameter_is_varied():
    inner: Spec = {"type": "object", "fields": {"b": {"type": "boolean"}}}
    fields: Fields = {
        "a": {**inner, "unset": True},
        "type": {"type": "enum", "values": ["a", "c"], "required": True},
    }
    found = list(Variations(lambda name, _: {"b": name == "a"}, NOW).around(fields, {"type": "c"}))
    assert found == [
        {"a": "", "type": "c"},
        {"a": {"b": True}, "type": "c"},
        {"a": {"b": False}, "type": "c"},
        {"type": "a", "a": {"b": True}},
        {"type": "c"},
    ]


def test_what_a_file_holds_is_told_as_text(line_to: LineTo):
    sent = {"file": "GIF89a\r\n--", "purpose": "dispute_evidence", "metadata": {}}
    link = {"file_link_data": {"create": True, "metadata": {"a": "b"}}}
    made = line_to("files").made("/v1/files", sent | link)
    assert (made["type"], made["size"], made["purpose"]) == ("gif", 10, "dispute_evidence")
    assert made["links"]["data"][0]["metadata"] == {"a": "b"}


def test_only_what_is_asked_for_is_asked(line_to: LineTo):
    report = _run(line_to, seconds=0.5, only="/v1/radar/value_lists*")
    assert report.operations == len(report.reached) == 5
    assert "nothing found" in report.told()


def test_an_error_of_ours_is_found_and_shrunk_to_a_scenario(
    line_to: LineTo, monkeypatch: pytest.MonkeyPatch
):
    key = "POST /v1/refunds"
    run = OPERATIONS[key]

    def breaks(tx: Any, params: Any) -> Any:
        assert params.get("reason") != "duplicate", "planted"
        return run(tx, params)

    monkeypatch.setitem(OPERATIONS, key, breaks)
    journal: list[Exchange] = []
    line = line_to("planted")
    line.listener = journal.append
    paid = {"amount": 2_000, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True}
    for _ in range(2):
        line.made("/v1/customers", {"email": "a@example.com"})
        methods = {"automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}}
        charge = line.made("/v1/payment_intents", {**paid, **methods})["latest_charge"]
    refund = {"charge": charge, "amount": 5, "metadata": {"k": "v"}, "reason": "duplicate"}
    line.send("POST", "/v1/refunds", refund)
    fault = of_answer(journal[-1])
    assert fault is not None
    assert (fault.check, fault.operation) == ("no 5xx", key)

    fresh = iter(range(100))
    steps = shrinking.reduced(journal, fault, lambda: line_to(f"again{next(fresh)}"))
    assert steps is not None
    story = shrinking.scenario(steps, fault)
    assert [next(iter(step)) for step in story["when"]] == ["post", "post"]
    assert story["when"][1]["with"] == {"reason": "duplicate"}
    assert story["when"][1]["version"] == NEWEST.text


def test_a_story_on_an_account_names_it_by_the_step_that_made_it(line_to: LineTo):
    journal: list[Exchange] = []
    line = line_to("account")
    line.listener = journal.append
    line.account = recipes.RECIPES["account"](line)
    line.send("POST", "/v1/customers", {"email": "a@example.com"})
    planted = Fault("planted", "POST /v1/customers", "an address")

    def judge(exchange: Exchange) -> Fault | None:
        return planted if "email" in exchange.asked.with_ and exchange.asked.account else None

    steps = shrinking.reduced(journal, planted, lambda: line_to("again"), judge)
    assert steps is not None
    assert shrinking.scenario(steps, planted)["when"][1]["on"] == "${step_1.id}"


def test_an_event_of_another_shape_is_found(line_to: LineTo, monkeypatch: pytest.MonkeyPatch):
    line = line_to("shapes")
    watch = Watch(line, line_to("witness"), Pool())
    heard: dict[str, Any] = {"object": "event", "api_version": "2022-11-15"}
    heard |= {
        "type": "product.created",
        "created": 1,
        "id": "evt_1",
        "livemode": False,
        "pending_webhooks": 0,
    }
    product = line.made("/v1/products", {"name": "Tea"})
    heard["data"] = {"object": product}
    monkeypatch.setattr(watch, "_heard", lambda: [(heard, None)])
    [fault] = watch.look()
    assert fault.check == "events have their shape"
    assert fault.message.startswith("data.object.")


def test_what_does_not_come_again_has_no_scenario(line_to: LineTo):
    asked = Asked("GET", "/v1/customers")
    broken = Exchange(asked, Answered(500, b"", {"error": {"message": "once"}}))
    fault = of_answer(broken)
    assert fault is not None
    assert shrinking.reduced([broken], fault, lambda: line_to("again")) is None


@pytest.mark.parametrize(
    ("status", "body", "check"),
    [
        (500, {"error": {"message": "m", "type": "api_error"}}, "no 5xx"),
        (0, {"error": {}}, "no 5xx"),
        (400, {"message": "m"}, "refusals have their form"),
        (400, {"error": {"message": "", "type": "api_error"}}, "refusals have their form"),
        (200, {"object": "customer"}, "answers have their shape"),
    ],
)
def test_each_check_barks(status: int, body: Any, check: str):
    exchange = Exchange(Asked("GET", "/v1/customers/cus_1"), Answered(status, b"", body))
    fault = of_answer(exchange)
    assert fault is not None
    assert fault.check == check


def test_a_changed_witness_and_an_event_about_nothing_are_found(line_to: LineTo):
    from emulator.fuzzing.checks import Watch
    from emulator.fuzzing.pool import Pool

    line, witness = line_to("watched"), line_to("witness")
    watch = Watch(line, witness, Pool())
    assert watch.look() == []
    witness.made("/v1/customers", {})
    assert [fault.check for fault in watch.look()] == ["worlds share nothing"]

    ask = line._ask

    async def lying(asked: Asked) -> Answered:
        gone = asked.path.startswith("/v1/customers/")
        return await ask(replace(asked, path="/v1/customers/cus_nope") if gone else asked)

    line.made("/v1/customers", {})
    line._ask = lying
    assert [fault.check for fault in watch.look()] == ["events name what exists"]
