"""The delivered document, line by line."""

import re
from collections.abc import Sequence

from corpus.load import CORPUS_FILE


class Delivered:
    """The delivered file, line by line, to hold quotes against."""

    def __init__(self) -> None:
        self._lines = CORPUS_FILE.read_text(encoding="utf-8").split("\n")

    def holds(self, quote: str, lines: Sequence[int]) -> bool:
        """Whether every line of the quote stands in those lines of the file, white space and calls of notes aside."""
        text = "\n".join(self._lines[line - 1] for line in lines)
        texts = squeezed(text), squeezed(re.sub(r"(?<=[a-zé])[1-4](?=[\s.,;])", "", text))
        return bool(lines) and all(any(squeezed(each) in text for text in texts) for each in quote.splitlines())


def squeezed(text: str) -> str:
    """Without white space, bullets and hyphens: what line wraps and the page's layout change."""
    return re.sub(r"[\s\-–•\uf0b7\uf0a7\uf0fc\u00ad]+", "", text)
