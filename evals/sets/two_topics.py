"""Questions labelled with their topics (`two_topics.jsonl`), and how the decision to cut one in two does on them.

Each line holds the fiches that may answer each of its topics. Families, the same fiches, stand in one split only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.answering.respond import TWO
from assistant.answering.topics.two_topics import Candidate, Seen
from assistant.chain import Guichet
from evals.scoring.intervals import Measure, ratio_interval
from evals.sets.records import read_records

QUESTIONS_FILE = Path(__file__).parent / "data" / "two_topics.jsonl"


@dataclass(frozen=True, slots=True)
class Labelled:
    """`topics`: for each topic of the question, in its order, the fiches that may answer it; `kind`: how it is made."""

    id: str
    split: str
    kind: str
    topics: tuple[tuple[str, ...], ...]
    question: str

    @property
    def two(self) -> bool:
        return len(self.topics) == 2

    @property
    def family(self) -> str:
        """What splits and folds are cut by: questions on the same fiches stay together."""
        return "+".join(sorted(fiches[0] for fiches in self.topics))

    def answered_by(self, fiches: tuple[str, str]) -> bool:
        """Whether these two fiches answer its two topics, in any order."""
        if not self.two:
            return False
        one, other = self.topics
        return any(a in one and b in other for a, b in (fiches, fiches[::-1]))


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """The fiches of the two topics that a question was cut into; () when it was left whole."""

    labelled: Labelled
    fiches: tuple[str, ...]

    @property
    def right(self) -> bool:
        return len(self.fiches) == 2 and self.labelled.answered_by((self.fiches[0], self.fiches[1]))


def load_labelled(split: str = "all", path: Path = QUESTIONS_FILE) -> list[Labelled]:
    return [labelled for labelled in read_records(path, _labelled_from) if split in ("all", labelled.split)]


def _labelled_from(record: dict[str, Any]) -> Labelled:
    topics = tuple(tuple(fiches) for fiches in record["topics"])
    if len(topics) not in (1, 2) or not all(topics):
        raise ValueError(f"{len(topics)} sujets, attendu un ou deux, chacun ses fiches")
    return Labelled(record["id"], record["split"], record["kind"], topics, record["question"])


def fiches_of(seen: Seen, candidate: Candidate) -> tuple[str, str]:
    first, second = candidate.fiches
    return seen.fiches[first], seen.fiches[second]


def judge(guichet: Guichet, questions: Iterable[Labelled]) -> list[JudgedQuestion]:
    """What the whole assistant makes of each question: the fiches of the parts that it says it understood, whether the
    reader read two queries or the search found two topics in one."""
    answers = ((labelled, guichet.answer(labelled.question)) for labelled in questions)
    return [
        JudgedQuestion(labelled, answer.fiches if len(answer.queries) == 2 or TWO in answer.understood else ())
        for labelled, answer in answers
    ]


def figures(judged: Sequence[JudgedQuestion]) -> dict[str, Measure]:
    """`precision`: of the questions cut, those cut rightly; `recall`: of those with two topics; `false cuts`: of those
    with one."""
    groups = {
        "precision": [float(each.right) for each in judged if each.fiches],
        "recall": [float(each.right) for each in judged if each.labelled.two],
        "false cuts": [float(bool(each.fiches)) for each in judged if not each.labelled.two],
    }
    return {name: ratio_interval(group) for name, group in groups.items() if group}
