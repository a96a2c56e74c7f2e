"""Plots as plain SVG: bars with intervals, a reliability diagram, a histogram.

Written by hand: the three plots are a hundred lines, and a plotting library would bring 50 MB and colours of its own.

Colours come from the page's CSS (`--ink`, `--quiet`, `--accent`, `--other`, `--grid`), so that light and dark both
read well. Every plot has a title and a description for screen readers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from assistant.text.french import typeset
from evals.scoring.calibration import ReliabilityBin

_WIDTH, _LABELS, _VALUES = 760, 250, 150
_ROW, _TOP, _BOTTOM = 26, 8, 30
_SQUARE, _MARGIN = 360, 72


@dataclass(frozen=True, slots=True)
class Bar:
    """A share between 0 and 1, its interval where `low` < `high`; `note` is written at the right.

    `ours` takes the accent colour. A bar without a value is a heading over those that follow.
    """

    label: str
    value: float | None = None
    low: float = 0.0
    high: float = 0.0
    note: str = ""
    ours: bool = True


def bars(title: str, rows: Sequence[Bar], *, reach: float = 1.0) -> str:
    """Horizontal bars on a scale from 0 to `reach`, one below the other, whiskers for the intervals.

    A value below 0, a side whose absence helps, has the shortest bar; its note says it.
    """
    left, right = _LABELS + 10, _WIDTH - _VALUES
    bottom = _TOP + _ROW * len(rows)
    parts = []
    for tenth in range(0, 11, 2):
        x = left + (right - left) * tenth / 10
        parts.append(_line(x, _TOP, x, bottom, "grid"))
        tick = f"{tenth * 10 * reach:g} %".replace(".", ",")
        parts.append(_text(x, bottom + 18, typeset(tick), "tick", "middle"))
    for i, row in enumerate(rows):
        y = _TOP + _ROW * i
        middle = y + _ROW / 2
        if row.value is None:
            parts.append(_text(0, middle + 5, row.label, "heading"))
            continue
        parts.append(_text(_LABELS, middle + 4, row.label, "label", "end"))
        kind = "ours" if row.ours else "other"
        parts.append(_box(left, y + 5, max(1.0, (right - left) * row.value / reach), _ROW - 10, kind))
        if row.low < row.high:
            low, high = (left + (right - left) * min(1.0, max(0.0, end / reach)) for end in (row.low, row.high))
            parts += [_line(low, middle, high, middle, "whisker")]
            parts += [_line(x, middle - 4, x, middle + 4, "whisker") for x in (low, high)]
        parts.append(_text(right + 12, middle + 4, row.note, "value"))
    described = " ; ".join(f"{row.label} : {row.note}" for row in rows if row.value is not None)
    return _svg(title, described, _WIDTH, bottom + _BOTTOM, parts)


def reliability_diagram(title: str, bins: Sequence[ReliabilityBin]) -> str:
    """Observed share against mean confidence: on the diagonal a confidence means what it says.

    The area of a point grows with its number of questions, which is written below it. No line joins them: one through
    a point of two questions would say too much.
    """
    side, origin = _SQUARE, _MARGIN

    def place(x: float, y: float) -> tuple[float, float]:
        return origin + x * side, 10 + (1 - y) * side

    parts = []
    for tenth in range(0, 11, 2):
        at = tenth / 10
        parts += [_line(*place(at, 0), *place(at, 1), "grid"), _line(*place(0, at), *place(1, at), "grid")]
        x, y = place(at, 0)
        parts.append(_text(x, y + 18, typeset(f"{tenth * 10} %"), "tick", "middle"))
        x, y = place(0, at)
        parts.append(_text(x - 6, y + 4, typeset(f"{tenth * 10} %"), "tick", "end"))
    parts.append(_line(*place(0, 0), *place(1, 1), "diagonal"))
    most = max((group.count for group in bins), default=1)
    for group in bins:
        x, y = place(group.confidence, group.observed)
        radius = 4 + 10 * (group.count / most) ** 0.5
        parts.append(f'<circle class="ours" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>')
        below = y - radius - 5 if group.observed < 0.1 else y + radius + 12
        parts.append(_text(x, below, str(group.count), "count", "middle"))
    x, y = place(0.5, 0)
    parts.append(_text(x, y + 38, "Confiance annoncée", "axis", "middle"))
    x, y = place(0, 0.5)
    parts.append(_text(14, y, "Part où le document répond", "axis", "middle", turn=True))
    described = " ; ".join(
        typeset(f"{group.confidence:.2f} annoncé, {group.observed:.2f} observé, {group.count} questions")
        for group in bins
    )
    return _svg(title, described, origin + side + 30, side + 60, parts)


def histogram(title: str, values: Sequence[float], *, unit: str, width: float, bins: int = 24) -> str:
    """Counts of values in bins of `width` units; the last one holds all that is beyond."""
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int(value / width))] += 1
    left, bottom, height, span = 46.0, 190.0, 180.0, (_WIDTH - 60) / bins
    most = max((*counts, 1))
    parts = [_line(left, bottom, left + span * bins, bottom, "grid")]
    for i, count in enumerate(counts):
        tall = height * count / most
        if count:
            parts.append(_box(left + span * i + 1, bottom - tall, span - 2, tall, "ours"))
        if i % 4 == 0:
            parts.append(_text(left + span * i, bottom + 18, typeset(f"{i * width:g} {unit}"), "tick", "middle"))
    parts.append(_text(left - 6, bottom - height + 6, str(most), "tick", "end"))
    parts.append(_text(left + span * bins, bottom + 18, "et plus", "tick", "end"))
    return _svg(title, f"{len(values)} réponses", _WIDTH, int(bottom) + _BOTTOM, parts)


def _svg(title: str, description: str, width: float, height: float, parts: Iterable[str]) -> str:
    return (
        f'<svg role="img" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title><desc>{escape(description)}</desc>'
        + "".join(parts)
        + "</svg>"
    )


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _box(x: float, y: float, width: float, height: float, kind: str) -> str:
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2"/>'


def _text(x: float, y: float, text: str, kind: str, anchor: str = "start", *, turn: bool = False) -> str:
    turned = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if turn else ""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{turned}>{escape(text)}</text>'
