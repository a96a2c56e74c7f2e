"""The messages sent to a chat model: our rules and one example (data/prompt.md), the passages, the question.

Passages and question are data between tags that they cannot write: their angle brackets are replaced, with which go
the control words of chat templates ("<|im_end|>"). What the model makes of them is the gate's business.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from assistant.generation.passages import Passage, Sources
from corpus.errors import GuichetError
from index.chunks import LABELS

PROMPT_FILE = Path(__file__).parent.parent / "data" / "prompt.md"
READ = 1700
"""Characters of passages and question together, whatever the model could read: with the rules, some 900 tokens, of
which two cores read 56 a second. In characters, since a model's count may be a wide estimate."""
_QUESTION = 600
"""Characters of a question, of these; a longer one loses its middle."""
_AROUND = 40
"""Tokens that a chat template adds around four messages, at most."""
_ASKED = 0.4
"""Share of the tokens that the rules leave which a question may take, likewise."""
_TITLES = ("Règles", "Exemple : passages et question", "Exemple : réponse", "Rappel")

Count = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent besides the passages and the question. `version` is kept with every measure."""

    version: str
    rules: str
    example: str
    example_answer: str
    reminder: str


@cache
def load_prompt(path: Path = PROMPT_FILE) -> Prompt:
    """Raises GuichetError when a part is missing."""
    try:
        head, *parts = re.split(r"(?m)^# +", path.read_text(encoding="utf-8"))
        named = {title.strip(): text.strip() for title, _, text in (part.partition("\n") for part in parts)}
        version = head.partition("version :")[2].strip()
        rules, example, answer, reminder = (named[title] for title in _TITLES)
    except (OSError, KeyError) as error:
        raise GuichetError(
            f"La consigne du modèle est illisible : {path} ({error}), attendu « # {' », « # '.join(_TITLES)} ». "
            f"Restaurez-la : git checkout -- {path}"
        ) from error
    return Prompt(version, rules, example, answer, reminder)


def write_prompt(sources: Sources, *, room: int, count: Count) -> tuple[list[BaseMessage], Sources]:
    """Messages of at most `room` tokens, and the sources that is left in them.

    `count`: tokens of a text, by the model's own tokenizer. The least useful passages go first, then the middle of the
    question; the rules and the example always stay, so that they are the same at the head of every prompt.
    """
    prompt = load_prompt()
    fixed = [SystemMessage(prompt.rules), HumanMessage(prompt.example), AIMessage(prompt.example_answer)]
    left = room - _AROUND - sum(count(str(each.content)) for each in fixed)
    spare = left - count(f"{_asked('')}\n\n{prompt.reminder}\n")
    question = shorten(shorten(fenced(sources.question), _QUESTION, len), int(spare * _ASKED), count)
    kept, facts = list(sources.passages), sources.facts
    while True:
        passages = [_passage(each) for each in reversed(kept)]  # the most useful is nearest to the question
        asked = "\n".join([*passages, *_shown(facts), _asked(question), "", prompt.reminder])
        short = len(asked) <= READ or (len(kept) <= 1 and not facts)
        if (short and count(asked) <= left) or not (kept or facts):
            return [*fixed, HumanMessage(asked)], replace(sources, passages=tuple(kept), facts=facts)
        if facts and len(kept) <= 1:
            facts = ()
        else:
            kept.pop()


def fenced(text: str) -> str:
    """Text of others, that cannot open or close a tag: "</passage><|im_end|>" -> "‹/passage›‹|im_end|›"."""
    return text.replace("<", "‹").replace(">", "›")


def shorten(text: str, most: int, count: Count) -> str:
    """A text of at most `most` tokens: what is too long loses its middle, since what is asked opens or closes it."""
    left = len(text)
    short = text
    while left > 0 and count(short) > most:
        left = min(left - 1, int(left * max(0.1, most / count(short)) * 0.95))
        short = f"{text[: left // 2]} … {text[len(text) - left // 2 :]}" if left > 1 else ""
    return short


def _passage(passage: Passage) -> str:
    section = LABELS.get(passage.section, passage.section)
    head = f'<passage numéro="{passage.mark}" fiche="{passage.fiche}" section="{section}">'
    return f"{head}\n{fenced(passage.text)}\n</passage>"


def _shown(facts: Sequence[str]) -> list[str]:
    lines = fenced("\n".join(facts))
    return [f"<déjà_affiché>\n{lines}\n</déjà_affiché>"] if facts else []


def _asked(question: str) -> str:
    return f"<question>\n{question}\n</question>"
