"""The traps of the page layout: headings over several lines, page numbers, footnotes, lost words."""

import re
from collections import Counter

import pytest

from corpus.document import Document
from corpus.load import read_corpus
from corpus.parsing.layout import COLUMN_HEADING, PAGE_NUMBER, PREAMBLE_HEADING, cut
from corpus.parsing.lines import read_lines
from corpus.parsing.parse import parse


@pytest.fixture(scope="module")
def document() -> Document:
    return parse(read_corpus())


@pytest.fixture(scope="module")
def texts(document: Document) -> list[str]:
    """Every paragraph, item and partner of the fiches."""
    found = []
    for fiche in document.fiches:
        found += [paragraph.text for paragraph in fiche.descriptif]
        found += [partner.name for partner in (*fiche.financeurs, *fiche.operateurs)]
        found += [item.text for group in fiche.dispositifs for item in group.items]
    return found


def source(lines: tuple[int, ...]) -> list[str]:
    written = read_corpus().split("\n")
    return [written[number - 1].strip() for number in lines]


@pytest.mark.parametrize(
    ("number", "lines", "title"),
    [
        ("2-2", (627,), "Favoriser la mobilité des publics"),
        ("2-3", (774, 776), "Offrir des modes d’accueil d’enfants adaptés aux publics en insertion professionnelle"),
        (
            "17-2",
            (4226, 4228, 4230),
            "Diversifier les activités favorisant l’acquisition des savoirs en s’appuyant sur les savoirs informels "
            "et en mobilisant l’ensemble des acteurs éducatifs du territoire",
        ),
    ],
)
def test_the_title_of_a_fiche_is_read_over_one_two_or_three_lines(
    document: Document, number: str, lines: tuple[int, ...], title: str
) -> None:
    fiche = document.fiche(number)
    assert fiche is not None
    assert (fiche.lines, fiche.title) == (lines, title)


@pytest.mark.parametrize(
    ("number", "lines", "title"),
    [
        (14, (3614,), "Lutter contre le repli sur soi"),
        (
            2,
            (513, 514),
            "Lutter contre les freins à l’emploi particulièrement marqués dans les quartiers prioritaires",
        ),
    ],
)
def test_the_title_of_an_enjeu_is_read_over_one_or_two_lines(
    document: Document, number: int, lines: tuple[int, ...], title: str
) -> None:
    enjeu = document.enjeu(number)
    assert enjeu is not None
    assert (enjeu.lines, enjeu.title) == (lines, title)


@pytest.mark.parametrize(
    ("number", "lines", "title"),
    [
        (1, (69, 70), "DEVELOPPEMENT ECONOMIQUE, EMPLOI ET INSERTION"),
        (2, (2041, 2042), "CADRE DE VIE ET RENOUVELLEMENT URBAIN"),
        (
            3,
            (3311, 3312, 3313),
            "LIEN SOCIAL, CITOYENNETE, ACCES AUX DROITS ET AUX SERVICES PUBLICS, EGALITE FEMMES-HOMMES",
        ),
        (4, (4101, 4102), "EDUCATION, PETITE ENFANCE, ENFANCE, JEUNESSE"),
        (5, (5189,), "SANTE"),
    ],
)
def test_the_heading_of_a_pilier_is_read_over_one_two_or_three_lines(
    document: Document, number: int, lines: tuple[int, ...], title: str
) -> None:
    pilier = document.pilier(number)
    assert pilier is not None
    assert (pilier.lines, pilier.title) == (lines, title)
    assert pilier.name.casefold().replace("é", "e").replace("è", "e") == title.casefold()


def test_column_headings_over_two_or_three_lines_are_noise_four_a_fiche_but_for_the_lost_one(
    document: Document,
) -> None:
    headings = Counter(" / ".join(source(noise.lines)) for noise in document.noise if noise.kind == COLUMN_HEADING)
    assert headings == {
        "Descriptif et / objectifs des / projets attendus": 43,
        "Partenaires / financeurs": 42,
        "Partenaires / opérateurs": 43,
        "Dispositifs / pouvant soutenir / les projets": 43,
    }


