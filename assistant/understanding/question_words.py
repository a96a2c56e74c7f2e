"""The concepts that the words of a question stand for, found by the table `data/question_words.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.errors import CorpusError
from corpus.phrases import Phrase, PhraseMatcher, phrase_of, singular

_FILE = Path(__file__).parent / "data" / "question_words.toml"

CONCEPTS = (
    *("financeurs", "operateurs", "dispositifs", "descriptif", "titre", "enjeu", "pilier", "fiche", "frame"),
    *("pay", "which", "count", "list", "not", "but", "both", "common", "difference"),
    *("most", "least", "all", "next", "previous", "total", "yes", "mention", "meaning", "elsewhere"),
)
"""The concepts of the table, in its order."""


@dataclass(frozen=True, slots=True)
class ConceptSpan:
    """A concept at words `start` to `end` (exclusive)."""

    concept: str
    start: int
    end: int


class QuestionWords:
    """`concepts`: concept -> its expressions; `stop`: singular words without content; `framing`: singular words in
    which a list is asked for.
    """

    def __init__(self, concepts: Mapping[str, Sequence[str]], stop: str, framing: str) -> None:
        self.concepts = concepts
        self.stop = frozenset(map(singular, stop.split()))
        self.framing = frozenset(map(singular, framing.split()))
        self._prefixes = [(e[:-1], concept) for concept, all_of in concepts.items() for e in all_of if e[-1] == "*"]
        whole: dict[Phrase, tuple[str, ...]] = {}
        for concept, expressions in concepts.items():
            for phrase in (phrase_of(each) for each in expressions if not each.endswith("*")):
                whole[phrase] = (*whole.get(phrase, ()), concept)
        self._whole = whole
        self._matcher = PhraseMatcher(whole, of_word=self._of_word)

    @property
    def expressions(self) -> list[str]:
        """All of them that stand for themselves, without the beginnings of words."""
        return [each for expressions in self.concepts.values() for each in expressions if not each.endswith("*")]

    def _of_word(self, word: str) -> tuple[str, ...] | None:
        begun = [concept for prefix, concept in self._prefixes if word.startswith(prefix)]
        return (*self._whole.get((word,), ()), *begun) or None

    def has_content(self, token: str) -> bool:
        """Whether a folded word says something of a topic: it is none of the words that any question is made of."""
        return len(token) > 1 and token[0].isalpha() and singular(token) not in self.stop | self.framing

    def find(self, tokens: Sequence[str]) -> list[ConceptSpan]:
        """The concepts among a question's folded words, all those of an expression, from left to right."""
        return [
            ConceptSpan(concept, start, end)
            for start, end, concepts in self._matcher.find(tokens)
            for concept in dict.fromkeys(concepts)
        ]


@cache
def load_question_words() -> QuestionWords:
    """Read once for the process. Raises CorpusError."""
    try:
        content = tomllib.loads(_FILE.read_text(encoding="utf-8"))
        return QuestionWords(content["concepts"], content["words"]["stop"], content["words"]["framing"])
    except (OSError, ValueError, KeyError) as error:
        raise CorpusError(
            f"Les mots des questions {_FILE} sont illisibles. Restaurez-les : git checkout -- {_FILE}"
        ) from error
