"""A model's growing text through the gate: what passed, as Markdown, and the sentence that is still being written.

A list is gated item by item; the line that opens it is shown with its first item that passes, and never alone.
"""

from collections.abc import Sequence

from assistant.generation.gate.gate import Gate, PassedSentence
from assistant.generation.gate.sentences import is_item, is_lead, split_growing_text
from assistant.generation.passages import Passage


class GatedText:
    """One answer being written. `passed`: its sentences in order, leads of lists included (these cite nothing)."""

    def __init__(self, gate: Gate, passages: Sequence[Passage]) -> None:
        self._gate, self._passages = gate, passages
        self._lead, self._shown = "", False
        self.passed: list[PassedSentence] = []
        self.dropped = 0
        self.pending = ""

    @property
    def text(self) -> str:
        return join(self.passed)

    def feed(self, piece: str) -> None:
        """More of the model's text; each sentence that it completes is gated."""
        sentences, self.pending = split_growing_text(self.pending + piece)
        for sentence in sentences:
            self._take(sentence)

    def end(self) -> None:
        """The text has ended: what was pending is a sentence too."""
        last, self.pending = self.pending.strip(), ""
        if last:
            self._take(last)

    def _take(self, sentence: str) -> None:
        if is_lead(sentence):
            self._lead, self._shown = sentence, False
            return
        if not is_item(sentence):
            self._lead = ""
        passed = self._gate.pass_sentence(sentence, self._passages, lead=self._lead)
        if passed is None:
            self.dropped += 1
            return
        if any(passed.text == sentence.text for sentence in self.passed):
            return
        if self._lead and not self._shown:
            self._shown = True
            self.passed.append(PassedSentence(self._lead.strip(), (), False))
        self.passed.append(passed)


def join(passed: Sequence[PassedSentence]) -> str:
    """Markdown: sentences follow one another in a paragraph, items stand each on a line, under their lead.

    "Il agit.", "Ils sont :", "- A", "- B", "Fin." -> "Il agit.\\n\\nIls sont :\\n\\n- A\\n- B\\n\\nFin."
    """
    text, last = "", ""
    for each in passed:
        kind = "item" if is_item(each.text) else "lead" if is_lead(each.text) else "sentence"
        between = "" if not text else " " if last == kind == "sentence" else "\n" if last == kind == "item" else "\n\n"
        text, last = f"{text}{between}{each.text}", kind
    return text
