"""Results saved in `evals/results/`, written whole or not at all, read back as frozen data.

evals/results/1687d7b33d8c.json              all splits, on a clean checkout of that commit
evals/results/1687d7b33d8c-validation.json   one split only
evals/results/1687d7b33d8c-dirty.json        uncommitted changes were in the checkout (git ignores these)
evals/results/load-1687d7b33d8c.json         another measurement, as its command printed it
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from corpus.errors import GuichetError
from evals.performance.machine import COMMIT, DIRTY
from evals.scoring.figures import Figures
from evals.scoring.rows import Row
from evals.sets.questions import SPLITS

RESULTS = Path(__file__).parent / "results"
ABLATION_FILE = RESULTS / "ablation.json"
Saved = TypeVar("Saved")
_RUN = re.compile(rf"(?:[0-9a-f]{{12}}|inconnu)(?:-dirty)?(?:-(?:{'|'.join(SPLITS)}))?")


@dataclass(frozen=True, slots=True)
class Run:
    """One evaluation. `commit` ends in "-dirty" when the checkout had changes; `split` is "all" or one split.

    `document` and `questions` are digests; `figures` by split; `robustness` of the questions of the run, noised;
    `peers`: name -> figures on the questions of `peers_split`, from `evals compare`.
    """

    commit: str
    date: str
    split: str
    engine: str
    encoder: str
    document: str
    questions: str
    machine: Mapping[str, str | int | float]
    versions: Mapping[str, str]
    figures: Mapping[str, Figures]
    rows: tuple[Row, ...]
    robustness: Figures = field(default_factory=dict)
    peers: Mapping[str, Figures] = field(default_factory=dict)
    peers_split: str = ""


def results_file(commit: str, split: str, folder: Path = RESULTS) -> Path:
    return folder / f"{commit}{'' if split == 'all' else f'-{split}'}.json"


def save_run(run: Run, folder: Path = RESULTS) -> Path:
    """One row a line, so that two runs can be compared by eye."""
    path = results_file(run.commit, run.split, folder)
    write_rows(path, asdict(run))
    return path


def load_run(path: Path) -> Run:
    """Raises GuichetError, in French, when the file is missing or not a run."""
    return read_saved(path, Run, command="guichet eval run --split all")


def find_run(commit: str, split: str | None = None, folder: Path = RESULTS) -> Run:
    """The saved run of a commit (its first characters are enough), of all splits where there is one."""
    files = [path for path in _files(folder) if path.stem.startswith(commit[:COMMIT])]
    for path in sorted(files, key=lambda path: (DIRTY in path.stem, len(path.stem))):
        run = load_run(path)
        if split in (None, run.split) or run.split == "all":
            return run
    saved = ", ".join(path.stem for path in _files(folder)) or "aucun"
    raise GuichetError(f"Pas de résultats pour « {commit} ». Gardés : {saved}.")


def latest_run(*splits: str, folder: Path = RESULTS, dirty: bool = True) -> Run | None:
    """The newest saved run of one of these splits; None when there is none. `dirty`: of changed checkouts too."""
    runs = [load_run(path) for path in _files(folder) if dirty or DIRTY not in path.stem]
    return max((run for run in runs if run.split in splits), key=lambda run: run.date, default=None)


def no_run() -> GuichetError:
    """What to raise where a saved run is needed."""
    return GuichetError("Aucun résultat n’est gardé. Produisez-en : guichet eval run --split all")


def save_measurement(name: str, content: Mapping[str, Any], *, keep: bool, folder: Path = RESULTS) -> None:
    """Print a measurement as JSON, and with `keep` save it under `name`."""
    text = json.dumps(content, ensure_ascii=False, indent=1)
    print(text)
    if keep:
        _write(folder / f"{name}.json", f"{text}\n")


def write_rows(path: Path, content: Mapping[str, Any]) -> None:
    """`content` as JSON, its "rows" last and one a line."""
    head = json.dumps({name: value for name, value in content.items() if name != "rows"}, ensure_ascii=False, indent=1)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in content["rows"])
    _write(path, f'{head[:-2]},\n "rows": [\n{lines}\n]}}\n')


def read_saved(path: Path, kind: type[Saved], *, command: str) -> Saved:
    """A saved file as a dataclass. Raises GuichetError, which names the `command` that makes such a file."""
    try:
        return TypeAdapter(kind).validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise GuichetError(
            f"Résultats absents ou illisibles : {path} ({type(error).__name__}). Produisez-les : {command}"
        ) from error


def _files(folder: Path) -> list[Path]:
    """The saved runs: nothing but a commit and its split, which leaves out other measurements beside them."""
    return sorted(path for path in folder.glob("*.json") if _RUN.fullmatch(path.stem))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
