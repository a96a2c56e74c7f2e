"""Why the embedded answer stands in for a generated one: a word for the counters, a line for the operator, one for
the person who reads the answer. None of them holds a word of a library, a server or a question.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.errors import ModelError


@dataclass(frozen=True, slots=True)
class Reason:
    """`operator`: what happened and what repairs it. `note`: said below the answer."""

    operator: str
    note: str


_LATE = "Réponse composée sans le modèle de langue, trop lent cette fois."
_BUSY = "Réponse composée sans le modèle de langue, occupé par d’autres réponses."
_DOWN = "Réponse composée sans le modèle de langue, indisponible pour le moment."
_SAME = "Réponse composée sans le modèle de langue, qui n’y ajoutait rien."
_UNFIT = "Réponse composée sans le modèle de langue\u202f: son texte n’a pas passé la vérification."

REASONS: Mapping[str, Reason] = {
    "slow": Reason("Le modèle de langue est trop lent\u202f; vérifiez sa charge, ou GUICHET_LLM_SECONDS.", _LATE),
    "busy": Reason("Le modèle de langue écrit déjà d’autres réponses.", _BUSY),
    "down": Reason("Le serveur du modèle ne répond pas\u202f; vérifiez qu’il tourne, et GUICHET_LLM_URL.", _DOWN),
    "open": Reason("Le modèle a échoué plusieurs fois de suite\u202f; il est laissé en paix un moment.", _DOWN),
    "quota": Reason("Le serveur du modèle n’accepte plus de demandes pour le moment (quota atteint).", _DOWN),
    "key": Reason("Le serveur du modèle refuse la clé\u202f; vérifiez GUICHET_LLM_KEY ou GUICHET_LLM_KEY_FILE.", _DOWN),
    "unknown": Reason(
        "Le serveur ne connaît pas ce modèle ou cette adresse\u202f; vérifiez GUICHET_LLM et GUICHET_LLM_URL.", _DOWN
    ),
    "rubbish": Reason(
        "Le serveur du modèle répond autre chose qu’un modèle de conversation\u202f; vérifiez GUICHET_LLM_URL.", _DOWN
    ),
    "half": Reason("La réponse du modèle s’est interrompue\u202f; vérifiez son journal.", _DOWN),
    "error": Reason("La réponse du modèle n’a pas pu être lue\u202f; le journal de Guichet dit où.", _DOWN),
    "empty": Reason("Le modèle n’a rien écrit.", _UNFIT),
    "tool": Reason("Le modèle demande un outil au lieu de répondre.", _UNFIT),
    "long": Reason("Le modèle a écrit plus que ce qui lui est permis.", _UNFIT),
    "repeats": Reason("Le modèle se répète.", _UNFIT),
    "language": Reason("Le modèle n’a pas répondu en français.", _UNFIT),
    "nothing": Reason("Ce que le modèle a écrit n’ajoutait rien à la réponse embarquée.", _SAME),
    "unsupported": Reason("Rien de ce que le modèle a écrit n’a passé la vérification.", _UNFIT),
}
"""Every reason that a generation may end with; `Answer.fell_back` and the counter hold its word."""


def model_error(reason: str) -> ModelError:
    return ModelError(REASONS[reason].operator, reason=reason)


def note_of(reason: str) -> str:
    """The line for the person, of any reason: those that only keep a model from being opened never come here."""
    return REASONS[reason].note if reason in REASONS else _DOWN


def log_failure(event: str, error: Exception, **values: str) -> None:
    """One line of the log: the type and the place of the error, never its words (`assistant.service.logs`)."""
    logging.getLogger("guichet").info(event, extra={"values": {"error": error, **values}})
