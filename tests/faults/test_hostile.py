"""Hostile input through every door: no 500, no traceback, nothing executed, nothing shown as markup."""

import io
import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from assistant.chain import Guichet
from assistant.cli.questions import run_batch
from assistant.settings.settings import Settings
from assistant.storage.opinions import OpinionStore
from assistant.web.app import build_app
from tests.support.browser import ListingDesk, served
from tests.support.hostile_questions import EXECUTED, active_markup, hostile_cases
from tests.support.services import LONG

CASES = hostile_cases()
STATUSES = {"answered", "declined", "smalltalk"}


def client_of(desk: object, home: Path) -> TestClient:
    settings = Settings(home=home, address_rate=0, session_rate=0, feedback=True)
    app = build_app(desk, settings)  # type: ignore[arg-type]
    return TestClient(app, raise_server_exceptions=False, client=("127.0.0.1", 50000))


@pytest.fixture(scope="module")
def echoing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server whose desk says every question again: what is not escaped shows."""
    yield client_of(ListingDesk(), tmp_path_factory.mktemp("home"))


def written(text: str) -> bytes:
    """JSON of a text whatever it holds: lone surrogates as \\u escapes."""
    return json.dumps(text).encode()


def executed(text: str) -> list[str]:
    return [mark for mark in EXECUTED if mark in text]


def unseen(text: str) -> list[str]:
    """Characters that change how a text is shown, or cannot be shown: controls, bidi overrides, surrogates."""
    bidi = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
    return [c for c in text if c in bidi or (unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t")]


def test_there_are_at_least_five_hundred_cases_and_they_differ() -> None:
    assert len({case.text for case in CASES}) >= 500
    assert len({case.kind for case in CASES}) >= 9


def test_the_guard_sees_markup_that_is_not_ours() -> None:
    for page in ("<p onclick=x>", "<script>1</script>", "<a href=' JavaScript:x'>", "<img src=x>", "<script src=//x>"):
        assert active_markup(page), page
    assert active_markup("<p>&lt;script&gt;</p><script src='guichet/a.js'></script><a href='carte?fiche=1'>") == []


@pytest.mark.model
def test_the_http_interface_answers_every_case(guichet: Guichet, tmp_path: Path) -> None:
    client = client_of(guichet, tmp_path)
    known = {fiche.number for fiche in guichet.document.fiches}
    for number, case in enumerate(CASES):
        before = CASES[number - 1].text[: 4000 if number % 10 == 1 else 100]  # what is long takes long, ten times over
        history = [before] if number % 3 else []
        body = b'{"id": %s, "question": %s, "history": %s}' % (
            written(case.text[:50]),
            written(case.text),
            json.dumps(history).encode(),
        )
        response = client.post("/api/ask", content=body)
        assert response.status_code == 200, (case, response.text[:300])
        record = response.json()
        shown = f"{record['answer']} {record['understood']}"
        assert record["status"] in STATUSES
        assert executed(shown) == [], case
        assert unseen(shown) == [], (case, shown)
        assert {c["fiche"] for c in record["citations"] if c["fiche"][0].isdigit()} <= known, case


@pytest.mark.model
def test_batch_answers_every_case_under_its_id(guichet: Guichet) -> None:
    lines = [
        json.dumps({"id": f"{n}", "question": case.text, "history": [case.text[:100]] * (n % 2)})
        for n, case in enumerate(CASES)
    ]
    out, errors = io.StringIO(), io.StringIO()
    assert run_batch(guichet, io.StringIO("\n".join(lines)), out, errors) == 0
    records = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [record["id"] for record in records] == [f"{n}" for n in range(len(CASES))]
    assert errors.getvalue() == ""
    assert [executed(record["answer"]) for record in records if executed(record["answer"])] == []
    out.getvalue().encode("utf-8")


@pytest.mark.model
def test_batch_tells_lines_that_are_no_records_and_goes_on(guichet: Guichet) -> None:
    deep = "[" * 5000 + "]" * 5000
    lines = [
        *("[" * 200_000, '{"question": ' * 50_000, '{"id": ' + "9" * 6000 + ', "question": "a"}', "\x00", "\ufeff{}"),
        *("NaN", f'{{"question": "a", "history": {deep}}}', '{"question": {"a": 1}}', "<xml/>"),
    ]
    out, errors = io.StringIO(), io.StringIO()
    assert run_batch(guichet, io.StringIO("\n".join([*lines, '{"id": "z", "question": "bonjour"}'])), out, errors) == 1
    assert [line.split(" : ")[0] for line in errors.getvalue().splitlines()] == [
        f"ligne {n + 1}" for n in range(len(lines))
    ]
    assert [json.loads(line)["id"] for line in out.getvalue().splitlines()] == ["z"]


def test_the_public_page_shows_every_case_as_text(echoing: TestClient) -> None:
    for number, case in enumerate(CASES):
        text = case.text.encode("utf-8", "replace").decode()
        values = {"question": text, "avant": [CASES[number - 1].text.encode("utf-8", "replace").decode()]}
        response = echoing.post("/public", data=values)
        assert response.status_code == 200, case
        assert active_markup(response.text) == [], case
        assert executed(response.text.replace(text, "")) == [], case


def test_addresses_made_of_cases_are_pages_without_markup(echoing: TestClient) -> None:
    paths = ("/parcourir", "/partenaires", "/tableau", "/fiche", "/carte", "/carte.md", "/carte.docx")
    for number, case in enumerate(CASES[::3]):  # all of them are asked above; the pages are larger, and escape alike
        text = case.text[:1000].encode("utf-8", "replace").decode()
        path = paths[number % len(paths)]
        response = echoing.get(path, params={"fiche": text, "acteur": text, "role": text})
        assert response.status_code in (200, 404), (path, case)
        assert active_markup(response.text) == [], (path, case)


def test_opinions_are_kept_as_text_and_the_operator_sees_no_markup(tmp_path: Path) -> None:
    client = client_of(ListingDesk(), tmp_path)
    for case in CASES[::3]:
        body = b'{"question": %s, "useful": false, "text": %s, "fiches": [%s]}' % ((written(case.text),) * 3)
        response = client.post("/avis", content=body)
        assert response.status_code in (200, 400), (case, response.text)
    for body in (b"[" * 60_000, b'{"question": ' * 4000, b"\xff", b"{}", b"null"):
        assert client.post("/avis", content=body).status_code == 400
    page = client_of(ListingDesk(), tmp_path).get("http://127.0.0.1/suivi")
    assert page.status_code == 200
    assert active_markup(page.text) == []
    assert len(list(OpinionStore(tmp_path / "avis.sqlite3").rows())) > 100


@pytest.mark.parametrize("name", [case.text[:200] for case in CASES if case.kind in ("path", "command", "template")])
def test_no_file_of_the_machine_is_reached(echoing: TestClient, name: str) -> None:
    for start in ("/guichet/", "/file=", "/gradio_api/file=", "/gradio_api/"):
        address = f"{start}{name}".replace("\x00", "%00").replace("\n", "%0A").replace("?", "%3F").replace("#", "%23")
        response = echoing.get(address)
        assert response.status_code in (400, 403, 404, 405), address
        assert executed(response.text) == []


class Page:
    """Sends the events of the page as its script does, over the same addresses."""

    def __init__(self, address: str) -> None:
        self.client = httpx.Client(base_url=address, timeout=LONG)
        written = self.client.get("/").text.partition("window.gradio_config = ")[2]
        found = json.JSONDecoder().raw_decode(written)[0]["dependencies"]
        self.numbers = {each["api_name"]: each["id"] for each in found}
        self.sent = 0

    def send(self, name: str, data: bytes, event: bytes = b"null") -> tuple[int, str]:
        """(status, everything that came back) of one event; `data` and `event` are JSON."""
        self.sent += 1
        session = f"session-{self.sent}"
        body = b'{"data": %s, "event_data": %s, "fn_index": %d, "session_hash": "%s", "trigger_id": 1}' % (
            data, event, self.numbers[name], session.encode())  # fmt: skip
        joined = self.client.post("/gradio_api/queue/join", content=body, headers={"content-type": "application/json"})
        if joined.status_code != 200:
            return joined.status_code, joined.text
        lines = []
        with self.client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
            for line in stream.iter_lines():
                lines.append(line)
                if '"process_completed"' in line or '"close_stream"' in line:
                    break
        return 200, "\n".join(lines)


def shown_html(messages: str) -> str:
    """All HTML that the page would show after those messages."""
    texts: list[str] = []

    def gather(value: object) -> None:
        if isinstance(value, dict):
            for key, each in value.items():
                if key == "html" and isinstance(each, str):
                    texts.append(each)
                else:
                    gather(each)
        elif isinstance(value, list):
            for each in value:
                gather(each)
        elif isinstance(value, str) and value.lstrip().startswith(("<article", "<div", "<section", "<p")):
            texts.append(value)

    for line in messages.splitlines():
        if line.startswith("data: "):
            gather(json.loads(line[6:]))
    return "\n".join(texts)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """The page of a real server."""
    with served(ListingDesk()) as address:
        yield Page(address)


def test_the_page_s_events_show_every_kind_of_case_as_text(page: Page, capfd: pytest.CaptureFixture[str]) -> None:
    chosen = [case for number, case in enumerate(CASES) if number % 5 == 0 and len(case.text) < 5000]
    for number, case in enumerate(chosen):
        text = written(case.text)
        turn = (
            b'{"question": %s, "html": %s, "answer": {"answer": %s, "status": %s, "understood": %s}, '
            b'"citations": [{"fiche": %s, "section": %s, "quote": %s, "lines": [1, "x", null]}, 7, null]}'
        ) % ((text,) * 8)
        name, data, event = (
            ("ask", b"[%s, [%s]]" % (text, turn), b"null"),
            ("ask_chosen", b"[[%s]]" % turn, b'{"question": %s, "at": %s}' % (text, text)),
            ("open", b"[[%s]]" % turn, b'{"place": %s, "turn": 0}' % text),
            ("card", b"[]", b'{"place": %s}' % text),
            ("restore", b"[]", b'{"turns": [%s, %s]}' % (turn, text)),
        )[number % 5]
        status, messages = page.send(name, data, event)
        assert status in (200, 400, 422), (name, case, messages)
        assert '"success":false' not in messages.replace(" ", ""), (name, case, messages)
        html = shown_html(messages)
        assert active_markup(html) == [], (name, case, html)
    written_out = capfd.readouterr()
    assert "Traceback" not in written_out.out + written_out.err


@pytest.mark.parametrize("name", ["ask", "ask_chosen", "open", "card", "restore"])
@pytest.mark.parametrize(
    "value", [b"null", b"7", b'"x"', b"{}", b"[[]]", b'[{"question": 3}]', b'[{"question": "a", "citations": 3}]',
              b'[{"question": "a", "answer": {"answer": "b", "choices": [[1, {}]], "ranking": 7}, "citations": [[]]}]',
              b"[" * 400 + b"]" * 400]
)  # fmt: skip
def test_the_page_s_events_take_what_is_no_conversation(
    page: Page, capfd: pytest.CaptureFixture[str], name: str, value: bytes
) -> None:
    data = {"ask": b'["qui ?", %s]' % value, "card": b"[]", "restore": b"[]"}.get(name, b"[%s]" % value)
    status, messages = page.send(name, data, b'{"turns": %s, "place": %s, "at": %s}' % ((value,) * 3))
    assert status in (200, 400, 413, 422), messages
    written_out = capfd.readouterr()
    assert "Traceback" not in written_out.out + written_out.err + messages
