"""All 43 lists of partners against the table read by eye, and the partners that are more than one line."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from corpus.document import Document, Partner
from corpus.load import read_corpus
from corpus.parsing.parse import parse

TABLE: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "data" / "partners.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def document() -> Document:
    return parse(read_corpus())


def named(document: Document, name: str) -> dict[str, Partner]:
    """The fiches whose financeurs or operateurs hold exactly this name."""
    return {
        fiche.number: partner
        for fiche in document.fiches
        for partner in (*fiche.financeurs, *fiche.operateurs)
        if partner.name == name
    }


def test_the_table_read_by_eye_holds_the_fiches_of_the_document(document: Document) -> None:
    assert list(TABLE) == [fiche.number for fiche in document.fiches]


@pytest.mark.parametrize("number", TABLE)
def test_the_fiche_is_as_it_was_read_by_eye(document: Document, number: str) -> None:
    fiche, read = document.fiche(number), TABLE[number]
    assert fiche is not None
    assert (fiche.title, fiche.enjeu, fiche.pilier) == (read["titre"], read["enjeu"], read["pilier"])
    assert [partner.name for partner in fiche.financeurs] == read["financeurs"]
    assert [partner.name for partner in fiche.operateurs] == read["operateurs"]


@pytest.mark.parametrize("number", TABLE)
def test_every_heading_of_dispositifs_was_read_by_eye(document: Document, number: str) -> None:
    fiche = document.fiche(number)
    assert fiche is not None
    headings = [group.heading for group in fiche.dispositifs if group.heading]
    assert [heading for heading in TABLE[number]["porteurs"] if heading in headings] == headings


@pytest.mark.parametrize(
    ("name", "fiche", "lines"),
    [
        (
            "FEDER dans le cadre de la candidature ITI de la CASA (pour la ville de Vitry-sur-Seine)",
            "7-1",
            (2182, 2184),
        ),
        (
            "Education nationale (établissements scolaires, médecin et infirmières scolaires, enseignants)",
            "23-1",
            (5608, 5610),
        ),
    ],
)
def test_a_partner_over_two_lines_is_one_partner(
    document: Document, name: str, fiche: str, lines: tuple[int, ...]
) -> None:
    found = named(document, name)
    assert list(found) == [fiche]
    assert found[fiche].lines == lines


def test_the_etat_of_1_2_is_one_partner_with_its_two_services(document: Document) -> None:
    found = named(document, "Etat : Education nationale ; Direccte")
    assert list(found) == ["1-2"]
    assert found["1-2"].services == ("Education nationale", "Direccte")
    assert found["1-2"].lines == (364, 366, 368)


def test_the_partner_after_the_services_is_not_one_of_them(document: Document) -> None:
    fiche = document.fiche("1-2")
    assert fiche is not None
    names = [partner.name for partner in fiche.financeurs]
    assert names[names.index("Etat : Education nationale ; Direccte") + 1 :] == [
        "Organismes paritaires (OPCA)",
        "Caisse d’Allocations Familiales",
    ]


def test_no_other_partner_has_services_or_several_lines(document: Document) -> None:
    partners = [partner for fiche in document.fiches for partner in (*fiche.financeurs, *fiche.operateurs)]
    assert sum(bool(partner.services) for partner in partners) == 1
    assert sum(len(partner.lines) > 1 for partner in partners) == 3


def test_every_name_is_its_source_lines_as_written(document: Document) -> None:
    source = read_corpus().split("\n")
    for fiche in document.fiches:
        for partner in (*fiche.financeurs, *fiche.operateurs):
            written = " ".join(" ".join(source[number - 1] for number in partner.lines).split())
            written = re.sub(r"(?<=\w)- (?=\w)", "-", written)
            if partner.services:
                written = written.removesuffix(".")
            if fiche.number == "14-1" and partner.lines == (3664,):
                written = written.removeprefix("Partenaires ")
            assert partner.name == written


def test_no_fiche_names_a_financeur_twice(document: Document) -> None:
    for fiche in document.fiches:
        names = [partner.name for partner in fiche.financeurs]
        assert len(names) == len(set(names)), fiche.number


def test_the_financeurs_of_2_3_are_the_five_that_the_first_question_expects(document: Document) -> None:
    fiche = document.fiche("2-3")
    assert fiche is not None
    assert [partner.name for partner in fiche.financeurs] == [
        "Communes",
        "Agglomération",
        "Conseil départemental",
        "Caisse d’Allocations Familiales",
        "Fonds Social Européen dans le cadre de la candidature ITI de la CASA",
    ]
