"""What is told when fiches are compared: what their lists have in common, what is in one alone."""

from collections.abc import Sequence

from assistant.answer import citation_mark
from assistant.answering.draft import Draft, cite_role, entitled, title_citation
from assistant.answering.exact.execute import Executor
from assistant.answering.exact.result import LISTS, Result
from assistant.text.french import enumerate_words
from assistant.understanding.query import Compare, Show
from corpus.document import Fiche, Role
from corpus.role_words import ROLE_WORDS


def tell_compare(executor: Executor, result: Result, shows: Sequence[Show]) -> Draft:
    """What fiches have in common, and what each has of its own; their topics too where no list is named."""
    draft, fiches = Draft(), executor.document.fiches_of(result.fiches)
    fold = result.query.fold
    roles = list(dict.fromkeys(LISTS[show] for show in shows if show in LISTS))
    if not roles and isinstance(fold, Compare) and fold.what == "difference":
        for fiche in fiches:
            draft.add(f"La fiche {fiche.number} : {entitled(fiche)}.", [title_citation(fiche)])
    for role in roles or list[Role](("financeurs", "operateurs")):
        _compare_role(draft, executor, fiches, role, fold.what if isinstance(fold, Compare) else "difference")
    return draft


def _compare_role(draft: Draft, executor: Executor, fiches: Sequence[Fiche], role: Role, what: str) -> None:
    table = executor.table
    names = [{entry.actor.id: entry.name for entry in table.entries[fiche.number][role]} for fiche in fiches]
    common = [each for each in names[0] if all(each in other for other in names[1:])] if names else []
    citations = [cite_role(table, fiche.number, role) for fiche in fiches]
    calls = enumerate_words([citation_mark(fiche.number) for fiche in fiches])
    noun = ROLE_WORDS[role].entries if role != "dispositifs" else ROLE_WORDS[role].actors
    same = all(set(each) == set(names[0]) for each in names)
    answer = ("Oui, " if same else "Non, ") if what == "same" else ""
    article = "les" if answer else "Les"
    if same and names:
        listed = enumerate_words(list(names[0].values()))
        draft.add(f"{answer}{article} fiches {calls} ont les mêmes {noun} : {listed}.", citations)
        return
    if what == "common":
        held = f"ont en commun les {noun} suivants : {enumerate_words([names[0][each] for each in common])}."
        none = f"n’ont aucun {noun.removesuffix('s')} en commun."
        draft.add(f"Les fiches {calls} {held if common else none}", citations)
        return
    opening = f"{answer}{article} fiches {calls} n’ont pas exactement les mêmes {noun}."
    shared = (
        f"En commun : {enumerate_words([names[0][each] for each in common])}."
        if common
        else f"Aucun des {noun} n’est commun."
    )
    lines = [opening, f"- {shared}"]
    for fiche, own in zip(fiches, names, strict=True):
        only = [name for each, name in own.items() if each not in common]
        lines.append(f"- Seulement dans la fiche {fiche.number} : {enumerate_words(only) if only else 'aucun'}.")
    draft.add("\n".join(lines), citations)
