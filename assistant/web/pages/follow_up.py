"""What the operator sees of the chat model: how often it wrote, and why it did not, since the server's start."""

from collections.abc import Mapping
from html import escape

from assistant.generation.failures import REASONS


def render_model(name: str, written: int, fallen: Mapping[str, int]) -> str:
    """`name`: as GUICHET_LLM has it; `fallen`: how often for each reason of `assistant.generation.failures`."""
    reasons = {reason: count for reason, count in fallen.items() if count}
    total = sum(reasons.values())
    said = (
        f"<p>Depuis le démarrage, le modèle <code>{escape(name)}</code> a écrit <strong>{written}</strong> "
        f"réponse{'s' if written > 1 else ''}\u202f; le moteur embarqué a répondu à sa place "
        f"<strong>{total}</strong>\u00a0fois.</p>"
    )
    return f"<h2>Modèle de langue</h2>{said}{_table(reasons) if reasons else ''}"


def _table(reasons: Mapping[str, int]) -> str:
    """The most frequent first."""
    rows = "".join(
        f'<tr><td>{count}</td><th scope="row">{escape(_told(reason))}</th></tr>'
        for reason, count in sorted(reasons.items(), key=lambda each: -each[1])
    )
    heads = '<th scope="col">Fois</th><th scope="col">Pourquoi, et ce qui répare</th>'
    return (
        f'<div class="wide"><table class="partners"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _told(reason: str) -> str:
    return REASONS[reason].operator if reason in REASONS else reason
