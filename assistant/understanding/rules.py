"""The rules that read a request out of a question, the most particular first: `RULES`, at the end, is their order.

Here are those on named fiches and on the plan of the document; those over all fiches are in
`assistant.understanding.rules_over_fiches`. What no rule reads is a topic to search for.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from assistant.text.numbers import small_number
from assistant.understanding.reading import Reading
from assistant.understanding.request import Aspect, Request
from assistant.understanding.rules_over_fiches import inverse_rule, named_rule, ranking_rule, size_rule
from corpus.document import ROLES
from corpus.text import words


def aspects_of(reading: Reading) -> tuple[Aspect, ...]:
    """What is asked of a fiche; a bare "c'est quoi" beside a list ("c'est quoi les dispositifs") asks for the list."""
    order: tuple[Aspect, ...] = ("descriptif", "financeurs", "operateurs", "dispositifs", "titre", "enjeu", "pilier")
    found = tuple(aspect for aspect in order if reading.has(aspect))
    describing = re.search(r"\b(?:idee|objectif\w*|parle|resum\w*|descriptif|sujet|traite)\b", reading.plain)
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
            value = small_number(reading.tokens[found.start - 1])
            if value and value > 1:
                return value
    return None


Rule = Callable[[Reading], Request | None]


def _unknown(reading: Reading) -> Request | None:
    if not reading.references.unknown:
        return None
    named = reading.references
    return Request("unknown", unknown=named.unknown, fiches=named.fiches, enjeux=named.enjeux)


def _unknown_actor(reading: Reading) -> Request | None:
    """ "La MSA finance quelles fiches ?": a subject that no list names, before a verb and "quelles fiches"."""
    text = reading.folded
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
    fiches, mode = reading.references.fiches, reading.comparison
    return Request("compare", fiches=fiches, aspects=reading.roles, mode=mode, yes_no=reading.yes_no)


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
    if reading.has("enjeu") and reading.says_fiche:
        if re.search(r"\b(?:aucune|sans|pas de|n a pas|n ont pas)\b", reading.plain):
            return replace(base, mode="none")
        if re.search(r"\b(?:une seule|qu une|unique)\b", reading.plain):
            return replace(base, mode="single")
    if len(references.enjeux) == 1 and re.search(r"renvoi|introduction|renvoy|complementaire", reading.plain):
        return replace(base, mode="introduction")
    edge = re.search(r"\b(premiere|derniere) fiche\b", reading.plain)
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
            return small_number(reading.tokens[found.start - 1])
    return None


RULES: tuple[Rule, ...] = (
    _unknown,
    _unknown_actor,
    _neighbour,
    _compare,
    _of_fiche,
    _structure,
    size_rule,
    ranking_rule,
    inverse_rule,
    named_rule,
)
