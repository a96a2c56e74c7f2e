"""The question set itself: `guichet eval validate` prints what is wrong with it and how close it is to what the
assistant has seen, the residents' words that are indexed and the sentences that weights are fitted on. Judges
questions, never answers.
"""

import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.text.french import typeset
from corpus.document import Document
from corpus.load import load_document, read_corpus
from corpus.text import flatten, words
from evals.reporting.labels import text_table
from evals.scoring.grade import missing_groups
from evals.scoring.quotes_standing import PREAMBLE, place_texts
from evals.sets.noise import TRANSLATIONS_FILE
from evals.sets.overlap import Pair, closest_pairs
from evals.sets.queries import read_labelled
from evals.sets.questions import SPLITS, STYLES, TYPES, Question, conversations, load_questions, turns
from evals.sets.records import read_records
from evals.sets.training import read_training
from index.entries import read_phrases

LEAST_QUESTIONS, LEAST_SOLE_GOLD, LEAST_CONVERSATIONS = 400, 4, 60
LEAST_DECLINED, LEAST_INJECTIONS = 80, 30
MOST_TURNS = 5
TOO_CLOSE = 0.8
"""Jaccard of content stems above which a question and a resident's phrase are the same in other words."""
_LISTED, _WORST = 0.5, 10
_SAID_BY_ANYBODY = 4
"""Words of a turn that two people may well write alike."""

STANDING = ("financeurs", "operateurs", "dispositifs", "descriptif", "fait", "inverse", "preambule", "suite")
"""Types whose `must` strings stand in the gold fiches. Counts, navigation and corrections use words of their own."""
_VERDICT = re.compile(r"(?:oui|non|aucune?)\b|opere|operateurs?$|financeurs?$|\d+ fiches?$|\w+ fiches?$")
"""Groups that ask for a verdict or a count, not for the document's words."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What the set must hold `least` of, and how many it holds."""

    what: str
    found: int
    least: int

    @property
    def met(self) -> bool:
        return self.found >= self.least


@dataclass(frozen=True, slots=True)
class Overlap:
    question: Question
    phrase: str
    jaccard: float
    shared: int

    @property
    def too_close(self) -> bool:
        """One stem in common, an acronym that both ask about, says nothing."""
        return self.jaccard > TOO_CLOSE and self.shared > 1


def check_set(questions: Sequence[Question], document: Document, raw: str) -> list[str]:
    """What is wrong, one French line each; [] when the set is sound. `raw`: the delivered text."""
    return [
        *_check_fiches(questions, document),
        *_check_must(questions, document, raw),
        *_check_duplicates(questions),
        *_check_sizes(questions, document),
    ]


def overlaps(questions: Sequence[Question], phrases: Sequence[str], *, least: float) -> list[Overlap]:
    """Questions that are close to a phrase, closest first."""
    found: list[Pair] = closest_pairs([question.question for question in questions], phrases, least=least)
    return [Overlap(questions[pair.left], phrases[pair.right], pair.jaccard, pair.shared) for pair in found]


def shared_questions(questions: Sequence[Question], phrases: Sequence[str]) -> list[Question]:
    """Questions that stand, letter for letter once folded, among the phrases."""
    known = {_key(phrase) for phrase in phrases}
    return [question for question in questions if _key(question.question) in known]


def check_apart(questions: Sequence[Question], phrases: Sequence[str], training: Sequence[str]) -> list[str]:
    """Questions that an assistant has seen: among the phrases that are indexed, or, for those that are not in the
    split "train", among the labelled sentences that weights are fitted on."""
    held_back = [question for question in questions if question.split != "train"]
    lines = []
    for kept, texts, where in ((questions, phrases, "des mots d’usage"), (held_back, training, "de l’apprentissage")):
        lines += [f"{question.id} : mot pour mot dans une phrase {where}" for question in shared_questions(kept, texts)]
        close = [each for each in overlaps(kept, texts, least=TOO_CLOSE) if each.too_close]
        lines += [f"{each.question.id} : trop proche de « {each.phrase} » {where}" for each in close]
    return lines


def check_labelled(questions: Sequence[Question], labelled: Sequence[str]) -> list[str]:
    """Questions held back, not of "train", that stand letter for letter among those that the reader learns from.
    Shared words are no fault here: « Qui finance la 12-1 ? » asks what a hundred others ask of other fiches; nor is
    a turn of a few words, « et la suivante ? », that anybody says."""
    held_back = [each for each in questions if each.split != "train" and len(words(each.question)) > _SAID_BY_ANYBODY]
    return [
        f"{each.id} : mot pour mot dans ce que le lecteur apprend" for each in shared_questions(held_back, labelled)
    ]


