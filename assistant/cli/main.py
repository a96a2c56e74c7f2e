"""The command `guichet`: reads the arguments, calls the layer that does the work, prints French.

Errors that a person can repair take one line on standard error and exit with 1; a wrong argument exits with 2.
Heavy modules are imported by the commands that need them.
"""

import json
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from assistant.answer_records import read_record, written
from assistant.cli.arguments import parse
from assistant.settings.settings import origins, read_settings, table_rows
from corpus.errors import GuichetError

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.chain import Guichet

_SILENCE = {
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "TOKENIZERS_PARALLELISM": "false",
}
"""No library reports to its maker; set before any of them is imported."""


_NO_FEEDBACK = {
    "list": "Personne n’a signalé de réponse insuffisante.",
    "export": "Aucun avis pour le moment.",
    "to-eval": "Aucune question n’est retenue : choisissez-les sur la page /suivi, « Ajouter aux essais ».",
}
"""Said on standard error, so that a file made by redirection stays empty."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    os.environ.update(_SILENCE)
    options = parse(argv)
    try:
        return _COMMANDS[options.command](options)
    except GuichetError as error:
        print(f"guichet : {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1


def _open(*, rebuild: bool = False, model: bool = True) -> "Guichet":
    """The assistant, its index built with a progress bar when it must be; without its chat model when not `model`."""
    from assistant.assemble import open_guichet
    from assistant.cli.progress import Progress

    with Progress() as progress:
        settings = read_settings()
        used = settings if model else replace(settings, llm="")
        return open_guichet(used, report=progress.report, say=progress.say, rebuild=rebuild)


def _ask(options: Namespace) -> int:
    answer = _open().answer(" ".join(options.question), options.history)
    print(written(answer.to_json()) if options.json else _shown(answer))
    return 0


def _shown(answer: "Answer") -> str:
    understood = f"J’ai compris : {answer.understood}" if answer.understood else ""
    return "\n\n".join(part for part in (understood, answer.text, answer.note) if part)


def _chat(_: Namespace) -> int:
    from assistant.cli.live_answer import watch

    guichet = _open()
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
            print(f"{_shown(answer)}\n")
            history.append(question)


def _batch(_: Namespace) -> int:
    return run_batch(_open(), sys.stdin, sys.stdout, sys.stderr)


def run_batch(guichet: "Guichet", lines: TextIO, out: TextIO, errors: TextIO) -> int:
    """Answer JSON Lines {"id", "question", "history"}; a bad line is told with its number and the others go on.

    Returns 1 when a line was bad, else 0.
    """
    status = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            id, question, history = read_record(line)
        except ValueError as error:
            print(f"ligne {number} : {error}", file=errors)
            status = 1
            continue
        answer = guichet.answer(question, history)
        print(written(answer.to_json(id)), file=out, flush=True)
    return status


def _serve(options: Namespace) -> int:
    settings = read_settings()
    if options.port:
        settings = replace(settings, port=options.port)
    from assistant.accounts.policy import Access, check_listening
    from assistant.service.folder_lock import held
    from assistant.storage.database import open_database
    from assistant.web.app import serve
    from assistant.web.server import check_port

    check_listening(Access(open_database(settings), settings))
    check_port(settings)
    with held(settings):
        serve(_open(), settings)
    return 0


def _index(options: Namespace) -> int:
    guichet = _open(rebuild=options.rebuild, model=False)
    counts = {name: len(kind) for name, kind in guichet.index.entries.kinds().items()}
    print(
        f"Index à jour : {counts['passages']} passages, {counts['sentences']} phrases, "
        f"{counts['titles']} titres, {counts['phrases']} mots d’usage."
    )
    return 0


def _search(options: Namespace) -> int:
    from index.retriever import PassageRetriever

    guichet = _open(model=False)
    question = " ".join(options.question)
    retriever = PassageRetriever(index=guichet.index, encoder=guichet.encoder, method=options.method, k=options.k)
    for passage in retriever.invoke(question):
        found = passage.metadata
        if options.json:
            record = {name: found[name] for name in ("fiche", "section", "titre")}
            record |= {"texte": found["body"], "lignes": found["lines"]}
            print(json.dumps({"score": round(found["score"], 4), **record}, ensure_ascii=False))
        else:
            print(f"{found['score']:7.3f}  {passage.id:<22} {' '.join(found['body'].split())[:90]}")
    return 0


def _corpus(options: Namespace) -> int:
    from corpus.check import count, problems
    from corpus.export import export
    from corpus.load import read_corpus
    from corpus.parsing.parse import parse as parse_document

    text = read_corpus()
    document = parse_document(text)
    if options.action == "export":
        print(json.dumps(export(document), ensure_ascii=False, indent=1))
        return 0
    counts = count(document)
    print(
        f"{counts.piliers} piliers, {counts.enjeux} enjeux, {counts.fiches} fiches, {counts.sections} sections, "
        f"{counts.leftover} ligne sans place."
    )
    found = problems(document, text)
    for problem in found:
        print(f"guichet : {problem}", file=sys.stderr)
    return 1 if found else 0


def _feedback(options: Namespace) -> int:
    from assistant.storage.opinions import open_feedback, shown_lines

    store = open_feedback(read_settings())
    lines: dict[str, Callable[[], Iterator[str]]] = {
        "list": lambda: shown_lines(store),
        "export": store.export,
        "to-eval": store.to_eval,
    }
    count = 0
    for line in lines[options.action]():
        print(line)
        count += 1
    if not count:
        print(_NO_FEEDBACK[options.action], file=sys.stderr)
    return 0


def _settings(options: Namespace) -> int:
    if options.table:
        print("\n".join(table_rows()))
        return 0
    found = origins()
    widths = max(len(each.name) for each in found), max(len(each.source) for each in found)
    for each in found:
        print(f"{each.name:<{widths[0]}}  {each.source:<{widths[1]}}  {each.value}")
    return 0


def _doctor(options: Namespace) -> int:
    from assistant.cli.doctor import WELL, examine

    found = {}
    for state in examine(os.environ):
        found[state.name] = state.problem or WELL
        if not options.json:
            print(f"{state.name:<14}  {found[state.name]}", flush=True)
    ill = sum(said != WELL for said in found.values())
    if options.json:
        print(json.dumps({"état": "à réparer" if ill else "prêt", "composants": found}, ensure_ascii=False))
    return 1 if ill else 0


def _backup(options: Namespace) -> int:
    from assistant.storage.backup import write_backup
    from assistant.storage.database import open_database

    backup = write_backup(open_database(read_settings()), Path(options.file), replace=options.remplacer)
    print(f"Sauvegardé dans {options.file} : {_counted(backup.rows)}.")
    return 0


def _restore(options: Namespace) -> int:
    from assistant.storage.backup import restore_backup
    from assistant.storage.database import open_database

    backup = restore_backup(open_database(read_settings()), Path(options.file), replace=options.remplacer)
    print(f"Remis en place : {_counted(backup.rows)}, de la sauvegarde du {backup.written[:10]}.")
    return 0


def _counted(rows: int) -> str:
    return f"{rows} ligne{'s' if rows > 1 else ''}"


def _privacy(options: Namespace) -> int:
    from assistant.storage.opinions import open_feedback
    from assistant.storage.retention import purge

    settings = read_settings()
    store = open_feedback(settings)
    if options.action == "export":
        for line in store.export():
            print(line)
        return 0
    if options.all or options.containing:
        gone = store.erase(containing=options.containing)
    else:
        gone = purge(store, settings.retention if options.days is None else options.days)
    print(f"{gone} ligne{'s' if gone > 1 else ''} effacée{'s' if gone > 1 else ''}.")
    return 0


def _users(options: Namespace) -> int:
    from assistant.cli.users import run

    return run(options.action, options.name, options.role)


def _eval(options: Namespace) -> int:
    from evals.cli import main as run

    return run(options.arguments)


_COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "ask": _ask,
    "chat": _chat,
    "batch": _batch,
    "serve": _serve,
    "index": _index,
    "search": _search,
    "corpus": _corpus,
    "feedback": _feedback,
    "settings": _settings,
    "doctor": _doctor,
    "backup": _backup,
    "restore": _restore,
    "privacy": _privacy,
    "users": _users,
    "eval": _eval,
}


if __name__ == "__main__":
    sys.exit(main())
