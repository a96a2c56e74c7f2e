"""Every test that a page of docs/ names exists, and what no other test holds of those pages."""

import ast
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from assistant.settings.settings import Settings
from tests.support.services import LONG, ROOT

PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "SECURITY.md"]
NAMED = re.compile(r"`tests/((?:\w+/)*test_\w+\.py)(?:::(test_\w+))?`|`((?:\w+/)*test_\w+(?:\.py\S*)?)(…?)`")
"""`tests/a/test_x.py::test_y`, `tests/a/test_x.py`, `test_y` or `test_y…` (the beginning of one)."""


@cache
def names_in(path: Path) -> frozenset[str]:
    functions = (node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef))
    return frozenset(each.name for each in functions if each.name.startswith("test_"))


def missing(text: str) -> list[str]:
    """What the text names and no file of tests has."""
    tests = ROOT / "tests"
    found = {path.relative_to(tests).as_posix(): names_in(path) for path in tests.rglob("test_*.py")}
    every = frozenset[str]().union(*found.values())
    wrong = []
    for named in NAMED.finditer(text):
        file, function, bare, cut = named.groups()
        if file:
            known = file in found and (not function or function in found[file])
        else:
            known = any(each.startswith(bare) for each in every) if cut else bare in every
        if not known:
            wrong.append(named[0])
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    assert missing(page.read_text(encoding="utf-8")) == []


def test_each_line_of_the_promises_names_a_test_or_says_how_else_it_is_held() -> None:
    rows = [line for line in (ROOT / "docs" / "promesses.md").read_text().splitlines() if line.startswith("| ")]
    rows = [row for row in rows if not row.startswith("| promesse")]
    assert len(rows) >= 40
    for row in rows:
        promise, written, held = (cell.strip() for cell in row.strip("|").split(" | "))
        assert promise, row
        for page in written.split(", "):
            assert (ROOT / page).exists() or (ROOT / "docs" / page).exists() or page == "README", row
        assert "::test_" in held or held.startswith(("mesuré", "à la main")), row


def test_the_guard_sees_a_test_that_is_not_there() -> None:
    here = "tests/project/test_promises.py"
    wrong = [
        f"`{here}::test_absent`",
        "`tests/test_absent.py`",
        "`test_promises.py`",
        "`test_absent…`",
        "`test_absent`",
    ]
    right = f"`test_every_test_that_a_page…`, `{here}`, `{here}::test_an_answer_needs_no_network`"
    assert missing(f"{right}, {', '.join(wrong)}") == wrong


@pytest.mark.model
@pytest.mark.services
def test_an_answer_needs_no_network(settings: Settings) -> None:
    """In a network of its own, where not even the machine itself is to be had."""
    command = [
        "unshare",
        "--map-root-user",
        "--net",
        sys.executable,
        "-m",
        "assistant.cli",
        "ask",
        "qui finance l’accueil des jeunes enfants ?",
    ]
    environment = os.environ | {"GUICHET_HOME": f"{settings.home}"}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=LONG)
    assert (done.returncode, "[fiche 2-3]" in done.stdout) == (0, True), done.stderr
