"""The pages that a person reads: tables are whole, links lead somewhere, the page of contents names every page."""

import itertools
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.support.services import ROOT

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("C*.md")), *sorted(DOCS.glob("*.md")), ROOT / "deploy" / "README.md"]
MARKDOWN = MarkdownIt("commonmark").enable("table")


def cut_rows(text: str) -> list[str]:
    """Rows of a table that are shown as plain text, because a blank line cut them off from their table."""
    tokens = MARKDOWN.parse(text)
    paragraphs = (after.content for token, after in itertools.pairwise(tokens) if token.type == "paragraph_open")
    return [line for paragraph in paragraphs for line in paragraph.splitlines() if line.startswith("|")]


def dead_links(page: Path) -> list[str]:
    """Relative links and images of a page that lead to no file."""
    inline = (token for token in MARKDOWN.parse(page.read_text(encoding="utf-8")) if token.children)
    targets = (
        str(child.attrs.get("href") or child.attrs.get("src") or "")
        for token in inline
        for child in token.children or ()
    )
    relative = {target.partition("#")[0] for target in targets if not re.match(r"[a-z]+:|#", target)} - {""}
    return sorted(target for target in relative if not (page.parent / target).exists())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_row_is_cut_off_from_its_table(page: Path) -> None:
    assert cut_rows(page.read_text(encoding="utf-8")) == []


def test_a_row_after_a_blank_line_is_seen() -> None:
    assert cut_rows("| a | b |\n|---|---|\n| 1 | 2 |\n\n| 3 | 4 |\n") == ["| 3 | 4 |"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    assert dead_links(page) == []


def test_the_page_of_contents_names_every_page() -> None:
    contents = (DOCS / "README.md").read_text(encoding="utf-8")
    assert [
        page.name for page in DOCS.glob("*.md") if page.name != "README.md" and f"]({page.name})" not in contents
    ] == []
