"""A query -> the question that it asks, in French, as the person may check it ("J'ai compris : ...")."""

from assistant.text.french import capitalised, enumerate_words, of
from assistant.understanding.condition_words import clauses, scope_in_words
from assistant.understanding.query import Among, Compare, Group, Place, Query, Show, Top
from corpus.partners import RoleTable

_SHOWN: dict[Show, str] = {
    "fiches": "les fiches",
    "financeurs": "les financeurs",
    "operateurs": "les opérateurs",
    "porteurs": "les porteurs de dispositifs",
    "dispositifs": "les dispositifs",
    "descriptif": "ce que prévoit la fiche",
    "titre": "le titre",
    "enjeux": "les enjeux",
    "piliers": "les piliers",
    "introduction": "l’introduction de l’enjeu",
    "sens": "ce que cela veut dire",
}


def paraphrase(query: Query, table: RoleTable) -> str:
    """The self-standing question in French."""
    shown = enumerate_words([_SHOWN[each] for each in query.show]) or "ce qu’en disent les fiches"
    which = _which(query, table)
    fold = query.fold
    if query.topic:
        topic = query.topic.strip().rstrip(" ?.!")
        asked = f"{capitalised(shown)}, à propos de : {topic}" if query.show else capitalised(topic)
        return f"{asked}{f' ({which.strip(chr(32) + chr(44))})' if which else ''} ?"
    fiches = table.document.fiches_of(query.fiches)
    if fiches and query.show == ("fiches",) and (said := clauses(table, query)):
        return f"{capitalised(enumerate_words([f'la fiche {f.number} ({f.title})' for f in fiches]))} : {said} ?"
    if isinstance(fold, Compare):
        what = {"common": "ce qui est commun", "difference": "ce qui diffère", "same": "si c’est la même chose"}[
            fold.what
        ]
        return f"Comparer {shown}{which} : {what}."
    if isinstance(fold, Group):
        by = {"pilier": "pilier", "enjeu": "enjeu", "fiche": "fiche", "actor": "acteur"}[fold.by]
        return f"Combien y en a-t-il, par {by} : {shown}{which} ?"
    if isinstance(fold, Top):
        extreme = "moins" if fold.least else "plus"
        counted = {"operateurs": "opérateurs"}.get(fold.by, fold.by)
        number = f"{fold.number} premiers : " if fold.number > 1 else ""
        said = f"{number}{shown}{which}, qui comptent le {extreme} {of(counted)}."
        return capitalised(said)
    if fold.kind == "count":
        return f"Combien y en a-t-il : {shown}{which} ?"
    if fold.kind == "exists":
        return f"Est-ce exact : {shown}{which} ?"
    if fold.kind == "all":
        return f"Est-ce vrai de toutes : {shown}{which} ?"
    return f"{capitalised(shown)}{which}."


def _which(query: Query, table: RoleTable) -> str:
    """ " de la fiche 2-3 (titre)", " dans le pilier « Santé », où la CAF figure parmi les financeurs"; "" for all."""
    document, said = table.document, ""
    fiches = document.fiches_of(query.fiches)
    if fiches:
        said += f" {enumerate_words([of(f'la fiche {each.number} ({each.title})') for each in fiches])}"
    said += scope_in_words(document, query)
    if conditions := clauses(table, query):
        said += f", où {conditions}"
    for each in query.where:
        if isinstance(each, Among):
            names = enumerate_words([table.registry.actor(id).with_article for id in each.actors], last="ou")
            said += f", {'pour' if each.wanted else 'sauf'} {names}"
        elif isinstance(each, Place):
            said += f", {_place(each)}"
    return said


def _place(place: Place) -> str:
    names = enumerate_words([f"la {number}" for number in place.of])
    if place.step in ("next", "previous"):
        return f"juste {'après' if place.step == 'next' else 'avant'} {names}"
    if place.step == "between":
        return f"entre {names}"
    return {"first": "la première", "last": "la dernière"}.get(place.step, f"la n° {place.number}")


def is_plain(query: Query) -> bool:
    """Whether a question says by itself all that was understood: one list of one fiche, or a topic alone."""
    if query.topic:
        return not query.where and not query.fiches and query.fold.kind == "list"
    return len(query.fiches) == 1 and not query.where and len(query.show) == 1 and query.fold.kind == "list"
