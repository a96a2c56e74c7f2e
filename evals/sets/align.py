"""A labelled question -> what each head of the reader should say of it: the spans that the query's slots stand for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.exact.execute import Executor
from assistant.understanding.model import SAME
from assistant.understanding.query import Among, Has, Mentions, Place, Query, Scope, Size, Top, Without, conditions
from assistant.understanding.spans import Marked, Span
from evals.sets.queries import LabelledQuestion

WHOLE = ("topic", "show", "fold", "by", "place", "edit", "several")
"""The heads on the whole question."""


@dataclass(frozen=True, slots=True)
class Labels:
    """`whole`: head -> its class, or classes for "show"; a head that is not there is not trained on the question.
    `spans`: labels of each span, None where it is not trained; `cut`: the token where a second question begins."""

    whole: dict[str, frozenset[str]]
    spans: tuple[frozenset[str] | None, ...]
    cut: int | None = None


def fold_class(query: Query) -> str:
    """ "top:least", "top:all", "group:pilier", "compare:same", "count"..."""
    fold = query.fold
    detail = {"group": "by", "compare": "what"}.get(fold.kind)
    if isinstance(fold, Top):
        return "top:least" if fold.least else "top" if fold.number else "top:all"
    return f"{fold.kind}:{getattr(fold, detail)}" if detail else fold.kind


def place_class(query: Query) -> str:
    return next((place.step for place in conditions(query, Place)), "-")


def labels_of(example: LabelledQuestion, marked: Marked, executor: Executor) -> Labels:
    """The labels of one turn that asks one thing; of several, only where the next one begins (`cut_of`)."""
    whole = {"edit": frozenset((example.edit,)), "several": frozenset(("yes" if len(example.queries) > 1 else "no",))}
    if len(example.queries) != 1 or example.edit in ("none", "again", "back"):
        return Labels(whole, tuple(None for _ in marked.spans))
    query, last = example.queries[0], example.last if example.edit != "new" else None
    show = frozenset(query.show or ("none",))
    fold = fold_class(query)
    if last is not None:
        show = frozenset((SAME,)) if set(query.show) == set(last.show) else show
        fold = SAME if fold == fold_class(last) else fold
    whole |= {
        "topic": frozenset(("yes" if query.topic else "no",)),
        "show": show,
        "fold": frozenset((fold,)),
        "place": frozenset((place_class(query),)),
    }
    if isinstance(query.fold, Top):
        whole["by"] = frozenset((query.fold.by,))
    return Labels(whole, tuple(_span_labels(query, last, marked, executor)))


def _span_labels(query: Query, last: Query | None, marked: Marked, executor: Executor) -> list[frozenset[str]]:
    found: list[set[str]] = [set() for _ in marked.spans]

    def give(label: str, kinds: Sequence[str], fits: Callable[[Span], bool]) -> bool:
        hit = [i for i, span in enumerate(marked.spans) if span.kind in kinds and fits(span)]
        for i in hit:
            found[i].add(label)
        return bool(hit)

    for label, kinds, values in _slots(query, last, executor):
        give(label, kinds, lambda span, values=values: bool({*span.values} & values))  # type: ignore[misc]
    for size in conditions(query, Size):
        for shift, compare in ((0, size.compare), (-1, ">"), (1, "<")):
            number = str(size.number + shift)
            if (not shift or size.compare[0] == compare) and give(
                f"size:{size.of}:{compare}",
                ("number",),
                lambda span, number=number: span.values == (number,),  # type: ignore[misc]
            ):
                break
    return [frozenset(labels or {"none"}) for labels in found]


def _slots(query: Query, last: Query | None, executor: Executor) -> Iterator[tuple[str, tuple[str, ...], set[str]]]:
    """(label, kinds of spans, values) of each slot of a query."""
    roles = {has.role for has in conditions(last, Has)} if last else set()
    for has in conditions(query, Has):
        role = SAME if last and has.role in roles else has.role or "any"
        sign = "only" if has.only else "+" if has.wanted else "-"
        for actor in has.actors:
            yield f"has:{role}:{sign}", ("actor",), _spoken(executor, actor)
    for among in conditions(query, Among):
        for actor in among.actors:
            yield "among+" if among.wanted else "among-", ("actor",), _spoken(executor, actor)
    yield "target", ("fiche",), set(query.fiches)
    for place in conditions(query, Place):
        yield "place", ("fiche",), set(place.of)
        if place.step == "nth":
            yield "nth", ("ordinal", "number"), {str(place.number)}
    for without in conditions(query, Without):
        yield "without", ("fiche",), set(without.fiches)
    for scope in conditions(query, Scope):
        label = "outside" if scope.outside else "scope"
        yield label, ("enjeu",), set(map(str, scope.enjeux))
        yield label, ("pilier", "domain"), set(map(str, scope.piliers))
    for mention in conditions(query, Mentions):
        label = "titled" if mention.title else "mentions" if mention.wanted else "notmentions"
        yield label, ("named", "place"), {other for name in mention.names for other in same_names(executor, name)}
    if isinstance(query.fold, Top) and query.fold.number > 1:
        yield "top", ("number",), {str(query.fold.number)}
    if query.claimed is not None:
        yield "claimed", ("number",), {str(query.claimed)}


def _spoken(executor: Executor, actor: str) -> set[str]:
    """The actors by which one may be named: itself, those of its family, the members of a joint holder."""
    registry = executor.table.registry
    members = {member.id for member in registry.members(registry.actor(actor))}
    return {*executor.table.with_family([actor]), *members}


def same_names(executor: Executor, name: str) -> set[str]:
    """The names of the registry for one thing: an acronym and what it stands for."""
    spellings = {each.lower() for each in (*executor.named(name).variants, name)}
    return {
        other.name
        for other in executor.table.registry.named
        if other.name == name or spellings & {each.lower() for each in other.variants}
    }


def parts_of(example: LabelledQuestion, mark: Callable[[str], Marked], executor: Executor) -> list[LabelledQuestion]:
    """A message of several questions as turns, each with the query before it; [] where it cannot be told where they
    begin. Two questions are cut where each side holds what its own query names."""
    if len(example.queries) < 2:
        return []
    marked = mark(example.text)
    cut = cut_of(example, marked, executor)
    if cut is None:
        return []
    before = marked.text_of(0, cut).strip()
    after = marked.text_of(cut, len(marked.tokens)).strip()
    first = replace(example, text=before, queries=example.queries[:1])
    rest = replace(
        example, text=after, queries=example.queries[1:], last=example.queries[0], current=example.queries[0].fiches
    )
    alone = all(_named_in(query, mark(after), executor) for query in rest.queries)
    same = rest.queries[0].show == first.queries[0].show and rest.queries[0].fold == first.queries[0].fold
    rest = replace(rest, edit="new" if alone else "replace" if same else "project")
    return [first, rest] if len(rest.queries) == 1 else [first, rest, *parts_of(rest, mark, executor)]


def cut_of(example: LabelledQuestion, marked: Marked, executor: Executor) -> int | None:
    """The token where the second question of a message begins; None where no place separates the two."""
    first, second = example.queries[0], example.queries[1]
    best: tuple[float, int] | None = None
    for position in _candidates(marked):
        left = [span for span in marked.spans if span.end <= position]
        right = [span for span in marked.spans if span.start >= position]
        score = float(_held(first, left, executor)) - 2 * _foreign(second, first, left, executor)
        score += _held(second, right, executor) - 2 * _foreign(first, second, right, executor)
        for topic, side in ((first.topic, (0, position)), (second.topic, (position, len(marked.tokens)))):
            score += 1.5 * bool(topic and topic.lower() in marked.text_of(*side).lower())
        score += 0.1 * (marked.tokens[position - 1] in "?.!;")
        if best is None or score > best[0]:
            best = (score, position)
    return best[1] if best and best[0] > 0 else None


def _candidates(marked: Marked) -> list[int]:
    joints = ("et", "puis", "and", "mais", "ensuite", "sinon", "y", "e", "si")
    return [
        position
        for position in range(2, len(marked.tokens) - 1)
        if marked.tokens[position - 1] in "?.!;,:/+" or marked.tokens[position] in joints
    ]


def _held(query: Query, spans: Sequence[Span], executor: Executor) -> int:
    slots = [values for _, _, values in _slots(query, None, executor) if values]
    return sum(any({*span.values} & values for span in spans) for values in slots)


def _foreign(query: Query, own: Query, spans: Sequence[Span], executor: Executor) -> int:
    mine = [values for _, _, values in _slots(own, None, executor) if values]
    slots = [values for _, _, values in _slots(query, None, executor) if values and values not in mine]
    return sum(any({*span.values} & values for span in spans) for values in slots)


def _named_in(query: Query, marked: Marked, executor: Executor) -> bool:
    """Whether a part of a message holds all that its query names."""
    if query.topic:
        return query.topic.lower() in marked.question.lower()
    slots = [values for _, _, values in _slots(query, None, executor) if values]
    return all(any({*span.values} & values for span in marked.spans) for values in slots)
