"""The command line, from outside: a process, its words and its end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from emulator import __version__
from tests.house.rules import ROOT

_KEY = "Authorization: Bearer sk_test_a\r\n"


def _environment(**variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EMULATOR_")}
    return {**kept, "PYTHONPATH": str(ROOT), **variables}


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "emulator", *words]


@contextmanager
def _server(*words: str, **variables: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a folder that is not the project's, and its address."""
    with subprocess.Popen(
        _command(*words),
        cwd="/",
        env=_environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            first = process.stdout.readline()
            found = re.search(r"http://\S+", first)
            assert found, first + process.stdout.read()
            yield process, found[0]
        finally:
            process.kill()


def _refused(*words: str, **variables: str) -> str:
    """What a command says that ends with exit code 2."""
    done = subprocess.run(
        _command(*words),
        env=_environment(**variables),
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 2, done
    assert "Traceback" not in done.stderr
    return done.stderr


def _get(base: str, path: str, key: str = "sk_test_cli") -> Any:
    answer = httpx2.get(base + path, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_port_0_picks_a_free_one_and_prints_it():
    with _server("--port", "0") as (_, base), _server("serve", "--port=0") as (_, other):
        assert base != other
        for address in (base, other):
            assert address.startswith("http://127.0.0.1:")
            assert not address.endswith(":0")
            assert _get(address, "/_emulator/health")["version"] == __version__


def test_the_first_screen_tells_how_to_go_on():
    with _server("--port", "0") as (process, base):
        _get(base, "/_emulator/health")
        process.send_signal(signal.SIGTERM)
        assert process.stdout is not None
        screen = process.stdout.read()
    assert f'stripe.StripeClient("sk_test_demo", base_addresses={{"api": "{base}"}})' in screen
    assert f"{base}/_emulator/info" in screen
    assert len(screen.splitlines()) < 24


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_cleanly_within_a_second(number: signal.Signals):
    with _server("--port", "0") as (process, base), httpx2.Client() as client:
        client.get(f"{base}/_emulator/health")  # and the connection stays open
        began = time.monotonic()
        process.send_signal(number)
        assert process.wait(5) == 0
        assert time.monotonic() - began < 1
        assert process.stdout is not None
        assert "Traceback" not in process.stdout.read()


@pytest.mark.parametrize(
    "request_",
    [
        "POST /v1/customers HTTP/1.1\r\nContent-Length: 9\r\n\r\nn",
        f"GET /_emulator/events?wait=30 HTTP/1.1\r\n{_KEY}\r\n",
        f"GET /_emulator/webhooks/wait?type=a&timeout=30 HTTP/1.1\r\n{_KEY}\r\n",
    ],
)
def test_neither_half_a_request_nor_one_that_waits_holds_it_up(request_: str):
    with _server("--port", "0") as (process, base):
        host, _, port = base.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(request_.encode())
            _get(base, "/_emulator/health")
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(5) == 0
            assert time.monotonic() - began < 1
            assert _nothing_more(connection)
        assert process.stdout is not None
        assert process.stdout.read().endswith("Stop with Ctrl-C.\n")


def _nothing_more(connection: socket.socket) -> bool:
    """Whether the server closed it without an answer."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_a_webhook_on_its_way_does_not_hold_it_up():
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        _server("--port", "0") as (process, base),
    ):
        silent.settimeout(10)
        headers = {"Authorization": "Bearer sk_test_stopping"}
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/hook"
        hook = {"url": address, "enabled_events[]": "*"}
        httpx2.post(f"{base}/v1/webhook_endpoints", data=hook, headers=headers)
        httpx2.post(f"{base}/v1/customers", data={"name": "Ada"}, headers=headers)
        with silent.accept()[0] as heard:
            assert heard.recv(10) == b"POST /hook"  # it waits for an answer that does not come
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
            assert time.monotonic() - began < 2


def _fuzzed(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command("fuzz", "--only", "/v1/coupons*", "--time", "1s", *words),
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_server_that_runs_is_fuzzed():
    with _server("--port", "0") as (_, base):
        done = _fuzzed("--url", base, "--world", "mine")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "5 of 5 operations reached, 5 with a result" in done.stdout
        assert done.stdout.endswith("nothing found\n")
        held = _get(base, "/v1/coupons?limit=1", "sk_test_mine")
        assert len(held["data"]) == 1


def test_an_older_version_is_fuzzed_and_one_that_is_none_is_refused():
    done = _fuzzed("--api-version", "2019-08-14")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 of 5 operations reached, 5 with a result" in done.stdout
    done = _fuzzed("--api-version", "yesterday")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Invalid Stripe API version: yesterday." in done.stderr


def test_where_no_server_answers_there_is_nothing_to_fuzz():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    done = _fuzzed("--url", address)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"no server answers at {address} (")
    assert done.stderr.count("\n") == 1


def test_a_taken_port_gives_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = _refused("--port", str(port))
    assert said.startswith(f"connect-emulator cannot listen on 127.0.0.1:{port}: ")
    assert "Choose another port with --port N" in said


def test_a_port_can_be_used_again_at_once():
    with _server("--port", "0") as (process, base):
        _get(base, "/_emulator/health")
        process.send_signal(signal.SIGTERM)
        process.wait(5)
    with _server("--port", base.rpartition(":")[2]) as (_, again):
        assert again == base
        _get(base, "/_emulator/health")


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("port", "seventy", "'seventy' is no port"),
        ("port", "65536", "'65536' is no port"),
        ("port", "-1", "'-1' is no port"),
        ("clock", "tomorrow", "'tomorrow' is no time"),
        ("clock", "99999999999999999999", "is no time"),
        ("clock", "2200-01-01", "'2200-01-01' is no time"),
        ("country", "USA", "'USA' is no country"),
        ("availability", "future", "'future' is none of these: overview, current"),
        ("log", "loud", "'loud' is none of these: quiet, error, info, debug"),
    ],
)
def test_a_bad_value_gives_a_sentence_wherever_it_comes_from(option: str, value: str, said: str):
    assert said in _refused(f"--{option}={value}")
    assert said in _refused(**{f"EMULATOR_{option.upper()}": value})


@pytest.mark.parametrize("words", [["fly"], ["--fly"], ["serve", "fly"]])
def test_a_bad_word_gives_a_sentence(words: list[str]):
    assert "error: " in _refused(*words)


def test_an_unknown_host_gives_a_sentence():
    said = _refused("--host", "nowhere.invalid", "--port", "0")
    assert said.startswith("connect-emulator cannot listen on nowhere.invalid:0: ")


def test_options_shape_the_worlds():
    words = ["--port=0", "--clock=2026-03-01T12:00:00", "--country=de", "--seed=seven"]
    with _server(*words) as (_, base):
        clock = _get(base, "/_emulator/clock")
        assert (clock["now"], clock["mode"]) == (1_772_366_400, "frozen")
        account = _get(base, "/v1/account")
        assert account["country"] == "DE"
        info = _get(base, "/_emulator/info")
        assert (info["country"], info["availability"]) == ("DE", "overview")
    with _server("--port=0") as (_, base):
        assert _get(base, "/v1/account")["id"] != account["id"]
        assert _get(base, "/_emulator/clock")["mode"] == "real"


def test_every_option_has_a_variable_and_a_word_beats_it():
    variables = {
        "EMULATOR_PORT": "0",
        "EMULATOR_HOST": "127.0.0.1",
        "EMULATOR_CLOCK": "1000",
        "EMULATOR_SEED": "seven",
        "EMULATOR_COUNTRY": "FR",
        "EMULATOR_AVAILABILITY": "current",
        "EMULATOR_LOG": "",
    }
    with _server("--country", "ES", **variables) as (_, base):
        assert _get(base, "/_emulator/clock")["now"] == 1000
        info = _get(base, "/_emulator/info")
        assert (info["country"], info["availability"]) == ("ES", "current")


@pytest.mark.parametrize("words", [("check", "--matrix"), ("run", "marketplace")])
def test_a_reader_who_has_seen_enough_ends_it_quietly(words: tuple[str, ...]):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        _command(*words),
        env=_environment(),
        stdout=writer,
        stderr=subprocess.PIPE,
        timeout=20,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_the_help_names_every_variable():
    done = subprocess.run(
        _command("serve", "--help"), capture_output=True, text=True, env=_environment(), check=True
    )
    for name in ("HOST", "PORT", "SEED", "CLOCK", "COUNTRY", "AVAILABILITY", "LOG"):
        assert f"EMULATOR_{name}]" in done.stdout


def test_it_knows_its_version():
    done = subprocess.run(
        _command("--version"), capture_output=True, text=True, env=_environment(), check=True
    )
    assert done.stdout == f"connect-emulator {__version__}\n"


def test_a_live_key_leaves_no_trace_in_the_loudest_log():
    with _server("--port", "0", "--log", "debug") as (process, base):
        headers = {"Authorization": "Bearer sk_live_51VerySecret"}
        assert httpx2.get(f"{base}/v1/customers", headers=headers).status_code == 401
        process.send_signal(signal.SIGTERM)
        assert process.stdout is not None
        log = process.stdout.read()
    assert "GET /v1/customers" in log
    assert "VerySecret" not in log
    assert "a live key was sent here" in log


def test_a_head_request_gets_no_body():
    with _server("--port", "0") as (_, base):
        answer = httpx2.head(f"{base}/v1/customers", headers={"Authorization": "Bearer sk_test_a"})
        assert answer.status_code == 404
        assert answer.content == b""
        assert int(answer.headers["content-length"]) > 0
