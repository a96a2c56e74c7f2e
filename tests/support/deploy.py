"""What deploy/ promises, tried without a container engine: its files as they stand, its services confined as it says.

bubblewrap gives what compose.yaml asks an engine for: a root that cannot be written, /tmp in memory, a user that is not
root, no capability, and only the named folders writable.
"""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from tests.support.services import LONG, ROOT, free_port, wait_until

DEPLOY = ROOT / "deploy"
TMP = "/tmp"  # noqa: S108 - the containers' own, in memory
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
ADDRESSES = ("172.30.77.11:7860", "172.30.77.12:7860")
"""The two web processes, as nginx.conf and compose.yaml name them."""


def confined(
    user: int, *, writable: Sequence[Path] = (), files: Mapping[str, Path] | None = None, network: bool = True
) -> list[str]:
    """The words to put before a command, so that it runs as in its container; `files`: there -> here, read only."""
    words = ["bwrap", "--die-with-parent", "--unshare-user", "--uid", f"{user}", "--gid", f"{user}"]
    words += ["--cap-drop", "ALL", "--unshare-pid", "--unshare-ipc", *([] if network else ["--unshare-net"])]
    words += ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", TMP, "--tmpfs", "/run"]
    words += ["--setenv", "HOME", TMP, "--setenv", "PYTHONDONTWRITEBYTECODE", "1"]
    for path in {ROOT, Path(sys.prefix), Path(sys.base_prefix)}:
        if path.is_relative_to(TMP) or path.is_relative_to("/run"):  # a checkout that lies where the box puts memory
            words += ["--ro-bind", f"{path}", f"{path}"]
    for path in writable:
        words += ["--bind", f"{path}", f"{path}"]
    for there, here in (files or {}).items():
        words += ["--ro-bind", f"{here}", there]
    return words


def inner(process: int) -> int:
    """The command inside bubblewrap, by its number outside."""
    while children := Path(f"/proc/{process}/task/{process}/children").read_text().split():
        process = int(children[0])
    return process


def make_secrets(folder: Path, name: str = "localhost") -> Path:
    """deploy/secrets.sh itself, into `folder`."""
    command = ["sh", f"{DEPLOY}/secrets.sh", name, f"{folder}"]
    subprocess.run(command, check=True, capture_output=True, timeout=LONG)
    return folder


def to_read_in_a_box(folder: Path) -> Path:
    """The files, the tester's own: inside, the service's number stands for the tester's."""
    for path in folder.iterdir():
        os.chown(path, os.getuid(), os.getgid())
    return folder


class Proxy:
    """nginx on deploy/nginx.conf, confined; of the file only the ports and the two addresses are changed."""

    def __init__(self, folder: Path, upstreams: Sequence[int], *, configuration: str = NGINX) -> None:
        self.plain, self.secure = free_port(), free_port()
        for old, new in (
            ("listen 8080 ", f"listen 127.0.0.1:{self.plain} "),
            ("listen 8443 ", f"listen 127.0.0.1:{self.secure} "),
            (ADDRESSES[0], f"127.0.0.1:{upstreams[0]}"),
            (ADDRESSES[1], f"127.0.0.1:{upstreams[1]}"),
        ):
            assert configuration.count(old) == 1, old
            configuration = configuration.replace(old, new)
        self.address = f"https://localhost:{self.secure}"
        folder.mkdir(parents=True, exist_ok=True)
        self.certificate = to_read_in_a_box(make_secrets(folder / "secrets")) / "tls.crt"
        (folder / "nginx.conf").write_text(configuration, encoding="utf-8")
        self.log, self.errors = folder / "access.log", folder / "errors.log"
        command = ["/usr/sbin/nginx", "-c", "/run/nginx.conf", "-e", "stderr", "-g", "daemon off;"]
        with self.log.open("a") as log, self.errors.open("a") as errors:
            self.process = subprocess.Popen([*nginx_box(folder), *command], stdout=log, stderr=errors)
        wait_until(lambda: self.process.poll() is not None or is_listening(self.secure), "nginx did not start")
        assert self.process.poll() is None, self.errors.read_text()

    def served_by(self) -> list[str]:
        """The ports that answered, one a request, oldest first; of several that were tried, the last."""
        lines = (line.split() for line in self.log.read_text().splitlines())
        return [line[-3].rpartition(":")[2] for line in lines if line[-3] != "-"]

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


def nginx_box(folder: Path) -> list[str]:
    secrets = folder / "secrets"
    files = {
        "/run/nginx.conf": folder / "nginx.conf",
        "/run/secrets/tls_certificate": secrets / "tls.crt",
        "/run/secrets/tls_key": secrets / "tls.key",
    }
    return confined(101, files=files)


def is_listening(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


class Upstream:
    """A small web process: it says which headers reached it, and keeps an event stream open until it is told."""

    def __init__(self) -> None:
        go_on = self.go_on = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                if not self.path.startswith("/gradio_api/"):
                    self.wfile.write("".join(f"{name}: {value}\n" for name, value in self.headers.items()).encode())
                    return
                self.wfile.write(b"data: first\n\n")
                self.wfile.flush()
                go_on.wait(timeout=LONG)
                self.wfile.write(b"data: second\n\n")

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=[0.02], daemon=True).start()

    def close(self) -> None:
        self.go_on.set()
        self.server.shutdown()
        self.server.server_close()


def environment_of(service: str, **changed: str) -> dict[str, str]:
    """What compose.yaml puts into the environment of a service, with the addresses of this test.

    Nobody logs in here: the doors have tests of their own.
    """
    given = {name: f"{value}" for name, value in COMPOSE["services"][service]["environment"].items()}
    del given["GUICHET_LOGIN"]
    given |= {"GUICHET_OPEN": "oui", "GUICHET_PROXIES": "127.0.0.1"}
    assert changed.keys() <= given.keys(), "compose.yaml sets something else"
    return given | changed


def health_command(service: str, port: int) -> list[str]:
    """The command of the service's healthcheck, for the port of this test."""
    kind, *command = COMPOSE["services"][service]["healthcheck"]["test"]
    assert kind == "CMD"
    assert command[0] == "python"
    return [sys.executable, *(re.sub(r":(7860|8000)/", f":{port}/", word) for word in command[1:])]


def is_healthy(service: str, port: int) -> bool:
    clean = {"PATH": os.environ["PATH"]}
    return subprocess.run(health_command(service, port), env=clean, capture_output=True, timeout=LONG).returncode == 0
