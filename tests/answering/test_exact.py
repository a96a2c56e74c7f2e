"""Exact answers against gold that other code computes: sets of fiches, whole lists of names, counts, yes and no."""

import json
import random
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Answer
from assistant.chain import Guichet
from tests.support.exact_gold import DATA, TABLE, evaluate, folded

EXAMPLES: list[dict[str, Any]] = [
    json.loads(line) for line in (DATA / "exact.jsonl").read_text(encoding="utf-8").splitlines()
]
NUMBERS = ("zéro", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze")
EXPECTED_FAILURES: dict[str, str] = {
    "Quelles fiches citent des dispositifs de la Caisse des dépôts ?": "12-1: « L’ANAH et la Caisse des dépôts peuvent"
    " participer » is read as an item of the Etat, no holder of its own",
    "Fiche 2-4, rubrique « partenaires financeurs » : contenu ?": "read as what the fiche says",
    "Pôle emploi, comme financeur ou comme opérateur, ça m'est égal : donnez toutes les fiches": "read as both roles",
    "Laquelle vient juste derrière la 6-2 ?": "read as the one before",
}
"""Questions that are known to be answered wrong, with the reason."""


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def listed(answer: Answer) -> list[str]:
    """The names of the lists of an answer: what stands alone after a dash."""
    return [plain(line.removeprefix("- ")) for line in answer.text.splitlines() if line.startswith("- ")]


def wrong(example: dict[str, Any], answer: Answer) -> str:
    """What is wrong with an answer; "" when nothing is."""
    text = plain(answer.text)
    if answer.status != example.get("status", "answered"):
        return f"status {answer.status}"
    if "fiches" in example:
        gold = evaluate(example["fiches"])
        if set(answer.fiches) != set(gold) or not gold:
            return (
                f"too many: {sorted(set(answer.fiches) - set(gold))}, missing: {sorted(set(gold) - set(answer.fiches))}"
            )
        if example.get("count"):
            words = [str(len(gold)), *NUMBERS[len(gold) : len(gold) + 1], *(["une seule"] if len(gold) == 1 else [])]
            if not re.search(rf"\b(?:{'|'.join(words)}) fiches?\b", text.replace("*", "")):
                return f"the count {len(gold)} is not said"
    if "names" in example and listed(answer) != [plain(name) for name in evaluate(example["names"])]:
        return f"names {listed(answer)}"
    if not text.startswith(example.get("starts", "")):
        return f"starts with {text[:20]}"
    missing = [each for each in example.get("says", ()) if each not in text]
    return f"does not say {missing}" if missing else ""


@pytest.mark.model
@pytest.mark.parametrize("example", EXAMPLES, ids=[each["question"] for each in EXAMPLES])
def test_the_answer_is_exact(guichet: Guichet, example: dict[str, Any], request: pytest.FixtureRequest) -> None:
    reason = EXPECTED_FAILURES.get(example["question"])
    if reason:
        request.applymarker(pytest.mark.xfail(strict=True, reason=reason))
    assert wrong(example, guichet.answer(example["question"])) == ""


def test_there_are_at_least_a_hundred_and_fifty_examples_each_once() -> None:
    questions = [folded(each["question"]) for each in EXAMPLES]
    assert len(questions) == len(set(questions)) >= 150
    assert set(EXPECTED_FAILURES) <= {each["question"] for each in EXAMPLES}


def test_none_is_a_question_of_the_evaluation() -> None:
    lines = (
        (Path(__file__).parent.parent.parent / "evals" / "sets" / "data" / "questions.jsonl")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    held = {folded(json.loads(line)["question"]).strip(" ?!.") for line in lines}
    assert [each["question"] for each in EXAMPLES if folded(each["question"]).strip(" ?!.") in held] == []


@pytest.mark.model
@pytest.mark.parametrize("role", ["financeurs", "operateurs"])
def test_every_list_of_every_fiche_is_given_whole_and_exact(guichet: Guichet, role: str) -> None:
    ask = {"financeurs": "Qui finance la fiche {} ?", "operateurs": "Qui sont les opérateurs de la fiche {} ?"}[role]
    for number, fiche in TABLE.items():
        answer = guichet.answer(ask.format(number))
        assert listed(answer) == [plain(name) for name in fiche[role]], number
        assert answer.fiches == (number,)
        assert answer.ranking[0] == number


@pytest.mark.model
def test_the_same_questions_get_the_same_answers_in_any_order_and_in_ten_threads(guichet: Guichet) -> None:
    def essence(question: str) -> tuple[object, ...]:
        answer = guichet.answer(question)
        return answer.text, answer.status, answer.citations, answer.ranking, answer.confidence

    questions = [each["question"] for each in EXAMPLES] + ["qui garde les enfants ?", "je cherche un stage", "merci"]
    first = {question: essence(question) for question in questions}
    shuffled = random.Random(7).sample(questions, len(questions))  # noqa: S311 - an order, not a secret
    assert {question: essence(question) for question in shuffled} == first
    with ThreadPoolExecutor(10) as pool:
        assert dict(zip(shuffled, pool.map(essence, shuffled), strict=True)) == first


@pytest.mark.model
def test_an_exact_answer_takes_milliseconds(guichet: Guichet) -> None:
    times = sorted(guichet.answer(each["question"]).elapsed_ms for each in EXAMPLES)
    assert times[len(times) // 2] < 50


BLIND = [json.loads(line) for line in (DATA / "exact_blind.jsonl").read_text(encoding="utf-8").splitlines()]
LEAST_BLIND = 0.83
"""Share of the blind wordings that must be right: nobody fits on them nor fixes one by one; raise it when it rises."""


@pytest.mark.model
def test_wordings_that_nobody_worked_on_are_mostly_read_right(guichet: Guichet) -> None:
    lost = [each["question"] for each in BLIND if wrong(each, guichet.answer(each["question"]))]
    assert len(lost) <= (1 - LEAST_BLIND) * len(BLIND), "\n".join(lost)
