"""The assistant of the settings, opened with progress on standard error; silent when there is nothing to make ready."""

import sys
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.settings.settings import read_settings

if TYPE_CHECKING:
    from assistant.chain import Guichet


def open_assistant(*, rebuild: bool = False, model: bool = True) -> "Guichet":
    """Its encoder and its index are made when they must be; without its chat model when not `model`."""
    from assistant.assemble import open_guichet

    with closing(Progress()) as progress:
        settings = read_settings()
        used = settings if model else replace(settings, llm="")
        return open_guichet(used, report=progress.report, say=progress.say, rebuild=rebuild)


class Progress:
    """What is told of a long work: `say` a line, `report` how far it is; the bar appears with the first report.

    It rewrites its own line, so it is drawn on a terminal only: in a file or a pipe the lines of `say` are enough.
    """

    def __init__(self) -> None:
        self._bar: Any = None

    def close(self) -> None:
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
