"""The rules that read a request out of a question, most particular first; what none takes is a topic to search for."""

import re
from collections.abc import Callable
from dataclasses import replace

from assistant.learned import load_fitted
from assistant.text.numbers import small_number
from assistant.understanding.conditions import read_conditions
from assistant.understanding.out_of_scope import missing_kinds
from assistant.understanding.outline import role_over_fiches
from assistant.understanding.reading import PLACES, Reading
from assistant.understanding.references import loose_piliers, passing_piliers
from assistant.understanding.request import Aspect, Request
from corpus.document import ROLES
from corpus.partners import Condition
from corpus.text import fold, words


def aspects_of(reading: Reading) -> tuple[Aspect, ...]:
    """What is asked of a fiche; a bare "c'est quoi" beside a list ("c'est quoi les dispositifs") asks for the list."""
    order: tuple[Aspect, ...] = ("descriptif", "financeurs", "operateurs", "dispositifs", "titre", "enjeu", "pilier")
    found = tuple(aspect for aspect in order if reading.has(aspect))
    describing = re.search(r"\b(?:idee|objectif\w*|parle|resum\w*|descriptif|sujet|traite)\b", " ".join(reading.tokens))
    return found if describing or not reading.roles else tuple(each for each in found if each != "descriptif")


def excluded_actors(reading: Reading) -> tuple[str, ...]:
    """ "Hors ANRU, quels financeurs ...": the actors named right after such a word."""
    opened = [found.end for found in reading.concepts if found.concept == "but"]
    excluded: list[str] = []
    for mention in (each for each in reading.mentions if each.actor):
        near = any(0 <= mention.start - end <= 2 for end in opened)
        chained = any(
            mention.start - end <= 2 and {"et", "ou", "ni"} & set(reading.tokens[end : mention.start])
            for end in opened[-1:]
        )
        if mention.actor and (near or (chained and excluded)):
            excluded.append(mention.actor.id)
            opened.append(mention.end)
    return tuple(dict.fromkeys(excluded))


def _claimed(reading: Reading) -> int | None:
    """ "les sept financeurs": a number taken for granted, next to a role."""
    for found in reading.concepts:
        if found.concept in ROLES and found.start > 0:
            word = reading.tokens[found.start - 1]
            value = small_number(word)
            if value and value > 1:
                return value
    return None


_NEVER_HELD = {"horaire", "telephone", "adresse", "montant", "formulaire", "dossier", "personne"}


def asks_for_missing(reading: Reading) -> bool:
    """Hours, a phone number, an amount...: no list answers that, whatever name stands beside it."""
    return bool(reading.subject) and bool(_NEVER_HELD & set(missing_kinds(fold(reading.question))))


Rule = Callable[[Reading], Request | None]


def _unknown(reading: Reading) -> Request | None:
    if not reading.references.unknown:
        return None
    return Request(
        "unknown",
        unknown=reading.references.unknown,
        fiches=reading.references.fiches,
        enjeux=reading.references.enjeux,
    )


def _unknown_actor(reading: Reading) -> Request | None:
    """ "La MSA finance quelles fiches ?": a subject that no list names, before a verb and "quelles fiches"."""
    text = fold(reading.question)
    subject = re.search(
        r"^\W*(?:et |bon |alors |dites? )?(?:la |le |les |l['’ ])?(?P<name>[\w '’-]{2,40}?),?\s+"
        r"(?:elle |il |ils |elles |est |sont |c est )?"
        r"(?:financent?|operent?|operateurs?|operatrices?|financeurs?|subventionnent?)\b"
        r".*\b(?:quelles? fiches?|ou|lesquelles|fiches?)\b",
        text,
    )
    if (
        not subject
        or re.search(r"\b(?:fiches?|qui|que|quels?|quelles?|enjeux?|piliers?)\b", subject["name"])
        or reading.actors
        or reading.named
        or reading.references.fiches
        or not reading.subject
        or len(reading.subject) > 3
    ):
        return None
    if re.search(r"financée?s?\b", reading.question.lower()) or not set(reading.subject) <= set(words(subject["name"])):
        return None
    start = subject.start("name")
    return Request("unknown", unknown=(f"« {reading.question[start : start + len(subject['name'])].strip()} »",))


