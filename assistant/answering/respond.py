"""Requests -> answer, in three steps of the chain: search the topics, decide on each, write the answer.

Exact kinds of requests need no search: their function answers in the last step.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.answer import Answer
from assistant.answering.decline import decline, lacks, typed_of
from assistant.answering.draft import Draft
from assistant.answering.emergencies import answer_emergencies, emergency_lines, reported_emergencies
from assistant.answering.exact.claims import wrong_holder
from assistant.answering.exact.facts import answer_check, answer_fiche
from assistant.answering.exact.names import answer_named
from assistant.answering.exact.over_fiches import answer_inverse
from assistant.answering.exact.plan import answer_compare, answer_neighbour, answer_structure, answer_unknown
from assistant.answering.exact.ranking import answer_ranking
from assistant.answering.next_steps import offer_choices, suggest
from assistant.answering.queries.execute import Executor
from assistant.answering.queries.paraphrase import is_plain
from assistant.answering.queries.paraphrase import paraphrase as say_query
from assistant.answering.queries.tell import tell
from assistant.answering.smalltalk import courtesy_line, is_only_courtesy, smalltalk
from assistant.answering.topics.answer import answer_parts, answer_topic
from assistant.answering.topics.decide import Decider, Decision, QuestionPart
from assistant.steps import Answered, Decided, DecidedTopic, Resolved, Searched, SearchedTopic
from assistant.text.french import enumerate_words, typeset
from assistant.text.languages import language_of
from assistant.understanding.fiche_filter import read_restriction
from assistant.understanding.reader import Read
from assistant.understanding.reading import PLACES, Reading, read
from assistant.understanding.request import Request
from assistant.understanding.rules import aspects_of
from corpus.partners import RoleTable
from corpus.registry import load_registry
from corpus.text import fold, stems
from index.entries import PREAMBLE
from index.evidence import Index

_EXACT: dict[str, Callable[[Request, RoleTable], Draft]] = {
    "fiche": answer_fiche,
    "check": answer_check,
    "compare": answer_compare,
    "neighbour": answer_neighbour,
    "inverse": answer_inverse,
    "named": answer_named,
    "ranking": answer_ranking,
    "structure": answer_structure,
}
_NEAR, _GAP = 3, 3.5
"""Fiches offered as "voir aussi", and how many standard deviations behind the first they may be."""
_DANGER, _POSSIBLE = 0.6, 0.2
"""Probability of an emergency from which nothing but help is said, and from which help is said first."""
_COMMON = (*PLACES, "acteur")
"""Kinds of names that an off-topic question may hold by chance."""
_UNSURE = 0.15
"""Probability that the document answers from which a name that it holds tips the balance."""
_TELLING, _KNOWN = 3, 0.2
"""Content words of a turn from which it may be foreign to a fiche, and the share of them that the fiche knows below
which it is."""
TWO = "deux sujets"
"""How what was understood of a question with two topics begins."""


class Responder:
    def __init__(self, table: RoleTable, index: Index, decider: Decider) -> None:
        self._table, self._executor = table, Executor(table)
        self._index = index
        self._decider = decider
        self._registry = load_registry()
        self._table_without = lru_cache(maxsize=16)(self._shortened)

    def respond(self, resolved: Resolved) -> Answer:
        """The three steps, one after the other."""
        return self.answer(self.decide(self.search(resolved))).answer

    def search(self, resolved: Resolved) -> Searched:
        """The step "search": the scores of all documents, for each request that is about a topic."""
        if resolved.exact:
            return Searched(resolved, tuple(None for _ in resolved.exact))
        return Searched(resolved, tuple(map(self._search, resolved.understanding.requests)))

    def decide(self, searched: Searched) -> Decided:
        """The step "decide": what is done with each topic, and whether the message reports an emergency."""
        topics = tuple(self._decide(topic) if topic else None for topic in searched.topics)
        _, typed = read_restriction(searched.resolved.typed)
        emergency = self._decider.emergency(typed) if any(topics) else ("", 0.0)
        return Decided(searched.resolved, topics, emergency)

    def answer(self, decided: Decided) -> Answered:
        """The step "answer": one answer for all requests of a question; each part under its own lines."""
        return Answered(decided.resolved.understanding.question, self._whole(decided))

    def _whole(self, decided: Decided) -> Answer:
        understanding = decided.resolved.understanding
        requests = understanding.requests
        _, typed = read_restriction(decided.resolved.typed)
        kind, danger = decided.emergency
        possible = kind if danger > _POSSIBLE else ""
        help_first = answer_emergencies({*reported_emergencies(fold(typed)), *([kind] if danger > _DANGER else [])})
        if help_first is not None:
            return help_first
        if is_only_courtesy(typed) and not understanding.rewritten:
            return smalltalk(read(typed, self._table.document, self._registry))
        if decided.resolved.exact:
            answer = _join([self._exact(each) for each in decided.resolved.exact])
            first = [courtesy_line(language_of(typed))] if answer.status == "answered" else []
            answer = replace(answer, text="\n\n".join([*(line for line in first if line), answer.text]))
            return replace(answer, suggestions=suggest(answer, self._table.document), queries=decided.resolved.queries)
        answers = [self._one(*each) for each in zip(requests, decided.topics, strict=True)]
        if len(answers) == 2 and _same_topic(requests) and answers[0].fiches[:1] == answers[1].fiches[:1]:
            # Cut by its words, both parts found the same fiche.
            topic = self._search(replace(requests[0], topic=understanding.question))
            answers = [self._topic(self._decide(topic))] if topic else answers
        answer = answers[0] if len(answers) == 1 else _join(answers)
        rewritten = understanding.question if understanding.rewritten else ""
        first = [courtesy_line(language_of(typed))] if answer.status == "answered" else []
        help_too = emergency_lines([possible])
        answer = replace(answer, text="\n\n".join([*(line for line in (*first, *help_too) if line), answer.text]))
        if help_too:
            answer = replace(answer, quoted=())  # where help may be needed at once, nothing is left to a model
        return replace(
            answer, understood=rewritten or answer.understood, suggestions=suggest(answer, self._table.document)
        )

    def _exact(self, question: Read) -> Answer:
        """The answer to an exact query; what was recognised and is not in it is told."""
        result = self._executor.execute(question.query)
        draft = tell(self._executor, result)
        if question.left_out:
            told = enumerate_words([f"« {words} »" for words in question.left_out])
            draft.add(f"Je n’ai pas tenu compte de {told}.")
        answer = draft.finish("declined", confidence=0.0) if result.missing else draft.finish()
        understood = "" if is_plain(question.query) else typeset(say_query(question.query, self._table))
        cited = (each for each in answer.fiches if each[:1].isdigit())
        ranking = () if result.missing else tuple(dict.fromkeys((*question.query.fiches, *cited)))
        return replace(answer, ranking=ranking, understood=understood)

    def _one(self, request: Request, topic: DecidedTopic | None) -> Answer:
        if request.named and request.actors and request.topic and not request.without:
            corrected = wrong_holder(read(request.topic, self._table.document, self._registry), self._table)
            if corrected is not None:
                answer = corrected.finish()
                return replace(answer, ranking=answer.fiches)
        if topic:
            return self._topic(topic)
        if request.kind == "unknown":
            return answer_unknown(request, self._table).finish("declined", confidence=0.0)
        draft = _EXACT[request.kind](request, self._table_without(() if request.fiches else request.without))
        answer = draft.finish()
        ranking = tuple(dict.fromkeys((*request.fiches, *(f for f in answer.fiches if f[:1].isdigit()))))
        return replace(answer, ranking=ranking)

    def _shortened(self, without: tuple[str, ...]) -> RoleTable:
        """The lists of all fiches but these."""
        document = self._table.document
        kept = tuple(fiche for fiche in document.fiches if fiche.number not in without)
        return RoleTable(replace(document, fiches=kept), self._registry) if without else self._table

    def _allowed(self, request: Request, wanted: tuple[str, ...]) -> tuple[str, ...] | None:
        """The documents that may answer: those wanted, if any, without those left out; None for all."""
        kept = tuple(each for each in wanted or self._index.documents if each not in request.without)
        return kept if wanted or request.without else None

    def _search(self, request: Request) -> SearchedTopic | None:
        """None for a request that is not about a topic."""
        if request.kind != "topic" and request.mode != "about":
            return None
        request = replace(request, fiches=tuple(each for each in request.fiches if each not in request.without))
        reading = read(request.topic, self._table.document, self._registry)
        return SearchedTopic(request, reading, "preambule" in reading.tokens, self._decider.search(reading))

    def _decide(self, topic: SearchedTopic) -> DecidedTopic:
        request, reading = topic.request, topic.reading
        wanted = request.fiches or ((PREAMBLE,) if topic.outside else ())
        decision = self._decider.decide(reading, self._allowed(request, wanted), search=topic.search)
        unsure = decision.outcome == "decline" and decision.confidence > _UNSURE and not request.fiches
        holders = self._allowed(request, self._holders(reading)) if unsure and self._holders(reading) else ()
        if holders:
            decision = replace(decision, outcome="answer", ranked=topic.search.among(holders))
        return DecidedTopic(topic, decision, () if topic.outside else self._parts(request, reading, decision))

    def _topic(self, decided: DecidedTopic) -> Answer:
        request, reading, outside = decided.topic.request, decided.topic.reading, decided.topic.outside
        decision = decided.decision
        if decided.parts:
            return self._apart(request, decision, decided.parts)
        if request.fiches:
            if lacks(self._table.document, request, reading) or self._foreign_to(request, reading):
                return decline(reading, self._registry, decision)
        elif not outside and decision.outcome == "smalltalk":
            return smalltalk(reading)
        elif not outside and decision.outcome == "decline":
            return decline(reading, self._registry, decision)
        draft = answer_topic(request, self._table, self._decider.judge, decision.ranked, decision.aspects)
        answer = draft.finish(ranking=decision.ranked.ranking, confidence=decision.confidence)
        near = () if request.fiches or outside else decision.ranked.near(_NEAR, _GAP)
        apart = tuple(number for number in near if number not in answer.fiches)
        choices = offer_choices(request, reading.question, decision.ranked, answer, self._table.document)
        return replace(answer, see_also=apart, choices=choices)

    def _parts(self, request: Request, reading: Reading, decision: Decision) -> tuple[QuestionPart, ...]:
        """The two topics of a question that holds two; where the whole would be declined, both must stand alone."""
        declined = decision.outcome == "decline"
        if request.fiches or request.mode != "list" or decision.outcome == "smalltalk":
            return ()
        if declined and reading.missing_kinds:
            return ()  # no fiche holds what is asked, of two topics no more than of one
        parts = self._decider.parts(reading, decision, self._allowed(request, ()))
        alone = all(part.decision.outcome == "answer" for part in parts)
        return parts if alone or not declined else ()

    def _apart(self, request: Request, decision: Decision, parts: Sequence[QuestionPart]) -> Answer:
        """Two topics, each from its own fiche; what one does not ask for itself is asked of both."""
        asked = []
        for part in parts:
            own = aspects_of(read(part.text, self._table.document, self._registry))
            ranked = replace(part.decision.ranked, documents=(part.fiche,))
            part_request = replace(request, topic=part.text, aspects=own or request.aspects)
            asked.append((part_request, ranked, part.decision.aspects if own else decision.aspects))
        draft = answer_parts(asked, request.topic, self._table, self._decider.judge)
        fiches = tuple(part.fiche for part in parts)
        ranking = tuple(dict.fromkeys((*fiches, *decision.ranked.ranking)))
        answer = draft.finish(
            ranking=ranking, confidence=max(decision.confidence, *(p.decision.confidence for p in parts))
        )
        said = typeset(" et ".join(f"« {part.text} »" for part in parts))
        return replace(answer, understood=f"{TWO}, {said}")

    def _holders(self, reading: Reading) -> tuple[str, ...]:
        """The fiches that hold a name of the question: what the document names it does not decline, unless the question
        asks of it what no fiche holds."""
        if reading.missing_kinds:
            return ()
        things = [each for each in self._registry.named if each.name in reading.named and each.kind not in _COMMON]
        held = {number for each in things for number in each.fiches}
        return tuple(number for number in self._index.documents if number in held)

    def _foreign_to(self, request: Request, reading: Reading) -> bool:
        """Whether a turn on a fiche has three words or more, of which the fiche's own words know next to none."""
        content = [
            stem for word in read(typed_of(reading), self._table.document, self._registry).rest for stem in stems(word)
        ]
        column = self._index.documents.index(request.fiches[0])
        return len(content) >= _TELLING and self._index.coverage(content, document=column) < _KNOWN


def _same_topic(requests: tuple[Request, ...]) -> bool:
    return all(request.kind == "topic" for request in requests) and len({r.aspects for r in requests}) == 1


def _join(answers: list[Answer]) -> Answer:
    """Several questions in one: each part under its own lines; answered as soon as one part is."""
    answered = [answer for answer in answers if answer.status == "answered"]
    first = answered[0] if answered else answers[0]
    kept = [answer for answer in answers if answer.status != "smalltalk"] or answers
    return replace(
        first,
        text="\n\n".join(answer.text for answer in kept),
        citations=tuple(dict.fromkeys(citation for answer in answered for citation in answer.citations)),
        quoted=tuple(dict.fromkeys(citation for answer in answered for citation in answer.quoted)),
        ranking=tuple(dict.fromkeys(number for answer in answered for number in answer.ranking)),
        see_also=() if answered else first.see_also,
    )
