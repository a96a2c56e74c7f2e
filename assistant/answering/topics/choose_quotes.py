"""How likely each quote of a fiche answers a question: a fitted probability over what the search and the words say.

Nothing is computed twice: what depends on the fiche alone is kept; a question costs a few dozen dot products.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np

from assistant.answering.topics.quotes import Quote, quotable
from assistant.answering.topics.reading import read
from assistant.learned import Linear
from assistant.text.spelling import document_words
from corpus.document import Document, Fiche
from corpus.mentions import flatten_document
from corpus.registry import Registry
from corpus.text import flatten, fold, stems
from index.encoder.base import Floats
from index.evidence import Evidence, Index, standardise

FEATURES = (
    *("dense", "dense here", "dense of its list", "keyword", "keyword here", "covered", "covered by its list"),
    *("asked alike", "asked alike, known", "named", "holder asked", "proof", "figure"),
    *("acting", "dispositif", "bullet", "opens a list", "common", "length"),
    *("dispositifs x dispositif", "descriptif x acting", "descriptif x dispositif"),
    *("fait x acting", "fait x figure", "fait x dispositif", "list x dispositif"),
)
_PROOFS = (
    (
        re.compile(r"\bcombien|\bcb\b|pourcent|proportion|\btaux\b|\bchiffres?\b|quel nombre|\bnombre d|quelle part"),
        re.compile(r"\d"),
    ),
    (
        re.compile(r"\bannees?\b|quelle date|\bdates?\b|\bquand\b"),
        re.compile(r"\b(?:19|20)\d\d\b"),
    ),
    (
        re.compile(
            r"quelles? (?:ville|commune|salle)|quel (?:endroit|lieu)|\bou (?:ca|c|se|est|sont|on)\b"
            r"|(?:ca|c) se (?:passe|tient|trouve)|\bsitues?\b"
        ),
        re.compile(r"\b(?:ivry|vitry|choisy|creteil|paris|orly)\b"),
    ),
    (
        re.compile(r"quel age|a partir de quel|quelles? classes?|quels? (?:eleves|niveaux?)"),
        re.compile(r"\d+ ?(?:ans|eme)|moins de"),
    ),
    (
        re.compile(r"combien de temps|quelle duree|ca dure|dure combien"),
        re.compile(r"\b(?:mois|jours?|semaines?|ans|journees)\b"),
    ),
    (
        re.compile(r"tous les combien|frequence|souvent|quel rythme|quel jour|combien de fois"),
        re.compile(
            r"\b(?:fois par|mensuel\w*|hebdo\w*|chaque|par (?:mois|an|semaine)|(?:lun|mar|mercre|jeu|vendre)dis?)\b"
        ),
    ),
)
"""Words that ask for a kind of fact, and what a text must hold to be one."""


@dataclass(frozen=True)
class _Card:
    """What is known of a fiche's quotes before any question. `rows`: the sentences of the index in each quote."""

    quotes: tuple[Quote, ...]
    rows: tuple[tuple[int, ...], ...]
    stems: tuple[frozenset[str], ...]
    texts: tuple[str, ...]
    asked: tuple[tuple[int, ...], ...]
    """Residents' words, as rows of the index, that each quote was written for."""
    heads: tuple[int, ...]
    """Position of the quote that opens its list; its own for a quote that stands alone."""
    fixed: Floats
    """(quotes, 6): acting, dispositif, bullet, opens, common, length."""


