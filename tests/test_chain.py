"""The chain as LangChain shows it: a callback handler of the caller sees the steps, their inputs and their outputs."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from langchain_core.callbacks import BaseCallbackHandler

from assistant.answer import Answer, Partial
from assistant.chain import Guichet
from assistant.generation.gate.gate import Gate, open_gate
from assistant.steps import Answered, Decided, Question, Resolved, Searched, Understood
from tests.support.generation import generated
from tests.support.model_server import ModelServer, model_server

TOPIC = "Quels modes de garde sont proposés aux parents en formation ?"
FOLLOW_UP = "et qui paye ?"
STEPS = ["clean", "understand", "resolve", "search", "decide", "answer", "generate"]
INPUTS = [Question, Question, Understood, Resolved, Searched, Decided, Answered]
OUTPUTS = [Question, Understood, Resolved, Searched, Decided, Answered, Answer]


class Recorder(BaseCallbackHandler):
    """What LangChain tells a handler. `begun`: names of steps, in order; `ended`: (name, input, output), in order.

    `parents`: a step -> the step that it runs in. When a step streams, its input is known at its end only.
    """

    raise_error = True

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ended: list[tuple[str, Any, Any]] = []
        self.parents: dict[str, str] = {}
        self._running: dict[UUID, tuple[str, Any]] = {}

    def _begin(self, name: str, inputs: Any, known: dict[str, Any]) -> None:
        self.begun.append(name)
        self._running[known["run_id"]] = name, inputs
        if known["parent_run_id"]:
            self.parents[name] = self._running[known["parent_run_id"]][0]

    def _end(self, output: Any, known: dict[str, Any]) -> None:
        name, inputs = self._running[known["run_id"]]
        self.ended.append((name, known.get("inputs") or inputs, output))

    def on_chain_start(self, *given: Any, **known: Any) -> None:
        self._begin(known["name"], given[1], known)

    def on_chain_end(self, *given: Any, **known: Any) -> None:
        self._end(given[0], known)

    def on_retriever_start(self, *given: Any, **known: Any) -> None:
        self._begin(known["name"], given[1], known)

    def on_retriever_end(self, *given: Any, **known: Any) -> None:
        self._end(given[0], known)

    def on_chat_model_start(self, *given: Any, **known: Any) -> None:
        self._begin("chat model", given[1], known)

    def on_llm_end(self, *given: Any, **known: Any) -> None:
        self._end(given[0], known)


@pytest.fixture(scope="module")
def gate(guichet: Guichet) -> Gate:
    return open_gate(guichet.document, guichet.registry, guichet.encoder)


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


@pytest.fixture
def writing(guichet: Guichet, gate: Gate, server: ModelServer) -> Iterator[Guichet]:
    made = generated(guichet, gate, server.url)
    yield made
    made.close()


def test_a_handler_sees_the_steps_in_order_with_their_inputs_and_outputs(guichet: Guichet) -> None:
    recorder = Recorder()
    answer = guichet.answer(FOLLOW_UP, [TOPIC], config={"callbacks": [recorder]})
    assert recorder.begun == ["guichet", *STEPS]
    steps = [step for step in recorder.ended if step[0] in STEPS]
    assert [name for name, _, _ in steps] == STEPS
    assert [type(given) for _, given, _ in steps] == INPUTS
    assert [type(output) for _, _, output in steps] == OUTPUTS
    outputs = {name: output for name, _, output in steps}
    assert outputs["clean"] == Question(FOLLOW_UP, (TOPIC,))
    assert [read.text for read in outputs["understand"].alone] == [FOLLOW_UP]
    assert outputs["resolve"].leans
    assert outputs["answer"].answer.text == outputs["generate"].text == answer.text
    for (_, _, output), (_, given, _) in pairwise(steps):
        assert given == output, "what a step gives is what the next one gets"


def test_the_decision_on_a_topic_is_shown_with_what_was_found(guichet: Guichet) -> None:
    recorder = Recorder()
    answer = guichet.embedded(TOPIC, config={"callbacks": [recorder]})
    assert recorder.begun == ["guichet", *STEPS[:-1]]
    (topic,) = next(output for name, _, output in recorder.ended if name == "decide").topics
    assert (topic.decision.outcome, topic.decision.ranked.ranking) == ("answer", answer.ranking)
    (exact,) = guichet_topics(guichet, "Qui finance la fiche 2-3 ?")
    assert exact is None, "an exact question is not searched"


def guichet_topics(guichet: Guichet, question: str) -> tuple[Any, ...]:
    recorder = Recorder()
    guichet.embedded(question, config={"callbacks": [recorder]})
    searched: Searched = next(output for name, _, output in recorder.ended if name == "search")
    return searched.topics


def test_a_stream_goes_through_the_same_steps(guichet: Guichet) -> None:
    recorder = Recorder()
    (answer,) = guichet.stream(TOPIC, config={"callbacks": [recorder]})
    assert isinstance(answer, Answer)
    steps = [step for step in recorder.ended if step[0] in STEPS]
    assert [name for name in recorder.begun if name in STEPS] == STEPS
    assert [(type(given), type(output)) for _, given, output in steps] == list(zip(INPUTS, OUTPUTS, strict=True))


def test_the_retriever_and_the_chat_model_are_seen_within_the_step_that_calls_them(
    writing: Guichet, server: ModelServer, guichet: Guichet
) -> None:
    quote = guichet.answer(TOPIC).quoted[0]
    server.play("good", f"{quote.quote.split('. ')[0].rstrip(' .;')} [1].")
    recorder = Recorder()
    *written, answer = writing.stream(TOPIC, config={"callbacks": [recorder]})
    assert written and all(isinstance(each, Partial) for each in written) and isinstance(answer, Answer)
    assert {recorder.parents[name] for name in ("PassageRetriever", "chat model")} == {"generate"}
    documents = next(output for name, _, output in recorder.ended if name == "PassageRetriever")
    assert {document.metadata["fiche"] for document in documents} == {citation.fiche for citation in answer.quoted}
    assert recorder.begun == ["guichet", *STEPS, "PassageRetriever", "chat model"]


def test_an_answer_is_what_its_stream_ends_with(writing: Guichet, server: ModelServer, guichet: Guichet) -> None:
    server.play("good", "Les modes de garde sont proposés aux parents en formation [1].")
    *_, streamed = writing.stream(TOPIC)
    answered = writing.answer(TOPIC)
    assert isinstance(streamed, Answer)
    assert (streamed.text, streamed.engine, streamed.fell_back) == (answered.text, answered.engine, answered.fell_back)
    assert writing.embedded(TOPIC).text == guichet.answer(TOPIC).text


def test_closing_a_stream_stops_the_model(writing: Guichet, server: ModelServer) -> None:
    server.play("slow_middle", "Les modes de garde sont proposés aux parents en formation [1].")
    stream = writing.stream(TOPIC)
    next(each for each in stream if isinstance(each, Partial) and each.pending)
    assert server.hanging.wait(timeout=20) and not server.closed.is_set()
    stream.close()  # type: ignore[attr-defined]
    assert server.closed.wait(timeout=20)
