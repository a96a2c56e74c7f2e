"""`guichet ask`, `chat` and `batch`: questions answered on the terminal; `query`: a query executed."""

import json
import sys
from argparse import Namespace
from typing import TYPE_CHECKING, TextIO

from assistant.answer_records import AnswerRecord, read_query, read_question
from assistant.cli.arguments import Commands
from assistant.cli.opening import open_assistant
from assistant.understanding.query import Query
from corpus.errors import GuichetError

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.chain import Guichet


def add(commands: Commands) -> None:
    ask = commands.add(
        "ask", _ask, "répond à une question", example="guichet ask « quels dispositifs pour le permis ? » --json"
    )
    ask.add_argument("question", nargs="+", help="la question, en français courant")
    ask.add_argument(
        "--history", action="append", default=[], metavar="QUESTION", help="une question posée avant (répétable)"
    )
    ask.add_argument("--json", action="store_true", help="la réponse entière, en une ligne de JSON")
    query = commands.add(
        "query",
        _query,
        "exécute une requête en JSON",
        example='guichet query \'{"fiches": ["2-3"], "show": ["financeurs"]}\'',
    )
    query.add_argument(
        "query",
        metavar="REQUÊTE",
        nargs="?",
        help="ce qu’une question demande, tel que « guichet ask --json » l’écrit",
    )
    query.add_argument("--schema", action="store_true", help="n’exécute rien : écrit le schéma JSON d’une requête")
    query.add_argument("--json", action="store_true", help="la réponse entière, en une ligne de JSON")
    commands.add("chat", _chat, "converse dans le terminal (Ctrl-D pour finir)", example="guichet chat")
    commands.add(
        "batch",
        _batch,
        "lit des questions en JSON Lines et écrit les réponses de même",
        example="guichet batch < questions.jsonl > reponses.jsonl",
    )


def _ask(options: Namespace) -> int:
    answer = open_assistant().answer(" ".join(options.question), options.history)
    print(AnswerRecord.of(answer).to_line() if options.json else _as_text(answer))
    return 0


def _query(options: Namespace) -> int:
    if options.schema:
        print(json.dumps(Query.model_json_schema(), ensure_ascii=False, indent=2))
        return 0
    if options.query is None:
        raise GuichetError("Donnez une requête en JSON, ou --schema pour savoir ce qu’elle peut contenir.")
    try:
        query = read_query(options.query)
    except ValueError as error:
        raise GuichetError(f"Cette requête ne se lit pas : {error}.") from error
    answer = open_assistant().execute(query)
    print(AnswerRecord.of(answer).to_line() if options.json else _as_text(answer))
    return 0


def _as_text(answer: "Answer") -> str:
    understood = f"J’ai compris : {answer.understood}" if answer.understood else ""
    return "\n\n".join(part for part in (understood, answer.text, answer.note) if part)


def _chat(_: Namespace) -> int:
    from assistant.cli.live_answer import watch

    guichet = open_assistant()
    history: list[str] = []
    print("Posez votre question (Ctrl-D pour finir).")
    while True:
        try:
            question = input("> ").strip()
        except EOFError:
            print("\nAu revoir.")
            return 0
        if question:
            print()
            answer = watch(guichet.stream(question, history), sys.stdout)
            print(f"{_as_text(answer)}\n")
            history.append(question)


def _batch(_: Namespace) -> int:
    return run_batch(open_assistant(), sys.stdin, sys.stdout, sys.stderr)


def run_batch(guichet: "Guichet", lines: TextIO, out: TextIO, errors: TextIO) -> int:
    """Answer JSON Lines {"id", "question", "history"}; a bad line is told with its number and the others go on.

    Returns 1 when a line was bad, else 0.
    """
    status = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            question = read_question(line)
        except ValueError as error:
            print(f"ligne {number} : {error}", file=errors)
            status = 1
            continue
        answer = guichet.answer(question.question, question.history)
        print(AnswerRecord.of(answer, question.id).to_line(), file=out, flush=True)
    return status
