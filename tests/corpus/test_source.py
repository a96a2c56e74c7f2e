"""The delivered file is whole, and every line of it is in exactly one place of the parsed document."""

import hashlib
import re
from collections import Counter
from dataclasses import replace

import pytest

from corpus.check import count, fields, problems
from corpus.document import NAME, SECTIONS, Document, Note
from corpus.load import CORPUS_FILE, DIGEST_FILE, corpus_digest, load_document, read_corpus
from corpus.parsing.parse import parse

DELIVERED = "50b6e4850bf5997559f9365602150aebb7ff607c0ba80214a77c3007de76bae9"
CALLS = ("financeurs1", "définit2", "déscolarisation3", "excellence4")


@pytest.fixture(scope="module")
def text() -> str:
    return read_corpus()


@pytest.fixture(scope="module")
def document(text: str) -> Document:
    return parse(text)


def squash(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_the_kept_file_is_the_delivered_one_byte_for_byte() -> None:
    assert hashlib.sha256(CORPUS_FILE.read_bytes()).hexdigest() == DELIVERED


def test_the_kept_digest_is_the_one_of_the_delivered_file() -> None:
    assert DIGEST_FILE.read_text(encoding="ascii").split() == [DELIVERED]
    assert corpus_digest() == DELIVERED


def test_the_document_has_5_piliers_24_enjeux_43_fiches_172_sections_and_no_line_left_over(document: Document) -> None:
    assert count(document) == {"piliers": 5, "enjeux": 24, "fiches": 43, "sections": 172}
    assert not document.leftover


def test_the_document_has_the_name_that_is_shown_for_it(text: str) -> None:
    assert NAME in " ".join(text.split())


def test_the_check_finds_no_problem(document: Document, text: str) -> None:
    assert problems(document, text) == []
    assert problems(document) == []


def test_the_document_loaded_for_the_process_is_the_parsed_one_and_is_read_once(document: Document) -> None:
    assert load_document() == document
    assert load_document() is load_document()


def test_piliers_and_enjeux_are_numbered_without_a_hole(document: Document) -> None:
    assert [pilier.number for pilier in document.piliers] == [1, 2, 3, 4, 5]
    assert [enjeu.number for enjeu in document.enjeux] == list(range(1, 25))


def test_fiches_are_numbered_within_their_enjeu_from_1_without_a_hole(document: Document) -> None:
    per_enjeu = Counter(fiche.enjeu for fiche in document.fiches)
    expected = [f"{enjeu}-{rank}" for enjeu in sorted(per_enjeu) for rank in range(1, per_enjeu[enjeu] + 1)]
    assert [fiche.number for fiche in document.fiches] == expected


def test_a_fiche_stands_in_the_pilier_of_its_enjeu(document: Document) -> None:
    for fiche in document.fiches:
        enjeu = document.enjeu(fiche.enjeu)
        assert enjeu is not None
        assert fiche.pilier == enjeu.pilier


def test_what_does_not_exist_is_looked_up_as_none(document: Document) -> None:
    assert document.fiche("16-1") is None
    assert document.enjeu(25) is None
    assert document.pilier(6) is None


@pytest.mark.parametrize("section", SECTIONS)
def test_no_fiche_has_an_empty_section(document: Document, section: str) -> None:
    assert [fiche.number for fiche in document.fiches if not getattr(fiche, section)] == []


def test_every_non_blank_line_has_exactly_one_owner(document: Document, text: str) -> None:
    owners = Counter(number for _, lines in fields(document) for number in set(lines))
    present = [number for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    assert sorted(owners) == present
    assert set(owners.values()) == {1}


def test_within_a_section_only_the_line_of_the_glued_bullet_is_used_twice(document: Document) -> None:
    twice = {
        (name, number) for name, lines in fields(document) for number, times in Counter(lines).items() if times > 1
    }
    assert twice == {("fiche 12-1, dispositifs", 3214), ("fiche 12-1, dispositifs", 3216)}


def test_the_lines_of_every_field_stand_in_the_order_of_the_document(document: Document) -> None:
    for name, lines in fields(document):
        if name != "fiche 12-1, dispositifs":
            assert list(lines) == sorted(lines), name


def test_every_paragraph_is_its_source_lines_letter_for_letter(document: Document, text: str) -> None:
    source = text.split("\n")
    paragraphs = [*document.preamble, *(p for enjeu in document.enjeux for p in enjeu.introduction)]
    for fiche in document.fiches:
        paragraphs += [*fiche.descriptif, *(item for group in fiche.dispositifs for item in group.items)]
    assert len(paragraphs) > 300
    for paragraph in paragraphs:
        written = squash("".join(source[number - 1] for number in paragraph.lines))
        for call in CALLS:
            written = written.replace(call, call[:-1])
        assert squash(paragraph.text) in written
        if "indigne-Sub" not in written:
            assert squash(paragraph.text) == written.removeprefix("-")


def test_every_heading_is_its_source_lines_letter_for_letter(document: Document, text: str) -> None:
    source = text.split("\n")

    def written(lines: tuple[int, ...]) -> str:
        return squash("".join(source[number - 1] for number in lines))

    for pilier in document.piliers:
        assert squash(pilier.title) == written(pilier.lines)
    for enjeu in document.enjeux:
        assert f"Enjeustratégiquen°{enjeu.number}:{squash(enjeu.title)}" == written(enjeu.lines)
    for fiche in document.fiches:
        assert f"Ficheopérationnellen°{fiche.number}:{squash(fiche.title)}" == written(fiche.lines)
        for group in fiche.dispositifs:
            assert squash(group.heading) == written(group.lines).removesuffix(":")


@pytest.mark.parametrize("field", ["preamble", "notes", "piliers", "enjeux", "fiches", "noise"])
def test_the_check_notices_a_field_whose_last_object_is_dropped(document: Document, text: str, field: str) -> None:
    assert problems(replace(document, **{field: getattr(document, field)[:-1]}), text) != []


@pytest.mark.parametrize(
    "line", [5, 62, 69, 74, 79, 85, 89, 95, 143, 158, 184, 186, 1075], ids=lambda line: f"line {line}"
)
def test_the_check_notices_a_line_that_two_fields_claim(document: Document, text: str, line: int) -> None:
    claimed = Note(9, "Une note.", (line,))
    found = problems(replace(document, notes=(*document.notes, claimed)), text)
    assert found == [f"La ligne {line} appartient à deux champs."]


@pytest.mark.parametrize("section", SECTIONS)
def test_the_check_notices_one_entry_dropped_from_a_section(document: Document, text: str, section: str) -> None:
    first, *others = document.fiches
    poorer = replace(first, **{section: getattr(first, section)[1:]})
    assert problems(replace(document, fiches=(poorer, *others)), text) != []


def test_the_check_names_the_first_line_left_over(document: Document) -> None:
    found = problems(replace(document, leftover=(12, 13)))
    assert found == ["2 ligne(s) sans place, la première est la ligne 12."]
