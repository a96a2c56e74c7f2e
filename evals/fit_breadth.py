"""Learn whether a question on an actor goes over all fiches, and for which role, from labelled outlines.

Labels: `evals/breadth.jsonl` ({"question", "asks"}), written and checked against the table of partners; the questions
"inverse" and "agregat" of the split "train"; against them every labelled question on one topic that names an actor.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from assistant.names import Registry
from assistant.outline import MIXED, TOPIC, outline
from assistant.reading import read
from corpus.fiche import Document
from evals.fit_terms import vocabulary, written_terms
from evals.questions import Question

BREADTH_FILE = Path(__file__).parent / "breadth.jsonl"
PENALTIES = (1.0, 3.0, 10.0)


def fit_breadth(
    document: Document, registry: Registry, questions: Sequence[Question], path: Path = BREADTH_FILE
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(content for `fitted.json`, report); the penalty is that of the best cross-validated likelihood."""
    labelled = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    pairs = [(each["question"], each["asks"]) for each in labelled]
    pairs += [(q.question, _label(q)) for q in questions if q.split == "train" and not q.history]
    outlines, labels = [], []
    for question, label in dict(pairs).items():
        reading = read(question, document, registry)
        if reading.actors and not reading.references.fiches:
            outlines.append(outline(reading))
            labels.append(label or (reading.roles[0] if len(reading.roles) == 1 else MIXED))
    terms = vocabulary(outlines, least=3)
    rows = sparse.csr_matrix(np.stack([terms.weigh(each) for each in outlines]))
    truth = np.array(labels)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    predicted = {
        penalty: cross_val_predict(
            LogisticRegression(C=penalty, max_iter=1000), rows, truth, cv=folds, method="predict_proba"
        )
        for penalty in PENALTIES
    }
    order = sorted(set(labels))
    gold = np.array([order.index(each) for each in labels])
    losses = {
        penalty: float(-np.log(each[np.arange(len(gold)), gold] + 1e-9).mean()) for penalty, each in predicted.items()
    }
    best = min(losses, key=lambda each: losses[each])
    over = predicted[best][:, order.index(TOPIC)] < 0.5
    model = LogisticRegression(C=best, max_iter=1000).fit(rows, truth)
    report = {
        "questions": {name: int((truth == name).sum()) for name in order},
        "penalty": best,
        "over fiches found, cross-validated": round(float(over[truth != TOPIC].mean()), 4),
        "topics taken for it, cross-validated": round(float(over[truth == TOPIC].mean()), 4),
    }
    content = {
        "classes": list(model.classes_),
        "terms": written_terms(terms),
        "coefficients": np.round(model.coef_, 4).tolist(),
        "intercepts": np.round(model.intercept_, 4).tolist(),
    }
    return content, report


def _label(question: Question) -> str:
    """ "" where the role is still to be read from the question."""
    return "" if question.type in ("inverse", "agregat") else TOPIC
