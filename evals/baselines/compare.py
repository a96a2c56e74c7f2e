"""Guichet and its peers side by side: the same questions, the same text, the same encoder, one table.

Peers: keyword search alone, dense search alone (both over our own passages), and the retrieval half of LangChain's
tutorial pipeline. They see the question, without residents' words, without parsed lists; that is the point.
"""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.chain import Guichet
from assistant.text.french import typeset
from corpus.load import read_corpus
from evals.baselines.langchain_tutorial import TutorialPipeline
from evals.baselines.peers import OnceEncoder, Peer, PeerResult, passage_peer, whole_assistant
from evals.reporting.labels import cell_of, label_of, text_table
from evals.scoring.calibration import auc_interval
from evals.scoring.figures import Figures, citation_figures
from evals.scoring.intervals import McNemar, mcnemar, ratio_interval
from evals.scoring.metrics import all_gold_within, count_citations, hit_at, reciprocal_rank
from evals.scoring.rows import Answerer
from evals.sets.questions import Question

OURS = "Guichet"
KEYWORD, DENSE, TUTORIAL = "Mots-clés seuls", "Vecteurs seuls", "Tutoriel LangChain (recherche)"
COLUMNS = (
    "hit@1",
    "hit@5",
    "mrr",
    "all_gold@5",
    "citation_precision",
    "citation_recall",
    "declined_outside",
    "auc",
)
_FEW = 5


def compare_peers(
    guichet: Guichet, questions: Sequence[Question], *, answerer: Answerer | None = None
) -> tuple[dict[str, Figures], dict[str, McNemar]]:
    """Name -> figures, Guichet last; name -> exact McNemar test of Guichet's first fiche against the peer's.

    `answerer`: gives Guichet's answers where they are at hand.
    """
    encoder = OnceEncoder(guichet.encoder)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        tutorial = TutorialPipeline(guichet.document, read_corpus(), encoder, Path(folder))
        try:
            peers: dict[str, Peer] = {
                KEYWORD: passage_peer(guichet.index, encoder, "keyword"),
                DENSE: passage_peer(guichet.index, encoder, "dense"),
                TUTORIAL: tutorial.find,
                OURS: whole_assistant(answerer or guichet),
            }
            results = {name: [find(question) for question in questions] for name, find in peers.items()}
        finally:
            tutorial.close()
    figures = {name: peer_figures(questions, own) for name, own in results.items()}
    ours = first_hits(questions, results[OURS])
    tests = {name: mcnemar(ours, first_hits(questions, own)) for name, own in results.items() if name != OURS}
    return figures, tests


def peer_figures(questions: Sequence[Question], results: Sequence[PeerResult]) -> Figures:
    """The figures of `COLUMNS` that these questions bear on. A question without a ranking counts as missed."""
    pairs = list(zip(questions, results, strict=True))
    figures: Figures = {}
    single = [(question.gold, result.ranking) for question, result in pairs if question.single]
    if single:
        for k in (1, 5):
            figures[f"hit@{k}"] = ratio_interval([hit_at(ranking, gold, k) for gold, ranking in single])
        figures["mrr"] = ratio_interval([reciprocal_rank(ranking, gold) for gold, ranking in single])
    few = [(question.gold, result.ranking) for question, result in pairs if 0 < len(question.gold) <= _FEW]
    if few:
        figures["all_gold@5"] = ratio_interval([all_gold_within(ranking, gold, 5) for gold, ranking in few])
    counts = [count_citations(result.cited, q.gold, q.ok) for q, result in pairs if q.answerable and q.gold]
    figures |= citation_figures(counts)
    outside = [result.declined for question, result in pairs if not question.answerable]
    if outside:
        figures["declined_outside"] = ratio_interval(outside)
    labels = [question.answerable for question, _ in pairs]
    if len(set(labels)) == 2:
        figures["auc"] = auc_interval([result.score for _, result in pairs], labels)
    return figures


def first_hits(questions: Sequence[Question], results: Sequence[PeerResult]) -> list[bool]:
    """For each question that one fiche answers, whether it is ranked first."""
    pairs = zip(questions, results, strict=True)
    return [hit_at(result.ranking, question.gold, 1) for question, result in pairs if question.single]


def describe_peers(peers: Mapping[str, Figures], tests: Mapping[str, McNemar], *, split: str) -> str:
    """One table in French, a figure a row, each with its interval; then the tests."""
    rows = [
        (label_of(name), *(cell_of(name, figures) for figures in peers.values()))
        for name in COLUMNS
        if any(name in figures for figures in peers.values())
    ]
    tested = [
        typeset(f"Bonne fiche en premier, contre {name} : {test.won} gagnées, {test.lost} perdues, p = {test.p:.1e}")
        for name, test in tests.items()
    ]
    heading = typeset(f"Mêmes questions ({split}), même texte, même encodeur ; intervalles à 95 % :")
    return "\n".join([heading, "", text_table(("Mesure", *peers), rows), "", "McNemar exact :", *tested])
