"""Known phrases found among the words of a question: the longest at each place, from left to right, without overlap."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from corpus.text import words

Meaning = TypeVar("Meaning")
Phrase = tuple[str, ...]


def singular(word: str) -> str:
    """A folded word without its plural, enough to compare names: "sociaux" -> "social", "communes" -> "commune"."""
    if len(word) > 4 and word.endswith("aux") and not word.endswith("eaux"):
        return word[:-2] + "l"
    return word[:-1] if len(word) > 3 and word[-1] in "sx" and word[-2] != "s" else word


def phrase_of(text: str) -> Phrase:
    """How a text is looked up: "Les Centres sociaux" -> ("les", "centre", "social")."""
    return tuple(singular(word) for word in words(text))


class PhraseMatcher(Generic[Meaning]):
    """`meanings`: phrase -> what it means; `of_word`: what any single word means, where that is not a plain look-up."""

    def __init__(
        self, meanings: Mapping[Phrase, Meaning], *, of_word: Callable[[str], Meaning | None] | None = None
    ) -> None:
        self._meanings = meanings
        self._of_word = of_word or (lambda word: meanings.get((word,)))
        self._longest = max(map(len, meanings), default=1)

    def find(self, tokens: Sequence[str]) -> Iterator[tuple[int, int, Meaning]]:
        """(start, end, meaning) of each phrase among these folded words; `end` is exclusive."""
        singulars = [singular(token) for token in tokens]
        start = 0
        while start < len(singulars):
            for end in range(min(start + self._longest, len(singulars)), start, -1):
                phrase = tuple(singulars[start:end])
                meaning = self._of_word(phrase[0]) if len(phrase) == 1 else self._meanings.get(phrase)
                if meaning is not None:
                    yield start, end, meaning
                    start = end
                    break
            else:
                start += 1
