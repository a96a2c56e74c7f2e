"""Progress on standard error while the encoder and the index are made ready; silent when there is nothing to do.

The bar rewrites its own line, so it is drawn on a terminal only: in a file or a pipe the sentences of `say` are enough.
"""

import sys
from types import TracebackType
from typing import Any


class Progress:
    """A context with `say(line)` and `report(done, total)`; the bar appears with the first report."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def say(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    def report(self, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(total=total, desc="Index", unit=" textes", file=sys.stderr, leave=False)
        self._bar.update(done - self._bar.n)
