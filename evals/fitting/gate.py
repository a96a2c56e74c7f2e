"""Learn from which level a passage covers a sentence: `guichet eval fit gate` writes `assistant/data/gate.json`.

One logistic regression over `assistant.generation.gate.coverage.FEATURES` of the labelled sentences of "train" that
no rule drops; the penalty is that of the best five-fold likelihood, folds by fiche, and the level the lowest at
which, out of fold, at most `WRONGLY_PASSED` of all unsupported sentences would pass. "test" is measured with the
result and never fitted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from assistant.generation.gate.coverage import FEATURES
from assistant.generation.gate.gate import Gate, open_gate
from assistant.generation.gate.rules import Claim
from assistant.generation.gate.sentences import read_marks
from assistant.learned import Cutoff, Linear
from assistant.settings.settings import read_settings
from corpus.document import Document
from corpus.load import load_document
from corpus.registry import load_registry
from evals.sets.gate_sentences import (
    OTHER,
    Sentence,
    Verdict,
    chunks_by_id,
    figures,
    given_passages,
    judge_sentences,
    load_sentences,
)
from index.encoder.load import load_encoder

Floats = npt.NDArray[np.float64]
PENALTIES = (0.03, 0.1, 0.3, 1.0, 3.0)
WRONGLY_PASSED = 0.02
_LEVELS = np.arange(0.5, 0.99, 0.01)
"""Never below one half: what is likelier unsupported than supported goes, however few the labelled sentences."""
_FOLDS = 5


@dataclass(frozen=True)
class Table:
    """A row for each sentence and passage: features, whether it is supported, whether a rule drops it; its origin."""

    features: Floats
    supported: npt.NDArray[np.bool_]
    broken: npt.NDArray[np.bool_]
    fiches: npt.NDArray[np.str_]
    sentences: npt.NDArray[np.intp]

    def rows(self, kept: npt.NDArray[np.bool_]) -> "Table":
        return Table(*(getattr(self, field.name)[kept] for field in fields(self)))


def make_table(gate: Gate, document: Document, sentences: Sequence[Sentence]) -> Table:
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
    truth, dropped = np.array(supported), np.array(broken)
    return Table(np.stack(rows).astype(np.float64), truth, dropped, np.array(fiches), np.array(numbers))


def fit_weights(table: Table) -> tuple[Cutoff, dict[str, Any]]:
    """(weights with their level, report)."""
    kept = table.rows(~table.broken)
    rows, truth, groups = kept.features, kept.supported, kept.fiches
    losses: dict[float, float] = {}
    chances: dict[float, Floats] = {}
    for penalty in PENALTIES:
        chances[penalty] = np.zeros(len(rows))
        for rest, out in GroupKFold(_FOLDS).split(rows, truth, groups):
            chances[penalty][out] = _fit(rows[rest], truth[rest], penalty).predict_proba(rows[out])[:, 1]
        clipped = np.clip(chances[penalty], 1e-6, 1 - 1e-6)
        losses[penalty] = float(-np.where(truth, np.log(clipped), np.log(1 - clipped)).mean())
    best = min(losses, key=lambda penalty: losses[penalty])
    unsupported = len(set(table.sentences[~table.supported]))
    passing = [len(set(kept.sentences[~truth & (chances[best] >= level)])) / unsupported for level in _LEVELS]
    allowed = [float(level) for level, share in zip(_LEVELS, passing, strict=True) if share <= WRONGLY_PASSED]
    level = round(min(allowed, default=float(_LEVELS[-1])), 2)
    model = _fit(rows, truth, best)
    report = {
        "rows": len(table.supported),
        "dropped by a rule": int(table.broken.sum()),
        "penalty": best,
        "log loss cross-validated": {str(penalty): round(loss, 4) for penalty, loss in losses.items()},
        "supported kept at this level, out of fold": round(float((chances[best][truth] >= level).mean()), 4),
    }
    return Cutoff(Linear(model.coef_[0].astype(np.float32), float(model.intercept_[0])), level), report


def _fit(rows: Floats, truth: npt.NDArray[np.bool_], penalty: float) -> LogisticRegression:
    return LogisticRegression(C=penalty, max_iter=3000).fit(rows, truth)


def cross_validate(gate: Gate, document: Document, sentences: Sequence[Sentence]) -> list[Verdict]:
    """The verdicts of the whole gate on all sentences, each by weights that were fitted without its fiche."""
    table = make_table(gate, document, sentences)
    groups = np.array([sentence.fiche for sentence in sentences])
    verdicts: list[Verdict] = []
    for _, out in GroupKFold(_FOLDS).split(groups, groups=groups):
        weights, _report = fit_weights(table.rows(~np.isin(table.fiches, groups[out])))
        verdicts += judge_sentences(gate.with_weights(weights), document, [sentences[each] for each in out])
    return verdicts


def fit_gate() -> dict[str, Any]:
    """The content of `assistant/data/gate.json`, its report with the figures on "test" included."""
    settings = read_settings()
    document, encoder = load_document(), load_encoder(settings.encoder, models=settings.home / "models")
    sentences = load_sentences()
    train = [sentence for sentence in sentences if sentence.split == "train"]
    gate = open_gate(document, load_registry(), encoder)
    weights, report = fit_weights(make_table(gate, document, train))
    held_out = [sentence for sentence in sentences if sentence.split == "test"]
    report["test"] = _shown(judge_sentences(gate.with_weights(weights), document, held_out))
    report["cross-validated, all"] = _shown(cross_validate(gate, document, sentences))
    return {
        "made_by": "guichet eval fit gate",
        "made_from": "evals/sets/data/gate_sentences.jsonl, train",
        "report": report,
        "weights": {
            name: round(float(weight), 4) for name, weight in zip(FEATURES, weights.linear.weights, strict=True)
        },
        "intercept": round(weights.linear.intercept, 4),
        "level": weights.level,
    }


def _shown(verdicts: Sequence[Verdict]) -> dict[str, float]:
    return {name: round(measure.value, 4) for name, measure in figures(verdicts).items()}
