"""What a run of the generated engine keeps: a row for each question and engine, with the texts; written as it is made.

evals/results/1687d7b33d8c-generated.json            a finished run
evals/results/1687d7b33d8c-generated.partial.jsonl   its rows so far: a run that was cut goes on from them
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from corpus.errors import GuichetError
from evals.performance.machine import DIRTY
from evals.results import RESULTS, read_saved, write_rows
from evals.scoring.figures import Figures

ENGINES = ("embedded", "generated", "ungated", "tutorial")
"""On the same questions: Guichet without a model, with one, what that model wrote without the gate, the tutorial."""
_KIND = "-generated"


@dataclass(frozen=True, slots=True)
class GeneratedRow:
    """One engine's answer to one question.

    `raw`: what the model wrote, "" when it was not asked; `engine_said`: whether its words are in the answer;
    `fell_back`: why not. `statements` sentences were judged by `evals.scoring.unsupported`, `held` are held by what
    they cite;
    `unsupported`: "actors", "numbers", "fiches" that no cited passage holds. Seconds from the question on.
    """

    id: str
    engine: str
    answer: str
    status: str
    fiches: tuple[str, ...]
    citations: tuple[Mapping[str, str], ...]
    checks: Mapping[str, bool]
    raw: str = ""
    engine_said: bool = False
    fell_back: str = ""
    statements: int = 0
    held: int = 0
    unsupported: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    passed: int = 0
    mended: int = 0
    dropped: int = 0
    first_seconds: float = 0.0
    seconds: float = 0.0
    prompt_tokens: int = 0

    @property
    def right(self) -> bool:
        return self.checks["right"]


@dataclass(frozen=True, slots=True)
class GeneratedRun:
    """`model`: its file's name, sha256 and bytes, or its name alone; `prompt`: the version of data/prompt.md.

    `called`, `spared`: questions of the split for which the model is asked, and is not (those are answered as by the
    embedded engine); `sample` of the first, and of those outside the document, was asked in the order of `seed`.
    """

    commit: str
    date: str
    split: str
    sample: int
    seed: int
    called: int
    spared: int
    model: Mapping[str, str | int]
    prompt: str
    encoder: str
    document: str
    questions: str
    machine: Mapping[str, str | int | float]
    versions: Mapping[str, str]
    figures: Mapping[str, Figures] = field(default_factory=dict)
    fell_back: Mapping[str, int] = field(default_factory=dict)
    rows: tuple[GeneratedRow, ...] = ()


def generated_file(commit: str, folder: Path = RESULTS) -> Path:
    return folder / f"{commit}{_KIND}.json"


def save_generated(run: GeneratedRun, folder: Path = RESULTS) -> Path:
    """One row a line."""
    path = generated_file(run.commit, folder)
    write_rows(path, asdict(run))
    return path


def load_generated(path: Path) -> GeneratedRun:
    """Raises GuichetError when the file is missing or not such a run."""
    return read_saved(path, GeneratedRun, command="guichet eval run --engine generated --sample 60")


def latest_generated(folder: Path = RESULTS) -> GeneratedRun | None:
    """The newest run of a clean checkout; None when there is none."""
    runs = [load_generated(path) for path in folder.glob(f"*{_KIND}.json") if DIRTY not in path.stem]
    return max(runs, key=lambda run: run.date, default=None)


class PartialRun:
    """The rows of a run that is being made. Its first line says which run: rows of another are not gone on from."""

    def __init__(self, commit: str, identity: Mapping[str, Any], folder: Path = RESULTS) -> None:
        """Raises GuichetError when rows of another run are in the way."""
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{commit}{_KIND}.partial.jsonl"
        self.rows: list[GeneratedRow] = []
        head = json.dumps(identity, ensure_ascii=False, sort_keys=True)
        lines = self.path.read_text(encoding="utf-8").split("\n") if self.path.exists() else []
        if not lines or not lines[0]:
            self.path.write_text(f"{head}\n", encoding="utf-8")
        elif lines[0] != head:
            raise GuichetError(f"Un autre essai est resté inachevé : {self.path}. Effacez-le pour en commencer un.")
        else:
            self._go_on(lines)

    def add(self, rows: Sequence[GeneratedRow]) -> None:
        """All rows of one answer at once, so that a cut leaves none of them or all."""
        self.rows += rows
        with self.path.open("a", encoding="utf-8") as file:
            file.write("".join(f"{json.dumps(asdict(row), ensure_ascii=False)}\n" for row in rows))

    def has(self, id: str, engine: str) -> bool:
        return any((row.id, row.engine) == (id, engine) for row in self.rows)

    def complete(self) -> list[GeneratedRow]:
        """The rows of the questions that every engine answered."""
        return [row for row in self.rows if all(self.has(row.id, engine) for engine in ENGINES)]

    def close(self) -> None:
        self.path.unlink()

    def _go_on(self, lines: Sequence[str]) -> None:
        """A last line that was cut while it was written is made again."""
        whole = [line for line in lines[1:-1] if line]
        self.rows = [TypeAdapter(GeneratedRow).validate_json(line) for line in whole]
        self.path.write_text("\n".join([lines[0], *whole]) + "\n", encoding="utf-8")
