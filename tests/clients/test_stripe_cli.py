"""Stripe's own command line, unmodified, beside a server of ours."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, Final

import pytest
import stripe

from emulator.cli.server import Server
from tests.clients.npm import installed
from tests.clients.process import running
from tests.webhooks.receiver import Receiver, receiving

_HERE: Final = Path(__file__).parent / "stripe_cli"
_UNTOLD: Final = "Stripe's command line is not driven"
_SECONDS: Final = 60
_BASIL: Final = ("--api-version", "2024-06-20")


class CommandLine:
    """The command line on one world of a server. control: the same world's control API."""

    def __init__(self, program: Path, base: str, key: str, home: Path) -> None:
        self.base, self.key = base, key
        self.control = Server(base, key)
        self._program = program
        kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        self._env = {**kept, "HOME": str(home), "STRIPE_API_KEY": key}
        self._env["STRIPE_CLI_TELEMETRY_OPTOUT"] = "1"

    def run(self, *words: str, **env: str) -> str:
        """What a command prints that succeeds."""
        found = self.ends(*words, **env)
        assert found.returncode == 0, found.stdout + found.stderr
        return found.stdout

    def ends(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._command(words),
            env={**self._env, **env},
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words))

    @contextmanager
    def staying(self, *words: str) -> Iterator[list[str]]:
        """A command that goes on until it is stopped, from when it is ready; what it prints."""
        with subprocess.Popen(
            self._command(words),
            env=self._env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            said: list[str] = []
            assert process.stdout is not None
            reading = Thread(target=said.extend, args=(process.stdout,))
            reading.start()
            try:
                until(lambda: any("Ready!" in line for line in said), said)
                yield said
            finally:
                process.terminate()
                reading.join()

    def _command(self, words: tuple[str, ...]) -> list[str]:
        return [str(self._program), *words, "--api-base", self.base]


def until(is_so: Callable[[], bool], about: object) -> None:
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < _SECONDS, about
        time.sleep(0.02)


@pytest.fixture(scope="module")
def program() -> Path:
    folder = installed(_HERE, "connect-emulator-stripe-cli", _UNTOLD)
    found = folder / "node_modules" / "@stripe" / "cli-linux-x64" / "bin" / "stripe"
    if not found.exists():
        pytest.skip(f"it has no program for this machine: {_UNTOLD}")
    return found


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with running() as found:
        yield found


@pytest.fixture
def cli(
    program: Path, base: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[CommandLine]:
    name = re.sub(r"\W", "-", request.node.name)
    found = CommandLine(program, base, f"sk_test_{name}", tmp_path)
    yield found
    found.control.close()


@pytest.fixture
def app() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


# -- listening ------------------------------------------------------------------------------------


def test_events_reach_an_application_signed(cli: CommandLine, app: Receiver):
    secret = cli.run("listen", "--print-secret").strip()
    hook, connect = app.url("/hook"), app.url("/connect")
    to = ("--forward-to", hook, "--forward-connect-to", connect)
    with cli.staying("listen", "--all-snapshot", "--skip-update", *to) as said:
        assert any(secret in line for line in said)
        account = cli.control.request("POST", "/v1/accounts", {"type": "express"}, None)["id"]
        cli.json("customers", "create", "--stripe-account", account)
        customer = cli.json("customers", "create", "--name=Ada")
        until(lambda: len(app.letters) == 2, said)
        opened = {each.path: each.opened(secret) for each in app.letters}
        assert opened["/hook"]["data"]["object"] == customer
        assert opened["/connect"]["account"] == account

        cli.control.post("reset")
        app.status = 500
        cli.json("customers", "create", "--name=Eve")
        until(lambda: len(app.letters) == 3, said)
        event = app.letters[2].opened(secret)["id"]
        until(lambda: _delivery(cli)["status"] == "failed", said)
        assert _delivery(cli)["attempts"][0]["url"] == hook

        app.status = 200
        cli.run("events", "resend", event)
        until(lambda: len(app.letters) == 4, said)
        until(lambda: _delivery(cli)["status"] == "succeeded", said)
        assert app.letters[3].opened(secret)["id"] == event
    until(lambda: cli.control.get("webhooks")["endpoints"] == [], said)


def _delivery(cli: CommandLine) -> Any:
    return cli.control.get("deliveries")["data"][0]


def test_thin_events_and_the_newest_version_have_their_options(cli: CommandLine, app: Receiver):
    thin = ("--all-thin", "--forward-to", app.url("/thin"))
    newest = ("--events", "product.created", "--latest", "--format", "JSON")
    with (
        cli.staying("listen", "--skip-update", *thin) as said,
        cli.staying("listen", "--skip-update", *newest) as told,
    ):
        v2 = {"contact_email": "a@example.com", "display_name": "Ada"}
        cli.json(
            "v2",
            "core",
            "accounts",
            "create",
            *(f"--{k.replace('_', '-')}={v}" for k, v in v2.items()),
        )
        product = cli.json("products", "create", "--name=Tea")["id"]
        until(lambda: bool(app.letters), said)
        until(lambda: any(product in line for line in told), told)
    secret = cli.run("listen", "--print-secret").strip()
    letter = app.letters[0]
    signature = letter.headers["stripe-signature"]
    client = stripe.StripeClient(cli.key)
    found = client.parse_event_notification(letter.body, signature, secret)
    assert found.type == "v2.core.account.created"


def test_requests_are_followed(cli: CommandLine):
    only = ("--filter-status-code-type", "4XX", "--format", "JSON")
    with cli.staying("logs", "tail", *only) as said:
        cli.json("customers", "create")
        cli.ends("customers", "retrieve", "cus_none")
        until(lambda: any("cus_none" in line for line in said), said)
        shown = [json.loads(line) for line in said if line.startswith("{")]
    assert [(each["status"], each["url"]) for each in shown] == [(404, "/v1/customers/cus_none")]


def test_a_live_key_is_refused(cli: CommandLine):
    found = cli.ends("customers", "list", STRIPE_API_KEY="sk_live_0123456789")
    assert "livemode_mismatch" in found.stdout + found.stderr


# -- triggers and fixtures ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "event",
    [
        "account.updated",
        "charge.refunded",
        "checkout.session.completed",
        "customer.discount.updated",
        "customer.subscription.paused",
        "invoice.payment_failed",
        "payment_intent.succeeded",
        "payout.created",
        "quote.accepted",
        "subscription_schedule.released",
    ],
)
def test_events_are_triggered(cli: CommandLine, event: str):
    cli.run("trigger", event, *_BASIL)
    told = cli.control.get("events", after=0, limit=1000)["data"]
    assert event in [each["type"] for each in told]


def test_what_a_trigger_sends_can_be_changed(cli: CommandLine):
    changes = ("--override", "customer:name=Ada", "--add", "customer:metadata[a]=1")
    account = cli.control.request("POST", "/v1/accounts", {"type": "express"}, None)["id"]
    on = ("--remove", "customer:description", "--stripe-account", account)
    cli.run("trigger", "customer.created", *changes, *on)
    made = cli.json("customers", "list", "--stripe-account", account)["data"]
    assert [(each["name"], each["description"], each["metadata"]) for each in made] == [
        ("Ada", None, {"a": "1"})
    ]


def test_fixtures_build_a_marketplace(cli: CommandLine):
    cli.run("fixtures", str(_HERE / "seller.json"))
    (seller,) = cli.json("accounts", "list")["data"]
    cli.control.post("clock", advance="1m")
    cli.run("fixtures", str(_HERE / "sales.json"), SELLER=seller["id"])
    fees = cli.json("application_fees", "list")["data"]
    assert sorted(each["amount"] for each in fees) == [200, 500]
    assert cli.json("subscriptions", "list")["data"][0]["status"] == "active"
    assert cli.control.get("audit")["holds"]


# -- resources ------------------------------------------------------------------------------------


def test_a_resource_is_made_seen_changed_listed_and_deleted(cli: CommandLine):
    once = ("customers", "create", "--name=Ada", "-d", "metadata[a]=1", "--idempotency=once")
    customer = cli.json(*once)
    assert cli.json(*once) == customer
    id_ = customer["id"]
    assert cli.json("customers", "update", id_, "--email=a@example.com")["email"] == "a@example.com"
    older = cli.ends("get", f"/v1/customers/{id_}", "--stripe-version", "2020-08-27", "-s")
    assert "2020-08-27" in older.stderr + older.stdout
    assert "invoice_prefix" in older.stdout
    other = cli.json("post", "/v1/customers", "-d", "name=Eve")["id"]
    listed = cli.json("customers", "list", "--limit=1", "--starting-after", other)
    assert ([each["id"] for each in listed["data"]], listed["has_more"]) == ([id_], False)
    assert '"deleted":true' in cli.run("customers", "delete", id_, "--confirm")
    assert "resource_missing" in cli.run("delete", "/v1/customers/cus_none", "--confirm")
