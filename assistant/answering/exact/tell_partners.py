"""What is told when a query shows partners or dispositifs: of a fiche, its list; of several, each actor once."""

from collections.abc import Sequence

from assistant.answer import citation_mark
from assistant.answering.draft import (
    LONGEST,
    Draft,
    cite_paragraph,
    cite_role,
    dispositifs,
    entitled,
    partners,
    title_citation,
)
from assistant.answering.exact.execute import Executor
from assistant.answering.exact.result import LISTS, Result, Row
from assistant.answering.exact.tell_fiches import cite
from assistant.text.french import capitalised, enumerate_words, number_in_words, of
from assistant.understanding.condition_words import among_in_words, clauses, scope_in_words
from assistant.understanding.query import Among, Count, Exists, Show, Top, conditions
from corpus.document import DispositifGroup, Fiche, Paragraph, Role
from corpus.role_words import ROLE_WORDS

_MARKED = 5
"""Fiches marked after an actor's name; of more, the number is said."""
_LONGEST_LIST = 30
"""Actors of a list over several fiches; the rarest are left out beyond, and said."""


def tell_partners(executor: Executor, result: Result, show: Show, rows: Sequence[Row], *, of_fiches: bool) -> Draft:
    """A list of partners. `of_fiches`: of each fiche its own list, as the document has it."""
    fold = result.query.fold
    if isinstance(fold, Top):
        return _tell_top(executor, result, show, rows)
    if fold.kind == "all":
        return _tell_everywhere(executor, result, show, rows)
    if of_fiches and not (isinstance(fold, Count) and len(result.fiches) > 1):
        draft = Draft()
        for fiche in executor.document.fiches_of(result.fiches):
            if show == "dispositifs":
                _dispositifs_of(draft, executor, result, fiche)
            else:
                _list_of(draft, executor, result, fiche, show)
        return draft
    if show == "dispositifs":
        return _dispositifs_over(executor, result)
    return _over_fiches(executor, result, show, rows)


def _noun(show: Show) -> str:
    return ROLE_WORDS[LISTS[show]].actors if show != "dispositifs" else "dispositifs"


def _which_fiches(executor: Executor, result: Result) -> str:
    """ " dans le pilier « Santé »", " des fiches où ...", " des fiches 2-3 et 3-1"; "" for all of them."""
    said = clauses(executor.table, result.query)
    named = result.query.fiches
    fiches = f" des fiches {enumerate_words(named)}" if named else " des fiches" if said else ""
    return f"{fiches}{f' où {said}' if said else ''}{scope_in_words(executor.document, result.query)}"


def _list_of(draft: Draft, executor: Executor, result: Result, fiche: Fiche, show: Show) -> None:
    role, query, table = LISTS[show], result.query, executor.table
    entries = [entry for entry in table.entries[fiche.number][role] if executor.shown_actors(query, entry)]
    every = len(table.entries[fiche.number][role])
    if query.claimed and query.claimed != every and not conditions(query, Among):
        verb = "ne compte que" if query.claimed > every else "compte"
        said = f"{number_in_words(every)} {ROLE_WORDS[role].entries}, et non {number_in_words(query.claimed)}"
        draft.add(f"Non, la fiche {fiche.number} {verb} {said}.")
    among = conditions(query, Among)
    if among and among[0].wanted:
        _checked(draft, executor, fiche, among[0].actors, role)
        return
    if role == "dispositifs":
        names = [f"- {capitalised(entry.name)}" for entry in entries]
        lead = f"Porteurs de dispositifs cités par la fiche {entitled(fiche)}{among_in_words(table.registry, query)} :"
        draft.add("\n".join([lead, *names]), [cite_role(table, fiche.number, role)])
    elif isinstance(query.fold, Count):
        count = f"{len(entries)} {ROLE_WORDS[role].entries}{among_in_words(table.registry, query)}"
        lead = f"La fiche {entitled(fiche)} compte {count} :"
        draft.add("\n".join([lead, *(f"- {entry.name}" for entry in entries)]), [cite_role(table, fiche.number, role)])
    else:
        excluded = [id for each in among for id in table.with_family(each.actors)]
        partners(draft, table, fiche, role, excluded=excluded)


def _checked(draft: Draft, executor: Executor, fiche: Fiche, actors: Sequence[str], role: Role) -> None:
    draft.add(" ".join(check_lines(executor, fiche, actors, role)), [cite_role(executor.table, fiche.number, role)])


def check_lines(executor: Executor, fiche: Fiche, actors: Sequence[str], role: Role) -> list[str]:
    """One sentence an actor: whether it stands in that list, and where else it does."""
    table, sentences, among = executor.table, [], ROLE_WORDS[role].among
    for id in actors:
        actor = table.registry.actor(id)
        entry = table.entry(fiche.number, role, [id])
        verb = "figurent" if actor.plural else "figure"
        if entry:
            inside = f" (« {entry.name} »)" if entry.actor.id != id or "(" in entry.name else ""
            sentences.append(f"Oui, {actor.with_article} {verb} {among} de la fiche {fiche.number}{inside}.")
        else:
            others = [each for each in LISTS.values() if each != role and table.entry(fiche.number, each, [id])]
            elsewhere = f", mais {ROLE_WORDS[others[0]].among}" if others else ""
            sentences.append(f"Non, {actor.with_article} ne {verb} pas {among} de la fiche {fiche.number}{elsewhere}.")
    return sentences


