"""Document -> what is indexed: passages (chunks), sentences, titles, and residents' phrases, each tied to its fiche.

Residents' phrases help to find a fiche; they are never shown as the document's text and never cited.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.document import Chunk, Document
from corpus.errors import CorpusError
from corpus.sentences import split_sentences
from index.chunks import CHUNKING, chunk_document

RESIDENTS_FILE = Path(__file__).parent.parent / "corpus" / "data" / "residents.jsonl"
PREAMBLE = "preambule"


@dataclass(frozen=True, slots=True)
class Entry:
    """One text to index. `document` is the fiche ("2-3"), "preambule" or "enjeu-1"; `chunk` the id of its chunk.

    `body` is a sentence as it stands in the document, whatever `text` puts before it to be found by. For the fiches
    nothing: a title before each sentence was worth two points of hit@1 alone, none in the sum, and blurred the choice
    between the sentences of one fiche.
    """

    id: str
    document: str
    text: str
    chunk: str = ""
    body: str = ""
    proofs: tuple[str, ...] = ()
    """For a resident's words: the pieces of the document that answer them, where they were labelled."""


@dataclass(frozen=True, slots=True)
class Entries:
    """All that an index holds, by kind; within a kind, entries of one document are neighbours."""

    chunks: tuple[Chunk, ...]
    passages: tuple[Entry, ...]
    sentences: tuple[Entry, ...]
    titles: tuple[Entry, ...]
    phrases: tuple[Entry, ...]

    def kinds(self) -> dict[str, tuple[Entry, ...]]:
        return {name: getattr(self, name) for name in ("passages", "sentences", "titles", "phrases")}


def make_entries(document: Document, *, phrases: Sequence[tuple[str, str]] | None = None) -> Entries:
    """`phrases` are pairs (fiche, phrase); by default those of `corpus/data/residents.jsonl`."""
    chunks = tuple(chunk_document(document))
    passages = [Entry(chunk.id, document_of(chunk), chunk.text, chunk.id) for chunk in chunks]
    sentences = [
        Entry(f"{chunk.id}#{rank}", document_of(chunk), sentence, chunk.id, sentence)
        for chunk in chunks
        if chunk.section not in ("financeurs", "operateurs")
        for rank, sentence in enumerate(sentences_of(chunk), start=1)
    ]
    titles = [Entry(f"{fiche.number}/titre", fiche.number, fiche.title) for fiche in document.fiches]
    order = list(dict.fromkeys(document_of(chunk) for chunk in chunks))
    ordered = sorted(read_phrases() if phrases is None else phrases, key=lambda pair: order.index(pair[0]))
    proofs = read_proofs()
    residents = [
        Entry(f"{fiche}/phrase/{rank}", fiche, text, proofs=proofs.get((fiche, text), ()))
        for rank, (fiche, text) in enumerate(ordered, start=1)
    ]
    return Entries(chunks, tuple(passages), tuple(sentences), tuple(titles), tuple(residents))


def document_of(chunk: Chunk) -> str:
    return chunk.fiche or (f"enjeu-{chunk.enjeu}" if chunk.enjeu else PREAMBLE)


def sentences_of(chunk: Chunk) -> list[str]:
    """The sentences and bullets of a chunk, word for word, without the dashes that mark its bullets."""
    return [sentence for line in chunk.body.split("\n") for sentence in split_sentences(line.removeprefix("- "))]


def read_phrases(path: Path = RESIDENTS_FILE) -> list[tuple[str, str]]:
    """Pairs (fiche, phrase) of the reviewed file of residents' words, in file order."""
    return [(record["fiche"], record["phrase"]) for record in _records(path)]


def read_proofs(path: Path = RESIDENTS_FILE) -> dict[tuple[str, str], tuple[str, ...]]:
    """(fiche, phrase) -> the exact pieces of the fiche that answer it ("preuves"), for those that were labelled."""
    return {(each["fiche"], each["phrase"]): tuple(each["preuves"]) for each in _records(path) if "preuves" in each}


def _records(path: Path) -> list[dict[str, Any]]:
    """Raises CorpusError when the file cannot be read."""
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise CorpusError(f"Le fichier {path} est illisible. Restaurez-le : git checkout -- {path}") from error


def entries_digest(entries: Entries) -> str:
    """Changes when any indexed text changes; with `CHUNKING` it says which entries an index holds."""
    digest = hashlib.sha256(CHUNKING.encode())
    for kind, each in entries.kinds().items():
        for entry in each:
            digest.update(f"{kind}\0{entry.id}\0{entry.document}\0{entry.text}\0".encode())
    return digest.hexdigest()
