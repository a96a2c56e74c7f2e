"""Who and what a text names: actors and things of the registry, acronyms, proper names; and which of these lack.

A name of a claim stands in the evidence when the registry knows both as the same, or when its very words stand there.
"""

import re
from collections.abc import Collection
from functools import lru_cache

from assistant.names import Mention, Registry, key
from index.tokens import fold, words

_ACRONYM = re.compile(r"(?<![^\W_])(?=[^\W\d_]*[A-Z])[A-Z][A-Z\d]{1,}(?:[-‑/][A-Z\d]+)*s?(?![^\W_])")
_CAPITALISED = re.compile(r"(?<![^\W_])[A-ZÀÂÇÉÈÊËÎÏÔŒÙÛ][^\W\d_]+(?:[-‑’'][^\W\d_]+)*")
_OPENING = re.compile(r"(?:^|[.!?…:;«“\"(\n]|[-–•*]\s)\s*(?:[«“\"(*_]\s?)*$")
_PLACES = frozenset(("communes", "agglomeration"))
"""Actors whose names are also those of places: what they do is held against the evidence, where things are is not."""
_ORDINARY = frozenset(
    [
        "contrat",
        "ville",
        "fiche",
        "fiches",
        "document",
        "etat",
        "quartier",
        "quartiers",
        "prioritaire",
        "prioritaires",
        "politique",
    ]
)
_ACTING = re.compile(
    r"\b(?:financ|cofinanc|subventionn|pay(?:e|er|ent)\b|operateur|partenaire|pilot|anim|porte?(?:ee?s?|es?)? par|"
    r"mene(?:es?|s)? par|propos|organis|offr|verse|dispositifs? (?:de|du|des|d'))"
)


def acts(text: str) -> bool:
    """Whether a text says that somebody finances, operates, offers: then a commune is an actor, not a place."""
    return _ACTING.search(fold(text)) is not None


@lru_cache(maxsize=1024)
def _keys(text: str) -> tuple[str, ...]:
    return key(text)


def actors_of(registry: Registry, text: str) -> frozenset[str]:
    """The actors that a text names, members of joint holders too."""
    found = [mention.actor for mention in registry.find(words(text)) if mention.actor]
    return frozenset(actor.id for actor in found) | {id for actor in found for id in actor.members}


def missing_names(registry: Registry, claim: str, evidence: str) -> tuple[str, ...]:
    """Names of registry that the claim holds and the evidence does not, as the registry calls them."""
    known = actors_of(registry, evidence)
    things = {mention.named.name for mention in registry.find(words(evidence)) if mention.named}
    spelt = f" {' '.join(_keys(evidence))} "
    tokens, acting = words(claim), acts(claim)
    missing = []
    for mention in registry.find(words(claim)):
        surface = " ".join(key(" ".join(tokens[mention.start : mention.end])))
        actor, named = mention.actor, mention.named
        if named and (named.name in things or f" {surface} " in spelt):
            continue
        if named and any(f" {' '.join(key(variant))} " in spelt for variant in named.variants if len(variant) > 2):
            continue
        if actor and (actor.id in known or (actor.members and known.issuperset(actor.members))):
            continue
        if actor and not named and actor.id in _PLACES and not acting:
            continue
        missing.append(actor.name if actor else named.name if named else "")
    return tuple(missing)


def missing_acronyms(registry: Registry, claim: str, evidence: str) -> tuple[str, ...]:
    """Acronyms of the claim that stand in the evidence neither as such nor spelled out."""
    held = set(_keys(evidence))
    known = actors_of(registry, evidence)
    spelt = f" {' '.join(_keys(evidence))} "
    missing = []
    for acronym in _ACRONYM.findall(claim):
        parts = key(acronym)
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
    return any(f" {' '.join(key(variant))} " in spelt for variant in variants if variant)


def missing_proper(registry: Registry, claim: str, evidence: str) -> tuple[str, ...]:
    """Capitalised words inside the claim's sentences that the evidence does not hold."""
    held = set(_keys(evidence))
    covered = {word for mention in registry.find(words(claim)) for word in words(claim)[mention.start : mention.end]}
    missing = []
    for match in _CAPITALISED.finditer(claim):
        parts = [part for part in words(match.group()) if len(part) > 1]
        if _OPENING.search(claim[: match.start()]) or set(parts) <= covered | _ORDINARY:
            continue
        if not set(key(" ".join(parts))) <= held:
            missing.append(match.group())
    return tuple(missing)


def without_actors(registry: Registry, text: str) -> str:
    """The plain words of a text that are not the name of an actor: "La CAF paie" -> "la paie"."""
    tokens = words(text)
    named = {each for m in registry.find(tokens) if m.actor and not m.named for each in range(m.start, m.end)}
    return " ".join(token for position, token in enumerate(tokens) if position not in named)
