"""Hypothesis against what reads text: the document's parser and what understands a question never fail."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.answer_records import read_question
from assistant.understanding.cleaning import one_line
from assistant.understanding.spans import mark
from assistant.web.conversation.turns import render_again
from corpus.document import Document
from corpus.errors import CorpusError
from corpus.load import read_corpus
from corpus.parsing.parse import parse
from corpus.registry import Registry, load_registry

WORDS = st.sampled_from(
    [
        "fiche",
        "2-3",
        "99-9",
        "qui",
        "finance",
        "et",
        "pas",
        "la CAF",
        "enjeu 16",
        "combien",
        "pilier",
        "?",
        "l’",
        "-",
        "0",
    ]
)
TYPED = st.one_of(st.text(max_size=200), st.lists(st.one_of(WORDS, st.text(max_size=8)), max_size=25).map(" ".join))
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["question", "answer", "citations", "choices", "status", "lines", "history", "id"]) | st.text(),
        inner, max_size=4),
    max_leaves=12,
)  # fmt: skip

TURN = st.fixed_dictionaries({"question": st.text(), "answer": JSON, "citations": JSON})


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@settings(max_examples=15, deadline=None)
@given(place=st.integers(0, 10**6), length=st.integers(0, 400), put=st.text(max_size=40))
def test_a_damaged_document_is_read_or_refused_in_french(place: int, length: int, put: str) -> None:
    text = read_corpus()
    start = place % len(text)
    try:
        parse(f"{text[:start]}{put}{text[start + length :]}")
    except CorpusError as error:
        assert str(error)


@settings(max_examples=150, deadline=None)
@given(typed=TYPED)
@example(typed="¹:PILIER")  # a digit that is no number
def test_anything_typed_is_marked(document: Document, registry: Registry, typed: str) -> None:
    marked = mark(one_line(typed), document, registry)
    assert all(0 <= span.start < span.end <= len(marked.tokens) for span in marked.spans)


@settings(max_examples=150, deadline=None)
@given(record=JSON)
def test_any_json_is_a_record_or_one_french_line(record: object) -> None:
    try:
        question = read_question(json.dumps(record))
    except ValueError as error:
        assert str(error)
    else:
        assert all(isinstance(text, str) for text in [question.id, question.question, *question.history])


@settings(max_examples=150, deadline=None)
@given(turns=st.lists(JSON | TURN, max_size=3))
def test_whatever_a_browser_kept_is_rendered_or_left_out(document: Document, turns: list[object]) -> None:
    for turn in render_again(turns, document):
        assert "<script" not in turn["html"]
