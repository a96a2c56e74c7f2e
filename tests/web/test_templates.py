"""The templates: every value is escaped, everywhere, and HTML is written nowhere else."""

import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from assistant.web.pages.frame import render_message
from assistant.web.templating import TEMPLATES, link, render

WEB = TEMPLATES.parent
FILES = sorted(TEMPLATES.glob("*.html"))
BY_HAND = ["conversation/blocks.py", "markdown.py"]
"""Gradio's components are given templates of its own, and the Markdown parser the tags of a table."""


def test_a_value_is_shown_as_text() -> None:
    page = render_message("<b>Titre</b>", "<script>alert(1)</script>")
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert "<b>" not in page


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="text"):
        render("message.html", address="", title="", lead="", side="", visitor=None)


def test_an_address_holds_the_values_that_are_given() -> None:
    assert link("partenaires", acteur="caf", role="", fiche="2-3") == "partenaires?acteur=caf&fiche=2-3"
    assert link("tableau", fiche="") == "tableau"
    assert link("fiche", fiche='"><b>&') == "fiche?fiche=%22%3E%3Cb%3E%26"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_template_switches_the_escaping_off_or_leaves_an_attribute_without_quotes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"\|\s*safe\b|autoescape", text) == []
    assert re.findall(r"\s[\w-]+=\{\{", text) == []


def test_every_template_is_shown_somewhere() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (*WEB.rglob("*.py"), *FILES)]
    assert [path.name for path in FILES if not any(f'"{path.name}"' in source for source in sources)] == []


def test_html_is_written_in_templates_only() -> None:
    tag = re.compile(r"<(?:p|div|a|ul|li|h\d|section|table|button|form|span)[ >]")
    written = [
        path.relative_to(WEB).as_posix()
        for path in sorted(WEB.rglob("*.py"))
        if tag.search(path.read_text(encoding="utf-8"))
    ]
    assert written == BY_HAND
