"""What is asked of a topic: the words that are searched for, and what the query says beside them."""

from dataclasses import dataclass

from assistant.answering.topics.reading import Aspect, Reading
from assistant.understanding.query import Among, Query, Show

_ASPECTS: dict[Show, Aspect] = {
    "financeurs": "financeurs",
    "operateurs": "operateurs",
    "porteurs": "dispositifs",
    "dispositifs": "dispositifs",
    "descriptif": "descriptif",
    "titre": "titre",
    "enjeux": "enjeu",
    "piliers": "pilier",
}
_ASKED: dict[Show, str] = {
    "financeurs": "Qui finance",
    "operateurs": "Qui s’occupe de",
    "porteurs": "Qui porte les dispositifs pour",
    "dispositifs": "Quels dispositifs pour",
    "fiches": "Quelles fiches parlent de",
}
"""How a question on a topic begins, of what a follow-up keeps from the question before."""


@dataclass(frozen=True, slots=True)
class Topic:
    """`text`: what is searched for; `fiches`: those that it is asked of, () for all; `allowed`: those that may answer,
    None for all. `several`: fiches are asked for, not the best one alone; `sure`: the aspects were asked for beyond
    doubt. `excluded`: actors to leave out of a list; `claimed`: a number that is taken for granted."""

    text: str
    aspects: tuple[Aspect, ...] = ()
    fiches: tuple[str, ...] = ()
    allowed: tuple[str, ...] | None = None
    several: bool = False
    sure: bool = False
    actors: tuple[str, ...] = ()
    yes_no: bool = False
    claimed: int | None = None
    excluded: tuple[str, ...] = ()


def searched_text(query: Query, *, leans: bool) -> str:
    """The topic as a question that stands alone: of a follow-up, with what the question before asked."""
    asked = next((_ASKED[show] for show in query.show if show in _ASKED), "")
    return f"{asked} {query.topic.strip(' ?')} ?" if leans and asked and not query.fiches else query.topic


def topic_of(query: Query, reading: Reading, allowed: tuple[str, ...] | None, *, leans: bool) -> Topic:
    """`reading`: of the text that is searched for."""
    asked = tuple(dict.fromkeys(_ASPECTS[show] for show in query.show if show in _ASPECTS))
    return Topic(
        text=reading.question,
        aspects=asked or reading.aspects,
        fiches=query.fiches,
        allowed=allowed,
        several="fiches" in query.show and not query.fiches,
        sure=leans and bool(asked),
        actors=reading.actors,
        yes_no=reading.asks_whether,
        claimed=query.claimed,
        excluded=tuple(id for each in query.where if isinstance(each, Among) and not each.wanted for id in each.actors),
    )
