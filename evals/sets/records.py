"""Files of labelled lines: one JSON object a line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from corpus.errors import GuichetError

Record = TypeVar("Record")


def read_records(path: Path, make: Callable[[dict[str, Any]], Record]) -> list[Record]:
    """What `make` makes of each line that is not blank. Raises GuichetError, in French, on a damaged line."""
    records = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            records.append(make(json.loads(line)))
        except (ValueError, KeyError) as error:
            raise GuichetError(f"{path}, ligne {number} : {error}. Restaurez-la : git checkout -- {path}") from error
    return records
