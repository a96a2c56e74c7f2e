"""Document -> chunks, by section, at paragraph or bullet borders; each stands alone with its fiche's title.

Partners are one chunk a list, dispositifs one a holder; the descriptif is cut where it grows beyond `MAX_WORDS`.
The preamble, its footnote and the introductions of enjeux give chunks without a fiche. LangChain's `Document` is
mutable: `to_document` makes one where a passage is handed out.
"""

from collections.abc import Sequence
from dataclasses import replace

from langchain_core.documents import Document as LangChainDocument

from corpus.document import Chunk, Document, Fiche, Lines, Paragraph, Partner, lines_of
from corpus.role_words import SECTION_TITLES

Metadata = dict[str, str | int | float | list[str] | list[int]]
MAX_WORDS = 90
CHUNKING = f"sections-{MAX_WORDS}-1"
"""Names this way of cutting: an index made by another is rebuilt."""
LABELS = {**SECTION_TITLES, "preambule": "Préambule", "introduction": "Introduction de l’enjeu"}


def chunk_document(document: Document) -> list[Chunk]:
    """All chunks, in the order of the document; ids such as "2-3/descriptif/1" are unique."""
    notes = tuple(Paragraph(note.text, note.lines) for note in document.notes if not note.fiche)
    preamble = _blank("", "Préambule du Contrat de ville", 0, 0)
    chunks = _numbered(_pack(preamble, "preambule", (*document.preamble, *notes)))
    for enjeu in document.enjeux:
        title = f"Enjeu stratégique n°{enjeu.number} : {enjeu.title}"
        chunks += _numbered(_pack(_blank("", title, enjeu.number, enjeu.pilier), "introduction", enjeu.introduction))
    for fiche in document.fiches:
        chunks += chunk_fiche(fiche)
    return chunks


def chunk_fiche(fiche: Fiche) -> list[Chunk]:
    blank = _blank(fiche.number, fiche.title, fiche.enjeu, fiche.pilier)
    chunks = _pack(blank, "descriptif", fiche.descriptif)
    chunks += [_partners(blank, "financeurs", fiche.financeurs), _partners(blank, "operateurs", fiche.operateurs)]
    for group in fiche.dispositifs:
        heading = (Paragraph(group.heading, group.lines),) if group.heading else ()
        held = replace(blank, porteur=group.porteur, partners=(group.porteur,))
        chunks += _pack(held, "dispositifs", (*heading, *group.items))
    return _numbered(chunks)


def to_document(chunk: Chunk, *, score: float) -> LangChainDocument:
    """The chunk as LangChain hands it out: `page_content` is the text that is embedded, the rest is metadata."""
    return LangChainDocument(page_content=chunk.text, metadata=metadata(chunk) | {"score": score}, id=chunk.id)


def metadata(chunk: Chunk) -> Metadata:
    """Flat, JSON-like; lists are left out when empty, because Chroma refuses empty ones."""
    values: Metadata = {
        "fiche": chunk.fiche,
        "titre": chunk.title,
        "enjeu": chunk.enjeu,
        "pilier": chunk.pilier,
        "section": chunk.section,
        "rank": chunk.rank,
        "porteur": chunk.porteur,
        "body": chunk.body,
        "lines": list(chunk.lines),
    }
    return values | ({"partners": list(chunk.partners)} if chunk.partners else {})


def _blank(fiche: str, title: str, enjeu: int, pilier: int) -> Chunk:
    """What the chunks of one fiche share."""
    return Chunk("", fiche, title, enjeu, pilier, section="", rank=0, lines=(), text="", body="")


def _filled(blank: Chunk, section: str, body: str, lines: Lines) -> Chunk:
    text = f"{blank.title}. {LABELS[section]} : {body}"
    return replace(blank, section=section, body=body, lines=lines, text=text)


def _partners(blank: Chunk, section: str, partners: tuple[Partner, ...]) -> Chunk:
    names = tuple(partner.name for partner in partners)
    lines = lines_of(partners)
    return replace(_filled(blank, section, " ; ".join(names), lines), partners=names)


def _pack(blank: Chunk, section: str, paragraphs: Sequence[Paragraph]) -> list[Chunk]:
    """Neighbouring paragraphs together up to `MAX_WORDS`; one that ends with a colon stays with what it opens."""
    windows: list[list[Paragraph]] = []
    for paragraph in paragraphs:
        window = windows[-1] if windows else []
        words = sum(len(each.text.split()) for each in (*window, paragraph))
        if window and (words <= MAX_WORDS or window[-1].text.endswith(":")):
            window.append(paragraph)
        else:
            windows.append([paragraph])
    return [
        _filled(
            blank,
            section,
            "\n".join(f"- {paragraph.text}" if paragraph.bullet else paragraph.text for paragraph in window),
            lines_of(window),
        )
        for window in windows
    ]


def _numbered(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Number the chunks within their section, from 1, and name them."""
    counts: dict[str, int] = {}
    numbered = []
    for chunk in chunks:
        rank = counts[chunk.section] = counts.get(chunk.section, 0) + 1
        owner = chunk.fiche or (f"enjeu-{chunk.enjeu}" if chunk.enjeu else "document")
        numbered.append(replace(chunk, id=f"{owner}/{chunk.section}/{rank}", rank=rank))
    return numbered
