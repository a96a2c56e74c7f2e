"""Labelled questions -> what the reader is trained on: states of the shared encoder, marks, and labels of each head."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.answering.exact.execute import Executor
from assistant.settings.settings import read_settings
from assistant.text.spelling import load_speller
from assistant.understanding.cleaning import spelling_texts
from assistant.understanding.model import (
    HEAD_OF,
    marks_of,
    memory_features,
    span_places,
)
from assistant.understanding.spans import Marked, mark
from corpus.load import load_document
from corpus.partners import RoleTable
from corpus.registry import load_registry
from evals.sets.align import Labels, cut_of, labels_of, parts_of
from evals.sets.queries import LabelledQuestion
from index.encoder.base import Floats
from index.encoder.load import PACKAGED, load_encoder
from index.encoder.onnx import OnnxEncoder
from index.entries import make_entries


@dataclass(frozen=True)
class Prepared:
    """An example inside the encoder. `states`: (tokens, dimensions); `marks`: (rank of the mark, start, end) of tokens;
    `spans`: (head, start, end, labels) of those that are trained; `cut`: the token where a second question begins."""

    example: LabelledQuestion
    states: Floats
    marks: tuple[tuple[int, int, int], ...]
    memory: Floats
    labels: Labels
    spans: tuple[tuple[str, int, int, frozenset[str]], ...]
    cut: int | None


class Preparer:
    """Labelled questions -> what is trained on; the same cleaning, marks and states as where questions are read."""

    def __init__(self) -> None:
        self._document, self._registry = load_document(), load_registry()
        self._executor = Executor(RoleTable(self._document, self._registry))
        encoder = load_encoder(PACKAGED, models=read_settings().home / "models")
        if not isinstance(encoder, OnnxEncoder):
            raise TypeError("the packaged encoder is an OnnxEncoder")
        self._encoder = encoder
        self._speller = load_speller(*spelling_texts(self._registry, make_entries(self._document)))

    def prepare(self, examples: Iterator[LabelledQuestion]) -> Iterator[Prepared]:
        for example in examples:
            yield self._prepared(example)
            for part in parts_of(example, self._mark, self._executor):
                yield self._prepared(part)

    def _mark(self, text: str) -> Marked:
        return mark(self._speller.correct(" ".join(text.split())), self._document, self._registry)

    def _prepared(self, example: LabelledQuestion) -> Prepared:
        marked = self._mark(example.text)
        labels = labels_of(example, marked, self._executor)
        token = self._encoder.token_states(marked.question)
        places = span_places(marked, token.places)
        spans = tuple(
            (HEAD_OF[span.kind], *place, label)
            for span, place, label in zip(marked.spans, places, labels.spans, strict=True)
            if label is not None
        )
        cut = cut_of(example, marked, self._executor) if len(example.queries) > 1 else None
        at = None
        if cut is not None:
            begins = marked.places[cut][0]
            at = next((i for i, (left, right) in enumerate(token.places) if right > left and right > begins), None)
        memory = memory_features(example.last, example.current, example.listed)
        return Prepared(example, token.states, marks_of(marked, token.places), memory, labels, spans, at)
