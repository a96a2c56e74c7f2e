"""How the server ends: what is being answered is finished first, open pages are let go, and it never takes for ever.

An open page holds a connection for as long as it is open (Gradio's heartbeat), and closing it drops what the page is
waiting for: it is closed when nothing else is being answered.
"""

import asyncio
import os
import sys
import threading

from starlette.types import ASGIApp, Message, Receive, Scope, Send

DRAIN = 7
"""Seconds in which what was begun is finished."""
LAST = 9
"""Seconds after which the process ends whatever still runs: every write is a transaction, none is left half done."""
_HEARTBEAT = "/heartbeat/"


class Draining:
    """ASGI wrapper: counts the requests under way, and ends the heartbeats once `stop` was called and none is left."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._busy = 0
        self._stopping = False
        self._idle = asyncio.Event()

    def stop(self) -> None:
        self._stopping = True
        self._look()

    def _look(self) -> None:
        if self._stopping and not self._busy:
            self._idle.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif _HEARTBEAT in scope["path"]:
            await self.app(scope, self._until_idle(receive), send)
        else:
            self._busy += 1
            try:
                await self.app(scope, receive, send)
            finally:
                self._busy -= 1
                self._look()

    def _until_idle(self, receive: Receive) -> Receive:
        async def received() -> Message:
            tasks = [asyncio.ensure_future(receive()), asyncio.ensure_future(self._idle.wait())]
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                message = tasks[0].result() if tasks[0] in done else None
            finally:
                for task in tasks:
                    task.cancel()
            return message if isinstance(message, dict) else {"type": "http.disconnect"}

        return received


def end_at_last() -> None:
    """From now, this process has `LAST` seconds: a thread that hangs (a model that never answers) is not waited for."""

    def end() -> None:
        sys.stderr.write(f"guichet : arrêt forcé, une réponse n’était pas finie après {LAST} s.\n")
        sys.stderr.flush()
        os._exit(0)

    timer = threading.Timer(LAST, end)
    timer.daemon = True
    timer.start()
