"""Steps on one fiche: the same question of another, a correction, an older topic, a town, what no fiche holds."""

from dataclasses import replace

from assistant.answering.decline import asks_for_oneself, unheld
from assistant.conversation.context import FollowUp, about
from assistant.conversation.steps_on_lists import narrowed
from assistant.text.languages import language_of
from assistant.understanding.reading import PLACES
from assistant.understanding.request import Request
from corpus.document import ROLES
from corpus.mentions import paragraphs_naming
from corpus.text import words

_GAPS = (99.0, 9.0, 6.0, 4.0, 2.0, 1.0)
_LEANING = 4.0
_FARTHEST = 9.5
"""How far behind the best fiche the current one may be for a turn of 0, 1, 2 ... content words to stay on it; what a
pronoun adds; and beyond what a turn with content is on something new in any case."""
_TOLD_OF_TOWN = 4
"""Paragraphs that `assistant.answering.exact.facts` quotes of a name at most."""
_NOT_A_LIST = ("descriptif", "titre", "enjeu", "pilier")


def refused(turn: FollowUp) -> Request | None:
    """ "et moi, j'y ai droit ?", "à quelle heure ?": what no fiche holds, asked of the one before."""
    if turn.own.fiches or not turn.memory.current:
        return None
    text = turn.reading.question
    if asks_for_oneself(text) or (unheld(text) and turn.cues.weight <= 3):
        return about(turn.memory.current[0], turn.reading, turn.memory)
    return None


def repeated(turn: FollowUp) -> Request | None:
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


def actor_in_fiche(turn: FollowUp) -> Request | None:
    """ "non, je parlais de ce que FACE fait dans la 1-1", "et ses dispositifs dans la 6-2 ?"."""
    before = [turn.registry.actor(each) for each in turn.memory.actors]
    again = [each.id for each in before if set(words(each.label)) & set(turn.cues.content)]
    actors = turn.own.actors or tuple(again)
    if len(turn.own.fiches) != 1 or turn.own.kind != "fiche" or turn.own.excluded or not actors:
        return None
    if turn.cues.roles or len(turn.cues.content) > 1:
        return None
    return Request("check", fiches=turn.own.fiches, actors=actors, mode="does", topic=turn.reading.question)


def renamed(turn: FollowUp) -> Request | None:
    """ "même question pour les Ateliers RH", "et gaia ?": where another name stands."""
    last, own = turn.memory.request, turn.own
    leans = turn.cues.same or turn.cues.starts_with_and
    if last is None or last.kind not in ("named", "topic") or not own.named or own.fiches or not leans:
        return None
    things = tuple(each.name for each in turn.registry.named if each.name in own.named and each.kind not in PLACES)
    if not things or turn.cues.content or turn.cues.roles:
        return None
    if last.kind == "named":
        return replace(last, named=things)
    holders = {number for each in turn.registry.named if each.name in things for number in each.fiches}
    return None if turn.memory.current[:1] and turn.memory.current[0] in holders else Request("named", named=things)


def corrected(turn: FollowUp) -> Request | None:
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
    return Request(
        "topic", aspects=tuple(each for each in asked if each in ROLES), actors=turn.own.actors, topic=turn.cues.told
    )


def returned(turn: FollowUp) -> Request | None:
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
        return narrowed(turn, memory.search) if memory.search else None
    if cues.ordinal is not None:
        return turn.on(memory.seen[min(cues.ordinal, len(memory.seen) - 1)], named_by_words=True)
    if not cues.content and not turn.own.named and memory.current and cues.roles and len(memory.topics) == 1:
        return turn.on(memory.current[0])
    words = cues.content or turn.own.named
    return turn.on(turn.best_of(memory.seen) if words else memory.seen[0], named_by_words=True)


def other(turn: FollowUp) -> Request | None:
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


def neighbour(turn: FollowUp) -> Request | None:
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


def in_town(turn: FollowUp) -> Request | None:
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


def same_fiche(turn: FollowUp) -> Request | None:
    """What is left: a question on the fiche that answered last, or a new topic (None)."""
    own, reading, cues, memory = turn.own, turn.reading, turn.cues, turn.memory
    if own.kind not in ("topic", "named", "inverse") or own.fiches or not memory.current:
        return None
    if own.kind == "inverse" and reading.asks_which:
        return None
    leans = cues.leans or cues.starts_with_and
    resumed = 2 if cues.leans and cues.starts_with_and else 1
    if (cues.roles and not cues.weight) or (reading.actors and leans and cues.weight <= resumed):
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
