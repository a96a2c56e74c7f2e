"""The counter card as a Word document, through python-docx. Knows nothing of where it goes."""

from io import BytesIO

import docx
from docx.shared import Cm, Pt, RGBColor

from assistant.web.card.card import CAUTION, SOURCE, Card

BRAND = RGBColor(0x17, 0x49, 0x4D)


def to_docx(card: Card) -> bytes:
    """A .docx file: A4, real headings and lists, French as its language is left to Word."""
    document = docx.Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2)
    page.top_margin = page.bottom_margin = Cm(1.8)
    document.core_properties.title = f"Fiche {card.fiche} – {card.title}"
    document.core_properties.author = "Guichet"
    document.core_properties.language = "fr-FR"
    normal = document.styles["Normal"]
    normal.font.size = Pt(10.5)
    normal.paragraph_format.space_after = Pt(3)
    title = document.add_heading(f"Fiche {card.fiche} – {card.title}", level=1)
    title.runs[0].font.color.rgb = BRAND
    document.add_paragraph(f"Pilier\u00a0: {card.pilier}\nEnjeu\u00a0: {card.enjeu}")
    for heading, names in (("Qui finance", card.financeurs), ("Qui agit", card.operateurs)):
        document.add_heading(heading, level=2)
        for name in names or ("Le document n’indique rien.",):
            document.add_paragraph(name, style="List Bullet")
    document.add_heading("Dispositifs", level=2)
    for holder in card.holders:
        document.add_paragraph().add_run(holder.name).bold = True
        for item in holder.dispositifs:
            document.add_paragraph(item, style="List Bullet")
    if not card.holders:
        document.add_paragraph("Le document n’indique rien.")
    if card.today:
        document.add_heading("Noms actuels", level=2)
        for name, today in card.today:
            document.add_paragraph(f"{name}, aujourd’hui {today}", style="List Bullet")
    document.add_paragraph(f"{CAUTION} Source\u00a0: {SOURCE}, fiche {card.fiche}.").runs[0].italic = True
    file = BytesIO()
    document.save(file)
    return file.getvalue()
