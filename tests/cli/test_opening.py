"""The bar that is drawn while the index is built: on a terminal only."""

import io
import sys
from contextlib import closing

import pytest

from assistant.cli.opening import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "drawn"), [(Terminal(), True), (io.StringIO(), False)])
def test_the_bar_is_drawn_on_a_terminal_only(stream: io.StringIO, drawn: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    with closing(Progress()) as progress:
        progress.say("Construction de l’index…")
        for done in range(1, 4):
            progress.report(done, 3)
    shown = stream.getvalue()
    assert shown.startswith("Construction de l’index…\n")
    assert ("\r" in shown) is drawn
    assert ("textes" in shown) is drawn
