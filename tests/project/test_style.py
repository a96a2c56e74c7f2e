"""The style and the types of the code: what `make lint` runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.structure import ROOT


@pytest.mark.parametrize("command", ["mypy --no-error-summary", "ruff check --quiet", "ruff format --check"])
def test_style_and_types_are_right(command: str) -> None:
    program, *arguments = command.split()
    run = subprocess.run(
        [Path(sys.executable).with_name(program), *arguments], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, f".venv/bin/{command}\n{run.stdout}{run.stderr}"
