"""Steps over the lists of the turns before: compare, count, restrict, "la troisième", an actor over all fiches."""

from dataclasses import replace

from assistant.conversation.context import FollowUp, about
from assistant.understanding.request import Aspect, Request
from corpus.document import ROLES
from corpus.errors import CorpusError
from corpus.partners import Condition


def compared(turn: FollowUp) -> Request | None:
    """ "et la 19-2, c'est les mêmes ?", "communs aux trois ?": a fiche beside the one before, or the last ones."""
    cues, memory = turn.cues, turn.memory
    last = memory.request
    aspects: tuple[Aspect, ...] = cues.roles or tuple(each for each in memory.lists if each in ROLES)
    if len(turn.own.fiches) == 1 and cues.compares and memory.current and turn.own.fiches != memory.current[:1]:
        return Request(
            "compare",
            fiches=(memory.current[0], *turn.own.fiches),
            aspects=aspects,
            mode=turn.reading.comparison,
            yes_no=turn.reading.yes_no and "meme" in turn.reading.plain,
        )
    if turn.own.fiches or last is None or len(cues.content) > 2:
        return None
    if cues.compares and cues.ordinal is not None and len(memory.listed) > 1:
        other = memory.listed[cues.ordinal] if cues.ordinal < len(memory.listed) else ""
        if other and other != memory.current[0]:
            return Request("compare", fiches=(memory.current[0], other), aspects=aspects, mode="difference")
    if (
        last.kind == "compare"
        and cues.roles
        and cues.ordinal is None
        and not turn.reading.actors
        and len(cues.content) <= 1
    ):
        return replace(last, aspects=cues.roles)
    if cues.compares and not turn.reading.actors and not turn.own.enjeux and (cues.several or len(cues.content) <= 1):
        fiches = memory.topics[-(cues.several or 2) :]
        if len(fiches) < 2 or (turn.reading.says_fiche and turn.reading.asks_which):
            return None
        return Request("compare", fiches=fiches, aspects=aspects, mode=turn.reading.comparison)
    return None


def ordinal_item(turn: FollowUp) -> Request | None:
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


def ordinal_fiche(turn: FollowUp) -> Request | None:
    """ "la troisième", "la dernière": over the last list of fiches."""
    cues, memory = turn.cues, turn.memory
    if cues.ordinal is None or cues.masculine or turn.own.fiches:
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


def counted(turn: FollowUp) -> Request | None:
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


def restricted(turn: FollowUp) -> Request | None:
    """ "seulement celles de la santé", "hors cadre de vie", "et l'enjeu 9 ?": the last search, narrowed."""
    search, reading, cues = turn.memory.search, turn.reading, turn.cues
    if search is None or turn.own.fiches:
        return None
    scoped = bool(reading.references.piliers or reading.references.enjeux or cues.pilier)
    leans = cues.narrows or cues.starts_with_and or cues.pilier is not None
    if turn.own.kind == "structure" and search.kind == "structure" and scoped and not cues.narrows:
        return None
    plain = [word for word in cues.content if not word.isdecimal()]
    bare = [int(token) for token in reading.tokens if token.isdecimal() and len(token) <= 2]
    if search.kind == "structure" and search.enjeux and bare and turn.own.kind != "structure" and not plain:
        enjeu = turn.document.enjeu(bare[0])
        return replace(search, enjeux=(enjeu.number,), mode="list") if enjeu else None
    if scoped and leans and not cues.roles and not reading.actors and len(cues.content) <= 2:
        return narrowed(turn, search)
    if (
        turn.memory.listed
        and turn.own.kind == "inverse"
        and not scoped
        and "lesquel" in reading.plain
        and turn.reading.actors
    ):
        return replace(
            turn.own,
            enjeux=search.enjeux,
            piliers=search.piliers,
            conditions=(*(search.conditions if search.kind == "inverse" else ()), *turn.own.conditions),
        )
    if (
        search.kind == "inverse"
        and cues.roles
        and cues.narrows
        and not cues.content
        and not reading.actors
        and turn.own.kind == "topic"
    ):
        wanted = not reading.has("not")
        return replace(search, conditions=tuple(Condition(c.actors, cues.roles[0], wanted) for c in search.conditions))
    return None


def narrowed(turn: FollowUp, search: Request) -> Request:
    references = turn.reading.references
    piliers = references.piliers or ((turn.cues.pilier,) if turn.cues.pilier and not references.enjeux else ())
    return replace(
        search,
        piliers=piliers,
        enjeux=references.enjeux,
        mode="list" if search.kind != "named" else search.mode,
        outside=turn.own.outside or turn.cues.outside,
    )


def over_all(turn: FollowUp) -> Request | None:
    """ "il est opérateur où ?", "lesquelles ne finance-t-elle pas ?": the actor just named, over all fiches."""
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
