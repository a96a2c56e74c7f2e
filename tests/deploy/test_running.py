"""deploy/ at work: nginx on its real file, confined, before two real confined `guichet serve` that share one Chroma
server and one PostgreSQL; and what a proxy alone must do, before small web processes.
"""

import json
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import expect

from assistant.chain import Guichet
from assistant.settings.settings import Settings
from assistant.storage.opinions import open_opinions
from index.storage.locations import Server
from tests.support.browser import ask, chromium, watched
from tests.support.deploy import NGINX, Proxy, Upstream, confined, environment_of, inner, is_healthy
from tests.support.services import (
    LONG,
    ROOT,
    ChromaServer,
    Page,
    Postgres,
    copy_index,
    free_port,
    home_of_its_own,
    wait_until,
)

pytestmark = pytest.mark.services
STREAM = "/gradio_api/queue/data"
QUESTION = "qui finance l’accueil des jeunes enfants ?"
QUESTIONS = (QUESTION, "j’arrive pas à payer le permis", "que prévoit la fiche 3-2 ?", "la météo de demain")


def visitor(proxy: Proxy, **options: object) -> httpx.Client:
    """A browser, as far as the proxy can tell: it keeps its cookies."""
    trusted = ssl.create_default_context(cafile=f"{proxy.certificate}")
    return httpx.Client(base_url=proxy.address, verify=trusted, timeout=LONG, **options)  # type: ignore[arg-type]


# --- The proxy alone


@dataclass
class Alone:
    proxy: Proxy
    upstreams: list[Upstream]


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Alone]:
    upstreams = [Upstream(), Upstream()]
    proxy = Proxy(tmp_path, [each.port for each in upstreams])
    yield Alone(proxy, upstreams)
    proxy.close()
    for each in upstreams:
        each.close()


def test_who_asks_is_told_by_the_proxy_and_not_by_the_visitor(alone: Alone) -> None:
    forged = {"X-Forwarded-For": "6.6.6.6", "X-Real-IP": "6.6.6.6", "X-Forwarded-Proto": "http", "Forwarded": "for=6"}
    with visitor(alone.proxy, headers=forged | {"X-Forwarded-Host": "evil.example"}) as client:
        got = dict(line.split(": ", 1) for line in client.get("/").text.splitlines())
    host = f"localhost:{alone.proxy.secure}"
    assert got["X-Forwarded-For"] == got["X-Real-IP"] == "127.0.0.1"
    assert (got["X-Forwarded-Proto"], got["X-Forwarded-Host"], got["Host"]) == ("https", host, host)
    assert "Forwarded" not in got


def test_a_visitor_stays_on_a_process_and_visitors_are_spread(alone: Alone) -> None:
    ports = []
    for _ in range(30):
        with visitor(alone.proxy) as client:
            cookie = client.get("/").headers["set-cookie"]
            assert all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=Lax"))
            assert "set-cookie" not in client.get("/").headers
            for _ in range(3):
                client.get("/")
    wait_until(lambda: len(alone.proxy.served_by()) == 150, "lines of the log are missing")
    served = alone.proxy.served_by()
    for start in range(0, 150, 5):
        assert len(set(served[start : start + 5])) == 1
        ports.append(served[start])
    assert set(ports) == {f"{each.port}" for each in alone.upstreams}


def test_an_event_goes_on_before_the_next_one_is_there(alone: Alone) -> None:
    with visitor(alone.proxy) as client, client.stream("GET", STREAM) as stream:
        events = (line for line in stream.iter_lines() if line)
        assert next(events) == "data: first"
        for each in alone.upstreams:
            each.go_on.set()
        assert next(events) == "data: second"


def test_a_body_that_is_too_long_stops_at_the_proxy(alone: Alone) -> None:
    kib = 1024
    with visitor(alone.proxy) as client:
        for path, size, status in (
            ("/api/ask", 512 * kib, 200),
            ("/api/ask", 512 * kib + 1, 413),
            ("/gradio_api/queue/join", 8192 * kib, 200),
            ("/gradio_api/queue/join", 8192 * kib + 1, 413),
            ("/avis", 8192 * kib + 1, 413),
        ):
            assert client.post(path, content=bytes(size)).status_code == status, (path, size)


