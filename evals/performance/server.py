"""Real servers of their own for the measurements: `guichet serve` in other processes, their memory read from /proc."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from assistant.errors import ServerError

STARTING = 600.0
"""Seconds that a server may take to be ready."""
UNLIMITED = {"GUICHET_SESSION_RATE": "0", "GUICHET_ADDRESS_RATE": "0"}
"""All questions of a measurement come from one address."""


@dataclass(frozen=True, slots=True)
class Server:
    address: str
    process: int

    def memory_mb(self) -> float:
        """What the process holds now (VmRSS)."""
        lines = Path(f"/proc/{self.process}/status").read_text(encoding="utf-8").splitlines()
        kilobytes = next(line.split()[1] for line in lines if line.startswith("VmRSS"))
        return round(int(kilobytes) / 1024, 1)


@contextmanager
def running_server(settings: Mapping[str, str] = UNLIMITED) -> Iterator[Server]:
    """Ready to answer until the block ends. Raises ServerError when it does not get ready."""
    port = _free_port()
    command = [sys.executable, "-m", "assistant.cli", "serve", "--port", f"{port}"]
    with _running(command, f"http://127.0.0.1:{port}", "/health/ready", settings) as server:
        yield server


@contextmanager
def running_servers(count: int) -> Iterator[list[Server]]:
    """`count` web processes that share the index of one Chroma server, itself last in the list; all on this machine.

    Each has a folder of its own, whose encoder is that of GUICHET_HOME.
    """
    from assistant.settings.settings import read_settings

    models = read_settings().home / "models"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guichet-load-")))
        port = _free_port()
        command = [f"{Path(sys.executable).parent / 'chroma'}", "run", "--path", f"{folder / 'chroma'}"]
        chroma = _running([*command, "--host", "127.0.0.1", "--port", f"{port}"], f"http://127.0.0.1:{port}", HEARTBEAT)
        shared = stack.enter_context(chroma)
        servers = []
        for number in range(count):
            home = folder / f"web-{number}"
            home.mkdir()
            (home / "models").symlink_to(models.resolve())
            settings = UNLIMITED | {"GUICHET_HOME": f"{home}", "GUICHET_CHROMA_URL": shared.address}
            servers.append(stack.enter_context(running_server(settings)))
        yield [*servers, shared]


HEARTBEAT = "/api/v2/heartbeat"
"""Where a Chroma server says that it lives."""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def _running(
    command: list[str], address: str, path: str, settings: Mapping[str, str] | None = None
) -> Iterator[Server]:
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, env={**os.environ, **(settings or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    server = Server(address, process.pid)
    try:
        _wait(server, path, process)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(server: Server, path: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + STARTING
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{server.address}{path}", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    raise ServerError("Le serveur à mesurer n’a pas démarré. Essayez-le seul : guichet serve")
