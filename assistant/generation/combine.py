"""What passed the gate and what the embedded answer holds beyond it -> the answer that is shown.

The model's sentences come before the quotes that they put in the question's words; lists, counts and everything else of
the embedded answer stay where they are, word for word. So nothing that the embedded engine would have said is lost, no
other fiche is cited, and an answer that is short stays so: what must be in an answer is in it whatever a model writes.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import GENERATED, Answer
from assistant.generation.gate.gate import PassedSentence
from assistant.generation.gate.live import join
from assistant.generation.gate.roles import finances, operates
from assistant.generation.gate.sentences import is_item, is_lead
from assistant.generation.passages import Sources, shown_quote
from assistant.text.french import capitalised, typeset
from corpus.text import words

LENGTHS = (900, 1500, 2600)
"""Characters of a short, a middling and a long answer: what a model adds never makes a longer kind of it."""
_MOST = 2
"""Sentences of a model in an answer: the answer itself; what there is to know beyond it is quoted."""
_ALIKE = 0.75
"""Share of a quote's words from which a sentence made of these words alone only repeats it."""
_SHORTEST = 6
"""Words below which a sentence is a heading: "Dispositifs de l’Etat [1]."."""
_YES = re.compile(r"^(?:\*\*)?(?:oui|non|si|effectivement|en effet)\b(?:\*\*)?\s*[,.:;!]?\s*", re.IGNORECASE)
"""How a sentence may open: a claim that no passage bears out, since passages do not know the question."""
_CALL = re.compile(r"\s*\[[^\]]*\]")
_LEAD = re.compile(r"^.*?(«.*»\s\[fiche [\d-]+\])\s?:$")


def combine(passed: Sequence[PassedSentence], embedded: Answer, *, sources: Sources) -> Answer | None:
    """The generated answer; None when nothing of what passed adds to the embedded one. `passed`: in order."""
    useful = _useful(passed, embedded, shown=bool(sources.facts))
    most = next((length for length in LENGTHS if len(embedded.text) <= length), len(embedded.text))
    for count in range(min(len(useful), _MOST), 0, -1):
        sentences = useful[:count]
        text = _written(sentences, embedded)
        if len(text) <= most:
            citations = tuple(citation for each in sentences for citation in each.citations)
            together = tuple(dict.fromkeys((*citations, *embedded.citations)))
            return replace(embedded, text=text, citations=together, engine=GENERATED)
    return None


def _written(sentences: Sequence[PassedSentence], embedded: Answer) -> str:
    blocks = embedded.text.split("\n\n")
    quotes = tuple(shown_quote(citation) for citation in embedded.quoted)
    first = next((rank for rank, block in enumerate(blocks) if any(quote in block for quote in quotes)), 0)
    place = first - 1 if first and blocks[first - 1].endswith(":") else first
    kept = [_without(block, [each.text for each in sentences], quotes) for block in blocks]
    return "\n\n".join((*kept[:place], typeset(join(sentences)), *kept[place:]))


def _useful(passed: Sequence[PassedSentence], embedded: Answer, *, shown: bool) -> list[PassedSentence]:
    """The sentences that say something which no line of the answer, and no sentence before, says as fully; no lists:
    those that are asked for are exact.

    `shown`: partners are listed, whole; a sentence on who pays or acts could only name some of them.
    """
    lines = embedded.text.split("\n")
    useful: list[PassedSentence] = []
    for each in passed:
        sentence = replace(each, text=capitalised(_YES.sub("", each.text.strip())))
        own = _words(sentence.text)
        if is_lead(each.text) or is_item(each.text):
            continue
        if len(own) < _SHORTEST or not {citation.fiche for citation in each.citations} <= set(embedded.fiches):
            continue
        if shown and (finances(sentence.text) or operates(sentence.text)):
            continue
        if any(_repeats(own, _words(line)) and not _covered(line, [sentence.text]) for line in lines):
            continue
        if any(_within(own, _words(other.text)) for other in useful):
            continue
        useful.append(sentence)
    return useful


def _without(block: str, sentences: Sequence[str], quotes: tuple[str, ...]) -> str:
    """A block without its quotes that the sentences hold; its opening line still names the fiche."""
    lines = block.split("\n")
    kept = [line for line in lines if not (line.endswith(quotes) and _covered(line, sentences))]
    if len(kept) == len(lines) or any(line.startswith("- ") for line in kept):
        return "\n".join(kept)
    return "\n".join(_LEAD.sub(r"À lire dans la fiche \1.", line) for line in kept)


def _repeats(own: Sequence[str], line: Sequence[str]) -> bool:
    return len(own) >= _ALIKE * len(line) and _within(own, line)


def _covered(line: str, sentences: Sequence[str]) -> bool:
    """Whether all words of a quote stand in a sentence, in their order; what opens other lines is no such quote."""
    alone = line.startswith("- ") and not line.endswith(":")
    return alone and any(_within(_words(line), _words(sentence)) for sentence in sentences)


def _within(few: Sequence[str], many: Sequence[str]) -> bool:
    """Whether words stand in others in the same order, not always side by side."""
    rest = iter(many)
    return all(word in rest for word in few)


def _words(text: str) -> list[str]:
    return words(_CALL.sub(" ", text))
