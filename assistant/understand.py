"""Question -> requests: references, names and question forms are found, then read by a short list of rules.

Rules stand in `_RULES`, most particular first; each looks at a `Reading` and either gives a request or passes. What no
rule takes is a topic to search for, as before. Works on a self-standing question (`assistant.conversation`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.conditions import read_conditions
from assistant.forms import STOP_WORDS, Found, find_concepts
from assistant.names import Mention, Registry, singular
from assistant.references import References, find_references
from assistant.understanding import ROLES, Aspect, Request, Role, Understanding
from corpus.fiche import Document
from index.tokens import fold, words

PLACES = ("commune", "quartier")
_NUMBER_WORDS = {
    "un": 1,
    "une": 1,
    "deux": 2,
    "trois": 3,
    "quatre": 4,
    "cinq": 5,
    "six": 6,
    "sept": 7,
    "huit": 8,
    "neuf": 9,
    "dix": 10,
}


@dataclass(frozen=True)
class Reading:
    """A question with all that was found in it. Positions count its plain words."""

    question: str
    tokens: tuple[str, ...]
    references: References
    mentions: tuple[Mention, ...]
    concepts: tuple[Found, ...]
    rest: tuple[str, ...]
    """The content words that belong to nothing found: the topic."""

    def has(self, *names: str) -> bool:
        return any(found.concept in names for found in self.concepts)

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        paying = self.says_fiche and self.has("pay")
        return tuple(role for role in ROLES if self.has(role) or (role == "financeurs" and paying))

    @cached_property
    def actors(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(mention.actor.id for mention in self.mentions if mention.actor))

    @cached_property
    def named(self) -> tuple[str, ...]:
        """Names that are no actor's; of a place and its quartier, the quartier."""
        things = [m.named for m in self.mentions if m.named and (m.actor is None or m.named.kind != "acteur")]
        places = [each for each in things if each.kind in PLACES]
        narrow = [each for each in places if each.kind == "quartier"]
        dropped = [each for each in places if narrow and each not in narrow]
        return tuple(dict.fromkeys(each.name for each in things if each not in dropped))

    @cached_property
    def says_fiche(self) -> bool:
        return any(singular(token) in ("fiche", "fich") for token in self.tokens)

    @cached_property
    def asks_which(self) -> bool:
        """ "Dans quelles fiches", "où", "combien de fiches", "est-il cité quelque part dans vos fiches"."""
        asked = self.has("which", "count", "list", "mention", "all")
        return (self.says_fiche and asked) or (self.has("which") and self.has("mention"))

    @cached_property
    def yes_no(self) -> bool:
        """An inversion ("finance-t-elle"), "est-ce que", or no question word at all."""
        inverted = re.search(r"-(?:t-)?(?:il|elle|ils|elles|on|vous)\b", fold(self.question)) is not None
        asks = re.search(
            r"\b(?:qui|quel\w*|kel\w*|ki|quoi|koi|combien|cb|comment|pourquoi|ou|lequel\w*|laquelle)\b",
            fold(self.question),
        )
        return self.has("yes") or ((inverted or "?" in self.question) and asks is None)


def read(question: str, document: Document, registry: Registry) -> Reading:
    references = find_references(question, document)
    folded = fold(question)
    blanked = list(folded)
    for start, end in references.spans:
        blanked[start:end] = " " * (end - start)
    tokens = tuple(words("".join(blanked)))
    mentions = tuple(registry.find(tokens))
    concepts = tuple(find_concepts(tokens))
    taken = {position for mention in mentions for position in range(mention.start, mention.end)}
    taken |= {position for found in concepts for position in range(found.start, found.end)}
    rest = tuple(
        token
        for position, token in enumerate(tokens)
        if position not in taken and singular(token) not in STOP_WORDS and len(token) > 1
    )
    return Reading(question, tokens, references, mentions, concepts, rest)


def understand(question: str, document: Document, registry: Registry) -> Understanding:
    """The requests of a question: one for each question that it holds, in its order."""
    requests: list[Request] = []
    for part in split_parts(question, document, registry):
        request = understand_part(read(part, document, registry), document, registry)
        requests.append(request)
    return Understanding(question, tuple(requests))


def understand_part(reading: Reading, document: Document, registry: Registry) -> Request:
    for rule in _RULES:
        request = rule(reading, document, registry)
        if request is not None:
            return request
    told = _after_story(reading, document, registry)
    if told is not None:
        return told
    return Request(
        "topic",
        mode="several" if _asks_fiches(reading) else "list",
        claimed=_claimed_fiches(reading),
        aspects=_aspects(reading),
        conditions=(),
        actors=reading.actors,
        named=reading.named,
        yes_no=reading.yes_no,
        topic=reading.question,
        excluded=_excluded(reading),
    )


