"""« Une question, pas à pas »: what the README says of each step is what the step really makes of the question."""

import re
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler

from assistant.chain import Guichet
from tests.support.services import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
ROWS = {row[0]: row[1:] for row in re.findall(r"^\| `(\w+)` \| `[^|]+ \| (.+?) \| (.+?) \|$", README, re.MULTILINE)}
ASKED = re.findall(r"« ([^»]+) »", re.findall(r"^\| étape \|.*$", README, re.MULTILINE)[0])


def decimal(value: float, places: int) -> str:
    return f"{value:.{places}f}".replace(".", ",")


class Steps(BaseCallbackHandler):
    """The output of each step, by its name."""

    def __init__(self) -> None:
        self.outputs: dict[str, Any] = {}
        self._names: dict[UUID, str] = {}

    def on_chain_start(self, *_: object, run_id: UUID, name: str = "", **__: object) -> None:
        self._names[run_id] = name

    def on_chain_end(self, outputs: object, *, run_id: UUID, **_: object) -> None:
        self.outputs[self._names[run_id]] = outputs


def outputs_of(guichet: Guichet, question: str, *history: str) -> dict[str, Any]:
    steps = Steps()
    guichet.answer(question, history, config={"callbacks": [steps]})
    return steps.outputs


def test_each_step_of_the_readme_says_what_the_step_does(guichet: Guichet) -> None:
    first, second = outputs_of(guichet, ASKED[0]), outputs_of(guichet, ASKED[1], ASKED[0])
    assert list(ROWS) == ["clean", "understand", "resolve", "search", "decide", "answer", "generate"]
    assert first["generate"] == first["answer"].answer
    for column, outputs in enumerate((first, second)):
        assert f"« {outputs['clean'].typed} »" in ROWS["clean"][column].replace("\u00a0", " ")
        (read,) = outputs["understand"].alone
        assert bool(read.query.topic) == (not column), "of what, the turn before says"
        assert f"*{read.query.show[0].replace('operateurs', 'opérateurs')}*" in ROWS["understand"][column]
        (told,) = re.findall(r"« (.+) »", ROWS["answer"][column])
        assert told in outputs["answer"].answer.text
    assert not first["resolve"].leans
    assert second["answer"].question.startswith(re.findall(r"« (.+) »", ROWS["resolve"][1])[0])
    assert second["search"].topics == second["decide"].topics == (None,)
    (topic,), (decided,) = first["search"].topics, first["decide"].topics
    scores = dict(zip(topic.search.documents, topic.search.scores, strict=True))
    best = sorted(scores, key=lambda document: -scores[document])[:2]
    shares = (decided.decision.confidence, decided.decision.aspects["financeurs"], first["decide"].emergency[1])
    assert re.findall(r"la (\d+-\d)", ROWS["search"][0]) == best
    assert re.findall(r"\d+,\d+", ROWS["search"][0]) == [decimal(float(scores[document]), 1) for document in best]
    digits = zip(shares, (2, 3, 3), strict=True)
    assert re.findall(r"0,\d+", ROWS["decide"][0]) == [decimal(float(share), places) for share, places in digits]
