"""deploy/ as it is written: each promise of its files, and the faults that would break it."""

import copy
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from compose_spec import PyCompose

from assistant.web.middleware.draining import FORCED_EXIT_SECONDS
from tests.support.deploy import (
    ADDRESSES,
    COMPOSE,
    DEPLOY,
    NGINX,
    TMP,
    confined,
    make_secrets,
    nginx_box,
    to_read_in_a_box,
)
from tests.support.services import ROOT

BIN = Path(sys.executable).parent
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
UNIT = (DEPLOY / "guichet.service").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
Compose = dict[str, Any]


def instructions(text: str = DOCKERFILE) -> list[tuple[str, str]]:
    """(FROM, python:…), (RUN, …), comments and continued lines taken away."""
    lines = "\n".join(line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
    return [tuple(line.split(None, 1)) for line in re.sub(r"\\\n\s*", "", lines).splitlines()]  # type: ignore[misc]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    start = max(place for place, (word, _) in enumerate(found) if word == "FROM")
    return found[start:]


def hadolint(text: str) -> tuple[int, str]:
    run = subprocess.run([f"{BIN}/hadolint", "-"], input=text, capture_output=True, text=True, timeout=60)
    return run.returncode, run.stdout


def test_the_image_s_file_is_without_reproach() -> None:
    assert hadolint(DOCKERFILE) == (0, "")


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("3.11-slim-bookworm AS build", "latest AS build", "DL3007"),
        ('CMD ["serve"]', "CMD serve", "DL3025"),
        ("USER 10001:10001", "USER root", "DL3002"),
        ("pip install --constraint constraints.txt setuptools", "pip install setuptools", "DL3013"),
    ],
)
def test_a_fault_in_the_image_s_file_is_seen(old: str, new: str, rule: str) -> None:
    assert DOCKERFILE.count(old) == 1
    status, said = hadolint(DOCKERFILE.replace(old, new))
    assert (status, rule in said) == (1, True)


def test_the_image_runs_as_a_user_that_cannot_change_the_code_and_ends_as_it_should() -> None:
    stage = last_stage()
    by_word = dict(stage)
    assert by_word["USER"] == "10001:10001"
    words = [word for word, _ in stage]
    assert "RUN" not in words[words.index("USER") :]
    assert ("COPY", "--from=build /opt/guichet /opt/guichet") in stage
    assert json.loads(by_word["ENTRYPOINT"]) + json.loads(by_word["CMD"]) == ["guichet", "serve"]
    assert by_word["STOPSIGNAL"] == "SIGTERM"
    assert json.loads(by_word["VOLUME"]) == ["/var/lib/guichet"]
    assert f"VERSION={PROJECT['version']}" in by_word["ARG"]
    check = json.loads(by_word["HEALTHCHECK"].split("CMD", 1)[1])
    assert ["CMD", *check] == COMPOSE["services"]["web-1"]["healthcheck"]["test"]
    assert all(re.match(r"python:3\.11-slim-bookworm\b", rest) for word, rest in instructions() if word == "FROM")


def test_what_is_sent_to_the_build_is_what_it_copies_and_no_more() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sent = {line[1:] for line in lines if line.startswith("!")}
    copies = [rest.split()[:-1] for word, rest in instructions() if word == "COPY" and "--from" not in rest]
    assert "*" in lines
    assert sent == {name for names in copies for name in names}
    assert all((ROOT / name).exists() for name in sent)
    packages = {name.removesuffix(".*") for name in ("corpus", "index", "assistant", "evals")}
    assert packages <= sent


def faults(compose: Compose) -> list[str]:
    """What breaks a promise of compose.yaml, a line each."""
    found = []
    for name, service in compose["services"].items():
        tmpfs = " ".join(service.get("tmpfs", []))
        values = service.get("environment", {})
        promises = {
            "is read only": service.get("read_only") is True and f"{TMP}:" in tmpfs,
            "has no capability": service.get("cap_drop") == ["ALL"] and "cap_add" not in service,
            "gains no privilege": "no-new-privileges:true" in service.get("security_opt", []),
            "is not root": bool(re.fullmatch(r"[1-9]\d*:[1-9]\d*", service.get("user", ""))),
            "has bounds": {"mem_limit", "pids_limit", "cpus"} <= service.keys(),
            "is watched": bool(service.get("healthcheck", {}).get("test")),
            "waits for health": all(
                each == {"condition": "service_healthy"} for each in service.get("depends_on", {}).values()
            ),
            "is published only if it is the proxy": ("ports" in service) == (name == "proxy"),
            "has no way out but the proxy's": name == "proxy" or set(service["networks"]) == {"interne"},
            "keeps secrets out of its environment": not re.search(r"://[^/\s]*:[^/\s]*@|PASSWORD'", f"{values}"),
            "has a named version": bool(re.search(r":[^:/]*\d[^:/]*$", service["image"])),
        }
        found += [f"{name} {promise}" for promise, kept in promises.items() if not kept]
    if compose["networks"]["interne"].get("internal") is not True:
        found.append("interne leads nowhere")
    return found


