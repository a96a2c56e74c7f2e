"""What is told of the plan of the document: enjeux, piliers, introductions, counts, and what does not exist."""

from collections.abc import Sequence

from assistant.answer import Citation
from assistant.answering.draft import Draft, cite_paragraph, entitled, fiche_list, title_citation
from assistant.answering.exact.execute import Executor
from assistant.answering.exact.result import LISTS, Result, Row
from assistant.text.french import of
from assistant.understanding.condition_words import clauses, scope_in_words
from assistant.understanding.query import Exists, Group, Scope, Show, Size, Top, conditions
from corpus.document import Document, Fiche
from corpus.role_words import ROLE_WORDS


def tell_missing(executor: Executor, missing: Sequence[str]) -> Draft:
    """A fiche, enjeu or pilier that does not exist: said first, then what does exist nearby."""
    document, draft = executor.document, Draft()
    for each in missing:
        kind, _, value = each.removeprefix("la ").removeprefix("le ").removeprefix("l’").partition(" ")
        if kind == "fiche":
            enjeu = document.enjeu(int(value.split("-")[0]))
            inside = [fiche for fiche in document.fiches if enjeu and fiche.enjeu == enjeu.number]
            sentence = f"La fiche {value} n’existe pas."
            if enjeu and inside:
                only = (
                    f"ne compte que la fiche {inside[0].number}"
                    if len(inside) == 1
                    else f"va de la fiche {inside[0].number} à la {inside[-1].number}"
                )
                sentence += f" L’enjeu {enjeu.number} {only}."
            elif enjeu:
                sentence += f" L’enjeu {enjeu.number}, « {enjeu.title} », ne comporte aucune fiche."
            else:
                last = document.fiches[-1].number
                sentence += f" Le document compte {len(document.fiches)} fiches, de la 1-1 à la {last}."
        elif kind == "enjeu":
            last = str(len(document.enjeux))
            sentence = f"L’enjeu {value} n’existe pas : le document compte {last} enjeux stratégiques, de 1 à {last}."
        else:
            sentence = f"Le pilier {value} n’existe pas : le document compte {len(document.piliers)} piliers."
        draft.add(sentence)
    return draft


def tell_place(draft: Draft, executor: Executor, fiche: Fiche, *, verdict: str = "", siblings: bool = False) -> None:
    """Enjeu and pilier of a fiche; with `siblings`, the fiches of that enjeu too."""
    enjeu, pilier = executor.document.enjeu(fiche.enjeu), executor.document.pilier(fiche.pilier)
    if enjeu is None or pilier is None:
        return
    draft.add(
        f"{verdict}La fiche {fiche.number}, {entitled(fiche)}, relève de l’enjeu {enjeu.number}, « {enjeu.title} », "
        f"dans le pilier {pilier.number}, « {pilier.name} » ({pilier.title}).",
        [title_citation(fiche)],
    )
    others = [each for each in executor.document.fiches if each.enjeu == fiche.enjeu and each != fiche]
    if siblings and others:
        fiche_list(draft, others, "Dans le même enjeu :")


def tell_parts(executor: Executor, result: Result, show: Show, rows: Sequence[Row]) -> Draft:
    """Enjeux or piliers: of the fiches named, of a scope, with so many fiches, with most or fewest."""
    query, draft, document = result.query, Draft(), executor.document
    if query.fiches:
        for fiche in document.fiches_of(result.fiches):
            tell_place(draft, executor, fiche)
        return draft
    scopes = conditions(query, Scope)
    if show == "piliers" and scopes and any(scope.enjeux for scope in scopes):
        for enjeu in (e for scope in scopes for n in scope.enjeux if (e := document.enjeu(n))):
            if pilier := document.pilier(enjeu.pilier):
                owner = f"du pilier {pilier.number}, « {pilier.name} »"
                draft.add(f"L’enjeu {enjeu.number}, « {enjeu.title} », relève {owner}.")
        return draft
    sized = conditions(query, Size)
    lines = [f"- {_called(executor, show, row)}{_sized(result, row)}" for row in rows]
    if sized:
        article = "l’" if show == "enjeux" else "le "
        lines = [
            f"- {article}{_called(executor, show, row).replace(' : ', ', « ', 1)} »{_sized(result, row)}"
            for row in rows
        ]
    noun = "enjeu" if show == "enjeux" else "pilier"
    where = scope_in_words(document, query)
    said = clauses(executor.table, query)
    plural = f"{noun}x" if noun == "enjeu" else f"{noun}s"
    if isinstance(query.fold, Top):
        by = "fiches" if query.fold.by == "fiches" else ROLE_WORDS[query.fold.by].actors
        extreme = "moins" if query.fold.least else "plus"
        article = "L’enjeu" if noun == "enjeu" else "Le pilier"
        opening = (
            f"{article} qui compte le {extreme} {of(by)}"
            if len(rows) == 1
            else f"Les {plural} qui comptent le {extreme} {of(by)}"
        )
        draft.add("\n".join([f"{opening}{where} :", *lines]), _proofs(executor, rows))
        return draft
    total = len(document.enjeux) if show == "enjeux" else len(document.piliers)
    count = f"{len(rows)} {plural}" if len(rows) != 1 else f"un seul {noun}"
    wrong = query.claimed is not None and query.claimed != len(rows)
    fewer = wrong and query.claimed is not None and query.claimed > len(rows)
    verdict = "Non, le" if wrong else "Oui, le" if isinstance(query.fold, Exists) and rows else "Le"
    compte = "ne compte que" if fewer else "compte"
    if not rows:
        draft.add(f"Aucun {noun}{where} ne convient.")
        return draft
    if not scopes and not sized and not said and len(rows) == total:
        draft.add(f"{verdict} document {compte} {_totals(document)}.")
        if show == "enjeux":
            empty = [e for e in document.enjeux if not any(f.enjeu == e.number for f in document.fiches)]
            draft.add(" ".join(f"L’enjeu {e.number}, « {e.title} », ne comporte aucune fiche." for e in empty))
        if query.fold.kind == "list":
            draft.add("\n".join(lines))
        return draft
    if scopes and len(scopes) == 1 and len(scopes[0].piliers) == 1 and not scopes[0].outside and not sized and not said:
        pilier = document.pilier(scopes[0].piliers[0])
        name = f"« {pilier.name} »" if pilier else ""
        draft.add("\n".join([f"{verdict} pilier {scopes[0].piliers[0]}, {name}, {compte} {count} :", *lines]))
        return draft
    without = sized and sized[0].of == "fiches" and sized[0].number == 0
    what = (
        " ne comporte aucune fiche" if without and len(rows) == 1 else " ne comportent aucune fiche" if without else ""
    )
    what = what or (f" où {said}" if said else "")
    lead = f"{'Oui. ' if isinstance(query.fold, Exists) else ''}{count[:1].upper()}{count[1:]}{where}{what} :"
    draft.add("\n".join([lead, *lines]), _proofs(executor, rows))
    return draft


