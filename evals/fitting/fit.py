"""`guichet eval fit PART`: learn weights from labelled questions and write the file that the assistant reads.

Everything is fitted on the questions of "train", but for `turns`, which needs what the reader did not learn; penalties
are chosen by five-fold cross-validation; figures on "validation" or "test" are printed beside, and never fitted.
Deterministic.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.answering.topics.two_topics import WEIGHTS_FILE as TWO_TOPICS_FILE
from assistant.conversation.subject import WEIGHTS_FILE as TURNS_FILE
from assistant.generation.gate.coverage import WEIGHTS_FILE as GATE_FILE
from assistant.learned import FITTED_FILE
from evals.fitting.decisions import fit_aspect, fit_decision, fit_emergencies, fit_quotes
from evals.fitting.examples import Examples
from evals.fitting.gate import fit_gate
from evals.fitting.ranking import GENERIC, fit_ranking
from evals.fitting.turns import fit_turns
from evals.fitting.two_topics import fit_two_topics


def fit(part: str, *, write: bool) -> None:
    """Print the report of a part (`evals.arguments.PARTS`), and write its file. All parts for "all"."""
    if part == "all":
        for name in ("reader", *_PARTS):
            # A process of its own: weights are read once in a process, and a part uses those that another has written.
            subprocess.run([sys.executable, "-m", "evals", "fit", name, *([] if write else ["--dry"])], check=True)  # noqa: S603
        return
    if part == "reader":
        from evals.fitting.reader import fit_reader

        print(json.dumps(fit_reader(write=write), ensure_ascii=False, indent=1))
        return
    learn, path, indent = _PARTS[part]
    content = learn()
    print(json.dumps(content["report"], ensure_ascii=False, indent=1))
    if write:
        path.write_text(json.dumps(content, ensure_ascii=False, indent=indent) + "\n", encoding="utf-8")


def fit_decisions() -> dict[str, Any]:
    """The content of `assistant/data/fitted.json`: the weights of the search, then every decision on a question."""
    examples = Examples()
    ranking, aspect = fit_ranking(examples), fit_aspect(examples)
    parts = {
        "ranking": ranking,
        "generic": fit_ranking(examples, GENERIC),
        "aspect": aspect,
        "decision": fit_decision(examples, ranking[0]),
        "quote": fit_quotes(examples, aspect[0]),
        "emergencies": fit_emergencies(examples),
    }
    return {
        "made_by": "guichet eval fit decisions",
        "report": {name: report for name, (_, report) in parts.items()},
        **{name: content for name, (content, _) in parts.items()},
    }


_PARTS: dict[str, tuple[Callable[[], dict[str, Any]], Path, int | None]] = {
    "decisions": (fit_decisions, FITTED_FILE, None),
    "turns": (fit_turns, TURNS_FILE, 1),
    "two-topics": (fit_two_topics, TWO_TOPICS_FILE, 1),
    "gate": (fit_gate, GATE_FILE, 1),
}
