"""Learn which messages report an emergency, and of which kind, from `evals/sets/data/emergencies.jsonl` ({"question",
"urgence"}).

Half of the lines are no emergency in an emergency's words ("qui finance la prévention des violences ?"), and every
labelled desk question of `train` is none.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.answering.topics.features import emergency_features
from assistant.learned import terms_of
from evals.fitting.classifier import fit_classifier

LABELLED_FILE = Path(__file__).parent.parent / "sets" / "data" / "emergencies.jsonl"
Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]


def fit_emergencies(
    correct: Callable[[str], str], encode: Encode, ordinary: Sequence[str], path: Path = LABELLED_FILE
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(content for `fitted.json`, report); `correct` is the speller's, `ordinary` are desk questions without danger."""
    labelled = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    pairs = {correct(record["question"]): record["urgence"] for record in labelled}
    pairs |= {text: "" for text in ordinary if text not in pairs}
    texts, labels = list(pairs), list(pairs.values())
    features = np.stack([emergency_features(vector) for vector in encode(texts)]).astype(np.float64)
    fit = fit_classifier([terms_of(text) for text in texts], labels, features=features)
    danger = 1 - fit.held_out[:, fit.classes.index("")]
    report = fit.report() | {
        "emergencies found, cross-validated": round(float((danger[fit.truth != ""] > 0.5).mean()), 4),
        "false alarms, cross-validated": int((danger[fit.truth == ""] > 0.5).sum()),
    }
    return fit.content(), report
