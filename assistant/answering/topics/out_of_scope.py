"""Kinds of things that a front desk is asked and that no fiche holds.

One table: a kind, the words that ask for it (folded), and how a refusal names it. Which of them mean a refusal is
fitted (`assistant.answering.topics.features`), because the document does hold some figures, dates and places.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MissingKind:
    name: str
    pattern: re.Pattern[str]
    words: str
    """Completes "Les fiches ne donnent pas ..."."""


def _kind(name: str, pattern: str, words: str) -> MissingKind:
    return MissingKind(name, re.compile(rf"\b(?:{pattern})"), words)


MISSING_KINDS = (  # in the order of the fitted features
    _kind(
        "horaire",
        r"horaires?|ouvert\w*\b|ferme\w*\b|a quelle heure|quelle heure|heures? d ouverture|jours? d ouverture|permanence (?:de|du|le)",
        "d’horaires ni de jours d’ouverture",
    ),
    _kind(
        "telephone",
        r"telephon\w*|tel\b|numero de (?:tel|la|l|mon|son)|appeler|joindre|contact\w*|mail|courriel|email|e-mail|standard",
        "de numéros de téléphone ni d’adresses électroniques",
    ),
    _kind(
        "adresse",
        r"adresse|ou se trouve|ou c est situe|c est ou exactement|comment y aller|situee? (?:ou|a quel)|quel batiment|a quel etage|quelle rue|bureaux?\b",
        "d’adresses",
    ),
    _kind(
        "montant",
        r"montants?|combien (?:d.?euros|d.?argent|coute|ca coute|je (?:touche|vais)|on (?:touche|me)|touche|me|verse|gagne|rembours\w*|par mois|sera)|euros?\b|€|tarif\w*|prix\b|bareme|plafond\w*|quotient|pourcentage|taux\b|budget\b|enveloppe|coute\b",
        "de montants, de tarifs ni de plafonds",
    ),
    _kind(
        "date",
        r"dates?\b|quel jour|quand (?:est|a lieu|ouvre|commence|aura|sera|faut|peut)|(?:^|[?!.;,] |\b(?:et|savoir|moi|dire|sais) )quand (?:je|on)\b(?![^?]*\b(?:comment|qui|quoi|quel\w*|ou|y a|que faire)\b)|c est quand|calendrier|delais?|date limite|avant quand|prochain\w*|cette (?:semaine|annee)|aujourd.?hui|demain|lundi|mardi|mercredi|jeudi|vendredi|samedi|ce soir",
        "de calendrier ni de délais",
    ),
    _kind(
        "personne",
        r"qui est (?:le|la) (?:maire|directeur|directrice|president|elu|responsable|adjoint)|nom d[ue]|noms? des|comment s appelle (?:le|la|l|mon)|le maire|la maire|depute|elus?\b|adjointe?\b|directeur|directrice",
        "de noms d’élus, d’agents ni de responsables",
    ),
    _kind(
        "dossier",
        r"mon dossier|ma demande|(?<!a )(?<!pour )mon compte|mon espace|ou en est|mon numero|mes droits a|ma situation|mon identifiant|mot de passe|mon rendez|rdv\b|rendez-vous\b|refus\w* ma|mon recours",
        "accès à aucun dossier personnel",
    ),
    _kind(
        "regle",
        r"ai-je droit|ai je droit|j ai droit|est-ce que j.ai droit|conditions? (?:pour|d)|eligib\w*|age (?:limite|minimum|maximum)|limite d.?age|a partir de quel age|jusqu.?a quel age|legal\w*|la loi|obligatoire|ai-je le droit|a le droit|autoris\w*|plainte|avocat|tribunal",
        "de conditions d’attribution ni de règles d’aujourd’hui",
    ),
    _kind(
        "formulaire",
        r"formulaire|cerfa|imprime\b|papiers?\b|justificatif\w*|pieces? (?:a|justif)|remplir|telecharg\w*|inscri\w*|m.inscrire|s.inscrire|demarche|attestation|signer",
        "de formulaires ni de démarches à suivre",
    ),
    _kind(
        "ailleurs",
        r"villejuif|creteil|paris\b|orly|thiais|alfortville|maisons-alfort|le kremlin|ivry-la|cachan|arcueil|gentilly|l.hay|fresnes|rungis|bobigny|montreuil|saint-denis|marseille|lyon\b",
        "ce qui se fait hors de Choisy-le-Roi, d’Ivry-sur-Seine et de Vitry-sur-Seine",
    ),
)

PROOFS = {
    "telephone": r"\b0\d(?:[ .]\d\d){4}\b",
    "horaire": r"\b\d{1,2} ?h\b|\bhoraires (?:souples|decales)|amplitude horaire|\bpermanences?\b",
    "adresse": r"\b\d{1,3},? (?:rue|avenue|place|boulevard)\b",
    "montant": r"\d ?(?:euros?\b|€|%)",
    "formulaire": r"\bformulaire|\bcerfa|\binscription",
    "dossier": r"(?!)",
    "personne": r"(?!)",
}
"""What a text must hold to answer a question of that kind; a kind that is not here may be answered by any text."""


def unproven(kinds: list[str], folded_text: str) -> list[str]:
    """Those of the kinds that a folded text cannot answer."""
    return [kind for kind in kinds if kind in PROOFS and not re.search(PROOFS[kind], folded_text)]


def missing_kinds(folded: str) -> list[str]:
    """The kinds that a folded question asks for."""
    text = folded.replace("'", " ")
    return [kind.name for kind in MISSING_KINDS if kind.pattern.search(text)]


def missing_words(kinds: list[str]) -> list[str]:
    return [kind.words for kind in MISSING_KINDS if kind.name in kinds]
