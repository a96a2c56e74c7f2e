"""Our search on a real outside set that it was never tuned to (CNIL's FAQ, 168 paraphrases): `guichet eval outside`.

The same index and the same sides as for the fiches, without residents' words, lexicon or registry; standardised scores
are summed with the weights that were fitted on the fiches. Beside it, each side alone, keyword search among them. The
published engine of the set's owner has success@10 0.61 and MRR 0.41 on it (`../shared/extern/cnil-faq/`, MIT).
"""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.learned import load_fitted
from assistant.settings.settings import read_settings
from corpus.document import Chunk
from corpus.errors import GuichetError
from corpus.sentences import split_sentences
from evals.fitting.ranking import GENERIC
from index.encoder.base import Encoder
from index.encoder.load import load_encoder
from index.entries import Entries, Entry
from index.evidence import Index, standardise

Floats = npt.NDArray[np.float32]
_WINDOW = 90


def evaluate_outside(folder: Path) -> dict[str, tuple[float, float]]:
    """With the encoder of the settings. Raises GuichetError when the folder has no set."""
    if not (folder / "docs.jsonl").exists():
        raise GuichetError(f"Le corpus extérieur n’est pas là : {folder}. Donnez --folder.")
    settings = read_settings()
    return evaluate(folder, load_encoder(settings.encoder, models=settings.home / "models"))


def evaluate(folder: Path, encoder: Encoder) -> dict[str, tuple[float, float]]:
    """Side or sum -> (success@10, mean reciprocal rank) over the paraphrased questions."""
    documents = [json.loads(line) for line in (folder / "docs.jsonl").read_text(encoding="utf-8").splitlines()]
    with (folder / "queries.tsv").open(encoding="utf-8") as table:
        queries = [row for row in csv.DictReader(table, delimiter="\t") if row["is_title"] == "0"]
    entries = outside_entries(documents)
    vectors = {
        name: encoder.encode_passages([entry.text for entry in kind]) for name, kind in entries.kinds().items() if kind
    }
    dimensions = next(iter(vectors.values())).shape[1]
    vectors["phrases"] = np.zeros((0, dimensions), np.float32)
    index = Index(entries, vectors)
    weights = load_fitted().generic
    ranks: dict[str, list[int]] = {name: [] for name in ("weighted sum", *GENERIC)}
    for query, vector in zip(queries, encoder.encode_queries([row["query"] for row in queries]), strict=True):
        sides = index.evidence(query["query"], vector).sides
        gold = index.documents.index(query["docid"])
        for name in GENERIC:
            ranks[name].append(_rank(sides[name], gold))
        total = np.sum([weight * standardise(sides[name]) for name, weight in weights.items()], axis=0)
        ranks["weighted sum"].append(_rank(total, gold))
    return {
        name: (round(float(np.mean([r <= 10 for r in each])), 4), round(float(np.mean([1 / r for r in each])), 4))
        for name, each in ranks.items()
    }


def _rank(scores: Floats, gold: int) -> int:
    return 1 + int((scores > scores[gold]).sum())


def outside_entries(documents: Sequence[dict[str, str]]) -> Entries:
    """Documents {"id", "title", "text"} as entries: windows of sentences, sentences, titles."""
    chunks: list[Chunk] = []
    sentences: list[Entry] = []
    for document in documents:
        held = [each for line in document["text"].split("\n") for each in split_sentences(line)] or [document["title"]]
        windows: list[list[str]] = [[]]
        for sentence in held:
            if windows[-1] and sum(len(each.split()) for each in windows[-1]) + len(sentence.split()) > _WINDOW:
                windows.append([])
            windows[-1].append(sentence)
        for rank, window in enumerate(windows, start=1):
            body = " ".join(window)
            text = f"{document['title']} {body}"
            chunks.append(
                Chunk(f"{document['id']}/{rank}", document["id"], document["title"], 0, 0, "", rank, (), text, body)
            )
        sentences += [
            Entry(f"{document['id']}#{i}", document["id"], f"{document['title']}. {each}", f"{document['id']}/1", each)
            for i, each in enumerate(held)
        ]
    passages = tuple(Entry(chunk.id, chunk.fiche, chunk.text, chunk.id) for chunk in chunks)
    titles = tuple(Entry(f"{document['id']}/titre", document["id"], document["title"]) for document in documents)
    return Entries(tuple(chunks), passages, tuple(sentences), titles, ())
