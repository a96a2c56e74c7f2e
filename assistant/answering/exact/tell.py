"""The result of a query -> French, with its citations: which words tell which kind of result.

The words are made from the result alone, as those of "J'ai compris" are from the query: they cannot disagree.
"""

from assistant.answering.draft import Draft, core_of, descriptif, entitled, title_citation
from assistant.answering.exact.execute import Executor
from assistant.answering.exact.result import LISTS, Result
from assistant.answering.exact.tell_checks import tell_checks
from assistant.answering.exact.tell_compare import tell_compare
from assistant.answering.exact.tell_fiches import tell_fiches, tell_neighbour, tell_scope
from assistant.answering.exact.tell_names import tell_names
from assistant.answering.exact.tell_partners import tell_partners
from assistant.answering.exact.tell_plan import (
    tell_groups,
    tell_introduction,
    tell_missing,
    tell_parts,
    tell_totals,
)
from assistant.understanding.query import (
    Among,
    Compare,
    Exists,
    Group,
    Has,
    Listed,
    Mentions,
    Place,
    Scope,
    Show,
    Size,
    Top,
    conditions,
)

_DESCRIBED = 3
"""Fiches that are described one after the other; of more, the list is given."""


def tell(executor: Executor, result: Result) -> Draft:
    """The answer to a query without a topic."""
    if result.missing:
        return tell_missing(executor, result.missing)
    query = result.query
    shows = [show for show, _ in result.rows]
    if isinstance(query.fold, Compare) and len(result.fiches) > 1:
        return tell_compare(executor, result, shows)
    draft = Draft()
    lists = [show for show in shows if show in LISTS]
    checked = any(isinstance(each, (Has, Size, Mentions)) for each in query.where)
    if query.fiches and lists and (checked or len(result.fiches) < len(query.fiches)):
        # Whether what the question says of the fiche is so: that first, then the lists all the same.
        _join(draft, tell_checks(executor, result))
        bare = executor.execute(query.model_copy(update={"where": tuple(conditions(query, Among))}))
        for show in lists:
            _join(draft, _show(executor, bare, show))
        return draft
    if conditions(query, Place) and not isinstance(query.fold, Exists):
        _join(draft, tell_neighbour(executor, result))
        if not result.fiches or shows in (["fiches"], ["titre"]):
            return draft
    for show, rows in result.rows:
        if isinstance(query.fold, Group):
            _join(draft, tell_groups(executor, result, show, rows))
        else:
            _join(draft, _show(executor, result, show))
    if not draft.blocks:
        draft.add("Cette requête ne donne rien à montrer.")
    return draft


def _show(executor: Executor, result: Result, show: Show) -> Draft:
    query, rows = result.query, dict(result.rows)[show]
    if show == "fiches" and query.fiches and not query.where and isinstance(query.fold, Listed):
        show = "descriptif"  # of a fiche that is named, nothing else is left to show
    selected_one_by_one = bool(query.fiches or conditions(query, Place))
    checked = [each for each in query.where if isinstance(each, (Has, Size, Mentions, Scope))]
    if (
        query.fiches
        and checked
        and (show in ("fiches", "titre") or (show == "descriptif" and conditions(query, Has)))
        and query.fold.kind in ("list", "exists", "count", "all")
    ):
        return tell_checks(executor, result)
    if show == "sens" or (show == "fiches" and _only_mentions(result)):
        return tell_names(executor, result, meaning=show == "sens")
    if show == "introduction":
        return tell_introduction(executor, result)
    if show in ("enjeux", "piliers"):
        return tell_parts(executor, result, show, rows)
    if show in LISTS:
        return tell_partners(executor, result, show, rows, of_fiches=selected_one_by_one)
    of_an_enjeu = any(scope.enjeux for scope in conditions(query, Scope))
    if show == "titre" and of_an_enjeu and not selected_one_by_one:
        return tell_scope(executor, result)
    if (show in ("descriptif", "titre") and len(result.fiches) <= _DESCRIBED) or (
        selected_one_by_one and show in ("descriptif", "titre")
    ):
        draft = Draft()
        for fiche in executor.document.fiches_of(result.fiches):
            if show == "titre":
                draft.add(f"La fiche {fiche.number} s’intitule {entitled(fiche)}.", [title_citation(fiche)])
            else:
                descriptif(draft, fiche, chosen=core_of(fiche))
        return draft
    if not query.where and not query.fiches and not isinstance(query.fold, Top):
        return tell_totals(executor, result)
    only_scope = all(isinstance(each, Scope) and not each.outside for each in query.where)
    if only_scope and query.where and query.fold.kind in ("list", "count"):
        return tell_scope(executor, result)
    return tell_fiches(executor, result, rows)


def _only_mentions(result: Result) -> bool:
    """Whether all that selects fiches is names that their text holds."""
    query = result.query
    named = [each for each in conditions(query, Mentions) if each.wanted]
    others = [each for each in query.where if not isinstance(each, (Mentions, Scope))]
    return (
        len(named) == 1
        and not others
        and len(conditions(query, Mentions)) == 1
        and not query.fiches
        and query.fold.kind in ("list", "count", "exists")
    )


def _join(draft: Draft, other: Draft) -> None:
    draft.blocks += [each for each in other.blocks if each not in draft.blocks]
    draft.citations += [each for each in other.citations if each not in draft.citations]
    draft.quoted += [each for each in other.quoted if each not in draft.quoted]
