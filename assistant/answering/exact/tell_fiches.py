"""What is told when a query shows fiches: which ones, how many, whether there are any, which has most."""

from collections.abc import Sequence

from assistant.answer import Citation, citation_mark
from assistant.answering.draft import (
    Draft,
    cite_paragraph,
    cite_role,
    dispositifs,
    entitled,
    fiche_list,
    title_citation,
)
from assistant.answering.exact.execute import Executor
from assistant.answering.exact.result import Proof, Result, Row
from assistant.text.french import capitalised, enumerate_words, of
from assistant.understanding.condition_words import clauses, counted_fiches, has_verb, scope_in_words, subject
from assistant.understanding.query import Exists, Has, Mentions, Place, Query, Scope, Size, Top, conditions
from corpus.document import ROLES, Role
from corpus.mentions import paragraphs_naming
from corpus.partners import Condition as Listing
from corpus.role_words import ROLE_WORDS

_SHOWN, _DETAILED = 8, 2
"""Fiches named in a sentence; of more, the number is said. Fiches whose dispositifs are told with them."""


def cite(executor: Executor, proofs: Sequence[Proof]) -> list[Citation]:
    """The lines of the lists that prove a row."""
    return [cite_role(executor.table, number, role, only=actors) for number, role, actors in proofs]


def tell_fiches(executor: Executor, result: Result, rows: Sequence[Row]) -> Draft:
    """The fiches that fit, their number first; why none does, and where the actor stands otherwise."""
    query, draft = result.query, Draft()
    if isinstance(query.fold, Top):
        return _tell_top(executor, result, rows)
    if query.fold.kind == "all":
        return _tell_all(executor, result)
    has = conditions(query, Has)
    if len(has) == len(_selective(query)) == 1 and has[0].role is None and has[0].wanted and not has[0].only:
        return tell_all_roles(executor, result, has[0])
    where = scope_in_words(executor.document, query)
    yes_no = isinstance(query.fold, Exists)
    if not rows:
        draft.add(("Non. " if yes_no else "") + _nowhere(executor, query, where))
        _elsewhere(draft, executor, has)
        return draft
    fiches = executor.document.fiches_of([row.id for row in rows])
    citations = cite(executor, [proof for row in rows for proof in row.proofs]) or None
    said = clauses(executor.table, query)
    total = len(executor.document.fiches)
    verdict = "Oui. " if yes_no else ""
    if len(rows) == total and said:
        draft.add(
            f"{verdict}{capitalised(said)} dans **toutes les fiches** ({total} fiches sur {total}).", citations or ()
        )
        return draft
    single = has[0] if len(has) == len(_selective(query)) == 1 and has[0].wanted and not has[0].only else None
    if single and single.role:
        lead = f"{said} {counted_fiches(len(rows), ROLE_WORDS[single.role].joint)}{where} :"
    elif said:
        lead = f"il y a {counted_fiches(len(rows))}{where} où {said} :"
    else:
        lead = f"il y a {counted_fiches(len(rows))}{where} :"
    fiche_list(draft, fiches, verdict + capitalised(lead), citations)
    if single and single.role:
        _kin(draft, executor, single, [row.id for row in rows])
    return draft


def _selective(query: Query) -> list[object]:
    return [each for each in query.where if isinstance(each, (Has, Size, Mentions, Place))]


def _nowhere(executor: Executor, query: Query, where: str) -> str:
    has = conditions(query, Has)
    if len(_selective(query)) != 1 or not has or not has[0].role or not has[0].wanted or has[0].only:
        said = clauses(executor.table, query)
        return f"Il n’y a aucune fiche{where}{f' où {said}' if said else ''}."
    registry = executor.table.registry
    names = enumerate_words([registry.actor(each).with_article for each in has[0].actors], last="ni")
    plural = any(registry.actor(each).plural for each in has[0].actors)
    verb = ROLE_WORDS[has[0].role].is_not_listed[plural].replace(" pas ", " ")
    joint = "d’aucune fiche" if has[0].role != "dispositifs" else "dans aucune fiche"
    return f"{capitalised(names)} {verb} {joint}{where}."


def _kin(draft: Draft, executor: Executor, condition: Has, found: Sequence[str]) -> None:
    """Bodies that belong to the actor and are told apart: named after the list, not counted in it."""
    for id in condition.actors if condition.role else ():
        for child, numbers in executor.table.relatives(id, condition.role or "financeurs", found).items():
            calls = enumerate_words([f"la fiche {each}" for each in numbers])
            name = executor.table.registry.actor(child).name
            draft.add(f"À part : {name}, qui en dépend, figure à ce titre dans {calls}.")


