"""A question as tokens, and what was recognised among them: fiches, enjeux, piliers, actors, names, numbers.

Every span recognised here is in the query that is read, in its topic, or told as left out: nothing is dropped in
silence (`assistant.understanding.reader`).
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from assistant.text.numbers import read_number
from assistant.understanding.question_words import load_question_words
from assistant.understanding.references import find_references
from corpus.document import Document
from corpus.phrases import PhraseMatcher, phrase_of
from corpus.registry import Registry
from corpus.text import fold

SpanKind = Literal["fiche", "enjeu", "pilier", "domain", "actor", "named", "place", "number", "ordinal"]
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]")
_LEXICON = Path(__file__).parent / "data" / "lexicon.toml"


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens `start` to `end` (exclusive). `values`: fiches, enjeux or piliers by number, an actor's id, a name, a
    number ("3"; "-1" for "la dernière"); a domain is a pilier named as a topic may be, its number."""

    kind: SpanKind
    start: int
    end: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A question cut into folded words and marks of punctuation. `places`: where each stands in the question;
    `spans`: from left to right; two may share tokens (an actor that is a name too). `concepts`: token -> what it says,
    by `question_words.toml`."""

    question: str
    tokens: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    spans: tuple[Span, ...]
    concepts: tuple[tuple[str, ...], ...]

    @property
    def said(self) -> frozenset[str]:
        """The concepts of `question_words.toml` that it says."""
        return frozenset(name for concepts in self.concepts for name in concepts)

    def text_of(self, start: int, end: int) -> str:
        """The question's own characters from a token to another (exclusive)."""
        return self.question[self.places[start][0] : self.places[end - 1][1]] if end > start else ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`data/lexicon.toml`: phrases of each kind, and lists of words as it explains them."""

    domains: PhraseMatcher[int]
    ordinals: PhraseMatcher[int]
    numbers: PhraseMatcher[int]
    actors: PhraseMatcher[str]
    before_reference: frozenset[str]
    leading: frozenset[str]


@cache
def load_lexicon() -> Lexicon:
    content = tomllib.loads(_LEXICON.read_text(encoding="utf-8"))

    def matcher(table: dict[str, list[str]]) -> PhraseMatcher[int]:
        return PhraseMatcher({phrase_of(each): int(number) for number, phrases in table.items() for each in phrases})

    actors = {phrase_of(each): id for id, phrases in content["actors"].items() for each in phrases}
    return Lexicon(
        matcher(content["domains"]),
        matcher(content["ordinals"]),
        matcher(content["numbers"]),
        PhraseMatcher(actors),
        frozenset(content["words"]["before_reference"].split()),
        frozenset(content["words"]["leading"].split()),
    )


def mark(question: str, document: Document, registry: Registry) -> Marked:
    """Everything recognised in a question. Its characters and those of its folded form are one to one where it matters:
    a question whose folding changes its length is read in its folded form."""
    folded = fold(question)
    source = question if len(folded) == len(question) else folded
    found = [(match.group(), match.span()) for match in _TOKEN.finditer(folded)]
    tokens = tuple(token for token, _ in found)
    places = tuple(place for _, place in found)
    spans = [
        Span(each.kind, *_tokens_at(tokens, places, each.start, each.end), each.numbers)  # type: ignore[arg-type]
        for each in find_references(question, document)
    ]
    spans = [each for each in spans if each.end > each.start]
    taken = {position for each in spans for position in range(each.start, each.end)}
    free = tuple("" if position in taken else token for position, token in enumerate(tokens))
    words = [position for position, token in enumerate(free) if token and token[0].isalnum()]
    word_tokens = [free[position] for position in words]

    def span(kind: SpanKind, start: int, end: int, *values: str) -> Span:
        return Span(kind, words[start], words[end - 1] + 1, values)

    hidden = {
        words[i]
        for start, end, found_ in registry.names.find(word_tokens)
        if not (found_.actor or found_.named)
        for i in range(start, end)
    }
    for mention in registry.find(word_tokens):
        if mention.actor:
            spans.append(span("actor", mention.start, mention.end, mention.actor.id))
        if mention.named:
            place = mention.named.kind in ("commune", "quartier")
            spans.append(span("place" if place else "named", mention.start, mention.end, mention.named.name))
    lexicon = load_lexicon()
    taken |= hidden | {position for each in spans for position in range(each.start, each.end)}
    tables: tuple[tuple[SpanKind, PhraseMatcher[int] | PhraseMatcher[str]], ...] = (
        ("actor", lexicon.actors),
        ("domain", lexicon.domains),
        ("ordinal", lexicon.ordinals),
        ("number", lexicon.numbers),
    )
    for kind, matcher in tables:
        for start, end, value in matcher.find(word_tokens):
            if not taken & set(words[start:end]):
                spans.append(span(kind, start, end, *str(value).split()))
                taken |= set(words[start:end])
    spans += _numbers(word_tokens, words, taken)
    concepts: list[tuple[str, ...]] = [() for _ in tokens]
    for concept in load_question_words().find(word_tokens):
        for position in words[concept.start : concept.end]:
            concepts[position] = (*concepts[position], concept.concept)
    return Marked(
        source, tokens, places, tuple(sorted(spans, key=lambda each: (each.start, each.end))), tuple(concepts)
    )


def _tokens_at(tokens: Sequence[str], places: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    inside = [position for position, (left, right) in enumerate(places) if left < end and right > start]
    while len(inside) > 1 and tokens[inside[0]] in load_lexicon().before_reference:
        del inside[0]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _numbers(word_tokens: Sequence[str], words: Sequence[int], taken: set[int]) -> Iterator[Span]:
    position = 0
    while position < len(words):
        token = word_tokens[position]
        figures = token.removesuffix("eme").removesuffix("e")
        if figures != token and figures.isdecimal() and len(figures) < 3 and words[position] not in taken:
            yield Span("ordinal", words[position], words[position] + 1, (figures,))  # "la 15e"
            position += 1
            continue
        value, used = (int(token), 1) if token.isdecimal() and len(token) < 7 else read_number(word_tokens[position:])
        if used and token not in ("un", "une") and not taken & set(words[position : position + used]):
            yield Span("number", words[position], words[position + used - 1] + 1, (str(value),))
        position += max(used, 1)
