"""The HTTP interface for programs: the contract of `batch`, its limits, its health, its counters, its logs."""

import html
import json
import logging
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from starlette.testclient import TestClient

from assistant.answer import Answer
from assistant.answer_records import AnswerRecord
from assistant.answering.exact.execute import Executor
from assistant.answering.exact.tell import tell
from assistant.service.health import Health, summary
from assistant.service.logs import JsonLines
from assistant.settings.settings import Settings
from assistant.understanding.query import Query
from assistant.web.app import build_app
from assistant.web.middleware.body_limit import PAGE_LIMIT, PROGRAM_LIMIT
from tests.support.browser import ListingDesk, served

ROOT = Path(__file__).parent.parent.parent
PERSON = "Madame Zphyrine Mouloud-Trucmuche"


class FailingDesk(ListingDesk):
    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        if "Zphyrine" in question:
            raise KeyError(question)
        return super().answer(question, history)


class QueryDesk(ListingDesk):
    def execute(self, query: Query) -> Answer:
        executor = Executor(self.table)
        return tell(executor, executor.execute(query)).finish()


def client_of(desk: ListingDesk, home: Path, address: str = "127.0.0.1") -> TestClient:
    app = build_app(desk, Settings(home=home))
    return TestClient(app, raise_server_exceptions=False, client=(address, 50000), base_url="http://127.0.0.1")


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    return client_of(FailingDesk(), tmp_path)


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """The lines that the server would write, as text."""
    lines: list[str] = []
    formatter = JsonLines()

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(formatter.format(record))

    handler, root, ours = Keeping(), logging.getLogger(), logging.getLogger("guichet")
    level = ours.level
    root.addHandler(handler)
    ours.setLevel(logging.INFO)
    yield lines
    root.removeHandler(handler)
    ours.setLevel(level)


