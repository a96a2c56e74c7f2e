"""`guichet index`, `search` and `corpus`: the document, and what is found in it without an answer being made."""

import json
import sys
from argparse import Namespace

from assistant.cli.arguments import Commands, number_between
from assistant.cli.opening import open_assistant


def add(commands: Commands) -> None:
    index = commands.add(
        "index", _index, "construit l’index, ou vérifie qu’il est à jour", example="guichet index --rebuild"
    )
    index.add_argument("--rebuild", action="store_true", help="reconstruit même s’il est à jour")
    search = commands.add(
        "search",
        _search,
        "montre les passages trouvés, les meilleurs d’abord",
        example="guichet search « garde d’enfants » -k 5",
    )
    search.add_argument("question", nargs="+", help="ce que l’on cherche")
    search.add_argument("-k", type=number_between(1, 1000), default=5, metavar="N", help="nombre de passages (5)")
    search.add_argument(
        "--method", choices=("mixed", "dense", "keyword"), default="mixed", help="façon de chercher (mixed)"
    )
    search.add_argument("--json", action="store_true", help="une ligne de JSON par passage")
    corpus = commands.add(
        "corpus", _corpus, "vérifie ou exporte le document", example="guichet corpus export > fiches.json"
    )
    corpus.add_argument(
        "action", choices=("check", "export"), help="check : compte et vérifie ; export : écrit le JSON"
    )


def _index(options: Namespace) -> int:
    guichet = open_assistant(rebuild=options.rebuild, model=False)
    counts = {name: len(kind) for name, kind in guichet.index.entries.kinds().items()}
    print(
        f"Index à jour : {counts['passages']} passages, {counts['sentences']} phrases, "
        f"{counts['titles']} titres, {counts['phrases']} mots d’usage."
    )
    return 0


def _search(options: Namespace) -> int:
    from index.retriever import PassageRetriever

    guichet = open_assistant(model=False)
    question = " ".join(options.question)
    retriever = PassageRetriever(index=guichet.index, encoder=guichet.encoder, method=options.method, k=options.k)
    for passage in retriever.invoke(question):
        found = passage.metadata
        if options.json:
            record = {"fiche": found["fiche"], "section": found["section"], "titre": found["titre"]}
            record |= {"texte": found["body"], "lignes": found["lines"]}
            print(json.dumps({"score": round(found["score"], 4), **record}, ensure_ascii=False))
        else:
            print(f"{found['score']:7.3f}  {passage.id:<22} {' '.join(found['body'].split())[:90]}")
    return 0


def _corpus(options: Namespace) -> int:
    from corpus.check import count, problems
    from corpus.export import export
    from corpus.load import read_corpus
    from corpus.parsing.parse import parse

    text = read_corpus()
    document = parse(text)
    if options.action == "export":
        print(json.dumps(export(document), ensure_ascii=False, indent=1))
        return 0
    counts = ", ".join(f"{number} {name}" for name, number in count(document).items())
    print(f"{counts}, {len(document.leftover)} ligne sans place.")
    found = problems(document, text)
    for problem in found:
        print(f"guichet : {problem}", file=sys.stderr)
    return 1 if found else 0