def test_every_service_keeps_every_promise() -> None:
    assert faults(COMPOSE) == []


def without(service: str, key: str) -> Callable[[Compose], object]:
    return lambda compose: compose["services"][service].pop(key)


def with_value(service: str, key: str, value: object) -> Callable[[Compose], object]:
    return lambda compose: compose["services"][service].update({key: value})


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (without("web-2", "read_only"), "web-2 is read only"),
        (without("chroma", "cap_drop"), "chroma has no capability"),
        (with_value("postgres", "security_opt", []), "postgres gains no privilege"),
        (with_value("web-1", "user", "0:0"), "web-1 is not root"),
        (without("proxy", "user"), "proxy is not root"),
        (without("web-1", "mem_limit"), "web-1 has bounds"),
        (without("chroma", "healthcheck"), "chroma is watched"),
        (
            with_value("proxy", "depends_on", {"web-1": {"condition": "service_started"}}),
            "proxy waits for health",
        ),
        (with_value("postgres", "ports", ["5432:5432"]), "postgres is published only if it is the proxy"),
        (with_value("chroma", "networks", ["interne", "entree"]), "chroma has no way out but the proxy's"),
        (
            with_value("web-1", "environment", {"GUICHET_DATABASE": "postgresql://guichet:secret@postgres/guichet"}),
            "web-1 keeps secrets out of its environment",
        ),
        (
            with_value("postgres", "environment", {"POSTGRES_PASSWORD": "secret"}),
            "postgres keeps secrets out of its environment",
        ),
        (with_value("postgres", "image", "postgres:latest"), "postgres has a named version"),
        (lambda compose: compose["networks"]["interne"].pop("internal"), "interne leads nowhere"),
    ],
)
def test_a_promise_that_is_broken_is_seen(spoil: Callable[[Compose], object], fault: str) -> None:
    compose = copy.deepcopy(COMPOSE)
    spoil(compose)
    assert faults(compose) == [fault]