def _after_story(reading: Reading, document: Document, registry: Registry) -> Request | None:
    """A story, then "dans quelles fiches il finance ?": the last sentence asks, of the actor that the story names."""
    sentences = [each for each in re.split(r"(?<=[.!?…])\s+|\n+", reading.question) if words(each)]
    if len(sentences) < 2 or not reading.actors:
        return None
    last = read(sentences[-1], document, registry)
    if not (last.asks_which and last.says_fiche and last.roles) or last.actors or len(last.rest) > 2:
        return None
    actor = registry.actor(reading.actors[-1])
    return _inverse(read(f"{sentences[-1]} {actor.name}", document, registry), document, registry)


def _asks_fiches(reading: Reading) -> bool:
    """ "Dans quelles fiches parle-t-on de ... ?" wants several; "quelle fiche ?" wants one."""
    return (
        re.search(
            r"\b(?:quelles|kelles?|kel|combien de|les|toutes les|cb de)\s+(?:sont les\s+)?fiches\b",
            fold(reading.question),
        )
        is not None
    )


def _claimed_fiches(reading: Reading) -> int | None:
    """ "les deux observatoires: dans quelles fiches ?": how many are expected."""
    if not _asks_fiches(reading):
        return None
    found = re.search(r"\b(deux|trois|quatre|[2-4])\s+[a-z]", fold(reading.question))
    return (int(found[1]) if found[1].isdigit() else _NUMBER_WORDS[found[1]]) if found else None


def split_parts(question: str, document: Document, registry: Registry) -> list[str]:
    """Two topics in one sentence are two questions; two things asked of one topic are one.

    "Qui finance A et qui finance B ?" -> both; "C'est quoi, et qui finance ?" stays whole.
    """
    pieces = re.split(r"(?<=[?!])\s+|\s*[;,]?\s+et\s+(?=(?:qui|quels?|quelles?|combien|dans quelles?)\b)", question)
    pieces = [piece for piece in pieces if piece and len(words(piece)) > 1]
    if len(pieces) < 2:
        return [question]
    noun = re.search(r"(?:l[’']|\b(?:la|le|les|un|une|des|du)\s)(\w{4,})(?=[^.?!]*$)", pieces[0])
    if noun:
        pieces = [re.sub(r"\b(?:celui|celle|ceux|celles)\b", noun[1], piece) for piece in pieces]
    readings = [read(piece, document, registry) for piece in pieces]
    standing = [
        (bool(reading.rest or reading.named) and reading.has("which", *ROLES)) or bool(reading.references.fiches)
        for reading in readings
    ]
    return pieces if all(standing) and all(reading.roles or reading.asks_which for reading in readings) else [question]


def _aspects(reading: Reading) -> tuple[Aspect, ...]:
    """What is asked of a fiche; a bare "c'est quoi" beside a list ("c'est quoi les dispositifs") asks for the list."""
    order: tuple[Aspect, ...] = ("descriptif", "financeurs", "operateurs", "dispositifs", "titre", "enjeu", "pilier")
    found = tuple(aspect for aspect in order if reading.has(aspect))
    describing = re.search(r"\b(?:idee|objectif\w*|parle|resum\w*|descriptif|sujet|traite)\b", " ".join(reading.tokens))
    return found if describing or not reading.roles else tuple(each for each in found if each != "descriptif")


def _excluded(reading: Reading) -> tuple[str, ...]:
    """ "Hors ANRU, quels financeurs ...": the actors named right after such a word."""
    opened = [found.end for found in reading.concepts if found.concept == "but"]
    return tuple(
        mention.actor.id
        for mention in reading.mentions
        if mention.actor and any(0 <= mention.start - end <= 2 for end in opened)
    )


def _claimed(reading: Reading) -> int | None:
    """ "les sept financeurs": a number taken for granted, next to a role."""
    for found in reading.concepts:
        if found.concept in ROLES and found.start > 0:
            word = reading.tokens[found.start - 1]
            value = int(word) if word.isdigit() else _NUMBER_WORDS.get(word)
            if value and value > 1:
                return value
    return None


Rule = Callable[[Reading, Document, Registry], Request | None]


def _unknown(reading: Reading, document: Document, registry: Registry) -> Request | None:
    if not reading.references.unknown:
        return None
    return Request(
        "unknown",
        unknown=reading.references.unknown,
        fiches=reading.references.fiches,
        enjeux=reading.references.enjeux,
    )


def _neighbour(reading: Reading, document: Document, registry: Registry) -> Request | None:
    if len(reading.references.fiches) != 1 or not reading.has("next", "previous"):
        return None
    mode = "previous" if reading.has("previous") else "next"
    return Request("neighbour", fiches=reading.references.fiches, mode=mode, aspects=_aspects(reading))


def _compare(reading: Reading, document: Document, registry: Registry) -> Request | None:
    if len(reading.references.fiches) < 2 or not reading.has("common", "difference"):
        return None
    mode = "common" if reading.has("common") and not reading.has("difference") else "difference"
    return Request("compare", fiches=reading.references.fiches, aspects=reading.roles, mode=mode, yes_no=reading.yes_no)


