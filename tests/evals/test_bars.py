"""The real assistant stays above the bars on the whole of `validation`, and above its peers; no planted fault does."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from assistant.answer import Answer, Citation
from assistant.chain import Guichet
from corpus.document import Document, Fiche, Partner
from evals.baselines.compare import COLUMNS, OURS, TUTORIAL, compare_peers, describe_peers
from evals.baselines.peers import compared
from evals.results import Run
from evals.scoring.bars import SPLIT, Bars, can_fail, describe_loss, lost_questions, make_bars, read_bars, shortfalls
from evals.scoring.evaluation import evaluate_all
from evals.scoring.figures import Figures
from evals.scoring.reference import Reference, load_reference
from evals.scoring.rows import Answerer
from evals.sets.questions import Question, load_questions
from tests.support.evaluations import Broken, Corrupt, Faulty, Forgetful, Recorded

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return load_questions(SPLIT)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


@pytest.fixture(scope="module")
def recorded(guichet: Guichet) -> Recorded:
    return Recorded(guichet)


Evaluate = Callable[[Answerer], Run]


@pytest.fixture(scope="module")
def evaluated(questions: list[Question], reference: Reference) -> Evaluate:
    return lambda answerer: evaluate_all(answerer, questions, reference, split=SPLIT)


@pytest.fixture(scope="module")
def run(recorded: Recorded, evaluated: Evaluate) -> Run:
    return evaluated(recorded)


def figures(run: Run) -> Figures:
    return run.figures[SPLIT] | run.robustness


def test_validation_stays_above_the_kept_bars(run: Run, questions: list[Question]) -> None:
    bars, known = read_bars(), {question.id: question for question in questions}
    if shortfalls(figures(run), bars):
        pytest.fail(describe_loss(figures(run), run.rows, bars, known), pytrace=False)


def test_guichet_finds_the_fiche_more_often_than_its_peers(
    guichet: Guichet, recorded: Recorded, questions: list[Question]
) -> None:
    peers, tests = compare_peers(guichet, compared(questions), answerer=recorded)
    assert list(peers)[-1] == OURS
    for name, test in tests.items():
        assert peers[OURS]["hit@1"].low > peers[name]["hit@1"].high, name
        assert test.p < 0.001
    table = describe_peers(peers, tests, split="validation").split("\n")
    assert len([line for line in table if line.startswith(("Bonne fiche en premier ", "Rappel"))]) == 2
    assert TUTORIAL in table[2]
    assert len(table) == 4 + len(COLUMNS) + 2 + len(tests)


@pytest.fixture(scope="module")
def bars(run: Run) -> Bars:
    """What the assistant reaches here and now: faults are held against that, wherever the kept bars stand."""
    return make_bars(run.commit, figures(run), run.rows)


def test_every_saved_bar_can_fail() -> None:
    assert [name for name, limit in read_bars().limits.items() if not can_fail(name, limit)] == []


def test_one_question_that_is_lost_is_within_the_bars_and_named(
    run: Run, recorded: Recorded, evaluated: Evaluate, bars: Bars, questions: list[Question]
) -> None:
    lost = next(row.id for row in run.rows if row.right and row.type == "fait")
    text = next(question.question for question in questions if question.id == lost)
    worse = evaluated(Faulty(recorded, lambda asked, answer: replace(answer, text="") if asked == text else answer))
    assert shortfalls(figures(worse), bars) == []
    assert [row.id for row in lost_questions(worse.rows, bars)] == [lost]


def name_a_wrong_partner(_: str, answer: Answer) -> Answer:
    return replace(answer, text=answer.text.replace("Conseil départemental", "Chambre d’agriculture"))


def cite_what_was_not_retrieved(_: str, answer: Answer) -> Answer:
    """A fiche of another subject, with words that do stand in it."""
    stray = Citation("24-1", "financeurs", "Caisse Primaire d’Assurance Maladie", ())
    return replace(answer, citations=(*answer.citations, stray)) if answer.citations else answer


def cite_under_a_wrong_number(_: str, answer: Answer) -> Answer:
    """The neighbour's number, in the text and in the citations."""
    wrong = {"1": "2", "2": "1"}

    def neighbour(fiche: str) -> str:
        return re.sub(r"-(\d)$", lambda match: f"-{wrong.get(match[1], '1')}", fiche)

    text = re.sub(r"\d+-\d\b", lambda match: neighbour(match[0]), answer.text)
    citations = tuple(replace(citation, fiche=neighbour(citation.fiche)) for citation in answer.citations)
    return replace(answer, text=text, citations=citations)


def quote_under_a_wrong_number(_: str, answer: Answer) -> Answer:
    """The right fiches, each with the quote of the next: only the quotes betray it."""
    quotes = [citation.quote for citation in answer.citations]
    turned = quotes[1:] + quotes[:1] if len(set(answer.fiches)) > 1 else quotes
    citations = [replace(c, quote=q) for c, q in zip(answer.citations, turned, strict=True)]
    return replace(answer, citations=tuple(citations))


def change_a_word_of_the_quote(_: str, answer: Answer) -> Answer:
    citations = [replace(c, quote=c.quote.replace("publics", "ménages")) for c in answer.citations]
    return replace(answer, citations=tuple(citations))


def never_decline(_: str, answer: Answer) -> Answer:
    """The refusal turned off: the best ranked fiche is offered instead."""
    if answer.status != "declined":
        return answer
    fiche = next(iter(answer.ranking), "1-1")
    return replace(answer, text=f"Voyez [fiche {fiche}].", status="answered", citations=(Citation(fiche, "", "", ()),))


