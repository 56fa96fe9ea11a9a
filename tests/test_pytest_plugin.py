"""The pytest plugin, used as other projects use it: suites of their own, run in a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from urllib.request import urlopen

import pytest

from emulator.testing import world_name
from tests.clients.process import running
from tests.house.rules import ROOT

pytest_plugins = ["pytester"]

_IN_PROCESS = """
[pytest]
emulator_in_process = true
emulator_options = --clock 2026-03-01T12:00:00
"""

_SUITE = """
import pytest, stripe


def test_a_payout_fails(world, stripe_client, simulate, emulator_clock, webhooks):
    box = webhooks.mailbox(events=["payout.created", "payout.failed"])
    world.request("POST", "/v1/charges",
                  {"amount": 9000, "currency": "usd", "source": "tok_bypassPending"})
    payout = stripe_client.v1.payouts.create({"amount": 5000, "currency": "usd"})
    simulate.payout_failed(payout=payout.id, failure_code="account_closed")
    assert stripe_client.v1.payouts.retrieve(payout.id).failure_code == "account_closed"
    assert webhooks.wait_for("payout.failed")["data"]["object"]["id"] == payout.id
    letter = box.letters("payout.failed")[0]
    signature = letter["headers"]["Stripe-Signature"]
    assert stripe.Webhook.construct_event(letter["body"], signature, box.secret)


def test_a_month_passes(emulator_clock, stripe_client):
    start = emulator_clock.now()
    emulator_clock.advance("30d")
    assert stripe_client.v1.customers.create({}).created == start + 30 * 86_400


def test_a_webhook_is_delivered_twice(stripe_client, webhooks):
    box = webhooks.mailbox()
    webhooks.change(duplicate={"next": 1})
    stripe_client.v1.customers.create({"name": "Ada"})
    assert [each["type"] for each in box.events()] == ["customer.created"] * 2
    webhooks.hold()
    stripe_client.v1.customers.create({"name": "Bea"})
    stripe_client.v1.customers.create({"name": "Cid"})
    webhooks.deliver(order="newest")
    names = [each["data"]["object"]["name"] for each in box.events()]
    assert names == ["Ada", "Ada", "Cid", "Bea"]
    first = webhooks.wait_for("customer.created")
    assert webhooks.wait_for("customer.created")["id"] != first["id"]


def test_an_answer_is_given_beforehand(answers, stripe_client):
    answers("card.charge", "insufficient_funds")
    with pytest.raises(stripe.CardError) as caught:
        stripe_client.v1.charges.create({"amount": 900, "currency": "usd", "source": "tok_visa"})
    assert caught.value.json_body["error"]["decline_code"] == "insufficient_funds"
    assert len(answers.used()) == 1


@pytest.mark.emulator(country="FR", start="2030-01-01")
def test_a_world_begins_as_it_is_told(stripe_client, emulator_clock):
    assert stripe_client.v1.accounts.retrieve_current().country == "FR"
    assert emulator_clock.now() == 1_893_456_000


@pytest.mark.parametrize("number", [1, 2])
def test_every_test_has_a_world_of_its_own(stripe_client, number):
    stripe_client.v1.customers.create({"name": str(number)})
    assert len(stripe_client.v1.customers.list().data) == 1


def test_a_lost_answer_is_an_error_of_the_connection(world, stripe_client):
    world.control.post("faults", fault="drop-after", times=1)
    client = world.stripe_client(max_network_retries=0)
    with pytest.raises(stripe.APIConnectionError):
        client.v1.customers.create({"name": "Ada"})
    assert len(stripe_client.v1.customers.list().data) == 1
