"""A query that has a topic -> the request of the search, asked of the fiches that its conditions leave."""

from assistant.answering.queries.execute import Executor
from assistant.understanding.query import Query, Show
from assistant.understanding.request import Aspect, Request

_ASPECTS: dict[Show, Aspect] = {
    "financeurs": "financeurs",
    "operateurs": "operateurs",
    "porteurs": "dispositifs",
    "dispositifs": "dispositifs",
    "descriptif": "descriptif",
    "enjeux": "enjeu",
    "piliers": "pilier",
}


def topic_request(query: Query, executor: Executor) -> Request:
    """Fiches that do not fit the query's conditions may not answer."""
    fitting = executor.select(query)[1] if query.where or query.fiches else tuple(executor.table.entries)
    return Request(
        "topic",
        topic=query.topic,
        aspects=tuple(dict.fromkeys(_ASPECTS[show] for show in query.show if show in _ASPECTS)),
        mode="several" if "fiches" in query.show else "list",
        without=tuple(number for number in executor.table.entries if number not in fitting),
    )
