"""One contract for dense, keyword and mixed search; vectors are those that were stored."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.entries import Entries
from index.evidence import Index, Method, standardise
from index.retriever import PassageRetriever
from index.storage.build import build_index
from index.storage.read import open_index
from tests.support.encoder import HashingEncoder

METHODS: tuple[Method, ...] = ("dense", "keyword", "mixed")
QUESTIONS = ("apprendre le français", "Qui finance la garde d’enfants ?", "", "zzyzx", "RÉNOVATION urbaine", "🙂" * 50)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, entries: Entries, hashing: HashingEncoder) -> Index:
    home = tmp_path_factory.mktemp("home")
    build_index(home, entries, hashing)
    return open_index(home, entries)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("method", METHODS)
def test_passages_come_best_first_up_to_the_limit_each_once(
    index: Index, hashing: HashingEncoder, method: Method, question: str
) -> None:
    everything = PassageRetriever(index=index, encoder=hashing, method=method).invoke(question)
    scores = [passage.metadata["score"] for passage in everything]
    assert len({passage.id for passage in everything}) == len(everything) == len(index.entries.chunks)
    assert scores == sorted(scores, reverse=True)
    assert all(np.isfinite(scores))
    for limit in (0, 1, 7):
        retriever = PassageRetriever(index=index, encoder=hashing, method=method, k=limit)
        assert retriever.invoke(question) == everything[:limit]


def test_a_passage_says_where_it_stands_in_the_document(index: Index, hashing: HashingEncoder) -> None:
    retriever = PassageRetriever(index=index, encoder=hashing)
    for passage in retriever.invoke("garde d’enfants"):
        chunk = index.chunks[passage.id or ""]
        assert passage.page_content == chunk.text
        assert {name: passage.metadata[name] for name in ("fiche", "section", "lines", "body")} == {
            "fiche": chunk.fiche,
            "section": chunk.section,
            "lines": list(chunk.lines),
            "body": chunk.body,
        }


def test_only_the_passages_that_are_wanted_come_back(index: Index, hashing: HashingEncoder) -> None:
    retriever = PassageRetriever(index=index, encoder=hashing)
    everything = retriever.invoke("emploi")
    of_fiche = retriever.invoke("emploi", keep=lambda chunk: chunk.fiche == "2-3")
    assert of_fiche == [passage for passage in everything if passage.metadata["fiche"] == "2-3"] != []


@pytest.mark.parametrize("method", METHODS)
def test_a_passage_is_the_best_answer_to_its_own_text(index: Index, hashing: HashingEncoder, method: Method) -> None:
    retriever = PassageRetriever(index=index, encoder=hashing, method=method, k=3)
    for chunk in index.entries.chunks[::17]:
        assert chunk.text in [passage.page_content for passage in retriever.invoke(chunk.text)]


def test_keyword_search_puts_the_passages_that_hold_the_word_before_all_others(
    index: Index, hashing: HashingEncoder
) -> None:
    found = PassageRetriever(index=index, encoder=hashing, method="keyword").invoke("GUSP")
    holds = ["gusp" in passage.page_content.lower() for passage in found]
    assert holds == sorted(holds, reverse=True)
    assert found[0].metadata["score"] > found[-1].metadata["score"]


def test_every_side_has_one_finite_score_a_document(index: Index, hashing: HashingEncoder) -> None:
    vectors = hashing.encode_queries(QUESTIONS)
    for question, vector in zip(QUESTIONS, vectors, strict=True):
        evidence = index.evidence(question, vector)
        assert len(evidence.documents) == 43 + 3
        for name, scores in evidence.sides.items():
            assert scores.shape == (len(evidence.documents),), name
            assert np.isfinite(scores).all(), name


def test_a_document_gets_its_best_passage_s_score(index: Index, hashing: HashingEncoder) -> None:
    evidence = index.evidence("permis de conduire", hashing.encode_queries(["permis de conduire"])[0])
    for scores, side in ((evidence.passage_dense, "dense"), (evidence.passage_keyword, "keyword")):
        for column, document in enumerate(evidence.documents):
            rows = [row for row, entry in enumerate(index.entries.passages) if entry.document == document]
            assert evidence.sides[f"passages, {side}"][column] == pytest.approx(max(scores[row] for row in rows))


def test_standardised_scores_have_mean_zero_and_deviation_one() -> None:
    scores = standardise(np.array([1, 2, 3, 10], np.float32))
    assert scores.mean() == pytest.approx(0, abs=1e-6)
    assert scores.std() == pytest.approx(1, abs=1e-6)
    assert not standardise(np.full(5, 0.8, np.float32)).any()


def test_the_share_of_known_words(index: Index) -> None:
    assert index.coverage([]) == 1.0
    assert index.coverage(["zzyzx"]) == 0.0
    assert index.coverage(["emploi"]) == 1.0
    assert 0 < index.coverage(["emploi", "zzyzx"]) < 0.5, "a word that no text holds is the rarest"


def test_ten_threads_find_what_one_finds(index: Index, hashing: HashingEncoder) -> None:
    retriever = PassageRetriever(index=index, encoder=hashing, k=5)
    alone = [retriever.invoke(question) for question in QUESTIONS]
    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(retriever.invoke, QUESTIONS * 10)) == alone * 10


def test_stored_vectors_are_the_encoder_s(index: Index, hashing: HashingEncoder, entries: Entries) -> None:
    vector = hashing.encode_queries(["accueil"])[0]
    evidence = index.evidence("accueil", vector)
    for kind, cosines in (("passages", evidence.passage_dense), ("sentences", evidence.sentence_dense)):
        texts = [entry.text for entry in entries.kinds()[kind]]
        assert np.allclose(cosines, hashing.encode_passages(texts) @ vector, atol=1e-6)


def test_a_reopened_index_answers_the_same(tmp_path: Path, few: Entries, hashing: HashingEncoder) -> None:
    build_index(tmp_path, few, hashing)
    first, again = (PassageRetriever(index=open_index(tmp_path, few), encoder=hashing, k=9) for _ in range(2))
    assert all(first.invoke(each) == again.invoke(each) for each in QUESTIONS)
