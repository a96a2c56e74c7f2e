"""Questions that are labelled only (`training.jsonl`): weights are fitted on them, no score is computed from them."""

from pathlib import Path

from evals.sets.questions import Question
from evals.sets.records import read_records

TRAINING_FILE = Path(__file__).parent / "data" / "training.jsonl"
DECLINED = ("hors_sujet", "injection")
"""Types that no fiche answers."""


def read_training(path: Path = TRAINING_FILE) -> list[Question]:
    """Lines {"question", "type", "fiche", "style"}, some with "evidence", as questions of the split "train"."""
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
        for rank, record in enumerate(read_records(path, dict), start=1)
    ]
