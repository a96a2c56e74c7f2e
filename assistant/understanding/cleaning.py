"""The first step: what is read of a question. Its beginning, on one line, without who asks, in written French."""

from collections.abc import Sequence

from assistant.answer import MAX_QUESTION
from assistant.steps import Question
from assistant.text.spelling import load_speller
from assistant.understanding.question_words import load_question_words
from assistant.understanding.self_introduction import ask_only
from corpus.registry import Registry
from index.entries import Entries

_TURNS, _STEP = 12, 6
"""At least 12 earlier turns are read. Older ones are dropped 6 at a time, so that the turns before the last one are
seldom read anew (a conversation caches what it made of histories that begin alike)."""


class Cleaner:
    def __init__(self, registry: Registry, entries: Entries) -> None:
        self._registry = registry
        self._speller = load_speller(*spelling_texts(registry, entries))

    def clean(self, question: Question) -> Question:
        turns = recent_turns(question.history)
        return Question(self.clean_text(question.typed), tuple(self.clean_text(turn) for turn in turns))

    def clean_text(self, typed: str) -> str:
        return self._speller.correct(ask_only(one_line(typed), self._registry))


def one_line(text: str) -> str:
    """At most `MAX_QUESTION` characters, without control characters; line breaks become spaces."""
    printable = "".join(character if character.isprintable() else " " for character in text[:MAX_QUESTION])
    return " ".join(printable.split())


def recent_turns(history: Sequence[str]) -> Sequence[str]:
    """The last 12 to 17 turns of a long history; they begin with the same turn 6 times in a row."""
    return history[max(0, len(history) - _TURNS) // _STEP * _STEP :]


def spelling_texts(registry: Registry, entries: Entries) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What spelling is corrected towards: the document's texts, names, question words; residents' phrases."""
    names = [name for actor in registry.actors for name in (actor.name, *actor.spellings, *actor.usage)]
    names += [variant for named in registry.named for variant in named.variants]
    kinds = entries.kinds()
    phrases = kinds.pop("phrases")
    texts = [entry.text for kind in kinds.values() for entry in kind]
    return (*texts, *names, *load_question_words().expressions), tuple(entry.text for entry in phrases)
