"""Question -> requests, from what is found in it (`assistant.understanding.reading`).

The first of the rules that fits (`assistant.understanding.rules.RULES`) makes the request. Where none fits, the last
sentence of a story may ask it, or a classifier may see that the question goes over all fiches
(`assistant.understanding.outline`); everything else is a topic to search for.

Works on a self-standing question; `assistant.conversation.resolve` makes follow-ups self-standing.
"""

import re
from dataclasses import replace
from itertools import pairwise

from assistant.text.numbers import small_number
from assistant.understanding.reading import Reading, read
from assistant.understanding.request import Request, Understanding
from assistant.understanding.rules import RULES, aspects_of, excluded_actors
from assistant.understanding.rules_over_fiches import inverse_rule, learned_inverse
from corpus.document import ROLES, Document
from corpus.registry import Registry
from corpus.text import words


def understand(question: str, document: Document, registry: Registry) -> Understanding:
    """The requests of a question: one for each question that it holds, in its order."""
    requests: list[Request] = []
    for part in split_parts(question, document, registry):
        reading = read(part, document, registry)
        requests += (requests and _continued(reading, requests[-1])) or _alternatives(
            reading, understand_part(reading, document, registry)
        )
    return Understanding(question, tuple(requests))


def _continued(reading: Reading, before: Request) -> list[Request]:
    """ "Et les universités ?" asks the same of another actor; "et la fiche d'après ?" of the fiche just named."""
    if before.kind == "inverse" and reading.actors and not reading.roles and not reading.subject:
        first = before.conditions[:1]
        conditions = tuple(replace(each, actors=(id,)) for id in reading.actors for each in first)
        return [replace(before, actors=reading.actors, conditions=conditions)]
    alone = not reading.references.fiches and not reading.subject
    if alone and len(before.fiches) == 1 and reading.has("next", "previous"):
        mode = "previous" if reading.has("previous") else "next"
        return [Request("neighbour", fiches=before.fiches, mode=mode, aspects=reading.roles)]
    return []


def _alternatives(reading: Reading, request: Request) -> list[Request]:
    """ "Comme financeur ou comme opérateur": one list for each role; any other request stays as it is."""
    wanted = [each for each in request.conditions if each.wanted]
    roles = [found for found in reading.concepts if found.concept in ROLES]
    either = any(
        {"ou", "soit"} & set(reading.tokens[first.end : second.start]) and second.start - first.end <= 3
        for first, second in pairwise(roles)
        if first.concept != second.concept
    )
    if request.kind != "inverse" or not either or len(wanted) != len(request.conditions) or len(reading.actors) != 1:
        return [request]
    return [replace(request, conditions=(each,)) for each in wanted]


def understand_part(reading: Reading, document: Document, registry: Registry) -> Request:
    for rule in RULES:
        request = rule(reading)
        if request is not None:
            return request
    over_fiches = _after_story(reading, document, registry) or learned_inverse(reading)
    if over_fiches is not None:
        return over_fiches
    return Request(
        "topic",
        mode="several" if _asks_fiches(reading) else "list",
        claimed=_claimed_fiches(reading),
        aspects=aspects_of(reading),
        conditions=(),
        actors=reading.actors,
        named=reading.named,
        yes_no=reading.asks_whether,
        topic=reading.question,
        excluded=excluded_actors(reading),
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
    return inverse_rule(read(f"{sentences[-1]} {actor.name}", document, registry))


def _asks_fiches(reading: Reading) -> bool:
    """ "Dans quelles fiches parle-t-on de ... ?" wants several; "quelle fiche ?" wants one."""
    asks = r"\b(?:quelles|kelles?|kel|combien de|les|toutes les|cb de)\s+(?:sont les\s+)?fiches\b"
    return re.search(asks, reading.folded) is not None


def _claimed_fiches(reading: Reading) -> int | None:
    """ "les deux observatoires: dans quelles fiches ?": how many are expected."""
    if not _asks_fiches(reading):
        return None
    found = re.search(r"\b(deux|trois|quatre|[2-4])\s+[a-z]", reading.folded)
    return small_number(found[1]) if found else None


def split_parts(question: str, document: Document, registry: Registry) -> list[str]:
    """Two topics in one sentence are two questions; two things asked of one topic are one.

    "Qui finance A et qui finance B ?" -> both; "C'est quoi, et qui finance ?" stays whole.
    """
    pieces = [piece for piece in _PART.split(question) if piece and len(words(piece)) > 1]
    if len(pieces) < 2:
        return [question]
    noun = re.search(r"(?:l[’']|\b(?:la|le|les|un|une|des|du)\s)(\w{4,})(?=[^.?!]*$)", pieces[0])
    if noun:
        pieces = [re.sub(r"\b(?:celui|celle|ceux|celles)\b", noun[1], piece) for piece in pieces]
    readings = [read(piece, document, registry) for piece in pieces]
    standing = [
        (bool(reading.rest or reading.named or reading.actors) and reading.has("which", *ROLES))
        or bool(reading.references.fiches)
        or (reading.says_fiche and bool(reading.references.piliers or reading.references.enjeux))
        or _leans(reading)
        for reading in readings
    ]
    asking = [
        bool(reading.roles or reading.asks_which or reading.references.piliers or reading.references.enjeux)
        or _leans(reading)
        for reading in readings
    ]
    head = readings[0]
    followed = all(
        not _leans(each) or (bool(head.references.fiches) if not each.actors else _is_inverse(head))
        for each in readings[1:]
    )
    return pieces if all(standing) and all(asking) and followed and not _leans(head) else [question]


_PART = re.compile(
    r"(?<=[?!])\s+"
    r"|\s*[;,]?\s+et\s+(?:aussi |également |puis )?"
    r"(?=(?:qui|quels?|quelles?|combien|dans quelles?|lesquel(?:le)?s|laquelle|lequel|quoi)\b"
    r"|cel(?:les|ui|le) (?:qu|o[uù]|dont|d[eu])|ceux (?:qu|o[uù]|dont|d[eu])|c(?:['’]est)? (?:quoi|koi|laquelle)"
    r"|o[uù]\b[^?,;]*-(?:t-)?(?:ils?|elles?)\b)",
    re.IGNORECASE,
)
"""Where a second question begins: after the first one's mark, or after an "et" that a question word follows."""


def _is_inverse(reading: Reading) -> bool:
    return bool(reading.actors and reading.roles) and not reading.references.fiches


def _leans(reading: Reading) -> bool:
    """Whether a part says only what it is about, and asks the same as the part before: "et la RATP ?"."""
    if reading.subject or reading.roles:
        return False
    return bool(reading.actors) or (reading.says_fiche and reading.has("next", "previous"))