def _dispositifs_of(draft: Draft, executor: Executor, result: Result, fiche: Fiche) -> None:
    """The dispositifs of a fiche, or those of some holders; says so when these have none there."""
    query, table = result.query, executor.table
    entries = table.entries[fiche.number]["dispositifs"]
    pairs = list(zip(fiche.dispositifs, entries, strict=True))
    groups = [group for group, entry in pairs if executor.shown_actors(query, entry)]
    among = [each for each in conditions(query, Among) if each.wanted]
    if not groups and among:
        names = enumerate_words([of(table.registry.actor(id).with_article) for id in among[0].actors], last="ni")
        holders = list(dict.fromkeys(capitalised(group.porteur) for group in fiche.dispositifs))
        draft.add(
            f"Non, la fiche {entitled(fiche)} ne mentionne pas de dispositif {names}. "
            f"Porteurs cités : {enumerate_words(holders)}.",
            [cite_role(table, fiche.number, "dispositifs")],
        )
        return
    if isinstance(query.fold, Count):
        items = sum(len(group.items) for group in groups)
        nouns = "dispositif ou aide" if items == 1 else "dispositifs ou aides"
        holders_ = "un porteur" if len(groups) == 1 else f"{len(groups)} porteurs"
        draft.add(f"La fiche {entitled(fiche)} cite {items} {nouns}, de {holders_}.")
    elif isinstance(query.fold, Exists):
        draft.add("Oui." if groups else "Non.")
    if groups:
        dispositifs(draft, fiche, only=groups if len(groups) < len(pairs) else None)
    else:
        draft.add(f"La fiche {entitled(fiche)} ne cite aucun dispositif.", [title_citation(fiche)])


def _over_fiches(executor: Executor, result: Result, show: Show, rows: Sequence[Row]) -> Draft:
    """Each actor once, the most frequent first, with the fiches it stands in."""
    query, draft, registry = result.query, Draft(), executor.table.registry
    which = _which_fiches(executor, result)
    besides = among_in_words(registry, query)
    noun = _noun(show)
    if not rows:
        draft.add(f"{'Non. ' if isinstance(query.fold, Exists) else ''}Aucun des {noun}{which}{besides} ne convient.")
        return draft
    total = len(result.fiches)
    count = (
        f"{len(rows)} {noun} différents"
        if len(rows) > 1
        else f"Un seul {ROLE_WORDS[LISTS[show]].one.removeprefix('Le ').removeprefix('L’')}"
    )
    verdict = "Oui. " if isinstance(query.fold, Exists) else ""
    if query.claimed and query.claimed != len(rows):
        verdict = "Non. "
    lead = f"{verdict}{count}{which}{besides} ({total} fiche{'s' if total > 1 else ''}) :"
    lines = [
        f"- {registry.actor(row.id).label}{_inner(executor, row, LISTS[show])}{_where(row, total)}"
        for row in rows[:_LONGEST_LIST]
    ]
    if len(rows) > _LONGEST_LIST:
        left = [registry.actor(row.id).name for row in rows[_LONGEST_LIST:]]
        lines.append(f"- et, plus rares : {enumerate_words(left)}.")
    draft.add("\n".join([lead, *lines]), cite(executor, [(n, LISTS[show], ()) for n in result.fiches]))
    return draft


def _inner(executor: Executor, row: Row, role: Role) -> str:
    """ " (dont Agence régionale de santé)": those of an actor's own bodies that its lines name."""
    table = executor.table
    entries = [each for n in row.fiches for each in table.entries[n][role] if each.actor.id == row.id]
    inner = sorted({id for each in entries for id in each.actors if table.registry.actor(id).parent == row.id})
    return f" (dont {enumerate_words([table.registry.actor(id).label for id in inner])})" if inner else ""


def _where(row: Row, total: int) -> str:
    if total == 1:
        return ""
    if len(row.fiches) == total:
        return " : dans toutes"
    if len(row.fiches) <= _MARKED:
        return f" : {enumerate_words([citation_mark(each) for each in row.fiches])}"
    return f" : {len(row.fiches)} fiches"


