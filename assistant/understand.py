"""Question -> requests: what is found in it (`assistant.reading`) is read by a short list of rules (`assistant.rules`).

Works on a self-standing question; `assistant.conversation` makes follow-ups self-standing.
"""

import re
from dataclasses import replace

from assistant.names import Registry
from assistant.reading import Reading, read
from assistant.rules import NUMBER_WORDS, RULES, aspects_of, excluded_actors, inverse_rule
from assistant.understanding import ROLES, Request, Understanding
from corpus.fiche import Document
from index.tokens import fold, words


def understand(question: str, document: Document, registry: Registry) -> Understanding:
    """The requests of a question: one for each question that it holds, in its order."""
    requests = [
        understand_part(read(part, document, registry), document, registry)
        for part in split_parts(question, document, registry)
    ]
    whole = aspects_of(read(question, document, registry))
    if len(requests) == 1 and requests[0].kind == "topic" and _FOR_EACH.search(fold(question).replace("'", " ")):
        pair = _two_topics(question, document, registry)
        requests = [replace(requests[0], topic=topic, aspects=whole) for topic in pair] or requests
    return Understanding(question, tuple(requests))


def _two_topics(question: str, document: Document, registry: Registry) -> list[str]:
    """The two clauses with the most content of a question that asks "pour chacun", "l'un et l'autre"; [] without."""
    clauses = [each.strip() for each in re.split(r"[,:;.?!]+|\bet\b", question) if each.strip()]
    readings = [read(clause, document, registry) for clause in clauses]
    weights = [len(reading.rest) + len(reading.named) for reading in readings]
    best = sorted(range(len(clauses)), key=lambda i: -weights[i])[:2]
    return [clauses[i] for i in sorted(best)] if len(best) == 2 and min(weights[i] for i in best) >= 2 else []


_FOR_EACH = re.compile(
    r"\b(?:pour (?:chacune?|les deux|lun|l une?|chaque)|l une? et (?:pour )?l autre|dans (?:un|l un) cas"
    r"|deux (?:choses|projets|questions)"
    r"|d un cote|respectivement|for each|pr l(?:es|e|é) (?:deux|2))\b"
)
"""Words by which a question says that it has two topics."""


def understand_part(reading: Reading, document: Document, registry: Registry) -> Request:
    for rule in RULES:
        request = rule(reading)
        if request is not None:
            return request
    told = _after_story(reading, document, registry)
    if told is not None:
        return told
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
    return (int(found[1]) if found[1].isdigit() else NUMBER_WORDS[found[1]]) if found else None


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
