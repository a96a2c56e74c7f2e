"""The labelled questions of "train" and "validation", with what is computed from them once: vectors and evidence."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from assistant.answering.topics.features import NAMES, name_scores
from assistant.answering.topics.reading import Reading, read
from assistant.settings.settings import read_settings
from assistant.text.languages import language_of
from assistant.text.spelling import document_words, load_speller
from assistant.understanding.cleaning import one_line, spelling_texts
from assistant.understanding.model import load_model
from assistant.understanding.reader import QuestionReader
from corpus.load import load_document
from corpus.registry import load_registry
from evals.sets.questions import Question, load_questions
from evals.sets.training import read_training
from index.encoder.load import load_encoder
from index.entries import make_entries
from index.evidence import standardise
from index.storage.build import build_index, identity_of, reason_to_build
from index.storage.read import open_index

Floats = npt.NDArray[np.float64]
Scores = npt.NDArray[np.float32]
ASPECTS = ("financeurs", "operateurs", "dispositifs", "descriptif", "fait")


class Examples:
    """Questions as the assistant reads them, their spelling corrected. The index is built where it is not up to date.

    `vectors` and `evidence` by question text; `fiches`: rows of the fiches among the documents of the index.
    """

    def __init__(self) -> None:
        settings = read_settings()
        self.document, self.registry = load_document(), load_registry()
        self._reader = QuestionReader(self.document, self.registry, load_model(settings.home / "models"))
        entries = make_entries(self.document)
        encoder = load_encoder(settings.encoder, models=settings.home / "models")
        if reason_to_build(settings.home, identity_of(entries, encoder.identity)):
            build_index(settings.home, entries, encoder)
        self.index = open_index(settings.home, entries)
        speller = load_speller(*spelling_texts(self.registry, entries))
        self.correct, self.encode = speller.correct, encoder.encode_queries
        self.questions = [
            replace(question, question=speller.correct(one_line(question.question)))
            for question in (*load_questions(), *read_training())
            if question.split in ("train", "validation")
        ]
        texts = sorted({question.question for question in self.questions})
        self.vectors = dict(zip(texts, encoder.encode_queries(texts), strict=True))
        self.evidence = {
            text: self.index.evidence(text, self.vectors[text], synonyms=document_words(text)) for text in texts
        }
        self.side_names = [*next(iter(self.evidence.values())).sides, NAMES]
        self.fiches = [row for row, name in enumerate(self.index.documents) if name[:1].isdigit()]

    def reading(self, question: Question) -> Reading:
        return read(question.question, self.document, self.registry)

    def is_searched(self, question: Question) -> bool:
        """Whether the question is left to the search: it is about a topic."""
        return bool(self._reader.read(question.question)[0].query.topic)

    def topical(self, split: str) -> list[Question]:
        """Questions in French that stand alone, are about one fiche, and are left to the search."""
        return [
            question
            for question in self.questions
            if question.split == split
            and language_of(question.question) == "fr"
            and question.single
            and question.type in ASPECTS
            and self.is_searched(question)
        ]

    def sides(self, question: Question) -> Floats:
        """(fiches, sides) standardised, in the order of `side_names`."""
        sides = [*self.evidence[question.question].sides.values(), self.names(question)]
        return np.stack([standardise(scores)[self.fiches] for scores in sides], axis=1).astype(np.float64)

    def names(self, question: Question) -> Scores:
        return name_scores(self.index, self.reading(question), self.registry)

    def gold_row(self, question: Question) -> int:
        """The row of its fiche in `sides`."""
        return [self.index.documents[row] for row in self.fiches].index(question.gold[0])


def folds(questions: Sequence[Question]) -> list[tuple[list[Question], list[Question]]]:
    """Five pairs (rest, held out): every fifth question."""
    return [
        ([q for i, q in enumerate(questions) if i % 5 != fold], [q for i, q in enumerate(questions) if i % 5 == fold])
        for fold in range(5)
    ]
