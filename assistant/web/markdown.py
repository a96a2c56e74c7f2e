"""Markdown -> HTML that is safe to show: only what is enabled below becomes markup, everything else stays text.

Knows paragraphs, headings, lists, tables, **bold**, *italic* and calls such as `[fiche 2-3]`. Raw HTML, links, images
and code stay as they were written.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup

CALL = re.compile(r"\[(fiche (\d{1,2}-\d{1,2})|préambule|enjeu (?:n° ?)?(\d{1,2}))\]", re.IGNORECASE)
_SIGNS = re.compile(r"\*\*|\s*\[\d[\d, ]*(?:\]|$)|^\s*(?:[-*•]|#{1,6}|\d{1,3}[.)])\s+", re.MULTILINE)

Chip = Callable[[str], Markup]
"""The HTML of a call to "2-3", "préambule" or "enjeu 1"."""


def render_text(text: str, chip: Chip) -> Markup:
    """A whole answer. Lines that follow each other make one paragraph, with its line breaks."""
    return Markup(_parser().render(text, {"chip": chip}))  # noqa: S704 - the parser lets no markup of the text through


def plain(text: str) -> str:
    """A sentence that is being written, as text to read: without the signs of Markdown and the marks of passages.

    "- **Communes** [1" -> "Communes". By hand: a parser reads whole texts, and here signs are still open.
    """
    return _SIGNS.sub("", text).strip()


def called(match: re.Match[str]) -> str:
    """The place that a match of CALL names: `[fiche 2-3]` -> "2-3"; `[enjeu n°1]` -> "enjeu 1"."""
    if match[2]:
        return match[2]
    return f"enjeu {match[3]}" if match[3] else "préambule"


@cache
def _parser() -> MarkdownIt:
    """Begins with nothing enabled ("zero"), so that a rule of a later version of the library is not enabled either."""
    parser = MarkdownIt("zero", {"breaks": True}).enable(["emphasis", "heading", "list", "newline", "table"])
    parser.inline.ruler.push("call", _read_call)
    parser.core.ruler.push("guichet", _adapt_tags)
    for name, rule in (("call", _show_call), ("table_open", _open_table), ("table_close", _close_table)):
        parser.add_render_rule(name, rule)
    return parser


def _read_call(state: StateInline, silent: bool) -> bool:
    match = CALL.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("call", "", 0).content = called(match)
    state.pos = match.end()
    return True


def _adapt_tags(state: StateCore) -> None:
    """Headings below those of the page, one size; the header cells of a table say that they head a column."""
    for token in state.tokens:
        token.attrs = {"scope": "col"} if token.type == "th_open" else {}
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3"


def _show_call(_: RendererHTML, tokens: Sequence[Token], index: int, __: Any, environment: Any) -> str:
    return str(environment["chip"](tokens[index].content))


def _open_table(*_: Any) -> str:
    return '<div class="table"><table>\n'


def _close_table(*_: Any) -> str:
    return "</table></div>\n"
