"""What may be quoted of a fiche: the sentences of its descriptif, the bullets of its lists, its dispositifs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.text.french import capitalised
from corpus.document import Fiche, Paragraph
from corpus.sentences import split_sentences


@dataclass(frozen=True, slots=True)
class Quote:
    """`shown`: a sentence, a bullet or a dispositif, word for word.

    `head`: the sentence that opens the list of a bullet; `under`: the bullets that a head opens; `holder`: of a
    dispositif; `acting`: it says what is done or planned, rather than how things stand.
    """

    section: str
    holder: str
    shown: Paragraph
    head: Paragraph | None = None
    under: tuple[Paragraph, ...] = ()
    acting: bool = True


@dataclass(frozen=True, slots=True)
class QuoteBlock:
    """What is shown together: a sentence or a dispositif alone, or a head with some of its bullets."""

    section: str
    holder: str
    shown: Paragraph
    bullets: tuple[Paragraph, ...] = ()

    @property
    def line(self) -> str:
        """As it is written in an answer, in Markdown."""
        start = f"- {self.holder} : " if self.holder else "- "
        return "\n".join([start + self.shown.item, *(f"  - {bullet.item}" for bullet in self.bullets)])

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        return (self.shown, *self.bullets)


@lru_cache(maxsize=64)
def quotable(fiche: Fiche) -> tuple[Quote, ...]:
    """All quotes of a fiche, in the order of the document."""
    paragraphs = fiche.descriptif
    opened = next((i for i, p in enumerate(paragraphs) if p.text.endswith(":")), max(0, len(paragraphs) - 2))
    quotes = _quotes("descriptif", "", paragraphs, opened)
    for group in fiche.dispositifs:
        quotes += _quotes("dispositifs", capitalised(group.porteur), group.items, 0)
    return tuple(quotes)


def _quotes(section: str, holder: str, paragraphs: Sequence[Paragraph], opened: int) -> list[Quote]:
    """`opened`: the position from which paragraphs are about actions. Only a descriptif is cut into sentences."""
    quotes: list[Quote] = []
    head: Paragraph | None = None
    for position, paragraph in enumerate(paragraphs):
        acting = position >= opened
        if paragraph.bullet and head is not None:
            quotes.append(Quote(section, holder, paragraph, head=head, acting=acting))
            continue
        head = None
        whole = paragraph.bullet or section == "dispositifs"
        for sentence in [paragraph.text] if whole else split_sentences(paragraph.text):
            shown = paragraph if sentence == paragraph.text else Paragraph(sentence, paragraph.lines)
            under = bullets_after(paragraphs, position) if sentence.endswith(":") else ()
            quotes.append(Quote(section, holder, shown, under=under, acting=acting))
            head = shown if under else None
    return quotes


def bullets_after(paragraphs: Sequence[Paragraph], position: int) -> tuple[Paragraph, ...]:
    end = position + 1
    while end < len(paragraphs) and paragraphs[end].bullet:
        end += 1
    return tuple(paragraphs[position + 1 : end])


def blocks_of(chosen: Sequence[Quote], fiche: Fiche) -> list[QuoteBlock]:
    """Chosen quotes, best first -> blocks: the best one's first, the others in the order of the document.

    A bullet is shown under its head; a head that was chosen for itself is shown with all of its bullets.
    """
    blocks: dict[tuple[str, tuple[int, ...], str], QuoteBlock] = {}
    for quote in quotable(fiche):
        if quote not in chosen:
            continue
        owner = quote.head or quote.shown
        place = (owner.text, owner.lines, quote.holder)
        bullets = quote.under or ((quote.shown,) if quote.head else ())
        held = blocks.get(place)
        kept = held.bullets if held else ()
        together = kept + tuple(bullet for bullet in bullets if bullet not in kept)
        blocks[place] = QuoteBlock(quote.section, quote.holder, owner, together)
    if not chosen:
        return []
    best = chosen[0].head or chosen[0].shown
    first = (best.text, best.lines, chosen[0].holder)
    return [blocks[first], *(block for place, block in blocks.items() if place != first)]
