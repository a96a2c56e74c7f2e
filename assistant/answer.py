"""What a question gets: the answer, its status, its citations. Frozen data, the same for both engines and all faces.

The texts shown are Markdown in French; a fiche is cited as `[fiche 2-3]`, which the page turns into a chip.
"""

from dataclasses import dataclass
from typing import Literal

from assistant.understanding.query import Query

Status = Literal["answered", "declined", "smalltalk"]
EMBEDDED, GENERATED = "embarqué", "généré"
"""The two engines."""
MAX_QUESTION = 4000
"""Characters of a question that are read; the rest is left out, and the answer says so."""


def citation_mark(fiche: str) -> str:
    """How a text cites a fiche, or what stands outside the fiches: [fiche 2-3], [préambule]."""
    return f"[fiche {fiche}]" if fiche[:1].isdigit() else f"[{fiche}]"


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage that the answer uses: `quote` is the document's own text, `lines` its lines in the delivered file.

    `fiche` is "2-3", or "préambule" or "enjeu 1" for what stands outside the fiches.
    """

    fiche: str
    section: str
    quote: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to click: `label` is shown, `question` is asked."""

    label: str
    question: str


@dataclass(frozen=True, slots=True)
class Partial:
    """What is shown while an answer is being written; an Answer follows, always.

    `text`: Markdown of the sentences that passed the gate. `pending`: the sentence being written, not yet gated: shown
    apart (greyed), may disappear. `embedded`: the embedded engine's answer, which is there before the model writes.
    """

    text: str
    pending: str
    embedded: "Answer | None" = None

    def __add__(self, later: "Partial | Answer") -> "Partial | Answer":
        """LangChain adds up what a step streams: a later state of the answer replaces an earlier one."""
        return later


@dataclass(frozen=True, slots=True)
class Answer:
    """`quoted`: those citations that are the document's prose, shown word for word; () when all of the answer is exact
    (lists, counts, comparisons). `ranking`: fiche numbers, best first. `see_also`: neighbours that the answer does not
    use.

    `understood`: the self-standing question and what was read in it, "" when there is nothing to add.
    `suggestions`: follow-ups on the same fiches; `choices`: when several fiches are equally meant.
    `engine`: "embarqué" or "généré". `note`: one French line shown below the text, "" for none; `fell_back`: why the
    embedded answer stands in for a generated one, a word for the counters, "" when it does not.
    `queries`: what was read of the message, self-standing, one for each question that it holds.
    `confidence`: the fitted probability that the document answers, between 0 and 1.
    """

    text: str
    status: Status
    citations: tuple[Citation, ...] = ()
    ranking: tuple[str, ...] = ()
    understood: str = ""
    see_also: tuple[str, ...] = ()
    suggestions: tuple[Choice, ...] = ()
    choices: tuple[Choice, ...] = ()
    confidence: float = 1.0
    engine: str = EMBEDDED
    elapsed_ms: float = 0.0
    note: str = ""
    fell_back: str = ""
    quoted: tuple[Citation, ...] = ()
    queries: tuple[Query, ...] = ()

    @property
    def fiches(self) -> tuple[str, ...]:
        """The fiches cited, in order of first use."""
        return tuple(dict.fromkeys(citation.fiche for citation in self.citations))
