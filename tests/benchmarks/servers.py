"""The servers that are measured: each a process of its own, pinned to the servers' core."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from pathlib import Path
from tempfile import gettempdir
from typing import Final

from tests.benchmarks.traffic import Call

ROOT: Final = Path(__file__).resolve().parents[2]
_PATIENCE_SECONDS: Final = 30.0
_STEP_SECONDS: Final = 0.002
_NO_BYTECODE: Final = "PYTHONDONTWRITEBYTECODE"


class Server:
    """A server process. command: what to run, given a port. probe: what its first answer is to."""

    def __init__(
        self, name: str, command: Callable[[int], Sequence[str]], probe: Call, cwd: Path = ROOT
    ) -> None:
        self.name = name
        self.port = 0
        self._command = command
        self._probe = probe
        self._cwd = cwd
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, pin: bool = True) -> float:
        """Start it on a free port; the seconds from exec to the end of the first answer."""
        self.port = _free_port()
        command = [*(pinned("server") if pin else ()), *self._command(self.port)]
        began = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            cwd=self._cwd,
            env=_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not self._answers():
            if time.perf_counter() - began > _PATIENCE_SECONDS or self._process.poll() is not None:
                self.stop()
                raise ConnectionError(f"{self.name} does not start: {' '.join(command)}")
            time.sleep(_STEP_SECONDS)
        return time.perf_counter() - began

    def stop(self) -> None:
        """End the process, kindly at first."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def restart(self) -> None:
        """A fresh process in place of this one."""
        self.stop()
        self.start()

    def ask(self, call: Call) -> tuple[int, bytes]:
        """Status and body of one request on a connection of its own."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE_SECONDS)
        try:
            line.request(call.method, call.path, call.body, call.headers())
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()

    def cpu_seconds(self) -> float:
        """Processor time that it has used so far; 0 where the system does not tell."""
        assert self._process is not None
        if sys.platform != "linux":
            return 0.0
        stat = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    def resident_bytes(self) -> int:
        """Memory that the process holds now."""
        assert self._process is not None
        if sys.platform == "linux":
            status = Path(f"/proc/{self._process.pid}/status").read_text()
            line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
            return int(line.split()[1]) * 1024
        found = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self._process.pid)],
            capture_output=True,
            check=True,
        )
        return int(found.stdout) * 1024

    def _answers(self) -> bool:
        try:
            status, _ = self.ask(self._probe)
        except OSError:
            return False
        return status < 500


def emulator() -> Server:
    """Ours, as a user starts it."""
    python = [sys.executable, "-m", "emulator", "--port"]
    return Server("connect-emulator", lambda port: [*python, str(port)], Call("/v1/customers"))


def bare() -> Server:
    """The bare ASGI app."""
    script = str(Path(__file__).parent / "bare.py")
    return Server("bare app", lambda port: [sys.executable, script, str(port)], Call("/1"))


def localstripe(path: Path) -> Server:
    """localstripe, from a virtual environment or an executable."""
    program = path / "bin" / "localstripe" if path.is_dir() else path
    command = [str(program.absolute()), "--from-scratch", "--port"]
    probe = Call("/v1/customers", version=None)
    return Server("localstripe", lambda port: [*command, str(port)], probe)


def stripe_mock(program: str) -> Server:
    """stripe-mock; it keeps nothing, so it is no match, but many know its speed."""
    probe = Call("/v1/customers", version=None)
    return Server("stripe-mock", lambda port: [program, "-http-port", str(port)], probe)


def pinned(who: str) -> list[str]:
    """The words before a command that keep it on its core: servers on one, the load on another."""
    if shutil.which("taskset") is None or not hasattr(os, "sched_getaffinity"):
        return []
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        return []
    return ["taskset", "-c", str(cores[1] if who == "server" else cores[0])]


def _environment() -> dict[str, str]:
    """Ours, but programs start from bytecode, as what pip installs does: in a folder of its own."""
    found = {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}
    return found | {"PYTHONPYCACHEPREFIX": str(Path(gettempdir()) / "connect-emulator-bytecode")}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