def _neighbour(reading: Reading) -> Request | None:
    fiches = reading.references.fiches
    between = "entre" in reading.tokens and (reading.says_fiche or reading.has("which"))
    if len(fiches) == 2 and between and not reading.roles and not reading.has("common", "difference"):
        return Request("neighbour", fiches=fiches, mode="between") if len(reading.subject) <= 1 else None
    if len(reading.references.fiches) != 1 or not reading.has("next", "previous"):
        return None
    mode = "previous" if reading.has("previous") else "next"
    return Request("neighbour", fiches=reading.references.fiches, mode=mode, aspects=aspects_of(reading))


def _compare(reading: Reading) -> Request | None:
    if len(reading.references.fiches) < 2:
        return None
    if reading.roles and not reading.subject and reading.has("most", "least"):
        mode = "least" if reading.has("least") else "most"
        return Request("compare", fiches=reading.references.fiches, aspects=reading.roles[:1], mode=mode)
    if not reading.has("common", "difference"):
        return None
    mode = "common" if reading.has("common") and not reading.has("difference") else "difference"
    return Request("compare", fiches=reading.references.fiches, aspects=reading.roles, mode=mode, yes_no=reading.yes_no)


def _of_fiche(reading: Reading) -> Request | None:
    """Everything that is asked of fiches named by number."""
    fiches = reading.references.fiches
    if not fiches:
        return None
    base = Request(
        "fiche",
        fiches=fiches,
        aspects=aspects_of(reading),
        actors=reading.actors,
        named=reading.named,
        yes_no=reading.yes_no,
        claimed=_claimed(reading),
        excluded=excluded_actors(reading),
        topic=reading.question,
    )
    if (
        reading.named
        and (reading.yes_no or reading.has("yes", "mention"))
        and not reading.roles
        and len(reading.subject) <= 3
    ):
        return replace(base, kind="check", actors=())
    structure = reading.has("enjeu", "pilier") and not reading.roles
    if structure or reading.references.piliers or reading.references.enjeux:
        return replace(base, piliers=reading.references.piliers, enjeux=reading.references.enjeux)
    if reading.has("both", "common") and len(reading.roles) > 1 and not reading.actors:
        return replace(base, mode="both", aspects=reading.roles)
    if reading.has("count") and reading.roles and not (reading.actors and len(reading.subject) <= 3):
        return replace(base, mode="count", aspects=reading.roles)
    if (
        reading.actors
        and not base.excluded
        and (reading.yes_no or reading.has("yes", "which", "count") or not reading.subject)
    ):
        if reading.has("dispositifs") and not reading.has("financeurs", "operateurs"):
            return replace(base, kind="fiche", mode="holder")
        if reading.roles and len(reading.subject) <= 3:
            return replace(base, kind="check", aspects=reading.roles)
        if reading.yes_no and len(reading.subject) <= 1:
            return replace(base, kind="check")
    if reading.named and len(reading.subject) <= 1 and not reading.roles:
        return replace(base, kind="check")
    if len(reading.subject) >= 2 and not reading.roles:
        return replace(base, mode="about")
    return base


