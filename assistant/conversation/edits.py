"""A follow-up is an edit of the last query: what of it is kept, what the turn replaces, adds or asks instead.

new      nothing is kept              replace  what was asked is kept, a part of what selects is another
again    the same once more           add      all is kept, and one condition more
back     an earlier query             project  what selects is kept, something else is asked
nth      one of the list shown        compare  the fiches of before with those of the turn
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.conversation.actors import ask_elsewhere, ask_of_actors
from assistant.conversation.memory import on_current
from assistant.understanding.query import (
    Among,
    Compare,
    Condition,
    Exists,
    Has,
    Listed,
    Mentions,
    Place,
    Query,
    Scope,
    Show,
    Size,
    Top,
    Without,
    settled,
)
from assistant.understanding.reader import Memory, Read
from assistant.understanding.spans import load_lexicon
from corpus.document import Document
from corpus.registry import Registry

_LISTS = frozenset(("financeurs", "operateurs", "porteurs", "dispositifs"))
_OF_THE_PLAN = frozenset(("fiches", "enjeux", "piliers", "sens", "introduction"))


@dataclass(frozen=True, slots=True)
class Editor:
    """`nearest`: words and fiches -> those of the fiches that the words speak of, the best first."""

    document: Document
    registry: Registry
    nearest: Callable[[str, Sequence[str]], tuple[str, ...]]

    def apply(self, read: Read, memory: Memory, *, held: bool = False) -> Query:
        """The self-standing query that a turn means; its own query where the edit finds nothing to lean on. `held`:
        whether the fiches spoken of hold all its words, and no other fiche is ahead of them."""
        if held and read.edit == "replace" and read.query.topic and not read.query.fiches and not read.query.where:
            return Query(fiches=memory.current, topic=read.text, show=read.query.show)
        query = settled(_applied(read, memory, self))
        empty = not (query.fiches or query.where or query.topic) and {*query.show} <= {"fiches"}
        if read.edit != "new" and empty and isinstance(query.fold, Listed):
            return Query(topic=read.text)  # nothing to lean on: its words are what is left
        return query


def _applied(read: Read, memory: Memory, editor: Editor) -> Query:
    last, document = memory.last, editor.document
    edit = _edit_of(read, memory)
    if last is not None and read.elsewhere and memory.current and not read.query.fiches:
        return ask_elsewhere(read, last, memory)
    if last is None or edit not in _EDITS:
        return read.query
    if read.edit in ("nth", "add", "back") and (found := _described(read.edit, read, last, memory, editor)) is not None:
        return found
    if edit in ("project", "replace", "add") and (again := ask_of_actors(read, last, editor.registry)) is not None:
        return again
    if read.part and (fiches := document.fiches_of(memory.current or last.fiches)):
        scope = (
            Scope(enjeux=tuple({fiche.enjeu for fiche in fiches}))
            if read.part == "enjeu"
            else Scope(piliers=tuple({fiche.pilier for fiche in fiches}))
        )
        own = read.query.model_copy(update={"where": (*read.query.where, scope), "topic": ""})
        return _replace(replace(read, query=own), last, memory, document)
    return _EDITS[edit](read, last, memory, document)


def _edit_of(read: Read, memory: Memory) -> str:
    """The edit that was read, unless the turn says that it is another: what it names must be used."""
    own, listed = read.query, len(memory.listed) > 1
    if is_one_sided(read):
        return "compare"
    leans = read.edit in ("add", "replace", "project", "back", "nth")
    if read.ordinal is not None and leans and not own.fiches:
        return "nth" if listed else "back" if memory.earlier else read.edit
    if read.edit == "nth" and not any(isinstance(each, Place) for each in own.where):
        return "add" if own.where else "project"
    selects = own.fiches or own.where or own.topic
    if read.edit == "new" and not selects and isinstance(own.fold, Compare):
        return "compare"
    if read.edit == "new" and not selects and isinstance(own.fold, Listed) and not {*own.show} & _OF_THE_PLAN:
        return "project"  # "résume cette fiche" names none
    return read.edit


def is_one_sided(read: Read) -> bool:
    """Whether one fiche is compared: with the one spoken of, since alone it compares with nothing."""
    query = read.query
    return read.compares and isinstance(query.fold, Compare) and len(query.fiches) == 1 and len(query.show) == 1


def _described(edit: str, read: Read, last: Query, memory: Memory, editor: Editor) -> Query | None:
    """What a turn picks by its words: "celle sur le logement" of a list, "seulement celles sur la santé", "pour revenir
    au médecin"; None where no words say which."""
    own = read.query
    if read.bare or read.ordinal is not None or own.fiches or own.where:
        return None
    if edit == "back":
        earlier = {number: query for query in memory.earlier for number in query.fiches}
        if not earlier:
            return None
        return _back(read, last, replace(memory, earlier=(earlier[editor.nearest(read.text, [*earlier])[0]],)))
    if len(memory.listed) < 2 or last.topic:
        return None
    found = editor.nearest(read.text, memory.listed)
    if edit == "add":
        return Query(fiches=found, show=("titre",) if last.show == ("fiches",) else last.show, fold=own.fold)
    show = own.show if own.show not in ((), ("fiches",)) else _asked(last) or ("descriptif",)
    return Query(fiches=found[:1], show=show, topic=_detail(own), fold=own.fold)


