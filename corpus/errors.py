"""Every error that Guichet raises on purpose; messages are French lines that a person at the machine reads.

GuichetError                something that a person can repair; its message says how
├── CorpusError             the document is missing, damaged, or not read to its last line
├── EncoderError            the encoder cannot be had or loaded
├── StoreError              the index cannot be read or written
│   ├── BuildRunningError        another process is building the index
│   └── DamagedIndexError        what was written is not what is read: it must be built again
├── SettingsError           a setting has a value that it cannot have
└── ServerError             the page cannot be served (port taken, ...)
"""


class GuichetError(Exception):
    """Something that a person can repair: the message says what was found, what was expected, what repairs it."""


class CorpusError(GuichetError):
    pass


class EncoderError(GuichetError):
    pass


class StoreError(GuichetError):
    pass


class BuildRunningError(StoreError):
    pass


class DamagedIndexError(StoreError):
    pass


class SettingsError(GuichetError):
    pass


class ServerError(GuichetError):
    pass
