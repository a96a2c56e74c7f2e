"""Results saved in `evals/results/`, written whole or not at all, read back as frozen data.

evals/results/1687d7b33d8c.json              all splits, on a clean checkout of that commit
evals/results/1687d7b33d8c-validation.json   one split only
evals/results/1687d7b33d8c-dirty.json        uncommitted changes were in the checkout (git ignores these)
evals/results/load-1687d7b33d8c.json         another measurement, as its command printed it
evals/results/latest.json                    the figures of the newest clean run of all splits, without its rows:
                                             what the page shows
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from corpus.errors import GuichetError
from evals.performance.machine import COMMIT, DIRTY
from evals.scoring.figures import Figures
from evals.scoring.intervals import Measure
from evals.scoring.rows import Row, row_from
from evals.sets.questions import SPLITS

RESULTS = Path(__file__).parent / "results"
SUMMARY = "latest.json"
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
    content = asdict(run)
    write_rows(path, content, [row.to_json() for row in run.rows])
    if run.split == "all" and not run.commit.endswith(DIRTY):
        del content["rows"]
        _write(folder / SUMMARY, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    return path


def load_run(path: Path) -> Run:
    """Raises GuichetError, in French, when the file is missing or not a run."""

    def make(content: dict[str, Any]) -> Run:
        tables = {
            name: {key: figures_from(measures) for key, measures in content[name].items()}
            for name in ("figures", "peers")
        }
        rows = tuple(row_from(record) for record in content["rows"])
        return Run(**{**content, **tables, "robustness": figures_from(content["robustness"]), "rows": rows})

    return read_rows(path, make, command="guichet eval run --split all")


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


def figures_from(records: Mapping[str, Any]) -> Figures:
    """The contrary of `asdict` on each measure."""
    return {name: Measure(**record) for name, record in records.items()}


def write_rows(path: Path, content: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """`content` as JSON, its "rows" last and one a line."""
    head = json.dumps({name: value for name, value in content.items() if name != "rows"}, ensure_ascii=False, indent=1)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    _write(path, f'{head[:-2]},\n "rows": [\n{lines}\n]}}\n')


def read_rows(path: Path, make: Callable[[dict[str, Any]], Saved], *, command: str) -> Saved:
    """What `make` makes of a saved file. Raises GuichetError, which names the `command` that makes such a file."""
    try:
        return make(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
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
