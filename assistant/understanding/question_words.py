"""The words of French question forms, by concept: one line a concept, one word or expression to add a form.

Expressions are folded and without plural, as `corpus.registry.singular` leaves them; "financ*" stands for every word
that begins so. Longest first; a word belongs to one concept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.registry import singular

_POT = (
    *("au pot", "ses sous", "leurs sous", "un sou", "le sou", "des billes", "de sa poche", "de leur poche"),
    *("son argent", "leur argent", "la main au portefeuille", "ses billes", "leurs billes"),
)
_COINS = ("les billets", "le billet", "la monnaie", "les sous", "l oseille", "le chequier", "le porte monnaie")
_CREDITS = tuple(
    f"{pronoun}{what}"
    for pronoun in ("", "t elle ", "t il ", "elle ", "il ", "elles ", "ils ")
    for what in ("des credits", "de credits", "les credits", "des fonds", "des sous")
)
_TAKES_PART = ("intervient", "interviennent", "intervient il", "intervient elle", "participe", "participent")
_AS_PAYER = ("en financement", "au financement", "comme financeur", "en tant que financeur", "en qualite de financeur")
_LACKING = (
    *("absente", "se passe du", "se passent du", "se passent de", "se passe de", "prive", "privee", "depourvu"),
    *("depourvue", "echappe", "echappent", "exempte"),
)
_FOR_A_CALL = tuple(
    f"{joint} {article} appel a projets"
    for joint in ("pour", "dans le cadre d", "dans le cadre de", "monter", "repondre a")
    for article in ("un", "mon", "notre", "l", "cet")
)
_SMALL = ("petit", "petite", "petit nombre", "faible nombre", "faible", "maigre", "court", "courte", "leger", "legere")
_AFTER = (
    *("juste derriere", "vient derriere", "derriere la", "suit la", "suit elle", "qui suit", "qui la suit", "suit"),
    *("succede a la", "succede a", "succede", "fiche d apre", "la d apre", "vient ensuite", "immediatement apre"),
)
_BEFORE = (
    *("precedant", "precedant immediatement", "precede elle", "qui precede", "juste devant", "devant la"),
    *("fiche d avant", "la d avant", "immediatement avant"),
)
CONCEPTS: dict[str, tuple[str, ...]] = {
    "financeurs": (
        *(
            "financ*",
            "cofinanc*",
            "subvention*",
            "paye",
            "paie",
            "payent",
            "paient",
            "paierait",
            "paiera",
            "paieraient",
        ),
        *("payerait", "raque", "raquent", "met la main a la poche", "aide financierement", "eligible au", "mecene"),
        *(
            "met des sous",
            "mettent des sous",
            "met de la thune",
            "donne rien",
            "donne quelque chose",
            "met rien",
            "verse",
        ),
        *("met de l argent", "donne de l argent", "donne l argent", "met l argent", "argent vient", "bailleur de fond"),
        *(
            *("who pay", "pay for", "fund*", "finant*", "finans*", "quien paga", "quem paga"),
            "l argent",
            "la thune",
            "le fric",
            "les sous",
            "tape a quelle porte",
            "cote argent",
            "cote sou",
            "cote budget",
            "au financement",
            "qui verse",
            "cr financeur",
            "porte monnaie",
        ),
        *(f"{verb} {what}" for verb in ("met", "mettent", "mettre", "mis") for what in _POT),
        *(
            f"{verb} {what}"
            for verb in ("aligne", "alignent", "sort", "sortent", "lache", "lachent")
            for what in _COINS
        ),
        *(f"{verb} {what}" for verb in ("recoit", "recoivent", "beneficie", "beneficient") for what in _CREDITS),
        *(f"{verb} {what}" for verb in _TAKES_PART for what in _AS_PAYER),
        *("apporte un financement", "apportent un financement", "apporte des fond", "apportent des fond", "debourse"),
        *("deboursent", "injecte", "injectent", "abonde", "abondent", "crache au bassinet", "allonge la monnaie"),
    ),
    "operateurs": (
        *("operateur", "operatrice", "opere", "operent", "operer", "oper", "partenaire operationnel", "operationnel"),
        *(
            "mene",
            "menent",
            "menee",
            "menees",
            "porte par",
            "portee par",
            "met en oeuvre",
            "mettent en oeuvre",
            "intervient",
            "interviennent",
            "intervenir",
        ),
        *(
            "s occupe",
            "s occupent",
            "s en charge",
            "s en occupe",
            "bosse sur",
            "travaille sur",
            "realise",
            "sur le terrain",
        ),
        *(
            "avec qui",
            "vers qui",
            "a qui s adresser",
            "qui peut m aider",
            "qui peut nou aider",
            "qui fait",
            "porte l action",
        ),
        *(
            "operee",
            "operees",
            "fait par",
            "faite par",
            "faites par",
            "qui la fait",
            "qui le fait",
            "qui la font",
            "qui le font",
        ),
        *("font tourner", "fait tourner", "met il en oeuvre", "met elle en oeuvre", "mettent il en oeuvre"),
        *("mettent elle en oeuvre", "mise en oeuvre par", "mis en oeuvre par", "pilotee par", "executee par"),
    ),
    "dispositifs": ("dispositif", "dispositif de", "mesure", "appel a projet", "outil mobilisable"),
    "descriptif": (
        *(
            "descriptif",
            "objectif",
            "de quoi parle",
            "de quoi ca parle",
            "parle de quoi",
            "cause de quoi",
            "resume",
            "resumer",
        ),
        *(
            "resumez",
            "en quoi consiste",
            "consiste",
            "ca parle de",
            "contenu",
            "l idee",
            "c est quoi",
            "c koi",
            "projet attendu",
        ),
        *(
            "de quoi traite",
            "que prevoit",
            "que dit",
            "que propose",
            "quel est le sujet",
            "c est quoi le sujet",
            "sujet",
        ),
    ),
    "titre": ("titre", "intitule", "s appelle comment", "comment s appelle la fiche", "nom exact", "s intitule"),
    "enjeu": ("enjeu",),
    "pilier": ("pilier", "volet", "grande partie", "partie du contrat"),
    "fiche": ("fiche", "fich", "fiche operationnelle"),
    "frame": ("au titre", "au titre de", *_FOR_A_CALL),
    "pay": ("payer", "paye pour", "monde pour payer"),
    "which": (
        *("quelque part", "nulle part"),
        *(
            "dans quelle",
            "dans kel",
            "dans kelle",
            "ds kel",
            "ds kelle",
            "ds quelle",
            "sur quelle",
            "quelle",
            "laquelle",
        ),
        *("lesquelle", "lesquel", "lequel", "ou", "de quelle", "quel", "kel", "kelle", "ou est"),
    ),
    "count": ("combien", "nombre", "nb", "cb", "denombrer", "compte t on", "cmb"),
    "list": (
        "tout ce que",
        "tout ce qu",
        "liste",
        "lister",
        "donne moi toute",
        "toute",
        "tou",
        "tous",
        "enumere",
        "la totalite",
        *("enumerer", "enumerez", "citer", "citez", "listez", "inventaire", "recense", "recenser", "recensez"),
        *("dresse", "dresser", "dressez"),
    ),
    "not": (
        "ne",
        "n",
        "pa",
        "pas",
        "sans",
        "jamais",
        "aucun",
        "aucune",
        "ni",
        "absent",
        "manque",
        "exclu",
        "donne rien",
        "met rien",
        *_LACKING,
    ),
    "but": ("mais", "sans", "sauf", "excepte", "tout en", "alors que", "en dehors", "hormis", "hors", "a part"),
    "both": ("a la foi", "cumul*", "en meme temp", "ensemble", "les deux role", "et aussi", "egalement"),
    "common": (
        "commun",
        "en commun",
        "commune aux deux",
        "communs aux deux",
        "partage",
        "partagent",
        "meme",
        "identique",
    ),
    "difference": ("difference", "differ*", "compar*", "en plu", "de plu", "distingu*", "ecart", "contrairement"),
    "most": (
        "le plu",
        "plus frequent",
        "plus grand nombre",
        "plus souvent",
        "maximum",
        "record",
        "plus cite",
        "plus riche",
        "la plu",
        *("du plu", "du plu grand nombre", "arrive en tete", "arrivent en tete", "arrive premier", "vient en tete"),
    ),
    "least": (
        *("le moin", "moin de", "plus pauvre", "plus petit nombre", "minimum", "la moin", "moins souvent", "du moin"),
        *(f"{article} plu {small}" for article in ("le", "la", "les") for small in _SMALL),
    ),
    "all": (
        "toutes les fiche",
        "toute les fiche",
        "chaque fiche",
        "partout",
        "absolument toute",
        "l ensemble des fiche",
    ),
    "next": ("suivante", "suivant", "juste apre", "vient apre", "apre la", "d apre la", "celle d apre", *_AFTER),
    "previous": ("precedente", "precedent", "precede", "juste avant", "d avant", "avant la", "celle d avant", *_BEFORE),
    "total": (
        "en tout",
        "au total",
        "en tou",
        "en tt",
        "en tot",
        "dans le document",
        "y a t il en tout",
        "en totalite",
    ),
    "yes": (
        "est ce que",
        "oui ou non",
        "fait partie",
        "fait elle partie",
        "fait il partie",
        "en fait partie",
        "bien",
        "ou pas",
        "ou non",
    ),
    "mention": (
        *("cite", "citee", "citent", "nomm*", "mention*", "figure", "figurent", "apparai*", "est question"),
        *(
            "parle t on",
            "parle",
            "parlent",
            "parlez",
            "en parlez vous",
            "trouv*",
            "retrouve",
            "retrouver",
            "ecrit",
            "evoque*",
            "renvoyant",
            "contien*",
            "comport*",
        ),
        *(
            "concerne*",
            "participe*",
            "est",
            "sont",
            "a t il",
            "ont",
            "liste*",
            "se trouve",
            "se situe",
            "marque",
            "compte comme",
        ),
    ),
    "meaning": (
        *(
            "veut dire",
            "veut dire quoi",
            "signifie",
            "signification",
            "definition",
            "definir",
            "que veut dire",
            "kesako",
        ),
        *(
            "ca veut dire",
            "sigle",
            "acronyme",
            "c est quoi",
            "c koi",
            "qu est ce que",
            "designe",
            "explique",
            "developpe",
        ),
    ),
}
_STOP = """
a accord acteur acteurs actuellement ah ai ait alor alors annee appartient apre apres as au aussi autre autres aux
avec avez avoir avon bah ben bien bon bonjour bonsoir bref but c ca car cas ce cela celle celles celui ces cet cette
ceux chez chose ci comme comment comporte comporter compose composent compte concerne concernee concretement contrat
cote d dan dans de declare dedans deja des desole dessus deux dire dis dite dites document doit donc donne donner
donnez du elle elle-meme elles en encore enjeux entre es est et etaient etait etant ete etes etre eu euh eux exact
exactement existe faire fait faut fiches figure figurent fin fo fond font frequent grand habite hein ici ici-meme
idem il ils indiquez intervention j je juste justement l la le les leur leurs liste lui m ma mai mais me meme merci
mes moi moi-meme moin mon mot n ne ni niveau no nom non nos notre nou nous num numero on ont ou oui par pardon
pareil parlais parmi part partenaire partenaires partie pas passant peut peuvent peux piliers plait plus possible
pour pourquoi pourriez pouvez pr puis qu quand quartier quartiers que quel quelle quelles quelque quels question qui
quoi rappel rappelez releve revient role s sa sais sait savoir se serait ses si simplement sinon soit sommes son
sont souvent stp strategique sur svp t ta te tes toi ton tou tous tout toute toutes tre tres trop tu un une va vers
veux via vient ville villes vo voici voila voir vos votre voudrais voulez vous vrai y ya
""".split()  # noqa: SIM905 - a list of one word a line would hide the table above
STOP_WORDS = frozenset(singular(word) for word in _STOP)
_FRAMING = """
aequo apporte apportent apprete ayant besoin charge chargee cherche cherchons commission credit credits demande
demandent designe designent desire diapo directeur directrice dois egal ex identifier immediatement imprimer
indiquer instance institution institutions lance maniere mission mobilisable mobilisables monte nommer ordre
permanente preparation prepare presente qualite renvoie renvoient reperer reunion revoir souhaite souhaiterais
suis tableau tant travaille utile verifier
""".split()  # noqa: SIM905 - as above
FRAMING_WORDS = frozenset(singular(word) for word in _FRAMING)
"""Words in which a list is asked for: no topic beside an actor and a role, but words to search for elsewhere."""


@dataclass(frozen=True, slots=True)
class Found:
    """A concept at words `start` to `end` (exclusive)."""

    concept: str
    start: int
    end: int


def _table() -> dict[tuple[str, ...], list[str]]:
    table: dict[tuple[str, ...], list[str]] = {}
    for concept, expressions in CONCEPTS.items():
        for expression in expressions:
            if not expression.endswith("*"):
                table.setdefault(tuple(singular(word) for word in expression.split()), []).append(concept)
    return table


_TABLE = _table()
_PREFIXES = tuple(
    (expression[:-1], concept)
    for concept, expressions in CONCEPTS.items()
    for expression in expressions
    if expression.endswith("*")
)
_LONGEST = max(len(words) for words in _TABLE)


def find_concepts(tokens: Sequence[str]) -> list[Found]:
    """The concepts among a question's plain words: the longest expression at each place, all of its concepts."""
    singulars = [singular(token) for token in tokens]
    found: list[Found] = []
    position = 0
    while position < len(singulars):
        for length in range(min(_LONGEST, len(singulars) - position), 0, -1):
            concepts = _TABLE.get(tuple(singulars[position : position + length]), [])
            if length == 1:
                concepts = concepts + [
                    concept for prefix, concept in _PREFIXES if singulars[position].startswith(prefix)
                ]
            if concepts:
                found += [Found(concept, position, position + length) for concept in dict.fromkeys(concepts)]
                position += length
                break
        else:
            position += 1
    return found