def test_a_question_gets_the_record_of_batch(client: TestClient) -> None:
    response = client.post("/api/ask", json={"id": "7", "question": "qui finance ?", "history": ["bonjour"]})
    record = response.json()
    assert (response.status_code, record["id"], record["status"]) == (200, "7", "answered")
    assert set(record) == set(AnswerRecord.model_fields)
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"{", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b"[]", "objet"),
        (b'{"id": 1}', "« question »"),
        (b'{"question": "a", "history": [1]}', "« history »"),
    ],
)
def test_what_is_no_question_is_told_in_one_french_line(client: TestClient, body: bytes, told: str) -> None:
    response = client.post("/api/ask", content=body)
    assert response.status_code == 400
    assert told in response.json()["erreur"]


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize(
    ("path", "limit"), [("/api/ask", PROGRAM_LIMIT), ("/gradio_api/queue/join", PAGE_LIMIT), ("/avis", PAGE_LIMIT)]
)
def test_a_body_that_is_too_long_is_refused(client: TestClient, path: str, limit: int, *, announced: bool) -> None:
    body = b" " * (limit + 1)
    response = client.post(path, content=body if announced else iter([body[: limit // 2], body[limit // 2 :]]))
    assert response.status_code == 413
    assert "trop longue" in response.json()["erreur"]


def test_the_interface_describes_itself_in_french_and_its_examples_run(tmp_path: Path) -> None:
    described = client_of(ListingDesk(), tmp_path).get("/api/openapi.json").json()
    assert set(described["paths"]) == {"/api/ask", "/health/live", "/health/ready", "/metrics"}
    fields = described["components"]["schemas"]["AnswerRecord"]["properties"]
    with served(ListingDesk(), tmp_path) as address:
        page = httpx.get(f"{address}/api/docs").text
        examples = [html.unescape(found) for found in re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", page)]
        told = [subprocess.run([*shlex.split(each), "--silent"], capture_output=True, check=True) for each in examples]
        for name in re.findall(r'(?:href|src)="([^"#]+)"', page):
            assert httpx.get(urljoin(f"{address}/api/docs", name)).status_code == 200, name
    assert [name for name in fields if f"<code>{name}</code>" not in page] == []
    assert "<code>citations[].quote</code>" in page
    assert "Qui finance" in examples[0]
    assert set(fields) == set(json.loads(told[0].stdout))
    assert json.loads(told[1].stdout) == {"état": "vivant"}
    assert "erreur" not in "".join(each.stdout.decode() for each in told)


def test_a_query_is_executed_and_its_schema_published(tmp_path: Path) -> None:
    client = client_of(QueryDesk(), tmp_path)
    told = client.post("/api/query", json={"fiches": ["2-3"], "show": ["financeurs"]}).json()
    assert "Allocations Familiales" in told["answer"]
    assert {each["fiche"] for each in told["citations"]} == {"2-3"}
    refused = client.post("/api/query", json={"fiches": ["deux"]})
    assert (refused.status_code, "voyez fiches.0" in refused.json()["erreur"]) == (400, True)
    assert set(client.get("/api/query/schema").json()["properties"]) == set(Query.model_fields)


def test_limits_have_their_status_and_say_when_to_come_back(client: TestClient) -> None:
    long = client.post("/api/ask", json={"question": "et ?", "history": ["a"] * 101})
    assert (long.status_code, "nouvelle" in long.json()["erreur"]) == (413, True)
    failed = client.post("/api/ask", json={"question": PERSON})
    assert (failed.status_code, "Réessayez" in failed.json()["erreur"]) == (503, True)


def test_another_site_may_not_ask_through_a_browser(client: TestClient) -> None:
    response = client.post("/api/ask", json={"question": "a"}, headers={"origin": "https://ailleurs.example"})
    assert response.status_code == 403


def test_the_public_face_says_politely_that_there_is_no_answer(client: TestClient) -> None:
    response = client.post("/public", data={"question": PERSON})
    assert response.status_code == 503
    assert "Réessayez" in response.text
    assert "Traceback" not in response.text


def test_logs_are_json_and_hold_counts_but_never_a_question(client: TestClient, logged: list[str]) -> None:
    client.post("/api/ask", json={"question": "la question de Zéphirin", "history": ["avant"]})
    client.post("/api/ask", json={"question": PERSON})
    client.post("/api/ask", json={"question": "x", "history": ["a"] * 101})
    client.get("/public", params={"question": "la question de Zéphirin"})
    records = [json.loads(line) for line in logged]
    answered = next(record for record in records if record["event"] == "answer")
    assert (answered["status"], answered["fiches"], answered["turns"]) == ("answered", ["2-3"], 1)
    assert {record["event"] for record in records} >= {"answer", "failure", "rejected"}
    failure = next(record for record in records if record["event"] == "failure")
    assert (failure["error"]["type"], "answer" in failure["error"]["at"][-1]) == ("KeyError", True)
    written = "\n".join(logged)
    for word in ("Zphyrine", "Mouloud", "Zéphirin", "Z\\u00e9phirin", "avant", "Traceback", "127.0.0.1"):
        assert word not in written


def test_a_library_s_line_keeps_its_place_and_not_what_it_filled_in(logged: list[str]) -> None:
    logging.getLogger("a.library").warning("Invalid request: %s", PERSON)
    try:
        raise ValueError(PERSON)
    except ValueError:
        logging.getLogger("another.library").exception("task of %s", PERSON)
    assert len(logged) == 2
    assert "Zphyrine" not in "".join(logged)
    assert json.loads(logged[1])["error"]["type"] == "ValueError"


def test_nothing_of_a_conversation_is_written_to_disk(client: TestClient, tmp_path: Path) -> None:
    client.post("/api/ask", json={"question": "secret", "history": ["secret"]})
    client.post("/public", data={"question": "secret", "avant": ["secret"]})
    client.get("/public", params={"question": "secret"})
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("module", ["assistant.service.assemble", "assistant.web.api", "assistant.web.server"])
def test_the_service_and_the_interface_need_no_gradio(module: str) -> None:
    code = f"import sys, {module}; sys.exit('gradio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_server_is_alive_and_ready(client: TestClient) -> None:
    assert (client.get("/health/live").status_code, client.get("/health/live").json()) == (200, {"état": "vivant"})
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.json()["état"]) == (200, "prêt")


def test_a_component_that_degrades_is_seen_in_readiness_on_the_page_and_in_the_counters(tmp_path: Path) -> None:
    client = client_of(ListingDesk(), tmp_path)
    (tmp_path / "avis.sqlite3").write_bytes(b"this is no database, whatever its name says" * 100)
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.json()["état"]) == (200, "dégradé")
    assert "avis" in ready.json()["composants"]["avis"]
    page = client.get("/fiabilite").text
    assert 'role="alert"' in page
    assert "dégradé" in page
    assert 'guichet_component_up{component="avis"} 0.0' in client.get("/metrics").text


def test_a_server_that_cannot_answer_is_not_ready(tmp_path: Path) -> None:
    class MuteDesk(ListingDesk):
        def answer(self, question: str, history: Sequence[str] = ()) -> Answer:  # noqa: ARG002
            raise RuntimeError("no encoder")

    client = client_of(MuteDesk(), tmp_path)
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.json()["état"]) == (503, "indisponible")
    assert client.get("/health/live").status_code == 200


def test_checks_are_asked_again_only_after_a_while() -> None:
    now, asked = [0.0], []
    health = Health(clock=lambda: now[0])
    health.add("a", lambda: asked.append(1) or "")
    for moment in (0.0, 1.0, 4.9, 5.0, 20.0):
        now[0] = moment
        assert summary(health.states()) == "prêt"
    assert len(asked) == 3


def test_counters_tell_answers_refusals_failures_and_memory(client: TestClient) -> None:
    client.post("/api/ask", json={"question": "qui ?"})
    client.post("/api/ask", json={"question": PERSON})
    client.post("/api/ask", json={"question": "x", "history": ["a"] * 101})
    text = client.get("/metrics").text
    assert 'guichet_answer_seconds_count{engine="embarqué",status="answered"} 1.0' in text
    assert 'guichet_rejected_total{reason="turns"} 1.0' in text
    assert "guichet_failures_total 1.0" in text
    assert "process_resident_memory_bytes" in text
    assert "Zphyrine" not in text


def test_counters_are_read_from_the_networks_that_may(tmp_path: Path) -> None:
    assert client_of(ListingDesk(), tmp_path, "10.2.3.4").get("/metrics").status_code == 403
    assert client_of(ListingDesk(), tmp_path, "::1").get("/metrics").status_code == 200
    open_to = Settings(home=tmp_path, metrics_from=("10.0.0.0/8",))
    for address, status in (("10.2.3.4", 200), ("127.0.0.1", 403)):
        app = TestClient(build_app(ListingDesk(), open_to), client=(address, 50000))
        assert app.get("/metrics").status_code == status
