"""Runs are kept: `evals/results/<commit>.json`, written whole, read back as frozen data.

evals/results/1687d7b33d8c.json              all splits, on a clean checkout of that commit
evals/results/1687d7b33d8c-validation.json   one split only
evals/results/1687d7b33d8c-dirty.json        uncommitted changes were in the checkout (git ignores these)
evals/results/latest.json                    the figures of the newest clean run of all splits, without its rows:
                                             what the page shows
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from corpus.errors import GuichetError
from evals.performance.machine import COMMIT, DIRTY
from evals.scoring.figures import Figures
from evals.scoring.intervals import Measure
from evals.scoring.rows import Row, row_from
from evals.sets.questions import SPLITS

RESULTS = Path(__file__).parent / "results"
SUMMARY = "latest.json"
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
    """Write the run, whole or not at all, one row a line so that two runs can be compared by eye."""
    folder.mkdir(parents=True, exist_ok=True)
    content = asdict(run)
    rows = ",\n".join(json.dumps(row.to_json(), ensure_ascii=False) for row in run.rows)
    head = json.dumps({name: value for name, value in content.items() if name != "rows"}, ensure_ascii=False, indent=1)
    path = results_file(run.commit, run.split, folder)
    _write(path, f'{head[:-2]},\n "rows": [\n{rows}\n]}}\n')
    if run.split == "all" and not run.commit.endswith(DIRTY):
        _write(folder / SUMMARY, f"{head}\n")
    return path


def load_run(path: Path) -> Run:
    """Raises GuichetError, in French, when the file is missing or not a run."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        tables = {
            name: {key: figures_from(each) for key, each in content[name].items()} for name in ("figures", "peers")
        }
        rows = tuple(row_from(record) for record in content["rows"])
        return Run(**{**content, **tables, "robustness": figures_from(content["robustness"]), "rows": rows})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise GuichetError(
            f"Résultats absents ou illisibles : {path} ({type(error).__name__}). "
            "Produisez-les : python -m evals run --split all"
        ) from error


def find_run(commit: str, split: str | None = None, folder: Path = RESULTS) -> Run:
    """The kept run of a commit (its first characters are enough), of all splits where there is one."""
    known = [path for path in _files(folder) if path.stem.startswith(commit[:COMMIT])]
    ranked = sorted(known, key=lambda path: (DIRTY in path.stem, len(path.stem)))
    for path in ranked:
        run = load_run(path)
        if split in (None, run.split) or run.split == "all":
            return run
    kept = ", ".join(path.stem for path in _files(folder)) or "aucun"
    raise GuichetError(f"Pas de résultats pour « {commit} ». Gardés : {kept}.")


def latest_run(folder: Path = RESULTS, *, split: str = "all", dirty: bool = True) -> Run | None:
    """The newest kept run of these questions; None when there is none. `dirty`: also those of changed checkouts."""
    runs = [load_run(path) for path in _files(folder) if dirty or DIRTY not in path.stem]
    return max((run for run in runs if run.split == split), key=lambda run: run.date, default=None)


def figures_from(records: Mapping[str, Any]) -> Figures:
    """The contrary of `asdict` on each measure."""
    return {name: Measure(**record) for name, record in records.items()}


def _files(folder: Path) -> list[Path]:
    """The kept runs: nothing but a commit and its split, which leaves out what other measures keep beside them."""
    return sorted(path for path in folder.glob("*.json") if _RUN.fullmatch(path.stem))


def _write(path: Path, text: str) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