def _structure(reading: Reading) -> Request | None:
    """Questions on the plan of the document, without any fiche, actor or topic."""
    references = reading.references
    wanted: list[Aspect] = []
    if reading.says_fiche:
        wanted.append("descriptif")
    wanted += [aspect for aspect in ("enjeu", "pilier") if reading.has(aspect)]
    scoped = bool(references.enjeux or references.piliers)
    asked_fiches = bool(references.enjeux) and reading.says_fiche and not reading.roles
    if (reading.actors or reading.named or (reading.roles and not scoped)) and not asked_fiches:
        return None
    base = Request(
        "structure",
        enjeux=references.enjeux,
        piliers=references.piliers,
        aspects=tuple(wanted),
        topic=reading.question,
        claimed=_claimed_part(reading),
    )
    if (
        reading.has("enjeu")
        and reading.says_fiche
        and re.search(r"\b(?:aucune|sans|pas de|n a pas|n ont pas)\b", " ".join(reading.tokens))
    ):
        return replace(base, mode="none")
    if (
        reading.has("enjeu")
        and reading.says_fiche
        and re.search(r"\b(?:une seule|qu une|unique)\b", " ".join(reading.tokens))
    ):
        return replace(base, mode="single")
    if len(references.enjeux) == 1 and re.search(
        r"renvoi|introduction|renvoy|complementaire", " ".join(reading.tokens)
    ):
        return replace(base, mode="introduction")
    edge = re.search(r"\b(premiere|derniere) fiche\b", " ".join(reading.tokens))
    if edge and len(reading.subject) <= 1 and not reading.roles:
        return replace(base, mode="first" if edge[1] == "premiere" else "last")
    if references.enjeux and not references.piliers and reading.has("pilier") and not reading.roles:
        return replace(base, mode="owner") if len(reading.subject) <= 2 else None
    if scoped and len(reading.subject) <= 2 and not reading.roles:
        return replace(base, mode="count" if reading.has("count") else "list")
    if asked_fiches:
        return replace(base, mode="count" if reading.has("count") else "list")
    if reading.has("most", "least") and reading.has("enjeu", "pilier") and not scoped:
        return replace(base, mode="most" if reading.has("most") else "least")
    claimed = base.claimed
    left = [word for word in reading.subject if small_number(word) is None]
    asked = reading.has("count", "list", "which") or (claimed is not None and reading.has("yes", "titre"))
    if not scoped and asked and wanted and not (left if claimed else reading.subject):
        return replace(base, mode="count" if reading.has("count") else "list", yes_no=reading.has("yes"))
    return None


def _claimed_part(reading: Reading) -> int | None:
    """ "Les six piliers": the number of piliers or enjeux that is taken for granted."""
    for found in reading.concepts:
        if found.concept in ("pilier", "enjeu") and found.start > 0:
            word = reading.tokens[found.start - 1]
            return small_number(word)
    return None


def _size(reading: Reading) -> Request | None:
    """ "Les fiches qui n'ont que trois financeurs", "... que des associations comme opérateur"."""
    only = re.search(
        r"\b(?:n ont que|n a que|n ayant que|seulement|uniquement|exactement)\b"
        r"|(?<!\bune )(?<!\bun )(?<!\bla )\bseule?s?\b(?! fiche)",
        " ".join(reading.tokens),
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


def _ranking(reading: Reading) -> Request | None:
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


_POINTING = {"ces", "celles", "ceux"}
"""Words that point at fiches already named: no question over all of them."""


def learned_inverse(reading: Reading) -> Request | None:
    """A question that no rule reads, and whose outline goes over all fiches: its actors, in the role that it says or
    that is likeliest."""
    if not reading.actors or reading.references.fiches or (asks_for_missing(reading) and not reading.says_fiche):
        return None
    asked = role_over_fiches(reading, load_fitted())
    if not asked or _POINTING & set(reading.tokens):
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
    return (
        re.search(
            r"\b(?:hors|sauf|excepte|en dehors d\w+|hormis)\b\W+(?:du |le |les |de )?(?:pilier|volet|enjeu)",
            fold(reading.question),
        )
        is not None
    )


def _named(reading: Reading) -> Request | None:
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
    if re.search(r"\bfiches?\s+(?:sur|consacre\w*|dedie\w*|qui traite\w*|au sujet)\b", fold(reading.question)):
        mode = "dedicated"
    return Request(
        "named",
        named=names,
        enjeux=reading.references.enjeux,
        piliers=reading.references.piliers,
        mode=mode,
        topic=reading.question,
    )


RULES: tuple[Rule, ...] = (
    _unknown,
    _unknown_actor,
    _neighbour,
    _compare,
    _of_fiche,
    _structure,
    _size,
    _ranking,
    inverse_rule,
    _named,
)