def _of_fiche(reading: Reading, document: Document, registry: Registry) -> Request | None:
    """Everything that is asked of fiches named by number."""
    fiches = reading.references.fiches
    if not fiches:
        return None
    base = Request(
        "fiche",
        fiches=fiches,
        aspects=_aspects(reading),
        actors=reading.actors,
        named=reading.named,
        yes_no=reading.yes_no,
        claimed=_claimed(reading),
        excluded=_excluded(reading),
        topic=reading.question,
    )
    structure = reading.has("enjeu", "pilier") and not reading.roles
    if structure or reading.references.piliers or reading.references.enjeux:
        return replace(base, piliers=reading.references.piliers, enjeux=reading.references.enjeux)
    if reading.has("both", "common") and len(reading.roles) > 1 and not reading.actors:
        return replace(base, mode="both", aspects=reading.roles)
    if reading.has("count") and reading.roles:
        return replace(base, mode="count", aspects=reading.roles)
    if reading.actors and not base.excluded and (reading.yes_no or reading.has("yes", "which") or not reading.rest):
        if reading.has("dispositifs") and not reading.has("financeurs", "operateurs"):
            return replace(base, kind="fiche", mode="holder")
        if reading.roles and len(reading.rest) <= 3:
            return replace(base, kind="check", aspects=reading.roles)
        if reading.yes_no and len(reading.rest) <= 1:
            return replace(base, kind="check")
    if reading.named and len(reading.rest) <= 1 and not reading.roles:
        return replace(base, kind="check")
    if len(reading.rest) >= 2 and not reading.roles:
        return replace(base, mode="about")
    return base


def _structure(reading: Reading, document: Document, registry: Registry) -> Request | None:
    """Questions on the plan of the document, without any fiche, actor or topic."""
    references = reading.references
    wanted: list[Aspect] = []
    if reading.says_fiche:
        wanted.append("descriptif")
    wanted += [aspect for aspect in ("enjeu", "pilier") if reading.has(aspect)]  # type: ignore[misc]
    scoped = bool(references.enjeux or references.piliers)
    asked_fiches = bool(references.enjeux) and reading.says_fiche and not reading.roles
    if (reading.actors or reading.named or (reading.roles and not scoped)) and not asked_fiches:
        return None
    base = Request(
        "structure", enjeux=references.enjeux, piliers=references.piliers, aspects=tuple(wanted), topic=reading.question
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
    if scoped and len(reading.rest) <= 2 and not reading.roles:
        return replace(base, mode="count" if reading.has("count") else "list")
    if asked_fiches:
        return replace(base, mode="count" if reading.has("count") else "list")
    if not scoped and reading.has("count", "list", "which") and wanted and not reading.rest:
        return replace(base, mode="count" if reading.has("count") else "list")
    return None


def _ranking(reading: Reading, document: Document, registry: Registry) -> Request | None:
    """The most, the least, all: over the lists of partners. Only when no topic is named."""
    if not reading.roles or len(reading.rest) > 2 or not reading.has("most", "least", "all"):
        return None
    base = Request(
        "ranking", aspects=reading.roles[:1], enjeux=reading.references.enjeux, piliers=reading.references.piliers
    )
    if reading.actors and reading.has("all") and not reading.has("most", "least"):
        return None
    if reading.has("all"):
        return replace(base, mode="all")
    of_fiche = reading.says_fiche or "laquelle" in reading.tokens
    mode = ("least" if reading.has("least") else "most") + (" fiche" if of_fiche else "")
    return replace(base, mode=mode, excluded=reading.actors)


def _inverse(reading: Reading, document: Document, registry: Registry) -> Request | None:
    """Which fiches an actor finances, operates, has dispositifs in; what they have in common."""
    things = [
        m.named for m in reading.mentions if m.named and m.named.name in reading.named and m.named.kind not in PLACES
    ]
    if not reading.actors or things or (reading.named and reading.has("mention") and not reading.roles):
        return None
    conditions = read_conditions(reading.tokens, reading.mentions, reading.concepts)
    scoped = bool(reading.references.enjeux or reading.references.piliers)
    plain = not reading.rest
    asks = reading.asks_which or (scoped and plain) or reading.has("all")
    if not (
        (asks and len(reading.rest) <= 2)
        or (plain and (reading.roles or reading.says_fiche or reading.has("which", "count")))
    ):
        return None
    return Request(
        "inverse",
        conditions=conditions,
        actors=reading.actors,
        named=reading.named,
        enjeux=reading.references.enjeux,
        piliers=reading.references.piliers,
        outside=_outside(reading),
        mode="count" if reading.has("count") else "list",
        yes_no=reading.yes_no and not reading.asks_which,
        aspects=reading.roles,
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


def _named(reading: Reading, document: Document, registry: Registry) -> Request | None:
    """Where an acronym, a dispositif or a place is named; what it means."""
    if not reading.named or len(reading.rest) > 1:
        return None
    chosen = [m.named for m in reading.mentions if m.named and m.named.name in reading.named]
    things = [each for each in chosen if each.kind not in PLACES]
    if not (reading.asks_which or reading.has("meaning", "count") or (not reading.rest and len(reading.tokens) <= 4)):
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


_RULES: tuple[Rule, ...] = (_unknown, _neighbour, _compare, _of_fiche, _structure, _ranking, _inverse, _named)
