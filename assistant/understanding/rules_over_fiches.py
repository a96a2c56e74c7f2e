"""The rules that read a question over all fiches: which an actor finances, where a name stands, who comes most often.

Those on named fiches and on the plan are in `assistant.understanding.rules`.
"""

import re
from dataclasses import replace

from assistant.learned import load_fitted
from assistant.text.numbers import small_number
from assistant.text.stop_words import POINTING
from assistant.understanding.conditions import read_conditions
from assistant.understanding.outline import role_over_fiches
from assistant.understanding.reading import PLACES, Reading
from assistant.understanding.references import loose_piliers, passing_piliers
from assistant.understanding.request import Request
from corpus.document import ROLES
from corpus.partners import Condition
from corpus.text import words

_NEVER_HELD = {"horaire", "telephone", "adresse", "montant", "formulaire", "dossier", "personne"}


def asks_for_missing(reading: Reading) -> bool:
    """Hours, a phone number, an amount...: no list answers that, whatever name stands beside it."""
    return bool(reading.subject) and bool(_NEVER_HELD & set(reading.missing_kinds))


def size_rule(reading: Reading) -> Request | None:
    """ "Les fiches qui n'ont que trois financeurs", "... que des associations comme opérateur"."""
    only = re.search(
        r"\b(?:n ont que|n a que|n ayant que|seulement|uniquement|exactement)\b"
        r"|(?<!\bune )(?<!\bun )(?<!\bla )\bseule?s?\b(?! fiche)",
        reading.plain,
    )
    if not only or not reading.roles or not reading.says_fiche or reading.references.fiches:
        return None
    count = next((value for token in reading.tokens if (value := small_number(token)) is not None), None)
    base = Request(
        "ranking",
        aspects=reading.roles[:1],
        enjeux=reading.references.enjeux,
        piliers=reading.references.piliers,
        outside=_outside(reading),
    )
    if reading.actors:
        return replace(base, mode="only", actors=reading.actors)
    return replace(base, mode="size", claimed=count) if count else None


def ranking_rule(reading: Reading) -> Request | None:
    """The most, the least, all: over the lists of partners. Only when no topic is named."""
    pair = len(reading.actors) > 1 and {"lequel", "laquelle"} & set(reading.tokens) and reading.has("most")
    if not reading.roles or len(reading.subject) > 2 or not (pair or reading.has("most", "least", "all")):
        return None
    base = Request(
        "ranking", aspects=reading.roles[:1], enjeux=reading.references.enjeux, piliers=reading.references.piliers
    )
    if reading.actors and reading.has("all") and not reading.has("most", "least"):
        return None
    if reading.has("all"):
        return replace(base, mode="all")
    if len(reading.actors) > 1 and not reading.has("but", "all") and "apres" not in reading.tokens:
        return replace(base, mode="least versus" if reading.has("least") else "versus", actors=reading.actors)
    of_fiche = reading.says_fiche or "laquelle" in reading.tokens
    mode = ("least" if reading.has("least") else "most") + (" fiche" if of_fiche else "")
    return replace(base, mode=mode, excluded=reading.actors)


def inverse_rule(reading: Reading) -> Request | None:
    """Which fiches an actor finances, operates, has dispositifs in; what they have in common."""
    reading = _scoped(reading)
    as_partner = reading.has("financeurs", "operateurs")
    things = [
        m.named
        for m in reading.mentions
        if m.named and m.named.name in reading.named and m.named.kind not in PLACES and not (m.actor and as_partner)
    ]
    if asks_for_missing(reading):
        return None
    if not reading.actors or things or (reading.named and reading.has("mention") and not reading.roles):
        return None
    conditions = read_conditions(reading.tokens, reading.mentions, reading.concepts)
    scoped = bool(reading.references.enjeux or reading.references.piliers)
    plain = not reading.subject
    bare = plain and not reading.roles and len(reading.tokens) <= 3
    noun_phrase = "fiches" in reading.tokens and len(reading.subject) <= 1
    every = reading.yes_no and reading.has("all")
    only = "seulement" in reading.tokens or "uniquement" in reading.tokens
    plain = plain or (only and set(reading.subject) <= {"seulement", "uniquement"})
    listed = bool(reading.roles) and (reading.has("list") or noun_phrase)
    asks = reading.asks_which or (scoped and len(reading.subject) <= 1) or reading.has("all") or bare or listed
    if not (
        (asks and len(reading.subject) <= (2 if reading.roles else int(reading.has("mention"))))
        or (plain and (reading.roles or reading.says_fiche or reading.has("which", "count")))
    ):
        return None
    return replace(
        _over_fiches(reading, conditions),
        mode="every" if every else "count" if reading.has("count") else "list",
        yes_no=reading.yes_no and (every or not reading.asks_which),
    )


