"""The addresses beside the conversation, as Starlette routes: browse, card, reliability, opinions, the public face.

Handlers read the request, call a pure function that renders, and answer. No state but the store of opinions.
"""

import asyncio
import json
from dataclasses import dataclass
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from assistant.service.caller import caller_of
from assistant.service.health import Health
from assistant.service.logs import log
from assistant.service.metrics import Metrics
from assistant.storage.opinions import SHOWN, OpinionStore, read_opinion
from assistant.storage.retention import MaskingStore
from assistant.web.api import Ask, status_of
from assistant.web.card.card import Card, make_card, to_markdown
from assistant.web.card.html import render_card
from assistant.web.card.word import to_docx
from assistant.web.middleware.body_limit import read_form, short_body
from assistant.web.middleware.login_gate import failed, form_field, is_from_our_form
from assistant.web.pages.browse import render_actor, render_filter, render_partners, render_table, render_tree
from assistant.web.pages.fiche import render_proof
from assistant.web.pages.follow_up import render_model
from assistant.web.pages.frame import page
from assistant.web.pages.public import KEPT, render_public
from assistant.web.pages.reliability import latest_run, render_reliability, render_states
from corpus.document import ROLES, Document
from corpus.errors import GuichetError
from corpus.partners import RoleTable
from corpus.registry import Registry

