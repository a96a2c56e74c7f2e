"""A question with all that was found in it: references, names, question forms, and the words that are left."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from assistant.understanding.question_words import ConceptSpan, load_question_words
from assistant.understanding.references import find_references
from corpus.document import ROLES, Document, Role
from corpus.phrases import singular
from corpus.registry import Mention, Registry
from corpus.text import fold, words

PLACES = ("commune", "quartier")
Aspect = Literal["financeurs", "operateurs", "dispositifs", "descriptif", "titre", "enjeu", "pilier"]
_ASPECTS: tuple[Aspect, ...] = (
    *("descriptif", "financeurs", "operateurs", "dispositifs"),
    *("titre", "enjeu", "pilier"),
)


@dataclass(frozen=True)
class Reading:
    """A question with all that was found in it. Positions count its plain words."""

    question: str
    tokens: tuple[str, ...]
    mentions: tuple[Mention, ...]
    concepts: tuple[ConceptSpan, ...]
    rest: tuple[str, ...]
    """The content words that belong to nothing found: the topic."""

    @cached_property
    def folded(self) -> str:
        return fold(self.question)

    @cached_property
    def plain(self) -> str:
        """Its plain words, a space between two."""
        return " ".join(self.tokens)

    def has(self, *names: str) -> bool:
        return any(found.concept in names for found in self.concepts)

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        paying = self.says_fiche and self.has("pay")
        return tuple(role for role in ROLES if self.has(role) or (role == "financeurs" and paying))

    @cached_property
    def aspects(self) -> tuple[Aspect, ...]:
        """What is asked of a fiche; "c'est quoi" beside a list ("c'est quoi les dispositifs") asks for the list."""
        found = tuple(aspect for aspect in _ASPECTS if self.has(aspect))
        describing = re.search(r"\b(?:idee|objectif\w*|parle|resum\w*|descriptif|sujet|traite)\b", self.plain)
        return found if describing or not self.roles else tuple(each for each in found if each != "descriptif")

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
    def yes_no(self) -> bool:
        """An inversion ("finance-t-elle"), "est-ce que", or no question word at all."""
        inverted = re.search(r"-(?:t-)?(?:il|elle|ils|elles|on|vous)\b", self.folded)
        asks = re.search(
            r"\b(?:qui|quel\w*|kel\w*|ki|quoi|koi|combien|cb|comment|pourquoi|ou|lequel\w*|laquelle)\b",
            self.folded,
        )
        return self.has("yes") or (bool(inverted or "?" in self.question) and asks is None)

    @cached_property
    def asks_whether(self) -> bool:
        """A plain yes or no question: an inversion or "est-ce que", and no question word."""
        said = re.search(r"-(?:t-)?(?:il|elle|ils|elles)\b|\best[- ]ce qu|\boui ou non\b|\bfait partie\b", self.folded)
        return bool(said) and self.yes_no and not re.search(r"(?:^|[,:] )(?:qu[e' ]|a quoi|de quoi)", self.folded)


def _is_or(found: ConceptSpan, tokens: tuple[str, ...], question: str) -> bool:
    """Whether a folded "ou" is the conjunction: "où" keeps its accent, unless the person types none at all."""
    if found.concept != "which" or tokens[found.start] != "ou" or "où" in question.lower():
        return False
    if not question.isascii():
        return True
    before = tokens[found.start - 1] if found.start else ""
    return not (found.start == 0 or found.end == len(tokens) or singular(before) in ("fiche", "financeur", "operateur"))


def read(question: str, document: Document, registry: Registry) -> Reading:
    folded = fold(question)
    blanked = list(folded)
    for each in find_references(question, document):
        blanked[each.start : each.end] = " " * (each.end - each.start)
    tokens = tuple(words("".join(blanked)))
    mentions = tuple(registry.find(tokens))
    known = load_question_words()
    concepts = tuple(found for found in known.find(tokens) if not _is_or(found, tokens, question))
    taken = {position for mention in mentions for position in range(mention.start, mention.end)}
    taken |= {position for found in concepts for position in range(found.start, found.end)}
    rest = tuple(
        token
        for position, token in enumerate(tokens)
        if position not in taken and singular(token) not in known.stop and len(token) > 1
    )
    return Reading(question, tokens, mentions, concepts, rest)