def test_no_piece_of_a_column_heading_is_left_in_the_text(texts: list[str]) -> None:
    pieces = re.compile(r"objectifs des projets|projets attendus|Partenaires? (?:financ|opér)|pouvant soutenir")
    assert [text for text in texts if pieces.search(text)] == []
    assert not {"Partenaires", "financeurs", "opérateurs", "Dispositifs", "les projets"} & set(texts)


def test_the_financeurs_of_14_1_are_read_although_their_heading_lost_its_second_word(document: Document) -> None:
    fiche = document.fiche("14-1")
    assert fiche is not None
    assert source(fiche.financeurs[0].lines) == ["Partenaires Communes"]
    assert [partner.name for partner in fiche.financeurs] == [
        "Communes",
        "Agglomération",
        "Etat",
        "Conseil départemental",
        "Caisse d’Allocations Familiales",
        "Conseil régional",
    ]
    assert fiche.descriptif[-1].text == "De départs en vacances / séjours."
    assert [partner.name for partner in fiche.operateurs] == ["Associations"]


def test_only_enjeu_16_has_no_fiche_and_it_keeps_its_title_and_pilier(document: Document) -> None:
    with_fiche = {fiche.enjeu for fiche in document.fiches}
    assert [enjeu.number for enjeu in document.enjeux if enjeu.number not in with_fiche] == [16]
    enjeu = document.enjeu(16)
    assert enjeu is not None
    assert enjeu.title.startswith("Renforcer la place des femmes dans les quartiers et leur insertion sociale")
    assert (enjeu.pilier, enjeu.introduction) == (3, ())


def test_the_mention_of_enjeu_8_inside_a_sentence_of_6_1_is_no_heading(document: Document) -> None:
    fiche = document.fiche("6-1")
    assert fiche is not None
    (sentence,) = [paragraph for paragraph in fiche.descriptif if "Enjeu stratégique n°8" in paragraph.text]
    assert 1779 in sentence.lines
    assert sentence.text.endswith("d’activités économiques » et Enjeu stratégique n°8).")
    assert [enjeu.lines for enjeu in document.enjeux if enjeu.number == 8] == [(2244, 2245)]


@pytest.mark.parametrize(("page", "line"), [("17", 1075), ("45", 3304), ("59", 4339)])
def test_a_page_number_is_noise_and_out_of_the_text(document: Document, texts: list[str], page: str, line: int) -> None:
    assert source((line,)) == [page]
    assert [noise.kind for noise in document.noise if line in noise.lines] == [PAGE_NUMBER]
    assert [text for text in texts if text == page or text.endswith(f" {page}") or text.startswith(f"{page} ")] == []


def test_lists_and_groups_go_on_across_a_page_number(document: Document) -> None:
    before, after = document.fiche("2-5"), document.fiche("12-2")
    assert before is not None
    assert after is not None
    names = [partner.name for partner in before.operateurs]
    assert names == ["Entreprises", "Associations", "Missions locales", "PLIE", "Face 94", "Pôle emploi"]
    assert [group.porteur for group in after.dispositifs] == ["Caisse des dépôts et consignation", "Conseil régional"]


def test_noise_is_three_page_numbers_the_heading_of_the_preamble_and_column_headings(document: Document) -> None:
    kinds = Counter(noise.kind for noise in document.noise)
    assert kinds == {PAGE_NUMBER: 3, PREAMBLE_HEADING: 1, COLUMN_HEADING: 171}


def test_every_line_is_in_one_block_and_blocks_follow_the_document() -> None:
    lines = read_lines(read_corpus())
    assert [line.number for block in cut(lines) for line in block.lines] == [line.number for line in lines]
