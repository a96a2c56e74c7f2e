"""The addresses that exist, and no other: Gradio's own routes, paths that climb, policies of scripts."""

import http.client
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import gradio
import httpx
import pytest
from starlette.routing import BaseRoute, Mount, Route

from assistant.settings.settings import Settings
from assistant.web.app import build_app
from assistant.web.gradio_document import GRADIO_POLICY
from assistant.web.middleware.security_headers import POLICY
from tests.support.access import browser_of
from tests.support.browser import ListingDesk, served

REACHED = {
    "/", "/theme.css", "/favicon.ico", "/assets/{path:path}", "/static/{path:path}", "/gradio_api/queue/join",
    "/gradio_api/queue/data", "/gradio_api/heartbeat/{session_hash}", "/gradio_api/app_id", "/gradio_api/cancel",
    "/gradio_api/run/{api_name}",
}  # fmt: skip
"""Of Gradio's routes, those that may answer; a new release that adds one changes nothing."""
DANGEROUS = ("/file", "/upload", "/proxy", "/call", "/info", "/config", "/component_server", "/reset", "/stream",
             "/vibe", "/monitoring", "/dev", "/login", "/logout", "/runs", "/deep_link")  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    (home / "avis.secret").write_text("zorglub")
    with served(ListingDesk(), home) as started:
        yield started


def raw(address: str, method: str, path: str, **headers: str) -> tuple[int, str]:
    """Sends the path as it is written: no client tidies it up."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in {"content-length": "0", **headers}.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, text


def routes_of(found: list[BaseRoute], before: str = "") -> Iterator[tuple[str, str]]:
    """(method, path) of every route below, mounted ones too."""
    for route in found:
        if isinstance(route, Mount):
            yield from routes_of(list(route.routes or ()), before + route.path)
        elif isinstance(route, Route):
            yield from ((method, before + route.path) for method in sorted(route.methods or ()))
        elif hasattr(route, "routes"):
            yield from routes_of(list(route.routes), before)
        elif hasattr(route, "original_router"):  # FastAPI includes routers lazily
            yield from routes_of(list(route.original_router.routes), before)


def test_of_gradio_s_routes_only_those_of_the_page_answer(address: str, tmp_path: Path) -> None:
    app = build_app(ListingDesk(), Settings(home=tmp_path))
    (mounted,) = (route for route in app.routes if isinstance(route, Mount) and hasattr(route.app, "get_blocks"))
    found = set(routes_of(list(mounted.app.routes)))
    paths = {path for _, path in found}
    for part in DANGEROUS:
        assert any(part in path for path in paths), f"Gradio has no {part} any more: is this list still about it?"
    for method, path in sorted(found):
        if path in REACHED or path.removesuffix("/") in REACHED:
            continue
        written = re.sub(r"\{\w+(:path)?\}", "x", path)
        status, text = raw(address, method, written, origin=address)
        assert status in (404, 405), (method, path, status)
        assert gradio.__version__ not in text
    for name in ("ask", "predict/", "../info", "x"):
        assert raw(address, "POST", f"/gradio_api/run/{name}", origin=address)[0] == 404


def climbing() -> Iterator[str]:
    """Ways of writing a path that leaves its folder."""
    steps = (
        "../",
        "..%2f",
        "%2e%2e/",
        "%2e%2e%2f",
        "..%252f",
        "..\\",
        "..%5c",
        ".../",
        "....//",
        "..;/",
        "%c0%ae%c0%ae/",
    )
    starts = ("/guichet/", "/assets/", "/static/", "/static/js/", "/gradio_api/file=", "/file=", "/", "/health/")
    ends = ("etc/passwd", "web.py", "settings.py", "avis.secret", "avis.sqlite3", "proc/self/environ")
    for start, step, end in itertools.product(starts, steps, ends):
        for times in (1, 2, 8):
            yield start + step * times + end
    for start in starts:
        for end in (
            "/etc/passwd",
            "%2fetc%2fpasswd",
            "file:///etc/passwd",
            "//etc/passwd",
            "passwd%00.css",
            "CON",
            "~/",
        ):
            yield start + end


def test_no_path_leads_outside(address: str, tmp_path: Path) -> None:
    secrets = ("root:x:0", "zorglub", "def serve(", "GUICHET_HOME", "SQLite format")
    ways = list(climbing())
    assert len(ways) > 1500
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    for path in ways:
        connection.putrequest("GET", path)
        connection.endheaders()
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        assert answer.status in (400, 404), (path, answer.status)
        assert not [each for each in secrets if each in text], path
    connection.close()


def test_no_file_of_the_machine_comes_through_a_question(address: str) -> None:
    """What Gradio takes for a file in the data of an event is opened nowhere."""
    given = {
        "path": "/etc/passwd",
        "url": f"{address}/gradio_api/file=/etc/passwd",
        "meta": {"_type": "gradio.FileData"},
    }
    client = browser_of(address)
    for number in range(6):
        body = {"data": [given, [given], given], "event_data": given, "fn_index": number, "session_hash": "x"}
        for path in ("/gradio_api/run/predict", "/gradio_api/queue/join"):
            answer = client.post(path, json=body)
            assert "root:x:0" not in answer.text
    assert client.get("/gradio_api/file=/etc/passwd").status_code == 404


def test_only_the_methods_of_an_address_are_taken(address: str) -> None:
    for method, path, status in (
        ("DELETE", "/suivi", 405),
        ("PUT", "/guichet/pages.css", 405),
        ("POST", "/tableau", 405),
        ("GET", "/avis", 405),
        ("OPTIONS", "/", 405),
        ("TRACE", "/", 405),
        ("GET", "/suivi/", 404),
        ("GET", "//suivi", 404),
        ("GET", "/Suivi", 404),
        ("GET", "/suivi%20", 404),
        ("GET", "/./suivi", 404),
    ):
        assert raw(address, method, path)[0] == status, (method, path)


def test_pages_have_a_policy_without_inline_scripts_and_gradio_s_names_its_own(address: str) -> None:
    for path in ("parcourir", "tableau", "fiabilite", "suivi", "carte?fiche=2-3", "nowhere", "health/live"):
        assert httpx.get(f"{address}/{path}").headers["content-security-policy"] == POLICY, path
    for word in ("unsafe", "*", "data: ", "http"):
        assert word not in POLICY.replace("img-src 'self' data:", "img-src 'self'")
    public = httpx.get(f"{address}/public").headers["content-security-policy"]
    assert public == POLICY.replace("frame-ancestors 'self'", "frame-ancestors *")
    policy = httpx.get(address).headers["content-security-policy"]
    scripts = policy.split("script-src ")[1].split(";")[0]
    assert "unsafe-inline" not in scripts
    assert scripts.count("'sha256-") == 5
    assert re.sub(r"'sha256-[^']+' ?", "", policy) == GRADIO_POLICY.replace("{hashes}", "")
