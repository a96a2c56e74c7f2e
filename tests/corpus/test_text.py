"""The traps of the text itself: words cut at line ends, double spaces, bullets of three kinds, some lost."""

import re

import pytest

from corpus.document import Document, Fiche, Paragraph
from corpus.load import read_corpus
from corpus.parsing.lines import SourceLine, read_lines
from corpus.parsing.parse import parse


@pytest.fixture(scope="module")
def document() -> Document:
    return parse(read_corpus())


@pytest.fixture(scope="module")
def lines() -> dict[int, SourceLine]:
    return {line.number: line for line in read_lines(read_corpus())}


def paragraphs(fiche: Fiche | None) -> list[Paragraph]:
    assert fiche is not None
    return [*fiche.descriptif, *(item for group in fiche.dispositifs for item in group.items)]


def every_text(document: Document) -> list[str]:
    found = [paragraph.text for paragraph in document.preamble]
    found += [note.text for note in document.notes] + [note.word for note in document.notes]
    found += [text for pilier in document.piliers for text in (pilier.title, pilier.name)]
    for enjeu in document.enjeux:
        found += [enjeu.title, *(paragraph.text for paragraph in enjeu.introduction)]
    for fiche in document.fiches:
        found += [fiche.title, *(paragraph.text for paragraph in paragraphs(fiche))]
        found += [text for group in fiche.dispositifs for text in (group.porteur, group.heading)]
        found += [text for p in (*fiche.financeurs, *fiche.operateurs) for text in (p.name, *p.services)]
    return found


@pytest.mark.parametrize(
    ("number", "phrase"),
    [
        ("21-1", "Le Forum Avenir et Formation (Ivry-sur-Seine et Vitry-sur-Seine)"),
        ("2-2", "transport collectif inter-entreprises ;"),
        ("18-2", "équipe pédagogique et médico-sociale d’un établissement."),
        ("2-1", "démarches d’insertion socio-professionnelles."),
        ("2-2", "(ex : auto-écoles sociales)."),
        ("18-1", "(mis en place depuis 2012 à Choisy-le-Roi"),
    ],
)
def test_a_word_cut_after_a_hyphen_is_whole_again(document: Document, number: str, phrase: str) -> None:
    assert any(phrase in paragraph.text for paragraph in paragraphs(document.fiche(number)))


def test_no_word_is_left_cut_but_the_one_the_document_writes_so(document: Document) -> None:
    cuts = [match[0] for text in every_text(document) for match in re.finditer(r"\w+- \w+", text)]
    assert cuts == ["3ème- seconde"]
    assert "3ème- seconde" in read_corpus()


def test_no_text_holds_two_spaces_or_a_space_at_its_ends(document: Document) -> None:
    texts = every_text(document)
    assert len(texts) > 900
    assert [text for text in texts if re.search(r"\s\s|[^\S ]|^\s|\s$", text)] == []


@pytest.mark.parametrize(
    ("number", "bullet", "page"),
    [(113, "-", False), (415, "lost", False), (494, "lost", True), (611, "lost", True), (330, "", True)],
    ids=["dash", "lost glyph", "lost glyph on a new page", "the same again", "only a new page"],
)
def test_a_line_knows_its_bullet_and_its_page(
    lines: dict[int, SourceLine], number: int, bullet: str, page: bool
) -> None:
    assert (lines[number].bullet, lines[number].page) == (bullet, page)


def test_bullets_with_a_dash_are_paragraphs_of_their_own_without_the_dash(document: Document) -> None:
    fiche = document.fiche("2-3")
    assert fiche is not None
    assert [(paragraph.bullet, paragraph.text[:36]) for paragraph in fiche.descriptif] == [
        (False, "L’offre d’accueil formel des jeunes "),
        (False, "Dans le cadre du Contrat de ville, i"),
        (True, "Les modes d’accueil « itinérants » q"),
        (True, "Les modes d’accueil « éphémères » pe"),
        (True, "Les modes d’accueil proposant une du"),
        (True, "Les modes d’accueil à horaires soupl"),
    ]


def test_bullets_whose_glyph_was_lost_are_paragraphs_of_their_own(document: Document) -> None:
    fiche = document.fiche("2-4")
    assert fiche is not None
    items = fiche.dispositifs[1].items
    assert [item.text for item in items] == ["Job dating ;", "Web dating ;", "Méthode de recrutement par simulation."]
    assert all(item.bullet for item in items)


@pytest.mark.parametrize(
    ("number", "begins", "first", "before"),
    [
        ("1-2", "Participation voir co-organisation des Forums alternance", 494, "en fonction du diagnostic ;"),
        ("2-1", "Crédits de fonctionnement spécifiques", 611, "Dispositif Compétences Clés ;"),
    ],
)
def test_a_lost_bullet_at_the_top_of_a_page_opens_an_item(
    document: Document, number: str, begins: str, first: int, before: str
) -> None:
    found = paragraphs(document.fiche(number))
    (rank,) = [rank for rank, paragraph in enumerate(found) if paragraph.lines[0] == first]
    assert found[rank].bullet
    assert found[rank].text.startswith(begins)
    assert found[rank - 1].text.endswith(before)


def test_line_791_is_no_bullet_but_the_middle_of_a_sentence(document: Document, lines: dict[int, SourceLine]) -> None:
    assert lines[791].bullet == ""
    (paragraph,) = [paragraph for paragraph in paragraphs(document.fiche("2-3")) if 791 in paragraph.lines]
    assert not paragraph.bullet
    assert "(établissement d’accueil du jeune enfant, assistante maternelle, ou garde à domicile) à" in paragraph.text
    assert paragraph.text.endswith("en moyenne, à l’échelle nationale.")


def test_a_sentence_goes_on_at_the_top_of_a_page(document: Document) -> None:
    (paragraph,) = [paragraph for paragraph in paragraphs(document.fiche("1-2")) if 330 in paragraph.lines]
    assert "aux habitants des quartiers prioritaires afin de leur donner les moyens" in paragraph.text


def test_the_glued_bullet_of_12_1_is_cut_in_two(document: Document) -> None:
    fiche = document.fiche("12-1")
    assert fiche is not None
    assert [(item.bullet, item.text) for item in fiche.dispositifs[-1].items[1:]] == [
        (True, "Subventions au titre de la précarité énergétique ;"),
        (True, "Subventions au titre de la lutte contre l’habitat indigne"),
        (True, "Subventions pour l’adaptation des logements à l’âge et au handicap ;"),
        (True, "Subventions dans le cadre du traitement des copropriétés en difficulté et dégradées ;"),
        (True, "Crédit d'impôt pour la transition énergétique."),
    ]


def test_no_paragraph_opens_with_a_dash_or_with_the_tail_of_a_sentence(document: Document) -> None:
    opens = [paragraph.text for fiche in document.fiches for paragraph in paragraphs(fiche) if not paragraph.bullet]
    assert [text for text in opens if text[:1] in "-(),.;:" or text[:1].islower()] == []
