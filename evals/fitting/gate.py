"""Learn from which level a passage covers a sentence: `guichet eval fit gate` writes `assistant/data/gate.json`.

One logistic regression over `assistant.generation.gate.coverage.FEATURES` of the labelled sentences of "train" that
no rule drops, folds by fiche; the level is the lowest at which, out of fold, at most `WRONGLY_PASSED` of all
unsupported sentences would pass. "test" is measured with the result and never fitted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import GroupKFold

from assistant.generation.gate.coverage import FEATURES
from assistant.generation.gate.gate import Gate, open_gate
from assistant.generation.gate.rules import Claim
from assistant.generation.gate.sentences import read_marks
from assistant.learned import Cutoff
from assistant.settings.settings import read_settings
from corpus.document import Document
from corpus.load import load_document
from corpus.registry import load_registry
from evals.fitting.cutoff import FOLDS, Floats, Truth, cutoff_content, fit_cutoff, lowest_level
from evals.sets.gate_sentences import (
    OTHER,
    JudgedSentence,
    Sentence,
    chunks_by_id,
    figures,
    given_passages,
    judge_sentences,
    load_sentences,
)
from index.encoder.load import load_encoder

WRONGLY_PASSED = 0.02
_LEVELS = np.arange(0.5, 0.99, 0.01)
"""Never below one half: what is likelier unsupported than supported goes, however few the labelled sentences."""


@dataclass(frozen=True)
class SentenceRows:
    """A row for each sentence and passage: features, whether it is supported, whether a rule drops it; its origin."""

    features: Floats
    supported: Truth
    broken: Truth
    fiches: npt.NDArray[np.str_]
    sentences: npt.NDArray[np.intp]

    def select(self, chosen: Truth) -> "SentenceRows":
        return SentenceRows(*(getattr(self, field.name)[chosen] for field in fields(self)))


def make_rows(gate: Gate, document: Document, sentences: Sequence[Sentence]) -> SentenceRows:
    """Each sentence against the passage it cites, and where it must be mended also against the one that supports it.

    One that nothing supports is held against every passage of its fiche: each might mend it.
    """
    chunks = chunks_by_id(document)
    rows, supported, broken, fiches, numbers = [], [], [], [], []
    for number, sentence in enumerate(sentences):
        text = read_marks(sentence.text).text.strip()
        claim = Claim(text, text)
        for rank, passage in enumerate(given_passages(chunks, sentence, surrounded=not sentence.supported)):
            rows.append(gate.features(claim, [passage]))
            supported.append(sentence.supported and (sentence.kind != OTHER or rank == 1))
            broken.append(gate.broken(claim, [passage]))
            fiches.append(sentence.fiche)
            numbers.append(number)
    features = np.stack(rows).astype(np.float64)
    return SentenceRows(features, *(np.array(column) for column in (supported, broken, fiches, numbers)))


def fit_weights(rows: SentenceRows) -> tuple[Cutoff, dict[str, Any]]:
    """(weights with their level, report)."""
    judged = rows.select(~rows.broken)
    unsupported = len(set(rows.sentences[~rows.supported]))

    def choose_level(chances: Floats) -> float:
        def passing(level: float) -> float:
            return len(set(judged.sentences[~judged.supported & (chances >= level)])) / unsupported

        return lowest_level(_LEVELS, passing, most=WRONGLY_PASSED)

    cutoff, chances, report = fit_cutoff(judged.features, judged.supported, judged.fiches, choose_level=choose_level)
    passed = chances[judged.supported] >= cutoff.level
    return cutoff, {
        "rows": len(rows.supported),
        "dropped by a rule": int(rows.broken.sum()),
        **report,
        "supported kept at this level, out of fold": round(float(passed.mean()), 4),
    }


def cross_validate(gate: Gate, document: Document, sentences: Sequence[Sentence]) -> list[JudgedSentence]:
    """All sentences as the whole gate judges them, each by weights that were fitted without its fiche."""
    rows = make_rows(gate, document, sentences)
    groups = np.array([sentence.fiche for sentence in sentences])
    judged: list[JudgedSentence] = []
    for _, out in GroupKFold(FOLDS).split(groups, groups=groups):
        weights, _ = fit_weights(rows.select(~np.isin(rows.fiches, groups[out])))
        judged += judge_sentences(gate.with_weights(weights), document, [sentences[number] for number in out])
    return judged


def fit_gate() -> dict[str, Any]:
    """The content of `assistant/data/gate.json`, its report with the figures on "test" included."""
    settings = read_settings()
    document, encoder = load_document(), load_encoder(settings.encoder, models=settings.home / "models")
    sentences = load_sentences()
    train, held_out = ([sentence for sentence in sentences if sentence.split == split] for split in ("train", "test"))
    gate = open_gate(document, load_registry(), encoder)
    weights, report = fit_weights(make_rows(gate, document, train))
    report["test"] = _values(judge_sentences(gate.with_weights(weights), document, held_out))
    report["cross-validated, all"] = _values(cross_validate(gate, document, sentences))
    return cutoff_content("gate", "evals/sets/data/gate_sentences.jsonl, train", FEATURES, weights, report)


def _values(judged: Sequence[JudgedSentence]) -> dict[str, float]:
    return {name: round(measure.value, 4) for name, measure in figures(judged).items()}
