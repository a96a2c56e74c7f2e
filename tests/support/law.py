"""The law of reading: no span that was recognised is dropped in silence; it is in a query, in a topic, or told."""

from collections.abc import Sequence

from assistant.understanding.query import Among, Has, Mentions, Place, Query, Scope, Without
from assistant.understanding.reader import Read
from assistant.understanding.spans import Marked, Span

TYPED = ("fiche", "enjeu", "pilier", "actor", "named", "place")


def dropped(marked: Marked, reads: Sequence[Read]) -> list[Span]:
    """The typed spans of a message that no query, no topic and no remark accounts for."""
    told = " ".join(words for read in reads for words in read.left_out)
    topics = " ".join(read.query.topic for read in reads)
    held = {value for read in reads for value in _values(read.query)}
    lost = []
    for span in marked.spans:
        text = marked.text_of(span.start, span.end)
        shares = any(
            span.start < other.end and other.start < span.end and {*other.values} & held for other in marked.spans
        )
        if span.kind in TYPED and not {*span.values} & held and text not in topics and text not in told and not shares:
            lost.append(span)
    return lost


def _values(query: Query) -> set[str]:
    found = {*query.fiches}
    for each in query.where:
        if isinstance(each, Has | Among):
            found |= {*each.actors}
        elif isinstance(each, Scope):
            found |= {*map(str, (*each.enjeux, *each.piliers))}
        elif isinstance(each, Place):
            found |= {*each.of}
        elif isinstance(each, Mentions):
            found |= {*each.names}
        elif isinstance(each, Without):
            found |= {*each.fiches}
    return found
