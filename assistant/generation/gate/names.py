"""Who and what a text names: actors and things of the registry, acronyms, proper names; and which of these lack.

A name of a claim stands in the evidence when the registry knows both as the same, or when its very words stand there.
"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from assistant.text.stop_words import AFTER_PREPOSITIONS, BEFORE_PLACES, NO_PROPER_NAMES
from corpus.phrases import phrase_of, singular
from corpus.registry import Mention, Registry
from corpus.text import words

_ACRONYM = re.compile(r"(?<![^\W_])(?=[^\W\d_]*[A-Z])[A-Z][A-Z\d]{1,}(?:[-‑/][A-Z\d]+)*s?(?![^\W_])")
_CAPITALISED = re.compile(r"(?<![^\W_])[A-ZÀÂÇÉÈÊËÎÏÔŒÙÛ][^\W_]+(?:[-‑][^\W_]+)*(?![^\W_])")
_OPENING = re.compile(r"(?:^|[.!?…:;«“\"(\n]|[-–•*]\s)\s*(?:[«“\"(*_]\s?)*$")
_PIECES = re.compile(r"[;\n]|(?<=[^\W\d_]{3})\.\s")
_PLACES = frozenset(("communes", "agglomeration"))
"""Actors whose names are also those of places: what they do is held against the evidence, where things are is not."""
_GIVEN = ("dispositif", "aide", "financement", "credit", "soutien", "subvention", "partenaire")


_keys = lru_cache(maxsize=1024)(phrase_of)


def actors_of(registry: Registry, text: str) -> frozenset[str]:
    """The actors that a text names, members of joint holders too."""
    found = [mention.actor for mention in registry.find(words(text)) if mention.actor]
    return frozenset(actor.id for actor in found) | {id for actor in found for id in actor.members}


def missing_names(registry: Registry, claim: str, evidence: str) -> tuple[str, ...]:
    """Names of registry that the claim holds and the evidence does not, as the registry calls them."""
    known = actors_of(registry, evidence)
    things = {mention.named.name for mention in registry.find(words(evidence)) if mention.named}
    spelt = f" {' '.join(_keys(evidence))} "
    tokens, masked = words(claim), f" {without_actors(registry, evidence)} "
    missing = []
    for mention in registry.find(words(claim)):
        surface = " ".join(phrase_of(" ".join(tokens[mention.start : mention.end])))
        actor, named = mention.actor, mention.named
        if named and (named.name in things or f" {surface} " in spelt):
            continue
        if named and any(
            f" {' '.join(phrase_of(variant))} " in spelt for variant in named.variants if len(variant) > 2
        ):
            continue
        if actor and (actor.id in known or (actor.members and known.issuperset(actor.members))):
            continue
        if actor and f" {surface} " in masked:
            continue
        if actor and not named and actor.id in _PLACES and _is_place(tokens, mention.start):
            continue
        missing.append(actor.name if actor else named.name if named else "")
    return tuple(missing)


def _is_place(tokens: Sequence[str], start: int) -> bool:
    """Whether a name follows a preposition of place: "dans l’agglomération", but not "par l’agglomération"."""
    before = [token for token in tokens[max(0, start - 4) : start] if token not in AFTER_PREPOSITIONS]
    given = before[:-1] and before[-2].startswith(_GIVEN)
    return bool(before) and before[-1] in BEFORE_PLACES and not given


def missing_acronyms(registry: Registry, claim: str, evidence: str) -> tuple[str, ...]:
    """Acronyms of the claim that stand in the evidence neither as such nor spelled out."""
    held = set(_keys(evidence))
    known = actors_of(registry, evidence)
    spelt = f" {' '.join(_keys(evidence))} "
    missing = []
    for acronym in _ACRONYM.findall(claim):
        parts = phrase_of(acronym)
        if set(parts) <= held or _is_roman(acronym):
            continue
        found = registry.find(words(acronym))
        if found and all(_stands(mention, known, spelt) for mention in found):
            continue
        missing.append(acronym)
    return tuple(missing)


def _is_roman(acronym: str) -> bool:
    return re.fullmatch(r"[IVX]{1,4}", acronym) is not None


def _stands(mention: Mention, actors: Collection[str], spelt: str) -> bool:
    if mention.actor and mention.actor.id in actors:
        return True
    variants = (mention.named.meaning, *mention.named.variants) if mention.named else ()
    return any(f" {' '.join(phrase_of(variant))} " in spelt for variant in variants if variant)


def missing_proper(registry: Registry, claim: str, evidence: str) -> tuple[str, ...]:
    """Capitalised words inside the claim's sentences that the evidence does not hold."""
    held = set(_keys(evidence))
    covered = {word for mention in registry.find(words(claim)) for word in words(claim)[mention.start : mention.end]}
    missing = []
    for match in _CAPITALISED.finditer(claim):
        parts = [part for part in words(match.group()) if len(part) > 1]
        if _OPENING.search(claim[: match.start()]) or set(parts) <= covered | NO_PROPER_NAMES:
            continue
        if not set(phrase_of(" ".join(parts))) <= held:
            missing.append(match.group())
    return tuple(missing)


def without_actors(registry: Registry, text: str) -> str:
    """The plain words of a text, without the names of actors: "La CAF paie" -> "la | paie"."""
    tokens = words(text)
    named = {each for m in registry.find(tokens) if m.actor for each in range(m.start, m.end)}
    return " ".join("|" if position in named else singular(token) for position, token in enumerate(tokens))


def misplaced(registry: Registry, claim: str, evidence: str) -> bool:
    """Whether the claim puts something in a commune where the evidence has it in another.

    What it puts there are its other proper names, held against the lines and clauses of the evidence that name them;
    without any, its words, against the clause that shares most.
    """
    towns = _towns(registry, claim)
    if not towns:
        return False
    pieces = [(piece, _towns(registry, piece)) for piece in _PIECES.split(evidence) if piece.strip()]
    known = {word for town in towns for word in phrase_of(town)} | {"ville", "seine", "roi"}
    anchors = (
        {word for match in _CAPITALISED.findall(claim) for word in phrase_of(match) if len(word) > 3}
        - known
        - NO_PROPER_NAMES
    )
    content = {word for word in phrase_of(claim) if len(word) > 3} - known
    named = [held for piece, held in pieces if held and len(anchors & set(phrase_of(piece))) > 0]
    if not named:
        share = [len(content & set(phrase_of(piece))) for piece, _ in pieces]
        most = max(share, default=0)
        named = [held for (_, held), each in zip(pieces, share, strict=True) if held and each == most]
    return bool(named) and not towns <= frozenset().union(*named)


def _towns(registry: Registry, text: str) -> frozenset[str]:
    found = [mention.named for mention in registry.find(words(text)) if mention.named]
    return frozenset(named.name for named in found if named.kind == "commune")
