"""listen, log and exec: commands that talk to a server."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import pytest
import stripe

from emulator.cli.server import Refused, Server, Unreachable
from tests.clients.process import running
from tests.house.rules import ROOT
from tests.webhooks.receiver import receiving

# Ctrl-C must reach it even where these tests run in the background, which ignores it.
_INTERRUPTIBLE = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from emulator.cli import main; main()"
)


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with running("--clock", "2026-03-01T12:00:00") as address:
        yield address


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EMULATOR_")}
    return {**kept, "PYTHONPATH": str(ROOT)}


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "emulator", *words]
    return subprocess.run(
        command, capture_output=True, text=True, env=_environment(), check=False, timeout=30
    )


@contextmanager
def _listening(*words: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", _INTERRUPTIBLE, "listen", *words]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=_environment()
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _client(base: str, key: str) -> stripe.StripeClient:
    return stripe.StripeClient(key, base_addresses={"api": base})


def _lines(process: subprocess.Popen[str], count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline() for _ in range(count)]


# -- listen ---------------------------------------------------------------------------------------


def test_events_are_printed_and_forwarded_signed(base: str):
    client = _client(base, "sk_test_listen")
    client.v1.customers.create({"name": "before"})
    account = client.v1.accounts.create({"type": "standard"})
    with receiving() as inbox:
        words = ("--forward-to", inbox.url("/own"), "--forward-connect-to", inbox.url("/connect"))
        with _listening(
            "--url", base, "--key", "sk_test_listen", "--events", "customer.*", *words
        ) as process:
            (ready,) = _lines(process, 1)
            secret = re.search(r"whsec_\w+", ready)
            assert secret
            client.v1.customers.create({"name": "Ada"})
            client.v1.customers.create({"name": "Bea"}, {"stripe_account": account.id})
            printed = _lines(process, 4)
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 0
        own, connect = inbox.letters
        assert (own.path, connect.path) == ("/own", "/connect")
        assert own.opened(secret[0])["data"]["object"]["name"] == "Ada"
        assert connect.opened(secret[0])["account"] == account.id
    assert "--> customer.created [evt_" in printed[0]
    assert f"<-- [200] POST {inbox.url('/own')}" in printed[1]
    assert printed[2].rstrip().endswith(f"on {account.id}")


def test_events_are_printed_whole(base: str):
    words = ("--url", base, "--key", "sk_test_json", "--print-json")
    with _listening(*words, "--forward-to", "127.0.0.1:1") as process:
        _lines(process, 1)
        _client(base, "sk_test_json").v1.customers.create({"name": "Ada"})
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            if "<--" in line:
                break
            printed += line
        assert orjson.loads(printed)["type"] == "customer.created"
        assert "[no answer] POST http://127.0.0.1:1" in line


@pytest.mark.parametrize("command", ["listen", "log"])
def test_without_a_server_there_is_a_sentence(command: str):
    ended = _run(command, "--url", "http://127.0.0.1:1")
    assert ended.returncode == 1
    assert "no server answers at http://127.0.0.1:1" in ended.stderr
    assert "Traceback" not in ended.stderr


# -- log ------------------------------------------------------------------------------------------


def _logged(base: str, *words: str) -> str:
    ended = _run("log", "--url", base, "--key", "sk_test_logged", *words)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_log_is_shown_narrowed_and_as_curl(base: str):
    client = _client(base, "sk_test_logged")
    client.v1.customers.create({"name": "Ada"})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.customers.retrieve("cus_nobody")
    shown = _logged(base).splitlines()
    assert re.fullmatch(
        r"2026-03-01 12:00:00  200  POST /v1/customers  [\d.]+ ms  req_\w+", shown[0]
    )
    assert shown[1] == "    events: customer.created"
    assert "  404  GET /v1/customers/cus_nobody" in shown[2]
    assert shown[3].startswith("    resource_missing: No such customer")
    (only,) = [
        orjson.loads(line)
        for line in _logged(base, "--status", "4xx", "--json").split("\n")
        if line
    ]
    assert only["status"] == 404
    assert "customers -u sk_test_logged:" in _logged(base, "--method", "POST", "--curl")
    assert orjson.loads(_logged(base, only["id"]))["answer"]["body"]["error"]["param"] == "id"


def test_a_request_that_is_not_there_and_a_filter_that_makes_no_sense(base: str):
    words = ("--url", base, "--key", "sk_test_logged")
    ended = _run("log", "req_nothing", *words)
    assert (ended.returncode, "The log holds no request" in ended.stderr) == (1, True)
    ended = _run("log", "--status", "bad", *words)
    assert (ended.returncode, "Invalid status" in ended.stderr) == (2, True)


# -- exec -----------------------------------------------------------------------------------------

_ASKS = """
import os, sys, stripe
client = stripe.StripeClient(
    os.environ["STRIPE_SECRET_KEY"], base_addresses={"api": os.environ["STRIPE_API_BASE"]}
)
print(client.v1.customers.create({"name": "Ada"}).created)
sys.exit(7)
"""


def test_a_command_finds_a_server_and_its_exit_code_comes_back():
    ended = _run("exec", "--clock", "2026-03-01T12:00:00", "--", sys.executable, "-c", _ASKS)
    assert (ended.returncode, ended.stdout.strip()) == (7, "1772366400"), ended.stderr


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--", "no-such-command-anywhere"), 127, "no-such-command-anywhere"),
        ((), 2, "say which command"),
        (("--",), 2, "say which command"),
        (("--clock", "soon", "--", "true"), 2, "soon"),
    ],
)
def test_a_command_that_cannot_run_has_a_sentence(words: Any, code: int, told: str):
    ended = _run("exec", *words)
    assert (ended.returncode, told in ended.stderr) == (code, True), ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_command_that_a_signal_ends_says_so():
    ended = _run("exec", "--", "sh", "-c", "kill -9 $$")
    assert ended.returncode == 128 + 9


# -- the client -----------------------------------------------------------------------------------


def test_a_world_of_a_server_is_asked(base: str):
    server = Server(base, "sk_test_asked")
    assert server.get("clock")["now"] == server.post("clock", advance=None)["now"]
    with pytest.raises(Refused, match="Did you mean advance") as caught:
        server.post("clock", advanse="1d")
    assert caught.value.error["param"] == "advanse"
    assert server.delete("faults") == {"deleted": []}
    server.close()
    nobody = Server("http://127.0.0.1:1", "sk_test_x")
    with pytest.raises(Unreachable):
        nobody.get("clock")
    nobody.close()


# -- call -----------------------------------------------------------------------------------------


def test_call_makes_any_call_of_the_control_api(base: str) -> None:
    there = ("--url", base, "--key", "sk_test_called")
    moved = _run("call", "clock", "advance=3d", *there)
    assert (moved.returncode, moved.stderr) == (0, "")
    assert (
        orjson.loads(moved.stdout)["now"]
        == orjson.loads(_run("call", "clock", *there).stdout)["now"]
    )
    assert _run("call", "reset", *there).returncode == 0
    fault = ("faults", "fault=500-before", "times=2", "method=POST")
    assert orjson.loads(_run("call", *fault, *there).stdout)["times"] == 2
    assert orjson.loads(_run("call", "faults", "--delete", *there).stdout)["deleted"]


def test_call_lists_the_calls(base: str) -> None:
    listed = _run("call", "--url", base).stdout
    assert "POST   simulate/{name}\n" in listed
    assert "{world}" not in listed


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("clock", "advance=soon"), 2, "Invalid duration: soon."),
        (("clock", "advance"), 2, "'advance' is not NAME=VALUE"),
        (("clok",), 1, "Did you mean GET /_emulator/clock?"),
    ],
)
def test_call_says_what_is_wrong(base: str, words: tuple[str, ...], code: int, said: str) -> None:
    refused = _run("call", *words, "--url", base)
    assert refused.returncode == code
    assert said in refused.stderr
