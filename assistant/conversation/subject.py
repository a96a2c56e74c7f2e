"""Whether a turn has a subject of its own: a regression over what the reader says of it beside the turn before, and
what the search says of it alone (`guichet eval fit turns`)."""

from pathlib import Path

import numpy as np

from assistant.answering.topics.decide import Alone
from assistant.learned import load_cutoff
from assistant.understanding.reader import Memory, Read
from index.encoder.base import Floats

WEIGHTS_FILE = Path(__file__).parent.parent / "data" / "turns.json"
FEATURES = (
    *("read as new", "answered alone", "lead of another fiche", "far ahead", "unknown here", "content"),
    *("content words", "asks a list", "selects fiches", "names no topic", "beside a fiche", "speaks of a fiche"),
)
_LISTS = frozenset(("financeurs", "operateurs", "porteurs", "dispositifs"))
_FARTHEST, _FAR, _MOST = 25.0, 8.0, 20.0
"""Bounds of a lead, and of rarities summed; the lead from which another fiche is far ahead."""


def turn_features(turn: Read, memory: Memory, alone: Alone) -> Floats:
    """(FEATURES,) of a turn that was read beside its memory."""
    chance = float(np.clip(turn.newness, 1e-4, 1 - 1e-4))
    query = turn.query
    return np.asarray(
        [
            np.log(chance / (1 - chance)),
            alone.answered,
            np.clip(alone.lead, -_FARTHEST, _FARTHEST),
            np.clip(alone.lead - _FAR, 0.0, _FARTHEST),
            min(alone.unknown, _MOST),
            min(alone.content, _MOST),
            min(alone.words, _MOST),
            bool(_LISTS & {*query.show}),
            bool(query.fiches or query.where),
            turn.bare,
            bool(memory.current),
            turn.shows_fiche,
        ],
        np.float32,
    )


def is_new(turn: Read, memory: Memory, alone: Alone) -> bool:
    """Whether it is answered as if nothing preceded it."""
    cutoff = load_cutoff(WEIGHTS_FILE, FEATURES)
    return bool(cutoff.linear.probabilities(turn_features(turn, memory, alone)[None])[0] >= cutoff.level)
