"""The gate against labelled sentences (`gate_sentences.jsonl`): precision and recall of what passes, whole and by kind.

Each line holds a sentence as a small language model writes it, citing the first of its `given` passages as [1], and its
kind. Those of `SUPPORTED` must pass, "other passage" by a mended citation; all others must be dropped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.generation.gate.gate import Gate, open_gate
from assistant.generation.passages import Passage
from assistant.settings.settings import read_settings
from assistant.text.french import typeset
from corpus.document import Chunk, Document
from corpus.load import load_document
from corpus.registry import load_registry
from evals.reporting.labels import percent, text_table
from evals.scoring.intervals import Measure, ratio_interval
from evals.sets.records import read_records
from index.chunks import chunk_document
from index.encoder.load import load_encoder

SENTENCES_FILE = Path(__file__).parent / "data" / "gate_sentences.jsonl"
OTHER = "other passage"
SUPPORTED = ("supported", "paraphrase", OTHER)
ALTERED = ("number", "actor", "wrong fiche", "negation", "invention", "role", "place")
KINDS = {
    "supported": "appuyée",
    "paraphrase": "reformulée, appuyée",
    OTHER: "appuyée par un autre passage donné",
    "number": "nombre changé",
    "actor": "acteur changé",
    "wrong fiche": "mauvaise fiche",
    "negation": "négation retournée",
    "invention": "inventée",
    "role": "rôle changé",
    "place": "lieu changé",
}
"""Kind -> how the report calls it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`given`: ids of chunks, the first one cited; `text` cites it as [1]."""

    id: str
    split: str
    kind: str
    given: tuple[str, ...]
    text: str

    @property
    def supported(self) -> bool:
        return self.kind in SUPPORTED

    @property
    def fiche(self) -> str:
        """What folds are cut by, so that no passage is on both sides."""
        return self.given[0].split("/")[0]


@dataclass(frozen=True, slots=True)
class JudgedSentence:
    """What the gate made of a sentence; `cited`: the passages cited in the end, () when it was dropped."""

    sentence: Sentence
    passed: bool
    mended: bool
    cited: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Passed if supported, with the passage that supports it; dropped if not."""
        if not self.sentence.supported:
            return not self.passed
        wanted = self.sentence.given[1] if self.sentence.kind == OTHER else self.sentence.given[0]
        return self.passed and wanted in self.cited


def load_sentences(split: str = "all", path: Path = SENTENCES_FILE) -> list[Sentence]:
    sentences = read_records(path, _sentence_from)
    return [sentence for sentence in sentences if split in ("all", sentence.split)]


def _sentence_from(record: dict[str, Any]) -> Sentence:
    if record["kind"] not in KINDS:
        raise ValueError(f"genre « {record['kind']} » inconnu, attendu {list(KINDS)}")
    return Sentence(record["id"], record["split"], record["kind"], tuple(record["given"]), record["sentence"])


def chunks_by_id(document: Document) -> dict[str, Chunk]:
    return {chunk.id: chunk for chunk in chunk_document(document)}


def given_passages(chunks: Mapping[str, Chunk], sentence: Sentence, *, surrounded: bool = True) -> list[Passage]:
    """The labelled passages, then the other passages of their fiches when `surrounded`, as an answer would be given."""
    chosen = [chunks[id] for id in sentence.given]
    if surrounded:
        fiches = {chunk.fiche for chunk in chosen}
        chosen += [chunk for chunk in chunks.values() if chunk.fiche in fiches and chunk.id not in sentence.given]
    return [passage_from(chunk, str(rank)) for rank, chunk in enumerate(chosen, start=1)]


def passage_from(chunk: Chunk, mark: str) -> Passage:
    fiche = chunk.fiche or (f"enjeu {chunk.enjeu}" if chunk.enjeu else "préambule")
    return Passage(mark, fiche, chunk.section, chunk.body, chunk.lines)


def judge_sentences(
    gate: Gate, document: Document, sentences: Sequence[Sentence], *, surrounded: bool = True
) -> list[JudgedSentence]:
    chunks = chunks_by_id(document)
    ids = {(chunk.section, chunk.lines): id for id, chunk in chunks.items()}
    judged = []
    for sentence in sentences:
        gated = gate.pass_sentence(sentence.text, given_passages(chunks, sentence, surrounded=surrounded))
        cited = tuple(ids[each.section, each.lines] for each in gated.citations) if gated else ()
        judged.append(JudgedSentence(sentence, gated is not None, gated is not None and gated.mended, cited))
    return judged


def figures(judged: Sequence[JudgedSentence]) -> dict[str, Measure]:
    """ "precision": of what passed, the share that is supported, and by what it cites in the end; "recall": of what is
    supported, the share that passed so; then the share judged rightly of each kind. Intervals are drawn by fiche."""
    chosen = {
        "precision": [sentence for sentence in judged if sentence.passed],
        "recall": [sentence for sentence in judged if sentence.sentence.supported],
    }
    chosen |= {kind: [sentence for sentence in judged if sentence.sentence.kind == kind] for kind in KINDS}
    return {
        name: ratio_interval([float(each.right) for each in group], clusters=[each.sentence.fiche for each in group])
        for name, group in chosen.items()
        if group
    }


def print_gate(split: str, *, failures: bool = False) -> None:
    """How the gate in use judges a part of the sentences; with `failures`, the sentences that it misjudges."""
    settings = read_settings()
    document = load_document()
    gate = open_gate(document, load_registry(), load_encoder(settings.encoder, models=settings.home / "models"))
    judged = judge_sentences(gate, document, load_sentences(split))
    print(describe_figures(figures(judged)))
    for result in judged if failures else ():
        if not result.right:
            made = "passée" if result.passed else "retirée"
            sentence = result.sentence
            print(typeset(f"{sentence.id}  {KINDS[sentence.kind]}, {made} {list(result.cited)} : {sentence.text}"))


def describe_figures(measured: Mapping[str, Measure]) -> str:
    names = {"precision": "Précision de ce qui passe", "recall": "Rappel de ce qui est appuyé"} | {
        kind: f"Bien jugées, phrase {label}" for kind, label in KINDS.items()
    }
    rows = [
        (names[name], percent(each.value), f"{percent(each.low)} – {percent(each.high)}", str(each.count))
        for name, each in measured.items()
    ]
    return text_table(("Mesure", "Valeur", "Intervalle à 95 %", "Phrases"), rows)
