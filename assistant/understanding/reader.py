"""A question -> the queries that it asks, with the words that they leave out: spans, learned heads, composition.

    spans.mark       what is recognised in it
    model.scores     what is asked, what each span is for, where a second question begins (learned)
    compose.compose  the query, and the spans that it does not use

A turn is read beside the query of the turn before (`Memory`): the heads then say how it changes that query.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from assistant.understanding.compose import NONE, Parts, compose
from assistant.understanding.model import SAME, ReaderModel, Scores, memory_features
from assistant.understanding.query import Has, Query, Top
from assistant.understanding.question_words import load_question_words
from assistant.understanding.spans import Marked, mark
from corpus.document import ROLES, Document, Role
from corpus.registry import Registry

_LIKELY, _ALSO = 0.5, 0.5
"""Probability from which a thing is so, and from which a label is taken beside a likelier one."""
_CLOSE = 0.3
"""Probability from which a second reading is offered beside the first."""
_COMPARING = frozenset(("common", "difference", "most", "least", "both"))
_LISTS = frozenset(("financeurs", "operateurs", "porteurs", "dispositifs"))
_ALONE: Mapping[str, frozenset[str]] = {"actor": frozenset(("has:any:+",)), "named": frozenset(("mentions",))}
"""What a name is for where a message holds nothing else and asks for no list."""
_TOLD: tuple[str, ...] = ("fiche", "enjeu", "pilier", "actor", "named", "place")
"""Kinds of spans that are told when no query uses them; a number or a domain that is not used says nothing."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a turn may lean on. `last`: the last query; `current`: the fiches that its answer came from; `listed`: those
    of the list it showed; `earlier`: the queries of other topics before, oldest first."""

    last: Query | None = None
    current: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    earlier: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """One question of a message. `edit`: how it changes the last query, "new" when it stands alone; `newness`: the
    probability that it does; `ordinal`: which one of the list it means, -1 for the last; `part`: "enjeu" or
    "pilier" when it speaks of that of the fiche of before; `role`, `denies`: the one role that it says of an actor
    that it does not name, and whether it says that it is not so; `compares`: it has a word for that; `bare`: it
    names no topic of its own; `shows_fiche`: it speaks of a fiche that it does
    not number; `elsewhere`: it asks of other fiches than those spoken of; `left_out`: words
    recognised that the query does not use; `second`: a close second reading."""

    text: str
    query: Query
    edit: str = "new"
    newness: float = 1.0
    ordinal: int | None = None
    part: str = ""
    role: Role | None = None
    denies: bool = False
    compares: bool = False
    bare: bool = False
    elsewhere: bool = False
    shows_fiche: bool = False
    left_out: tuple[str, ...] = ()
    second: Query | None = None


class QuestionReader:
    """Reads questions; safe for several threads."""

    def __init__(self, document: Document, registry: Registry, model: ReaderModel) -> None:
        self._document, self._registry, self.model = document, registry, model

    def read(self, question: str, memory: Memory = Memory(), *, leans: bool = False) -> tuple[Read, ...]:
        """The questions of a message, each read beside the one before it; the first one beside `memory`, and as a
        follow-up whatever it looks like where it `leans` on it."""
        return self._read(self._mark(question), memory, leans=leans, most=4)

    def _read(self, marked: Marked, memory: Memory, *, leans: bool = False, most: int) -> tuple[Read, ...]:
        scores = self._scores(marked, memory)
        cut = self._cut(marked, scores) if most > 1 else None
        if cut is None:
            return (self._one(marked, scores, memory, leans=leans),)
        before = self._mark(marked.text_of(0, cut).strip())
        first = self._one(before, self._scores(before, memory), memory, leans=leans)
        rest = self._mark(marked.text_of(cut, len(marked.tokens)).strip())
        later = self._read(rest, Memory(first.query, first.query.fiches), most=most - 1)
        lists = _LISTS & {*first.query.show} and _LISTS & {*later[0].query.show}  # "qui finance ..., qui finance ..."
        topics = first.query.topic and len(later) == 1 and later[0].query.topic and not first.query.fiches
        if topics and not lists:
            return (self._one(marked, scores, memory, leans=leans),)  # the search says whether they are two
        idle = later[0].edit == "new" and later[0].query.topic == later[0].text and not later[0].query.show
        if _leaves_open(first) or (idle and not _has_topic(rest, [frozenset((NONE,))] * len(rest.spans))):
            return (self._one(marked, scores, memory, leans=leans),)  # one of the two asks nothing by itself
        return first, *later

    def _mark(self, text: str) -> Marked:
        return mark(text, self._document, self._registry)

    def _scores(self, marked: Marked, memory: Memory) -> Scores:
        return self.model.scores(marked, memory_features(memory.last, memory.current, memory.listed))

    def _cut(self, marked: Marked, scores: Scores) -> int | None:
        """The token where a second question begins, never inside a span; None for one question."""
        if scores.whole["several"].get("yes", 0.0) < _LIKELY:
            return None
        inside = {i for span in marked.spans for i in range(span.start + 1, span.end)}
        best = max((i for i in range(1, len(scores.cuts)) if i not in inside), key=lambda i: scores.cuts[i], default=0)
        return best if best and scores.cuts[best] > _CLOSE else None

    def _one(self, marked: Marked, scores: Scores, memory: Memory, *, leans: bool = False) -> Read:
        edits = {name: value for name, value in scores.whole["edit"].items() if not (leans and name == "new")}
        edit = _best(edits) if memory.last else "new"
        last = memory.last if edit != "new" else None
        parts = _parts(marked, scores, last)
        query, unused = compose(marked, parts)
        if last is not None and isinstance(last.fold, Top) and query.fold == last.fold.model_copy(update={"number": 1}):
            query = query.model_copy(update={"fold": last.fold})  # "les trois premiers", then "et en santé ?"
        told = tuple(dict.fromkeys(marked.text_of(span.start, span.end) for span in unused if span.kind in _TOLD))
        second = None
        if last is None and (other := _second(scores, parts)) is not None:
            second = compose(marked, other)[0]
        ordinal = next((int(s.values[0]) for s in marked.spans if s.kind == "ordinal"), None)
        part = _part(marked, query) if last is not None else ""
        bare = not _has_topic(marked, parts.spans)
        said = marked.said
        return Read(
            text=marked.question,
            query=query,
            edit=edit,
            newness=scores.whole["edit"].get("new", 0.0) if memory.last else 1.0,
            ordinal=ordinal,
            part=part,
            role=_role(said),
            denies="not" in said,
            compares=bool(said & _COMPARING),
            bare=bare,
            elsewhere="elsewhere" in said,
            shows_fiche="fiche" in said and not query.fiches and "which" not in said,
            left_out=told,
            second=second if second != query else None,
        )


def _part(marked: Marked, query: Query) -> str:
    """ "Et pour tout l'enjeu ?": a part of the plan that is named without its number, and is not what is asked for."""
    named = {span.kind for span in marked.spans}
    for part, show in (("enjeu", "enjeux"), ("pilier", "piliers")):
        if part in marked.said and not named & {"enjeu", "pilier"} and show not in query.show:
            return part
    return ""


def _leaves_open(first: Read) -> bool:
    """Whether what comes first does not say of what it asks: "quel enjeu et ...", "qui finance, qui porte et ..."."""
    query = first.query
    selects = query.fiches or query.where or (query.topic and not first.bare)
    return first.edit == "new" and query.fold.kind == "list" and not selects


def _role(said: Set[str]) -> Role | None:
    """The one role among the concepts that a question says."""
    roles = [role for role in ROLES if role in said or (role == "financeurs" and "pay" in said)]
    return roles[0] if len(roles) == 1 else None


def _parts(marked: Marked, scores: Scores, last: Query | None) -> Parts:
    """The likeliest label of each head; beside a last query, "same" stands for what it asked."""
    whole = scores.whole
    show = _several(whole["show"], last is not None)
    fold = _best(whole["fold"], last is not None)
    by = _best(whole["by"])
    if last is not None and SAME in show:
        show = last.show
    if last is not None and fold == SAME:
        fold = _fold_of(last)
        by = last.fold.by if isinstance(last.fold, Top) else by
    counts = marked.said & {*ROLES, "pay"}
    if last is not None and isinstance(last.fold, Top) and fold.startswith("top") and not counts:
        by = last.fold.by  # "et le moins ?"
    role = next((has.role for has in last.where if isinstance(has, Has)), None) if last is not None else None
    spans = tuple(_labels(each, role, beside=last is not None) for each in scores.spans)
    if last is None and not _LISTS & {*show} and not any(labels - {NONE} for labels in spans):
        lone = tuple(_ALONE.get(span.kind, labels) for span, labels in zip(marked.spans, spans, strict=True))
        spans = spans if _is_more_said(marked, lone) else lone
    content = _has_topic(marked, spans)
    topic = _best(whole["topic"]) == "yes" and content
    return Parts(topic, tuple(show), fold, by, _best(whole["place"]), spans, content, last is not None)


def _has_topic(marked: Marked, spans: Sequence[frozenset[str]]) -> bool:
    """Whether something is left to search for: a word that is no span, asks nothing and has a meaning of its own; not
    where a name selects the fiches already."""
    names = any(label in ("mentions", "titled") for labels in spans for label in labels)
    return not names and _is_more_said(marked, spans)


def _is_more_said(marked: Marked, spans: Sequence[frozenset[str]]) -> bool:
    """Whether a word of a meaning of its own is in no span that is used, and asks nothing."""
    used = {
        position
        for span, labels in zip(marked.spans, spans, strict=True)
        if labels != {NONE}
        for position in range(span.start, span.end)
    }
    return any(
        position not in used and not marked.concepts[position] and load_question_words().has_content(token)
        for position, token in enumerate(marked.tokens)
    )


def _labels(scores: Mapping[str, float], role: str | None, *, beside: bool) -> frozenset[str]:
    """What a span is for. An actor stands in a list, or not, or alone, whichever is likeliest; a role that is said
    makes "any" idle; it is shown or left out, not both."""
    labels = _several(scores, beside)
    kept: dict[str, str] = {}
    for label in sorted(labels, key=lambda name: -scores[name]):
        kept.setdefault(label.rpartition(":")[0] if label.startswith(("has:", "size:")) else label[:5], label)
    if len(kept) > 1:
        kept.pop("has:any", None)
    return frozenset(label.replace(f":{SAME}:", f":{role or 'any'}:") for label in kept.values())


def _second(scores: Scores, parts: Parts) -> Parts | None:
    """The same with the second likeliest fold or show, where it comes close."""
    for head in ("show", "fold"):
        ranked = sorted(((value, name) for name, value in scores.whole[head].items() if name != SAME), reverse=True)
        others = [(value, name) for value, name in ranked if name not in (*parts.show, parts.fold, NONE)]
        if others and others[0][0] > _CLOSE:
            return replace(parts, **({"show": (others[0][1],)} if head == "show" else {"fold": others[0][1]}))
    return None


def _fold_of(query: Query) -> str:
    fold = query.fold
    detail = "least" if getattr(fold, "least", False) else getattr(fold, "what", None)
    if fold.kind == "group":
        detail = fold.by
    if isinstance(fold, Top) and not fold.number:
        detail = "all"
    return f"{fold.kind}:{detail}" if detail else fold.kind


def _best(scores: Mapping[str, float], beside: bool = False) -> str:
    names = [name for name in scores if beside or name != SAME]
    return max(names, key=lambda name: scores[name])


def _several(scores: Mapping[str, float], beside: bool) -> Sequence[str]:
    """The labels that are likelier than not, or the likeliest one; what "none" says is said by no other label."""
    allowed = {name: value for name, value in scores.items() if beside or SAME not in name.split(":")}
    best = max(allowed, key=lambda name: allowed[name])
    likely = [name for name, value in allowed.items() if value > _ALSO and name != NONE]
    return sorted(likely) if best != NONE and likely else [best]
