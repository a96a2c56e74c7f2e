"""What is told of fiches named by number with conditions: whether an actor stands there, what it does, how many."""

from collections.abc import Sequence

from assistant.answering.draft import (
    Draft,
    cite_paragraph,
    cite_role,
    dispositifs,
    entitled,
    partners,
    title_citation,
)
from assistant.answering.exact.execute import Executor
from assistant.answering.exact.result import Result
from assistant.answering.exact.tell_names import check_name
from assistant.answering.exact.tell_partners import check_lines
from assistant.answering.exact.tell_plan import tell_place
from assistant.text.french import enumerate_words
from assistant.understanding.condition_words import COMPARED
from assistant.understanding.query import Has, Mentions, Scope, Size, conditions
from corpus.document import ROLES, Fiche, Role
from corpus.mentions import paragraphs_naming
from corpus.role_words import ROLE_WORDS


def tell_checks(executor: Executor, result: Result) -> Draft:
    """For each fiche named: yes or no to each condition, with the list that proves it."""
    draft, query = Draft(), result.query
    for fiche in executor.document.fiches_of(query.fiches):
        for scope in conditions(query, Scope):
            inside = (fiche.enjeu in scope.enjeux or fiche.pilier in scope.piliers) != scope.outside
            tell_place(draft, executor, fiche, verdict="Oui. " if inside else "Non. ")
        for has in conditions(query, Has):
            if has.role is None:
                _does(draft, executor, fiche, has.actors)
            elif has.only:
                _alone(draft, executor, fiche, has, has.role)
            else:
                _check(draft, executor, fiche, has, has.role)
        for size in conditions(query, Size):
            _sized(draft, executor, fiche, size)
        for mention in conditions(query, Mentions):
            for name in mention.names:
                check_name(draft, executor, fiche, executor.named(name))
    return draft


def _check(draft: Draft, executor: Executor, fiche: Fiche, has: Has, role: Role) -> None:
    lines = check_lines(executor, fiche, has.actors, role)
    if not has.wanted:  # the question is whether they are absent: "Oui, ... ne figure pas"
        lines = [f"{'Oui' if line.startswith('Non') else 'Non'}{line[3:]}" for line in lines]
    draft.add(" ".join(lines))
    if role == "dispositifs":
        held = executor.table.with_family(has.actors)
        entries = executor.table.entries[fiche.number][role]
        groups = [g for g, entry in zip(fiche.dispositifs, entries, strict=True) if entry.actors & held]
        dispositifs(draft, fiche, only=groups or None)
    else:
        partners(draft, executor.table, fiche, role)


def _alone(draft: Draft, executor: Executor, fiche: Fiche, has: Has, role: Role) -> None:
    family = executor.table.with_family(has.actors)
    entries = executor.table.entries[fiche.number][role]
    alone = bool(entries) and all(entry.actors & family for entry in entries)
    names = enumerate_words([executor.table.registry.actor(each).with_article for each in has.actors])
    verb = "est seule" if alone else "n’est pas seule"
    draft.add(
        f"{'Oui' if alone else 'Non'} : {names} {verb} {ROLE_WORDS[role].among}.".replace(
            "est seule ", "est le seul nom "
        )
    )
    partners(draft, executor.table, fiche, role) if role != "dispositifs" else dispositifs(draft, fiche)


def _sized(draft: Draft, executor: Executor, fiche: Fiche, size: Size) -> None:
    count = executor.size(fiche.number, size.of)
    right = {"=": count == size.number, ">=": count >= size.number, "<=": count <= size.number}[size.compare]
    noun = (
        "dispositifs" if size.of == "dispositifs" else ROLE_WORDS[size.of].entries if size.of != "fiches" else "fiches"
    )
    verdict = "Oui" if right else "Non"
    asked = "" if right else f", et non {COMPARED[size.compare]}{size.number}"
    draft.add(f"{verdict}, la fiche {entitled(fiche)} compte {count} {noun}{asked}.", [title_citation(fiche)])
    if size.of in ("financeurs", "operateurs"):
        partners(draft, executor.table, fiche, size.of)


def _does(draft: Draft, executor: Executor, fiche: Fiche, actors: Sequence[str]) -> None:
    """What actors do in a fiche: their roles, then their dispositifs and what the text says of them."""
    table = executor.table
    present = [role for role in ROLES if any(table.entry(fiche.number, role, [each]) for each in actors)]
    found = [table.registry.actor(each) for each in actors]
    names = enumerate_words([actor.with_article for actor in found])
    if present:
        where = enumerate_words([ROLE_WORDS[role].among for role in present])
        draft.add(
            f"Oui, {names} : {where} de la fiche {entitled(fiche)}.",
            [cite_role(table, fiche.number, role, only=actors) for role in present],
        )
    else:
        draft.add(
            f"Non, la fiche {entitled(fiche)} ne cite pas {names} dans ses listes de partenaires.",
            [title_citation(fiche)],
        )
    wanted = table.with_family(actors)
    entries = table.entries[fiche.number]["dispositifs"]
    held = [i for group, e in zip(fiche.dispositifs, entries, strict=True) if e.actors & wanted for i in group.items]
    spellings = [each for actor in found for each in (actor.name, actor.acronym, *actor.spellings)]
    told = [
        (section, each)
        for section, each in paragraphs_naming(fiche, spellings)
        if section in ("descriptif", "dispositifs") and each not in held
    ]
    shown = [("dispositifs", item) for item in held] + told[:3]
    if shown:
        draft.add(
            "\n".join(f"- {paragraph.item}" for _, paragraph in shown),
            [cite_paragraph(fiche.number, section, paragraph) for section, paragraph in shown],
        )