"""


def _play(pytester: pytest.Pytester, *words: str, **variables: str) -> pytest.RunResult:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EMULATOR_")}
    quick = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)}
    environment = {**kept, **quick, **variables}
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ.keys() - environment.keys():
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        return pytester.runpytest_subprocess("-p", "emulator.pytest_plugin", *words)


def _shown(heading: str) -> str:
    """The suite that the README shows under a heading."""
    part = (ROOT / "README.md").read_text("utf-8").partition(f"## {heading}\n")[2]
    return part.partition("\n## ")[0].partition("```python\n")[2].partition("```")[0]


def test_a_suite_plays_in_its_own_process(pytester: pytest.Pytester):
    pytester.makeini(_IN_PROCESS)
    pytester.makepyfile(test_suite=_SUITE, test_readme=_shown("In your test suite"))
    _play(pytester, "-W", "error", "--strict-markers").assert_outcomes(passed=9)


def test_the_first_five_minutes_need_no_configuration(pytester: pytest.Pytester):
    pytester.makepyfile(test_five_minutes=_shown("In five minutes"))
    _play(pytester).assert_outcomes(passed=3)


def test_a_suite_plays_on_a_server(pytester: pytest.Pytester):
    pytester.makeini("[pytest]\nemulator_options = --clock frozen --country FR")
    pytester.makepyfile(
        """
        def test_it(stripe_client, emulator):
            assert emulator.url.startswith("http://127.0.0.1:")
            assert stripe_client.v1.accounts.retrieve_current().country == "FR"
        """
    )
    _play(pytester).assert_outcomes(passed=1)


def test_a_server_that_runs_is_used_and_left_clean(pytester: pytest.Pytester):
    pytester.makepyfile(
        """
        import os
        def test_it(stripe_client, emulator, world):
            assert emulator.url == os.environ["EMULATOR_URL"]
            stripe_client.v1.customers.create({})
            assert len(stripe_client.v1.customers.list().data) == 1
        """
    )
    with running() as base:
        for worker in ("gw0", "gw0"):
            variables = {"EMULATOR_URL": base, "PYTEST_XDIST_WORKER": worker}
            _play(pytester, **variables).assert_outcomes(passed=1)
        # Without importing a client: pytester forgets the modules that its tests import.
        with urlopen(f"{base}/_emulator/worlds") as answer:
            assert json.load(answer)["data"] == []


def test_the_report_of_a_failure_shows_the_world(pytester: pytest.Pytester):
    pytester.makeini(_IN_PROCESS)
    pytester.makepyfile(
        """
        def test_it(stripe_client):
            stripe_client.v1.charges.create(
                {"amount": 900, "currency": "usd", "source": "tok_visa"})
            stripe_client.v1.customers.retrieve("cus_nobody")
        """
    )
    result = _play(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*emulator: requests*",
            "2026-03-01 12:00:00  200  POST /v1/charges*",
            "*404  GET /v1/customers/cus_nobody*",
            "    resource_missing: No such customer*",
            "*emulator: events of the platform*",
            "charge.succeeded  evt_*",
            "*emulator: ledger of the platform*",
            "*charge*",
        ]
    )


def test_who_does_not_use_it_pays_nothing(pytester: pytest.Pytester):
    pytester.makepyfile(
        """
        import sys
        def test_it():
            heavy = {"starlette", "orjson", "httpx2", "jsonschema", "emulator.testing"}
            assert not heavy & set(sys.modules)
        """
    )
    _play(pytester, "-W", "error", "--strict-markers").assert_outcomes(passed=1)


def test_without_the_sdk_its_client_is_skipped(pytester: pytest.Pytester):
    pytester.makeini(_IN_PROCESS)
    pytester.makeconftest("import sys\nsys.modules['stripe'] = None\n")
    pytester.makepyfile(
        """
        def test_skipped(stripe_client): ...
        def test_without(world):
            assert world.request("POST", "/v1/customers", {"name": "Ada"})["name"] == "Ada"
            assert world.request("GET", "/v1/customers", {"limit": 1})["data"]
        """
    )
    _play(pytester).assert_outcomes(passed=1, skipped=1)


def test_names_of_worlds_are_readable_and_their_own():
    name = world_name("tests/test_a.py::test_pays[usd-1.0]", "gw1")
    assert name.startswith("test_pays_usd_1_0_")
    others = {
        world_name("tests/test_a.py::test_pays[usd-1.0]", "gw2"),
        world_name("tests/test_b.py::test_pays[usd-1.0]", "gw1"),
        world_name("tests/test_a.py::test_pays[usd-1_0]", "gw1"),
    }
    assert len(others | {name}) == 4
    assert len(world_name("t.py::" + "x" * 500)) < 100
    assert world_name("t.py::test_ü[☃]").isascii()


def test_the_plugin_is_found_by_its_entry_point():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    ((name, module),) = project["entry-points"]["pytest11"].items()
    assert name == module == "emulator.pytest_plugin"
    code = f"import {module}, sys; sys.exit('orjson' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