NOT_KEPT = (
    "Votre avis n’a pas pu être gardé. Réessayez plus tard, ou prévenez la personne qui administre Guichet\u202f: la "
    "page «\u00a0Fiabilité\u00a0» dit ce qui ne va pas."
)
"""Where the database is, and why it refuses, is for the operator."""
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Pages:
    """What the pages need; `ask` is used by the public face only. `model`: GUICHET_LLM, "" without."""

    document: Document
    table: RoleTable
    ask: Ask
    feedback: OpinionStore
    health: Health
    keeper: MaskingStore
    metrics: Metrics
    model: str

    @property
    def registry(self) -> Registry:
        return self.table.registry

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
            Route("/suivi", self.follow, methods=["GET", "POST"]),
        ]

    def _side(self, request: Request) -> tuple[str, str]:
        """The fiche asked for beside the page, and its HTML."""
        place = request.query_params.get("fiche", "")
        return place, render_proof(self.document, place) if place else ""

    async def tree(self, request: Request) -> Response:
        place, side = self._side(request)
        lead = "Les 43\u00a0fiches, rangées par pilier et par enjeu."
        return HTMLResponse(page("parcourir", "Parcourir", render_tree(self.document, place), lead=lead, side=side))

    async def partners(self, request: Request) -> Response:
        place, side = self._side(request)
        chosen, role = request.query_params.get("acteur", ""), request.query_params.get("role", "")
        role = role if role in ROLES else ""
        actor = next((each for each in self.registry.actors if each.id == chosen), None)
        content = render_filter(self.table, actor.id if actor else "", role, place)
        content += render_actor(self.table, actor, role, place) if actor else render_partners(self.table, place)
        lead = "Qui finance, qui agit, qui porte un dispositif, et dans quelles fiches."
        return HTMLResponse(page("partenaires", "Partenaires", content, lead=lead, side=side))

    async def whole(self, request: Request) -> Response:
        place, side = self._side(request)
        lead = "Un carré plein\u00a0: ce partenaire finance cette fiche."
        return HTMLResponse(page("tableau", "Vue d’ensemble", render_table(self.table, place), lead=lead, side=side))

    async def reliability(self, _: Request) -> Response:
        states = await asyncio.to_thread(self.health.states)
        content = render_states(states) + render_reliability(latest_run())
        return HTMLResponse(page("fiabilite", "Peut-on s’y fier\u00a0?", content))

    async def fiche(self, request: Request) -> Response:
        place = request.query_params.get("fiche", "")
        body = render_proof(self.document, place)
        return HTMLResponse(page("fiche", f"Fiche {place}"[:40], f'<div class="sheet">{body}</div>'))

    def _card(self, request: Request) -> Card | None:
        return make_card(self.document, self.registry, request.query_params.get("fiche", ""))

    async def card(self, request: Request) -> Response:
        card = self._card(request)
        if card is None:
            return HTMLResponse(page("carte", "Carte", "<p>Le document n’a pas cette fiche.</p>"), status_code=404)
        return HTMLResponse(
            page("carte", "Carte de guichet", f'<div class="sheet">{render_card(card, self.registry)}</div>')
        )

    async def card_markdown(self, request: Request) -> Response:
        card = self._card(request)
        return (
            _file(to_markdown(card).encode(), "text/markdown; charset=utf-8", f"fiche-{card.fiche}.md")
            if card
            else _missing()
        )

    async def card_word(self, request: Request) -> Response:
        card = self._card(request)
        return _file(to_docx(card), WORD, f"fiche-{card.fiche}.docx") if card else _missing()

    async def public(self, request: Request) -> Response:
        values = await read_form(request) if request.method == "POST" else {}
        question = (values.get("question") or [request.query_params.get("question", "")])[0].strip()
        earlier = values.get("avant", [])[-KEPT:]
        answer, failed, status = None, "", 200
        try:
            answer = await self.ask(question, earlier, caller_of(request)) if question else None
        except GuichetError as error:
            failed, status = str(error), status_of(error)
        html = render_public(self.document, question, answer, earlier, failed=failed)
        return HTMLResponse(html, status_code=status, headers={"cache-control": "no-store"})

    async def opinion(self, request: Request) -> Response:
        try:
            await asyncio.to_thread(self.keeper.add, read_opinion(json.loads(await short_body(request))))
        except (ValueError, RecursionError) as error:
            return JSONResponse({"erreur": f"{error}"}, status_code=400)
        except GuichetError as error:
            log("opinion_failed", error=error)
            return JSONResponse({"erreur": NOT_KEPT}, status_code=503)
        return JSONResponse({"merci": True})

    async def follow(self, request: Request) -> Response:
        """The operator's page (assistant/accounts/policy.py says who that is)."""
        if request.method == "POST":
            values = await read_form(request)
            if not is_from_our_form(values):
                return failed(request, "Ce formulaire n’est plus bon\u202f; rouvrez la page.", 403)
            await asyncio.to_thread(self.feedback.mark_as_candidate, values.get("question", [""])[0])
            return RedirectResponse("suivi", status_code=303)
        return HTMLResponse(page("suivi", "Suivi des réponses", await asyncio.to_thread(self._follow)))

    def _follow(self) -> str:
        field = form_field()
        rows = "".join(
            f"<tr><td>{each.count}</td><th scope='row'>{escape(each.question) or '(questions non conservées)'}</th>"
            f"<td>{escape(', '.join(SHOWN.get(reason, reason) for reason in each.reasons)) or '–'}</td>"
            f"<td>{'a décliné' if each.declined else 'a répondu'}</td><td>"
            + (
                "retenue"
                if each.candidate
                else f'<form method="post" action="suivi">{field}<button class="tool" name="question" '
                f'value="{escape(each.question)}">Ajouter aux essais</button></form>'
            )
            + "</td></tr>"
            for each in self.feedback.disliked()
        )
        heads = "".join(
            f'<th scope="col">{name}</th>' for name in ("Fois", "Question", "Pourquoi", "Guichet", "Évaluation")
        )
        table = f'<table class="partners"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
        shown = f'<div class="wide">{table}</div>' if rows else "<p>Personne n’a signalé de réponse insuffisante.</p>"
        return shown + (render_model(self.model, self.metrics.written(), self.metrics.fallen()) if self.model else "")


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})


def _missing() -> Response:
    return HTMLResponse(page("carte", "Carte", "<p>Le document n’a pas cette fiche.</p>"), status_code=404)
