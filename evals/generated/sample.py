"""Which questions the generated engine is tried on: those that it would write for, and those outside the document.

Seeded, each type in its share, in an order whose every beginning keeps the shares: a run that is cut is a smaller
sample, not another one.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evals.sets.questions import Question

OUTSIDE = "hors_sujet"


@dataclass(frozen=True, slots=True)
class Sample:
    """`called`, `spared`: how many questions of all a model is asked for, and how many not."""

    questions: tuple[Question, ...]
    called: int
    spared: int


def draw_sample(questions: Sequence[Question], size: int, asks: Callable[[Question], bool], *, seed: int) -> Sample:
    """`asks`: whether a model would be asked to answer a question. At most `size` questions."""
    called = [question for question in questions if asks(question)]
    drawn_from = [question for question in questions if question in called or question.type == OUTSIDE]
    kinds: dict[str, list[Question]] = {}
    for question in drawn_from:
        kinds.setdefault(question.type, []).append(question)
    draw = random.Random(seed)  # noqa: S311 - a sample, no secret
    places: list[tuple[float, str, Question]] = []
    for kind, members in kinds.items():
        draw.shuffle(members)
        places += [((rank + 0.5) / len(members), kind, question) for rank, question in enumerate(members)]
    ordered = sorted(places, key=lambda place: place[:2])
    return Sample(tuple(question for _, _, question in ordered[:size]), len(called), len(questions) - len(called))
