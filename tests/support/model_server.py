"""A small real HTTP server that speaks the OpenAI streaming protocol and plays a model's good days and its faults.

Faults that hang do so until the client closes its connection, which sets `closed`.
"""

import json
import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support.services import LONG

ENGLISH = "The child care services are paid by the family fund, and you can ask for help at the desk of the town hall."


class ModelServer(ThreadingHTTPServer):
    """`plays`: the name of the behaviour, a method of Handler below; `says`: the text of those that write one.

    `requests`: the bodies received; `keys`: their Authorization headers.
    """

    daemon_threads = True

    def __init__(self, plays: str = "good", says: str = "") -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.plays, self.says = plays, says
        self.fails_first = 0
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.closed = threading.Event()
        self.hanging = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def play(self, plays: str, says: str = "", *, fails_first: int = 0) -> None:
        """From now, another behaviour; `fails_first`: so many 500 before it."""
        self.plays, self.says, self.fails_first = plays, says, fails_first
        self.requests.clear()
        self.closed.clear()
        self.hanging.clear()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no error here."""


@contextmanager
def model_server(plays: str = "good", says: str = "") -> Iterator[ModelServer]:
    server = ModelServer(plays, says)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def closed_url() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ModelServer

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing: what is asked is not written anywhere."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.keys.append(self.headers.get("authorization", ""))
        self.server.requests.append(json.loads(body))
        if self.server.fails_first:
            self.server.fails_first -= 1
            self._refuse(500)
        else:
            name = self.server.plays if self.path.endswith("/chat/completions") else f"ollama_{self.server.plays}"
            play: Callable[[], None] = getattr(self, f"_{name}")
            play()

    # What the parts are made of.

    def _start(self, kind: str = "text/event-stream") -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def _raw(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _event(self, delta: dict[str, Any], finish: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "essai", "choices": [choice]}
        self._raw(f"data: {json.dumps(chunk)}\n\n".encode())

    def _write(self, text: str) -> None:
        for start in range(0, len(text), 7):
            self._event({"content": text[start : start + 7]})

    def _end(self, finish: str = "stop") -> None:
        self._event({}, finish)
        self._raw(b"data: [DONE]\n\n")
        self._raw(b"")

    def _refuse(self, status: int, message: str = "non") -> None:
        body = json.dumps({"error": {"message": message, "type": "x", "code": None}}).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _hang(self) -> None:
        """Until the client closes its connection."""
        self.server.hanging.set()
        readable, _, _ = select.select([self.connection], [], [], LONG)
        if readable and not self.connection.recv(1, socket.MSG_PEEK):
            self.server.closed.set()
        self.close_connection = True

    # The behaviours.

    def _good(self) -> None:
        self._start()
        self._event({"role": "assistant", "content": ""})
        self._write(self.server.says)
        self._end()

    def _slow_start(self) -> None:
        self._start()
        self._hang()

    def _slow_headers(self) -> None:
        self._hang()

    def _slow_middle(self) -> None:
        self._start()
        self._write(self.server.says)
        self._hang()

    def _quota(self) -> None:
        self._refuse(429)

    def _broken(self) -> None:
        self._refuse(500)

    def _forbidden(self) -> None:
        """Repeats the key that it refuses, as some servers do."""
        self._refuse(401, f"Incorrect API key provided: {self.headers.get('authorization', '')}")

    def _nowhere(self) -> None:
        self._refuse(404)

    def _rubbish(self) -> None:
        self._start()
        self._raw(bytes(range(256)) * 20)
        self._raw(b"")

    def _rubbish_events(self) -> None:
        self._start()
        self._raw(b"data: \xff\xfe\x00\n\ndata: [1, 2]\n\n")
        self._raw(b"")

    def _cut_json(self) -> None:
        self._start()
        self._raw(b'data: {"id": "1", "choices": [{"index": 0, "delta": {"content": "Les \n\n')
        self._raw(b"")

    def _half(self) -> None:
        """The connection breaks in the middle of the stream."""
        self._start()
        self._write(self.server.says)
        self.close_connection = True

    def _half_quietly(self) -> None:
        """The stream ends well for HTTP, but nothing says that the answer is whole."""
        self._start()
        self._write(self.server.says)
        self._raw(b"")

    def _html(self) -> None:
        self._start("text/html")
        self._raw(b"<html><body>Portail : identifiez-vous</body></html>")
        self._raw(b"")

    def _json(self) -> None:
        self._start("application/json")
        self._raw(b'{"choices": [{"message": {"content": "Les communes."}}]}')
        self._raw(b"")

    def _empty(self) -> None:
        self._start()
        self._end()

    def _english(self) -> None:
        self.server.says = ENGLISH
        self._good()

    def _tool(self) -> None:
        self._start()
        call = {"index": 0, "id": "1", "type": "function", "function": {"name": "search", "arguments": '{"q": "x"}'}}
        self._event({"role": "assistant", "tool_calls": [call]})
        self._end("tool_calls")

    def _endless(self) -> None:
        """Never the same sentence, and never an end."""
        self._start()
        try:
            for number in range(1_000_000):
                self._write(f"La fiche dit encore la chose numéro {number} de la liste, et ce n’est pas la dernière. ")
        except OSError:
            self.server.closed.set()
            self.close_connection = True

    def _circling(self) -> None:
        self._start()
        try:
            for _ in range(1_000_000):
                self._write("Les communes de l’agglomération financent cette action, et ")
        except OSError:
            self.server.closed.set()
            self.close_connection = True

    def _too_long(self) -> None:
        self._start()
        self._write(self.server.says)
        self._end("length")

    def _thinking(self) -> None:
        self.server.says = f"<think>The person asks who pays. Let me see.</think>\n{self.server.says}"
        self._good()

    # Ollama's own protocol: a line of JSON for each piece.

    def _ollama_piece(self, text: str, **more: Any) -> None:
        message = {"role": "assistant", "content": text}
        line = {"model": "essai", "created_at": "2026-01-01T00:00:00Z", "message": message, "done": False} | more
        self._raw(f"{json.dumps(line)}\n".encode())

    def _ollama_good(self) -> None:
        self._start("application/x-ndjson")
        for start in range(0, len(self.server.says), 7):
            self._ollama_piece(self.server.says[start : start + 7])
        self._ollama_piece("", done=True, done_reason="stop")
        self._raw(b"")

    def _ollama_slow_middle(self) -> None:
        self._start("application/x-ndjson")
        self._ollama_piece(self.server.says)
        self._hang()

    def _ollama_half_quietly(self) -> None:
        self._start("application/x-ndjson")
        self._ollama_piece(self.server.says)
        self._raw(b"")

    def _ollama_nowhere(self) -> None:
        self._refuse(404)


def served_openai(url: str, **more: str) -> dict[str, str]:
    """The environment of a process whose model is on that server."""
    return {"GUICHET_LLM": "openai:essai", "GUICHET_LLM_URL": url} | more
