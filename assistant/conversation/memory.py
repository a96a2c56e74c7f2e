"""What a turn may lean on: what was last asked, which fiches answered, the lists last shown."""

from dataclasses import dataclass

from assistant.answer import Answer
from assistant.understanding.request import Aspect, Request
from corpus.document import ROLES, Document

_LISTING = ("inverse", "named", "structure", "ranking", "compare")


@dataclass(frozen=True, slots=True)
class Memory:
    """`current`: the fiches of the last answer; `listed`: the last list of fiches; `seen`: the fiche of each topic so
    far, oldest first.

    `shown`: the lists that the last answer gave; `items`: the lines of the last list of one fiche, for "le deuxième";
    `topic`: the words of the last question that had some; `search`: the last request over all fiches.
    """

    request: Request | None = None
    current: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    shown: tuple[Aspect, ...] = ()
    items: tuple[str, ...] = ()
    topic: str = ""
    search: Request | None = None

    @property
    def topics(self) -> tuple[str, ...]:
        """The fiches spoken of, each once, oldest first by its last mention."""
        return tuple(reversed(dict.fromkeys(reversed(self.seen))))

    @property
    def lists(self) -> tuple[Aspect, ...]:
        """The lists that were last asked for, or that the last answer gave when it gave one or two whole."""
        asked = tuple(each for each in (self.request.aspects if self.request else ()) if each in ROLES)
        return asked or tuple(each for each in self.shown if each != "dispositifs")


def remember(before: Memory, typed: str, request: Request, answer: Answer, document: Document) -> Memory:
    """The memory after one more turn. A refusal or a thank-you does not end the topic."""
    fiches = tuple(each for each in answer.fiches if document.fiche(each))
    if answer.status != "answered" and request.kind != "unknown":
        return before if before.request or not request.fiches else Memory(request, request.fiches, seen=request.fiches)
    actors = tuple(dict.fromkeys((*(a for c in request.conditions for a in c.actors), *request.actors)))
    listing = request.kind in _LISTING or len(fiches) > 1
    return Memory(
        request,
        fiches or before.current,
        fiches if listing and fiches else before.listed,
        (*before.seen, *(fiches[:1] if fiches[:1] != before.seen[-1:] else ())),
        actors or before.actors,
        tuple(role for role in ROLES if role in {c.section for c in answer.citations}),
        _items(request, answer) or (before.items if fiches[:1] == before.current[:1] else ()),
        request.topic if request.kind == "topic" else typed,
        request if request.kind in ("inverse", "named", "structure") else before.search,
    )


def _items(request: Request, answer: Answer) -> tuple[str, ...]:
    """The lines of the one list that an answer gave; () when it quotes, or gave several."""
    sections = {citation.section for citation in answer.citations}
    quoting = request.mode == "about" or ("dispositifs" in sections and not {"dispositifs"} & set(request.aspects))
    if (
        (quoting and request.mode != "holder")
        or len(set(answer.fiches)) != 1
        or len(sections) != 1
        or not sections & set(ROLES)
    ):
        return ()
    return tuple(line for citation in answer.citations for line in citation.quote.split("\n"))