def _elsewhere(draft: Draft, executor: Executor, has: Sequence[Has]) -> None:
    """When the answer is none: the roles that the actors have in any fiche, other than the one asked for."""
    asked = {(id, each.role) for each in has if each.wanted for id in each.actors}
    for id in dict.fromkeys(actor for each in has for actor in each.actors):
        actor = executor.table.registry.actor(id)
        for role in ROLES:
            numbers = executor.table.fiches([Listing((id,), role)])
            if not numbers or ((id, role) in asked and len(has) == 1):
                continue
            calls = enumerate_words([citation_mark(each) for each in numbers[:_SHOWN]])
            more = f" et {len(numbers) - _SHOWN} autres" if len(numbers) > _SHOWN else ""
            draft.add(
                f"{capitalised(actor.with_article)} {ROLE_WORDS[role].is_listed[actor.plural]} : {calls}{more}.",
                [cite_role(executor.table, each, role, only=[id]) for each in numbers[:_SHOWN]],
            )


def tell_all_roles(executor: Executor, result: Result, condition: Has) -> Draft:
    """An actor without a role: everything it is, list by list; where the text names it when it is in no list."""
    draft, table = Draft(), executor.table
    where = scope_in_words(executor.document, result.query)
    actor = table.registry.actor(condition.actors[0])
    verdict = "Oui. " if isinstance(result.query.fold, Exists) else ""
    for role in ROLES:
        found = table.fiches([Listing(condition.actors, role)], result.base)
        if found:
            plural = actor.plural or len(condition.actors) > 1
            verb = has_verb(role, plural=plural, wanted=True)
            count = counted_fiches(len(found), ROLE_WORDS[role].joint)
            lead = f"{verdict}{subject(table.registry, condition.actors)} {verb} {count}{where} :"
            citations = [cite_role(table, number, role, only=condition.actors) for number in found]
            fiche_list(draft, executor.document.fiches_of(found), lead, citations)
            verdict = ""
            if role == "dispositifs" and len(found) <= _DETAILED:
                _tell_held(draft, executor, found, condition.actors)
    if draft.blocks:
        return draft
    spellings = (actor.name, actor.acronym, *actor.spellings)
    fiches = executor.document.fiches_of(result.base)
    named = [(fiche, naming[0]) for fiche in fiches if (naming := paragraphs_naming(fiche, spellings))]
    if named:
        lead = (
            f"{capitalised(actor.with_article)} n’est dans aucune liste de partenaires, "
            f"mais le texte {counted_fiches(len(named), 'de')} le cite :"
        )
        citations = [cite_paragraph(fiche.number, *paragraph) for fiche, paragraph in named]
        fiche_list(draft, [fiche for fiche, _ in named], lead, citations)
    else:
        no = "Non. " if isinstance(result.query.fold, Exists) else ""
        draft.add(f"{no}{capitalised(actor.with_article)} ne figure dans aucune fiche{where}.")
    return draft


def _tell_held(draft: Draft, executor: Executor, fiches: Sequence[str], actors: Sequence[str]) -> None:
    """The dispositifs that actors hold in some fiches."""
    held = executor.table.with_family(actors)
    for fiche in executor.document.fiches_of(fiches):
        entries = executor.table.entries[fiche.number]["dispositifs"]
        groups = [g for g, entry in zip(fiche.dispositifs, entries, strict=True) if entry.actors & held]
        dispositifs(draft, fiche, only=groups)


def _tell_all(executor: Executor, result: Result) -> Draft:
    """ "Finance-t-elle toutes les fiches de ... ?": yes, or no with those where it does not."""
    draft, query = Draft(), result.query
    where = scope_in_words(executor.document, query)
    said = clauses(executor.table, query)
    total, found = len(result.base), len(result.fiches)
    proofs = (
        cite(executor, [p for row in dict(result.rows)["fiches"] for p in row.proofs])
        if "fiches" in dict(result.rows)
        else []
    )
    if found == total:
        draft.add(f"Oui : {said} dans **toutes les fiches**{where} ({total} sur {total}).", proofs)
        return draft
    draft.add(f"Non : {said} dans **{found} fiche{'s' if found > 1 else ''} sur {total}**{where}.", proofs)
    without = [number for number in result.base if number not in result.fiches]
    if len(without) < found:
        fiche_list(draft, executor.document.fiches_of(without), "Ce n’est pas le cas de :")
    elif found:
        fiche_list(draft, executor.document.fiches_of(result.fiches), "C’est le cas de :", proofs)
    return draft


