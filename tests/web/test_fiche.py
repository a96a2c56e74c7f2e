"""The proof shows each fiche whole, as the document has it, with what an answer used marked and nothing else."""

import re
from html import unescape

import pytest

from assistant.answer import Citation
from assistant.web.pages.fiche import name_lines, render_proof, split_used
from corpus.document import Fiche
from corpus.load import load_document

DOCUMENT = load_document()


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


@pytest.mark.parametrize("fiche", DOCUMENT.fiches, ids=lambda fiche: fiche.number)
def test_every_fiche_is_shown_whole(fiche: Fiche) -> None:
    html = render_proof(DOCUMENT, fiche.number)
    text = plain(html)
    enjeu, pilier = DOCUMENT.enjeu(fiche.enjeu), DOCUMENT.pilier(fiche.pilier)
    assert enjeu is not None
    assert pilier is not None
    shown = [fiche.title, enjeu.title, pilier.name, *(paragraph.text for paragraph in fiche.descriptif)]
    shown += [partner.name for partner in (*fiche.financeurs, *fiche.operateurs)]
    shown += [piece for group in fiche.dispositifs for piece in (group.heading, *(item.text for item in group.items))]
    shown += [note.text for note in DOCUMENT.notes if note.fiche == fiche.number]
    assert [piece for piece in shown if piece not in text] == []
    assert re.findall(r"<h3>(.*?)</h3>", html) == [
        "Descriptif et objectifs des projets attendus",
        "Partenaires financeurs",
        "Partenaires opérateurs",
        "Dispositifs pouvant soutenir les projets",
    ]
    assert html.count("<ul>") == html.count("</ul>")
    assert "<mark>" not in html


def test_what_was_used_is_marked_and_only_that() -> None:
    fiche = DOCUMENT.fiche("2-3")
    assert fiche is not None
    sentence = "Le diagnostic montre que seuls 2,5 enfants de moins de 3 ans sur 10"
    citations = [Citation("2-3", "financeurs", partner.name, partner.lines) for partner in fiche.financeurs]
    citations.append(Citation("2-3", "descriptif", sentence, fiche.descriptif[0].lines))
    citations.append(Citation("2-1", "descriptif", fiche.descriptif[1].text, ()))
    marked = re.findall(r"<mark>(.*?)</mark>", render_proof(DOCUMENT, "2-3", citations))
    assert [unescape(piece) for piece in marked] == [sentence, *(partner.name for partner in fiche.financeurs)]


def test_a_passage_is_marked_by_its_words_else_by_its_lines() -> None:
    quoted = split_used("a < b, c", (1,), [Citation("", "", "< b", (1,))])
    assert quoted == (("a ", False), ("< b", True), (", c", False))
    assert split_used("a < b", (1,), [Citation("", "", "autre", (1, 2))]) == (("a < b", True),)
    assert split_used("a < b", (3,), [Citation("", "", "autre", (1, 2))]) == (("a < b", False),)
    assert split_used("un", (1,), [Citation("", "", "un ; deux", ())]) == (("un", True),)
    assert split_used("un", (1,), []) == (("un", False),)


def test_a_paragraph_names_its_lines() -> None:
    assert name_lines((829,)) == "Ligne 829 du document livré"
    assert name_lines((831, 829)) == "Lignes 829 à 831 du document livré"
    fiche = DOCUMENT.fiche("2-3")
    assert fiche is not None
    assert f'<li title="{name_lines(fiche.financeurs[0].lines)}">' in render_proof(DOCUMENT, "2-3")


def test_preamble_and_enjeux_can_be_opened_too() -> None:
    assert "prévention de la délinquance" in plain(render_proof(DOCUMENT, "préambule"))
    assert "Enjeu stratégique n°1 Adapter l’offre de formation" in plain(render_proof(DOCUMENT, "enjeu 1"))


@pytest.mark.parametrize("place", ["16-1", "enjeu 99", "enjeu ²", "", "<b>x</b>", "9" * 5000])
def test_a_place_that_the_document_lacks_says_so(place: str) -> None:
    html = render_proof(DOCUMENT, place)
    assert "Le document n’a pas de fiche" in html
    assert "<b>" not in html
    assert len(html) < 400
