"""A request -> the self-standing question in French, as the person may check it ("J'ai compris : ...")."""

from assistant.text.french import capitalised, enumerate_words, of
from assistant.understanding.request import Request
from corpus.document import ROLES, Document, Role
from corpus.registry import Registry
from corpus.role_words import ROLE_WORDS


def paraphrase(request: Request, document: Document, registry: Registry) -> str:
    """The self-standing question in French, as the person may check it."""
    fiches = document.fiches_of(request.fiches)
    calls = [f"la fiche {fiche.number} ({fiche.title})" for fiche in fiches]
    of_fiches = enumerate_words([of(each) for each in calls])
    asked = [f"les {ROLE_WORDS[role].entries}" for role in _roles(request)]
    if request.kind == "inverse":
        return _which_fiches(request, document, registry)
    if request.kind == "named":
        things = enumerate_words([of(f"« {each} »") for each in request.named])
        return f"Où est-il question {things}{_scope(request, document)} ?"
    if request.kind == "structure" and (request.enjeux or request.piliers):
        return f"Quelles fiches{_scope(request, document)} ?"
    if request.kind == "compare":
        return f"Comparer {enumerate_words(asked) or 'les partenaires'} {of_fiches}."
    if request.kind == "check" and request.actors and request.mode == "does":
        names = [of(registry.actor(each).with_article) for each in request.actors]
        return f"Que dit {enumerate_words(calls)} {enumerate_words(names)} ?"
    if request.kind == "check" and request.actors:
        among = enumerate_words([ROLE_WORDS[role].among for role in _roles(request)]) or "parmi les partenaires"
        return f"{capitalised(_stand(request.actors, registry))} {among} {of_fiches} ?"
    if request.kind == "neighbour":
        side = "précède" if request.mode == "previous" else "suit"
        return f"Quelle fiche {side} {enumerate_words(calls)} ?"
    if request.mode == "about":
        return f"Dans {enumerate_words(calls)} : {request.topic.split('?')[0].strip()[:120]} ?"
    return f"{capitalised(enumerate_words(asked) or 'le contenu')} {of_fiches}." if calls else request.topic


def _roles(request: Request) -> list[Role]:
    return [role for each in request.aspects for role in ROLES if role == each]


def _which_fiches(request: Request, document: Document, registry: Registry) -> str:
    clauses = []
    for condition in request.conditions:
        among = ROLE_WORDS[condition.role].among if condition.role else "parmi les partenaires"
        clauses.append(f"{_stand(condition.actors, registry, wanted=condition.wanted)} {among}")
    return f"Dans quelles fiches{_scope(request, document)} {' et '.join(clauses)} ?"


def _stand(actors: tuple[str, ...], registry: Registry, *, wanted: bool = True) -> str:
    """ "la CAF figure-t-elle", "les Communes ne figurent-elles pas"."""
    found = [registry.actor(each) for each in actors]
    several = len(found) > 1 or found[0].plural
    pronoun = ("elle" if all(each.feminine for each in found) else "il") + ("s" if several else "")
    verb = f"figurent-{pronoun}" if several else f"figure-t-{pronoun}"
    names = enumerate_words([each.with_article for each in found])
    return f"{names} {verb}" if wanted else f"{names} ne {verb} pas"


def _scope(request: Request, document: Document) -> str:
    parts = [f"l’enjeu {each}" for each in request.enjeux]
    parts += [f"le pilier « {pilier.name} »" for each in request.piliers if (pilier := document.pilier(each))]
    if not parts:
        return ""
    outside = f" en dehors {enumerate_words([of(each) for each in parts])}"
    return outside if request.outside else f" dans {enumerate_words(parts)}"
