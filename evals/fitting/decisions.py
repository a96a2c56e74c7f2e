"""Learn every decision on a question: what is asked of a topic, whether to answer or decline, which quotes of a fiche
answer, whether it reports an emergency.

Multinomial logistic regressions by `evals.fitting.classifier`, fitted on the questions of "train"; figures on
"validation" stand beside in the report, "test" is not looked at.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from assistant.answering.topics.choose_quotes import FEATURES, Judge
from assistant.answering.topics.features import aspect_features, decision_features, emergency_features, fiche_scores
from assistant.learned import Linear, parse_classifier, terms_of
from assistant.text.languages import language_of
from evals.fitting.classifier import fit_classifier
from evals.fitting.examples import ASPECTS, Examples, Floats
from evals.fitting.quotes import fit_quote_weights
from evals.sets.questions import Question
from evals.sets.records import read_records
from evals.sets.training import DECLINED
from index.evidence import Evidence

_DATA = Path(__file__).parent.parent / "sets" / "data"
EMERGENCIES_FILE = _DATA / "emergencies.jsonl"
"""Lines {"question", "urgence"}; half are no emergency in an emergency's words ("qui finance la prévention des
violences ?")."""

Fitted = tuple[dict[str, Any], dict[str, Any]]
"""(content for `fitted.json`, report)."""


def fit_aspect(examples: Examples) -> Fitted:
    """What a question on a topic asks for: one of `ASPECTS`."""

    def features(questions: Sequence[Question]) -> Floats:
        rows = [aspect_features(examples.reading(q), examples.vectors[q.question]) for q in questions]
        return np.stack(rows).astype(np.float64)

    train, validation = examples.topical("train"), examples.topical("validation")
    return _classify(features, train, [q.type for q in train], validation, [q.type for q in validation])


def fit_decision(examples: Examples, weights: Mapping[str, float]) -> Fitted:
    """Whether to "answer", to "decline", or to reply to "smalltalk"; `weights` are those of the ranking."""

    def chosen(split: str) -> list[Question]:
        return [
            q
            for q in examples.questions
            if q.split == split
            and not q.history
            and (q.type in ("bavardage", *DECLINED, "preambule") or (q.answerable and q.type in ASPECTS))
            and examples.is_searched(q)
        ]

    def label(question: Question) -> str:
        if question.type == "bavardage":
            return "smalltalk"
        return "answer" if question.answerable else "decline"

    def features(questions: Sequence[Question]) -> Floats:
        rows = []
        for q in questions:
            evidence, foreign = examples.evidence[q.question], language_of(q.question) != "fr"
            scores = fiche_scores(examples.index, evidence, examples.names(q), weights, foreign=foreign)
            vector = examples.vectors[q.question]
            rows.append(decision_features(examples.index, examples.reading(q), evidence, scores, vector))
        return np.stack(rows).astype(np.float64)

    train, validation = chosen("train"), chosen("validation")
    return _classify(features, train, [label(q) for q in train], validation, [label(q) for q in validation])


def fit_quotes(examples: Examples, aspect: dict[str, Any]) -> Fitted:
    """Which quotes of a fiche answer; `aspect`: what `fit_aspect` learned."""
    classifier = parse_classifier(aspect)

    def context(question: Question) -> tuple[Evidence, dict[str, float]]:
        features = aspect_features(examples.reading(question), examples.vectors[question.question])
        aspects = classifier.probabilities(features, terms_of(question.question))
        return examples.evidence[question.question], aspects

    unfitted = Linear(np.zeros(len(FEATURES), np.float32), 0.0)
    judge = Judge(examples.index, examples.document, examples.registry, unfitted)
    train, validation = ([q for q in examples.questions if q.split == split] for split in ("train", "validation"))
    return fit_quote_weights(judge, examples.document, train, validation, context)


def fit_emergencies(examples: Examples) -> Fitted:
    """Which emergency a message reports, "" for none; every desk question of "train" that a fiche answers is none."""
    labelled = read_records(EMERGENCIES_FILE, dict)
    pairs = {examples.correct(record["question"]): record["urgence"] for record in labelled}
    for q in examples.questions:
        if q.split == "train" and q.answerable:
            pairs.setdefault(q.question, "")
    texts, labels = list(pairs), list(pairs.values())
    features = np.stack([emergency_features(vector) for vector in examples.encode(texts)]).astype(np.float64)
    fit = fit_classifier([terms_of(text) for text in texts], labels, features=features)
    danger = 1 - fit.held_out[:, fit.classes.index("")]
    return fit.content(), fit.report() | {
        "emergencies found, cross-validated": round(float((danger[fit.truth != ""] > 0.5).mean()), 4),
        "false alarms, cross-validated": int((danger[fit.truth == ""] > 0.5).sum()),
    }


def _classify(
    features: Callable[[Sequence[Question]], Floats],
    train: Sequence[Question],
    labels: Sequence[str],
    validation: Sequence[Question],
    validation_labels: Sequence[str],
) -> Fitted:
    """Fitted on `train`; its accuracy on `validation` beside the cross-validated one."""
    fit = fit_classifier([terms_of(q.question) for q in train], labels, features=features(train))
    shares = fit.probabilities([terms_of(q.question) for q in validation], features(validation))
    truth = np.array(validation_labels)
    chosen = np.array(fit.classes)[shares.argmax(axis=1)]
    report = fit.report() | {"accuracy validation": round(float((chosen == truth).mean()), 4)}
    if "decline" in fit.classes:
        column = fit.classes.index("answer")
        for name, labelled, columns in (
            ("cross-validated", fit.truth, fit.held_out),
            ("validation", truth, shares),
        ):
            area = roc_auc_score(labelled == "answer", columns[:, column])
            report[f"area under the curve, {name}"] = round(float(area), 4)
    return fit.content(), report
