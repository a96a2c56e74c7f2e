"""Each sentence of a generated answer against the passages it cites: it passes, its citation is mended, or it goes.

Code, not a prompt. The rules hold first (`rules.py`), then the content must be covered beyond a fitted level
(`coverage.py`). A list is checked item by item, each with the line that opens it as `lead`.
Writes nothing and knows no model; what the model made of the question is the caller's business.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass

from assistant.answer import Citation
from assistant.generation.gate.coverage import FEATURES, WEIGHTS_FILE, Coverage, rarities
from assistant.generation.gate.names import without_actors
from assistant.generation.gate.numbers import FICHE, without_numbers
from assistant.generation.gate.roles import finances, operates
from assistant.generation.gate.rules import ROLE_WORDS, RULES, Claim, role_of
from assistant.generation.gate.sentences import Marked, append_calls, read_marks, write_calls
from assistant.generation.passages import Passage
from assistant.learned import Cutoff, load_cutoff
from corpus.document import Document
from corpus.registry import Registry
from corpus.text import fold
from index.encoder.base import Encoder, Floats


@dataclass(frozen=True, slots=True)
class PassedSentence:
    """A sentence that passed, its marks written as in all our answers: [fiche 2-3].

    `mended`: its citation was lacking or wrong, and another given passage that supports it is cited instead.
    """

    text: str
    citations: tuple[Citation, ...]
    mended: bool


class Gate:
    """Holds no question and no answer; safe for several threads."""

    def __init__(
        self,
        registry: Registry,
        encoder: Encoder,
        weights: Cutoff,
        *,
        rarity: Mapping[str, float],
        titles: Mapping[str, str],
    ) -> None:
        """`titles`: fiche -> title, that a sentence may use though the passages do not repeat it."""
        self._registry, self._weights, self._titles = registry, weights, titles
        self._coverage = Coverage(rarity, encoder)
        self.rules = RULES

    def pass_sentence(self, sentence: str, given: Sequence[Passage], *, lead: str = "") -> PassedSentence | None:
        """The sentence as it may be shown, or None. `lead`: the line that opens its list, read with it, not shown."""
        marked = read_marks(sentence)
        own = marked.text.strip()
        claim = Claim(f"{read_marks(lead).text.strip()} {own}".strip(), own)
        if not any(letter.isalpha() for letter in own):
            return None
        cited = _cited(marked, given)
        known = {mark for mark, _ in cited}
        passages = list(dict.fromkeys(passage for _, passage in cited))
        if passages and self.supports(claim, passages):
            fiches = {mark: passage.fiche for mark, passage in cited}
            return PassedSentence(write_calls(marked, fiches), _citations(passages), set(marked.cited) != known)
        return self._mend(claim, marked, given, passages)

    def with_weights(self, weights: Cutoff) -> "Gate":
        """The same gate, what it knows of passages included, with another level."""
        other = copy(self)
        other._weights = weights
        return other

    def supports(self, claim: Claim, passages: Sequence[Passage]) -> bool:
        return not self.broken(claim, passages) and self.probability(claim, passages) >= self._weights.level

    def broken(self, claim: Claim, passages: Sequence[Passage]) -> bool:
        return any(rule(self._registry, claim, passages) for rule in self.rules.values())

    def probability(self, claim: Claim, passages: Sequence[Passage]) -> float:
        """The fitted probability that passages support a sentence that breaks no rule."""
        features = self.features(claim, passages)
        return float(self._weights.linear.probabilities(features[None, :])[0])

    def features(self, claim: Claim, passages: Sequence[Passage]) -> Floats:
        """What the level is fitted on; actors and numbers are left to the rules, which know their other spellings."""
        return self._coverage.features(
            claim.own,
            without_numbers(without_actors(self._registry, claim.own)),
            [(self._head(each), each.text) for each in passages],
        )

    def _head(self, passage: Passage) -> str:
        """What a passage is, in words that a sentence may use: the title of its fiche, the role of its list."""
        return f"{self._titles.get(passage.fiche, '')} {ROLE_WORDS.get(role_of(passage), '')}".strip()

    def _contested(self, claim: Claim, chance: float, given: Sequence[Passage]) -> bool:
        """Whether a passage that covers a sentence at least as well speaks against it."""
        against = [each for each in given if self.broken(claim, [each])]
        return any(self.probability(claim, [each]) >= chance for each in against)

    def _mend(
        self, claim: Claim, marked: Marked, given: Sequence[Passage], cited: Sequence[Passage]
    ) -> PassedSentence | None:
        """The likeliest other passage that supports the sentence alone.

        A sentence that leans on its fiche ("cette action", who finances) means the fiche that it cites, or the only
        one given: another fiche's list would make it say something else.
        """
        fiches = {passage.fiche for passage in cited} or {passage.fiche for passage in given}
        leaning = _leans(claim.text)
        named = set(FICHE.findall(claim.text))
        others = [
            each
            for each in given
            if each not in cited and (not leaning or (len(fiches) == 1 and each.fiche in fiches) or each.fiche in named)
        ]
        chances = [(self.probability(claim, [each]), each) for each in others if not self.broken(claim, [each])]
        likely = sorted((pair for pair in chances if pair[0] >= self._weights.level), key=lambda pair: -pair[0])
        found = next((each for chance, each in likely if not self._contested(claim, chance, given)), None)
        if found is None:
            return None
        return PassedSentence(append_calls(marked.text.strip(), [found.fiche]), _citations([found]), True)


def _leans(text: str) -> bool:
    folded = f" {fold(text)} "
    pointing = (" cette ", " ce ", " ces ", " cet ", " elle ", " il ", " elles ", " ils ", " celui-ci ", " celle-ci ")
    return finances(text) or operates(text) or any(word in folded for word in pointing)


def _cited(marked: Marked, given: Sequence[Passage]) -> list[tuple[str, Passage]]:
    """Pairs (mark as written, passage); a fiche's number cites every given passage of that fiche."""
    pairs = []
    for mark in marked.cited:
        pairs += [(mark, each) for each in given if mark in (each.mark, each.fiche)]
    return pairs


def _citations(passages: Sequence[Passage]) -> tuple[Citation, ...]:
    return tuple(Citation(each.fiche, each.section, each.text, each.lines) for each in passages)


def open_gate(document: Document, registry: Registry, encoder: Encoder, weights: Cutoff | None = None) -> Gate:
    """The gate over a document, by default with the weights of `data/gate.json`."""
    titles = {fiche.number: fiche.title for fiche in document.fiches}
    titles |= {f"enjeu {enjeu.number}": enjeu.title for enjeu in document.enjeux}
    return Gate(
        registry, encoder, weights or load_cutoff(WEIGHTS_FILE, FEATURES), rarity=rarities(document), titles=titles
    )
