"""No text of any kind makes the parser raise, and none makes it lose or double a line."""

from collections import Counter

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from corpus.check import fields, problems
from corpus.document import Document
from corpus.export import export
from corpus.load import CORPUS_FILE
from corpus.parsing.parse import parse

BOUNDED = settings(
    max_examples=150,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SOURCE = CORPUS_FILE.read_text(encoding="utf-8").split("\n")
RULE = " " * 40
TRAPS = [
    *("PREAMBULE", "SANTE", "CADRE DE VIE ET RENOUVELLEMENT", "URBAIN"),
    *(" 17 ", "²", "٣", RULE, "", " ", "-", "- ", "(", "mot1 :", "1 Une note"),
    *("Enjeu stratégique n°7 : Un enjeu", "Enjeu stratégique n°7 :", "Fiche opérationnelle n°7-1 : Une fiche"),
    *("Descriptif et", "objectifs des", "projets attendus", "Partenaires", "financeurs", "opérateurs", "Partenaires x"),
    *("Dispositifs", "pouvant soutenir", "les projets", "Dispositifs de l’Etat :", "Dispositif de", "La CAF peut"),
    *("La Caisse des dépôts et consignations peut", "Etat :", " Direccte.", "FEDER (pour", "Vitry-sur-", "Seine)"),
]
TWO_INTRODUCTIONS = "Enjeu stratégique n°1 : Un enjeu\n\nPremière.\n\n 17\n\nSeconde."
TWO_NOTES = f"PREAMBULE\n\nUn mot1.\n\n{RULE}\n1 Une note.\n\nUn autre mot1.\n\n{RULE}\n1 Une autre note."
LONG_NUMBER = f"{RULE}\n{'9' * 5000} Une note."

any_text = st.text(max_size=400)
any_lines = st.lists(st.sampled_from(TRAPS) | st.sampled_from(SOURCE) | st.text(max_size=60), max_size=40)
made_up_texts = any_lines.map("\n".join)


@st.composite
def broken_documents(draw: st.DrawFn) -> str:
    """A stretch of the delivered lines, shuffled, thinned, doubled, or all of it."""
    start = draw(st.integers(0, len(SOURCE) - 1))
    lines = SOURCE[start : start + draw(st.integers(1, 1500))]
    chance = draw(st.randoms(use_true_random=True))
    for fault in draw(st.lists(st.sampled_from(["shuffle", "thin", "double"]), min_size=1, max_size=3)):
        if fault == "shuffle":
            chance.shuffle(lines)
        elif fault == "thin":
            lines = [line for line in lines if chance.random() < 0.8]
        else:
            lines = [line for line in lines for _ in range(chance.choice((1, 1, 1, 2)))]
    return "\n".join(lines)


def owners(document: Document) -> Counter[int]:
    """How many fields, kinds of noise or leftovers own each line."""
    found = Counter(number for _, lines in fields(document) for number in set(lines))
    found.update(document.leftover)
    return found


def once_each(text: str) -> Counter[int]:
    return Counter({number: 1 for number, line in enumerate(text.split("\n"), start=1) if line.strip()})


@BOUNDED
@given(any_text)
def test_no_text_makes_the_parser_raise(text: str) -> None:
    document = parse(text)
    export(document)
    assert problems(document, text) != []


@BOUNDED
@given(made_up_texts)
@example("\n".join(TRAPS))
def test_no_heap_of_headings_and_traps_makes_the_parser_raise(text: str) -> None:
    document = parse(text)
    export(document)
    assert problems(document, text) != []


@BOUNDED
@given(broken_documents())
def test_no_broken_document_makes_the_parser_raise(text: str) -> None:
    document = parse(text)
    export(document)
    assert problems(document, text) != []


def test_a_note_with_an_endless_number_does_not_make_the_parser_raise() -> None:
    parse(LONG_NUMBER)


@BOUNDED
@given(any_text)
def test_every_line_of_any_text_has_exactly_one_owner(text: str) -> None:
    assert owners(parse(text)) == once_each(text)


@BOUNDED
@given(made_up_texts)
@example(TWO_INTRODUCTIONS)
@example(TWO_NOTES)
def test_every_line_of_a_heap_of_traps_has_exactly_one_owner(text: str) -> None:
    assert owners(parse(text)) == once_each(text)


@BOUNDED
@given(broken_documents())
@example(TWO_INTRODUCTIONS)
@example(TWO_NOTES)
def test_every_line_of_a_broken_document_has_exactly_one_owner(text: str) -> None:
    assert owners(parse(text)) == once_each(text)


def test_an_introduction_goes_on_below_a_page_number() -> None:
    assert owners(parse(TWO_INTRODUCTIONS)) == once_each(TWO_INTRODUCTIONS)


def test_two_notes_with_the_same_number_are_both_kept() -> None:
    assert owners(parse(TWO_NOTES)) == once_each(TWO_NOTES)


@BOUNDED
@given(made_up_texts | broken_documents())
def test_a_line_that_no_field_took_is_always_reported(text: str) -> None:
    document = parse(text)
    missing = any(owners(document)[number] != 1 for number in once_each(text))
    reported = [line for line in problems(document, text) if "perdues" in line or "deux champs" in line]
    assert bool(reported) == missing
