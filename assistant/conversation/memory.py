"""What a turn may lean on: the last query, the fiches that answered it, the list it showed."""

from assistant.answer import Answer
from assistant.understanding.query import Mentions, Query
from assistant.understanding.reader import Memory

_EARLIER = 6
"""Queries of other topics that a conversation may come back to."""


def on_current(last: Query, memory: Memory) -> Query:
    """The last query on the fiches that answered it, when it sought a topic or a name."""
    sought = last.topic or any(isinstance(each, Mentions) for each in last.where)
    if sought and memory.current:
        return Query(fiches=memory.current, show=last.show, fold=last.fold)
    return last


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
        (*before.earlier, on_current(before.last, before))
        if before.last and (new or before.last.fiches != query.fiches)
        else before.earlier
    )
    return Memory(query, current or before.current, listed, earlier[-_EARLIER:])
