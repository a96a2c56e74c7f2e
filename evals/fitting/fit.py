"""`python -m evals.fitting.fit`: learn the ranking weights and the decisions from our labelled questions, and keep
them.

Ranking: a pairwise logistic regression (Herbrich 1999: the right fiche against each other one, on the differences of
their standardised sides, without intercept); sides that get a negative weight are dropped. Aspect and decision:
multinomial logistic regressions. The penalty of each is chosen by five-fold cross-validation on the `train` questions,
folds by conversation; figures on `validation` are printed beside, `test` is not looked at. Deterministic.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.answering.topics.choose_quotes import FEATURES, Judge
from assistant.answering.topics.features import NAMES, aspect_features, decision_features, fiche_scores, name_scores
from assistant.learned import FITTED_FILE, Linear, parse_classifier, terms_of
from assistant.settings.settings import read_settings
from assistant.text.languages import language_of
from assistant.text.spelling import document_words, load_speller
from assistant.understanding.cleaning import one_line, spelling_texts
from assistant.understanding.interpret import understand
from assistant.understanding.reading import read
from corpus.load import load_document
from corpus.registry import load_registry
from evals.fitting.classifier import fit_classifier
from evals.fitting.emergencies import fit_urgency
from evals.fitting.over_all_fiches import fit_breadth
from evals.fitting.quotes import fit_quotes
from evals.sets.questions import Question, load_questions
from index.encoder.load import load_encoder
from index.entries import make_entries
from index.evidence import Evidence, standardise
from index.storage.build import build_index, identity_of, reason_to_build
from index.storage.read import open_index

Floats = npt.NDArray[np.float64]
Scores = npt.NDArray[np.float32]
GENERIC = (
    *("passages, dense", "sentences, dense", "titles, dense"),
    *("passages, keyword", "fiches, keyword", "titles, keyword"),
)
"""The sides that any corpus has: no residents' words, lexicon or registry. `evals.baselines.outside_corpus` runs on
their weights.
"""
ASPECTS = ("financeurs", "operateurs", "dispositifs", "descriptif", "fait")
PENALTIES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
DECLINED = ("hors_sujet", "injection")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Apprend les poids sur evals/sets/data/questions.jsonl (train).")
    parser.add_argument("--dry", action="store_true", help="affiche sans écrire")
    options = parser.parse_args(argv)
    workshop = Workshop()
    ranking, ranking_report = workshop.fit_ranking()
    workshop.weights = ranking
    generic, generic_report = workshop.fit_ranking(GENERIC)
    aspect, aspect_report = workshop.fit_aspect()
    decision, decision_report = workshop.fit_decision()
    quote, quote_report = workshop.fit_quotes(aspect)
    breadth, breadth_report = fit_breadth(workshop.document, workshop.registry, workshop.questions)
    ordinary = [q.question for q in workshop.questions if q.split == "train" and q.answerable]
    urgency, urgency_report = fit_urgency(workshop.correct, workshop.encode, ordinary)
    report = {
        "ranking": ranking_report,
        "generic": generic_report,
        "aspect": aspect_report,
        "decision": decision_report,
        "quote": quote_report,
        "breadth": breadth_report,
        "urgency": urgency_report,
    }
    print(json.dumps(report, ensure_ascii=False, indent=1))
    if not options.dry:
        content = {
            "made_by": "python -m evals.fitting.fit",
            "report": report,
            "ranking": ranking,
            "generic": generic,
            "aspect": aspect,
            "decision": decision,
            "quote": quote,
            "breadth": breadth,
            "urgency": urgency,
        }
        FITTED_FILE.parent.mkdir(exist_ok=True)
        FITTED_FILE.write_text(json.dumps(content, ensure_ascii=False, indent=None) + "\n", encoding="utf-8")
    return 0


TRAINING_FILE = Path(__file__).parent.parent / "sets" / "data" / "training.jsonl"


def read_training(path: Path = TRAINING_FILE) -> list[Question]:
    """Questions that are labelled only: {"question", "type", "fiche", "style"}; for fitting, never for scores."""
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Question(
            id=f"t-{rank:04}",
            split="train",
            type=record["type"],
            style=record["style"],
            history=(),
            question=record["question"],
            answerable=record["type"] not in DECLINED,
            gold=(record["fiche"],) if record["fiche"] else (),
            ok=(),
            must=tuple((piece,) for piece in record.get("evidence", ())),
            must_not=(),
            note="",
        )
        for rank, record in enumerate(records, start=1)
    ]


def _folds(questions: Sequence[Question]) -> list[tuple[list[Question], list[Question]]]:
    """Five pairs (rest, held out)."""
    return [
        ([q for i, q in enumerate(questions) if i % 5 != fold], [q for i, q in enumerate(questions) if i % 5 == fold])
        for fold in range(5)
    ]


class Workshop:
    """Questions with everything computed once: vectors, evidence, readings."""

    def __init__(self) -> None:
        settings = read_settings()
        self.document, self.registry = load_document(), load_registry()
        entries = make_entries(self.document)
        encoder = load_encoder(settings.encoder, models=settings.home / "models")
        if reason_to_build(settings.home, identity_of(entries, encoder.identity)):
            build_index(settings.home, entries, encoder)
        self.index = open_index(settings.home, entries)
        speller = load_speller(*spelling_texts(self.registry, entries))
        self.correct, self.encode = speller.correct, encoder.encode_queries
        self.questions = [
            replace(q, question=speller.correct(one_line(q.question)))
            for q in (*load_questions(), *read_training())
            if q.split in ("train", "validation")
        ]
        texts = sorted({q.question for q in self.questions})
        vectors = encoder.encode_queries(texts)
        self.vectors = dict(zip(texts, vectors, strict=True))
        self.evidence = {
            text: self.index.evidence(text, self.vectors[text], synonyms=document_words(text)) for text in texts
        }
        self.weights: dict[str, float] = {}
        self.fiches = [i for i, name in enumerate(self.index.documents) if name[:1].isdigit()]

    def topical(self, split: str) -> list[Question]:
        """Questions that stand alone, are about one fiche, and are left to the search."""
        return [
            q
            for q in self.questions
            if q.split == split
            and language_of(q.question) == "fr"
            and q.answerable
            and not q.history
            and q.type in ASPECTS
            and len(q.gold) == 1
            and understand(q.question, self.document, self.registry).requests[0].kind == "topic"
        ]

    def sides(self, question: Question) -> Floats:
        """(fiches, sides) standardised."""
        sides = [*self.evidence[question.question].sides.values(), self.names(question)]
        return np.stack([standardise(scores)[self.fiches] for scores in sides], axis=1).astype(np.float64)

    def names(self, question: Question) -> Scores:
        return name_scores(self.index, read(question.question, self.document, self.registry), self.registry)

    def gold_row(self, question: Question) -> int:
        return [self.index.documents[i] for i in self.fiches].index(question.gold[0])

    def fit_ranking(
        self, only: Sequence[str] | None = None, penalties: Sequence[float] = PENALTIES
    ) -> tuple[dict[str, float], dict[str, Any]]:
        """Weights of the sides (of `only` these); the penalty is that of the best cross-validated likelihood."""
        names = [*next(iter(self.evidence.values())).sides, NAMES]
        train, validation = self.topical("train"), self.topical("validation")
        kept = [column for column, name in enumerate(names) if only is None or name in only]
        while True:
            best = max(penalties, key=lambda penalty: self._likelihood(train, kept, penalty))
            weights = self._pairwise(train, kept, best)
            if (weights > 0).all():
                break
            kept = [column for column, weight in zip(kept, weights, strict=True) if weight > 0]
        fitted = {names[column]: round(float(weight), 4) for column, weight in zip(kept, weights, strict=True)}
        cross = [self.hits(held, self._pairwise(rest, kept, best), kept) for rest, held in _folds(train)]
        report = {
            "questions": len(train),
            "penalty": best,
            "hit@1 cross-validated": round(float(np.mean(cross)), 4),
            "hit@1 validation": round(self.hits(validation, weights, kept), 4),
            "hit@1 alone": {name: round(self.hits(train, np.ones(1), [i]), 4) for i, name in enumerate(names)},
            "weights": fitted,
        }
        return fitted, report

    def _pairwise(self, questions: Sequence[Question], columns: list[int], penalty: float) -> Floats:
        differences = self._differences(questions, columns)
        features = np.concatenate([differences, -differences])
        labels = np.array([1] * len(differences) + [0] * len(differences))
        model = LogisticRegression(C=penalty, fit_intercept=False, max_iter=2000).fit(features, labels)
        weights: Floats = model.coef_[0]
        return weights

    def _likelihood(self, questions: Sequence[Question], columns: list[int], penalty: float) -> float:
        """Mean log probability that the right fiche stands before another, on questions held out."""
        losses = []
        for rest, held in _folds(questions):
            margins = self._differences(held, columns) @ self._pairwise(rest, columns, penalty)
            losses.append(float(np.logaddexp(0.0, -margins).mean()))
        return -float(np.mean(losses))

    def _differences(self, questions: Sequence[Question], columns: list[int]) -> Floats:
        """The right fiche's sides minus those of each of the ten that look best beside it."""
        rows = []
        for question in questions:
            sides, gold = self.sides(question)[:, columns], self.gold_row(question)
            others = [row for row in range(len(sides)) if row != gold]
            hardest = sorted(others, key=lambda row: -float(sides[row].sum()))[:10]
            rows.append(sides[gold] - sides[hardest])
        return np.concatenate(rows)

    def hits(self, questions: Sequence[Question], weights: Floats, columns: list[int]) -> float:
        hits = [int(np.argmax(self.sides(q)[:, columns] @ weights)) == self.gold_row(q) for q in questions]
        return float(np.mean(hits))

    def fit_aspect(self) -> tuple[dict[str, Any], dict[str, Any]]:
        def features(questions: Sequence[Question]) -> Floats:
            return np.stack(
                [
                    aspect_features(read(q.question, self.document, self.registry), self.vectors[q.question])
                    for q in questions
                ]
            ).astype(np.float64)

        train, validation = self.topical("train"), self.topical("validation")
        return self._classify(
            features,
            train,
            [q.type for q in train],
            validation,
            [q.type for q in validation],
        )

    def fit_decision(self) -> tuple[dict[str, Any], dict[str, Any]]:
        def chosen(split: str) -> list[Question]:
            return [
                q
                for q in self.questions
                if q.split == split
                and not q.history
                and (q.type in ("bavardage", *DECLINED, "preambule") or (q.answerable and q.type in ASPECTS))
                and understand(q.question, self.document, self.registry).requests[0].kind == "topic"
            ]

        def label(question: Question) -> str:
            if question.type == "bavardage":
                return "smalltalk"
            return "answer" if question.answerable else "decline"

        def features(questions: Sequence[Question]) -> Floats:
            rows = []
            for q in questions:
                evidence, vector = self.evidence[q.question], self.vectors[q.question]
                reading = read(q.question, self.document, self.registry)
                foreign = language_of(q.question) != "fr"
                scores = fiche_scores(self.index, evidence, self.names(q), self.weights, foreign=foreign)
                rows.append(decision_features(self.index, reading, evidence, scores, vector))
            return np.stack(rows).astype(np.float64)

        train, validation = chosen("train"), chosen("validation")
        return self._classify(features, train, [label(q) for q in train], validation, [label(q) for q in validation])

    def fit_quotes(self, aspect: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        classifier = parse_classifier(aspect)

        def context(question: Question) -> tuple[Evidence, dict[str, float]]:
            reading = read(question.question, self.document, self.registry)
            features = aspect_features(reading, self.vectors[question.question])
            return self.evidence[question.question], classifier.probabilities(features, terms_of(question.question))

        judge = Judge(self.index, self.document, self.registry, Linear(np.zeros(len(FEATURES), np.float32), 0.0))
        train, validation = ([q for q in self.questions if q.split == split] for split in ("train", "validation"))
        return fit_quotes(judge, self.document, train, validation, context)

    def _classify(
        self,
        features: Callable[[Sequence[Question]], Floats],
        train: Sequence[Question],
        labels: Sequence[str],
        validation: Sequence[Question],
        validation_labels: Sequence[str],
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Fitted on `train`; its accuracy on `validation` beside the cross-validated one."""
        fit = fit_classifier([terms_of(q.question) for q in train], labels, features=features(train))
        held = fit.probabilities([terms_of(q.question) for q in validation], features(validation))
        held_truth = np.array(validation_labels)
        chosen = np.array(fit.classes)[held.argmax(axis=1)]
        report = fit.report() | {"accuracy validation": round(float((chosen == held_truth).mean()), 4)}
        if "decline" in fit.classes:
            column = fit.classes.index("answer")
            for name, truth, shares in (("cross-validated", fit.truth, fit.held_out), ("validation", held_truth, held)):
                area = roc_auc_score(truth == "answer", shares[:, column])
                report[f"area under the curve, {name}"] = round(float(area), 4)
        return fit.content(), report


if __name__ == "__main__":
    sys.exit(main())
