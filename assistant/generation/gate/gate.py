"""Each sentence of a generated answer against the passages it cites: it passes, its citation is mended, or it goes.

Code, not a prompt. Rules that nothing outweighs hold first (numbers, names, denials, roles, fiche numbers), then the
content must be covered beyond a fitted level. A list is gated item by item, each with the line that opens it as `lead`.
Writes nothing and knows no model; what the model made of the question is the caller's.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial

from assistant.answer import Citation
from assistant.generation.gate.coverage import FEATURES, WEIGHTS_FILE, Cover, Floats, rarities
from assistant.generation.gate.names import (
    actors_of,
    misplaced,
    missing_acronyms,
    missing_names,
    missing_proper,
    without_actors,
)
from assistant.generation.gate.numbers import FICHE, exact_words, numbers, unsupported_number, without_numbers
from assistant.generation.gate.numbers_by_town import mispaired
from assistant.generation.gate.sense import (
    contrary,
    denial_differs,
    finances,
    operates,
    plays_the_other_role,
    speaks_of_funds,
    speaks_of_operating,
)
from assistant.generation.gate.sentences import Marked, append_calls, is_lead, read_marks, split_sentences, write_calls
from assistant.learned import Cutoff, load_cutoff
from corpus.document import Document
from corpus.registry import Registry
from corpus.text import fold, words
from index.encoder.base import Encoder

__all__ = ["RULES", "Gate", "Gated", "Given", "is_lead", "open_gate", "split_sentences"]


@dataclass(frozen=True, slots=True)
class Given:
    """A passage given to the model. `mark`: what its text cites it with, "1" for [1]; the rest as in `Citation`."""

    mark: str
    fiche: str
    section: str
    text: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Gated:
    """A sentence that passed, its marks written as in all our answers: [fiche 2-3].

    `mended`: its citation was lacking or wrong, and another given passage that supports it is cited instead.
    """

    text: str
    citations: tuple[Citation, ...]
    mended: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence without its marks. `text` has its lead before it, `own` has not."""

    text: str
    own: str


Rule = Callable[[Registry, Claim, Sequence[Given]], bool]
"""Whether a claim breaks the rule against passages read together."""


def _texts(cited: Sequence[Given]) -> str:
    return "\n".join(given.text for given in cited)


def _numbers(_: Registry, claim: Claim, cited: Sequence[Given]) -> bool:
    text = _texts(cited)
    own = FICHE.sub(" ", claim.text)
    return unsupported_number(numbers(own), numbers(text)) or not exact_words(own) <= exact_words(text)


def _fiches(_: Registry, claim: Claim, cited: Sequence[Given]) -> bool:
    return not set(FICHE.findall(claim.text)) <= {given.fiche for given in cited}


def _names(registry: Registry, claim: Claim, cited: Sequence[Given]) -> bool:
    return bool(missing_names(registry, claim.text, _texts(cited)))


def _acronyms(registry: Registry, claim: Claim, cited: Sequence[Given]) -> bool:
    return bool(missing_acronyms(registry, claim.text, _texts(cited)))


def _proper(registry: Registry, claim: Claim, cited: Sequence[Given]) -> bool:
    return bool(missing_proper(registry, claim.text, _texts(cited)))


def _places(registry: Registry, claim: Claim, cited: Sequence[Given]) -> bool:
    return misplaced(registry, claim.text, _texts(cited))


def _pairs(registry: Registry, claim: Claim, cited: Sequence[Given]) -> bool:
    return mispaired(registry, claim.text, _texts(cited))


def _negation(_: Registry, claim: Claim, cited: Sequence[Given]) -> bool:
    return denial_differs(claim.text, _texts(cited)) or contrary(claim.text, _texts(cited))


def _roles(registry: Registry, claim: Claim, cited: Sequence[Given]) -> bool:
    """Who is said to finance stands among financeurs, or in a text on funds; likewise who is said to operate."""
    pays, acts = finances(claim.text), operates(claim.text)
    who = actors_of(registry, claim.own) or actors_of(registry, claim.text)
    if pays != acts and not any(_role(given) for given in cited):
        first = next((each.actor for each in registry.find(words(claim.own)) if each.actor), None)
        names = (first.name, first.acronym, *first.spellings) if first else ()
        if plays_the_other_role(names, claim.text, _texts(cited)):
            return True
    if pays and not acts and not _plays(registry, who, cited, "financeur", speaks_of_funds):
        return True
    return acts and not pays and not _plays(registry, who, cited, "operateur", partial(speaks_of_operating, claim.text))


def _plays(
    registry: Registry, who: frozenset[str], cited: Sequence[Given], role: str, speaks: Callable[[str], bool]
) -> bool:
    fit = [given for given in cited if _role(given) == role or (not _role(given) and speaks(given.text))]
    places = {"communes", "agglomeration"} - actors_of(registry, _texts(cited))
    return bool(fit) and who <= actors_of(registry, _texts(fit)) | places


