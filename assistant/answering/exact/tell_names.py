"""What is told of a named thing: where an acronym, a dispositif or a place is named, and what it means."""

from collections.abc import Sequence

from assistant.answer import citation_mark
from assistant.answering.draft import Draft, cite_paragraph, fiche_list, title_citation
from assistant.answering.exact.execute import Executor
from assistant.answering.exact.result import Result
from assistant.text.french import capitalised, enumerate_words
from assistant.understanding.condition_words import counted_fiches, scope_in_words
from assistant.understanding.query import Exists, Mentions, conditions
from corpus.document import Fiche, Paragraph
from corpus.mentions import paragraphs_naming
from corpus.registry import Named


def tell_names(executor: Executor, result: Result, *, meaning: bool) -> Draft:
    """Where each name stands; its meaning first where the document or the registry knows it."""
    draft = Draft()
    where = scope_in_words(executor.document, result.query)
    for condition in conditions(result.query, Mentions):
        for name in condition.names:
            named = executor.named(name)
            allowed = executor.titled(named) if condition.title else named.fiches
            numbers = [each for each in result.base if each in allowed]
            if not numbers:
                no = "Non. " if isinstance(result.query.fold, Exists) else ""
                elsewhere = (
                    f" Voyez {enumerate_words([citation_mark(each) for each in named.fiches])}." if named.fiches else ""
                )
                cited = map(title_citation, executor.document.fiches_of(named.fiches))
                draft.add(
                    f"{no}Aucune fiche{where} ne mentionne {named.name}.{elsewhere if where else ''}",
                    cited if where else (),
                )
                continue
            if isinstance(result.query.fold, Exists):
                draft.add("Oui.")
            _tell_name(draft, named, executor.document.fiches_of(numbers), where, meaning=meaning)
    return draft


def _tell_name(draft: Draft, named: Named, fiches: Sequence[Fiche], where: str, *, meaning: bool) -> None:
    if said := _meaning(named):
        draft.add(said)
    if len(fiches) > 3 or (not meaning and len(fiches) > 1):
        texts = [(fiche.number, paragraphs_naming(fiche, named.variants)) for fiche in fiches]
        lead = f"{named.name} : {counted_fiches(len(fiches))}{where} :"
        fiche_list(draft, fiches, lead, [cite_paragraph(number, *each[0]) for number, each in texts if each])
        return
    for fiche in fiches:
        told = paragraphs_naming(fiche, named.variants)[:3]
        lines = [f"{named.name}, dans la fiche « {fiche.title} » {citation_mark(fiche.number)} :"]
        for section, paragraph in told:
            holder = _holder(fiche, paragraph) if section == "dispositifs" else ""
            lines.append(f"- {f'({holder}) ' if holder else ''}{paragraph.item}")
        draft.add("\n".join(lines), [cite_paragraph(fiche.number, s, p) for s, p in told] or [title_citation(fiche)])


def check_name(draft: Draft, executor: Executor, fiche: Fiche, named: Named) -> None:
    """Whether a fiche names a thing: the lines that do, or the fiches that do instead."""
    if fiche.number in named.fiches:
        found = paragraphs_naming(fiche, named.variants)
        draft.add(
            f"Oui, la fiche « {fiche.title} » {citation_mark(fiche.number)} cite {named.name} :",
            [cite_paragraph(fiche.number, section, paragraph) for section, paragraph in found],
        )
        draft.add("\n".join(f"- {paragraph.item}" for _, paragraph in found[:4]))
        return
    where = f" Voyez {enumerate_words([citation_mark(each) for each in named.fiches])}." if named.fiches else ""
    draft.add(
        f"Non, la fiche {fiche.number}, « {fiche.title} », ne mentionne pas {named.name}.{where}",
        [title_citation(each) for each in executor.document.fiches_of(named.fiches or (fiche.number,))],
    )


def _meaning(named: Named) -> str:
    if not named.meaning or named.meaning.lower() == named.name.lower():
        return ""
    source = "" if named.from_document else " (sens que le document ne précise pas)"
    today = f" Aujourd’hui : {named.today}." if named.today else ""
    return f"{named.name} : {named.meaning}{source}.{today}"


def _holder(fiche: Fiche, paragraph: Paragraph) -> str:
    return next((capitalised(group.porteur) for group in fiche.dispositifs if paragraph in group.items), "")
