"""Exact answers to where an acronym, a dispositif or a place is named, and what it means."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import citation_mark
from assistant.answering.draft import Draft, cite_paragraph, fiche_list, title_citation
from assistant.answering.exact.facts import scope_of, scope_words
from assistant.answering.exact.over_fiches import counted
from assistant.text.french import capitalised
from assistant.understanding.request import Request
from corpus.document import Fiche, Paragraph
from corpus.mentions import flatten_document, paragraphs_naming
from corpus.partners import RoleTable
from corpus.registry import Named


def answer_named(request: Request, table: RoleTable) -> Draft:
    """Where an acronym, a dispositif or a place is named, and what the document says it is."""
    draft = Draft()
    scope = scope_of(table, request)
    for name in request.named:
        named = _merged(table, name)
        numbers = [each for each in named.fiches if each in scope]
        if request.mode == "dedicated":
            numbers = _dedicated(table, named, numbers)
        if not numbers:
            draft.add(f"Aucune fiche{scope_words(table, request)} ne mentionne {named.name}.")
            continue
        fiches = table.document.fiches_of(numbers)
        if meaning := _meaning(named):
            draft.add(meaning)
        if len(numbers) > 3 or (request.mode != "meaning" and len(numbers) > 1):
            texts = [(fiche.number, paragraphs_naming(fiche, named.variants)) for fiche in fiches]
            lead = f"{named.name} : {counted(len(numbers))}{scope_words(table, request)} :"
            fiche_list(draft, fiches, lead, [cite_paragraph(number, *each[0]) for number, each in texts if each])
            continue
        for fiche in fiches:
            told = paragraphs_naming(fiche, named.variants)
            lines = [f"{named.name}, dans la fiche « {fiche.title} » {citation_mark(fiche.number)} :"]
            for section, paragraph in told[:3]:
                holder = _holder(fiche, paragraph) if section == "dispositifs" else ""
                lines.append(f"- {f'({holder}) ' if holder else ''}{paragraph.item}")
            draft.add(
                "\n".join(lines), [cite_paragraph(fiche.number, s, p) for s, p in told[:3]] or [title_citation(fiche)]
            )
    return draft


def _merged(table: RoleTable, name: str) -> Named:
    """The thing of this name with what its acronym adds: meaning and variants."""
    named = next(each for each in table.registry.named if each.name == name)
    for other in table.registry.named:
        if other is not named and other.name.lower() in {v.lower() for v in named.variants} and other.meaning:
            variants = tuple(dict.fromkeys((*named.variants, *other.variants)))
            fiches = tuple(f.number for f in table.document.fiches if f.number in {*named.fiches, *other.fiches})
            return replace(other, kind=named.kind, variants=variants, fiches=fiches)
    return named


def _dedicated(table: RoleTable, named: Named, numbers: Sequence[str]) -> list[str]:
    """The fiches whose title, or whose enjeu's, holds the name; all that name it when none does."""
    spellings = [flatten_document(each) for each in (*named.variants, named.meaning) if each]
    found = []
    for fiche in table.document.fiches_of(numbers):
        enjeu = table.document.enjeu(fiche.enjeu)
        titles = flatten_document(f"{fiche.title} {enjeu.title if enjeu else ''}")
        if any(spelling in titles for spelling in spellings):
            found.append(fiche.number)
    return found or list(numbers)


def _meaning(named: Named) -> str:
    if not named.meaning or named.meaning.lower() == named.name.lower():
        return ""
    source = "" if named.from_document else " (sens que le document ne précise pas)"
    today = f" Aujourd’hui : {named.today}." if named.today else ""
    return f"{named.name} : {named.meaning}{source}.{today}"


def _holder(fiche: Fiche, paragraph: Paragraph) -> str:
    return next((capitalised(group.porteur) for group in fiche.dispositifs if paragraph in group.items), "")