def _dispositifs_over(executor: Executor, result: Result) -> Draft:
    """The dispositifs of several fiches, fiche by fiche, as many as fit; the other fiches are named."""
    draft, query, registry = Draft(), result.query, executor.table.registry
    found: list[tuple[Fiche, list[tuple[DispositifGroup, Paragraph]]]] = []
    items = 0
    for fiche in executor.document.fiches_of(result.fiches):
        told = [
            (group, item)
            for group, entry in zip(fiche.dispositifs, executor.table.entries[fiche.number]["dispositifs"], strict=True)
            if executor.shown_actors(query, entry)
            for item in group.items
        ]
        items += len(told)
        if told:
            found.append((fiche, told))
    which = f"{among_in_words(registry, query)}{_which_fiches(executor, result)}"
    if not found:
        draft.add(f"{'Non. ' if isinstance(query.fold, Exists) else ''}Aucun dispositif{which} n’est cité.")
        return draft
    fiches = "une seule fiche" if len(found) == 1 else f"{len(found)} fiches"
    verdict = "Oui. " if isinstance(query.fold, Exists) else ""
    draft.add(f"{verdict}{items} dispositif{'s' if items > 1 else ''} ou aides{which}, dans {fiches} :")
    holders = len({a for each in query.where if isinstance(each, Among) and each.wanted for a in each.actors}) != 1
    written = 0
    for position, (fiche, told) in enumerate(found):
        lines = [f"**{entitled(fiche)}**"]
        lines += [f"- {f'({capitalised(g.porteur)}) ' if holders else ''}{item.item}" for g, item in told]
        block = "\n".join(lines)
        if written and written + len(block) > LONGEST - 600:
            marks = enumerate_words([citation_mark(other.number) for other, _ in found[position:]])
            citations = [cite_role(executor.table, other.number, "dispositifs") for other, _ in found[position:]]
            draft.add(f"D’autres dans {marks}.", citations)
            break
        written += len(block)
        draft.add(block, [cite_paragraph(fiche.number, "dispositifs", item) for _, item in told])
    return draft


def _tell_top(executor: Executor, result: Result, show: Show, rows: Sequence[Row]) -> Draft:
    """The actors that stand in most fiches, or which of some does: each with its number of fiches."""
    query, draft, registry = result.query, Draft(), executor.table.registry
    fold, among = query.fold, [each for each in conditions(query, Among) if each.wanted]
    role = LISTS[show]
    which = _which_fiches(executor, result)
    if not isinstance(fold, Top) or (not rows and not among):
        draft.add(f"Aucun des {_noun(show)}{which} ne convient.")
        return draft
    if among:
        return _versus(executor, result, role, among[0].actors, which)
    noun = ROLE_WORDS[role].actors
    listed = {rank.id for rank in rows}
    if fold.number == 1 and len(rows) == 1:
        opening = f"{ROLE_WORDS[role].one} le plus {'rare' if fold.least else 'fréquent'}"
        name = registry.actor(rows[0].id).with_article
        count = f"{rows[0].size} fiche{'s' if rows[0].size > 1 else ''}"
        draft.add(f"{opening}{which}{among_in_words(registry, query)} est {name} : {count}.")
        wider = query.model_copy(update={"fold": Top(number=4, least=fold.least), "show": (show,)})
        runners = [row for row in executor.execute(wider).rows[0][1] if row.id not in listed]
        if runners:
            draft.add("Ensuite :\n" + "\n".join(_ranked(executor, row) for row in runners[:4]))
        return draft
    lead = f"Les {noun} les plus {'rares' if fold.least else 'fréquents'}{which}{among_in_words(registry, query)} :"
    draft.add("\n".join([lead, *(_ranked(executor, row) for row in rows)]))
    return draft


def _ranked(executor: Executor, row: Row) -> str:
    return f"- {executor.table.registry.actor(row.id).name} : {row.size} fiche{'s' if row.size > 1 else ''}"


def _versus(executor: Executor, result: Result, role: Role, actors: Sequence[str], which: str) -> Draft:
    """Which of some actors stands in more fiches: the answer first, then each count."""
    draft, registry = Draft(), executor.table.registry
    counts = {id: len([n for n in result.fiches if executor.table.entry(n, role, [id])]) for id in actors}
    least = isinstance(result.query.fold, Top) and result.query.fold.least
    extreme = min(counts.values()) if least else max(counts.values())
    first = [registry.actor(id).with_article for id, count in counts.items() if count == extreme]
    verdict = capitalised(first[0]) if len(first) == 1 else f"Égalité entre {enumerate_words(first)}"
    lines = [f"{verdict}. Nombre de fiches dans la liste des {ROLE_WORDS[role].actors}{which} :"]
    lines += [
        f"- {capitalised(registry.actor(id).with_article)} : {n} fiche{'s' * (n > 1)}" for id, n in counts.items()
    ]
    draft.add("\n".join(lines))
    return draft


def _tell_everywhere(executor: Executor, result: Result, show: Show, rows: Sequence[Row]) -> Draft:
    draft = Draft()
    names = enumerate_words([executor.table.registry.actor(row.id).name for row in rows]) or "aucun"
    which = _which_fiches(executor, result) or " des fiches"
    draft.add(
        f"{capitalised(_noun(show))} présents dans toutes les fiches{which.removeprefix(' des fiches')} : {names}."
    )
    return draft
