"""Footnotes and cross references: kept, out of the text, and tied to where they are called."""

import pytest

from corpus.document import Document
from corpus.load import read_corpus
from corpus.parsing.parse import parse


@pytest.fixture(scope="module")
def document() -> Document:
    return parse(read_corpus())


@pytest.mark.parametrize(
    ("number", "lines", "fiche", "section", "word", "begins", "ends"),
    [
        (1, (62, 63, 64, 65, 66, 67, 68), "", "preambule", "financeurs", "Les crédits spécifiques", "de la Région."),
        (2, (3098,), "11-2", "descriptif", "définit", "Source : loi n°2014-173 du 21 février", "cohésion sociale."),
        (3, (4618,), "18-2", "dispositifs", "déscolarisation", "http://www.ac-besancon.fr/", ".fr/"),
        (4, (5143,), "21-1", "dispositifs", "excellence", "http://www.enseignementsup-recherche.", ".fr/"),
    ],
)
def test_a_footnote_is_kept_and_tied_to_its_fiche_section_and_word(
    document: Document,
    number: int,
    lines: tuple[int, ...],
    fiche: str,
    section: str,
    word: str,
    begins: str,
    ends: str,
) -> None:
    (note,) = [note for note in document.notes if note.number == number]
    assert (note.lines, note.fiche, note.section, note.word) == (lines, fiche, section, word)
    assert note.text.startswith(begins)
    assert note.text.endswith(ends)


def test_there_are_four_footnotes_in_order(document: Document) -> None:
    assert [note.number for note in document.notes] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("number", "phrase"),
    [
        ("11-2", "convention intercommunale qui définit :"),
        ("18-2", "rupture scolaire et de déscolarisation. Le GPDS rassemble l’ensemble de l’équipe pédagogique"),
        ("21-1", "vers des parcours d'excellence."),
    ],
)
def test_the_call_of_a_footnote_is_out_of_the_text(document: Document, number: str, phrase: str) -> None:
    fiche = document.fiche(number)
    assert fiche is not None
    items = [item for group in fiche.dispositifs for item in group.items]
    assert any(phrase in paragraph.text for paragraph in (*fiche.descriptif, *items))


def test_the_call_in_the_preamble_is_out_of_the_text(document: Document) -> None:
    assert "les potentiels partenaires financeurs et opérationnels" in document.preamble[0].text


def test_no_footnote_is_left_in_a_section(document: Document) -> None:
    for fiche in document.fiches:
        items = [item for group in fiche.dispositifs for item in group.items]
        for paragraph in (*fiche.descriptif, *items):
            for trace in ("http://", "loi n°2014-173", "Source :"):
                assert trace not in paragraph.text


def test_a_section_goes_on_below_a_footnote(document: Document) -> None:
    fiche = document.fiche("18-2")
    assert fiche is not None
    communes = fiche.dispositifs[-1]
    assert communes.porteur == "Communes"
    assert [item.text[:30] for item in communes.items] == [
        "Le projet en direction des col",
        "Nouvelles activités périscolai",
    ]


def test_digits_that_are_no_calls_stay_in_the_text(document: Document) -> None:
    fiche = document.fiche("21-1")
    assert fiche is not None
    items = [item.text for group in fiche.dispositifs for item in group.items]
    assert "Stage d’observation de 3ème." in items
    assert any("DIF6" in text for text in items)


def test_only_enjeux_1_and_21_have_an_introduction(document: Document) -> None:
    assert [enjeu.number for enjeu in document.enjeux if enjeu.introduction] == [1, 21]


def test_enjeu_1_says_n20_as_delivered_while_the_enjeu_with_that_title_is_21(document: Document) -> None:
    first = document.enjeu(1)
    assert first is not None
    (paragraph,) = first.introduction
    assert paragraph.text == (
        "La question de la formation est traitée de manière complémentaire au sein des fiches opérationnelles de "
        "l’enjeu stratégique n°20 : « Renforcer les liens entre l’école et le monde professionnel »."
    )
    quoted = paragraph.text.split("« ")[1].removesuffix(" ».")
    assert [enjeu.number for enjeu in document.enjeux if enjeu.title == quoted] == [21]


def test_enjeu_21_refers_back_to_enjeu_1_by_its_true_title(document: Document) -> None:
    first, last = document.enjeu(1), document.enjeu(21)
    assert first is not None
    assert last is not None
    (paragraph,) = last.introduction
    assert paragraph.text.endswith(f"l’enjeu stratégique n°1 : « {first.title} ».")


def test_the_preamble_is_read_to_its_last_line_without_the_footnote(document: Document) -> None:
    assert len(document.preamble) == 5
    assert document.preamble[0].text.startswith("Les fiches opérationnelles présentées dans ce document")
    assert document.preamble[-1].text.endswith("mise en œuvre d’un observatoire de la santé.")
