"""nginx and systemd read their files in deploy/; the box that stands for a container is as closed as one."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.deploy import (
    DEPLOY,
    NGINX,
    TMP,
    confined,
    make_secrets,
    nginx_box,
    to_read_in_a_box,
)
from tests.support.services import LONG, ROOT

UNIT = (DEPLOY / "guichet.service").read_text(encoding="utf-8")


@pytest.mark.services
def test_nginx_reads_its_file_as_it_stands_and_not_a_spoilt_one(tmp_path: Path) -> None:
    to_read_in_a_box(make_secrets(tmp_path / "secrets"))
    for text, status in ((NGINX, 0), (NGINX.replace("hash $guichet_route", "hash $guichet_rout"), 1)):
        (tmp_path / "nginx.conf").write_text(text, encoding="utf-8")
        command = [*nginx_box(tmp_path), "/usr/sbin/nginx", "-t", "-c", "/run/nginx.conf", "-e", "stderr"]
        run = subprocess.run(command, capture_output=True, text=True, timeout=LONG)
        assert run.returncode == status, run.stderr


@pytest.mark.services
def test_nginx_reads_the_file_of_one_machine_too(tmp_path: Path) -> None:
    to_read_in_a_box(make_secrets(tmp_path / "secrets"))
    command = ["sed", "--file", f"{DEPLOY}/machine.sed", f"{DEPLOY}/nginx.conf"]
    text = subprocess.run(command, check=True, capture_output=True, text=True, timeout=LONG).stdout
    for gone in ("172.30", "8080", "8443", "/run/secrets", "/dev/stdout", f"{TMP}/nginx.pid"):
        assert gone not in text
    (tmp_path / "nginx.conf").write_text(
        text.replace("/var/log/nginx/", f"{TMP}/").replace("/etc/guichet", "/run/guichet")
    )
    files = {"/run/nginx.conf": tmp_path / "nginx.conf", "/run/guichet": tmp_path / "secrets"}
    run = subprocess.run(
        [*confined(101, files=files), "/usr/sbin/nginx", "-t", "-c", "/run/nginx.conf", "-e", "stderr"],
        capture_output=True,
        text=True,
        timeout=LONG,
    )
    # Ports 80 and 443 are not for the user of the box; that far, all of the file was read and understood.
    assert "syntax is ok" in run.stderr, run.stderr


def analyze(folder: Path, unit: str, *words: str) -> tuple[int, str]:
    """systemd-analyze on the unit, with a program that is there: /opt/guichet is not, where the tests run."""
    folder.mkdir(exist_ok=True)
    (folder / "guichet.service").write_text(unit.replace("/opt/guichet/.venv/bin/guichet", "/bin/true"))
    command = ["systemd-analyze", *words, "--no-pager", f"{folder}/guichet.service"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=LONG)
    return run.returncode, run.stdout + run.stderr


@pytest.mark.services
def test_systemd_reads_the_unit_and_finds_it_closed(tmp_path: Path) -> None:
    assert analyze(tmp_path, UNIT, "verify", "--man=no") == (0, "")
    status, said = analyze(tmp_path, UNIT, "security", "--offline=true", "--threshold=15")  # 1.5 of 10
    assert status == 0, said
    spoilt = UNIT.replace("NoNewPrivileges=yes", "NoNewPrivilege=yes")
    assert "NoNewPrivilege" in analyze(tmp_path, spoilt, "verify", "--man=no")[1]
    open_one = re.sub(r"^(Capability|SystemCallFilter|IPAddress|PrivateUsers).*$", "", UNIT, flags=re.M)
    assert analyze(tmp_path, open_one, "security", "--offline=true", "--threshold=15")[0] == 1


@pytest.mark.services
def test_the_box_of_these_tests_is_as_closed_as_a_container(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, socket, sys\n"
        "def can(path):\n    try: pathlib.Path(path).write_text('x'); return True\n    except OSError: return False\n"
        "caps = [line for line in open('/proc/self/status') if line.startswith('CapEff')][0].split()[1]\n"
        "print(os.getuid(), int(caps, 16), *(can(f'{each}/x') for each in sys.argv[1:]), len(os.listdir('/run')))"
    )
    command = [*confined(10001, writable=[tmp_path], network=False), sys.executable, "-c", code]
    run = subprocess.run([*command, f"{ROOT}", "/etc", TMP, f"{tmp_path}"], capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("10001 0 False False True True 0\n", "")
