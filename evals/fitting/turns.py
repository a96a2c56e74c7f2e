"""Learn whether a turn has a subject of its own: `guichet eval fit turns` writes `assistant/data/turns.json`.

One logistic regression over `assistant.conversation.subject.FEATURES` of what the reader did not learn from: the turns
of "validation", and its whole questions, each after a turn of another conversation. One turn in three counts as new.
Folds are cut by the text of the turn; a turn is new when that is likelier than not.
"""

from typing import Any

import numpy as np

from assistant.answering.topics.decide import Decider
from assistant.assemble import open_guichet
from assistant.conversation.subject import FEATURES, turn_features
from assistant.settings.settings import read_settings
from assistant.understanding.reader import Memory
from evals.fitting.cutoff import cutoff_content, fit_cutoff
from evals.sets.queries import after_another, read_labelled, read_turns

_LEVEL = 0.5
_NEW = 1 / 3
"""The share of new questions among turns at a desk, roughly: that of the labelled conversations."""


def fit_turns() -> dict[str, Any]:
    """The content of `turns.json`."""
    guichet = open_guichet(read_settings())
    decider = Decider(guichet.index, guichet.encoder, guichet.document, guichet.registry)
    turns = [each for each in read_turns() if each.split == "validation" and each.edit != "none"]
    whole = [each for each in read_labelled() if each.split == "validation" and each.edit == "new"]
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
    cutoff, chances, report = fit_cutoff(
        features, new, groups, choose_level=lambda _: _LEVEL, shares=shares, standardise=True
    )
    read_new = features[:, FEATURES.index("read as new")] > 0
    report |= {"turns": {"follow-ups": int((~new).sum()), "new": int(new.sum())}}
    for name, found in (("read as new by the reader", read_new), ("decided, out of fold", chances >= _LEVEL)):
        report[name] = {
            "new ones found": round(float(found[new].mean()), 4),
            "follow-ups kept": round(float(1 - found[~new].mean()), 4),
        }
    return cutoff_content("turns", "evals/sets/data/turns.jsonl, queries.jsonl", FEATURES, cutoff, report)