def learned_inverse(reading: Reading) -> Request | None:
    """A question that no rule reads, and whose outline goes over all fiches: its actors, in the role that it says or
    that is likeliest."""
    if not reading.actors or reading.references.fiches or (asks_for_missing(reading) and not reading.says_fiche):
        return None
    asked = role_over_fiches(reading, load_fitted())
    if not asked or POINTING & set(reading.tokens):
        return None
    reading = _scoped(reading)
    if not (reading.references.piliers or reading.references.enjeux):
        named = {position for m in reading.mentions for position in range(m.start, m.end)}
        plain = " ".join(token for position, token in enumerate(reading.tokens) if position not in named)
        reading = replace(reading, references=replace(reading.references, piliers=passing_piliers(plain)))
    conditions = read_conditions(reading.tokens, reading.mentions, reading.concepts)
    role = next((each for each in ROLES if each == asked), None)
    conditions = tuple(replace(each, role=each.role or role) for each in conditions)
    return replace(_over_fiches(reading, conditions), mode="count" if reading.has("count") else "list")


def _over_fiches(reading: Reading, conditions: tuple[Condition, ...]) -> Request:
    return Request(
        "inverse",
        conditions=conditions,
        actors=reading.actors,
        named=reading.named,
        enjeux=reading.references.enjeux,
        piliers=reading.references.piliers,
        outside=_outside(reading),
        aspects=reading.roles,
    )


def _scoped(reading: Reading) -> Reading:
    """ "Côté santé, quelles fiches l'agglo finance ?": beside an actor and a role, that is a pilier."""
    if not (reading.actors and reading.roles) or reading.references.piliers or reading.references.enjeux:
        return reading
    piliers, said = loose_piliers(reading.question)
    taken = {*words(said), "uniquement", "seulement"} if piliers else set()
    return replace(
        reading,
        references=replace(reading.references, piliers=piliers),
        rest=tuple(word for word in reading.rest if word not in taken),
    )


def _outside(reading: Reading) -> bool:
    """ "Hors pilier éducation": the scope is what to leave out."""
    leaves_out = r"\b(?:hors|sauf|excepte|en dehors d\w+|hormis)\b\W+(?:du |le |les |de )?(?:pilier|volet|enjeu)"
    return re.search(leaves_out, reading.folded) is not None


def named_rule(reading: Reading) -> Request | None:
    """Where an acronym, a dispositif or a place is named; what it means."""
    if not reading.named or len(reading.subject) > 1 or asks_for_missing(reading):
        return None
    chosen = [m.named for m in reading.mentions if m.named and m.named.name in reading.named]
    things = [each for each in chosen if each.kind not in PLACES]
    if not (
        reading.asks_which or reading.has("meaning", "count") or (not reading.subject and len(reading.tokens) <= 4)
    ):
        return None
    if reading.has("financeurs", "operateurs", "enjeu", "pilier"):
        return None
    names = tuple(dict.fromkeys(each.name for each in things or chosen))
    mode = "count" if reading.has("count") else "list" if reading.asks_which else "meaning"
    if re.search(r"\bfiches?\s+(?:sur|consacre\w*|dedie\w*|qui traite\w*|au sujet)\b", reading.folded):
        mode = "dedicated"
    return Request(
        "named",
        named=names,
        enjeux=reading.references.enjeux,
        piliers=reading.references.piliers,
        mode=mode,
        topic=reading.question,
    )
