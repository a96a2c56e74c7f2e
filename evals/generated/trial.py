"""The generated engine on real questions, beside the embedded one, its model without the gate, and the tutorial.

A question is generated once: what the model wrote is recorded, and gives the rows with the gate and without it.
"""

import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from langchain_core.messages import BaseMessage, HumanMessage
from langchain_core.runnables import RunnableConfig

from assistant.answer import GENERATED, Answer, Citation
from assistant.errors import ModelError
from assistant.generation.engine import Generator
from assistant.generation.gate.gate import Gate, PassedSentence
from assistant.generation.gate.live import GatedText
from assistant.generation.gate.sentences import read_marks, split_growing_text, write_calls
from assistant.generation.models.base import Model
from assistant.generation.models.calls import Bounds, Calls
from assistant.generation.output_checks import printable, spoken
from assistant.generation.passages import Passage, Sources
from assistant.text.french import typeset
from corpus.document import Document, Fiche
from corpus.text import flatten
from evals.baselines.langchain_tutorial import Excerpt, tutorial_prompt
from evals.generated.rows import GeneratedRow
from evals.scoring.grade import grade
from evals.scoring.reference import Reference
from evals.scoring.unsupported import Cited, Unsupported, unsupported
from evals.sets.questions import Question

_UNKNOWN = re.compile(
    r"\bne sais pas\b|\bn ai pas (?:d |l )?information|\bne permet\w* pas de repondre\b|\bi (?:don t|do not) know\b"
    r"|\bpas (?:mention\w+|precis\w+|indiqu\w+|disponib\w+|fourni\w*) dans\b"
    r"|\bne (?:mentionn|precis|contien|fourni|donn)\w* pas\b"
)
"""How a model says, in folded text, that the passages do not answer."""
_TAIL = 60
"""Last characters by which a sentence is found again in an answer, whatever was cut from its opening."""


class Assistant(Protocol):
    """What is tried: `assistant.chain.Guichet`, or anything that prepares like it."""

    @property
    def document(self) -> Document: ...

    def prepare(self, question: str, history: Sequence[str] = ()) -> tuple[Answer, Sources | None]: ...


class Tutorial(Protocol):
    def excerpts(self, question: str) -> list[Excerpt]: ...


class Recording:
    """A model that keeps what it was last asked, what it wrote, and the seconds to its first word."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.name, self.context = model.name, model.context
        self.messages: tuple[BaseMessage, ...] = ()
        self.text, self.first_seconds = "", 0.0

    def count(self, text: str) -> int:
        return self._model.count(text)

    def stream(
        self, messages: Sequence[BaseMessage], *, stop: threading.Event, config: RunnableConfig | None = None
    ) -> Iterator[str]:
        self.messages, self.text, self.first_seconds = tuple(messages), "", 0.0
        started = time.perf_counter()
        for piece in self._model.stream(messages, stop=stop, config=config):
            if piece and not self.text:
                self.first_seconds = time.perf_counter() - started
            self.text += piece
            yield piece

    def close(self) -> None:
        self._model.close()

    @property
    def prompt_tokens(self) -> int:
        """By the model's tokenizer, without what a chat template adds."""
        return sum(self.count(str(message.content)) for message in self.messages)


class Trial:
    """Asks one question of every engine; holds the model that all but the first share."""

    def __init__(
        self,
        assistant: Assistant,
        model: Model,
        gate: Gate,
        tutorial: Tutorial,
        reference: Reference,
        *,
        bounds: Bounds | None = None,
    ) -> None:
        self._assistant, self._gate = assistant, gate
        self._tutorial, self._reference = tutorial, reference
        self._model = Recording(model)
        self._generator = Generator(self._model, gate, Calls(self._model, bounds or Bounds()))

    def asks(self, question: Question) -> bool:
        """Whether the model would be asked."""
        return self._assistant.prepare(question.question, question.history)[1] is not None

    def guichet(self, question: Question) -> list[GeneratedRow]:
        """The rows "embedded", "generated" and "ungated", from one generation at most."""
        started = time.perf_counter()
        embedded, sources = self._assistant.prepare(question.question, question.history)
        seconds = time.perf_counter() - started
        quotes, standing = self._reference.count_quotes(embedded)
        first = self._row(question, "embedded", embedded, seconds, statements=quotes, held=standing)
        if sources is None:
            return [first, replace(first, engine="generated"), replace(first, engine="ungated")]
        *_, answer = self._generator.stream(sources, embedded)
        if not isinstance(answer, Answer):
            raise TypeError("a stream ends with an Answer")
        whole = time.perf_counter() - started
        raw, left = spoken(printable(self._model.text)), self._generator.prompt(sources)[1]
        passing = GatedText(self._gate, left.passages)
        passing.feed(raw)
        passing.end()
        common = {
            "raw": raw,
            "first_seconds": round(seconds + self._model.first_seconds, 2),
            "prompt_tokens": self._model.prompt_tokens,
            "passed": sum(bool(sentence.citations) for sentence in passing.passed),
            "mended": sum(sentence.mended for sentence in passing.passed),
            "dropped": passing.dropped,
        }
        said = answer.engine == GENERATED
        shown = [sentence for sentence in passing.passed if said and sentence.citations and _shows(answer, sentence)]
        judged = {"statements": len(shown), "held": sum(map(self._holds, shown))}
        how = {"engine_said": said, "fell_back": answer.fell_back}
        free = ungated(raw, left.passages, embedded)
        return [
            first,
            self._row(question, "generated", answer, whole, **common, **how, **judged),
            self._row(question, "ungated", free, whole, **common, engine_said=True, **_judged(raw, left.passages)),
        ]

    def tutorial(self, question: Question) -> list[GeneratedRow]:
        """The row "tutorial": it knows the question as typed, and no conversation."""
        started = time.perf_counter()
        excerpts = self._tutorial.excerpts(question.question)
        stop, fell_back = threading.Event(), ""
        try:
            for _ in self._model.stream([HumanMessage(tutorial_prompt(question.question, excerpts))], stop=stop):
                pass
        except ModelError as error:
            fell_back = error.reason
        raw = self._model.text
        answer = from_excerpts(raw, excerpts)
        seconds = time.perf_counter() - started
        cited = [Cited(excerpt.fiche, excerpt.text) for excerpt in excerpts]
        sentences = _sentences(raw) if answer.status == "answered" else []
        return [
            self._row(
                question,
                "tutorial",
                answer,
                seconds,
                raw=raw,
                engine_said=True,
                fell_back=fell_back,
                first_seconds=round(self._model.first_seconds, 2),
                prompt_tokens=self._model.prompt_tokens,
                statements=len(sentences),
                held=sum(unsupported(sentence, cited).count == 0 for sentence in sentences),
            )
        ]

    def _row(self, question: Question, engine: str, answer: Answer, seconds: float, **more: Any) -> GeneratedRow:
        """`more`: fields of the row beyond what the answer itself says."""
        missing = self._unsupported(answer)
        said: dict[str, Any] = {
            "fiches": answer.fiches,
            "citations": tuple({"fiche": c.fiche, "section": c.section, "quote": c.quote} for c in answer.citations),
            "checks": grade(question, answer),
            "unsupported": {"actors": missing.actors, "numbers": missing.numbers, "fiches": missing.fiches},
            "seconds": round(seconds, 2),
            "first_seconds": round(seconds, 2),
        }
        return GeneratedRow(question.id, engine, answer.text, answer.status, **(said | more))

    def _unsupported(self, answer: Answer) -> Unsupported:
        """Of an answer as it is shown. A refusal cites nothing and says nothing of the fiches."""
        if answer.status != "answered":
            return Unsupported((), (), ())
        return unsupported(answer.text, evidence(answer.citations, self._assistant.document, answer.text))

    def _holds(self, sentence: PassedSentence) -> bool:
        return unsupported(sentence.text, evidence(sentence.citations, self._assistant.document)).count == 0