class Judge:
    """Scores the quotes of fiches; holds no question, safe for several threads."""

    def __init__(self, index: Index, document: Document, registry: Registry, weights: Linear) -> None:
        self.index, self._document, self._registry, self._weights = index, document, registry, weights
        self._common: dict[str, int] = {}
        for text in chain.from_iterable({q.shown.text for q in quotable(fiche)} for fiche in document.fiches):
            self._common[text] = self._common.get(text, 0) + 1
        self._card = lru_cache(maxsize=64)(self._make_card)

    def probabilities(
        self, question: str, fiche: Fiche, evidence: Evidence, aspects: Mapping[str, float]
    ) -> list[tuple[Quote, float]]:
        """Pairs (quote, probability that it answers), likeliest first."""
        scores = self._weights.probabilities(self.features(question, fiche, evidence, aspects))
        order = np.argsort(-scores, kind="stable")
        quotes = self._card(fiche).quotes
        return [(quotes[i], float(scores[i])) for i in order]

    def features(self, question: str, fiche: Fiche, evidence: Evidence, aspects: Mapping[str, float]) -> Floats:
        """(quotes, FEATURES), in the order of `quotable`."""
        card = self._card(fiche)
        reading = read(question, self._document, self._registry)
        content = set(chain.from_iterable(stems(word) for word in reading.rest))
        content |= set(stems(document_words(question)))
        dense = _best(standardise(evidence.sentence_dense), card.rows)
        keyword = _best(standardise(evidence.sentence_keyword), card.rows)
        covered = np.array([self._share(content, each) for each in card.stems], np.float32)
        alike = standardise(evidence.phrase_dense)
        asked = np.array([alike[list(rows)].max() if rows else 0.0 for rows in card.asked], np.float32)
        known = np.array([bool(rows) for rows in card.asked], np.float32)
        names = [flatten(name) for name in names_of(self._registry, reading.named, reading.actors)]
        named = np.array([sum(name in text for name in names) for text in card.texts], np.float32)
        holders = {variant for id in reading.actors for variant in self._holders(id)}
        held = np.array([flatten_document(quote.holder) in holders for quote in card.quotes], np.float32)
        wanted = [proof for words, proof in _PROOFS if words.search(fold(question))]
        proof = np.array([sum(each.search(text) is not None for each in wanted) for text in card.texts], np.float32)
        figure = np.array([any(c.isdigit() for c in text) for text in card.texts], np.float32)
        acting, dispositif = card.fixed[:, 0], card.fixed[:, 1]
        heads = list(card.heads)
        share = {name: float(aspects.get(name, 0.0)) for name in ("dispositifs", "descriptif", "fait")}
        lists = float(aspects.get("financeurs", 0.0)) + float(aspects.get("operateurs", 0.0))
        columns = [
            *(dense, standardise(dense), dense[heads], keyword, standardise(keyword), covered, covered[heads]),
            *(asked, known, named, held, proof, figure),
            *card.fixed.T,
            *(share["dispositifs"] * dispositif, share["descriptif"] * acting * (1 - dispositif)),
            *(share["descriptif"] * dispositif, share["fait"] * acting, share["fait"] * figure),
            *(share["fait"] * dispositif, lists * dispositif),
        ]
        return np.stack(columns, axis=1).astype(np.float32)

    def _share(self, content: set[str], held: frozenset[str]) -> float:
        """The share of the question's content, weighted by rarity, that a quote holds."""
        total = sum(self.index.rarity(stem) for stem in content)
        return sum(self.index.rarity(stem) for stem in content & held) / total if total else 0.0

    def _holders(self, id: str) -> set[str]:
        actor = self._registry.actor(id)
        return {flatten_document(name) for name in (actor.name, actor.acronym, *actor.spellings) if name}

    def _make_card(self, fiche: Fiche) -> _Card:
        quotes = quotable(fiche)
        sentences = [
            (row, entry.body)
            for row, entry in enumerate(self.index.entries.sentences)
            if entry.document == fiche.number
        ]
        phrases = [
            (row, [flatten(proof) for proof in entry.proofs])
            for row, entry in enumerate(self.index.entries.phrases)
            if entry.document == fiche.number and entry.proofs
        ]
        texts = [flatten(f"{quote.holder} {quote.shown.text}") for quote in quotes]
        heads, head = [], 0
        for position, quote in enumerate(quotes):
            head = position if quote.head is None else head
            heads.append(head)
        return _Card(
            quotes,
            tuple(
                tuple(row for row, body in sentences if body in quote.shown.text or quote.shown.text in body)
                for quote in quotes
            ),
            tuple(frozenset(stems(f"{quote.holder} {quote.shown.text}")) for quote in quotes),
            tuple(texts),
            tuple(tuple(row for row, proofs in phrases if any(proof in text for proof in proofs)) for text in texts),
            tuple(heads),
            np.array([self._fixed(quote) for quote in quotes], np.float32),
        )

    def _fixed(self, quote: Quote) -> tuple[float, ...]:
        return (
            float(quote.acting),
            float(quote.section == "dispositifs"),
            float(quote.head is not None),
            float(bool(quote.under)),
            float(np.log(self._common.get(quote.shown.text, 1))),
            float(np.log(len(quote.shown.text)) - 5),
        )


def _best(scores: Floats, rows: Sequence[Sequence[int]]) -> Floats:
    """(quotes,) the best score among the rows of each; the lowest of all for a quote without rows."""
    lowest = float(scores.min()) if len(scores) else 0.0
    return np.array([scores[list(each)].max() if each else lowest for each in rows], np.float32)


def holds(quote: Quote, proofs: Sequence[str]) -> bool:
    """Whether a quote holds one of these exact pieces of the document."""
    text = flatten(f"{quote.holder} {quote.shown.text}")
    return any(flatten(proof) in text for proof in proofs)


def names_of(registry: Registry, named: Sequence[str], actors: Sequence[str]) -> list[str]:
    """The shortest telling spelling of each name of a question, to look for in paragraphs: "ivry", "gaia"."""
    found = []
    for thing in registry.named:
        if thing.name in named:
            found.append(min((v for v in thing.variants if len(v) > 2), key=len, default=thing.name))
    for id in actors:
        actor = registry.actor(id)
        found.append(actor.acronym or min(actor.spellings, key=len, default=actor.name))
    return found
