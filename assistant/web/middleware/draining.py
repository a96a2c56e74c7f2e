"""How the server ends: requests under way are finished first, open pages are let go, and it never takes for ever.

An open page holds a connection for as long as it is open (Gradio's heartbeat), and closing it drops what the page is
waiting for: it is closed when nothing else is being answered.
"""

import asyncio
import os
import sys
import threading

from starlette.types import ASGIApp, Message, Receive, Scope, Send

DRAIN_SECONDS = 7
"""For requests under way."""
FORCED_EXIT_SECONDS = 9
"""After which the process ends whatever still runs: every write is a transaction, none is left half done."""
_HEARTBEAT = "/heartbeat/"


class Draining:
    """ASGI middleware: counts the requests under way; ends the heartbeats when `stop` was called and none is left."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._under_way = 0
        self._stopping = False
        self._idle = asyncio.Event()

    def stop(self) -> None:
        self._stopping = True
        self._notify_when_idle()

    def _notify_when_idle(self) -> None:
        if self._stopping and not self._under_way:
            self._idle.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif _HEARTBEAT in scope["path"]:
            await self.app(scope, self._until_idle(receive), send)
        else:
            self._under_way += 1
            try:
                await self.app(scope, receive, send)
            finally:
                self._under_way -= 1
                self._notify_when_idle()

    def _until_idle(self, receive: Receive) -> Receive:
        async def receive_or_disconnect() -> Message:
            tasks = [asyncio.ensure_future(receive()), asyncio.ensure_future(self._idle.wait())]
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                message = tasks[0].result() if tasks[0] in done else None
            finally:
                for task in tasks:
                    task.cancel()
            return message if isinstance(message, dict) else {"type": "http.disconnect"}

        return receive_or_disconnect


def force_exit_later() -> None:
    """Ends the process in FORCED_EXIT_SECONDS: a thread that hangs (a model that never answers) is not waited for."""

    def end() -> None:
        sys.stderr.write(f"guichet : arrêt forcé, une réponse n’était pas finie après {FORCED_EXIT_SECONDS} s.\n")
        sys.stderr.flush()
        os._exit(0)

    timer = threading.Timer(FORCED_EXIT_SECONDS, end)
    timer.daemon = True
    timer.start()
