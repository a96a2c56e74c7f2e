"""What the tests of conversations share."""

from collections.abc import Sequence

import pytest

from assistant.conversation.edits import Editor
from corpus.document import Document
from corpus.registry import load_registry
from corpus.text import stems, words


@pytest.fixture(scope="session")
def editor(document: Document) -> Editor:
    """One that picks fiches by the words of their titles, where the product asks the search."""

    def nearest(text: str, fiches: Sequence[str]) -> tuple[str, ...]:
        said = {stem for word in words(text) if len(word) > 3 for stem in stems(word)}
        held = {
            fiche.number: len(said & {stem for word in words(fiche.title) for stem in stems(word)})
            for fiche in document.fiches_of(fiches)
        }
        return tuple(sorted(held, key=lambda number: -held[number]))[:1]

    return Editor(document, load_registry(), nearest)
