"""What answers are held against beside the gold: the delivered text, and the names of its partners by list.

Reads the parsed document for where things stand, never what an assistant makes of it.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from assistant.answer import Answer
from corpus.document import Document, Partner
from corpus.load import load_document, read_corpus
from corpus.text import flatten
from evals.scoring.metrics import set_f1
from evals.scoring.quotes_standing import Delivered, delivered_places
from evals.sets.questions import Question

_NEGATION = re.compile(r"\bne? (?:\w+ ){1,3}(?:pas|plus|jamais|aucune?|ni|point)\b")
_FULL_LIST = 3
"""A question on partners asks for the whole list when its gold names at least this many, and all of them."""


@dataclass(frozen=True, slots=True)
class Reference:
    """`lists`: (fiche, "financeurs" or "operateurs") -> folded names; `names`: all of them, longest first."""

    delivered: Delivered
    lists: Mapping[tuple[str, str], frozenset[str]]
    names: tuple[str, ...]

    def count_quotes(self, answer: Answer) -> tuple[int, int]:
        """(how many quotes, how many of them stand in the place they are cited for)."""
        return len(answer.citations), sum(self.delivered.stands(citation) for citation in answer.citations)

    def list_f1(self, question: Question, answer: Answer) -> float | None:
        """Set F1 of the partners that the answer names; None when the question does not ask for one whole list."""
        if len(question.gold) != 1 or question.type not in ("financeurs", "operateurs"):
            return None
        expected = self.lists[question.gold[0], question.type]
        if len(question.must) < max(_FULL_LIST, len(expected)):
            return None
        return set_f1(named_in(answer.text, self.names), expected)


def load_reference() -> Reference:
    return make_reference(load_document(), read_corpus())


def make_reference(document: Document, raw: str) -> Reference:
    """`raw`: the delivered text that the document was parsed from."""
    lists = {
        (fiche.number, section): frozenset(name for partner in partners for name in partner_names(partner))
        for fiche in document.fiches
        for section, partners in (("financeurs", fiche.financeurs), ("operateurs", fiche.operateurs))
    }
    names = sorted({name for each in lists.values() for name in each}, key=lambda name: (-len(name), name))
    return Reference(delivered_places(document, raw), lists, tuple(names))


def partner_names(partner: Partner) -> tuple[str, ...]:
    """Folded, without what stands in brackets: "Etat : Direccte" -> ("etat", "direccte")."""
    head = partner.name.partition(" : ")[0]
    plain = (flatten(re.sub(r"\([^)]*\)", "", name), hyphens=False).strip(" .;,") for name in (head, *partner.services))
    return tuple(dict.fromkeys(name for name in plain if name))


def named_in(text: str, names: Collection[str]) -> frozenset[str]:
    """The names (longest first) that stand in a text as whole words, each word counted for one name only:
    "Associations de locataires" does not name "associations"."""
    left, found = flatten(re.sub(r"[*_`#>\[\]]+", " ", text), hyphens=False), set()
    for name in names:
        pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
        if re.search(pattern, left):
            found.add(name)
            left = re.sub(pattern, " ¦ ", left)
    return frozenset(found)


def stray_negations(answer: Answer) -> int:
    """How many negations the answer has that none of its quotes has: "elle ne finance pas" out of nowhere.

    A right answer may deny (yes or no questions, premises), so only their share over many answers says something.
    """
    quoted = flatten(" ".join(citation.quote for citation in answer.citations), hyphens=False)
    return sum(match not in quoted for match in _NEGATION.findall(flatten(answer.text, hyphens=False)))