def _role(given: Given) -> str:
    """The role of a list of partners, "" for any other passage."""
    return next((role for role in _ROLE_WORDS if role in fold(given.section)), "")


_ROLE_WORDS = {
    "financeur": "partenaires financeurs, financé, finance, financer, financement",
    "operateur": "partenaires opérateurs, opère, mené par, mis en œuvre, porté, réalisé, assuré",
}
"""Role -> the words with which a sentence says that somebody has it."""


RULES: Mapping[str, Rule] = {
    "numbers": _numbers,
    "fiches": _fiches,
    "names": _names,
    "acronyms": _acronyms,
    "proper": _proper,
    "places": _places,
    "pairs": _pairs,
    "negation": _negation,
    "roles": _roles,
}


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
        rules: Collection[str] = tuple(RULES),
    ) -> None:
        """`titles`: fiche -> title, that a sentence may use though the passages do not repeat it."""
        self._registry, self._weights, self._titles = registry, weights, titles
        self._cover = Cover(rarity, encoder)
        self._rules = [RULES[name] for name in rules]

    def pass_sentence(self, sentence: str, given: Sequence[Given], *, lead: str = "") -> Gated | None:
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
            return Gated(write_calls(marked, fiches), _citations(passages), set(marked.cited) != known)
        return self._mend(claim, marked, given, passages)

    def with_rules(self, rules: Collection[str]) -> "Gate":
        """The same gate, what it knows of passages included, with these of the `RULES` only."""
        other = copy(self)
        other._rules = [RULES[name] for name in rules]
        return other

    def with_weights(self, weights: Cutoff) -> "Gate":
        other = copy(self)
        other._weights = weights
        return other

    def supports(self, claim: Claim, passages: Sequence[Given]) -> bool:
        return not self.broken(claim, passages) and self.probability(claim, passages) >= self._weights.level

    def broken(self, claim: Claim, passages: Sequence[Given]) -> bool:
        return any(rule(self._registry, claim, passages) for rule in self._rules)

    def probability(self, claim: Claim, passages: Sequence[Given]) -> float:
        """The fitted probability that passages support a sentence that breaks no rule."""
        features = self.features(claim, passages)
        return float(self._weights.linear.probabilities(features[None, :])[0])

    def features(self, claim: Claim, passages: Sequence[Given]) -> Floats:
        """What the level is fitted on; actors and numbers are left to the rules, which know their other spellings."""
        return self._cover.features(
            claim.own,
            without_numbers(without_actors(self._registry, claim.own)),
            [(self._head(each), each.text) for each in passages],
        )

    def _head(self, passage: Given) -> str:
        """What a passage is, in words that a sentence may use: the title of its fiche, the role of its list."""
        return f"{self._titles.get(passage.fiche, '')} {_ROLE_WORDS.get(_role(passage), '')}".strip()

    def _contested(self, claim: Claim, chance: float, given: Sequence[Given]) -> bool:
        """Whether a passage that covers a sentence at least as well speaks against it."""
        against = [each for each in given if self.broken(claim, [each])]
        return any(self.probability(claim, [each]) >= chance for each in against)

    def _mend(self, claim: Claim, marked: Marked, given: Sequence[Given], cited: Sequence[Given]) -> Gated | None:
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
        return Gated(append_calls(marked.text.strip(), [found.fiche]), _citations([found]), True)


def _leans(text: str) -> bool:
    folded = f" {fold(text)} "
    pointing = (" cette ", " ce ", " ces ", " cet ", " elle ", " il ", " elles ", " ils ", " celui-ci ", " celle-ci ")
    return finances(text) or operates(text) or any(word in folded for word in pointing)


def _cited(marked: Marked, given: Sequence[Given]) -> list[tuple[str, Given]]:
    """Pairs (mark as written, passage); a fiche's number cites every given passage of that fiche."""
    pairs = []
    for mark in marked.cited:
        pairs += [(mark, each) for each in given if mark in (each.mark, each.fiche)]
    return pairs


def _citations(passages: Sequence[Given]) -> tuple[Citation, ...]:
    return tuple(Citation(each.fiche, each.section, each.text, each.lines) for each in passages)


def open_gate(document: Document, registry: Registry, encoder: Encoder, weights: Cutoff | None = None) -> Gate:
    """The gate over a document, with the kept weights."""
    titles = {fiche.number: fiche.title for fiche in document.fiches}
    titles |= {f"enjeu {enjeu.number}": enjeu.title for enjeu in document.enjeux}
    return Gate(
        registry, encoder, weights or load_cutoff(WEIGHTS_FILE, FEATURES), rarity=rarities(document), titles=titles
    )
