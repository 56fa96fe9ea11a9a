"""A server that runs, as commands and tests talk to it: the control API over HTTP."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlencode

import orjson

URL: Final = "http://127.0.0.1:12111"
KEY: Final = "sk_test_demo"
_PATIENCE_SECONDS: Final = 60
_STOP_SECONDS: Final = 5


class Unreachable(Exception):
    """No server answers at the address."""


class Refused(Exception):
    """The control API refused a call. error: its error object, `message` at least."""

    def __init__(self, status: int, error: dict[str, Any]) -> None:
        super().__init__(error.get("message", f"HTTP {status}"))
        self.status = status
        self.error = error


class Server:
    """One world of a server, named by its key. Connections are kept until `close`.

    client: how it is asked, when that is not over the network.
    """

    def __init__(self, url: str, key: str, client: Any = None) -> None:
        import httpx2  # noqa: PLC0415 - heavy, and `serve` starts without it

        self.url = url.rstrip("/")
        self.key = key
        self._failures = (httpx2.HTTPError, httpx2.InvalidURL)
        self._is_ours = client is None
        self._client = client or httpx2.Client(timeout=_PATIENCE_SECONDS, trust_env=False)

    def get(self, call: str, /, **query: Any) -> Any:
        """GET /_emulator/CALL; None leaves a parameter out."""
        return self._ask("GET", call, query, None)

    def post(self, call: str, /, **body: Any) -> Any:
        """POST /_emulator/CALL; None leaves a parameter out."""
        sent = {name: value for name, value in body.items() if value is not None}
        return self._ask("POST", call, {}, sent)

    def delete(self, call: str, /) -> Any:
        """DELETE /_emulator/CALL."""
        return self._ask("DELETE", call, {}, None)

    def deliver(self, url: str, body: bytes, headers: Mapping[str, str]) -> int | None:
        """Send a webhook to an application; its status, or None when nobody answers there."""
        try:
            return int(self._client.post(url, content=body, headers=dict(headers)).status_code)
        except self._failures:
            return None

    def request(
        self, method: str, path: str, params: Mapping[str, Any], account: str | None
    ) -> Any:
        """A request of /v1, with its parameters as the SDKs send them."""
        from emulator.web.asking import form  # noqa: PLC0415

        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if account is not None:
            headers["Stripe-Account"] = account
        sent = form(params)
        target, body = (path, sent) if method == "POST" else (f"{path}?{sent}", "")
        return self._send(method, target, body.encode(), headers)

    def close(self) -> None:
        if self._is_ours:
            self._client.close()

    def _ask(self, method: str, call: str, query: dict[str, Any], body: Any) -> Any:
        given = {name: value for name, value in query.items() if value is not None}
        wait = float(given.get("wait", given.get("timeout", (body or {}).get("timeout", 0))))
        raw = b"" if body is None else orjson.dumps(body)
        path = f"/_emulator/{call}" + (f"?{urlencode(given)}" if given else "")
        return self._send(method, path, raw, {}, wait)

    def _send(
        self, method: str, path: str, body: bytes, headers: dict[str, str], wait: float = 0
    ) -> Any:
        # A client of an application in this process has no patience to set.
        more: Any = {"timeout": _PATIENCE_SECONDS + wait} if self._is_ours else {}
        headers = {"Authorization": f"Bearer {self.key}", **headers}
        try:
            answer = self._client.request(
                method, self.url + path, content=body, headers=headers, **more
            )
        except self._failures as problem:
            raise Unreachable(f"no server answers at {self.url} ({problem})") from None
        try:
            found = answer.json()
        except ValueError:
            found = answer.text
        if answer.status_code != 200:
            error = found.get("error") if isinstance(found, dict) else None
            raise Refused(answer.status_code, error or {"message": f"HTTP {answer.status_code}"})
        return found


def add_url(parser: argparse.ArgumentParser) -> None:
    """Which server: `--url`, or its variable."""
    url = os.environ.get("EMULATOR_URL", URL)
    parser.add_argument("--url", default=url, help=f"the server (default {URL}) [EMULATOR_URL]")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which server and which world: `--url` and `--key`, or their variables."""
    add_url(parser)
    key = os.environ.get("EMULATOR_KEY", KEY)
    parser.add_argument(
        "--key", default=key, help=f"the world's key (default {KEY}) [EMULATOR_KEY]"
    )


@contextmanager
def started(options: Sequence[str] = ()) -> Iterator[str]:
    """A server of its own in another process, on a free port; its address."""
    command = [sys.executable, "-m", "emulator", "serve", *options, "--host", "127.0.0.1"]
    kept = {name: value for name, value in os.environ.items() if name != "EMULATOR_SCENARIO"}
    with subprocess.Popen(  # noqa: S603 - ourselves
        [*command, "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env=kept,
        start_new_session=True,  # Ctrl-C is for the command, not for the server beside it
    ) as process:
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            found = re.search(r"http://\S+", first)
            if found is None:
                raise Unreachable(f"the server did not start: {first.strip() or 'see above'}")
            yield found[0]
        finally:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
