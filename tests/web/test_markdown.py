"""Text becomes HTML that is safe to show, whatever the text."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from assistant.web.markdown import render_text

ALLOWED = {*"p br strong em ul ol li h3 div table thead tbody tr th td i".split()}  # noqa: SIM905 - reads better


class Tags(HTMLParser):
    """Collects the tags and the text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.opened.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def render(text: str) -> str:
    """Without the line feeds between the tags."""
    return render_text(text, lambda place: Markup("<i>{}</i>").format(place)).replace("\n", "")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Bonjour.\nEncore.\n\nFin.", "<p>Bonjour.<br>Encore.</p><p>Fin.</p>"),
        ("- un\n- deux\n  - sous deux", "<ul><li>un</li><li>deux<ul><li>sous deux</li></ul></li></ul>"),
        ("1. un\n2. deux", "<ol><li>un</li><li>deux</li></ol>"),
        ("**gras** et *penché* et 2 * 3", "<p><strong>gras</strong> et <em>penché</em> et 2 * 3</p>"),
        ("**[fiche 2-3]** et [fiche <b>]", "<p><strong><i>2-3</i></strong> et [fiche &lt;b&gt;]</p>"),
        ("`a` &amp; \\* https://x.example", "<p>`a` &amp;amp; \\* https://x.example</p>"),
        ("Voir [fiche 2-3], [enjeu n°1], [préambule].", "<p>Voir <i>2-3</i>, <i>enjeu 1</i>, <i>préambule</i>.</p>"),
        ("## Titre\nsuite", "<h3>Titre</h3><p>suite</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[clic](javascript:alert(1)) ![x](http://x/y.png)", "<p>[clic](javascript:alert(1)) ![x](http://x/y.png)</p>"),
        (
            "| a | b |\n|---|---|\n| 1 | 2 |",
            '<div class="table"><table><thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>'
            "<tbody><tr><td>1</td><td>2</td></tr></tbody></table></div>",
        ),
        ("", ""),
    ],
)
def test_each_form_of_text_becomes_its_html(text: str, html: str) -> None:
    assert render(text) == html


markup = st.text(st.sampled_from("ab <>&\"'*[]()!-|#\n0123.") | st.characters(codec="utf-8"))


@given(markup)
def test_no_text_makes_other_markup_than_ours(text: str) -> None:
    tags = Tags(render(text))
    assert set(tags.opened) <= ALLOWED
    assert set(tags.attributes) <= {("scope", "col"), ("class", "table")}
