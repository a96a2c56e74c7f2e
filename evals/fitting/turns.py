"""Learn whether a turn has a subject of its own: `guichet eval fit turns` writes `assistant/data/turns.json`.

One logistic regression over `assistant.conversation.subject.FEATURES` of what the reader did not learn from: the turns
of "validation", and whole questions, each after a turn of another conversation. One turn in three counts as new.
Folds are cut by the text of the turn. The level is the lowest at which, out of fold, at most `LOST` of the follow-ups
would be answered as if nothing preceded them: half of these are answered alike either way.
"""

from typing import Any

import numpy as np

from assistant.answering.topics.decide import Decider
from assistant.assemble import open_guichet
from assistant.conversation.subject import FEATURES, turn_features
from assistant.settings.settings import read_settings
from assistant.understanding.reader import Memory
from evals.fitting.cutoff import Floats, cutoff_content, fit_cutoff, lowest_level
from evals.sets.queries import after_another, read_labelled, read_topical, read_turns

LOST = 0.06
_TOPICAL = 1000
"""Questions on a topic that the reader never saw, beside the whole questions of "validation"."""
_LEVELS = np.arange(0.05, 0.6, 0.01)
_NEW = 1 / 3
"""The share of new questions among turns at a desk, roughly: that of the labelled conversations."""


def fit_turns() -> dict[str, Any]:
    """The content of `turns.json`."""
    guichet = open_guichet(read_settings())
    decider = Decider(guichet.index, guichet.encoder, guichet.document, guichet.registry)
    turns = [each for each in read_turns() if each.split == "validation" and each.edit != "none"]
    whole = [each for each in read_labelled() if each.split == "validation" and each.edit == "new"]
    whole += list(read_topical(learned=False))[:_TOPICAL]
    follow_ups = [each for each in turns if each.edit != "new"]
    moved = [each for each in (after_another(each, follow_ups) for each in whole) if each.last]
    rows = []
    for example in (*turns, *moved):
        text, memory = guichet.clean_text(example.text), Memory(example.last, example.current, example.listed)
        turn = guichet.reader.read(text, memory)[0]
        rows.append(turn_features(turn, memory, decider.look_alone(turn.text, memory.current)))
    new = np.array([each.edit == "new" for each in (*turns, *moved)])
    shares = np.where(new, _NEW / new.sum(), (1 - _NEW) / (~new).sum()) * len(new)
    groups = np.unique([each.text for each in (*turns, *moved)], return_inverse=True)[1]
    features = np.stack(rows).astype(np.float64)

    def lowest(chances: Floats) -> float:
        return lowest_level(_LEVELS, lambda level: float((chances[~new] >= level).mean()), most=LOST)

    cutoff, chances, report = fit_cutoff(features, new, groups, choose_level=lowest, shares=shares, standardise=True)
    read_new = features[:, FEATURES.index("read as new")] > 0
    report |= {"turns": {"follow-ups": int((~new).sum()), "new": int(new.sum())}}
    for name, found in (("read as new by the reader", read_new), ("decided, out of fold", chances >= cutoff.level)):
        report[name] = {
            "new ones found": round(float(found[new].mean()), 4),
            "follow-ups kept": round(float(1 - found[~new].mean()), 4),
        }
    return cutoff_content("turns", "evals/sets/data/turns.jsonl, queries.jsonl", FEATURES, cutoff, report)
