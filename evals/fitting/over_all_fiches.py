"""Learn whether a question on an actor goes over all fiches, and for which role, from labelled outlines.

Labels: `evals/sets/data/over_all_fiches.jsonl` ({"question", "asks"}), written and checked against the table of
partners; the questions "inverse" and "agregat" of the split "train"; against them every labelled question on one
topic that names an actor.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.understanding.outline import MIXED, TOPIC, outline
from assistant.understanding.reading import read
from corpus.document import Document
from corpus.registry import Registry
from evals.fitting.classifier import fit_classifier
from evals.sets.questions import Question

LABELLED_FILE = Path(__file__).parent.parent / "sets" / "data" / "over_all_fiches.jsonl"
PENALTIES = (1.0, 3.0, 10.0)


def fit_over_all_fiches(
    document: Document, registry: Registry, questions: Sequence[Question], path: Path = LABELLED_FILE
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(content for `fitted.json`, report); the penalty is that of the best cross-validated likelihood."""
    labelled = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    pairs = [(record["question"], record["asks"]) for record in labelled]
    pairs += [(q.question, _label(q)) for q in questions if q.split == "train" and not q.history]
    outlines, labels = [], []
    for question, label in dict(pairs).items():
        reading = read(question, document, registry)
        if reading.actors and not reading.references.fiches:
            outlines.append(outline(reading))
            labels.append(label or (reading.roles[0] if len(reading.roles) == 1 else MIXED))
    fit = fit_classifier(outlines, labels, penalties=PENALTIES, least=3)
    over = fit.held_out[:, fit.classes.index(TOPIC)] < 0.5
    report = fit.report() | {
        "over fiches found, cross-validated": round(float(over[fit.truth != TOPIC].mean()), 4),
        "topics taken for it, cross-validated": round(float(over[fit.truth == TOPIC].mean()), 4),
    }
    return fit.content(), report


def _label(question: Question) -> str:
    """ "" where the role is still to be read from the question."""
    return "" if question.type in ("inverse", "agregat") else TOPIC