def _shows(answer: Answer, sentence: PassedSentence) -> bool:
    return typeset(sentence.text)[-_TAIL:] in answer.text


def evidence(citations: Sequence[Citation], document: Document, text: str = "") -> list[Cited]:
    """What an answer may say of what it cites: the quotes, the titles of their fiches, who holds a dispositif, how long
    a list is, and how many of it are listed in the `text`."""
    fiches = [fiche for citation in citations if (fiche := document.fiche(citation.fiche))]
    lists = [citation for citation in citations if citation.section in ("financeurs", "operateurs")]
    return [
        *(Cited(citation.fiche, citation.quote) for citation in citations),
        *(Cited(fiche.number, fiche.title) for fiche in dict.fromkeys(fiches)),
        *(Cited(fiche.number, holder) for fiche in dict.fromkeys(fiches) for holder in _holders(fiche, citations)),
        *(Cited(citation.fiche, str(len(citation.quote.split("\n")))) for citation in lists),
        *(Cited(citation.fiche, str(block.count("\n- "))) for citation in lists for block in text.split("\n\n")),
    ]


def _holders(fiche: Fiche, citations: Sequence[Citation]) -> list[str]:
    """Under whose name the document has the dispositifs that are cited."""
    lines = {line for citation in citations if citation.fiche == fiche.number for line in citation.lines}
    return [group.porteur for group in fiche.dispositifs if any(lines & set(item.lines) for item in group.items)]


def ungated(raw: str, given: Sequence[Passage], embedded: Answer) -> Answer:
    """What the model wrote, as an answer: its marks cite what they name, and are not looked at further."""
    marks = {passage.mark: passage for passage in given}
    cited = [marks[mark] for mark in read_marks(raw).cited if mark in marks]
    if not cited and says_unknown(raw):
        return Answer(raw, "declined", ranking=embedded.ranking, engine="sans barrière")
    text = write_calls(read_marks(raw), {mark: passage.fiche for mark, passage in marks.items()})
    citations = tuple(
        dict.fromkeys(Citation(passage.fiche, passage.section, passage.text, passage.lines) for passage in cited)
    )
    return Answer(text, "answered", citations, ranking=embedded.ranking, engine="sans barrière")


def from_excerpts(raw: str, excerpts: Sequence[Excerpt]) -> Answer:
    """The tutorial shows every excerpt as a source, unless it says that it does not know."""
    if says_unknown(raw):
        return Answer(raw, "declined", engine="tutoriel")
    citations = tuple(Citation(excerpt.fiche, "", excerpt.text, ()) for excerpt in excerpts if excerpt.fiche)
    return Answer(raw, "answered", citations, engine="tutoriel")


def says_unknown(text: str) -> bool:
    return _UNKNOWN.search(flatten(text, hyphens=False)) is not None


def _sentences(text: str) -> list[str]:
    sentences, rest = split_growing_text(text)
    return [sentence for sentence in (*sentences, rest) if any(letter.isalpha() for letter in sentence)]


def _judged(raw: str, given: Sequence[Passage]) -> Mapping[str, int]:
    """Of what a model wrote: its sentences, and those that are held by a passage that they cite."""
    sentences = [read_marks(sentence) for sentence in _sentences(raw)]
    held = 0
    for sentence in sentences:
        cited = [Cited(passage.fiche, passage.text) for passage in given if passage.mark in sentence.cited]
        held += bool(cited) and unsupported(sentence.text, cited).count == 0
    return {"statements": len(sentences), "held": held}
