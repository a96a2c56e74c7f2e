"""The numbers that `python -m evals.fit` learned from our labelled questions: weights, coefficients, their origin."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import CorpusError

Floats = npt.NDArray[np.float32]
FITTED_FILE = Path(__file__).parent / "data" / "fitted.json"


@dataclass(frozen=True, slots=True)
class Classifier:
    """A multinomial logistic regression: softmax(features @ coefficients.T + intercepts) over `classes`."""

    classes: tuple[str, ...]
    coefficients: Floats
    intercepts: Floats

    def probabilities(self, features: Floats) -> dict[str, float]:
        scores = self.coefficients @ features + self.intercepts
        exponentials = np.exp(scores - scores.max())
        shares = exponentials / exponentials.sum()
        return {name: float(share) for name, share in zip(self.classes, shares, strict=True)}


@dataclass(frozen=True, slots=True)
class Fitted:
    """`ranking`: side -> weight; `generic`: the same without what only the fiches have; `aspect`: what is asked of a
    topic; `decision`: answer, decline or smalltalk.
    """

    ranking: Mapping[str, float]
    generic: Mapping[str, float]
    aspect: Classifier
    decision: Classifier


def parse_fitted(content: Mapping[str, Any]) -> Fitted:
    return Fitted(
        content["ranking"], content["generic"], _classifier(content["aspect"]), _classifier(content["decision"])
    )


def _classifier(content: Mapping[str, Any]) -> Classifier:
    coefficients: Sequence[Sequence[float]] = content["coefficients"]
    return Classifier(
        tuple(content["classes"]),
        np.asarray(coefficients, dtype=np.float32),
        np.asarray(content["intercepts"], dtype=np.float32),
    )


@cache
def load_fitted(path: Path = FITTED_FILE) -> Fitted:
    """Read once; raises CorpusError when the file is missing or damaged."""
    try:
        return parse_fitted(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError) as error:
        raise CorpusError(
            f"Les poids appris sont illisibles : {path}. Restaurez-les : git checkout -- {path}"
        ) from error