def _again(_: Read, last: Query, memory: Memory, _document: Document) -> Query:
    return on_current(last, memory) if last.topic else last


def _back(read: Read, last: Query, memory: Memory, _document: Document | None = None) -> Query:
    own = read.query
    if not memory.earlier:
        return last
    found = memory.earlier[0] if read.ordinal == 1 else memory.earlier[-1]
    asked = own.show if own.show not in ((), ("fiches",)) else found.show
    return found.model_copy(update={"show": asked})


def _nth(read: Read, last: Query, memory: Memory, _document: Document) -> Query:
    listed, own = memory.listed, read.query
    place = next((each for each in own.where if isinstance(each, Place)), None)
    number = read.ordinal if read.ordinal is not None else place.number if place else 1
    if place is not None and place.step == "last":
        number = -1
    if not listed or abs(number) > len(listed):
        return own
    fiche = listed[number - 1] if number > 0 else listed[number]
    kept = last.show if last.fiches else _asked(last)
    where = tuple(each for each in own.where if not isinstance(each, Place))
    checked = any(isinstance(each, (Has, Size)) for each in where)
    show: tuple[Show, ...] = own.show if checked or own.show not in ((), ("fiches",)) else kept or ("descriptif",)
    return Query(fiches=(fiche,), show=show, topic=_detail(own), where=where, fold=own.fold)


def _detail(own: Query) -> str:
    """The words of a detail that is asked; "" where a list is, which needs no words."""
    return "" if {*own.show} & _LISTS else own.topic


def _asked(last: Query) -> tuple[Show, ...]:
    return tuple(each for each in last.show if each in _LISTS)


def _project(read: Read, last: Query, memory: Memory, document: Document) -> Query:
    own, base = read.query, on_current(last, memory)
    if isinstance(last.fold, Top) and last.show == ("fiches",) and memory.current and {*own.show} - {"fiches"}:
        base = Query(fiches=memory.current)  # the fiche with the most opérateurs: "ses financeurs ?"
        own = own.model_copy(update={"fold": Listed()}) if own.fold == last.fold else own
    if own.fiches or any(isinstance(each, (Scope, Place)) for each in own.where):
        return _replace(read, last, memory, document)
    kept = (
        each for each in base.where if not _superseded(each, own) and not (base.fiches and _checks(each, base, own))
    )
    where = (*kept, *own.where)
    counted = (
        len(base.fiches) == 1
        and own.show in (("fiches",), ("enjeux",), ("piliers",))
        and not isinstance(own.fold, (Listed, Exists))
    )
    if counted and not own.where:
        # "Combien de fiches en tout ?" is not asked of one fiche, but it is of the actor that was asked about.
        return own.model_copy(
            update={"topic": "", "where": tuple(each for each in last.where if isinstance(each, Has))}
        )
    if any(isinstance(each, Mentions) for each in own.where) and not own.topic:
        return own  # a thing that it names is what it is about
    topic = _detail(own) if own.topic and base.fiches else base.topic
    folds = len(base.fiches) > 1 and not isinstance(own.fold, (Listed, Exists))
    if base.fiches and not own.where and not folds and own.show in ((), ("fiches",)):
        topic = read.text  # a detail, asked of the fiche that was spoken of
    return Query(fiches=base.fiches, where=where, topic=topic, show=own.show, fold=own.fold, claimed=own.claimed)


