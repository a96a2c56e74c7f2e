"""A request -> the self-standing question in French, as the person may check it ("J'ai compris : ...")."""

from assistant.names import Registry
from assistant.understanding import Request
from corpus.fiche import Document


def describe(request: Request, document: Document, registry: Registry) -> str:
    """The self-standing question in French, as the person may check it."""
    fiches = [fiche for number in request.fiches if (fiche := document.fiche(number))]
    about = " et ".join(f"la fiche {fiche.number} ({fiche.title})" for fiche in fiches)
    nouns = {"financeurs": "les financeurs", "operateurs": "les opérateurs", "dispositifs": "les dispositifs"}
    asked = " et ".join(nouns[each] for each in request.aspects if each in nouns)
    if request.kind == "compare":
        return f"Comparer {asked or 'les partenaires'} de {about}."
    if request.kind == "check" and request.actors:
        names = " et ".join(registry.actor(each).with_article for each in request.actors)
        return (
            f"Que dit {about} de {names} ?"
            if request.mode == "does"
            else f"{names[:1].upper()}{names[1:]} parmi {asked or 'les partenaires'} de {about} ?"
        )
    if request.kind == "neighbour":
        return f"La fiche {'précédente' if request.mode == 'previous' else 'suivante'} de {about}."
    if request.kind == "inverse":
        names = " et ".join(registry.actor(a).with_article for c in request.conditions for a in c.actors)
        where = "".join(f", pilier « {p.name} »" for each in request.piliers if (p := document.pilier(each)))
        return f"Dans quelles fiches {names}{' parmi ' + asked if asked else ''}{where} ?"
    if request.mode == "about":
        return f"{request.topic.split('?')[0].strip()[:120]} ? Dans {about}."
    return f"{(asked or 'le contenu')[:1].upper()}{(asked or 'le contenu')[1:]} de {about}." if about else request.topic
