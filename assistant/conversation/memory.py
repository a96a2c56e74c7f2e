"""What a turn may lean on: the last query, the fiches that answered it, the list it showed."""

from assistant.answer import Answer
from assistant.understanding.query import Query
from assistant.understanding.reader import Memory

_EARLIER = 6
"""Queries of other topics that a conversation may come back to."""


def remember(before: Memory, query: Query, answer: Answer, *, new: bool) -> Memory:
    """The memory after one more turn. A refusal or a thank-you does not end the topic."""
    if answer.status != "answered":
        return before if before.last or not query.fiches else Memory(query, query.fiches)
    fiches = tuple(each for each in answer.fiches if each[:1].isdigit())
    one = bool(query.topic or query.fiches)
    current = query.fiches or (fiches[:1] if one or len(fiches) == 1 else ())
    listed = (
        query.fiches if len(query.fiches) > 1 else fiches if len(fiches) > 1 and not query.fiches else before.listed
    )
    earlier = (
        (*before.earlier, before.last)
        if before.last and (new or before.last.fiches != query.fiches)
        else before.earlier
    )
    return Memory(query, current or before.current, listed, earlier[-_EARLIER:])
