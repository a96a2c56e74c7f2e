"""The generated engine's run, end to end with a small model: one generation a question, four engines, rows kept."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.chain import Guichet
from assistant.generation.gate.gate import Gate, open_gate
from corpus.document import Document
from corpus.errors import GuichetError
from corpus.load import read_corpus
from evals.baselines.langchain_tutorial import TutorialPipeline, tutorial_prompt
from evals.cli import main
from evals.generated.figures import against_embedded, figures_of_generated, reasons
from evals.generated.rows import ENGINES, GeneratedRow, PartialRun, latest_generated, load_generated
from evals.generated.rows import save_generated as save
from evals.generated.run import About, Plan, describe_model, try_questions
from evals.generated.sample import OUTSIDE, draw_sample
from evals.generated.trial import Trial, says_unknown
from evals.reporting.generated_table import NAMES, make_generated_table
from evals.reporting.tables import commit_in
from evals.scoring.reference import Reference, make_reference
from evals.sets.questions import Question, load_questions
from tests.support.encoder import HashingEncoder
from tests.support.models import FailingModel, ScriptedModel

ABOUT = About({"name": "essai.gguf", "sha256": "ab" * 32, "bytes": 7}, "0", "hashing")
INVENTED = "La Banque de France finance 47 places dans la fiche 40-9 [1]."


def write(asked: str) -> str:
    """A sentence of the first passage cited, then one that nothing holds; the tutorial gets an invention as well."""
    passage = re.search(r'<passage numéro="1"[^>]*>\n(.*?)\n</passage>', asked, re.DOTALL)
    if passage is None:
        return INVENTED.replace(" [1]", "")
    words = passage.group(1).replace("\n", " ").split()
    return f"Selon la fiche, {' '.join(words[:14]).strip(' .:;,-')} [1]. {INVENTED}"


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    asked = load_questions("validation")
    few = [[question for question in asked if question.type == kind][:6] for kind in ("descriptif", "fait", OUTSIDE)]
    return [*(question for kind in few for question in kind), *(q for q in asked if q.type == "suite" and q.history)][
        :22
    ]


@pytest.fixture(scope="module")
def gate(guichet: Guichet) -> Gate:
    return open_gate(guichet.document, guichet.registry, guichet.encoder)


@pytest.fixture(scope="module")
def reference(document: Document) -> Reference:
    return make_reference(document, read_corpus())


@pytest.fixture(scope="module")
def tutorial(
    document: Document, hashing: HashingEncoder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TutorialPipeline]:
    made = TutorialPipeline(document, read_corpus(), hashing, tmp_path_factory.mktemp("tutorial"))
    yield made
    made.close()


class Trials:
    """Trials that share all but the model."""

    def __init__(self, guichet: Guichet, gate: Gate, tutorial: TutorialPipeline, reference: Reference) -> None:
        self.parts = (gate, tutorial, reference)
        self.guichet = guichet

    def of(self, model: ScriptedModel) -> Trial:
        return Trial(self.guichet, model, *self.parts)


@pytest.fixture(scope="module")
def trials(guichet: Guichet, gate: Gate, tutorial: TutorialPipeline, reference: Reference) -> Trials:
    return Trials(guichet, gate, tutorial, reference)


def test_every_engine_answers_the_same_questions_from_one_generation(
    trials: Trials, questions: list[Question], tmp_path: Path
) -> None:
    model = ScriptedModel(write)
    run = try_questions(trials.of(model), questions, Plan("validation", 14), about=ABOUT, folder=tmp_path)
    assert run.sample == 14 and len(run.rows) == 4 * 14
    rows = {(row.id, row.engine): row for row in run.rows}
    ids = {id for id, _ in rows}
    called = [id for id in ids if rows[id, "generated"].raw]
    assert 5 < len(called) < 14 and len(model.asked) == len(called) + 14
    assert run.called + run.spared == len(questions)
    for id in ids:
        embedded, generated, free, tutorial = (rows[id, engine] for engine in ENGINES)
        assert generated.raw == free.raw
        assert not embedded.right or generated.right
        assert generated.unsupported == embedded.unsupported
        assert INVENTED[:30] not in generated.answer and (not generated.raw or INVENTED[:30] in free.answer)
        assert set(generated.fiches) == set(embedded.fiches)
        assert tutorial.unsupported["actors"] == ("Banque de France",) or tutorial.unsupported["numbers"]
        if not generated.raw:
            assert embedded.answer == generated.answer == free.answer
    said = [rows[id, "generated"] for id in called if rows[id, "generated"].engine_said]
    assert said and all(row.answer != rows[row.id, "embedded"].answer and row.statements for row in said)
    figures = run.figures
    assert set(figures) == set(ENGINES)
    assert figures["generated"]["right"].value >= figures["embedded"]["right"].value
    assert figures["generated"]["statements_held"].value == 1.0 > figures["ungated"]["statements_held"].value
    assert figures["generated"]["sentences_dropped"].value >= len(called)
    assert figures["ungated"]["unsupported_numbers"].value >= len(called)
    assert not list(tmp_path.iterdir())
    clean = replace(run, commit="abcdef012345")
    assert load_generated(save(clean, tmp_path)) == clean == latest_generated(tmp_path)
    save(replace(clean, commit="abcdef012345-dirty", date="2030-01-01T00:00:00"), tmp_path)
    assert latest_generated(tmp_path) == clean


def test_what_the_model_refuses_gives_the_embedded_answer_with_its_reason(
    trials: Trials, questions: list[Question], tmp_path: Path
) -> None:
    run = try_questions(trials.of(FailingModel("down")), questions, Plan("validation", 4), about=ABOUT, folder=tmp_path)
    rows = {(row.id, row.engine): row for row in run.rows}
    fallen = [row for row in run.rows if row.engine == "generated" and row.fell_back]
    assert fallen and run.fell_back == {"down": len(fallen)} == reasons(run.rows)
    assert all(row.answer == rows[row.id, "embedded"].answer and not row.engine_said for row in fallen)
    assert {row.fell_back for row in run.rows if row.engine == "tutorial"} == {"down"}


class Cut(ScriptedModel):
    """Ends the whole process, as a person does, at its n-th call."""

    def __init__(self, calls: int) -> None:
        super().__init__(self._cut)
        self._calls = calls

    def _cut(self, asked: str) -> str:
        self._calls -= 1
        if self._calls < 0:
            raise KeyboardInterrupt
        return write(asked)


def test_a_run_that_was_cut_goes_on_and_asks_nothing_twice(
    trials: Trials, questions: list[Question], tmp_path: Path
) -> None:
    plan = Plan("validation", 12)
    first, second, whole = Cut(9), ScriptedModel(write), ScriptedModel(write)
    with pytest.raises(KeyboardInterrupt):
        try_questions(trials.of(first), questions, plan, about=ABOUT, folder=tmp_path)
    (kept,) = tmp_path.iterdir()
    with kept.open("a", encoding="utf-8") as file:
        file.write('{"id": "cut while it was wri')
    with pytest.raises(GuichetError, match="inachevé"):
        try_questions(trials.of(second), questions, plan, about=replace(ABOUT, prompt="1"), folder=tmp_path)
    run = try_questions(trials.of(second), questions, plan, about=ABOUT, folder=tmp_path)
    again = try_questions(trials.of(whole), questions, plan, about=ABOUT, folder=tmp_path / "other")
    assert Counter(whole.asked) == Counter(first.asked[:-1]) + Counter(second.asked)
    without = [[(row.id, row.engine, row.answer) for row in each.rows] for each in (run, again)]
    assert without[0] == without[1]


def test_a_run_stops_when_its_minutes_are_over_and_is_a_smaller_sample(
    trials: Trials, questions: list[Question], tmp_path: Path
) -> None:
    times = iter(range(0, 100_000, 60))
    plan = Plan("validation", 20, minutes=5)
    run = try_questions(
        trials.of(ScriptedModel(write)), questions, plan, about=ABOUT, folder=tmp_path, clock=lambda: float(next(times))
    )
    assert run.sample == 8 and len(run.rows) == 32


def test_a_sample_keeps_the_shares_of_the_types_from_its_beginning_on(questions: list[Question]) -> None:
    asked = load_questions("validation")
    whole = draw_sample(asked, 1000, lambda question: question.type in ("fait", "descriptif"), seed=1)
    kinds = Counter(question.type for question in whole.questions)
    assert set(kinds) == {"fait", "descriptif", OUTSIDE}
    half = Counter(question.type for question in whole.questions[: len(whole.questions) // 2])
    assert all(abs(half[kind] - count / 2) <= 1 for kind, count in kinds.items())
    small = draw_sample(asked, 10, lambda question: question.type in ("fait", "descriptif"), seed=1)
    assert small.questions == whole.questions[:10]
    other = draw_sample(asked, 10, lambda question: question.type in ("fait", "descriptif"), seed=2)
    assert other.questions != small.questions and (small.called, small.spared) == (whole.called, whole.spared)


def row(id: str, engine: str, *, right: bool, **more: object) -> GeneratedRow:
    blank = GeneratedRow(id, engine, "Texte", "answered", ("2-3",), (), {"right": right})
    return replace(blank, **more)  # type: ignore[arg-type]


def test_figures_by_hand() -> None:
    first, second, outside = (
        next(question for question in load_questions("validation") if question.type == kind and not question.history)
        for kind in ("fait", "descriptif", OUTSIDE)
    )
    questions = {first.id: replace(first, gold=("2-3",), ok=()), second.id: replace(second, gold=("1-1",), ok=())}
    questions[outside.id] = outside
    rows = [
        row(first.id, "embedded", right=True),
        row(second.id, "embedded", right=False),
        row(outside.id, "embedded", right=True, status="declined", fiches=()),
        row(first.id, "generated", right=True, raw="a", engine_said=True, statements=2, held=2, passed=2, seconds=9.0),
        row(second.id, "generated", right=True, raw="b", fell_back="slow", dropped=3, mended=0, seconds=61.0),
        row(outside.id, "generated", right=False, unsupported={"actors": ("CAF", "ARS"), "numbers": (), "fiches": ()}),
    ]
    figures = figures_of_generated(rows, questions)
    ours = figures["generated"]
    assert (figures["embedded"]["right"].value, ours["right"].value) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert figures["embedded"]["citation_precision"].value == 0.5 == figures["embedded"]["citation_recall"].value
    assert (figures["embedded"]["declined_outside"].value, ours["declined_outside"].value) == (1.0, 0.0)
    assert (ours["unsupported_actors"].value, ours["unsupported_numbers"].value) == (2, 0)
    assert (ours["statements_held"].value, ours["model_said"].value) == (1.0, 0.5)
    assert (ours["sentences_passed"].value, ours["sentences_dropped"].value) == (2, 3)
    assert ours["seconds_p50"].value == 35.0
    assert against_embedded(rows) == (1, 1, 1.0)
    assert reasons(rows) == {"slow": 1}


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Je ne sais pas.", True),
        ("Le contexte ne mentionne pas le budget.", True),
        ("Désolé, ce n’est pas précisé dans le contexte.", True),
        ("I don't know.", True),
        ("La CAF finance l’accueil.", False),
        ("Les parents ne paient pas.", False),
    ],
)
def test_a_model_that_says_that_it_does_not_know_declines(text: str, unknown: bool) -> None:
    assert says_unknown(text) is unknown


def test_the_tutorial_asks_with_its_four_chunks_and_its_own_prompt(tutorial: TutorialPipeline) -> None:
    excerpts = tutorial.excerpts("Qui finance l’accueil des jeunes enfants ?")
    assert len(excerpts) == 4 and len({each.text for each in excerpts}) == 4
    asked = tutorial_prompt("Qui finance ?", excerpts)
    assert asked.startswith("Vous êtes un assistant") and "Question : Qui finance ?" in asked
    assert all(each.text in asked for each in excerpts) and asked.endswith("Réponse :")


def test_rows_are_kept_as_they_are_made(tmp_path: Path) -> None:
    kept = PartialRun("abcdef012345", {"split": "test"}, tmp_path)
    kept.add([row("x-1", engine, right=True) for engine in ENGINES[:3]])
    assert len(kept.path.read_text(encoding="utf-8").splitlines()) == 4
    again = PartialRun("abcdef012345", {"split": "test"}, tmp_path)
    assert again.rows == kept.rows and again.has("x-1", "ungated") and not again.has("x-1", "tutorial")
    assert again.complete() == []


def test_a_model_file_is_told_by_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "petit.gguf"
    path.write_bytes(b"GGUF")
    sha = hashlib.sha256(b"GGUF").hexdigest()
    assert describe_model(f"gguf:{path}") == {"name": "petit.gguf", "bytes": 4, "sha256": sha}
    assert describe_model("openai:mistral") == {"name": "openai:mistral"}


def test_a_run_without_a_model_says_how_to_name_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GUICHET_LLM", raising=False)
    assert main(["run", "--engine", "generated", "--sample", "2"]) == 1
    assert "GUICHET_LLM=gguf:" in capsys.readouterr().err
    assert main(["run", "--engine", "generated", "--keep-bars"]) == 1
    assert "--engine embedded" in capsys.readouterr().err


def test_the_table_has_the_four_engines_side_by_side(trials: Trials, questions: list[Question], tmp_path: Path) -> None:
    run = try_questions(trials.of(ScriptedModel(write)), questions, Plan("validation", 8), about=ABOUT, folder=tmp_path)
    table = make_generated_table(replace(run, commit="abcdef012345", date="2026-01-02T03:04:05"))
    assert "le 02.01.2026, commit `abcdef012345`, modèle `essai.gguf`" in table and commit_in(table) == "abcdef012345"
    assert f"| Mesure | {' | '.join(NAMES[engine] for engine in ENGINES)} |" in table
    lines = [line for line in table.split("\n") if line.startswith("|")]
    assert {line.count("|") for line in lines} == {6}
    assert "| Numéros de fiches sans appui | 0 | 0 |" in table