def test_compose_reads_it_and_a_linter_finds_nothing_but_what_is_meant() -> None:
    assert set(PyCompose.from_json(json.dumps(COMPOSE)).service_names()) == set(COMPOSE["services"])
    command = [f"{BIN}/compose-lint", "check", "--format", "json", f"{DEPLOY}/compose.yaml"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    rules = {(each["rule_id"], each["service"]) for each in json.loads(run.stdout)["findings"]}
    published = {("CL-0005", "proxy")}  # its two ports, on all interfaces: that is what it is there for
    tags = {("CL-0019", name) for name in COMPOSE["services"]}  # by tag: a digest would freeze their security fixes
    assert rules == published | tags, run.stdout


def test_a_word_that_compose_does_not_know_is_seen() -> None:
    compose = copy.deepcopy(COMPOSE)
    compose["services"]["web-1"]["readonly"] = True
    with pytest.raises(ValueError, match="readonly"):
        PyCompose.from_json(json.dumps(compose))


def test_the_files_agree_with_one_another_and_with_the_code() -> None:
    services = COMPOSE["services"]
    fixed = {name: each["networks"]["interne"]["ipv4_address"] for name, each in services.items() if "web" in name}
    assert tuple(f"{fixed[name]}:7860" for name in ("web-1", "web-2")) == ADDRESSES
    assert all(f"server {address} " in NGINX for address in ADDRESSES)
    assert {port.split(":")[1] for port in services["proxy"]["ports"]} == set(re.findall(r"listen (\d+)", NGINX))
    assert {name: services[name]["image"] for name in ("web-1", "web-2", "chroma")} == dict.fromkeys(
        ("web-1", "web-2", "chroma"), f"guichet:{PROJECT['version']}"
    )
    assert COMPOSE["volumes"]["accueil"]["name"].endswith(f"_{PROJECT['version']}")
    assert set(services["web-1"]["secrets"]) | set(services["postgres"]["secrets"]) | set(
        services["proxy"]["secrets"]
    ) == set(COMPOSE["secrets"])
    assert (
        services["web-1"]["environment"]["GUICHET_PROXIES"] == services["proxy"]["networks"]["interne"]["ipv4_address"]
    )
    assert {services[name]["environment"]["GUICHET_LOGIN"] for name in ("web-1", "web-2")} == {"oui"}
    stops = [services[name]["stop_grace_period"] for name in ("web-1", "web-2")]
    stops.append(re.findall(r"^TimeoutStopSec=(\d+)$", UNIT, re.M)[0])
    assert all(int(f"{each}".removesuffix("s")) > FORCED_EXIT_SECONDS for each in stops)


def test_the_secrets_are_made_once_and_each_is_its_service_s(tmp_path: Path) -> None:
    folder = make_secrets(tmp_path / "secrets", "guichet.example")
    names = {Path(each["file"]).name for each in COMPOSE["secrets"].values()}
    assert {path.name for path in folder.iterdir()} == names
    assert {oct(path.stat().st_mode & 0o777) for path in folder.iterdir()} == {"0o400"}
    if os.getuid() == 0:
        services = {"postgres_password": "postgres", "guichet.toml": "web-1", "tls.key": "proxy", "tls.crt": "proxy"}
        for name, service in services.items():
            assert COMPOSE["services"][service]["user"].split(":")[0] == f"{(folder / name).stat().st_uid}"
    password = (folder / "postgres_password").read_text().strip()
    assert re.fullmatch(r"[0-9a-f]{48}", password)
    toml = tomllib.loads((folder / "guichet.toml").read_text())
    assert toml == {"database": f"postgresql://guichet:{password}@postgres/guichet"}
    before = {path: path.read_bytes() for path in folder.iterdir()}
    make_secrets(folder)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert subprocess.run(["git", "check-ignore", "-q", "deploy/secrets/tls.key"], cwd=ROOT).returncode == 0


def test_the_manual_names_every_file_and_each_is_there() -> None:
    manual = (DEPLOY / "README.md").read_text(encoding="utf-8")
    names = {path.name for path in DEPLOY.iterdir() if path.is_file()} - {"README.md"}
    assert {name for name in names if name not in manual} == set()
    assert "deploy/" in (ROOT / "docs" / "exploitation.md").read_text(encoding="utf-8")
    assert "deploy/" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.services
def test_nginx_reads_its_file_as_it_stands_and_not_a_spoilt_one(tmp_path: Path) -> None:
    to_read_in_a_box(make_secrets(tmp_path / "secrets"))
    for text, status in ((NGINX, 0), (NGINX.replace("hash $guichet_route", "hash $guichet_rout"), 1)):
        (tmp_path / "nginx.conf").write_text(text, encoding="utf-8")
        command = [*nginx_box(tmp_path), "/usr/sbin/nginx", "-t", "-c", "/run/nginx.conf", "-e", "stderr"]
        run = subprocess.run(command, capture_output=True, text=True, timeout=30)
        assert run.returncode == status, run.stderr


@pytest.mark.services
def test_nginx_reads_the_file_of_one_machine_too(tmp_path: Path) -> None:
    to_read_in_a_box(make_secrets(tmp_path / "secrets"))
    command = ["sed", "--file", f"{DEPLOY}/machine.sed", f"{DEPLOY}/nginx.conf"]
    text = subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout
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
        timeout=30,
    )
    # Ports 80 and 443 are not for the user of the box; that far, all of the file was read and understood.
    assert "syntax is ok" in run.stderr, run.stderr


def analyze(folder: Path, unit: str, *words: str) -> tuple[int, str]:
    """systemd-analyze on the unit, with a program that is there: /opt/guichet is not, where the tests run."""
    folder.mkdir(exist_ok=True)
    (folder / "guichet.service").write_text(unit.replace("/opt/guichet/.venv/bin/guichet", "/bin/true"))
    command = ["systemd-analyze", *words, "--no-pager", f"{folder}/guichet.service"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=30)
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