def test_without_tls_there_is_only_the_way_to_it_and_the_counters_are_not_shown(alone: Alone) -> None:
    got = httpx.get(f"http://127.0.0.1:{alone.proxy.plain}/public?question=x")
    assert (got.status_code, got.headers["location"]) == (308, "https://127.0.0.1/public?question=x")
    assert httpx.get(f"http://127.0.0.1:{alone.proxy.plain}/proxy").status_code == 204
    with visitor(alone.proxy) as client:
        assert client.get("/metrics").status_code == 404
        assert client.get("/").headers["strict-transport-security"] == "max-age=31536000"


def test_no_question_is_in_the_proxy_s_logs_even_when_all_goes_wrong(alone: Alone) -> None:
    asked = "Zéphyrine Ducasse"
    with visitor(alone.proxy, headers={"Referer": f"https://localhost/?{quote(asked)}"}) as client:
        assert client.get("/public", params={"question": asked}).status_code == 200
        for each in alone.upstreams:
            each.close()
        assert client.get("/public", params={"question": asked}).status_code == 502
        wait_until(lambda: " 502 " in alone.proxy.log.read_text(), "the failure is not in the log")
    said = alone.proxy.log.read_text() + alone.proxy.errors.read_text()
    assert "/public 502" in said
    assert not any(word in said for word in ("phyrine", "Ducasse", "127.0.0.1 "))


def test_a_process_that_is_gone_is_left_out(alone: Alone) -> None:
    alone.upstreams[0].close()
    for _ in range(12):
        with visitor(alone.proxy) as client:
            assert client.get("/").status_code == 200
            assert client.post("/avis", content=b"{}").status_code == 200


# --- The whole


@dataclass
class Whole:
    proxy: Proxy
    pages: dict[str, Page]
    chroma: ChromaServer
    database: str


@pytest.fixture(scope="module")
def whole(
    guichet: Guichet, settings: Settings, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Whole]:
    """compose.yaml's services but for the engine that would run them: same files, same environment, same walls."""
    folder = tmp_path_factory.mktemp("whole")
    store = folder / "chroma"
    store.mkdir()
    chroma = ChromaServer(store, prefix=confined(10001, writable=[store]))
    copy_index(guichet, Server(chroma.url))
    database = postgres.make_database("deploy")
    (folder / "guichet.toml").write_text(f'database = "{database}"\n', encoding="utf-8")
    home = home_of_its_own(settings, folder / "home")
    box = confined(
        10001, writable=[home, postgres.folder], files={"/run/secrets/guichet_toml": folder / "guichet.toml"}
    )
    environment = environment_of("web-1", GUICHET_CHROMA_URL=chroma.url)
    pages = [Page(home, prefix=box, port=free_port(), **environment) for _ in range(2)]
    proxy = Proxy(folder / "proxy", [each.port for each in pages])
    with pages[0], pages[1]:
        yield Whole(proxy, {f"{each.port}": each for each in pages}, chroma, database)
        proxy.close()
        chroma.stop()


def configuration(client: httpx.Client) -> dict[str, Any]:
    """What the page itself is told of its parts and its address."""
    written = client.get("/").text.partition("window.gradio_config = ")[2]
    found: dict[str, Any] = json.JSONDecoder().raw_decode(written)[0]
    return found


def conversation(client: httpx.Client, *, session: str) -> tuple[int, str]:
    """A question through Gradio's queue, as the page asks it: left by one request, fetched by another."""
    numbers = {each["api_name"]: each["id"] for each in configuration(client)["dependencies"]}
    left = {"data": [QUESTION, []], "fn_index": numbers["ask"], "session_hash": session, "trigger_id": 1}
    assert client.post("/gradio_api/queue/join", json=left).status_code == 200
    lines = []
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        for line in stream.iter_lines():
            if line.startswith("data: "):
                lines.append(json.dumps(json.loads(line[6:]), ensure_ascii=False))
            if '"process_completed"' in line or '"close_stream"' in line or "unexpected_error" in line:
                break
    return stream.status_code, "\n".join(lines)


