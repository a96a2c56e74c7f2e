"""A real server of its own for the measurements: `guichet serve` in another process, its memory read from /proc."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from corpus.errors import ServerError

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
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "assistant.cli", "serve", "--port", f"{port}"]
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, env={**os.environ, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    server = Server(f"http://127.0.0.1:{port}", process.pid)
    try:
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(server: Server, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + STARTING
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{server.address}/health/ready", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.3)
    raise ServerError("Le serveur à mesurer n’a pas démarré. Essayez-le seul : guichet serve")
