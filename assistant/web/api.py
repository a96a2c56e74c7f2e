"""The HTTP interface for programs: `POST /api/ask` (the records of `guichet batch`), `POST /api/query` and
`GET /api/query/schema` (what a question asks, as data), health, counters, and its own description (/api/openapi.json,
/api/docs). What it says of itself is French: /api/docs shows it.

Errors are JSON too: {"erreur": one French line}, with `Retry-After` where waiting helps.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from assistant.accounts.policy import is_among
from assistant.answer_records import AnswerRecord, Question, read_query, read_question
from assistant.service.assemble import Service
from assistant.service.health import summary
from assistant.service.limits import caller_of
from assistant.service.metrics import CONTENT_TYPE
from assistant.understanding.query import Query
from assistant.web.error_responses import NO_STORE, json_error, status_of
from assistant.web.middleware.proxy_headers import SOURCE
from assistant.web.pages.api_docs import render_api_docs
from corpus.errors import GuichetError


class ErrorRecord(BaseModel):
    """Ce qui ne va pas."""

    erreur: str = Field(description="Une ligne en français.")


class Liveness(BaseModel):
    """Le serveur vit."""

    état: str = Field(description="Toujours «\u00a0vivant\u00a0».")


class Readiness(BaseModel):
    """Ce que chaque composant sait faire en ce moment."""

    état: str = Field(description="prêt, dégradé (il répond, quelque chose manque) ou indisponible.")
    composants: dict[str, str] = Field(description="«\u00a0bien\u00a0», ou ce qui ne va pas et ce qui le répare.")


_ERRORS = {
    400: "La demande ne se lit pas.",
    401: "Il faut un compte (HTTP Basic).",
    403: "La demande vient d’un autre site.",
    413: "La demande, ou la conversation, est trop longue.",
    429: "Trop de questions en une minute\u202f; Retry-After dit dans combien de secondes revenir.",
    503: "Trop de monde (Retry-After), ou une panne.",
}


def _errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": ErrorRecord, "description": _ERRORS[status]} for status in statuses}


def api_router(service: Service, metrics_from: Sequence[str]) -> APIRouter:
    """`metrics_from`: the networks that may read the counters, as "10.0.0.0/8"."""
    router, health, metrics = APIRouter(), service.health, service.metrics
    body = {"content": {"application/json": {"schema": Question.model_json_schema()}}, "required": True}

    @router.post(
        "/api/ask",
        summary="Poser une question",
        response_model=AnswerRecord,
        response_description="La réponse.",
        responses=_errors(400, 401, 403, 413, 429, 503),
        openapi_extra={"requestBody": body},
    )
    async def ask(request: Request) -> Response:
        """Rend l’enregistrement que rend aussi la commande guichet batch."""
        try:  # read here: programs may leave out the content type, and errors are ours
            question = read_question((await request.body()).decode("utf-8"))
        except UnicodeDecodeError:
            return json_error("Le corps de la demande n’est pas de l’UTF-8.", 400)
        except ValueError as error:
            return json_error(f"La demande ne se lit pas\u202f: {error}.", 400)
        try:
            answer = await service.questions.ask(question.question, question.history, caller_of(request))
        except GuichetError as error:
            return json_error(str(error), status_of(error), error=error)
        line = AnswerRecord.of(answer, question.id).to_line()
        return Response(line, media_type="application/json", headers=NO_STORE)

    @router.post("/api/query", include_in_schema=False)
    async def query(request: Request) -> Response:
        """Ce qu’une question demande, écrit en JSON : quelles fiches, ce qui en est montré, ce qui en est compté."""
        try:
            asked = read_query((await request.body()).decode("utf-8"))
        except UnicodeDecodeError:
            return json_error("Le corps de la demande n’est pas de l’UTF-8.", 400)
        except ValueError as error:
            return json_error(f"La demande ne se lit pas\u202f: {error}.", 400)
        try:
            answer = await service.questions.execute(asked, caller_of(request))
        except GuichetError as error:
            return json_error(str(error), status_of(error), error=error)
        return Response(AnswerRecord.of(answer).to_line(), media_type="application/json", headers=NO_STORE)

    @router.get("/api/query/schema", include_in_schema=False)
    async def query_schema() -> Response:
        """Le schéma JSON d’une requête."""
        return JSONResponse(Query.model_json_schema(), headers=NO_STORE)

    @router.get(
        "/health/live", summary="Le serveur vit-il\u202f?", response_model=Liveness, response_description="Il vit."
    )
    async def live() -> Response:
        """Répond tant que le serveur vit."""
        return JSONResponse({"état": "vivant"}, headers=NO_STORE)

    @router.get(
        "/health/ready",
        summary="Peut-il répondre\u202f?",
        response_model=Readiness,
        response_description="Il répond\u202f; «\u00a0dégradé\u00a0» dit ce qui manque.",
        responses={503: {"model": Readiness, "description": "Il ne peut pas répondre."}},
    )
    async def ready() -> Response:
        """Demande à chaque composant de travailler, au plus toutes les cinq secondes."""
        states = await asyncio.to_thread(health.states)
        word = summary(states)
        components = {state.name: state.problem or "bien" for state in states}
        status = 503 if word == "indisponible" else 200
        return JSONResponse({"état": word, "composants": components}, status_code=status, headers=NO_STORE)

    @router.get(
        "/metrics",
        summary="Les compteurs",
        response_class=Response,
        responses={
            200: {"content": {"text/plain": {}}, "description": "Le texte que lit Prometheus."},
            403: {"model": ErrorRecord, "description": "La machine n’est pas d’un de ces réseaux."},
        },
    )
    async def counters(request: Request) -> Response:
        """Se lit depuis les réseaux de GUICHET_METRICS_FROM."""
        address = request.client.host if request.client else ""
        if request.scope.get(SOURCE) == "untrusted proxy" or not is_among(address, metrics_from):
            return json_error("Les mesures ne se lisent que depuis les réseaux de GUICHET_METRICS_FROM.", 403)
        for state in await asyncio.to_thread(health.states):
            metrics.set_component(state.name, up=not state.problem)
        return Response(metrics.exposition(), media_type=CONTENT_TYPE, headers=NO_STORE)

    @router.get("/api/docs", include_in_schema=False)
    async def docs(request: Request) -> Response:
        return HTMLResponse(render_api_docs(request.app.openapi(), f"{request.base_url}".rstrip("/")))

    for path, endpoint in (("/health/live", live), ("/health/ready", ready), ("/metrics", counters)):
        router.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False)  # as load balancers ask
    return router