def _called(executor: Executor, show: Show, row: Row) -> str:
    if show == "enjeux":
        enjeu = executor.document.enjeu(int(row.id))
        return f"enjeu {row.id} : {enjeu.title}" if enjeu else row.id
    pilier = executor.document.pilier(int(row.id))
    return f"pilier {row.id} : {pilier.name}" if pilier else row.id


def _sized(result: Result, row: Row) -> str:
    query = result.query
    if isinstance(query.fold, Top) and query.fold.by != "fiches":
        return f" ({row.size} {ROLE_WORDS[query.fold.by].actors} différents)"
    if isinstance(query.fold, (Top, Group)) or conditions(query, Size):
        return f" ({len(row.fiches)} fiche{'s' if len(row.fiches) > 1 else ''})" if row.fiches else ""
    return ""


def _proofs(executor: Executor, rows: Sequence[Row]) -> list[Citation]:
    return [title_citation(fiche) for row in rows for fiche in executor.document.fiches_of(row.fiches)]


def _totals(document: Document) -> str:
    """How many parts the document has, the first word to be counted being the piliers."""
    return (
        f"{len(document.piliers)} piliers, {len(document.enjeux)} enjeux stratégiques "
        f"et {len(document.fiches)} fiches opérationnelles"
    )


def tell_totals(executor: Executor, result: Result) -> Draft:
    """How many piliers, enjeux and fiches there are."""
    draft, document, query = Draft(), executor.document, result.query
    wrong = query.claimed is not None and query.claimed != len(document.fiches)
    opening = "Non, le" if wrong else "Oui, le" if isinstance(query.fold, Exists) else "Le"
    draft.add(f"{opening} document compte {_totals(document)}.")
    return draft


def tell_groups(executor: Executor, result: Result, show: Show, rows: Sequence[Row]) -> Draft:
    """One count for each pilier, enjeu, fiche or actor."""
    draft, query, registry = Draft(), result.query, executor.table.registry
    by = query.fold.by if isinstance(query.fold, Group) else "fiche"
    noun = {"fiches": "fiches", "enjeux": "enjeux", "dispositifs": "dispositifs"}.get(show) or (
        f"{ROLE_WORDS[LISTS[show]].actors} différents" if show in LISTS else "fiches"
    )
    said, where = clauses(executor.table, query), scope_in_words(executor.document, query)
    condition = f" où {said}" if said and show not in LISTS else f" des fiches où {said}" if said else ""
    if by == "actor":
        noun = "fiches"
    lead = f"Nombre {of(noun)}{condition}{where}, par {'acteur' if by == 'actor' else by} :"
    lines = []
    for row in rows:
        if by == "actor":
            name = registry.actor(row.id).label
        elif by == "fiche":
            name = entitled(executor.document.fiches_of([row.id])[0])
        else:
            name = _called(executor, "enjeux" if by == "enjeu" else "piliers", row).replace(" : ", ", « ", 1) + " »"
        lines.append(f"- {name} : {row.size}")
    total = f" ({len(result.fiches)} en tout)" if show == "fiches" and by != "actor" else ""
    draft.add("\n".join([lead.replace(" :", f"{total} :"), *lines]), _proofs(executor, rows))
    return draft


def tell_introduction(executor: Executor, result: Result) -> Draft:
    """The introduction of an enjeu, word for word."""
    draft, document = Draft(), executor.document
    numbers = [n for scope in conditions(result.query, Scope) for n in scope.enjeux]
    numbers += [] if numbers else [fiche.enjeu for fiche in document.fiches_of(result.fiches)[:1]]
    for enjeu in (e for each in numbers if (e := document.enjeu(each))):
        for paragraph in enjeu.introduction:
            draft.add(
                f"L’introduction de l’enjeu {enjeu.number} dit : « {paragraph.text} »",
                [cite_paragraph(f"enjeu {enjeu.number}", "introduction", paragraph)],
            )
        if not enjeu.introduction:
            draft.add(f"L’enjeu {enjeu.number}, « {enjeu.title} », n’a pas d’introduction dans le document.")
        if enjeu.number == 1:
            draft.add(
                "Dans le document, cet enjeu « Renforcer les liens entre l’école et le monde professionnel » "
                "porte en fait le numéro 21."
            )
    return draft