def _tell_top(executor: Executor, result: Result, rows: Sequence[Row]) -> Draft:
    """The fiches with the most, or the fewest, partners in a list."""
    draft, query = Draft(), result.query
    fold = query.fold
    if not isinstance(fold, Top) or not rows:
        draft.add(_nowhere(executor, query, scope_in_words(executor.document, query)))
        return draft
    role: Role = fold.by if fold.by != "fiches" else "financeurs"
    words = "dispositifs" if role == "dispositifs" else ROLE_WORDS[role].actors
    where = scope_in_words(executor.document, query)
    said = clauses(executor.table, query)
    condition = f" où {said}" if said else ""
    extreme = "moins" if fold.least else "plus"
    if len(query.fiches) > 1:  # of fiches that are named, each is told
        rows = dict(executor.execute(query.model_copy(update={"fold": fold.model_copy(update={"number": 0})})).rows)[
            "fiches"
        ]
    fiches = executor.document.fiches_of([row.id for row in rows])
    citations = [cite_role(executor.table, row.id, role) for row in rows]
    if query.fiches and len(rows) > 1 and rows[0].size != rows[1].size:
        lines = [f"C’est la fiche {rows[0].id} qui compte le {extreme} {of(words)} :"]
        lines += [f"- {entitled(fiche)} : {row.size} {words}" for fiche, row in zip(fiches, rows, strict=True)]
        draft.add("\n".join(lines), citations)
        return draft
    if len({row.size for row in rows}) == 1:
        size = rows[0].size
        noun = words if size > 1 else words.rstrip("s")
        subject_ = "La fiche" if len(rows) == 1 else "Les fiches"
        each = " chacune" if len(rows) > 1 else ""
        lead = f"{subject_} avec le {extreme} {of(words)}{where}{condition}, {size} {noun}{each} :"
        fiche_list(draft, fiches, lead, citations)
        return draft
    lines = [f"Les fiches avec le {extreme} {of(words)}{where}{condition} :"]
    lines += [f"- {entitled(fiche)} : {row.size}" for fiche, row in zip(fiches, rows, strict=True)]
    draft.add("\n".join(lines), citations)
    return draft


def tell_neighbour(executor: Executor, result: Result) -> Draft:
    """The fiche before or after, between two, the first, last or nth of a scope, in the order of the document."""
    draft, place = Draft(), conditions(result.query, Place)[0]
    fiches = executor.document.fiches_of(result.fiches)
    where = scope_in_words(executor.document, result.query)
    if place.step in ("next", "previous"):
        side = "suivante" if place.step == "next" else "précédente"
        if not place.of:
            draft.add(f"De quelle fiche voulez-vous la {side} ? Donnez son numéro.")
            return draft
        if not fiches:
            end = "dernière" if place.step == "next" else "première"
            draft.add(f"Il n’y a pas de fiche {side} : la {enumerate_words(place.of)} est la {end}.")
        for fiche in fiches:
            draft.add(f"La fiche {side} est la {fiche.number} : {entitled(fiche)}.", [title_citation(fiche)])
        return draft
    if place.step == "between":
        names = enumerate_words([f"la {each}" for each in place.of])
        if fiches:
            fiche_list(draft, fiches, f"Entre {names} :")
        else:
            draft.add(f"Il n’y a aucune fiche entre {names} : elles se suivent.")
        return draft
    said = clauses(executor.table, result.query)
    condition = f" où {said}" if said else ""
    from_the_end = "avant-dernière fiche" if place.number == -2 else f"{-place.number}e fiche en partant de la fin"
    nth = f"fiche n° {place.number}" if place.number > 0 else from_the_end
    name = {"first": "première fiche", "last": "dernière fiche", "nth": nth}[place.step]
    if not fiches:
        draft.add(f"Il n’y a pas de {name}{where}{condition}.")
    for fiche in fiches:
        draft.add(f"La {name}{where}{condition} est la {fiche.number} : {entitled(fiche)}.", [title_citation(fiche)])
    return draft


def tell_scope(executor: Executor, result: Result) -> Draft:
    """The fiches of enjeux and piliers, under each of them."""
    draft, document = Draft(), executor.document
    for scope in conditions(result.query, Scope):
        for number in scope.enjeux:
            enjeu = document.enjeu(number)
            inside = [fiche for fiche in document.fiches_of(result.fiches) if fiche.enjeu == number]
            if enjeu and not inside:
                draft.add(f"L’enjeu {number}, « {enjeu.title} », ne comporte aucune fiche.")
            elif enjeu:
                fiche_list(draft, inside, f"L’enjeu {number}, « {enjeu.title} », compte {_fiches(len(inside))} :")
        for number in scope.piliers:
            pilier = document.pilier(number)
            inside = [fiche for fiche in document.fiches_of(result.fiches) if fiche.pilier == number]
            if pilier:
                fiche_list(draft, inside, f"Le pilier {number}, « {pilier.name} », compte {_fiches(len(inside))} :")
    return draft


def _fiches(count: int) -> str:
    return "une seule fiche" if count == 1 else f"{count} fiches"
