"""Learn when a question holds two topics: `guichet eval fit two-topics` writes `assistant/data/two_topics.json`.

One logistic regression over `assistant.understanding.two_topics.FEATURES` of every way to cut the questions of
"train": those of `two_topics.jsonl`, of `questions.jsonl` that stand alone and are left to the search, and of
`training.jsonl`, which have one topic or none. A way is right when its two fiches answer the two topics. The penalty is
that of the best five-fold likelihood, folds by family, and the level the lowest at which, out of fold, at most
`WRONGLY_CUT` of the questions with one topic would be cut. The part "test" of `two_topics.jsonl` is measured and never
fitted.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from assistant.answering.topics.decide import Decider
from assistant.assemble import open_guichet
from assistant.chain import Guichet
from assistant.learned import Cutoff, Linear
from assistant.settings.settings import read_settings
from assistant.understanding.interpret import understand
from assistant.understanding.reading import read
from assistant.understanding.two_topics import FEATURES, candidates
from corpus.registry import load_registry
from evals.sets.questions import load_questions
from evals.sets.training import DECLINED, read_training
from evals.sets.two_topics import Labelled, fiches_of, figures, judge, load_labelled

Floats = npt.NDArray[np.float64]
PENALTIES = (0.03, 0.1, 0.3, 1.0, 3.0)
WRONGLY_CUT = 0.01
_LEVELS = np.arange(0.3, 0.99, 0.01)
_FOLDS = 5


@dataclass(frozen=True)
class Table:
    """A row for each candidate: features, whether its fiches are those meant, its question's number and fold group."""

    features: Floats
    right: npt.NDArray[np.bool_]
    questions: npt.NDArray[np.intp]
    groups: npt.NDArray[np.int64]

    @property
    def shares(self) -> Floats:
        """What each row counts: a question with many ways to cut it counts for a little more than one with few."""
        counts = np.bincount(self.questions)[self.questions]
        shares: Floats = 1 / np.sqrt(counts)
        return shares


def training(guichet: Guichet) -> Iterator[Labelled]:
    """All that is fitted on; a question that no fiche answers has one topic, found nowhere."""
    yield from load_labelled("train")
    ours = [question for question in load_questions("train") if not question.history and len(question.gold) <= 2]
    for question in (*ours, *read_training()):
        requests = understand(guichet.clean_text(question.question), guichet.document, guichet.registry).requests
        searched = all(
            request.kind == "topic" and not request.fiches and request.mode == "list" for request in requests
        )
        if searched and (question.answerable or question.type in DECLINED):
            also = question.ok if len(question.gold) == 2 else ()
            topics = tuple((fiche, *also) for fiche in question.gold) or (("",),)
            yield Labelled(question.id, "train", "", topics, question.question)


def make_table(guichet: Guichet, decider: Decider, questions: Sequence[Labelled]) -> Table:
    rows, right, numbers, groups = [], [], [], []
    registry = load_registry()
    for number, labelled in enumerate(questions):
        reading = read(guichet.clean_text(labelled.question), guichet.document, registry)
        seen = decider.clauses(reading, decider.decide(reading), spare=False)
        for candidate in candidates(seen) if seen else ():
            rows.append(candidate.features)
            right.append(labelled.answered_by(fiches_of(seen, candidate)) if seen else False)
            numbers.append(number)
            groups.append(zlib.crc32((labelled.family if labelled.kind else labelled.id).encode()))
    return Table(np.stack(rows).astype(np.float64), np.array(right), np.array(numbers), np.array(groups))


def fit_weights(table: Table, questions: Sequence[Labelled]) -> tuple[Cutoff, dict[str, Any]]:
    """(weights with their level, report)."""
    losses: dict[float, float] = {}
    chances: dict[float, Floats] = {}
    for penalty in PENALTIES:
        chances[penalty] = np.zeros(len(table.right))
        for rest, out in GroupKFold(_FOLDS).split(table.features, table.right, table.groups):
            weights, intercept = _fit(table.features[rest], table.right[rest], table.shares[rest], penalty)
            chances[penalty][out] = 1 / (1 + np.exp(-(table.features[out] @ weights + intercept)))
        clipped = np.clip(chances[penalty], 1e-6, 1 - 1e-6)
        losses[penalty] = float(-np.where(table.right, np.log(clipped), np.log(1 - clipped)).mean())
    best = min(losses, key=lambda penalty: losses[penalty])
    likeliest = np.zeros(len(questions))
    np.maximum.at(likeliest, table.questions, chances[best])
    one = np.array([not question.two and bool(question.topics[0][0]) for question in questions])
    two = np.array([question.two for question in questions])
    allowed = [float(level) for level in _LEVELS if (likeliest[one] >= level).mean() <= WRONGLY_CUT]
    level = round(min(allowed, default=float(_LEVELS[-1])), 2)
    weights, intercept = _fit(table.features, table.right, table.shares, best)
    report = {
        "questions": {"one topic": int(one.sum()), "two topics": int(two.sum()), "no fiche": int((~one & ~two).sum())},
        "rows": len(table.right),
        "penalty": best,
        "log loss cross-validated": {str(penalty): round(loss, 4) for penalty, loss in losses.items()},
        "two topics cut at this level, out of fold": round(float((likeliest[two] >= level).mean()), 4),
        "one topic cut at this level, out of fold": round(float((likeliest[one] >= level).mean()), 4),
    }
    return Cutoff(Linear(weights.astype(np.float32), float(intercept)), level), report


def _fit(rows: Floats, right: npt.NDArray[np.bool_], shares: Floats, penalty: float) -> tuple[Floats, float]:
    """Cutoff and intercept for features as they are; the penalty sees them standardised."""
    mean, deviation = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    model = LogisticRegression(C=penalty, max_iter=3000).fit((rows - mean) / deviation, right, sample_weight=shares)
    weights: Floats = model.coef_[0] / deviation
    return weights, float(model.intercept_[0] - weights @ mean)


def fit_two_topics() -> dict[str, Any]:
    """The content of `assistant/data/two_topics.json`, its report with the figures on "test" included."""
    guichet = open_guichet(read_settings())
    decider = Decider(guichet.index, guichet.encoder, guichet.document, guichet.registry)
    questions = list(training(guichet))
    weights, report = fit_weights(make_table(guichet, decider, questions), questions)
    fitted = Guichet(guichet.document, guichet.index, guichet.encoder, cutting=weights)
    verdicts = judge(fitted, load_labelled("test"))
    report["test"] = {name: round(measure.value, 4) for name, measure in figures(verdicts).items()}
    return {
        "made_by": "guichet eval fit two-topics",
        "made_from": "evals/sets/data/two_topics.jsonl, questions.jsonl, training.jsonl: train",
        "report": report,
        "weights": {
            name: round(float(weight), 4) for name, weight in zip(FEATURES, weights.linear.weights, strict=True)
        },
        "intercept": round(weights.linear.intercept, 4),
        "level": weights.level,
    }
