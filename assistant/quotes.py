"""What may be quoted of a fiche: the sentences of its descriptif, its lists with what opens them, its dispositifs."""

from dataclasses import dataclass

from assistant.french import capitalised
from corpus.fiche import Fiche, Paragraph
from corpus.sentences import split_sentences


@dataclass(frozen=True, slots=True)
class Quote:
    """`shown`: a sentence or an item, word for word; `under`: the bullets that it opens; `holder`: of a dispositif.

    `acting`: it says what is done or planned, rather than how things stand.
    """

    section: str
    holder: str
    shown: Paragraph
    under: tuple[Paragraph, ...] = ()
    acting: bool = True

    @property
    def line(self) -> str:
        """As it is written in an answer, in Markdown."""
        start = f"- {self.holder} : " if self.holder else "- "
        return "\n".join([start + _said(self.shown), *(f"  - {_said(bullet)}" for bullet in self.under)])


def quotable(fiche: Fiche) -> list[Quote]:
    """All quotes of a fiche, in the order of the document."""
    quotes: list[Quote] = []
    paragraphs = fiche.descriptif
    opened = next((i for i, p in enumerate(paragraphs) if p.text.endswith(":")), max(0, len(paragraphs) - 2))
    for position, paragraph in enumerate(paragraphs):
        acting = position >= opened
        sentences = [paragraph.text] if paragraph.bullet else split_sentences(paragraph.text)
        for sentence in sentences:
            under = _bullets_after(paragraphs, position) if sentence.endswith(":") else ()
            quotes.append(Quote("descriptif", "", Paragraph(sentence, paragraph.lines), under, acting))
    for group in fiche.dispositifs:
        for position, item in enumerate(group.items):
            under = _bullets_after(group.items, position) if item.text.endswith(":") else ()
            quotes.append(Quote("dispositifs", capitalised(group.porteur), item, under))
    return quotes


def _bullets_after(paragraphs: tuple[Paragraph, ...], position: int) -> tuple[Paragraph, ...]:
    end = position + 1
    while end < len(paragraphs) and paragraphs[end].bullet:
        end += 1
    return paragraphs[position + 1 : end]


def _said(paragraph: Paragraph) -> str:
    return paragraph.text.rstrip(" ;")