def _replace(read: Read, last: Query, memory: Memory, document: Document) -> Query:
    own = read.query
    if own.topic and not own.fiches and not any(map(str.isalnum, _topic(own.topic))):
        return _again(read, last, memory, document)
    if own.topic and not own.fiches and read.bare and memory.current:
        return Query(fiches=memory.current, topic=read.text)  # a detail, with no word of another topic
    if own.topic and not own.fiches:
        show = own.show or last.show
        return Query(topic=_topic(own.topic), show=show, fold=own.fold if not last.topic else last.fold)
    place = any(isinstance(each, Place) for each in own.where)
    selects = bool(own.fiches) or place or any(isinstance(each, Scope) for each in own.where)
    kept = tuple(each for each in last.where if not _superseded(each, own) and not (selects and _selects(each)))
    where = list(own.where)
    fiches = own.fiches
    if place and not fiches and (beside := _beside(own, memory.current or last.fiches, document)):
        fiches, where = beside, [each for each in where if not isinstance(each, Place)]
    fiches = fiches if selects else on_current(last, memory).fiches
    return Query(
        fiches=fiches,
        where=(*kept, *where),
        topic="" if selects else last.topic if not fiches else "",
        show=own.show,
        fold=own.fold,
    )


def _beside(own: Query, current: tuple[str, ...], document: Document) -> tuple[str, ...]:
    """The fiche after or before the one that was spoken of: "et celle d'après ?"."""
    step = next((each.step for each in own.where if isinstance(each, Place)), "")
    numbers = [fiche.number for fiche in document.fiches]
    if step not in ("next", "previous") or not current or current[0] not in numbers:
        return ()
    at = numbers.index(current[0]) + (1 if step == "next" else -1)
    return (numbers[at],) if 0 <= at < len(numbers) else ()


def _add(read: Read, last: Query, _: Memory, _document: Document) -> Query:
    own, base = read.query, last
    again = {each.kind for each in own.where} - {"has", "among"}
    where = (*(each for each in base.where if each.kind not in again), *own.where)
    topic = base.topic
    if own.topic and not own.where:
        topic = f"{base.topic} {own.topic}".strip() if base.topic else own.topic
    return base.model_copy(
        update={"where": tuple(dict.fromkeys(where)), "topic": topic, "show": own.show or base.show, "fold": own.fold}
    )


def _compare(read: Read, last: Query, memory: Memory, _document: Document) -> Query:
    own = read.query
    fiches = tuple(dict.fromkeys((*(last.fiches or memory.current), *own.fiches)))
    if len(fiches) < 2:  # "les deux": the list shown, or the fiches spoken of before
        before = [number for query in (*memory.earlier, last) for number in query.fiches]
        fiches = memory.listed or tuple(dict.fromkeys(before))[-2:] or fiches
    fold = own.fold if not isinstance(own.fold, Listed) else Compare()
    show: tuple[Show, ...] = own.show if own.show not in ((), ("fiches",)) else _asked(last)
    return Query(fiches=fiches, where=own.where, show=show or ("fiches",), fold=fold)


def _superseded(condition: Condition, own: Query) -> bool:
    """Whether the turn says anew what a condition said: other actors for that role, another place, other fiches."""
    for each in own.where:
        if each.kind == condition.kind and not isinstance(each, (Has, Without)):
            return True
        if isinstance(each, Has) and isinstance(condition, (Has, Among)):
            return True
        if isinstance(each, Among) and isinstance(condition, Among):
            return True
    return False


def _checks(condition: Condition, last: Query, own: Query) -> bool:
    """Whether a condition on fiches that are named was what was asked of them, and not what selects them: it goes with
    that question. "Seulement ceux de la CAF" stays while the same list is spoken of."""
    return isinstance(condition, (Has, Size, Mentions)) or (isinstance(condition, Among) and own.show != last.show)


def _selects(condition: Condition) -> bool:
    return isinstance(condition, (Scope, Place, Without))


def _topic(text: str) -> str:
    """A topic without the words that only tie it to the turn before: "et le logement ?" -> "le logement ?"."""
    words = text.split()
    while len(words) > 1 and words[0].strip(",.:").lower() in load_lexicon().leading:
        words.pop(0)
    return " ".join(words)


_EDITS: dict[str, Callable[[Read, Query, Memory, Document], Query]] = {
    "again": _again,
    "back": _back,
    "nth": _nth,
    "project": _project,
    "replace": _replace,
    "add": _add,
    "compare": _compare,
}
