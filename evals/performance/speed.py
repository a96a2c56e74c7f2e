"""The encoder's own time for a question and the whole answer's, in one run, as a ratio.

The same questions go, one by one and in turn, through the default encoder alone, through the whole answer, and through
the exact part of it; the unpacked float32 model under plain sentence-transformers is timed on some of them for
comparison. Times of day differ from machine to machine, ratios little.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from assistant.assemble import open_guichet
from assistant.chain import Guichet
from assistant.settings.settings import read_settings
from assistant.steps import Resolved
from corpus.load import load_document
from evals.performance.machine import peak_memory_mb
from evals.scoring.metrics import percentile
from evals.sets.questions import load_questions
from index.encoder.base import Encoder
from index.encoder.load import PACKAGED_FLOAT, load_encoder
from index.encoder.onnx import OnnxEncoder
from index.entries import Entries, make_entries
from index.storage.build import ASKED, build_index
from index.storage.read import open_index

_COMPARED = 60


def measure(count: int, *, compare: bool = True) -> dict[str, Any]:
    """All figures: milliseconds (`*_ms_*`), seconds (`*_seconds`), megabytes (`rss_mb`), ratios."""
    settings = read_settings()
    guichet = open_guichet(settings)
    questions = list(dict.fromkeys(q.question for q in load_questions() if not q.history and q.split != "test"))[:count]
    warm_up = questions[:10]
    for question in warm_up:
        guichet.answer(question)
        _encode(guichet.encoder, question)
    encoder_times, answer_times, reading_times, exact_times = [], [], [], []
    for question in questions[10:]:
        encoder_times.append(_timed(partial(_encode, guichet.encoder, question)))
        answer_times.append(_timed(partial(guichet.answer, question)))
        reading_times.append(_timed(partial(_read_and_execute, guichet, question)))
        exact = _exact_time(guichet, question)
        if exact is not None:
            exact_times.append(exact)
    memory = peak_memory_mb()
    figures: dict[str, Any] = {}
    timed = {"encoder": encoder_times, "answer": answer_times, "reading": reading_times, "exact": exact_times}
    for name, times in timed.items():
        figures |= {f"{name}_ms_p{p}": round(percentile(times, p / 100), 3) for p in (50, 95)}
    figures["ratio_p50"] = round(figures["answer_ms_p50"] / figures["encoder_ms_p50"], 3)
    figures["ratio_p95"] = round(figures["answer_ms_p95"] / figures["encoder_ms_p95"], 3)
    figures |= _building(guichet.encoder)
    figures["rss_mb"] = memory
    if compare:
        exact_model = load_encoder(PACKAGED_FLOAT, models=settings.home / "models")
        exact_model.encode_queries(warm_up)
        times = [_timed(partial(exact_model.encode_queries, [text])) for text in questions[10 : 10 + _COMPARED]]
        again = [_timed(partial(_encode, guichet.encoder, text)) for text in questions[10 : 10 + _COMPARED]]
        figures["float32_ms_p50"] = round(statistics.median(times), 3)
        figures["float32_to_default"] = round(statistics.median(times) / statistics.median(again), 2)
    return figures


def _encode(encoder: Encoder, question: str) -> None:
    """One pass of the encoder, which forgets it: what is timed next has its own."""
    encoder.encode_queries([question])
    if isinstance(encoder, OnnxEncoder):
        encoder.token_states.cache_clear()


def _read_and_execute(guichet: Guichet, question: str) -> None:
    """Reading and executing beside the encoder, which has just encoded the question and remembers it."""
    for each in guichet.reader.read(question):
        if not each.query.topic:
            guichet.execute(each.query)


def _exact_time(guichet: Guichet, question: str) -> float | None:
    """Milliseconds of an exact answer beyond reading; None for a question that is left to the search."""
    questions = guichet.reader.read(question)
    queries = tuple(each.query for each in questions)
    if any(query.topic for query in queries):
        return None
    return _timed(lambda: guichet.respond(Resolved(question, questions, queries)))


def _building(encoder: Encoder) -> dict[str, float]:
    """A whole build into a new folder, the encoder's own time for the same texts, and reopening it.

    The encoder alone is timed before and after, and the mean is taken: a machine that slows down for a while would
    else count for one side only.
    """
    entries = make_entries(load_document())
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        before = _timed(partial(_encode_all, encoder, entries))
        build = _timed(lambda: build_index(home, entries, encoder)) / 1000
        alone = (before + _timed(partial(_encode_all, encoder, entries))) / 2000
        reopen = (
            statistics.median(_timed(lambda: open_index(home, make_entries(load_document()))) for _ in range(3)) / 1000
        )
    return {
        "build_seconds": round(build, 2),
        "encoder_build_seconds": round(alone, 2),
        "open_seconds": round(reopen, 3),
    }


def _encode_all(encoder: Encoder, entries: Entries) -> None:
    for name, kind in entries.kinds().items():
        encode = encoder.encode_queries if name in ASKED else encoder.encode_passages
        encode([entry.text for entry in kind])


def _timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000
