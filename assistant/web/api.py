"""The HTTP interface for programs: `POST /api/ask` (the contract of `guichet batch`), health, and the counters.

Errors are JSON too: {"erreur": one French line}, with 400, 403, 413, 429 or 503 and `Retry-After` where it serves.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assistant.accounts.policy import is_among
from assistant.answer import Answer
from assistant.answer_records import read_record, written
from assistant.errors import LimitError
from assistant.service.caller import caller_of
from assistant.service.health import Health, summary
from assistant.service.limits import Caller
from assistant.service.metrics import CONTENT_TYPE, Metrics
from assistant.web.middleware.proxy_headers import WAY
from corpus.errors import GuichetError

Ask = Callable[[str, Sequence[str], Caller], Awaitable[Answer]]


@dataclass(frozen=True)
class Api:
    """`readers`: the networks that may read the counters, as "10.0.0.0/8"."""

    ask: Ask
    health: Health
    metrics: Metrics
    readers: Sequence[str]

    def routes(self) -> list[Route]:
        return [
            Route("/api/ask", self.answer, methods=["POST"]),
            Route("/health/live", self.live),
            Route("/health/ready", self.ready),
            Route("/metrics", self.counters),
        ]

    async def answer(self, request: Request) -> Response:
        try:
            id, question, history = read_record((await request.body()).decode("utf-8"))
        except UnicodeDecodeError:
            return failure("Le corps de la demande n’est pas de l’UTF-8.", 400)
        except ValueError as error:
            return failure(f"La demande ne se lit pas\u202f: {error}.", 400)
        try:
            answer = await self.ask(question, history, caller_of(request))
        except GuichetError as error:
            return refused(error)
        return Response(written(answer.to_json(id)), media_type="application/json", headers=UNKEPT)

    async def live(self, _: Request) -> Response:
        return JSONResponse({"état": "vivant"}, headers=UNKEPT)

    async def ready(self, _: Request) -> Response:
        states = await asyncio.to_thread(self.health.states)
        word = summary(states)
        components = {state.name: state.problem or "bien" for state in states}
        status = 503 if word == "indisponible" else 200
        return JSONResponse({"état": word, "composants": components}, status_code=status, headers=UNKEPT)

    async def counters(self, request: Request) -> Response:
        address = request.client.host if request.client else ""
        if request.scope.get(WAY) == "stranger" or not is_among(address, self.readers):
            return failure("Les mesures ne se lisent que depuis les réseaux de GUICHET_METRICS_FROM.", 403)
        for state in await asyncio.to_thread(self.health.states):
            self.metrics.component(state.name, up=not state.problem)
        return Response(self.metrics.exposed(), media_type=CONTENT_TYPE, headers=UNKEPT)


UNKEPT = {"cache-control": "no-store"}


def failure(message: str, status: int, *, retry_after: int = 0) -> Response:
    headers = UNKEPT | ({"retry-after": str(retry_after)} if retry_after else {})
    return JSONResponse({"erreur": message}, status_code=status, headers=headers)


def refused(error: GuichetError) -> Response:
    """503 for a full house or a broken one, 429 for too fast, 413 for too long."""
    return failure(str(error), status_of(error), retry_after=getattr(error, "retry_after", 0))


def status_of(error: GuichetError) -> int:
    if not isinstance(error, LimitError):
        return 503
    return {"busy": 503, "turns": 413}.get(error.reason, 429)
