"""A turn with what was read in it and the memory of those before: what every step of a conversation looks at.

A step (`assistant.conversation.steps_on_lists`, `assistant.conversation.steps_on_fiche`) takes a `FollowUp` and gives
the request that the turn makes, or None when the turn does not follow up in that way.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from assistant.conversation.cues import Cues
from assistant.conversation.memory import Memory
from assistant.understanding.reading import Reading
from assistant.understanding.request import Request
from corpus.document import Document
from corpus.registry import Registry

_WHAT = re.compile(r"(?<!\ben )\b(?:quoi|koi|que|comment|role)\b")
"""Words that ask what an actor does, rather than whether it is there."""

_WHO = re.compile(r"^(?:(?:et|e|non|mais|ok|alors|donc|bon|pour|avec) )*(?:\w+ )*(?<!est ce )(?:qui|ki)\b(?! est)")
"""Words that ask for partners, whatever actor stands beside them: "qui tient ça avec la mairie ?"."""

Rank = Callable[[str], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """`own`: what the turn would ask if nothing had been said before."""

    own: Request
    reading: Reading
    cues: Cues
    memory: Memory
    document: Document
    registry: Registry
    rank: Rank

    def on(self, fiche: str, *, named_by_words: bool = False) -> Request:
        """The turn's own question, of this fiche; `named_by_words`: its content words say which fiche, no more."""
        reading, cues, memory = self.reading, self.cues, self.memory
        base = Request(
            "fiche",
            fiches=(fiche,),
            aspects=cues.roles,
            actors=reading.actors,
            named=reading.named,
            topic=reading.question,
            yes_no=reading.yes_no,
            excluded=self.own.excluded,
        )
        content = 0 if named_by_words else len(cues.content)
        if reading.actors and not self.own.excluded and not reading.asks_whether and _WHO.search(reading.plain):
            return replace(base, actors=(), aspects=cues.roles or ("operateurs",), yes_no=False)
        if reading.actors and content <= 2 and not self.own.excluded:
            if cues.roles == ("dispositifs",) and reading.actors:
                return replace(base, mode="holder", yes_no=reading.asks_whether)
            does = not cues.roles and _WHAT.search(reading.plain) is not None
            return replace(base, kind="check", mode="does") if does else _on_actors(base, cues, memory)
        if cues.roles and (content <= 2 or not reading.roles):
            return base
        if "descriptif" in self.own.aspects and not cues.content and not reading.named:
            return replace(base, aspects=("descriptif",))
        if cues.content or reading.named or reading.has("which", "count", "meaning"):
            return about(fiche, reading, memory)
        return replace(base, aspects=memory.lists)

    def best_of(self, pool: tuple[str, ...]) -> str:
        scores = self.rank(self.reading.question)
        return max(pool, key=lambda each: scores[each])


Step = Callable[[FollowUp], Request | None]


def _on_actors(base: Request, cues: Cues, memory: Memory) -> Request:
    """ "et la Région ?": in the list last shown; else what it brings to the fiche, its lists and its dispositifs."""
    last = memory.request.aspects if memory.request else ()
    kept = tuple(each for each in last if each in ("financeurs", "operateurs"))
    if cues.roles or kept:
        mode = "does" if cues.roles or cues.content else "list"
        return replace(base, kind="check", aspects=cues.roles or kept, mode=mode, yes_no=True)
    return replace(base, kind="check", aspects=(), mode="does")


def about(fiche: str, reading: Reading, memory: Memory, *, context: str = "") -> Request:
    """What a fiche says of the turn's words; the topic carried along comes after the question mark."""
    asked = reading.question.rstrip(" ?")
    return Request(
        "fiche",
        fiches=(fiche,),
        named=reading.named,
        actors=reading.actors,
        mode="about",
        topic=f"{asked} ? {context or memory.topic}".strip(),
        yes_no=reading.yes_no,
    )
