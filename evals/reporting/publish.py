"""What the page says of its reliability: the figures of a run, written where the assistant reads them.

`assistant/` reads no file of `evals/`: `assistant/data/reliability.json` is its own, written here.
"""

import json
from dataclasses import asdict
from pathlib import Path

from assistant.web.pages.reliability import FORMS, KINDS, PUBLISHED, WORDS
from evals.performance.machine import DIRTY
from evals.results import Run

_PART = "test"
"""The part of the questions whose figures are shown: nothing was fitted or decided on it."""
_SHOWN = {
    *(name for name, _, _ in WORDS),
    *(f"right: {kind}" for kind in KINDS),
    *(f"style: {form}" for form in FORMS),
    "elapsed_ms_p50",
}


def publish(run: Run, path: Path = PUBLISHED) -> None:
    """Writes the figures that /fiabilite shows: see `read_published` for their form.

    Only a run of all questions on a clean checkout is published; of any other, nothing is written.
    """
    if run.split != "all" or run.commit.endswith(DIRTY):
        return
    figures = {**run.figures[_PART], **run.robustness}
    published = {
        "date": run.date,
        "commit": run.commit,
        "engine": run.engine,
        "encoder": run.encoder,
        "document": run.document,
        "figures": {name: asdict(figures[name]) for name in sorted(_SHOWN & figures.keys())},
    }
    path.write_text(json.dumps(published, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