def decline_when_unsure(_: str, answer: Answer) -> Answer:
    if answer.status == "answered" and answer.confidence < 0.98:
        return replace(answer, text="Les fiches n’en parlent pas.", status="declined", citations=())
    return answer


def shuffle_the_ranking(question: str, answer: Answer) -> Answer:
    ranking = list(answer.ranking)
    random.Random(question).shuffle(ranking)  # noqa: S311
    return replace(answer, ranking=tuple(ranking))


def cut_the_list(_: str, answer: Answer) -> Answer:
    """The last line of every list is lost."""
    return replace(answer, text=re.sub(r"(\n- [^\n]*)+", _without_the_last, answer.text))


def _without_the_last(match: re.Match[str]) -> str:
    return match[0].rpartition("\n- ")[0] or match[0]


def deny(_: str, answer: Answer) -> Answer:
    denied = answer.text.replace(" peut être ", " ne peut pas être ").replace(" figure ", " ne figure pas ")
    return replace(answer, text=denied.replace("Ce que dit la fiche", "Ce que ne dit pas la fiche"))


def pad(_: str, answer: Answer) -> Answer:
    return replace(answer, text=answer.text + "\nPour en savoir plus, adressez-vous au guichet de votre mairie." * 40)


def be_sure_of_everything(_: str, answer: Answer) -> Answer:
    return replace(answer, confidence=1.0)


def count_one_too_many(_: str, answer: Answer) -> Answer:
    return replace(answer, text=re.sub(r"\*\*(\d+) ", lambda match: f"**{int(match[1]) + 1} ", answer.text))


FAULTS: dict[Corrupt, str] = {
    name_a_wrong_partner: "list_f1",
    cite_what_was_not_retrieved: "citation_precision",
    cite_under_a_wrong_number: "citation_recall",
    quote_under_a_wrong_number: "quotes_standing",
    change_a_word_of_the_quote: "quotes_standing",
    never_decline: "declined_outside",
    decline_when_unsure: "false_refusals",
    shuffle_the_ranking: "hit@1",
    cut_the_list: "list_f1",
    deny: "stray_negations",
    pad: "right",
    be_sure_of_everything: "auc",
    count_one_too_many: "right: agregat",
}


@pytest.mark.parametrize(("corrupt", "falls"), FAULTS.items(), ids=[fault.__name__ for fault in FAULTS])
def test_a_fault_in_the_answers_does_not_pass(
    corrupt: Corrupt, falls: str, recorded: Recorded, evaluated: Evaluate, bars: Bars
) -> None:
    faulty = evaluated(Faulty(recorded, corrupt))
    assert fallen(faulty, bars) >= {falls}


def test_an_assistant_that_forgets_what_was_said_does_not_pass(
    recorded: Recorded, evaluated: Evaluate, bars: Bars, questions: list[Question]
) -> None:
    forgetful = evaluated(Forgetful(recorded))
    assert "right: suite" in fallen(forgetful, bars)
    printed = describe_loss(figures(forgetful), forgetful.rows, bars, {question.id: question for question in questions})
    assert "Questions perdues" in printed
    assert "suite/" in printed


def test_an_assistant_that_breaks_on_a_word_does_not_pass(recorded: Recorded, evaluated: Evaluate, bars: Bars) -> None:
    broken = evaluated(Broken(recorded, "permis"))
    assert "errors" in fallen(broken, bars)
    assert any(row.error == "KeyError: 'permis'" for row in lost_questions(broken.rows, bars))


def drop_section(document: Document) -> Document:
    return _with_fiches(document, lambda fiche: replace(fiche, operateurs=()))


def swap_partner(document: Document) -> Document:
    """The Département takes the Région's place among those who finance."""
    region = Partner("Conseil départemental", (1,))

    def swap(fiche: Fiche) -> Fiche:
        kept = tuple(region if partner.name == "Conseil régional" else partner for partner in fiche.financeurs)
        return replace(fiche, financeurs=kept)

    return _with_fiches(document, swap)


def _with_fiches(document: Document, change: Callable[[Fiche], Fiche]) -> Document:
    return replace(document, fiches=tuple(change(fiche) for fiche in document.fiches))


@pytest.mark.parametrize(("damage", "type"), [(drop_section, "operateurs"), (swap_partner, "financeurs")])
def test_a_fault_in_the_document_does_not_pass(
    damage: Callable[[Document], Document],
    type: str,
    guichet: Guichet,
    questions: list[Question],
    reference: Reference,
    bars: Bars,
) -> None:
    """The real assistant over a document that lost something, asked about that: what it says then is wrong."""
    damaged = Guichet(damage(guichet.document), guichet.index, guichet.encoder, reader=guichet.reader.model)
    about = [question for question in questions if question.type == type]
    run = evaluate_all(damaged, about, reference, split=SPLIT)
    assert f"right: {type}" in fallen(run, bars).intersection(figures(run))


def fallen(run: Run, bars: Bars) -> set[str]:
    """The figures below their bar, by name."""
    return set(_fallen(figures(run), bars))


def _fallen(figures: Figures, bars: Bars) -> Iterator[str]:
    for name, limit in bars.limits.items():
        if shortfalls(figures, Bars(bars.commit, {name: limit}, bars.wrong)):
            yield name
