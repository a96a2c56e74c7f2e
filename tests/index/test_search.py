"""One contract for dense, keyword and mixed search; vectors are those that were stored."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.entries import Entries
from index.evidence import Index, Method, PassageSearch, open_index, standardise
from index.storage.build import build_index
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
    search = PassageSearch(index, hashing, method).search
    everything = search(question, limit=10_000)
    scores = [passage.score for passage in everything]
    assert len({passage.chunk.id for passage in everything}) == len(everything) == len(index.entries.chunks)
    assert scores == sorted(scores, reverse=True)
    assert all(np.isfinite(scores))
    for limit in (0, 1, 7):
        assert search(question, limit=limit) == everything[:limit]


@pytest.mark.parametrize("method", METHODS)
def test_a_passage_is_the_best_answer_to_its_own_text(index: Index, hashing: HashingEncoder, method: Method) -> None:
    search = PassageSearch(index, hashing, method).search
    for chunk in index.entries.chunks[::17]:
        assert chunk.text in [passage.chunk.text for passage in search(chunk.text, limit=3)]


def test_keyword_search_puts_the_passages_that_hold_the_word_before_all_others(
    index: Index, hashing: HashingEncoder
) -> None:
    found = PassageSearch(index, hashing, "keyword").search("GUSP", limit=10_000)
    holds = ["gusp" in passage.chunk.text.lower() for passage in found]
    assert holds == sorted(holds, reverse=True)
    assert found[0].score > found[-1].score


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
    search = PassageSearch(index, hashing).search
    alone = [search(question, limit=5) for question in QUESTIONS]
    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(lambda question: search(question, limit=5), QUESTIONS * 10)) == alone * 10


def test_stored_vectors_are_the_encoder_s(index: Index, hashing: HashingEncoder, entries: Entries) -> None:
    vector = hashing.encode_queries(["accueil"])[0]
    evidence = index.evidence("accueil", vector)
    for kind, cosines in (("passages", evidence.passage_dense), ("sentences", evidence.sentence_dense)):
        texts = [entry.text for entry in entries.kinds()[kind]]
        assert np.allclose(cosines, hashing.encode_passages(texts) @ vector, atol=1e-6)


def test_a_reopened_index_answers_the_same(tmp_path: Path, few: Entries, hashing: HashingEncoder) -> None:
    build_index(tmp_path, few, hashing)
    first, again = (PassageSearch(open_index(tmp_path, few), hashing) for _ in range(2))
    assert all(first.search(each, limit=9) == again.search(each, limit=9) for each in QUESTIONS)
