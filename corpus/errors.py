"""The errors of the document, and the one that all of Guichet's errors are: each layer declares its own above it.

GuichetError                something that a person can repair; its message says how, in French
├── CorpusError             the document is missing, damaged, or not read to its last line
├── index.errors            the encoder, the index
└── assistant.errors        settings, server, database, accounts, chat model, limits
"""


class GuichetError(Exception):
    """Something that a person can repair: the message says what was found, what was expected, what repairs it."""


class CorpusError(GuichetError):
    pass
