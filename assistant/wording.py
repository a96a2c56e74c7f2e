"""The messages sent to a chat model: our rules (data/prompt.md), the passages with their marks, the question."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant.material import Material

_PROMPT = Path(__file__).parent / "data" / "prompt.md"


def write_prompt(material: Material, *, room: int, count: Callable[[str], int]) -> tuple[list[BaseMessage], Material]:
    """Messages of at most `room` tokens, and the material that is left in them: the last passages go first."""
    rules = _PROMPT.read_text(encoding="utf-8")
    kept = material.given
    while True:
        text = _asked(replace(material, given=kept))
        if not kept or count(rules) + count(text) <= room:
            return [SystemMessage(rules), HumanMessage(text)], replace(material, given=kept)
        kept = kept[:-1]


def _asked(material: Material) -> str:
    passages = "\n\n".join(
        f"[{each.mark}] (fiche {each.fiche}, {each.section})\n{each.text}" for each in material.given
    )
    return f"Passages :\n\n{passages}\n\nQuestion : {material.question}"
