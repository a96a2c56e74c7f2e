"""A follow-up and its history -> a self-standing understanding; a question that stands alone is left alone.

Earlier turns are replayed into a `Memory` (what was last asked, which fiches answered, the last list shown); a new turn
leans on it when its words say so (pronouns, ordinals, "et ...", a bare "qui paye ?") or when it says too little to
stand. Works without a language model; nothing is kept but a bounded cache of replayed turns.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.answer import Answer
from assistant.describe import describe
from assistant.follow_up import Cues, read_cues
from assistant.names import Registry
from assistant.reading import Reading, read
from assistant.refuse import is_courtesy
from assistant.understand import understand
from assistant.understanding import ROLES, Aspect, Condition, Request, Understanding
from corpus.fiche import Document

Remember = Callable[[str, Understanding], Answer]
Rank = Callable[[str], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Memory:
    """What the next turn may lean on. `current`: the fiches of the last answer; `listed`: the last list of fiches.

    `seen`: the fiche of each topic so far, oldest first; `shown`: the lists that the last answer gave; `topic`: the
    words of the last question that had some.
    """

    request: Request | None = None
    current: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    shown: tuple[Aspect, ...] = ()
    topic: str = ""


_GAPS = (99.0, 8.0, 4.0, 2.0, 1.0, 0.0)
_LEANING = 6.0
"""How far behind the best fiche the current one may be for a turn of 0, 1, 2 ... content words to stay on it; and what
a pronoun adds. Chosen on the conversations of `train` by `python -m evals.fit --follow-ups`."""


class Conversation:
    def __init__(self, document: Document, registry: Registry, remember: Remember, rank: Rank) -> None:
        self._document = document
        self._registry = registry
        self._remember = remember
        self._rank = rank
        self._replay = lru_cache(maxsize=256)(self._replayed)

    def resolve(self, typed: str, history: Sequence[str]) -> Understanding:
        """The self-standing understanding of `typed` after `history`."""
        alone = understand(typed, self._document, self._registry)
        if not history:
            return alone
        memory = self._replay(tuple(history))
        if memory.request is None:
            return alone
        request = self._lean(typed, alone, memory)
        if request is None:
            return alone
        return Understanding(describe(request, self._document, self._registry), (request,), rewritten=True)

    def _replayed(self, history: tuple[str, ...]) -> Memory:
        before = self._replay(history[:-1]) if len(history) > 1 else Memory()
        understanding = self.resolve(history[-1], history[:-1])
        answer = self._remember(history[-1], understanding)
        request = understanding.requests[0]
        fiches = tuple(each for each in answer.fiches if self._document.fiche(each))
        if answer.status != "answered" and request.kind != "unknown":
            # A refusal or a thank-you does not end the topic; what it was refused for may still be asked about.
            return before
        actors = tuple(dict.fromkeys((*(a for c in request.conditions for a in c.actors), *request.actors)))
        listing = request.kind in ("inverse", "named", "structure", "ranking", "compare") or len(fiches) > 1
        return Memory(
            request,
            fiches or before.current,
            fiches if listing and fiches else before.listed,
            (*before.seen, *(fiches[:1] if fiches[:1] != before.seen[-1:] else ())),
            actors or before.actors,
            tuple(role for role in ROLES if role in {c.section for c in answer.citations}),
            request.topic if request.kind == "topic" else history[-1],
        )

    def _lean(self, typed: str, alone: Understanding, memory: Memory) -> Request | None:
        """The request that the turn makes with the memory's help; None when it stands alone."""
        reading = read(typed, self._document, self._registry)
        cues = read_cues(typed, reading)
        if cues.new_topic or len(alone.requests) > 1 or is_courtesy(typed, reading):
            return None
        own = alone.requests[0]
        for step in (
            self._repeat,
            self._return,
            self._ordinal,
            self._other,
            self._restrict,
            self._compare,
            self._elsewhere,
        ):
            found = step(own, reading, cues, memory)
            if found is not None:
                return found
        if own.kind not in ("topic", "named", "inverse", "neighbour") or own.fiches:
            return None
        return self._same_fiche(own, reading, cues, memory)

    def _repeat(self, own: Request, reading: Reading, cues: Cues, memory: Memory) -> Request | None:
        """ "pareil pour la 10-2", "et de la 17-1": the last question, of other fiches."""
        last = memory.request
        if not own.fiches or last is None or own.kind not in ("fiche", "check") or reading.rest or reading.roles:
            return None
        if not (cues.starts_with_and or cues.same) or reading.has("descriptif", "enjeu", "pilier", "titre"):
            return None
        aspects = _shown(memory)
        if last.kind == "check" and last.actors:
            return replace(last, fiches=own.fiches)
        return replace(own, kind="fiche", mode="list", aspects=aspects)

    def _return(self, own: Request, reading: Reading, cues: Cues, memory: Memory) -> Request | None:
        """ "reviens à la première : les opérateurs ?": an older topic."""
        if not cues.returns or not memory.seen:
            return None
        fiche = (
            memory.seen[0] if cues.ordinal in (None, 0) else memory.seen[min(cues.ordinal or 0, len(memory.seen) - 1)]
        )
        if cues.ordinal is None and reading.rest:
            ranked = [each for each in self._rank(reading.question) if each in memory.seen]
            fiche = ranked[0] if ranked else fiche
        return self._of(fiche, own, reading)

    def _ordinal(self, own: Request, reading: Reading, cues: Cues, memory: Memory) -> Request | None:
        """ "la troisième", "la dernière": over the last list."""
        if cues.ordinal is None or not memory.listed or own.fiches:
            return None
        position = cues.ordinal if cues.ordinal >= 0 else len(memory.listed) + cues.ordinal
        if not 0 <= position < len(memory.listed):
            return None
        return self._of(memory.listed[position], own, reading, memory)

    def _other(self, own: Request, reading: Reading, cues: Cues, memory: Memory) -> Request | None:
        """ "non, l'autre", "celle sur les préjugés": the other one of two, or of the same enjeu."""
        if not cues.other or own.fiches or not memory.current:
            return None
        current = memory.current[0]
        pool = [each for each in memory.listed if each != current] if len(memory.listed) == 2 else []
        if not pool:
            fiche = self._document.fiche(current)
            pool = [f.number for f in self._document.fiches if fiche and f.enjeu == fiche.enjeu and f.number != current]
        if not pool:
            return None
        ranked = [each for each in self._rank(reading.question) if each in pool] if len(pool) > 1 else pool
        return self._of(ranked[0], own, reading, memory)

    def _restrict(self, own: Request, reading: Reading, cues: Cues, memory: Memory) -> Request | None:
        """ "seulement celles de la santé", "lesquelles n'ont pas l'agglo ?": the last list, narrowed."""
        last = memory.request
        if last is None or last.kind not in ("inverse", "structure", "named") or own.fiches:
            return None
        scoped = bool(reading.references.piliers or reading.references.enjeux)
        if own.kind == "structure" and scoped and last.kind == "structure" and not cues.narrows:
            return None
        plain = [word for word in reading.rest if not word.isdigit()]
        numbered = re.search(r"\b(?:du|de l|le|la|au|l|enjeu)\s+(\d{1,2})\b", " ".join(reading.tokens))
        if last.kind == "structure" and last.enjeux and numbered and own.kind != "structure" and not plain:
            enjeu = self._document.enjeu(int(numbered[1]))
            return replace(last, enjeux=(enjeu.number,), mode="list") if enjeu else None
        if scoped and (cues.narrows or cues.starts_with_and) and not reading.roles and len(reading.rest) <= 2:
            return replace(
                last,
                piliers=reading.references.piliers,
                enjeux=reading.references.enjeux,
                mode="list",
                outside=own.outside,
            )
        if own.kind == "inverse" and not scoped and "lesquel" in " ".join(reading.tokens) and memory.listed:
            return replace(
                own,
                enjeux=last.enjeux,
                piliers=last.piliers,
                conditions=(*(last.conditions if last.kind == "inverse" else ()), *own.conditions),
            )
        if own.kind == "topic" and reading.roles and cues.narrows and last.kind == "inverse" and not reading.rest:
            return replace(
                last, conditions=tuple(Condition(c.actors, reading.roles[0], c.wanted) for c in last.conditions)
            )
        return None

    def _compare(self, own: Request, reading: Reading, _cues: Cues, memory: Memory) -> Request | None:
        """ "lesquels sont communs aux deux ?", "et les opérateurs, mêmes aussi ?"."""
        last = memory.request
        if last is None or own.fiches or len(reading.rest) > 1:
            return None
        if last.kind == "compare" and reading.roles:
            return replace(last, aspects=reading.roles)
        if reading.has("common", "difference") and len(dict.fromkeys(memory.seen)) >= 2 and not reading.actors:
            fiches = tuple(dict.fromkeys(memory.seen))[-2:]
            aspects = reading.roles or tuple(each for each in last.aspects if each in ROLES)
            mode = "common" if reading.has("common") and not reading.has("difference") else "difference"
            return Request("compare", fiches=fiches, aspects=aspects, mode=mode)
        return None

    def _elsewhere(self, own: Request, reading: Reading, cues: Cues, memory: Memory) -> Request | None:
        """ "il est opérateur dans d'autres fiches ?": the actor of the turns before, over all fiches."""
        if not (cues.elsewhere and memory.actors) or len(reading.rest) > 2 or reading.actors or own.fiches:
            return None
        role = reading.roles[0] if reading.roles else None
        return Request(
            "inverse", conditions=tuple(Condition((each,), role) for each in memory.actors[:1]), aspects=reading.roles
        )

    def _same_fiche(self, own: Request, reading: Reading, cues: Cues, memory: Memory) -> Request | None:
        """What is left: a question on the fiche that answered last, or a new topic."""
        if not memory.current:
            return None
        if own.kind == "neighbour" or (reading.has("next", "previous") and not reading.rest):
            mode = "previous" if reading.has("previous") else "next"
            return Request("neighbour", fiches=memory.current[:1], mode=mode, aspects=_roles(reading))
        if own.kind == "inverse" and reading.asks_which:
            return None
        content = len(reading.rest)
        if (reading.roles and content == 0) or (reading.actors and cues.starts_with_and and content <= 1):
            return self._of(memory.current[0], own, reading, memory)
        if own.kind == "named" and not (cues.leans or cues.starts_with_and):
            holders = {n for named in self._registry.named if named.name in own.named for n in named.fiches}
            if reading.says_fiche or memory.current[0] not in holders:
                return None
            return self._of(memory.current[0], own, reading, memory)
        scores = self._rank(reading.question)
        pool = memory.current if len(memory.current) <= 8 else memory.current[:1]
        fiche = max(pool, key=lambda each: scores[each]) if reading.rest else memory.current[0]
        gap = max(scores.values()) - scores[fiche]
        leaning = cues.leans or bool(reading.roles)
        allowed = _GAPS[min(content, len(_GAPS) - 1)] + (_LEANING if leaning else 0.0)
        return self._of(fiche, own, reading, memory) if gap <= allowed else None

    def _of(self, fiche: str, own: Request, reading: Reading, memory: Memory | None = None) -> Request:
        """The turn's own question, of this fiche."""
        roles = _positive_roles(reading)
        actors = tuple(each for each in reading.actors)
        base = Request(
            "fiche",
            fiches=(fiche,),
            aspects=roles,
            actors=actors,
            named=reading.named,
            topic=reading.question,
            yes_no=reading.yes_no,
            excluded=own.excluded,
        )
        if actors and len(reading.rest) <= 2 and not own.excluded:
            acts = re.search(
                r"\b(?:fait|font|propose\w*|apporte\w*|role|prevoit|aid\w+|sert|servent|la dedans|dans l histoire)\b",
                " ".join(reading.tokens),
            )
            if acts and not roles:
                return replace(base, kind="check", mode="does")
            last = memory.request if memory else None
            kept = roles or tuple(
                each for each in (last.aspects if last else ()) if each in ("financeurs", "operateurs")
            )
            return replace(base, kind="check", aspects=kept, yes_no=True)
        if roles and len(reading.rest) <= 2:
            return base
        if reading.rest or reading.named or reading.has("which", "count", "meaning"):
            context = memory.topic if memory else ""
            return replace(base, mode="about", topic=f"{reading.question} {context}".strip(), aspects=())
        return replace(base, aspects=_shown(memory) if memory else ())


def _roles(reading: Reading) -> tuple[Aspect, ...]:
    return tuple(role for role in ROLES if reading.has(role))


def _positive_roles(reading: Reading) -> tuple[Aspect, ...]:
    """ "non pas les opérateurs, les financeurs" asks for the financeurs."""
    negated = {
        found.concept
        for found in reading.concepts
        if found.concept in ROLES and "pas" in reading.tokens[max(0, found.start - 2) : found.start]
    }
    roles = _roles(reading)
    return tuple(role for role in roles if role not in negated) or roles


def _shown(memory: Memory) -> tuple[Aspect, ...]:
    """The lists that were last asked for, or that the last answer gave when it gave one or two whole."""
    last = memory.request
    asked = tuple(each for each in (last.aspects if last else ()) if each in ROLES)
    return asked or tuple(each for each in memory.shown if each != "dispositifs")
