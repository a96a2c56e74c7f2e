"""Real servers that tests start in folders of their own, stop, kill and start again: PostgreSQL and Chroma's."""

import http.client
import itertools
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import psycopg

from assistant.chain import Guichet
from assistant.settings.settings import Settings
from index.encoder.base import Encoder, Floats
from index.storage.locations import Server

ROOT = Path(__file__).parent.parent.parent


LONG = 180.0
"""Seconds that are waited for what must come, however busy the machine is: what does not come by then never does."""
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_PORTS = itertools.count(20_000 + 1_000 * (_WORKER % 12))


def free_port() -> int:
    """A port that nobody listens on. Every worker of pytest counts through a range of its own, below those that the
    system gives to outgoing connections: nobody takes the port before the server of the test does.
    """
    for port in _PORTS:
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("unreachable")


def home_of_its_own(settings: Settings, folder: Path) -> Path:
    """`folder`, with a link to the models of `settings.home` and a copy of its index: servers do not share a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "models").symlink_to((settings.home / "models").resolve())
    shutil.copytree(settings.home / "index", folder / "index")
    return folder


def wait_until(holds: Callable[[], bool], what: str, *, seconds: float = LONG) -> None:
    """Looks until it holds; fails with `what` when it never does."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.05)


class Postgres:
    """A cluster of its own on a Unix socket, run by an unprivileged user (PostgreSQL refuses root)."""

    def __init__(self) -> None:
        self.bin = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        self.folder = Path(tempfile.mkdtemp(prefix="guichet-pg-", dir="/tmp"))
        self.user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        if os.getuid() == 0:
            shutil.chown(self.folder, self.user)
        self.folder.chmod(0o755)
        self._run("initdb", "-D", f"{self.folder}/data", "-U", "guichet", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()

    def _run(self, program: str, *arguments: str) -> None:
        user = self.user if os.getuid() == 0 else None
        command = [f"{self.bin}/{program}", *arguments]
        subprocess.run(command, user=user, cwd="/", check=True, stdout=subprocess.DEVNULL, timeout=LONG)

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off -c max_connections=60"
        data = f"{self.folder}/data"
        self._run("pg_ctl", "start", "-w", "-D", data, "-o", options, "-l", f"{self.folder}/log")

    def stop(self) -> None:
        """At once, without waiting for anyone, as when the machine is taken away."""
        self._run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", f"{self.folder}/data")

    def make_database(self, name: str) -> str:
        """The address of a new, empty database."""
        with psycopg.connect(host=f"{self.folder}", user="guichet", dbname="postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return f"postgresql://guichet@/{name}?host={self.folder}"

    def close(self) -> None:
        if (self.folder / "data" / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder)


class ChromaServer:
    """`chroma run` on a free port, on a folder that outlives it."""

    def __init__(self, folder: Path, *, prefix: Sequence[str] = ()) -> None:
        self.folder = folder
        self.prefix = prefix
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        command = [f"{Path(sys.executable).parent}/chroma", "run", "--path", f"{self.folder}", "--port", f"{self.port}"]
        self.process = subprocess.Popen(
            [*self.prefix, *command, "--host", "127.0.0.1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until(self.is_up, "chroma run did not answer")

    def is_up(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api/v2/heartbeat", timeout=2) as answer:  # noqa: S310 - ours
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None


class Page:
    """A server in a process of its own: the real command, or `tests/support/slow_server.py`, whose answers can be
    slow.
    """

    def __init__(self, home: Path, *command: str, port: int = 0, prefix: Sequence[str] = (), **more: str) -> None:
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GUICHET_")} | more
        self.process = subprocess.Popen(
            [*prefix, sys.executable, *(command or ("-m", "assistant.cli", "serve"))],
            env=environment | {"GUICHET_HOME": f"{home}", "GUICHET_PORT": f"{self.port}", "PYTHONPATH": f"{ROOT}"},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Page":
        assert self.process.stdout
        while "Guichet est prêt" not in (line := self.process.stdout.readline()):
            assert line, self.process.communicate()[1]
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.kill()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def end(self, by: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """The signal, then the exit code and what was said on the way out."""
        self.process.send_signal(by)
        errors = self.process.communicate(timeout=LONG)[1]
        return self.process.returncode, errors

    def ask(self, question: str) -> str:
        """The public page that answers; "" when the connection was cut."""
        try:
            query = urllib.parse.urlencode({"question": question})
            with urllib.request.urlopen(f"{self.address}/public?{query}", timeout=LONG) as answer:  # noqa: S310 - ours
                return str(answer.read().decode())
        except (OSError, http.client.HTTPException):
            return ""

    def opinion(self, question: str) -> int:
        """The status of an opinion that was sent; 0 when the connection was cut."""
        body = json.dumps({"question": question, "useful": False, "text": "t" * 1500}).encode()
        request = urllib.request.Request(f"{self.address}/avis", body, method="POST")  # noqa: S310 - ours
        try:
            with urllib.request.urlopen(request, timeout=LONG) as answer:  # noqa: S310 - ours
                return int(answer.status)
        except urllib.error.HTTPError as error:
            assert "Traceback" not in error.read().decode()
            return error.code
        except (OSError, http.client.HTTPException):
            return 0

    def read(self, path: str) -> tuple[int, str]:
        """The status and the body of a page of ours; (0, "") when the connection was cut."""
        try:
            with urllib.request.urlopen(f"{self.address}{path}", timeout=LONG) as answer:  # noqa: S310 - ours
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""

    def components(self) -> dict[str, str]:
        """What readiness says of each; "état" too, in a word."""
        said = json.loads(self.read("/health/ready")[1])
        return {"état": said["état"], **said["composants"]}


class SmallDisk:
    """A file system of its own and of that size ("400k"), at `path`."""

    def __init__(self, path: Path, size: str) -> None:
        self.path = path
        self.path.mkdir(exist_ok=True)
        self._as_root = () if os.getuid() == 0 else ("sudo", "-n")
        options = f"size={size},uid={os.getuid()},gid={os.getgid()}"
        self._run("mount", "-t", "tmpfs", "-o", options, "guichet", f"{path}")

    def _run(self, *command: str) -> None:
        subprocess.run([*self._as_root, *command], check=True, capture_output=True, timeout=LONG)

    def resize(self, size: str) -> None:
        self._run("mount", "-o", f"remount,size={size}", f"{self.path}")

    def fill(self) -> Path:
        """Takes all that is left; removing the file that is returned makes room again."""
        ballast = self.path / "ballast"
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * 4096)
        return ballast

    def close(self) -> None:
        self._run("umount", "--lazy", f"{self.path}")


@contextmanager
def small_disk(path: Path, size: str) -> Iterator[SmallDisk]:
    disk = SmallDisk(path, size)
    try:
        yield disk
    finally:
        disk.close()


class Recorded(Encoder):
    """The vectors that the embedded index holds, by their text: the real ones, without encoding again."""

    def __init__(self, identity: str, vectors: dict[str, Floats]) -> None:
        self.identity = identity
        self._vectors = vectors

    def encode_batch(self, texts: Sequence[str]) -> Floats:
        return np.stack([self._vectors[text] for text in texts])


def recorded(guichet: Guichet, kind: str) -> dict[str, Floats]:
    entries = guichet.index.entries.kinds()[kind]
    return {entry.text: row for entry, row in zip(entries, guichet.index._vectors[kind], strict=True)}


def copy_index(guichet: Guichet, server: Server) -> Recorded:
    """Fills the Chroma server with the embedded index; the encoder that it was done with."""
    told = {text: row for kind in ("passages", "sentences", "titles") for text, row in recorded(guichet, kind).items()}
    encoder = Recorded(guichet.encoder.identity, told)
    encoder.encode_queries = Recorded("", recorded(guichet, "phrases")).encode_passages  # type: ignore[method-assign]
    server.build(guichet.index.entries, encoder)
    return encoder


@contextmanager
def postgres_cluster() -> Iterator[Postgres]:
    cluster = Postgres()
    try:
        yield cluster
    finally:
        cluster.close()
