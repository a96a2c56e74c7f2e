"""The addresses beside the conversation, as Starlette routes.

A handler reads the request, calls a function that renders, and answers. No state but the store of opinions.
"""

import asyncio
import json
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from assistant.service.assemble import Service
from assistant.service.limits import caller_of
from assistant.service.logs import log
from assistant.storage.opinions import read_opinion
from assistant.storage.retention import MaskingStore
from assistant.web.card.card import Card, make_card, to_markdown
from assistant.web.card.html import render_card
from assistant.web.card.word import to_docx
from assistant.web.error_responses import error_response, status_of
from assistant.web.forms import current_form_token, is_from_our_form, read_body, read_form
from assistant.web.pages.browse import render_partners, render_table, render_tree
from assistant.web.pages.fiche import render_proof
from assistant.web.pages.follow_up import render_follow_up
from assistant.web.pages.frame import render_message, render_page
from assistant.web.pages.public import MOST_EARLIER, render_public
from assistant.web.pages.reliability import read_published, render_reliability
from corpus.document import Document
from corpus.errors import GuichetError
from corpus.partners import RoleTable

NOT_STORED = (
    "Votre avis n’a pas pu être gardé. Réessayez plus tard, ou prévenez la personne qui administre Guichet\u202f: la "
    "page «\u00a0Fiabilité\u00a0» dit ce qui ne va pas."
)
"""Says nothing of where the database is and what is wrong with it: that is for the operator."""
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Pages:
    """The handlers, around one service. `model`: GUICHET_LLM, "" without."""

    service: Service
    masking_store: MaskingStore
    model: str

    @property
    def document(self) -> Document:
        return self.service.questions.document

    @property
    def table(self) -> RoleTable:
        return self.service.questions.table

    def routes(self) -> list[Route]:
        return [
            Route("/parcourir", self.tree),
            Route("/partenaires", self.partners),
            Route("/tableau", self.whole),
            Route("/fiabilite", self.reliability),
            Route("/fiche", self.fiche),
            Route("/carte", self.card),
            Route("/carte.md", self.card_markdown),
            Route("/carte.docx", self.card_word),
            Route("/public", self.public, methods=["GET", "POST"]),
            Route("/avis", self.opinion, methods=["POST"]),
            Route("/suivi", self.follow_up, methods=["GET", "POST"]),
        ]

    async def tree(self, request: Request) -> Response:
        return HTMLResponse(render_tree(self.document, _place(request)))

    async def partners(self, request: Request) -> Response:
        values = request.query_params
        return HTMLResponse(
            render_partners(self.table, values.get("acteur", ""), values.get("role", ""), _place(request))
        )

    async def whole(self, request: Request) -> Response:
        return HTMLResponse(render_table(self.table, _place(request)))

    async def reliability(self, _: Request) -> Response:
        states = await asyncio.to_thread(self.service.health.states)
        return HTMLResponse(render_reliability(read_published(), states, self.document))

    async def fiche(self, request: Request) -> Response:
        place = _place(request)
        proof = render_proof(self.document, place)
        return HTMLResponse(render_page("sheet.html", address="fiche", title=f"Fiche {place}"[:40], content=proof))

    async def card(self, request: Request) -> Response:
        card = self._card(request)
        if card is None:
            return _no_card()
        shown = render_card(card, self.table.registry)
        return HTMLResponse(render_page("sheet.html", address="carte", title="Carte de guichet", content=shown))

    async def card_markdown(self, request: Request) -> Response:
        card = self._card(request)
        if card is None:
            return _no_card()
        return _file(to_markdown(card).encode(), "text/markdown; charset=utf-8", f"fiche-{card.fiche}.md")

    async def card_word(self, request: Request) -> Response:
        card = self._card(request)
        return _file(to_docx(card), WORD, f"fiche-{card.fiche}.docx") if card else _no_card()

    def _card(self, request: Request) -> Card | None:
        return make_card(self.document, self.table.registry, _place(request))

    async def public(self, request: Request) -> Response:
        form = await read_form(request) if request.method == "POST" else request.query_params
        question = form.get("question", "").strip()
        earlier = form.getlist("avant")[-MOST_EARLIER:]
        answer, failure, status = None, "", 200
        try:
            if question:  # without the chat model: a kiosk does not wait for it
                answer = await self.service.questions.ask(question, earlier, caller_of(request), embedded=True)
        except GuichetError as error:
            failure, status = str(error), status_of(error)
        html = render_public(self.document, question, answer, earlier, failure=failure)
        return HTMLResponse(html, status_code=status, headers={"cache-control": "no-store"})

    async def opinion(self, request: Request) -> Response:
        try:
            await asyncio.to_thread(self.masking_store.add, read_opinion(json.loads(await read_body(request))))
        except (ValueError, RecursionError) as error:
            return JSONResponse({"erreur": f"{error}"}, status_code=400)
        except GuichetError as error:
            log("opinion_failed", error=error)
            return JSONResponse({"erreur": NOT_STORED}, status_code=503)
        return JSONResponse({"merci": True})

    async def follow_up(self, request: Request) -> Response:
        """For operators only: assistant/accounts/policy.py says who that is."""
        if request.method == "POST":
            form = await read_form(request)
            if not is_from_our_form(form):
                return error_response(request, "Ce formulaire n’est plus bon\u202f; rouvrez la page.", 403)
            await asyncio.to_thread(self.masking_store.store.mark_as_candidate, form.get("question", ""))
            return RedirectResponse("suivi", status_code=303)
        html = render_follow_up(
            await asyncio.to_thread(self.masking_store.store.disliked),
            token=current_form_token(),
            model=self.model,
            written=self.service.metrics.generated(),
            failures=self.service.metrics.fallbacks(),
        )
        return HTMLResponse(html)


def _place(request: Request) -> str:
    return request.query_params.get("fiche", "")


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})


def _no_card() -> Response:
    return HTMLResponse(render_message("Carte", "Le document n’a pas cette fiche.", address="carte"), status_code=404)
