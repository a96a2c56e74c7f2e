"""Document -> plain JSON data, names exactly as the document writes them (line wraps joined)."""

from typing import Any

from corpus.document import Document, Fiche, Paragraph


def export(document: Document) -> dict[str, Any]:
    """{"piliers", "enjeux", "fiches", "preambule", "notes"}; the README documents the fields."""
    return {
        "piliers": [{"numero": p.number, "titre": p.title, "nom": p.name} for p in document.piliers],
        "enjeux": [
            {
                "numero": enjeu.number,
                "titre": enjeu.title,
                "pilier": enjeu.pilier,
                "introduction": " ".join(_texts(enjeu.introduction)) or None,
            }
            for enjeu in document.enjeux
        ],
        "fiches": [_fiche(fiche) for fiche in document.fiches],
        "preambule": _texts(document.preamble),
        "notes": [
            {"numero": n.number, "texte": n.text, "fiche": n.fiche or None, "section": n.section, "apres": n.word}
            for n in document.notes
        ],
    }


def _texts(paragraphs: tuple[Paragraph, ...]) -> list[str]:
    return [paragraph.text for paragraph in paragraphs]


def _fiche(fiche: Fiche) -> dict[str, Any]:
    return {
        "numero": fiche.number,
        "titre": fiche.title,
        "enjeu": fiche.enjeu,
        "pilier": fiche.pilier,
        "descriptif": _texts(fiche.descriptif),
        "financeurs": [partner.name for partner in fiche.financeurs],
        "operateurs": [partner.name for partner in fiche.operateurs],
        "dispositifs": [
            {"porteur": group.porteur, "intitule": group.heading, "items": _texts(group.items)}
            for group in fiche.dispositifs
        ],
    }
