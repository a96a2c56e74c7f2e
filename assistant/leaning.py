"""The ways in which a turn leans on the turns before: one step for each, asked in the order of `STEPS`.

A step takes a `Leaning` (the turn with what was read in it, and the memory) and gives the request that the turn makes,
or None when it does not lean in that way.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from assistant.follow_up import Cues
from assistant.language import language_of
from assistant.memory import Memory
from assistant.mentions import paragraphs_naming
from assistant.names import Registry
from assistant.reading import PLACES, Reading
from assistant.refuse import asks_for_oneself, unheld
from assistant.turn import about, turn_on
from assistant.understanding import ROLES, Aspect, Condition, Request
from corpus.errors import CorpusError
from corpus.fiche import Document
from index.tokens import words

Rank = Callable[[str], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Leaning:
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
        return turn_on(fiche, self.own, self.reading, self.cues, self.memory, plain=named_by_words)

    def best_of(self, pool: tuple[str, ...]) -> str:
        scores = self.rank(self.reading.question)
        return max(pool, key=lambda each: scores[each])


Step = Callable[[Leaning], Request | None]

_GAPS = (99.0, 9.0, 6.0, 4.0, 2.0, 1.0)
_LEANING = 4.0
_FARTHEST = 9.5
"""How far behind the best fiche the current one may be for a turn of 0, 1, 2 ... content words to stay on it; what a
pronoun adds; and beyond what a turn with content is on something new in any case."""
_TOLD_OF_TOWN = 4
"""Paragraphs that `assistant.facts` quotes of a name at most."""
_NOT_A_LIST = ("descriptif", "titre", "enjeu", "pilier")


def refused(turn: Leaning) -> Request | None:
    """ "et moi, j'y ai droit ?", "à quelle heure ?": what no fiche holds, asked of the one before."""
    if turn.own.fiches or not turn.memory.current:
        return None
    text = turn.reading.question
    if asks_for_oneself(text) or (unheld(text) and turn.cues.weight <= 3):
        return about(turn.memory.current[0], turn.reading, turn.memory)
    return None


def compared(turn: Leaning) -> Request | None:
    """ "et la 19-2, c'est les mêmes ?", "communs aux trois ?": a fiche beside the one before, or the last ones."""
    cues, memory = turn.cues, turn.memory
    last = memory.request
    aspects: tuple[Aspect, ...] = cues.roles or tuple(each for each in memory.lists if each in ROLES)
    if len(turn.own.fiches) == 1 and cues.compares and memory.current and turn.own.fiches != memory.current[:1]:
        mode = "common" if turn.reading.has("common") and not turn.reading.has("difference") else "difference"
        return Request(
            "compare",
            fiches=(memory.current[0], *turn.own.fiches),
            aspects=aspects,
            mode=mode,
            yes_no=turn.reading.yes_no and "meme" in " ".join(turn.reading.tokens),
        )
    if turn.own.fiches or last is None or len(cues.content) > 2:
        return None
    if cues.compares and cues.ordinal is not None and len(memory.listed) > 1:
        other = memory.listed[cues.ordinal] if cues.ordinal < len(memory.listed) else ""
        if other and other != memory.current[0]:
            return Request("compare", fiches=(memory.current[0], other), aspects=aspects, mode="difference")
    if last.kind == "compare" and cues.roles and cues.ordinal is None and not turn.reading.actors and len(cues.content) <= 1:
        return replace(last, aspects=cues.roles)
    if cues.compares and not turn.reading.actors and not turn.own.enjeux and (cues.several or len(cues.content) <= 1):
        fiches = memory.topics[-(cues.several or 2) :]
        if len(fiches) < 2 or (turn.reading.says_fiche and turn.reading.asks_which):
            return None
        common = turn.reading.has("common") and not turn.reading.has("difference")
        return Request("compare", fiches=fiches, aspects=aspects, mode="common" if common else "difference")
    return None


def repeated(turn: Leaning) -> Request | None:
    """ "pareil pour la 10-2", "18-1 ?", "pardon, la 2-3": the last question, of other fiches."""
    last, own = turn.memory.request, turn.own
    if not own.fiches or last is None or own.kind not in ("fiche", "check") or turn.cues.content or turn.cues.roles:
        return None
    if own.actors or own.named or turn.reading.has(*_NOT_A_LIST) or turn.reading.has("meaning"):
        return None
    if last.kind == "check" and last.actors:
        return replace(last, fiches=own.fiches)
    if last.kind == "fiche" and last.mode == "holder":
        return replace(last, fiches=own.fiches)
    return replace(own, kind="fiche", mode="list", aspects=turn.memory.lists)


def renamed(turn: Leaning) -> Request | None:
    """ "même question pour les Ateliers RH", "et gaia ?": where another name stands."""
    last, own = turn.memory.request, turn.own
    leans = turn.cues.same or turn.cues.starts_with_and
    if last is None or last.kind not in ("named", "topic") or not own.named or own.fiches or not leans:
        return None
    things = tuple(
        each.name for each in turn.registry.named if each.name in own.named and each.kind not in PLACES
    )
    if not things or turn.cues.content or turn.cues.roles:
        return None
    if last.kind == "named":
        return replace(last, named=things)
    holders = {number for each in turn.registry.named if each.name in things for number in each.fiches}
    return None if turn.memory.current[:1] and turn.memory.current[0] in holders else Request("named", named=things)


def actor_in_fiche(turn: Leaning) -> Request | None:
    """ "non, je parlais de ce que FACE fait dans la 1-1", "et ses dispositifs dans la 6-2 ?"."""
    before = [turn.registry.actor(each) for each in turn.memory.actors]
    again = [each.id for each in before if set(words(each.label)) & set(turn.cues.content)]
    actors = turn.own.actors or tuple(again)
    if len(turn.own.fiches) != 1 or turn.own.kind != "fiche" or turn.own.excluded or not actors:
        return None
    if turn.cues.roles or len(turn.cues.content) > 1:
        return None
    return Request("check", fiches=turn.own.fiches, actors=actors, mode="does", topic=turn.reading.question)


def corrected(turn: Leaning) -> Request | None:
    """ "non, je voulais dire le stage de troisième": the last question, of what the correction names."""
    if not turn.cues.corrects or turn.own.fiches or turn.own.kind != "topic":
        return None
    said = turn.cues.weight + len(turn.own.actors)
    if said < 2 or not turn.cues.weight or turn.cues.roles or turn.cues.ordinal is not None:
        return None
    scores = turn.rank(turn.cues.told)
    best = max(scores, key=lambda each: scores[each])
    if best in turn.memory.current[:1] or scores[best] - min(scores[e] for e in turn.memory.current[:1]) < 1.0:
        return None
    asked = turn.memory.request.aspects if turn.memory.request else ()
    return Request("topic", aspects=tuple(each for each in asked if each in ROLES), actors=turn.own.actors, topic=turn.cues.told)


def returned(turn: Leaning) -> Request | None:
    """ "reviens à la première : les opérateurs ?", "et mon salon, qui finance ?": an older topic."""
    cues, memory = turn.cues, turn.memory
    if turn.own.fiches or not memory.seen or (turn.own.kind == "inverse" and turn.reading.asks_which):
        return None
    if not cues.returns:
        older = tuple(each for each in memory.topics if each not in memory.current)
        if not older or not cues.content or len(cues.content) > 6 or not memory.current or cues.ordinal is not None:
            return None
        scores = turn.rank(turn.reading.question)
        fiche = max(older, key=lambda each: scores[each])
        ahead = scores[fiche] - max(scores[each] for each in memory.current[:8])
        behind = max(scores.values()) - scores[fiche]
        leans = cues.leans or cues.starts_with_and or bool(cues.roles)
        if ahead <= _LEANING or behind > (_LEANING if leans else 0.0):
            return None
        return turn.on(fiche, named_by_words=True)
    if turn.own.enjeux or turn.own.piliers or turn.reading.references.enjeux:
        return _narrowed(turn, memory.search) if memory.search else None
    if cues.ordinal is not None:
        return turn.on(memory.seen[min(cues.ordinal, len(memory.seen) - 1)], named_by_words=True)
    if not cues.content and not turn.own.named and memory.current and cues.roles and len(memory.topics) == 1:
        return turn.on(memory.current[0])
    words = cues.content or turn.own.named
    return turn.on(turn.best_of(memory.seen) if words else memory.seen[0], named_by_words=True)


def ordinal_item(turn: Leaning) -> Request | None:
    """ "le deuxième, il regroupe qui ?": over the lines of the last list of one fiche."""
    cues, memory = turn.cues, turn.memory
    if cues.ordinal is None or not cues.masculine or not memory.items or not memory.current or turn.own.fiches:
        return None
    if turn.reading.actors:
        return None
    if cues.ordinal >= len(memory.items):
        return None
    item = memory.items[cues.ordinal]
    try:
        actor = turn.registry.actor_of(item)
    except CorpusError:
        return about(memory.current[0], turn.reading, memory, context=item)
    if cues.elsewhere or cues.over_all:
        role = next((each for each in memory.shown if each in ROLES), None)
        return Request("inverse", conditions=(Condition((actor.id,), role),), aspects=(role,) if role else ())
    return Request("check", fiches=memory.current[:1], actors=(actor.id,), mode="does", topic=turn.reading.question)


def ordinal_fiche(turn: Leaning) -> Request | None:
    """ "la troisième", "la dernière": over the last list of fiches."""
    cues, memory = turn.cues, turn.memory
    if cues.ordinal is None or turn.own.fiches:
        return None
    pool = memory.listed or (memory.topics if len(memory.topics) > 1 else ())
    if turn.own.enjeux or turn.own.piliers:
        inside = [f.number for f in turn.document.fiches if f.enjeu in turn.own.enjeux or f.pilier in turn.own.piliers]
        pool = tuple(each for each in pool if each in inside)
    position = cues.ordinal if cues.ordinal >= 0 else len(pool) + cues.ordinal
    if not 0 <= position < len(pool):
        return None
    last = memory.search
    if last and last.kind == "inverse" and not cues.roles and not turn.reading.actors and memory.actors:
        asks = cues.content or cues.leans or (memory.request is not None and memory.request.mode == "does")
        if asks and len(cues.content) <= 1 and not turn.reading.has("descriptif"):
            return Request("check", fiches=(pool[position],), actors=memory.actors[:1], mode="does")
    return turn.on(pool[position])


def other(turn: Leaning) -> Request | None:
    """ "non, l'autre", "celle sur les préjugés": the other one of two, or of the same enjeu."""
    memory = turn.memory
    if not turn.cues.other or turn.own.fiches or not memory.current:
        return None
    current = memory.current[0]
    pool = [each for each in memory.listed if each != current] if len(memory.listed) == 2 else []
    if not pool:
        fiche = turn.document.fiche(current)
        pool = [f.number for f in turn.document.fiches if fiche and f.enjeu == fiche.enjeu and f.number != current]
    if not pool:
        return None
    return turn.on(turn.best_of((current, *pool) if turn.cues.content else tuple(pool)))


def counted(turn: Leaning) -> Request | None:
    """ "ça fait combien de fiches ?", "combien dans ce pilier ?": how long the last list is."""
    search = turn.memory.search
    if turn.own.fiches or turn.reading.actors or turn.cues.roles or turn.cues.content:
        return None
    if not turn.cues.how_many and not (turn.cues.this_part and turn.reading.has("count")):
        return None
    references = turn.memory.request
    if turn.cues.this_part and references is not None:
        fiche = turn.document.fiche(turn.memory.current[0]) if turn.memory.current else None
        enjeux = references.enjeux or ((fiche.enjeu,) if fiche and "enjeu" in turn.reading.tokens else ())
        piliers = (fiche.pilier,) if fiche and "pilier" in turn.reading.tokens else ()
        if enjeux or piliers:
            return Request("structure", enjeux=() if piliers else enjeux, piliers=piliers, mode="count")
    return replace(search, mode="count") if search and search.kind == "inverse" else None


def restricted(turn: Leaning) -> Request | None:
    """ "seulement celles de la santé", "hors cadre de vie", "et l'enjeu 9 ?": the last search, narrowed."""
    search, reading, cues = turn.memory.search, turn.reading, turn.cues
    if search is None or turn.own.fiches:
        return None
    scoped = bool(reading.references.piliers or reading.references.enjeux or cues.pilier)
    leans = cues.narrows or cues.starts_with_and or cues.pilier is not None
    if turn.own.kind == "structure" and search.kind == "structure" and scoped and not cues.narrows:
        return None
    plain = [word for word in cues.content if not word.isdigit()]
    bare = [int(token) for token in reading.tokens if token.isdigit() and len(token) <= 2]
    if search.kind == "structure" and search.enjeux and bare and turn.own.kind != "structure" and not plain:
        enjeu = turn.document.enjeu(bare[0])
        return replace(search, enjeux=(enjeu.number,), mode="list") if enjeu else None
    if scoped and leans and not cues.roles and not reading.actors and len(cues.content) <= 2:
        return _narrowed(turn, search)
    if turn.memory.listed and turn.own.kind == "inverse" and not scoped and "lesquel" in " ".join(reading.tokens) and turn.reading.actors:
        return replace(
            turn.own,
            enjeux=search.enjeux,
            piliers=search.piliers,
            conditions=(*(search.conditions if search.kind == "inverse" else ()), *turn.own.conditions),
        )
    if search.kind == "inverse" and cues.roles and cues.narrows and not cues.content and not reading.actors and turn.own.kind == "topic":
        wanted = not reading.has("not")
        return replace(search, conditions=tuple(Condition(c.actors, cues.roles[0], wanted) for c in search.conditions))
    return None


def _narrowed(turn: Leaning, search: Request) -> Request:
    references = turn.reading.references
    piliers = references.piliers or ((turn.cues.pilier,) if turn.cues.pilier and not references.enjeux else ())
    return replace(
        search,
        piliers=piliers,
        enjeux=references.enjeux,
        mode="list" if search.kind != "named" else search.mode,
        outside=turn.own.outside or turn.cues.outside,
    )


def over_all(turn: Leaning) -> Request | None:
    """ "il est opérateur où ?", "lesquelles ne finance-t-elle pas ?": the actor of the turns before, over all fiches."""
    cues, memory = turn.cues, turn.memory
    if not memory.actors or turn.reading.actors or turn.own.fiches or turn.own.named:
        return None
    if len(cues.content) > (1 if cues.roles or cues.elsewhere else 0):
        return None
    last = memory.request
    of_actor = last is not None and last.kind == "inverse"
    if not (cues.elsewhere or cues.over_all or (of_actor and cues.roles and (cues.leans or cues.starts_with_and))):
        return None
    if not cues.roles and not cues.elsewhere and not of_actor:
        return None
    wanted = not turn.reading.has("not") or "rien" in turn.reading.tokens
    before = last.conditions if last is not None and of_actor else ()
    roles = cues.roles or tuple(c.role for c in before[:1] if c.role and not cues.elsewhere)
    conditions = tuple(Condition((memory.actors[0],), role, wanted) for role in roles) or (
        Condition((memory.actors[0],), None, wanted),
    )
    return Request("inverse", conditions=conditions, aspects=roles, yes_no=turn.reading.yes_no and not cues.over_all)


def neighbour(turn: Leaning) -> Request | None:
    """ "et la suivante ?"; "la suivante, la 9-1" names the fiche itself."""
    if turn.own.kind == "neighbour" and turn.own.fiches and turn.memory.current != turn.own.fiches:
        aspects = tuple(each for each in turn.own.aspects if each != "titre")
        return Request("fiche", fiches=turn.own.fiches, aspects=aspects, topic=turn.reading.question)
    if turn.own.fiches or not turn.memory.current or turn.own.kind not in ("topic", "neighbour", "named", "inverse"):
        return None
    if not turn.reading.has("next", "previous") or turn.cues.content or turn.reading.actors:
        return None
    mode = "previous" if turn.reading.has("previous") else "next"
    return Request("neighbour", fiches=turn.memory.current[:1], mode=mode, aspects=turn.cues.roles)


def in_town(turn: Leaning) -> Request | None:
    """ "et à Choisy ?", "pour Vitry uniquement": what the fiche before says of a town, where it says little enough."""
    memory, own = turn.memory, turn.own
    if own.fiches or not memory.current or turn.cues.weight or turn.cues.roles or turn.reading.actors:
        return None
    places = [each for each in turn.registry.named if each.name in turn.reading.named and each.kind in PLACES]
    fiche = turn.document.fiche(memory.current[0])
    if len(places) != 1 or fiche is None or turn.reading.says_fiche:
        return None
    told = paragraphs_naming(fiche, places[0].variants)
    if not 0 < len(told) <= _TOLD_OF_TOWN:
        return None
    return Request("check", fiches=memory.current[:1], named=(places[0].name,), topic=turn.reading.question)


def same_fiche(turn: Leaning) -> Request | None:
    """What is left: a question on the fiche that answered last, or a new topic (None)."""
    own, reading, cues, memory = turn.own, turn.reading, turn.cues, turn.memory
    if own.kind not in ("topic", "named", "inverse") or own.fiches or not memory.current:
        return None
    if own.kind == "inverse" and reading.asks_which:
        return None
    leans = cues.leans or cues.starts_with_and
    if (cues.roles and not cues.weight) or (reading.actors and leans and cues.weight <= 2):
        return turn.on(memory.current[0])
    if reading.actors and cues.starts_with_and and language_of(reading.question) != "fr" and len(reading.tokens) <= 10:
        return turn.on(memory.current[0], named_by_words=True)
    if cues.roles and not reading.roles and len(reading.tokens) <= 6:
        return turn.on(memory.current[0])
    if own.kind == "named":
        holders = {n for named in turn.registry.named if named.name in own.named for n in named.fiches}
        if memory.current[0] not in holders and (reading.says_fiche or not leans):
            return None
        if memory.current[0] in holders and not reading.says_fiche:
            return turn.on(memory.current[0])
    scores = turn.rank(reading.question)
    pool = memory.current if len(memory.current) <= 8 else memory.current[:1]
    fiche = max(pool, key=lambda each: scores[each]) if cues.weight else memory.current[0]
    gap = max(scores.values()) - scores[fiche]
    leaning = cues.leans or (bool(cues.roles) and cues.weight <= 1)
    if cues.introduces and cues.weight > 1:
        return turn.on(fiche) if gap <= 0 else None
    allowed = _GAPS[min(cues.weight, len(_GAPS) - 1)] + (_LEANING if leaning else 0.0)
    if cues.weight > 1:
        allowed = min(allowed, _FARTHEST)
    return turn.on(fiche) if gap <= allowed else None


STEPS: tuple[Step, ...] = (
    refused,
    compared,
    repeated,
    actor_in_fiche,
    renamed,
    ordinal_item,
    returned,
    counted,
    ordinal_fiche,
    corrected,
    other,
    restricted,
    neighbour,
    over_all,
    in_town,
    same_fiche,
)
"""The most telling first."""