@pytest.mark.model
def test_answers_through_the_proxy_are_those_of_the_embedded_one(whole: Whole, guichet: Guichet) -> None:
    for question in QUESTIONS:
        expected = guichet.answer(question)
        for _ in range(2):
            with visitor(whole.proxy) as client:
                got = client.post("/api/ask", json={"id": "1", "question": question}).json()
            assert (got["answer"], got["status"]) == (expected.text, expected.status)
    for port, page in whole.pages.items():
        got = httpx.post(f"{page.address}/api/ask", json={"id": "1", "question": QUESTION}).json()
        assert got["answer"] == guichet.answer(QUESTION).text, port


@pytest.mark.model
def test_conversations_through_the_queue_come_back_on_both_processes(whole: Whole) -> None:
    before = len(whole.proxy.served_by())

    def one(number: int) -> bool:
        with visitor(whole.proxy) as client:
            status, said = conversation(client, session=f"visitor{number}")
            return status == 200 and "Caisse d’Allocations Familiales" in said

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(one, range(12))) == [True] * 12
    assert set(whole.proxy.served_by()[before:]) == set(whole.pages)


@pytest.mark.model
def test_the_page_knows_where_it_is_seen_from(whole: Whole) -> None:
    with visitor(whole.proxy) as client:
        assert configuration(client)["root"] == whole.proxy.address
        assert client.get("/health/ready").json()["état"] == "prêt"


@pytest.mark.model
def test_an_opinion_through_the_proxy_is_in_postgresql(whole: Whole) -> None:
    with visitor(whole.proxy, headers={"Origin": whole.proxy.address}) as client:
        assert client.post("/avis", json={"question": QUESTION, "useful": True}).is_success
        assert (
            client.post("/avis", json={"question": "x"}, headers={"Origin": "https://evil.example"}).status_code == 403
        )
    store = open_opinions(Settings(database=whole.database))
    assert [bool(row["useful"]) for row in store.rows()] == [True]


@pytest.mark.model
@pytest.mark.browser
def test_a_browser_converses_and_goes_on_when_its_process_is_killed(whole: Whole) -> None:
    with chromium() as browser, watched(browser, whole.proxy.address, ignore_https_errors=True) as page:
        protocol = page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol")
        assert protocol == "h2"
        ask(page, QUESTION)
        expect(page.locator(".turn").last).to_contain_text("Caisse d’Allocations Familiales")
        ask(page, "et qui sont les opérateurs ?")
        expect(page.locator(".turn").last).to_contain_text("2-3")
        served = whole.proxy.served_by()[-1]
        killed = whole.pages[served]
        os.kill(inner(killed.process.pid), 9)
        killed.process.wait()
        assert not is_healthy("web-1", killed.port)
        page.reload()
        expect(page.locator(".turn:not(.waiting)")).to_have_count(2)  # the browser kept them
        ask(page, "que prévoit la fiche 3-2 ?")
        expect(page.locator(".turn").last).to_contain_text("3-2")
        (other,) = set(whole.pages) - {served}
        assert whole.proxy.served_by()[-1] == other
        assert is_healthy("web-1", whole.pages[other].port)
        assert is_healthy("chroma", whole.chroma.port)


@pytest.mark.model
def test_the_command_answers_without_any_network_and_writes_in_its_folder_only(
    settings: Settings, tmp_path: Path
) -> None:
    home = home_of_its_own(settings, tmp_path / "home")
    command = [*confined(10001, writable=[home], network=False), sys.executable, "-m", "assistant.cli"]
    environment = {"PATH": os.environ["PATH"], "GUICHET_HOME": f"{home}", "PYTHONPATH": f"{ROOT}"}
    run = subprocess.run([*command, "ask", QUESTION], env=environment, capture_output=True, text=True, timeout=LONG)
    assert (run.returncode, run.stderr) == (0, "")
    assert "Caisse d’Allocations Familiales" in run.stdout


def test_the_stream_s_test_would_see_a_proxy_that_holds_events_back(tmp_path: Path) -> None:
    upstream = Upstream()
    proxy = Proxy(tmp_path, [upstream.port, upstream.port], configuration=NGINX.replace("proxy_buffering off;", ""))
    with visitor(proxy) as client, pytest.raises(httpx.ReadTimeout), client.stream("GET", STREAM, timeout=1) as stream:
        next(stream.iter_lines())
    proxy.close()
    upstream.close()
