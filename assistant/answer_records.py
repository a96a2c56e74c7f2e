"""The records of the machine interface (`guichet batch`, `guichet ask --json`, `POST /api/ask`), as pydantic models.

Titles and descriptions are French: the page /api/docs shows them. What is read may be hostile.
"""

import json
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from assistant.answer import Answer, Status
from assistant.understanding.query import Query


def _as_text(id: object) -> str:
    try:
        return str(id)
    except RecursionError as error:  # lists within lists; a number of thousands of digits is a ValueError already
        raise ValueError from error


class Question(BaseModel):
    """Une question, avec celles qui la précèdent dans la conversation."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"id": "1", "question": "Qui finance l’accueil des jeunes enfants ?", "history": []}]
        }
    )

    id: Annotated[str, BeforeValidator(_as_text)] = Field("", description="Votre repère, rendu avec la réponse.")
    question: str = Field(
        description="La question, en français\u202f; la fin n’est pas lue au-delà de 4000\u00a0caractères."
    )
    history: list[str] = Field([], description="Les questions précédentes, la plus ancienne d’abord.")


class CitationRecord(BaseModel):
    """Un passage du document, mot pour mot."""

    fiche: str = Field(description="Le numéro de la fiche, «\u00a0préambule\u00a0» ou «\u00a0enjeu\u00a01\u00a0».")
    section: str = Field(description="La partie de la fiche.")
    quote: str = Field(description="Le texte du document.")


class AnswerRecord(BaseModel):
    """Une réponse, avec les passages qui la prouvent."""

    id: str | None = Field(None, description="Le repère de la question, s’il y en avait un.")
    status: Status = Field(
        description="answered (une réponse), declined (le document ne répond pas) ou smalltalk (une politesse)."
    )
    answer: str = Field(description="Le texte, en Markdown\u202f; une fiche y est appelée ainsi\u202f: [fiche 2-3].")
    citations: list[CitationRecord] = Field(description="Les passages sur lesquels la réponse s’appuie.")
    ranking: list[str] = Field(description="Les fiches trouvées, la meilleure d’abord.")
    understood: str = Field(description="Ce que Guichet a compris\u202f; vide quand il n’y a rien à préciser.")
    queries: list[dict[str, Any]] = Field(
        description="Les requêtes lues, une par question du message (voir POST /api/query)."
    )
    see_also: list[str] = Field(description="Des fiches voisines, que la réponse n’emploie pas.")
    engine: str = Field(description="Qui a écrit la réponse\u202f: embarqué, ou généré (le modèle de langue).")
    note: str = Field(description="Une ligne à montrer sous la réponse\u202f; vide le plus souvent.")
    confidence: float = Field(description="La probabilité, entre 0 et 1, que le document réponde à la question.")
    elapsed_ms: float = Field(description="La durée de la réponse, en millisecondes.")

    @classmethod
    def of(cls, answer: Answer, id: str | None = None) -> "AnswerRecord":
        """`id`: that of the question, None when it has none (`guichet ask --json`)."""
        return cls(
            id=id,
            status=answer.status,
            answer=answer.text,
            citations=[CitationRecord(fiche=c.fiche, section=c.section, quote=c.quote) for c in answer.citations],
            ranking=list(answer.ranking),
            understood=answer.understood,
            queries=[query.model_dump(mode="json", exclude_defaults=True) for query in answer.queries],
            see_also=list(answer.see_also),
            engine=answer.engine,
            note=answer.note,
            confidence=round(answer.confidence, 4),
            elapsed_ms=round(answer.elapsed_ms, 2),
        )

    def to_line(self) -> str:
        """One line of JSON, with its accents; with \\u escapes where a lone surrogate makes UTF-8 impossible."""
        record = self.model_dump(exclude_none=True, mode="json")
        line = json.dumps(record, ensure_ascii=False)
        try:
            line.encode("utf-8")
        except UnicodeEncodeError:
            return json.dumps(record)
        return line


_WRONG = {
    "question": "« question » manque ou n’est pas un texte",
    "history": "« history » doit être une liste de textes",
    "id": "« id » doit être un texte ou un nombre",
}


def read_question(text: str) -> Question:
    """Reads a line of `batch`, or a body of `POST /api/ask`; raises ValueError, in French."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:  # RecursionError: thousands of nested brackets
        raise ValueError("ce n’est pas du JSON") from error
    if not isinstance(record, dict):
        raise ValueError("un objet JSON est attendu")
    try:
        return Question.model_validate(record)
    except ValidationError as error:
        fields = {problem["loc"][0] for problem in error.errors(include_input=False, include_context=False)}
        raise ValueError(next(line for field, line in _WRONG.items() if field in fields)) from error


def read_query(text: str) -> Query:
    """Reads the argument of `guichet query`, or a body of `POST /api/query`; raises ValueError, in French."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("ce n’est pas du JSON") from error
    try:
        return Query.model_validate(record)
    except (ValidationError, RecursionError) as error:
        places = (
            [".".join(map(str, each["loc"])) for each in error.errors()] if isinstance(error, ValidationError) else []
        )
        found = ", ".join(dict.fromkeys(place for place in places if place)) or "la requête entière"
        raise ValueError(f"ce n’est pas une requête : voyez {found}. Le langage est dans docs/requetes.md") from error
