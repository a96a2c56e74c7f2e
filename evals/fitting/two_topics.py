"""Learn when a question holds two topics: `guichet eval fit two-topics` writes `assistant/data/two_topics.json`.

One logistic regression over `assistant.answering.topics.two_topics.FEATURES` of every way to cut the questions of
"train": those of `two_topics.jsonl`, of `questions.jsonl` that stand alone and are left to the search, and of
`training.jsonl`, which have one topic or none. A way is right when its two fiches answer the two topics. Folds are cut
by family, and the level is the lowest at which, out of fold, at most `WRONGLY_CUT` of the questions with one topic
would be cut. The part "test" of `two_topics.jsonl` is measured and never fitted.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.answering.topics.decide import Decider
from assistant.answering.topics.reading import read
from assistant.answering.topics.two_topics import FEATURES, candidates
from assistant.assemble import open_guichet
from assistant.chain import Guichet
from assistant.learned import Cutoff
from assistant.settings.settings import read_settings
from corpus.registry import load_registry
from evals.fitting.cutoff import Floats, Truth, cutoff_content, fit_cutoff, lowest_level
from evals.sets.questions import load_questions
from evals.sets.training import DECLINED, read_training
from evals.sets.two_topics import Labelled, fiches_of, figures, judge, load_labelled

WRONGLY_CUT = 0.01
_LEVELS = np.arange(0.3, 0.99, 0.01)


@dataclass(frozen=True)
class CutRows:
    """A row for each way to cut a question: features, whether its fiches are those meant, its question, its group."""

    features: Floats
    right: Truth
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
        queries = [each.query for each in guichet.reader.read(guichet.clean_text(question.question))]
        searched = all(query.topic and not query.fiches and "fiches" not in query.show for query in queries)
        if searched and (question.answerable or question.type in DECLINED):
            also = question.ok if len(question.gold) == 2 else ()
            topics = tuple((fiche, *also) for fiche in question.gold) or (("",),)
            yield Labelled(question.id, "train", "", topics, question.question)


def make_rows(guichet: Guichet, decider: Decider, questions: Sequence[Labelled]) -> CutRows:
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
    return CutRows(np.stack(rows).astype(np.float64), np.array(right), np.array(numbers), np.array(groups))


def fit_weights(rows: CutRows, questions: Sequence[Labelled]) -> tuple[Cutoff, dict[str, Any]]:
    """(weights with their level, report)."""
    one = np.array([not question.two and bool(question.topics[0][0]) for question in questions])
    two = np.array([question.two for question in questions])

    def likeliest(chances: Floats) -> Floats:
        """(questions,) the chance of the likeliest way to cut each."""
        best = np.zeros(len(questions))
        np.maximum.at(best, rows.questions, chances)
        return best

    def choose_level(chances: Floats) -> float:
        of_one = likeliest(chances)[one]
        return lowest_level(_LEVELS, lambda level: float((of_one >= level).mean()), most=WRONGLY_CUT)

    cutoff, chances, report = fit_cutoff(
        rows.features, rows.right, rows.groups, choose_level=choose_level, shares=rows.shares, standardise=True
    )
    cut = likeliest(chances) >= cutoff.level
    return cutoff, {
        "questions": {"one topic": int(one.sum()), "two topics": int(two.sum()), "no fiche": int((~one & ~two).sum())},
        "rows": len(rows.right),
        **report,
        "two topics cut at this level, out of fold": round(float(cut[two].mean()), 4),
        "one topic cut at this level, out of fold": round(float(cut[one].mean()), 4),
    }


def fit_two_topics() -> dict[str, Any]:
    """The content of `assistant/data/two_topics.json`, its report with the figures on "test" included."""
    guichet = open_guichet(read_settings())
    decider = Decider(guichet.index, guichet.encoder, guichet.document, guichet.registry)
    questions = list(training(guichet))
    weights, report = fit_weights(make_rows(guichet, decider, questions), questions)
    fitted = Guichet(guichet.document, guichet.index, guichet.encoder, reader=guichet.reader.model, cutting=weights)
    measures = figures(judge(fitted, load_labelled("test")))
    report["test"] = {name: round(measure.value, 4) for name, measure in measures.items()}
    made_from = "evals/sets/data/two_topics.jsonl, questions.jsonl, training.jsonl: train"
    return cutoff_content("two-topics", made_from, FEATURES, weights, report)