def validate() -> int:
    """Prints faults and overlap, in French; 1 when anything is wrong."""
    questions, document = load_questions(), load_document()
    phrases = [phrase for _, phrase in read_phrases()]
    problems = check_set(questions, document, read_corpus()) + check_apart(
        questions, phrases, [question.question for question in read_training()]
    )
    problems += check_labelled(questions, [labelled.text for labelled in read_labelled()])
    problems += check_translations(questions)
    for line in problems:
        print(typeset(line), file=sys.stderr)
    rows = [(each.what, str(each.found), str(each.least)) for each in requirements(questions, document)]
    print(typeset(text_table(("Ce que le jeu doit contenir", "Trouvé", "Au moins"), rows)) + "\n")
    print(typeset(f"{len(questions)} questions, {len(phrases)} mots d’usage, {len(problems)} défauts."))
    close = overlaps(questions, phrases, least=_LISTED)
    print(typeset(f"Plus proches paires (Jaccard des radicaux ; {len(close)} paires à 0,5 ou plus) :"))
    for each in close[:_WORST]:
        print(f"  {each.jaccard:.2f}  {each.question.id}  {each.question.question[:80]}  |  {each.phrase[:80]}")
    return 1 if problems else 0


def _check_fiches(questions: Sequence[Question], document: Document) -> list[str]:
    known = {fiche.number for fiche in document.fiches}
    lines = [
        f"{question.id} : la fiche {number} n’existe pas"
        for question in questions
        for number in (*question.gold, *question.ok)
        if number not in known
    ]
    lines += [f"{q.id} : une fiche est à la fois attendue et admise" for q in questions if set(q.gold) & set(q.ok)]
    return lines + [
        f"{q.id} : à décliner, mais avec des fiches attendues" for q in questions if q.gold and not q.answerable
    ]


def _check_must(questions: Sequence[Question], document: Document, raw: str) -> list[str]:
    texts = {place: flatten(" ".join(each), hyphens=False) for place, each in place_texts(document, raw).items()}
    lines = []
    for question in questions:
        if question.type not in STANDING or not question.answerable:
            continue
        places = question.gold or (PREAMBLE,)
        text = " ".join(texts.get(place, "") for place in places)
        lines += [
            f"{question.id} : « {group[0]} » n’est pas dans {', '.join(places)}"
            for group in missing_groups(question.must, text)
            if not any(_VERDICT.match(flatten(alternative, hyphens=False)) for alternative in group)
        ]
    return lines


def _check_duplicates(questions: Sequence[Question]) -> list[str]:
    lines = [
        f"{id} : numéro en double" for id, count in Counter(question.id for question in questions).items() if count > 1
    ]
    seen: dict[tuple[str, ...], str] = {}
    for question in questions:
        key = (*(_key(turn) for turn in question.history), _key(question.question))
        if key in seen:
            lines.append(f"{question.id} : même question que {seen[key]}")
        seen.setdefault(key, question.id)
    return lines


def _check_sizes(questions: Sequence[Question], document: Document) -> list[str]:
    sole = Counter(question.gold[0] for question in questions if len(question.gold) == 1)
    lines = [
        f"fiche {fiche.number} : seule attendue de {sole[fiche.number]} questions, il en faut {LEAST_SOLE_GOLD}"
        for fiche in document.fiches
        if sole[fiche.number] < LEAST_SOLE_GOLD
    ]
    talks = conversations(questions)
    lines += [f"{name} : plus de {MOST_TURNS} tours" for name, talk in talks.items() if turns(talk) > MOST_TURNS]
    mixed = [name for name, talk in talks.items() if len({question.split for question in talk}) > 1]
    lines += [f"{name} : une conversation dans deux parties du jeu" for name in mixed]
    unmet = [each for each in requirements(questions, document) if not each.met]
    return lines + [f"{each.what} : {each.found}, il en faut {each.least}" for each in unmet]


def requirements(questions: Sequence[Question], document: Document) -> list[Requirement]:
    """What the set was asked to hold, as counts."""
    sole = Counter(question.gold[0] for question in questions if len(question.gold) == 1)
    declined = [question for question in questions if question.type == "hors_sujet"]
    return [
        Requirement("questions", len(questions), LEAST_QUESTIONS),
        Requirement(
            f"fiches, chacune seule attendue de {LEAST_SOLE_GOLD} questions ou plus",
            sum(sole[fiche.number] >= LEAST_SOLE_GOLD for fiche in document.fiches),
            len(document.fiches),
        ),
        Requirement("types de question", len({question.type for question in questions}), len(TYPES)),
        Requirement("façons d’écrire", len({question.style for question in questions}), len(STYLES)),
        Requirement("parties du jeu", len({question.split for question in questions}), len(SPLITS)),
        Requirement("conversations", len(conversations(questions)), LEAST_CONVERSATIONS),
        Requirement("questions à décliner", len(declined), LEAST_DECLINED),
        Requirement("questions voisines parmi elles", sum(each.near_miss for each in declined), len(declined) // 2),
        Requirement("détournements", sum(question.type == "injection" for question in questions), LEAST_INJECTIONS),
    ]


def check_translations(questions: Sequence[Question], path: Path = TRANSLATIONS_FILE) -> list[str]:
    """Translations of questions that the set no longer has, or that no fiche answers alone."""
    known = {question.id: question for question in questions}
    ids = [record["id"] for record in read_records(path, dict)]
    return [
        f"{id} : traduite, mais absente ou sans fiche unique" for id in ids if id not in known or not known[id].single
    ]


def _key(text: str) -> str:
    """Letters and digits only: what makes two questions the same question."""
    return re.sub(r"\W+", " ", flatten(text, hyphens=False)).strip()
